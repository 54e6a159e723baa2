/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/nest.h"
#include "model/story.h"

/* as far as it is looked back for what a step may enclose */
enum { BACK = 1000 };

void
nest_add(struct nest *n, const struct story_step *s, uint32_t number,
    double began)
{
	n->item = mem_grow(n->item, &n->cap, n->n + 1, sizeof(*n->item));
	n->item[n->n++] = (struct nest_item){ s->in, number, began };
}

/* "call ROUTINE", with or without more, or #2 for the second of its kind */
static bool
calls(const struct story_step *s, const char *routine)
{
	static const char word[] = "call ";
	size_t n = strlen(routine);
	const char *name = s->identity + sizeof(word) - 1;

	if (strncmp(s->identity, word, sizeof(word) - 1) != 0)
		return false;
	return !strncmp(name, routine, n) &&
	    (!name[n] || name[n] == ' ' || name[n] == '#');
}

/* how many of the last items stand in what this step has called */
static size_t
enclosed(const struct nest *n, const struct story_step *s, double since)
{
	size_t k = 0;

	/* another one of its own sequence was before them */
	for (; k < n->n && k < BACK; k++) {
		const struct nest_item *i = &n->item[n->n - 1 - k];

		if (i->began < since || !strcmp(i->in, s->in))
			return k;
	}
	/* or it is the first there: then its text must say what it called */
	if (n->n == 0 || !calls(s, n->item[n->n - 1].in))
		return 0;
	for (k = 1; k < n->n; k++)
		if (strcmp(n->item[n->n - 1 - k].in, n->item[n->n - 1].in) != 0)
			break;
	return k;
}

uint32_t
nest_close(struct nest *n, const struct story_step *s, uint32_t number,
    double since, double *began)
{
	size_t k = enclosed(n, s, since);

	if (k > 0) {
		n->n -= k;
		number = n->item[n->n].first;
		*began = n->item[n->n].began;
	}
	nest_add(n, s, number, *began);
	return number;
}

void
nest_fini(struct nest *n)
{
	free(n->item);
}
