/*
 * words - values cut into words, and texts into literals and variables
 *
 * Words are quoted as in a shell; ${name} fills in inside its word, which
 * is never cut again.
 */
#ifndef LANG_WORDS_H
#define LANG_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lang/source.h"
#include "model/plan.h"

struct loader;

struct word {
	struct text text;
	const char *lit;	/* NULL if it holds variables */
	bool quoted;		/* some of it was: it is no sign */
	size_t at, len;		/* in the value, quotes included */
	struct pos pos;
};

enum {
	CUT_COMMA = 1 << 0,	/* a comma separates */
	CUT_LOOSE = 1 << 1	/* … if a blank or nothing follows it */
};

struct cutter {
	struct loader *ld;
	const struct value *v;
	size_t at;
	unsigned flags;
};

/* 1: a word, 0: there is no more, -1: something wrong was reported */
int cut_next(struct cutter *, struct word *);
/* the same, and the sign stays for the next call */
int cut_peek(struct cutter *, struct word *);
/* a word that begins at once, perhaps empty: the value of name=value */
int cut_value(struct cutter *, struct word *);
/* what a word is, if nothing of it was quoted or filled in */
bool word_is(const struct word *, const char *sign);
/* reports "what is missing" at the end of the value; returns false */
bool missing(struct loader *, const struct value *, const char *what);
/* all that is left is an error */
bool cut_end(struct cutter *);

/* the whole value is one word */
bool one_word(struct loader *, const struct value *, const char *what,
    struct word *);
/* … without variables */
bool one_literal(struct loader *, const struct value *, const char *what,
    struct word *);
/* all words of a value into an array in tmp; at least one, or "missing" */
bool all_words(struct loader *, const struct value *, unsigned flags,
    const char *what, struct word **, size_t *n);
/* the texts of words, in the plan */
struct texts word_texts(struct loader *, const struct word *, size_t n);

/* no variable can stand there; returns false */
bool not_fixed(struct loader *, struct pos);
/* bytes from..to of a value as a text with variables */
bool text_range(struct loader *, const struct value *, size_t from,
    size_t to, struct text *);
bool text_whole(struct loader *, const struct value *, struct text *);
/* … without variables: a string of the plan, or NULL */
const char *text_fixed(struct loader *, const struct value *);
/* a text cut at a sign between its literals; returns the number of parts */
size_t text_split(struct loader *, const struct text *, const char *sign,
    struct text *part, size_t max);
/* ${…} at byte at of the value; *at is then behind it */
bool cut_reference(struct loader *, const struct value *, size_t *at,
    struct piece *);

#endif
