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

static struct plan *
load(const struct options *o, char *const *file, int n, bool places)
{
	char **names = mem_calloc(o->vars.n, sizeof(*names));
	struct lang_options lang = {
		.out = stderr, .color = opts_color(o, STDERR_FILENO),
		.set_name = (const char *const *)names,
		.nset_name = o->vars.n, .only_places = places,
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

struct plan *
load_files(const struct options *o, char *const *file, int n)
{
	return load(o, file, n, false);
}

struct plan *
load_places(const struct options *o, const char *file)
{
	char *name = mem_strdup(file);
	struct plan *plan = load(o, &name, 1, true);

	free(name);
	return plan;
}
