/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"
#include "model/plan.h"

const char *const plan_fixed[SYM_FIXED] = {
	[SYM_HOST] = "host",
	[SYM_ADDRESS] = "address",
	[SYM_USER] = "user",
	[SYM_LANE] = "lane",
	[SYM_INDEX] = "index",
	[SYM_LANES] = "lanes",
	[SYM_WAVE] = "wave",
	[SYM_JOB] = "job",
	[SYM_JOB_DIR] = "job_dir",
	[SYM_RUN] = "run",
	[SYM_ATTEMPT] = "attempt",
	[SYM_RESULT] = "result",
	[SYM_CODE] = "code",
	[SYM_STEP] = "step",
	[SYM_MESSAGE] = "message",
	[SYM_STDERR_TAIL] = "stderr_tail",
	[SYM_CHANGED] = "changed",
	[SYM_LINE] = "line",
	[SYM_MATCH] = "match",
};

const char *
plan_step_kind(enum step_kind kind)
{
	static const char *const names[] = {
		[STEP_RUN] = "run", [STEP_LOCAL] = "local",
		[STEP_SCRIPT] = "script",
		[STEP_PUT] = "put", [STEP_GET] = "get",
		[STEP_SLEEP] = "sleep", [STEP_WAIT] = "wait", [STEP_CALL] = "call",
		[STEP_SPAWN] = "spawn", [STEP_JOIN] = "join",
		[STEP_BARRIER] = "barrier", [STEP_SEND] = "send",
		[STEP_RECEIVE] = "receive", [STEP_CLOSE] = "close",
		[STEP_CLEAR] = "clear",
		[STEP_SET] = "set", [STEP_LET] = "let", [STEP_SAY] = "say",
		[STEP_GOTO] = "goto", [STEP_RETURN] = "return",
		[STEP_FINISH] = "finish", [STEP_FAIL] = "fail",
		[STEP_DRAIN] = "drain", [STEP_STOP] = "stop",
	};

	return names[kind];
}

const char *
text_literal(const struct text *t)
{
	if (t->n == 0)
		return "";
	if (t->n == 1 && t->piece[0].kind == PIECE_TEXT)
		return t->piece[0].text;
	return NULL;
}

bool
text_may_be(const struct text *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		size_t left = strlen(name);
		const char *found;

		if (p->kind != PIECE_TEXT)
			continue;
		if (p->len > left)
			return false;
		if (i == 0) {
			if (memcmp(name, p->text, p->len) != 0)
				return false;
			found = name;
		} else if (i == t->n - 1) {
			return !strcmp(name + left - p->len, p->text);
		} else if (!(found = strstr(name, p->text)))
			return false;
		name = found + p->len;
	}
	return true;
}

const struct secret *
plan_secret(const struct plan *p, uint32_t sym)
{
	if (p->nsecret == 0 || sym >= p->symbols.n || !p->is_secret[sym])
		return NULL;
	return &p->secret[p->is_secret[sym] - 1];
}

bool
plan_is_lock(const char *name)
{
	enum { LONGEST = 200 };		/* bytes */

	return *name && *name != '.' && strlen(name) <= LONGEST &&
	    !strpbrk(name, "/\n");
}

uint32_t
plan_find(const struct plan *p, const char *name, size_t len, bool routine)
{
	for (size_t i = 0; i < p->nseq; i++) {
		const struct seq *s = &p->seq[i];

		if (s->routine == routine && strlen(s->name) == len &&
		    memcmp(s->name, name, len) == 0)
			return (uint32_t)i;
	}
	return NOWHERE;
}

uint32_t
seq_find_step(const struct seq *s, const char *name, size_t len)
{
	for (uint32_t i = 0; i < s->nstep; i++) {
		const char *n = s->step[i].name;

		if (n && strlen(n) == len && memcmp(n, name, len) == 0)
			return i;
	}
	return NOWHERE;
}

char *
plan_show_pos(const struct plan *p, struct pos pos, char *buf, size_t size)
{
	if (pos.line == 0 || pos.file >= p->nfile)
		snprintf(buf, size, "command line");
	else
		snprintf(buf, size, "%s:%u:%u", p->file[pos.file], pos.line,
		    pos.col);
	return buf;
}

void
plan_fini(struct plan *p)
{
	for (size_t i = 0; i < p->nregex; i++)
		regex_free(p->regex[i]);
	free(p->regex);
	map_fini(&p->symbols);
	map_fini(&p->env);
	arena_fini(&p->arena);
	*p = (struct plan){ 0 };
}
