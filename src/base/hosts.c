/* SPDX-License-Identifier: ISC */
/* the set itself; hosts_read.c reads one, hosts_fold.c writes it */
#include <stdlib.h>
#include <string.h>

#include "base/hosts.h"
#include "base/map.h"
#include "base/mem.h"

/*
 * Names stand in one piece of memory: a hundred thousand of them are made
 * and thrown away in milliseconds.
 */
struct hosts {
	char *text;		/* one name after the other, each with a NUL */
	size_t len, text_cap;
	size_t *at;		/* where each begins, and where the last ends */
	size_t n, cap;
	uint32_t *slot;		/* open addressing; number + 1, 0 = free */
	size_t nslot;
};

struct hosts *
hosts_new(void)
{
	return mem_calloc(1, sizeof(struct hosts));
}

void
hosts_free(struct hosts *h)
{
	if (!h)
		return;
	free(h->text);
	free(h->at);
	free(h->slot);
	free(h);
}

size_t
hosts_count(const struct hosts *h)
{
	return h->n;
}

const char *
hosts_name(const struct hosts *h, size_t i)
{
	return h->text + h->at[i];
}

static size_t
length(const struct hosts *h, size_t i)
{
	return h->at[i + 1] - h->at[i] - 1;
}

/* the slot that holds the name, or the free one where it belongs */
static size_t
place(const struct hosts *h, const char *name, size_t len)
{
	size_t i = map_hash(name, len) & (h->nslot - 1);

	for (; h->slot[i]; i = (i + 1) & (h->nslot - 1)) {
		size_t k = h->slot[i] - 1;

		if (length(h, k) == len &&
		    !memcmp(hosts_name(h, k), name, len))
			break;
	}
	return i;
}

void
hosts_reserve(struct hosts *h, size_t n)
{
	size_t want = h->nslot ? h->nslot : 64;

	if (n > HOSTS_MAX)
		n = HOSTS_MAX;
	n += h->n;
	h->at = mem_grow(h->at, &h->cap, n + 2, sizeof(*h->at));
	while (want < 2 * (n + 1))
		want *= 2;
	if (want == h->nslot)
		return;
	free(h->slot);
	h->slot = mem_calloc(want, sizeof(*h->slot));
	h->nslot = want;
	for (size_t i = 0; i < h->n; i++)
		h->slot[place(h, hosts_name(h, i), length(h, i))] =
		    (uint32_t)(i + 1);
}

bool
hosts_has(const struct hosts *h, const char *name, size_t len)
{
	return h->n > 0 && h->slot[place(h, name, len)] != 0;
}

void
hosts_add(struct hosts *h, const char *name, size_t len)
{
	size_t i;

	if (2 * (h->n + 1) > h->nslot || h->n + 2 > h->cap)
		hosts_reserve(h, 1);
	i = place(h, name, len);
	if (h->slot[i])
		return;
	h->text = mem_grow(h->text, &h->text_cap, h->len + len + 1, 1);
	if (len)
		memcpy(h->text + h->len, name, len);
	h->text[h->len + len] = '\0';
	h->at[h->n] = h->len;
	h->len += len + 1;
	h->at[++h->n] = h->len;
	h->slot[i] = (uint32_t)h->n;
}

void
hosts_join(struct hosts *h, const struct hosts *more)
{
	for (size_t i = 0; i < more->n; i++)
		hosts_add(h, hosts_name(more, i), length(more, i));
}

void
hosts_move(struct hosts *h, struct hosts *more)
{
	if (h->n == 0) {
		struct hosts was = *h;

		*h = *more;
		*more = was;
	} else {
		hosts_join(h, more);
	}
	hosts_free(more);
}
