/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/outcome.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "lang/diag.h"

struct scan {
	struct arena *arena;
	struct diag *diag;
	struct pos pos;		/* of s[0] */
	const char *s;
	size_t at, end;
};

static struct pos
place(const struct scan *c, size_t from, size_t to)
{
	struct pos p = c->pos;

	p.col += (uint32_t)from;
	p.len = to > from ? (uint32_t)(to - from) : 1;
	return p;
}

/* bytes from..to without the blanks around them */
static struct phrase
phrase(struct scan *c, size_t from, size_t to)
{
	while (from < to && isspace((unsigned char)c->s[from]))
		from++;
	while (to > from && isspace((unsigned char)c->s[to - 1]))
		to--;
	return (struct phrase){
		.text = arena_strndup(c->arena, c->s + from, to - from),
		.len = to - from, .pos = place(c, from, to),
	};
}

static bool
is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* behind the quoted part that begins at `at`; the end if it is left open */
static size_t
quoted(const struct scan *c, size_t at)
{
	char quote = c->s[at++];

	for (; at < c->end && c->s[at] != quote; at++)
		if (quote == '"' && c->s[at] == '\\')
			at++;
	return at < c->end ? at + 1 : c->end;
}

/* a quote begins a word; within brackets it is the one of JSON */
static bool
is_quote(const struct scan *c, size_t i, int depth)
{
	if (depth > 0)
		return c->s[i] == '"';
	return is_one_of(c->s[i], "\"'") && (i == c->at ||
	    isspace((unsigned char)c->s[i - 1]));
}

/* the next of these signs outside brackets and, if wanted, quotes */
static size_t
find(const struct scan *c, const char *signs, bool quotes)
{
	int depth = 0;

	for (size_t i = c->at; i < c->end; i++) {
		char ch = c->s[i];

		if (depth <= 0 && is_one_of(ch, signs))
			return i;
		depth += ch == '[' || (quotes && ch == '{');
		depth -= ch == ']' || (quotes && ch == '}');
		if (quotes && is_quote(c, i, depth))
			i = quoted(c, i) - 1;
	}
	return c->end;
}

/* --- values ------------------------------------------------------------- */

/* what stands in quotes; within double ones \n, \t, \" and \\ count */
static int
unquote(struct scan *c, struct phrase *p)
{
	char quote = p->text[0];
	struct buf b = { 0 };
	size_t i = 1;

	for (; i < p->len && p->text[i] != quote; i++) {
		char ch = p->text[i];

		if (quote == '"' && ch == '\\' && i + 1 < p->len) {
			ch = p->text[++i];
			ch = ch == 'n' ? '\n' : ch == 't' ? '\t' : ch;
		}
		buf_addc(&b, ch);
	}
	if (i + 1 != p->len) {
		diag_error(c->diag, p->pos, i >= p->len ?
		    "the quote is not closed" :
		    "something stands behind the closing quote");
		buf_fini(&b);
		return -1;
	}
	p->text = arena_strndup(c->arena, b.data ? b.data : "", b.len);
	p->len = b.len;
	buf_fini(&b);
	return 0;
}

static int
read_given(struct scan *c, struct given *g)
{
	size_t eq = find(c, "=,|", false), to;

	if (eq == c->end || c->s[eq] != '=') {
		diag_error(c->diag, place(c, c->at, eq),
		    "behind a comma stands NAME=VALUE");
		return -1;
	}
	g->name = phrase(c, c->at, eq);
	c->at = eq + 1;
	to = find(c, ",|", true);
	g->value = phrase(c, c->at, to);
	c->at = to;
	if (g->value.len > 0 && is_one_of(g->value.text[0], "\"'"))
		return unquote(c, &g->value);
	return 0;
}

/* --- results ------------------------------------------------------------ */

static const char hang[] = "hang";

static int
no_result(struct scan *c, const struct phrase *p)
{
	struct near n = { 0 };

	diag_error(c->diag, p->pos, "'%s' is no result", p->text);
	near_offer(&n, p->text, hang);
	for (int i = 0; i < ST_N; i++)
		if (i != ST_SKIPPED && i != ST_CANCELLED)
			near_offer(&n, p->text, status_name((enum status)i));
	if (n.best)
		diag_near(c->diag, &n);
	else
		diag_note(c->diag, "ok, an exit code, signal NAME, timeout, "
		    "silent, hang, error TEXT, start, unreachable, auth, "
		    "hostkey, lost, closed");
	return -1;
}

static int
read_code(struct scan *c, const char *word, struct attempt *a)
{
	int64_t n;

	if (num_int(word, &n) == -1 || n < 0 || n > 255) {
		diag_error(c->diag, a->result.pos,
		    "an exit code is a number from 0 to 255");
		return -1;
	}
	a->status = ST_EXIT;
	a->code = (int)n;
	return 0;
}

static int
read_signal(struct scan *c, const char *word, struct attempt *a)
{
	a->signo = status_signal_find(word, strlen(word));
	if (a->signo == 0) {
		diag_error(c->diag, a->result.pos, *word ?
		    "there is no signal '%s'" : "which signal%s?", word);
		return -1;
	}
	a->code = 128 + a->signo;
	return 0;
}

/* the text behind `error` or `start`; quotes around it are taken off */
static int
read_message(struct scan *c, const char *rest, struct attempt *a)
{
	struct phrase p = a->result;

	if (!*rest)
		return 0;
	p.text = rest;
	p.len = strlen(rest);
	if (is_one_of(*rest, "\"'") && unquote(c, &p) == -1)
		return -1;
	a->message = p.text;
	return 0;
}

static int
read_word(struct scan *c, const char *s, struct attempt *a)
{
	size_t n = strcspn(s, " \t");
	const char *rest = s + n + strspn(s + n, " \t");

	a->code = CODE_NONE;
	if (n > 0 && isdigit((unsigned char)*s) && !*rest)
		return read_code(c, s, a);
	if (n == strlen(hang) && !memcmp(s, hang, n) && !*rest) {
		a->hang = true;
		return 0;
	}
	a->status = status_find(s, n);
	switch (a->status) {
	case ST_EXIT:
		return read_code(c, rest, a);
	case ST_SIGNAL:
		return read_signal(c, rest, a);
	case ST_ERROR:
	case ST_START:
		return read_message(c, rest, a);
	case ST_SKIPPED:
	case ST_CANCELLED:
		diag_error(c->diag, a->result.pos, a->status == ST_SKIPPED ?
		    "'skipped' comes of 'when', not of a command" :
		    "'cancelled' comes of the end of a lane or of the job");
		return -1;
	case ST_N:
		return no_result(c, &a->result);
	default:
		return *rest ? no_result(c, &a->result) : 0;
	}
}

/* "RESULT after 5s": how long it takes */
static int
read_result(struct scan *c, struct attempt *a)
{
	static const char after[] = " after ";
	char *s = arena_strndup(c->arena, a->result.text, a->result.len);
	char *p = NULL;

	for (char *q = s; !is_one_of(*s, "\"'") && (q = strstr(q, after)); q++)
		p = q;
	if (p && num_duration(p + strlen(after), &a->seconds) == 0) {
		if (a->seconds <= 0) {
			diag_error(c->diag, a->result.pos,
			    "a command takes more than no time");
			return -1;
		}
		while (p > s && isspace((unsigned char)p[-1]))
			p--;
		*p = '\0';
	}
	if (read_word(c, s, a) == -1)
		return -1;
	if (a->seconds > 0 && (a->hang || a->status == ST_TIMEOUT ||
	    a->status == ST_SILENT || a->status == ST_START)) {
		diag_error(c->diag, a->result.pos,
		    "'%s' has a time of its own", s);
		return -1;
	}
	return 0;
}

static int
read_attempt(struct scan *c, struct attempt *a)
{
	size_t to = find(c, ",|", true), cap = 0;
	struct given *list = NULL;
	int rc;

	*a = (struct attempt){ .result = phrase(c, c->at, to) };
	c->at = to;
	if (a->result.len == 0) {
		diag_error(c->diag, place(c, to, to), "the result is missing: "
		    "ok, 3, signal KILL, timeout");
		return -1;
	}
	rc = read_result(c, a);
	while (rc == 0 && c->at < c->end && c->s[c->at] == ',') {
		c->at++;
		list = mem_grow(list, &cap, a->ngiven + 1, sizeof(*list));
		rc = read_given(c, &list[a->ngiven++]);
	}
	a->given = arena_copy(c->arena, list, a->ngiven, sizeof(*list));
	free(list);
	return rc;
}

/* --- the whole ---------------------------------------------------------- */

static int
read_head(struct scan *c, struct outcome *o)
{
	size_t to = find(c, ":=", false);

	if (to < c->end && c->s[to] == ':') {
		o->lane = phrase(c, c->at, to);
		c->at = to + 1;
		to = find(c, "=", false);
		if (o->lane.len == 0)
			o->lane.text = NULL;
	}
	o->step = phrase(c, c->at, to);
	c->at = to + 1;
	if (to == c->end) {
		diag_error(c->diag, place(c, to, to),
		    "an outcome is written LANE:STEP=RESULT");
		return -1;
	}
	if (o->step.len == 0) {
		diag_error(c->diag, place(c, to, to + 1),
		    "the step is missing: LANE:STEP=RESULT");
		return -1;
	}
	return 0;
}

int
outcome_read(struct arena *arena, struct diag *diag, struct pos pos,
    const char *line, size_t len, struct outcome *o)
{
	struct scan c = {
		.arena = arena, .diag = diag, .pos = pos, .s = line,
		.end = len,
	};
	struct attempt *list = NULL;
	size_t cap = 0;
	int rc;

	*o = (struct outcome){ 0 };
	rc = read_head(&c, o);
	for (bool more = true; rc == 0 && more; c.at++) {
		list = mem_grow(list, &cap, o->n + 1, sizeof(*list));
		rc = read_attempt(&c, &list[o->n++]);
		more = c.at < c.end;	/* it stands at a | */
	}
	o->attempt = arena_copy(arena, list, o->n, sizeof(*list));
	free(list);
	return rc;
}
