/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "app/differ.h"
#include "base/buf.h"
#include "base/mem.h"
#include "journal/member.h"
#include "journal/read.h"
#include "model/plan.h"

enum { TOLD = 10 };

struct comparison {
	struct buf *b;
	size_t n;		/* differences */
};

static void
tell(struct comparison *c, const char *part, const char *how)
{
	if (c->n++ < TOLD)
		buf_addf(c->b, "    %s %s\n", part, how);
}

/* equal names stand for one another in their order */
static const struct plan_part *
find(const struct plan *p, const char *name, bool *seen)
{
	for (size_t i = 0; i < p->npart; i++)
		if (!seen[i] && !strcmp(p->part[i].name, name)) {
			seen[i] = true;
			return &p->part[i];
		}
	return NULL;
}

static void
compare(struct comparison *c, const json_t *parts, const struct plan *p)
{
	bool *seen = mem_calloc(p->npart + 1, sizeof(*seen));
	const json_t *part;
	size_t i;

	json_array_foreach(parts, i, part) {
		const char *name = json_string_value(
		    json_object_get(part, "name"));
		const char *digest = json_string_value(
		    json_object_get(part, "digest"));
		const struct plan_part *now;

		if (!name || !digest)
			continue;
		now = find(p, name, seen);
		if (!now)
			tell(c, name, "is gone");
		else if (strcmp(now->digest, digest) != 0)
			tell(c, name, "differs");
	}
	for (i = 0; i < p->npart; i++)
		if (!seen[i])
			tell(c, p->part[i].name, "is new");
	free(seen);
}

bool
differ(const struct record *then, const struct plan *p, struct buf *b)
{
	struct comparison c = { .b = b };
	struct buf why = { 0 };
	json_t *json;
	const char *digest;

	if (!p->digest)
		return false;
	json = record_json(then, &why);
	buf_fini(&why);
	digest = json_string_value(json_object_get(json, "digest"));
	if (digest && !strcmp(digest, p->digest)) {
		json_decref(json);
		return false;
	}
	compare(&c, json_object_get(json, "sections"), p);
	if (c.n > TOLD)
		buf_addf(b, "    ... and %zu more\n", c.n - TOLD);
	if (c.n == 0)
		buf_adds(b, "    its parts stand in another order\n");
	json_decref(json);
	return true;
}
