/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "transport/carrier.h"

/*
 * The script's number of lines, then the script.  read takes no byte too
 * many, so what follows is left for the command.  A shell on Linux finds
 * its process group in /proc.
 */
const char carrier_reader[] =
	"IFS= read -r n && s= && while [ \"$n\" -gt 0 ]; do IFS= read -r l; "
	"s=\"$s$l\n\"; n=$((n - 1)); done; "
	"if read -r l 2>/dev/null </proc/$$/stat; then set -- ${l##*) }; "
	"g=$3; else g=$(ps -o pgid= -p $$); fi; "
	"echo \"" CARRIER_MARK " $g\"; set --; unset n l g; eval \"$s\"";

void
carrier_script(const struct run *r, const char *const *words,
    struct buf *out)
{
	struct buf script = { 0 };
	size_t lines = 0;

	for (size_t i = 0; i < r->nown; i++) {
		const char *eq = strchr(r->env[i], '=');

		buf_adds(&script, "export ");
		buf_add(&script, r->env[i], (size_t)(eq - r->env[i]) + 1);
		buf_addq(&script, eq + 1);
		buf_addc(&script, '\n');
	}
	if (r->dir) {
		buf_adds(&script, "cd -- ");
		buf_addq(&script, r->dir);
		buf_adds(&script, " || exit 126\n");
	}
	buf_adds(&script, "unset s; exec");
	for (; *words; words++) {
		buf_addc(&script, ' ');
		buf_addq(&script, *words);
	}
	buf_addc(&script, '\n');
	for (size_t i = 0; i < script.len; i++)
		lines += script.data[i] == '\n';
	buf_addf(out, "%zu\n", lines);
	buf_add(out, script.data, script.len);
	buf_fini(&script);
}
