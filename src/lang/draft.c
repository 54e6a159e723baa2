/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/loader.h"

/* the name in a section's header */
static bool
check_name(struct loader *ld, const struct section *s)
{
	if (!s->name) {
		diag_error(&ld->diag, s->pos, "a name is missing: [%s NAME]",
		    s->kind);
		return false;
	}
	if (is_user_name(s->name, strlen(s->name)))
		return true;
	diag_error(&ld->diag, s->name_pos, "'%s' is no name for a %s",
	    s->name, s->kind);
	diag_note(&ld->diag,
	    "letters, digits, '_' and '-', and not digits only");
	return false;
}

/* sequences (or routines) as drafts, in the order of the file */
static void
add_drafts(struct loader *ld, const char *kind, bool routine)
{
	struct map names = { 0 };
	struct pos *first = mem_calloc(ld->nsection + 1, sizeof(*first));

	for (size_t i = 0; i < ld->nsection; i++) {
		struct section *s = &ld->section[i];
		uint32_t had = names.n, n;
		struct seq *seq;

		if (!s->kind || strcmp(s->kind, kind) != 0)
			continue;
		if (!check_name(ld, s)) {
			if (s->name)
				map_add(&ld->ghost, s->name, strlen(s->name));
			continue;
		}
		n = map_add(&names, s->name, strlen(s->name));
		if (n < had) {
			diag_error(&ld->diag, s->name_pos,
			    "%s '%s' twice: first in line %u of %s", kind,
			    s->name, first[n].line,
			    ld->src.list[first[n].file].name);
			/* what stands in it is looked at all the same */
		} else {
			first[n] = s->name_pos;
		}
		seq = &ld->seq[ld->ndraft];
		*seq = (struct seq){ .routine = routine, .pos = s->name_pos,
		    .index = (uint32_t)ld->ndraft, .rescue = NOWHERE,
		    .always = NOWHERE,
		    .name = arena_strdup(&ld->plan->arena, s->name) };
		ld->draft[ld->ndraft++] = (struct draft){ .section = s,
		    .seq = seq };
	}
	map_fini(&names);
	free(first);
}

void
list_drafts(struct loader *ld)
{
	ld->draft = mem_calloc(ld->nsection + 1, sizeof(*ld->draft));
	ld->seq = arena_alloc(&ld->plan->arena,
	    (ld->nsection + 1) * sizeof(*ld->seq));
	add_drafts(ld, "sequence", false);
	add_drafts(ld, "routine", true);
	for (size_t i = 0; i < ld->ndraft; i++)
		list_steps(ld, &ld->draft[i]);
}
