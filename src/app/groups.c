/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "app/groups.h"
#include "base/buf.h"
#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "lang/source.h"

struct groups {
	struct hosts_groups look;	/* its arg is this struct */
	char *path;
	struct inventory *inventory;
};

static int
add(void *arg, const char *group, size_t len, struct hosts *to,
    struct buf *why)
{
	const struct groups *g = arg;
	char *name = mem_strndup(group, len);
	const struct hosts *h = inventory_group(g->inventory, name);
	const char *near;

	if (h) {
		hosts_join(to, h);
	} else {
		near = inventory_near(g->inventory, name);
		buf_addf(why, "there is no such group in '%s'", g->path);
		if (near)
			buf_addf(why, "; did you mean '@%s'?", near);
	}
	free(name);
	return h ? 0 : -1;
}

struct groups *
groups_open(const char *path, struct buf *why)
{
	struct sources src = { 0 };
	const char *bad = sources_read(&src, path);
	struct groups *g = mem_calloc(1, sizeof(*g));

	g->look = (struct hosts_groups){ .arg = g, .add = add };
	g->path = mem_strdup(path);
	if (bad)
		buf_addf(why, "cannot read '%s': %s", path, bad);
	else
		g->inventory = inventory_read(path, src.list[0].data,
		    src.list[0].len, why);
	sources_fini(&src);
	if (g->inventory)
		return g;
	groups_close(g);
	return NULL;
}

const struct hosts_groups *
groups_of(const struct groups *g)
{
	return g ? &g->look : NULL;
}

void
groups_close(struct groups *g)
{
	if (!g)
		return;
	inventory_free(g->inventory);
	free(g->path);
	free(g);
}
