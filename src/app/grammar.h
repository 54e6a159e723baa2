/*
 * grammar - the words of the language, as editors want them
 *
 * Made of the tables of lang.h; what `pseq complete vim` and
 * `pseq complete textmate` print is made of it.
 */
#ifndef APP_GRAMMAR_H
#define APP_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "lang/lang.h"

/* a kind of section, or several with the same keys */
struct grammar_scope {
	const char *id;		/* part of names in a grammar */
	const char *section;	/* words between "|" */
	bool named;		/* [KIND NAME] */
	unsigned at;		/* enum key_at; 0: the entries are names */
	bool number;		/* … of numbers */
};

extern const struct grammar_scope grammar_scopes[];
extern const size_t grammar_nscopes;

/* what stands behind the '=' */
enum grammar_value {
	VALUE_COMMAND,		/* text for a shell */
	VALUE_TEXT,		/* variables are filled in */
	VALUE_EXPRESSION,
	VALUE_REACTION,
	VALUE_CHOICE,		/* words, some of them of the language */
	VALUE_WORDS,
	VALUES
};

/* "Command", "Text", … */
extern const char *const grammar_values[VALUES];

enum grammar_value grammar_value(const struct key *);
/* keys, or actions, of a scope with such values; sep stands between them */
void grammar_keys(struct buf *, const struct grammar_scope *,
    enum grammar_value, bool actions, const char *sep);
/* all words of values that are of the language: yes, every, stdout … */
void grammar_choices(struct buf *, const char *sep);
/* words that may stand between a key and its '=' */
void grammar_sources(struct buf *, const char *sep);
/* results, and what else may follow `on` */
void grammar_results(struct buf *, const char *sep);
void grammar_reactions(struct buf *, const char *sep);
/* the grammars, to standard output */
void grammar_vim(void);
void grammar_textmate(void);

#endif
