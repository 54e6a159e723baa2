/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/load.h"
#include "app/opts.h"
#include "base/mem.h"
#include "lang/lang.h"
#include "model/plan.h"

struct plan *
load_files(const struct options *o, char *const *file, int n)
{
	char **names = mem_calloc(o->vars.n, sizeof(*names));
	struct lang_options lang = {
		.out = stderr, .color = opts_color(o, STDERR_FILENO),
		.set_name = (const char *const *)names,
		.nset_name = o->vars.n,
	};
	struct plan *plan;

	for (size_t i = 0; i < o->vars.n; i++)
		names[i] = mem_strndup(o->vars.word[i],
		    strcspn(o->vars.word[i], "="));
	plan = lang_load(file, (size_t)n, &lang, NULL);
	for (size_t i = 0; i < o->vars.n; i++)
		free(names[i]);
	free(names);
	return plan;
}
