/* unit - every suite of the unit tests, one function each */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>

void unit_base(Suite *);
void unit_walk(Suite *);
void unit_engine(Suite *);
void unit_lang(Suite *);
void unit_sink(Suite *);
void unit_mark(Suite *);
void unit_roll(Suite *);
void unit_redact(Suite *);
void unit_remote(Suite *);
void unit_replay(Suite *);
void unit_steer(Suite *);
void unit_summary(Suite *);

void unit_ask(Suite *);
void unit_board(Suite *);
void unit_carrier(Suite *);
void unit_client(Suite *);
void unit_copy(Suite *);
void unit_ferry(Suite *);
void unit_foot(Suite *);
void unit_pack(Suite *);
void unit_alike(Suite *);
void unit_diff(Suite *);
void unit_digest(Suite *);
void unit_hosts(Suite *);
void unit_html(Suite *);
void unit_places(Suite *);
void unit_lock(Suite *);
void unit_guard(Suite *);
void unit_inventory(Suite *);
void unit_json(Suite *);
void unit_journal(Suite *);
void unit_lanes(Suite *);
void unit_lines(Suite *);
void unit_mux(Suite *);
void unit_out(Suite *);
void unit_pace(Suite *);
void unit_past(Suite *);
void unit_read(Suite *);
void unit_sim(Suite *);
void unit_task(Suite *);
void unit_template(Suite *);
void unit_term(Suite *);
void unit_story(Suite *);
void unit_wait(Suite *);

#endif
