/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "unit.h"

int
main(void)
{
	Suite *s = suite_create("pseq");
	SRunner *r;
	int failed;

	unit_base(s);
	unit_engine(s);
	unit_walk(s);
	unit_lanes(s);
	unit_replay(s);
	unit_lang(s);
	unit_alike(s);
	unit_diff(s);
	unit_digest(s);
	unit_sink(s);
	unit_mark(s);
	unit_roll(s);
	unit_redact(s);
	unit_carrier(s);
	unit_mux(s);
	unit_remote(s);
	unit_steer(s);
	unit_summary(s);
	unit_lines(s);
	unit_task(s);
	unit_copy(s);
	unit_ferry(s);
	unit_foot(s);
	unit_board(s);
	unit_pace(s);
	unit_pack(s);
	unit_template(s);
	unit_term(s);
	unit_story(s);
	unit_wait(s);
	unit_out(s);
	unit_sim(s);
	unit_client(s);
	unit_ask(s);
	unit_hosts(s);
	unit_html(s);
	unit_places(s);
	unit_lock(s);
	unit_guard(s);
	unit_inventory(s);
	unit_json(s);
	unit_journal(s);
	unit_read(s);
	unit_past(s);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
