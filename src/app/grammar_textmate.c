/* SPDX-License-Identifier: ISC */
/* pseq complete textmate: a grammar for VS Code and others */
#include <stdio.h>
#include <string.h>

#include "app/grammar.h"
#include "base/json.h"

/*
 * A value goes on over lines that are indented or empty.  It may go on behind
 * a comment at the left edge as well, but mostly it does not.
 */
#define WHILE "^(?=[ \\t]|$)"

/* what may stand in a value, by grammar_value */
static const char *const inside[VALUES] = {
	[VALUE_COMMAND] = "source.shell",
	[VALUE_TEXT] = "#variable",
	[VALUE_EXPRESSION] = "#variable #string #number #operator",
	[VALUE_REACTION] = "#variable #arrow #reaction #then",
	[VALUE_CHOICE] = "#variable #string #number #result #choice #arrow",
	[VALUE_WORDS] = "#variable #string #number #arrow",
};

static void
include(struct buf *b, const char *what)
{
	json_open(b, '{');
	json_str(b, "include", what);
	json_close(b, '}');
}

static void
includes(struct buf *b, const char *list)
{
	json_key(b, "patterns");
	json_open(b, '[');
	while (*list) {
		char name[32];
		size_t n = strcspn(list, " ");

		snprintf(name, sizeof(name), "%.*s", (int)n, list);
		include(b, name);
		list += n;
		list += strspn(list, " ");
	}
	json_close(b, ']');
}

/* the colours of the groups of a pattern, from 1 on; a part: "#name" */
static void
captures(struct buf *b, const char *key, const char *const *name, size_t n)
{
	json_key(b, key);
	json_open(b, '{');
	for (size_t i = 0; i < n; i++) {
		char number[24];

		snprintf(number, sizeof(number), "%zu", i + 1);
		json_key(b, number);
		json_open(b, '{');
		if (*name[i] == '#')
			includes(b, name[i]);
		else
			json_str(b, "name", name[i]);
		json_close(b, '}');
	}
	json_close(b, '}');
}

/* KEY NAME... SOURCE = value */
static void
entry(struct buf *b, const char *keys, const char *key_scope,
    const char *between, enum grammar_value value)
{
	const char *const scope[] = {
		key_scope, value == VALUE_REACTION ?
		    "#matches #signal #number" : "#source",
		"keyword.operator.assignment.pseq"
	};
	struct buf begin = { 0 };

	buf_addf(&begin, "^(%s)(%s)(=)", keys, between);
	json_open(b, '{');
	json_str(b, "begin", buf_str(&begin));
	captures(b, "beginCaptures", scope, 3);
	json_str(b, "while", WHILE);
	json_str(b, "contentName", value == VALUE_COMMAND ?
	    "meta.embedded.block.shell.pseq" : NULL);
	includes(b, inside[value]);
	json_close(b, '}');
	buf_fini(&begin);
}

static void
entries(struct buf *b, const struct grammar_scope *s,
    enum grammar_value value, bool actions)
{
	const char *scope = actions ? "keyword.control.action.pseq" :
	    "variable.parameter.key.pseq";
	struct buf keys = { 0 };

	grammar_keys(&keys, s, value, actions, "|");
	if (keys.len > 0 && value == VALUE_WORDS)
		entry(b, buf_str(&keys), scope, "\\s[^=]*\\boutput\\s*|"
		    "\\soutput\\s*", VALUE_COMMAND);
	if (keys.len > 0)
		entry(b, buf_str(&keys), scope, "\\s[^=]*|", value);
	buf_fini(&keys);
}

/* the entries of a kind of section */
static void
scope(struct buf *b, const struct grammar_scope *s)
{
	const char *const name[] = {
		"entity.name.section.kind.pseq", "entity.name.section.pseq"
	};
	struct buf begin = { 0 };

	buf_addf(&begin, "^\\[(%s)%s\\s*\\]", s->section,
	    s->named ? "\\s+([^\\]]*)" : "");
	json_open(b, '{');
	json_str(b, "begin", buf_str(&begin));
	captures(b, "beginCaptures", name, s->named ? 2 : 1);
	json_str(b, "end", "^(?=\\[)");
	json_key(b, "patterns");
	json_open(b, '[');
	include(b, "#comment");
	if (!s->at) {
		entry(b, "[A-Za-z_][A-Za-z0-9_-]*", "variable.other.pseq",
		    "\\s+output\\s*", VALUE_COMMAND);
		entry(b, "[A-Za-z_][A-Za-z0-9_-]*", "variable.other.pseq",
		    "\\s[^=]*|", s->number ? VALUE_WORDS : VALUE_TEXT);
	}
	for (int v = 0; s->at && v < VALUES; v++) {
		entries(b, s, (enum grammar_value)v, false);
		entries(b, s, (enum grammar_value)v, true);
	}
	json_close(b, ']');
	json_close(b, '}');
	buf_fini(&begin);
}

/* a part that is included by its name */
static void
part(struct buf *b, const char *name, const char *scope, const char *match)
{
	json_key(b, name);
	json_open(b, '{');
	json_str(b, "name", scope);
	json_str(b, "match", match);
	json_close(b, '}');
}

/* the same of words of the language */
static void
words(struct buf *b, const char *name, const char *scope,
    void (*list)(struct buf *, const char *), const char *before,
    const char *behind)
{
	struct buf match = { 0 }, all = { 0 };

	list(&all, "|");
	buf_addf(&match, "%s(?:%s)%s", before, buf_str(&all), behind);
	part(b, name, scope, buf_str(&match));
	buf_fini(&match);
	buf_fini(&all);
}

static void
parts(struct buf *b)
{
	static const char apart[] = "(?<![A-Za-z0-9_${-])";
	static const char ends[] = "(?![A-Za-z0-9_-])";

	part(b, "comment", "comment.line.pseq", "^[#;].*$");
	part(b, "variable", "variable.other.pseq",
	    "\\$\\{[A-Za-z_][^}]*\\}");
	part(b, "string", "string.quoted.pseq",
	    "\"(?:\\\\.|[^\"\\\\])*\"|'[^']*'");
	part(b, "number", "constant.numeric.pseq",
	    "(?<![0-9A-Za-z_${])(?:(?:\\d+(?:\\.\\d+)?(?:ms|[dhms]))+|"
	    "\\d+(?:\\.\\d+)?%?)(?![0-9A-Za-z_])");
	part(b, "signal", "constant.language.signal.pseq",
	    "\\b[A-Z][A-Z0-9]+\\b");
	part(b, "operator", "keyword.operator.pseq",
	    "(?<![A-Za-z0-9_-])(?:and|or|not|defined|exists)"
	    "(?![A-Za-z0-9_-])|[=!<>]=|[=!]~|[-+*/%<>]");
	part(b, "arrow", "keyword.operator.arrow.pseq", "(?<=\\s)->(?=\\s)");
	part(b, "then", "keyword.control.reaction.pseq",
	    "\\bthen\\s+(?:next|retry|fail|goto)\\b");
	words(b, "source", "storage.modifier.source.pseq", grammar_sources,
	    "\\b", "(?=\\s*$)");
	words(b, "matches", "constant.language.result.pseq", grammar_results,
	    apart, ends);
	words(b, "result", "constant.language.result.pseq", grammar_results,
	    apart, ends);
	words(b, "choice", "constant.language.pseq", grammar_choices,
	    apart, "(?![A-Za-z0-9_=-])");
	words(b, "reaction", "keyword.control.reaction.pseq",
	    grammar_reactions, "(?:(?<==)|(?<==\\s)|(?<=->\\s))\\s*", ends);
}

/* a line for each element, so that people and diff can read it */
static void
print(const char *json)
{
	bool quoted = false, wide = false;
	int depth = 0;

	for (const char *p = json; *p; p++) {
		bool open = !quoted && strchr("{[", *p);
		bool close = !quoted && strchr("}]", *p);

		depth += open - close;
		if (close && wide)
			printf("\n%*s", depth, "");
		putchar(*p);
		wide = !open || p[1] != (*p == '{' ? '}' : ']');
		if ((open && wide) || (!quoted && *p == ','))
			printf("\n%*s", depth, "");
		else if (!quoted && *p == ':')
			putchar(' ');
		if (quoted && *p == '\\')
			putchar(*++p);
		else if (*p == '"')
			quoted = !quoted;
	}
	putchar('\n');
}

void
grammar_textmate(void)
{
	struct buf b = { 0 };

	json_open(&b, '{');
	json_str(&b, "$schema", "https://raw.githubusercontent.com/"
	    "martinring/tmlanguage/master/tmlanguage.json");
	json_str(&b, "name", "pseq job file");
	json_str(&b, "comment", "Made by 'pseq complete textmate'.");
	json_str(&b, "scopeName", "source.pseq");
	json_key(&b, "fileTypes");
	json_open(&b, '[');
	json_element(&b, "job", 3);
	json_close(&b, ']');
	json_key(&b, "patterns");
	json_open(&b, '[');
	include(&b, "#comment");
	for (size_t i = 0; i < grammar_nscopes; i++)
		scope(&b, &grammar_scopes[i]);
	json_close(&b, ']');
	json_key(&b, "repository");
	json_open(&b, '{');
	parts(&b);
	json_close(&b, '}');
	json_close(&b, '}');
	print(buf_str(&b));
	buf_fini(&b);
}
