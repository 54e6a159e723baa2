/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/mem.h"
#include "io/uses.h"

struct use {
	struct use *next;
	void *what;
	uint32_t lane;
};

static struct use **
place(const struct uses *u, uint32_t lane)
{
	return &u->bucket[lane % u->nbucket];
}

static void
grow(struct uses *u)
{
	struct uses more = { .n = u->n };
	struct use *e;

	more.nbucket = u->nbucket ? u->nbucket * 2 : 64;
	more.bucket = mem_calloc(more.nbucket, sizeof(*more.bucket));
	for (size_t i = 0; i < u->nbucket; i++) {
		while ((e = u->bucket[i])) {
			u->bucket[i] = e->next;
			e->next = *place(&more, e->lane);
			*place(&more, e->lane) = e;
		}
	}
	free(u->bucket);
	*u = more;
}

bool
uses_add(struct uses *u, uint32_t lane, void *what)
{
	struct use *e;

	if (u->n >= u->nbucket)
		grow(u);
	for (e = *place(u, lane); e; e = e->next)
		if (e->lane == lane && e->what == what)
			return false;
	e = mem_calloc(1, sizeof(*e));
	*e = (struct use){ .next = *place(u, lane), .what = what,
	    .lane = lane };
	*place(u, lane) = e;
	u->n++;
	return true;
}

void
uses_end(struct uses *u, uint32_t lane, void (*ended)(void *what))
{
	struct use **p, *e;

	if (u->n == 0)
		return;
	for (p = place(u, lane); (e = *p);) {
		if (e->lane != lane) {
			p = &e->next;
			continue;
		}
		*p = e->next;
		u->n--;
		ended(e->what);
		free(e);
	}
}

static void
nothing(void *what)
{
	(void)what;
}

void
uses_fini(struct uses *u)
{
	for (size_t i = 0; i < u->nbucket; i++)
		while (u->bucket[i])
			uses_end(u, u->bucket[i]->lane, nothing);
	free(u->bucket);
	*u = (struct uses){ 0 };
}
