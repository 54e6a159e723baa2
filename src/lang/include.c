/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/loader.h"
#include "lang/words.h"

enum { FILES_MAX = 500 };

/* the path of an included file, beside the one that names it */
static char *
beside(struct loader *ld, uint32_t file, const char *path)
{
	const char *name = ld->src.list[file].name;
	const char *slash = strrchr(name, '/');
	size_t dir = slash ? (size_t)(slash - name) + 1 : 0;
	char *s;

	if (path[0] == '/')
		dir = 0;
	s = arena_alloc(&ld->tmp, dir + strlen(path) + 1);
	memcpy(s, name, dir);
	strcpy(s + dir, path);
	return s;
}

static void
include_one(struct loader *ld, uint32_t file, const struct word *w)
{
	char *path = beside(ld, file, w->lit);
	const char *why = sources_read(&ld->src, path);
	struct source *new;

	if (why) {
		diag_error(&ld->diag, w->pos, "cannot read '%s': %s", path,
		    why);
		ld->incomplete = true;
		return;
	}
	new = &ld->src.list[ld->src.n - 1];
	for (size_t i = 0; i + 1 < ld->src.n; i++) {
		struct source *s = &ld->src.list[i];

		if (s->dev != new->dev || s->ino != new->ino)
			continue;
		if (s->open)
			diag_error(&ld->diag, w->pos,
			    "a circle: '%s' is being read already", path);
		/* a file that two others include is taken in once */
		new->nline = 0;
		return;
	}
	load_sections(ld, (uint32_t)ld->src.n - 1, false);
}

static void
include_all(struct loader *ld, uint32_t file, const struct entry *e)
{
	struct word *w;
	size_t n;

	if (!all_words(ld, &e->value, CUT_COMMA, "a file", &w, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!w[i].lit)
			not_fixed(ld, w[i].pos);
		else if (ld->opt->no_include)
			ld->incomplete = true;
		else if (ld->src.n > FILES_MAX) {
			diag_error(&ld->diag, w[i].pos,
			    "more than %d files", FILES_MAX);
			ld->incomplete = true;
		} else
			include_one(ld, file, &w[i]);
	}
}

/* unknown keys of [job], and keys that stand there twice */
static void
check_job(struct loader *ld, struct section *s, bool first)
{
	for (size_t i = 0; i < s->n; i++) {
		struct entry *e = &s->entry[i];
		const char *name = e->word[0].text;
		struct pos pos = e->word[0].pos;
		const struct key *k = key_find(name);
		struct near n = { 0 };

		if (!k || !(k->at & AT_JOB)) {
			if (later_find(name, AT_JOB)) {
				diag_error(&ld->diag, pos,
				    "'%s' is not built yet", name);
				continue;
			}
			diag_error(&ld->diag, pos, k ? "a key out of place: "
			    "'%s' does not belong in [job]" : "no key '%s'",
			    name);
			key_near(&n, name, AT_JOB);
			if (!k)
				diag_near(&ld->diag, &n);
			continue;
		}
		if (e->nword > 1) {
			extra_word(ld, e->word[1].text, e->word[1].pos);
			continue;
		}
		if (!first && k->id != KEY_INCLUDE) {
			diag_error(&ld->diag, pos, "'%s' can only stand in "
			    "the first file", name);
			continue;
		}
		for (size_t j = 0; j < i && !(k->flags & KEY_MANY); j++)
			if (s->entry[j].key == k) {
				diag_error(&ld->diag, pos,
				    "'%s' twice: first in line %u", name,
				    s->entry[j].word[0].pos.line);
				k = NULL;
				break;
			}
		e->key = k;
	}
}

/* what it includes goes before the sections of the file itself */
static void
to_the_end(struct loader *ld, size_t from, size_t to)
{
	size_t n = to - from, rest = ld->nsection - to;
	struct section *keep;

	if (n == 0 || rest == 0)
		return;
	keep = mem_alloc(n * sizeof(*keep));
	memcpy(keep, ld->section + from, n * sizeof(*keep));
	memmove(ld->section + from, ld->section + to, rest * sizeof(*keep));
	memcpy(ld->section + from + rest, keep, n * sizeof(*keep));
	free(keep);
}

void
load_sections(struct loader *ld, uint32_t file, bool first)
{
	size_t from = ld->nsection, to;
	bool had_job = false;

	ld->src.list[file].open = true;
	read_lines(ld, file);
	to = ld->nsection;
	for (size_t i = from; i < to; i++) {
		struct section *s = &ld->section[i];

		if (!s->kind || strcmp(s->kind, "job") != 0)
			continue;
		if (had_job)
			diag_error(&ld->diag, s->pos, "section [job] twice");
		had_job = true;
		check_job(ld, s, first);
		/* the array of sections may move: its entries do not */
		struct section job = *s;

		for (size_t k = 0; k < job.n; k++)
			if (job.entry[k].key &&
			    job.entry[k].key->id == KEY_INCLUDE)
				include_all(ld, file, &job.entry[k]);
	}
	to_the_end(ld, from, to);
	ld->src.list[file].open = false;
}
