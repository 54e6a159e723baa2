/* SPDX-License-Identifier: ISC */
/*
 * Inventories that are there when the job is loaded: their variables are
 * names that hosts may have, and what is wrong with them is told at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "lang/loader.h"

/* variables about Ansible's own ways are none of ours */
static void
declare(struct loader *ld, const struct inventory *inv)
{
	const struct hosts *all = inventory_group(inv, NULL);

	for (size_t i = 0; i < hosts_count(all); i++) {
		const struct inventory_var *var;
		size_t n = inventory_vars(inv, hosts_name(all, i), &var);

		for (size_t k = 0; k < n; k++)
			if (strncmp(var[k].name, "ansible_", 8) != 0)
				symbol_forgive(ld, var[k].name);
	}
}

static void
check_group(struct loader *ld, const struct inventory *inv,
    const struct hosts_from *from)
{
	const char *group = text_literal(&from->group), *near;

	if (!from->has_group || !group || inventory_group(inv, group))
		return;
	near = inventory_near(inv, group);
	diag_error(&ld->diag, from->group.pos, "the inventory has no group "
	    "'%s'", group);
	if (near)
		diag_note(&ld->diag, "did you mean '%s'?", near);
}

static void
look_into(struct loader *ld, const struct hosts_from *from)
{
	const char *path = text_literal(&from->text), *dir = ld->plan->dir;
	struct sources src = { 0 };
	struct inventory *inv;
	struct buf full = { 0 }, why = { 0 };

	if (path && *path != '/' && dir)
		buf_addf(&full, "%s/", dir);
	if (path)
		buf_adds(&full, path);
	/* it may be made before it is needed, with whatever names */
	if (!path || ld->opt->no_include ||
	    sources_read(&src, buf_str(&full))) {
		ld->any_name = true;
	} else {
		inv = inventory_read(path, src.list[0].data, src.list[0].len,
		    &why);
		if (inv) {
			declare(ld, inv);
			check_group(ld, inv, from);
		} else {
			diag_error(&ld->diag, from->text.pos, "%s",
			    buf_str(&why));
			ld->any_name = true;
		}
		inventory_free(inv);
	}
	sources_fini(&src);
	buf_fini(&full);
	buf_fini(&why);
}

void
read_stock(struct loader *ld)
{
	for (size_t i = 0; i < ld->ngroup; i++)
		for (size_t k = 0; k < ld->group[i].nfrom; k++)
			if (ld->group[i].from[k].kind == HOSTS_ANSIBLE)
				look_into(ld, &ld->group[i].from[k]);
}
