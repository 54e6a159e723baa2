/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <stdlib.h>

#include "unit.h"

static void (*const units[])(Suite *) = {
	unit_base, unit_engine, unit_walk, unit_lanes, unit_replay, unit_lang,
	unit_alike, unit_diff, unit_digest, unit_sink, unit_mark, unit_roll,
	unit_redact, unit_carrier, unit_mux, unit_remote, unit_steer,
	unit_summary, unit_lines, unit_task, unit_copy, unit_ferry, unit_foot,
	unit_board, unit_pace, unit_pack, unit_template, unit_term, unit_story,
	unit_wait, unit_out, unit_sim, unit_client, unit_ask, unit_hosts,
	unit_html, unit_places, unit_lock, unit_guard, unit_inventory,
	unit_json, unit_journal, unit_read, unit_past
};

/*
 * [N K]: of N parts of all tests the one with number K, from 1.  Sanitized, all
 * in one process are several times as slow: what one test leaves behind is
 * looked through after each of the others.
 */
int
main(int argc, char **argv)
{
	Suite *s = suite_create("pseq");
	SRunner *r;
	size_t parts = 1, part = 1;
	int failed;

	if (argc == 3) {
		parts = strtoul(argv[1], NULL, 10);
		part = strtoul(argv[2], NULL, 10);
	}
	if ((argc != 1 && argc != 3) || part < 1 || part > parts)
		errx(2, "usage: check_units [N K]");
	for (size_t i = part - 1; i < sizeof(units) / sizeof(*units); i += parts)
		units[i](s);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
