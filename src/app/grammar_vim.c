/* SPDX-License-Identifier: ISC */
/* pseq complete vim: a syntax file for Vim and Neovim */
#include <stdio.h>

#include "app/grammar.h"

/*
 * A value goes on until a line that is not indented; comments at the left
 * edge belong to it if an indented line follows.
 */
#define VALUE_END "end=/^\\%%([#;].*\\n\\|\\s*\\n\\)*" \
	"\\%%([^ \\t#;]\\|\\%%$\\)/me=s-1"

/* what it contains is found by its names, so it stands behind it */
static void
section(const struct grammar_scope *s)
{
	printf("syn region pseqIn%s matchgroup=pseqSection start=/^\\[\\%%(",
	    s->id);
	for (const char *c = s->section; *c; c++)
		printf(*c == '|' ? "\\|" : "%c", *c);
	printf("\\)%s\\s*\\]/ end=/^\\[/me=s-1 keepend contains=pseqComment,"
	    "pseq%s.*\n", s->named ? "\\s[^]]*" : "", s->id);
}

/* keys or actions of a scope whose values are alike */
static void
keys(const struct grammar_scope *s, enum grammar_value value, bool actions)
{
	const char *name = grammar_values[value];
	const char *kind = actions ? "Action" : "Key";
	struct buf b = { 0 };

	grammar_keys(&b, s, value, actions, "\\|");
	if (b.len > 0)
		printf("syn match pseq%s%s%s /^\\%%(%s\\)\\ze"
		    "\\%%(\\s[^=]*\\)\\?=/ contained skipwhite nextgroup="
		    "%spseq%sArg,pseq%sValue\n"
		    "hi def link pseq%s%s%s pseq%s\n", s->id, name, kind,
		    buf_str(&b), value == VALUE_WORDS ? "pseqOutputArg," : "",
		    name, name, s->id, name, kind, kind);
	buf_fini(&b);
}

/* any name is a key there */
static void
names(const struct grammar_scope *s)
{
	const char *value = grammar_values[s->number ? VALUE_WORDS :
	    VALUE_TEXT];

	printf("syn match pseq%sName /^[A-Za-z_][A-Za-z0-9_-]*\\ze"
	    "\\%%(\\s[^=]*\\)\\?=/ contained skipwhite nextgroup="
	    "pseqOutputArg,pseq%sArg,pseq%sValue\n"
	    "hi def link pseq%sName pseqName\n", s->id, value, value, s->id);
}

static void
scope(const struct grammar_scope *s)
{
	if (!s->at)
		names(s);
	for (int v = 0; s->at && v < VALUES; v++) {
		keys(s, (enum grammar_value)v, false);
		keys(s, (enum grammar_value)v, true);
	}
	section(s);
}

static void
words(const char *group, void (*list)(struct buf *, const char *),
    const char *before, const char *behind)
{
	struct buf b = { 0 };

	list(&b, "\\|");
	printf("syn match pseq%s /%s\\%%(%s\\)%s/ contained\n", group, before,
	    buf_str(&b), behind);
	buf_fini(&b);
}

/* names and source words before the '=', then the value behind it */
static void
value(enum grammar_value v, const char *contains)
{
	const char *name = grammar_values[v];

	printf("syn match pseq%sArg /[^= \t][^=]*\\ze=/ contained contains="
	    "%s nextgroup=pseq%sValue\n"
	    "syn region pseq%sValue matchgroup=pseqEquals start=/=/ "
	    VALUE_END " contained keepend contains=%s,"
	    "pseqComment\n", name, v == VALUE_REACTION ?
	    "pseqResult,pseqSignal,pseqNumber" : "pseqSource",
	    name, name, contains);
}

static const char head[] =
    "\" Vim syntax file\n"
    "\" Language: job file of pseq, see pseq(5)\n"
    "\" Made by 'pseq complete vim'.\n"
    "if exists('b:current_syntax')\n"
    "  finish\n"
    "endif\n"
    "let b:is_posix = 1\n"
    "syn include @pseqShell syntax/sh.vim\n"
    "unlet! b:current_syntax\n"
    "syn sync fromstart\n"
    "syn case match\n";

static const char parts[] =
    "syn match pseqSignal /\\<[A-Z][A-Z0-9]\\+\\>/ contained\n"
    "syn match pseqNumber /\\%([0-9A-Za-z_${]\\)\\@1<!"
    "\\d\\+\\%(\\.\\d\\+\\)\\?%\\?\\%([0-9A-Za-z_]\\)\\@!/ contained\n"
    "syn match pseqDuration /\\%([0-9A-Za-z_${]\\)\\@1<!"
    "\\%(\\d\\+\\%(\\.\\d\\+\\)\\?\\%(ms\\|[dhms]\\)\\)\\+"
    "\\%([0-9A-Za-z_]\\)\\@!/ contained\n"
    "syn match pseqVariable /\\${[A-Za-z_][^}]*}/ contained\n"
    "syn region pseqString start=/\"/ skip=/\\\\./ end=/\"/ oneline "
    "contained contains=pseqVariable\n"
    "syn region pseqString start=/'/ end=/'/ oneline contained\n"
    "syn match pseqOperator /[-+*%<>\\/]\\|[=!<>]=\\|[=!]\\~/ contained\n"
    "syn match pseqArrow /\\s\\zs->\\ze\\s/ contained skipwhite "
    "nextgroup=pseqDo\n"
    "syn match pseqOperator /\\%(^\\|[^A-Za-z0-9_-]\\)\\@1<="
    "\\%(and\\|or\\|not\\|defined\\|exists\\)"
    "\\%([A-Za-z0-9_-]\\)\\@!/ contained\n"
    "syn match pseqThen /\\<then\\s\\+\\%(next\\|retry\\|fail\\|goto\\)\\>/ "
    "contained\n";

/* behind all others, so that they come first */
static const char tail[] =
    "syn match pseqOutputArg /\\%([^= \\t][^=]*\\s\\)\\?output\\s*\\ze=/ "
    "contained contains=pseqSource nextgroup=pseqCommandValue\n"
    "syn keyword pseqTodo TODO FIXME XXX contained\n"
    "syn match pseqComment /^[#;].*/ contains=pseqTodo\n"
    "hi def link pseqComment Comment\n"
    "hi def link pseqTodo Todo\n"
    "hi def link pseqSection Structure\n"
    "hi def link pseqKey Identifier\n"
    "hi def link pseqName Identifier\n"
    "hi def link pseqAction Statement\n"
    "hi def link pseqSource Type\n"
    "hi def link pseqChoice Constant\n"
    "hi def link pseqResult Constant\n"
    "hi def link pseqSignal Constant\n"
    "hi def link pseqNumber Number\n"
    "hi def link pseqDuration Number\n"
    "hi def link pseqVariable PreProc\n"
    "hi def link pseqString String\n"
    "hi def link pseqOperator Operator\n"
    "hi def link pseqArrow Operator\n"
    "hi def link pseqEquals Operator\n"
    "hi def link pseqFirst Statement\n"
    "hi def link pseqDo Statement\n"
    "hi def link pseqThen Statement\n"
    "let b:current_syntax = 'pseq'\n";

void
grammar_vim(void)
{
	fputs(head, stdout);
	for (size_t i = 0; i < grammar_nscopes; i++)
		scope(&grammar_scopes[i]);
	fputs(parts, stdout);
	words("Source", grammar_sources, "\\<", "\\ze\\s*=");
	words("Choice", grammar_choices, "\\%([A-Za-z0-9_${-]\\)\\@1<!",
	    "\\%([A-Za-z0-9_=-]\\)\\@!");
	words("Result", grammar_results, "\\%([A-Za-z0-9_-]\\)\\@1<!",
	    "\\%([A-Za-z0-9_-]\\)\\@!");
	words("First", grammar_reactions, "\\%(=\\_s*\\)\\@<=",
	    "\\%([A-Za-z0-9_-]\\)\\@!");
	words("Do", grammar_reactions, "", "\\%([A-Za-z0-9_-]\\)\\@!");
	value(VALUE_COMMAND, "@pseqShell");
	value(VALUE_TEXT, "pseqVariable");
	value(VALUE_EXPRESSION, "pseqVariable,pseqString,pseqNumber,"
	    "pseqOperator");
	value(VALUE_REACTION, "pseqVariable,pseqArrow,pseqThen,pseqFirst");
	value(VALUE_CHOICE, "pseqVariable,pseqString,pseqNumber,"
	    "pseqDuration,pseqResult,pseqChoice,pseqArrow");
	value(VALUE_WORDS, "pseqVariable,pseqString,pseqNumber,"
	    "pseqDuration,pseqArrow");
	fputs(tail, stdout);
}
