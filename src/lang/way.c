/* SPDX-License-Identifier: ISC */
/* [via NAME]: ways to hosts that are made of a command */
#include <string.h>

#include "lang/loader.h"
#include "lang/reaction.h"
#include "lang/words.h"

static bool
is_command(const struct word *w)
{
	return w->text.n == 1 && w->text.piece[0].kind == PIECE_COMMAND;
}

static bool
holds_command(const struct word *w)
{
	for (size_t i = 0; i < w->text.n; i++)
		if (w->text.piece[i].kind == PIECE_COMMAND)
			return true;
	return false;
}

static void
read_exec(struct loader *ld, const struct value *v, struct via_def *to)
{
	const struct word *command = NULL;
	struct word *w;
	size_t n;

	if (!all_words(ld, v, 0, "a command", &w, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!holds_command(&w[i]))
			continue;
		if (!is_command(&w[i]) || command) {
			diag_error(&ld->diag, w[i].pos, command ?
			    "'${command}' twice" :
			    "'${command}' is a word of its own");
			return;
		}
		command = &w[i];
	}
	if (!command) {
		diag_error(&ld->diag, value_pos(v, 0, v->len),
		    "'${command}' is missing: where does it go?");
		return;
	}
	if (command == &w[0])
		diag_error(&ld->diag, w[0].pos,
		    "a command is missing before '${command}'");
	to->exec = word_texts(ld, w, n);
}

static void
read_connect_fail(struct loader *ld, const struct value *v,
    struct via_def *to)
{
	const struct match *m = NULL;
	struct codes *codes;
	size_t n = 0;

	if (!read_codes(ld, v, &m, &n))
		return;
	codes = arena_alloc(&ld->plan->arena, n * sizeof(*codes));
	for (size_t i = 0; i < n; i++)
		codes[i] = (struct codes){ m[i].lo, m[i].hi };
	to->connect_fail = codes;
	to->nconnect_fail = n;
}

void
read_way(struct loader *ld, const struct section *s, struct via_def *to)
{
	bool has_exec = false;

	ld->in_via = true;
	for (size_t i = 0; i < s->n; i++) {
		const struct entry *e = &s->entry[i];

		has_exec |= !strcmp(e->word[0].text, "exec");
		if (!e->key)
			continue;
		if (e->key->id == KEY_EXEC)
			read_exec(ld, &e->value, to);
		else if (e->key->id == KEY_CONNECT_FAIL)
			read_connect_fail(ld, &e->value, to);
	}
	ld->in_via = false;
	if (!has_exec)
		diag_error(&ld->diag, s->name_pos,
		    "a way without 'exec = WORD... ${command}'");
}
