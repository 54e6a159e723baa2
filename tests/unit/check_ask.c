/* SPDX-License-Identifier: ISC */
/* commands that ask the engine for messages: no processes, no sockets */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "model/event.h"
#include "model/plan.h"
#include "model/request.h"
#include "transport/local.h"
#include "unit.h"

/*
 * Two lanes, 0 and 1, that run a command each until it is ended; both may
 * do with the channels what the rig says.  Replies are noted as "CLIENT
 * STATUS TEXT", ends of lanes as "over N".
 */
enum { LANES = 2, CHANNELS = 2 };

struct rig {
	struct engine *engine;
	struct runner_up up;
	struct runner runner;
	struct bus bus;
	struct buf log;
	double now;
	token_t work[LANES];	/* 0: none */
	token_t woken;		/* by a timer that was set last */
	double wake_at;		/* < 0: it was taken back */
	unsigned started;
	bool again[LANES];	/* its item was given */
};

struct command_state {
	struct rig *rig;
	bool ran;
};

static void
next(void *state, struct result *last, struct action *a)
{
	static const char *const argv[] = { "x", NULL };
	struct command_state *s = state;

	a->result = result_made(ST_OK, "");
	if (last || s->ran) {
		a->kind = ACT_END;
		a->end = FRAME_OK;
		return;
	}
	s->ran = true;
	a->kind = ACT_RUN;
	a->run.argv = argv;
	a->run.watch = STREAM_OUT;
	a->run.sends = true;
}

static void
lane_fork(void *state, const void *call, const struct lane_info *info,
    const struct item *item, struct frame_init *init)
{
	struct command_state *s = mem_calloc(1, sizeof(*s));

	(void)call, (void)info, (void)item;
	s->rig = state;
	init->state = s;
	buf_adds(init->name, "lane");
}

static enum line_verdict
on_line(void *state, unsigned stream, const char *text, size_t len,
    unsigned flags, bool again, struct action *a)
{
	(void)state, (void)stream, (void)text, (void)len, (void)flags;
	(void)again, (void)a;
	return LINE_RELEASE;
}

/* the name of a channel is its number */
static void
ask(void *state, const struct request *q, struct reply *r)
{
	(void)state;
	r->channel = (uint32_t)(q->name[0] - '0');
	if (r->channel >= CHANNELS)
		*r = (struct reply){
			.status = REPLY_REFUSED, .data = "no", .len = 2
		};
}

static const struct program program = {
	.next = next, .fork = lane_fork, .line = on_line, .ask = ask,
	.end = free,
};

/* --- the runner ---------------------------------------------------------- */

static int
start(void *arg, token_t t, const struct launch *l)
{
	struct rig *r = arg;

	ck_assert(l->asks);
	ck_assert_uint_lt(r->started, LANES);
	r->work[r->started++] = t;
	return 0;
}

static void
stop(void *arg, token_t t, enum stop_why why)
{
	(void)arg, (void)t, (void)why;
}

static void
wake(void *arg, token_t t, double seconds)
{
	struct rig *r = arg;

	r->woken = t;
	r->wake_at = seconds < 0 ? -1 : r->now + seconds;
}

static void
hold(void *arg, token_t t, unsigned streams, bool on)
{
	(void)arg, (void)t, (void)streams, (void)on;
}

static double
now(void *arg)
{
	return ((struct rig *)arg)->now;
}

static void
reply(void *arg, token_t client, const struct reply *r)
{
	static const char *const status[] = {
		"done", "unset", "refused", "closed", "timeout"
	};
	struct rig *rig = arg;

	buf_addf(&rig->log, "%u %s %.*s|", token_index(client),
	    status[r->status], (int)r->len, r->data ? r->data : "");
}

static int
on_event(void *arg, const struct event *ev)
{
	struct rig *r = arg;

	if (ev->type == EVT_WARN)
		buf_addf(&r->log, "warning %.*s|", (int)ev->len, ev->text);
	if (ev->type == EVT_LANE_END)
		buf_adds(&r->log, "over|");
	return 0;
}

/* --- the rig ------------------------------------------------------------- */

static enum source_state
one(void *state, struct item *item)
{
	bool *given = state;

	*item = (struct item){ 0 };
	if (*given)
		return SOURCE_OVER;
	*given = true;
	return SOURCE_ITEM;
}

static int64_t
count(void *state)
{
	(void)state;
	return 1;
}

static void
turn(struct rig *r)
{
	while (engine_turn(r->engine))
		;
}

/* "0>1<" of a lane: it may send to channel 0 and receive from channel 1 */
static void
kind(const char *may, struct lane_kind *k, uint32_t *list)
{
	*k = (struct lane_kind){ .sends = list, .receives = list + 4 };
	for (; *may; may += 2) {
		uint32_t c = (uint32_t)(may[0] - '0');

		if (may[1] == '>')
			list[k->nsends++] = c;
		else
			list[4 + k->nreceives++] = c;
	}
}

static struct lane_kind kinds[LANES];
static uint32_t lists[LANES][8];
static struct channel_spec channels[CHANNELS];

static void
open_rig(struct rig *r, const char *first, const char *second,
    int64_t capacity)
{
	struct sink sink = { .name = "log", .arg = r, .event = on_event };
	struct engine_config c = {
		.name = "job", .bus = &r->bus, .transport[REACH_LOCAL] = &transport_local,
		.children = 9, .depth = 9
	};

	*r = (struct rig){ 0 };
	bus_add(&r->bus, &sink);
	kind(first, &kinds[0], lists[0]);
	kind(second, &kinds[1], lists[1]);
	for (int i = 0; i < CHANNELS; i++)
		channels[i] = (struct channel_spec){
			.name = i ? "one" : "zero", .capacity = capacity
		};
	r->engine = engine_new(&c);
	engine_kinds(r->engine, kinds, LANES);
	engine_channels(r->engine, channels, CHANNELS);
	for (uint32_t i = 0; i < LANES; i++)
		engine_add(r->engine, &(struct group_spec){
			.name = i ? "b" : "a", .program = &program,
			.state = r, .lone = true, .kind = i, .source = {
			.state = &r->again[i], .next = one, .count = count
		} });
	r->up = engine_up(r->engine);
	r->runner = (struct runner){
		.arg = r, .start = start, .stop = stop, .wake = wake,
		.hold = hold, .now = now, .reply = reply
	};
	engine_begin(r->engine, &r->runner);
	turn(r);
	ck_assert_uint_eq(r->started, LANES);
}

static void
close_rig(struct rig *r)
{
	bus_close(&r->bus);
	engine_free(r->engine);
	buf_fini(&r->log);
}

/* what was noted since the last time */
static const char *
noted(struct rig *r)
{
	static char text[1024];

	turn(r);
	snprintf(text, sizeof(text), "%.*s", (int)r->log.len,
	    r->log.data ? r->log.data : "");
	buf_clear(&r->log);
	return text;
}

static void
request(struct rig *r, int lane, uint32_t client, enum request_kind kind_,
    const char *channel, const char *text, uint32_t ms)
{
	struct request q = {
		.kind = kind_, .name = channel, .nname = strlen(channel),
		.data = text, .len = strlen(text), .wait_ms = ms
	};

	r->up.asked(r->up.arg, client, r->work[lane], &q);
}

#define SEND(lane, client, text) \
	(request(&r, lane, client, REQUEST_SEND, "0", text, 0), noted(&r))
#define RECEIVE(lane, client) \
	(request(&r, lane, client, REQUEST_RECEIVE, "0", "", 0), noted(&r))
#define TAKEN(lane, client) \
	(request(&r, lane, client, REQUEST_TAKEN, "", "", 0), noted(&r))

static void
ends(struct rig *r, int lane)
{
	struct result res = result_made(ST_OK, "");

	res.tail = "";
	r->up.done(r->up.arg, r->work[lane], &res);
}

static void
left(struct rig *r, uint32_t client)
{
	r->up.left(r->up.arg, client);
}

START_TEST(messages_come_in_order)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 64);
	ck_assert_str_eq(SEND(0, 1, "a"), "1 done |");
	ck_assert_str_eq(SEND(0, 1, "b"), "1 done |");
	ck_assert_str_eq(RECEIVE(1, 2), "2 done a|");
	ck_assert_str_eq(TAKEN(1, 2), "2 done |");
	ck_assert_str_eq(RECEIVE(1, 2), "2 done b|");
	ck_assert_str_eq(TAKEN(1, 2), "2 done |");
	/* there is none: it waits, and so does another */
	ck_assert_str_eq(RECEIVE(1, 2), "");
	ck_assert_str_eq(RECEIVE(1, 3), "");
	ck_assert_str_eq(SEND(0, 1, "c"), "2 done c|1 done |");
	ck_assert_str_eq(SEND(0, 1, "d"), "3 done d|1 done |");
	close_rig(&r);
}
END_TEST

START_TEST(who_finds_it_full_waits)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 1);
	ck_assert_str_eq(SEND(0, 1, "a"), "1 done |");
	ck_assert_str_eq(SEND(0, 1, "b"), "");
	ck_assert_str_eq(RECEIVE(1, 2), "2 done a|1 done |");
	ck_assert_str_eq(TAKEN(1, 2), "2 done |");
	ck_assert_str_eq(RECEIVE(1, 2), "2 done b|");
	close_rig(&r);
	/* a hand-over waits for who takes it */
	open_rig(&r, "0>", "0<", 0);
	ck_assert_str_eq(SEND(0, 1, "a"), "");
	ck_assert_str_eq(RECEIVE(1, 2), "2 done a|1 done |");
	close_rig(&r);
}
END_TEST

START_TEST(a_message_is_never_lost)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 64);
	/* one that waited and is gone gets none */
	RECEIVE(1, 2);
	left(&r, 2);
	ck_assert_str_eq(SEND(0, 1, "a"), "1 done |");
	ck_assert_str_eq(SEND(0, 1, "b"), "1 done |");
	/* one that did not say that it has it gives it back */
	ck_assert_str_eq(RECEIVE(1, 3), "3 done a|");
	left(&r, 3);
	ck_assert_str_eq(RECEIVE(1, 4), "4 done a|");
	/* … to one that waits */
	ck_assert_str_eq(RECEIVE(1, 5), "5 done b|");
	ck_assert_str_eq(RECEIVE(1, 6), "");
	left(&r, 4);
	ck_assert_str_eq(noted(&r), "6 done a|");
	ck_assert_str_eq(TAKEN(1, 6), "6 done |");
	left(&r, 6);
	left(&r, 5);
	ck_assert_str_eq(RECEIVE(1, 7), "7 done b|");
	/* a sender that is gone has sent nothing */
	ck_assert_str_eq(TAKEN(1, 7), "7 done |");
	close_rig(&r);
	open_rig(&r, "0>", "0<", 1);
	SEND(0, 1, "a");
	ck_assert_str_eq(SEND(0, 2, "b"), "");
	ck_assert_str_eq(SEND(0, 3, "c"), "");
	left(&r, 2);
	ck_assert_str_eq(RECEIVE(1, 4), "4 done a|3 done |");
	TAKEN(1, 4);
	ck_assert_str_eq(RECEIVE(1, 4), "4 done c|");
	close_rig(&r);
}
END_TEST

START_TEST(nobody_can_send_any_more)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 64);
	ck_assert_str_eq(RECEIVE(1, 2), "");
	ends(&r, 0);
	ck_assert_str_eq(noted(&r), "over|2 closed the channel is closed|");
	ck_assert_str_eq(RECEIVE(1, 3),
	    "3 closed the channel is closed|");
	close_rig(&r);
	/* what is not confirmed may still come back */
	open_rig(&r, "0>", "0<", 64);
	SEND(0, 1, "a");
	ck_assert_str_eq(RECEIVE(1, 2), "2 done a|");
	ck_assert_str_eq(RECEIVE(1, 3), "");
	ends(&r, 0);
	ck_assert_str_eq(noted(&r), "over|");
	left(&r, 2);
	ck_assert_str_eq(noted(&r), "3 done a|");
	ck_assert_str_eq(RECEIVE(1, 4), "");
	ck_assert_str_eq(TAKEN(1, 3),
	    "3 done |4 closed the channel is closed|");
	close_rig(&r);
	/* nobody receives any more */
	open_rig(&r, "0>", "0<", 1);
	SEND(0, 1, "a");
	ck_assert_str_eq(SEND(0, 1, "b"), "");
	ends(&r, 1);
	ck_assert_str_eq(noted(&r), "over|1 closed the channel is closed|");
	close_rig(&r);
}
END_TEST

START_TEST(all_who_wait_for_one_another)
{
	struct rig r;

	/* each could send, but both wait */
	open_rig(&r, "0>0<", "0>0<", 64);
	ck_assert_str_eq(RECEIVE(0, 1), "");
	ck_assert_str_eq(RECEIVE(1, 2), "1 closed the channel is closed|"
	    "2 closed the channel is closed|");
	close_rig(&r);
	/* a full channel grows when nothing else can go on */
	open_rig(&r, "0>1<", "1>0<", 1);
	SEND(0, 1, "a");
	ck_assert_str_eq(SEND(0, 1, "b"), "");
	request(&r, 1, 2, REQUEST_SEND, "1", "x", 0);
	ck_assert_str_eq(noted(&r), "2 done |");
	request(&r, 1, 2, REQUEST_SEND, "1", "y", 0);
	ck_assert_str_eq(noted(&r), "warning channel 'zero' is full and "
	    "nothing can go on: its capacity is now 2|1 done |");
	close_rig(&r);
	/* hand-overs that cross are a deadlock */
	open_rig(&r, "0>1<", "1>0<", 0);
	ck_assert_str_eq(SEND(0, 1, "a"), "");
	request(&r, 1, 2, REQUEST_SEND, "1", "x", 0);
	ck_assert_ptr_nonnull(strstr(noted(&r), "1 refused deadlock: a "
	    "command of lane waits to send to 'zero'"));
	close_rig(&r);
}
END_TEST

START_TEST(a_wait_may_have_its_time)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 64);
	request(&r, 1, 2, REQUEST_RECEIVE, "0", "", 1500);
	ck_assert_str_eq(noted(&r), "");
	ck_assert_double_eq_tol(r.wake_at, 1.5, 1e-9);
	r.up.woken(r.up.arg, r.woken);
	ck_assert_str_eq(noted(&r), "2 timeout |");
	/* and is taken back when there is a message */
	request(&r, 1, 2, REQUEST_RECEIVE, "0", "", 1500);
	ck_assert_str_eq(SEND(0, 1, "a"), "2 done a|1 done |");
	ck_assert_double_lt(r.wake_at, 0);
	close_rig(&r);
}
END_TEST

START_TEST(a_step_that_ends_takes_its_commands_along)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 64);
	SEND(0, 1, "a");
	RECEIVE(1, 2);
	ck_assert_str_eq(RECEIVE(1, 3), "");
	ends(&r, 1);
	ck_assert_str_eq(noted(&r), "3 refused the step of this command has "
	    "ended|over|");
	ck_assert_str_eq(RECEIVE(1, 4), "4 refused the step of this command "
	    "has ended|");
	ck_assert_str_eq(TAKEN(1, 2), "2 refused there is no message to "
	    "confirm|");
	left(&r, 2);
	left(&r, 4);
	close_rig(&r);
}
END_TEST

START_TEST(a_released_command_may_still_send)
{
	struct rig r;

	open_rig(&r, "0>0<", "", 64);
	ends(&r, 1);
	noted(&r);
	r.up.line(r.up.arg, r.work[0], STREAM_OUT, "go", 2, 0);
	ck_assert_str_eq(noted(&r), "");
	ck_assert_str_eq(SEND(0, 1, "a"), "1 done |");
	ck_assert_str_eq(RECEIVE(0, 2), "2 done a|");
	ck_assert_str_eq(TAKEN(0, 2), "2 done |");
	ends(&r, 0);
	ck_assert_str_eq(noted(&r), "over|");
	close_rig(&r);
}
END_TEST

START_TEST(one_thing_at_a_time)
{
	struct rig r;

	open_rig(&r, "0>", "0<", 64);
	request(&r, 1, 2, REQUEST_RECEIVE, "9", "", 0);
	ck_assert_str_eq(noted(&r), "2 refused no|");
	SEND(0, 1, "a");
	RECEIVE(1, 2);
	ck_assert_str_eq(RECEIVE(1, 2), "2 refused this cannot be asked now|");
	ck_assert_str_eq(TAKEN(1, 7), "7 refused there is no message to "
	    "confirm|");
	close_rig(&r);
}
END_TEST

void
unit_ask(Suite *s)
{
	TCase *tc = tcase_create("ask");

	tcase_add_test(tc, messages_come_in_order);
	tcase_add_test(tc, who_finds_it_full_waits);
	tcase_add_test(tc, a_message_is_never_lost);
	tcase_add_test(tc, nobody_can_send_any_more);
	tcase_add_test(tc, all_who_wait_for_one_another);
	tcase_add_test(tc, a_wait_may_have_its_time);
	tcase_add_test(tc, a_step_that_ends_takes_its_commands_along);
	tcase_add_test(tc, a_released_command_may_still_send);
	tcase_add_test(tc, one_thing_at_a_time);
	suite_add_tcase(s, tc);
}
