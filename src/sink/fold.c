/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "sink/fold.h"

enum { RANGES_MAX = 10 };	/* within one pair of brackets, then … */

struct work {
	struct fold *fold;
	size_t cap, ncap;
};

/* a list of ranges that is too long to be read: how much of it is kept */
static size_t
ranges_kept(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == ',' && ++n == RANGES_MAX)
			return i;
		if (!strchr("0123456789,-", s[i]))
			break;
	}
	return len;
}

static char *
shorten(const char *text)
{
	struct buf b = { 0 };
	char *s;

	for (;;) {
		size_t n = strcspn(text, "["), len, kept;

		buf_add(&b, text, n);
		text += n;
		if (!*text)
			break;
		len = strcspn(text, "]");
		kept = 1 + ranges_kept(text + 1, len - 1);
		buf_add(&b, text, kept);
		buf_adds(&b, kept < len ? ",..." : "");
		text += len;
	}
	s = mem_strdup(buf_str(&b));
	buf_fini(&b);
	return s;
}

static void
add_word(void *arg, const char *text, size_t n)
{
	struct work *w = arg;
	struct fold *f = w->fold;

	f->text = mem_grow(f->text, &w->cap, f->n + 1, sizeof(*f->text));
	f->count = mem_grow(f->count, &w->ncap, f->n + 1, sizeof(*f->count));
	f->text[f->n] = n > 1 ? shorten(text) : mem_strdup(text);
	f->count[f->n++] = n;
}

static struct hosts *
hosts_of(const char *const *names, size_t n)
{
	struct hosts *h = hosts_new();

	hosts_reserve(h, n);
	for (size_t i = 0; i < n; i++)
		hosts_add(h, names[i], strlen(names[i]));
	return h;
}

void
fold_names(struct fold *f, const char *const *names, size_t n)
{
	struct hosts *h = hosts_of(names, n);
	struct work w = { .fold = f };

	*f = (struct fold){ 0 };
	hosts_fold_words(h, add_word, &w);
	hosts_free(h);
}

void
fold_fini(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->text[i]);
	free(f->text);
	free(f->count);
}

/* as many words as fit, and one at least */
static void
add_some(struct buf *b, const struct fold *f, size_t max)
{
	size_t from = b->len, left = 0, i;

	for (i = 0; i < f->n; i++) {
		if (i > 0 && b->len - from + strlen(f->text[i]) > max)
			break;
		buf_adds(b, i > 0 ? "," : "");
		buf_adds(b, f->text[i]);
	}
	for (; i < f->n; i++)
		left += f->count[i];
	if (left > 0)
		buf_addf(b, " and %zu more", left);
}

void
fold_text(struct buf *b, const char *const *names, size_t n, size_t max)
{
	struct buf all = { 0 };
	struct hosts *h;
	struct fold f;

	if (n == 1) {
		buf_adds(b, names[0]);
		return;
	}
	h = hosts_of(names, n);
	hosts_fold(h, &all);
	hosts_free(h);
	if (all.len <= max) {
		buf_add(b, all.data, all.len);
	} else {
		fold_names(&f, names, n);
		add_some(b, &f, max);
		fold_fini(&f);
	}
	buf_fini(&all);
}
