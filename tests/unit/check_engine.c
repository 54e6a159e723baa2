/* SPDX-License-Identifier: ISC */
/* the engine alone, driving programs written in C */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fake.h"
#include "model/source.h"
#include "sim/sim.h"
#include "unit.h"

/*
 * A program that is a string, one letter an action:
 *	r	run "x"		s	sleep 1 second
 *	c	call the program behind the next ':'
 *	H	the same, as a handler		S	as a shielded one
 *	d, k	drain, stop			.	end well, ! end failed
 * A '@' before it gives the lane a cap, a digit its time in seconds.  It
 * notes in the log what it is told.
 */
struct script {
	const char *at, *given;
	struct fake *fake;
};

static unsigned live, most_live;

static void
give(struct script *s, struct action *a, enum action_kind kind)
{
	(void)s;
	a->kind = kind;
	a->step.label = kind == ACT_RUN ? "x" : NULL;
}

static void
next(void *state, struct result *last, struct action *a)
{
	static const char *const argv[] = { "x", NULL };
	struct script *s = state;

	a->result = (struct result){ .message = "", .step = "" };
	if (last && last->outside) {
		buf_addf(&s->fake->log, "<%s> ", status_name(last->status));
		/* handlers stand behind a '|' */
		s->at = strchr(s->at, '|') ? strchr(s->at, '|') + 1 : "!";
		a->result.status = last->status;
	}
	if (!last && s->given)
		s->at = s->given;	/* it could not be begun */
	s->given = s->at;
	switch (*s->at) {
	case 'r':
		give(s, a, ACT_RUN);
		a->run.argv = argv;
		break;
	case 's':
		give(s, a, ACT_SLEEP);
		a->seconds = 1;
		break;
	case 'c':
	case 'H':
	case 'S':
		give(s, a, ACT_CALL);
		a->handler = *s->at != 'c';
		a->shield = *s->at == 'S';
		a->call = strchr(s->at, ':') + 1;
		break;
	case 'd':
		give(s, a, ACT_DRAIN);
		a->result.message = "drained";
		break;
	case 'k':
		give(s, a, ACT_STOP);
		a->result.message = "stopped";
		break;
	case '.':
		give(s, a, ACT_END);
		a->end = FRAME_OK;
		return;
	default:
		give(s, a, ACT_END);
		a->end = FRAME_FAILED;
		if (a->result.status == ST_OK)
			a->result.status = ST_ERROR;
		return;
	}
	s->at++;
}

static const uint32_t caps[] = { 0, 1 };

static void
script_fork(void *state, const void *call, const struct lane_info *info,
    const struct item *item, struct frame_init *init)
{
	struct script *s = mem_calloc(1, sizeof(*s));

	*s = *(const struct script *)state;
	s->at = call;
	s->given = NULL;
	init->state = s;
	live++;
	if (live > most_live)
		most_live = live;
	if (*s->at == '@') {
		/* the second half of the lanes has the second cap */
		s->at++;
		init->cap = &caps[info->index > info->lanes / 2];
		init->ncap = 1;
	}
	if (item) {
		buf_addf(init->name, "l%u", info->index);
		init->limit = *s->at >= '1' && *s->at <= '9' ?
		    *s->at++ - '0' : 0;
	}
}

static void
script_end(void *state)
{
	live--;
	free(state);
}

static const struct program script = {
	.next = next, .fork = script_fork, .end = script_end,
};

/* a list of so many items */
struct number {
	int64_t n, at;
};

static enum source_state
number_next(void *state, struct item *item)
{
	struct number *n = state;

	*item = (struct item){ 0 };
	return n->at++ < n->n ? SOURCE_ITEM : SOURCE_OVER;
}

static int64_t
number_count(void *state)
{
	return ((struct number *)state)->n;
}

struct rig {
	struct fake fake;
	struct engine_config config;
	struct script root;
	struct number list[4];
	unsigned nlist;
	int64_t caps[2];		/* 0: there are none */
};

static void
rig_open(struct rig *r, const struct fake_rule *rules)
{
	*r = (struct rig){ 0 };
	live = most_live = 0;
	fake_open(&r->fake, rules);
	fake_config(&r->fake, &r->config);
	r->root.fake = &r->fake;
}

static struct group_spec
rig_group(struct rig *r, const char *name, const char *text, int64_t n,
    int64_t parallel)
{
	struct number *list = &r->list[r->nlist++];

	list->n = n;
	return (struct group_spec){
		.name = name, .program = &script, .state = &r->root,
		.call = text, .parallel = parallel,
		.source = { .state = list, .next = number_next,
		    .count = number_count },
	};
}

static const char *
rig_run(struct rig *r, const struct group_spec *g, size_t n)
{
	static char out[4096];

	r->fake.engine = engine_new(&r->config);
	if (r->caps[0] > 0)
		engine_caps(r->fake.engine, r->caps, 2);
	for (size_t i = 0; i < n; i++)
		engine_add(r->fake.engine, &g[i]);
	fake_begin(&r->fake);
	fake_run(&r->fake, 0);
	ck_assert_uint_eq(live, 0);
	snprintf(out, sizeof(out), "%s", buf_str(&r->fake.log));
	fake_close(&r->fake);
	return out;
}

START_TEST(a_lane_runs_its_program)
{
	struct rig r;
	struct group_spec g;

	rig_open(&r, NULL);
	g = rig_group(&r, "g", "rsr.", 2, 1);
	ck_assert_str_eq(rig_run(&r, &g, 1), "l1:x=exit 0 l1:x=exit 0 l1=ok "
	    "l2:x=exit 0 l2:x=exit 0 l2=ok ");
}
END_TEST

START_TEST(frames_are_told_from_the_top_down)
{
	static const struct fake_rule rules[] = {
		{ "x", "hang" }, { NULL, NULL }
	};
	struct rig r;
	struct group_spec g;

	rig_open(&r, rules);
	/* the lane may take 5 s; a call within a call hangs */
	g = rig_group(&r, "g", "5c!|s!:c!|s!:r!", 1, 1);
	ck_assert_str_eq(rig_run(&r, &g, 1),
	    "<cancelled> l1:x=cancelled <cancelled> <timeout> l1=failed ");
}
END_TEST

START_TEST(a_shielded_frame_is_let_finish)
{
	static const struct fake_rule rules[] = {
		{ "x", "0" }, { NULL, NULL }
	};
	struct rig r;
	struct group_spec g[2];

	rig_open(&r, rules);
	g[0] = rig_group(&r, "a", "S!:rrr.", 1, 1);
	g[1] = rig_group(&r, "b", "sk", 1, 1);
	ck_assert_str_eq(rig_run(&r, g, 2), "l1:x=exit 0 <error> l1=failed "
	    "l1:x=exit 0 l1:x=exit 0 <cancelled> l1=cancelled ");
}
END_TEST

START_TEST(killing_spares_nothing)
{
	static const struct fake_rule rules[] = {
		{ "x", "hang" }, { NULL, NULL }
	};
	struct rig r;
	struct group_spec g;

	rig_open(&r, rules);
	g = rig_group(&r, "a", "S!|S!:r!:rr.", 3, 3);
	r.fake.engine = engine_new(&r.config);
	engine_add(r.fake.engine, &g);
	fake_begin(&r.fake);
	fake_run(&r.fake, 1001);
	ck_assert_uint_eq(sim_live(r.fake.sim), 3);
	engine_stop(r.fake.engine, 60);
	fake_run(&r.fake, 1002);
	ck_assert_uint_eq(sim_live(r.fake.sim), 3);
	engine_kill(r.fake.engine);
	fake_run(&r.fake, 1003);
	ck_assert(engine_is_over(r.fake.engine));
	ck_assert_uint_eq(live, 0);
	fake_close(&r.fake);
}
END_TEST

START_TEST(children_are_limited_and_fair)
{
	struct rig r;
	struct group_spec g;
	const char *log;

	rig_open(&r, NULL);
	r.config.children = 2;
	g = rig_group(&r, "g", "rr.", 5, 5);
	log = rig_run(&r, &g, 1);
	ck_assert_uint_eq(r.fake.most, 2);
	/* each lane has its first turn before one has its second */
	ck_assert_msg(strstr(log, "l5:x=exit 0") < strstr(log, "l1=ok"),
	    "%s", log);
}
END_TEST

START_TEST(parallel_is_of_the_group_and_of_the_job)
{
	struct rig r;
	struct group_spec g[2];

	rig_open(&r, NULL);
	r.config.parallel = 3;
	g[0] = rig_group(&r, "a", "r.", 6, 2);
	g[1] = rig_group(&r, "b", "r.", 6, 2);
	rig_run(&r, g, 2);
	ck_assert_uint_eq(r.fake.most, 3);
	rig_open(&r, NULL);
	g[0] = rig_group(&r, "a", "r.", 10, 50);
	g[0].parallel_percent = true;
	rig_run(&r, g, 1);
	ck_assert_uint_eq(r.fake.most, 5);
}
END_TEST

START_TEST(caps_hold_back_only_those_that_have_them)
{
	struct rig r;
	struct group_spec g[3];
	const char *log;

	rig_open(&r, NULL);
	r.caps[0] = 1;
	r.caps[1] = 3;
	g[0] = rig_group(&r, "g", "@r.", 12, 10);
	log = rig_run(&r, &g[0], 1);
	/* one of the first half and three of the second */
	ck_assert_uint_eq(r.fake.most, 4);
	ck_assert_msg(strstr(log, "l1=ok") && strstr(log, "l6=ok") &&
	    strstr(log, "l12=ok"), "%s", log);
	ck_assert_msg(strstr(log, "l9=ok") < strstr(log, "l3=ok"), "%s", log);

	/* they hold for all groups together, and not for those without */
	rig_open(&r, NULL);
	r.caps[0] = r.caps[1] = 2;
	g[0] = rig_group(&r, "a", "@r.", 8, 8);
	g[1] = rig_group(&r, "b", "@rr.", 8, 8);
	g[2] = rig_group(&r, "c", "r.", 3, 8);
	rig_run(&r, g, 3);
	ck_assert_uint_eq(r.fake.most, 7);
}
END_TEST

START_TEST(caps_do_not_read_a_list_to_its_end)
{
	struct rig r;
	struct group_spec g;

	rig_open(&r, NULL);
	r.caps[0] = r.caps[1] = 2;
	g = rig_group(&r, "a", "@r.", 10000, 32);
	r.fake.bare = true;
	rig_run(&r, &g, 1);
	ck_assert_uint_ge(r.fake.most, 2);
	ck_assert_uint_le(r.fake.most, 4);
	ck_assert_uint_le(most_live, 1100);
}
END_TEST

START_TEST(draining_drops_what_was_put_aside)
{
	struct rig r;
	struct group_spec g[2];

	rig_open(&r, NULL);
	r.caps[0] = r.caps[1] = 1;
	g[0] = rig_group(&r, "a", "@sr.", 20, 10);
	g[1] = rig_group(&r, "b", "d", 1, 1);
	ck_assert_str_eq(rig_run(&r, g, 2), "<error> l1=failed "
	    "l1:x=exit 0 l1=ok l11:x=exit 0 l11=ok a=unstarted(18) ");
}
END_TEST

START_TEST(draining_lets_lanes_finish)
{
	struct rig r;
	struct group_spec g[2];

	rig_open(&r, NULL);
	g[0] = rig_group(&r, "a", "srr.", 1, 1);
	g[1] = rig_group(&r, "b", "sd", 3, 1);
	ck_assert_str_eq(rig_run(&r, g, 2), "<error> l1=failed "
	    "b=unstarted(2) l1:x=exit 0 l1:x=exit 0 l1=ok ");
}
END_TEST

START_TEST(calls_have_a_depth)
{
	struct rig r;
	struct group_spec g;

	rig_open(&r, NULL);
	r.config.depth = 2;
	g = rig_group(&r, "g", "c.:c.:c.:r.", 1, 1);
	/* the third call is refused: nothing is run */
	ck_assert_str_eq(rig_run(&r, &g, 1), "l1=ok ");
}
END_TEST

void
unit_engine(Suite *s)
{
	TCase *tc = tcase_create("engine");

	tcase_add_test(tc, a_lane_runs_its_program);
	tcase_add_test(tc, frames_are_told_from_the_top_down);
	tcase_add_test(tc, a_shielded_frame_is_let_finish);
	tcase_add_test(tc, killing_spares_nothing);
	tcase_add_test(tc, children_are_limited_and_fair);
	tcase_add_test(tc, parallel_is_of_the_group_and_of_the_job);
	tcase_add_test(tc, caps_hold_back_only_those_that_have_them);
	tcase_add_test(tc, caps_do_not_read_a_list_to_its_end);
	tcase_add_test(tc, draining_drops_what_was_put_aside);
	tcase_add_test(tc, draining_lets_lanes_finish);
	tcase_add_test(tc, calls_have_a_depth);
	suite_add_tcase(s, tc);
}
