/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/hosts.h"
#include "base/mem.h"
#include "walk/list.h"
#include "walk/place.h"

static void
add(struct list *l, const char *text, size_t len)
{
	l->item = mem_grow(l->item, &l->cap, l->n + 1, sizeof(*l->item));
	l->item[l->n++] = mem_strndup(text, len);
}

static void
on_file(void *arg, const char *path)
{
	add(arg, path, strlen(path));
}

static int
read_words(struct list *l)
{
	const struct texts *words = &l->each->words;
	struct buf word = { 0 };
	int rc = 0;

	for (size_t i = 0; i < words->n && rc == 0; i++) {
		buf_clear(&word);
		rc = vars_fill(l->w, l->ctx, &words->text[i], &word,
		    l->why);
		if (rc == -1)
			break;
		if (l->each->kind == EACH_FILES)
			files_match(buf_str(&word), on_file, l);
		else
			add(l, word.data, word.len);
	}
	buf_fini(&word);
	return rc;
}

static int
read_variable(struct list *l)
{
	struct piece p = {
		.kind = PIECE_VAR, .sym = l->each->var, .pos = l->each->pos
	};
	struct value *v = vars_piece(l->w, l->ctx, &p, l->why);

	if (!v)
		return -1;
	for (const char *s = v->text; *s;) {
		size_t n = strcspn(s, "\n");

		add(l, s, n);
		s += n + (s[n] == '\n');
	}
	value_unref(v);
	return 0;
}

/* with --hosts lanes are only on those that are chosen */
static int
read_hosts(struct list *l)
{
	bool place = each_is_place(l->each);
	struct hosts *set = hosts_new();
	struct buf text = { 0 }, what = { 0 };
	int rc = vars_fill(l->w, l->ctx, &l->each->text, &text, l->why);

	if (rc == 0 && groups_eval(l->w, buf_str(&text), text.len, set,
	    &what, NULL) == -1) {
		if (l->why->len == 0)
			why_at(l->w, l->each->text.pos, l->why);
		buf_adds(l->why, buf_str(&what));
		rc = -1;
	}
	if (rc == 0 && place)
		rc = groups_choose(l->w, l->why);
	for (size_t i = 0; rc == 0 && i < hosts_count(set); i++) {
		const char *name = hosts_name(set, i);

		if (!place || groups_is_chosen(l->w, name))
			add(l, name, strlen(name));
	}
	hosts_free(set);
	buf_fini(&text);
	buf_fini(&what);
	return rc;
}

static int
range_end(struct list *l, const struct text *t, int64_t *n, int *width)
{
	struct buf text = { 0 };
	int rc = vars_fill(l->w, l->ctx, t, &text, l->why);
	const char *s = buf_str(&text);

	if (rc == 0 && num_int(s, n) == -1) {
		why_at(l->w, t->pos, l->why);
		buf_addf(l->why, "'%s' is no number", s);
		rc = -1;
	}
	if (rc == 0 && width && *s == '0' && text.len > 1 &&
	    (int)text.len > *width)
		*width = (int)text.len;
	buf_fini(&text);
	return rc;
}

static int
read_range(struct list *l)
{
	const struct each *e = l->each;
	int64_t hi, step = 1;
	uint64_t length, by;

	if (range_end(l, &e->lo, &l->lo, &l->width) == -1 ||
	    range_end(l, &e->hi, &hi, &l->width) == -1)
		return -1;
	if (e->step.n > 0 && range_end(l, &e->step, &step, NULL) == -1)
		return -1;
	if (step == 0) {
		why_at(l->w, e->pos, l->why);
		buf_adds(l->why, "a range cannot go in steps of 0");
		return -1;
	}
	/* 9..1 counts down, as a shell's {9..1} does; differences fit unsigned */
	length = hi < l->lo ? (uint64_t)l->lo - (uint64_t)hi :
	    (uint64_t)hi - (uint64_t)l->lo;
	by = step < 0 ? -(uint64_t)step : (uint64_t)step;
	if (length / by >= INT64_MAX) {
		why_at(l->w, e->pos, l->why);
		buf_adds(l->why, "the range is too long");
		return -1;
	}
	l->step = hi < l->lo ? -by : by;
	l->n = (size_t)(length / by) + 1;
	return 0;
}

const struct walk_list *
list_given(const struct walk *w, const struct each *e)
{
	for (size_t i = 0; i < w->o.nlist; i++)
		for (size_t k = 0; k < e->nsym; k++)
			if (w->o.list[i].sym == e->sym[k])
				return &w->o.list[i];
	return NULL;
}

int
list_read(struct list *l)
{
	const struct each *e = l->each;
	size_t group = e->group ? e->group : 1;
	const struct walk_list *given = list_given(l->w, e);

	if (given) {
		for (size_t i = 0; i < given->n; i++)
			add(l, given->item[i], strlen(given->item[i]));
		return 0;
	}
	switch (e->kind) {
	case EACH_WORDS:
	case EACH_FILES:
		return read_words(l);
	case EACH_VAR:
		return read_variable(l);
	case EACH_HOSTS:
		return read_hosts(l);
	case EACH_RANGE:
		return read_range(l);
	case EACH_ITEMS:
		l->n = (e->nitems + group - 1) / group;
		return 0;
	case EACH_LINES:
		break;
	case EACH_STDIN:
	case EACH_OUTPUT:
		/* nothing is run to find out */
		add(l, "?", 1);
		break;
	}
	return 0;
}

void
list_fini(struct list *l)
{
	for (size_t k = 0; k < l->n && l->item; k++)
		free(l->item[k]);
	free(l->item);
}
