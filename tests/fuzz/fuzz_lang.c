/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/lang.h"
#include "model/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* what `pseq each` does with a command */
static void
fuzz_command(const char *text)
{
	struct arena arena = { 0 };
	struct command c;

	lang_command(&arena, text, &c);
	lang_command_item(&arena, text, SYM_FIXED, "item", true, &c);
	lang_command_items(&arena, text, true, &c);
	lang_has_braces(text);
	arena_fini(&arena);
}

/* any bytes are a plan or mistakes, and nothing else happens */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "x", "release" };
	char *out = NULL;
	size_t n = 0;
	struct lang_options opt = {
		.set_name = names, .nset_name = size % 2 ? 0 : 2,
		.no_include = true, .color = size % 3 == 0,
	};
	unsigned errors;
	struct plan *plan;
	char *text;

	opt.out = open_memstream(&out, &n);
	plan = lang_load_bytes("fuzz.job", (const char *)data, size, &opt,
	    &errors);
	fclose(opt.out);
	/* a plan came without a word, none came with one */
	if ((plan == NULL) != (errors > 0) || (errors > 0) != (n > 0))
		abort();
	lang_free(plan);
	free(out);
	text = malloc(size + 1);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	fuzz_command(text);
	free(text);
	return 0;
}
