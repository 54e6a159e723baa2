/* SPDX-License-Identifier: ISC */
/*
 * Runs that are broken off and resumed: behind every event, and what comes
 * out is what an undisturbed run comes to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fake.h"
#include "recall.h"
#include "unit.h"

static const struct fake_rule plain[] = { { NULL, NULL } };

struct whole {
	struct buf shown, said;
	bool top;		/* without lanes that lanes have started */
	unsigned events;
};

static void
undisturbed(struct whole *w, const char *job, const struct fake_rule *rules,
    bool top)
{
	struct recall k;

	*w = (struct whole){ .top = top };
	recall_open(&k);
	fake_job_more(job, rules, &(struct fake_more){ .recall = &k });
	recall_show(&k, &w->shown, top);
	buf_adds(&w->said, buf_str(&k.said));
	w->events = k.events;
	ck_assert_uint_gt(w->events, 0);
	recall_close(&k);
}

/* all that the undisturbed run said was said, and nothing else */
static void
check_said(struct whole *w, const char *said, unsigned at)
{
	char *one = strdup(buf_str(&w->said));

	for (char *save, *s = strtok_r(one, "'", &save); s;
	    s = strtok_r(NULL, "'", &save))
		ck_assert_msg(strstr(said, s) != NULL,
		    "broken off at %u: '%s' not said in: %s", at, s, said);
	free(one);
}

/* broken off behind event `at`, then resumed to the end */
static void
broken_off(struct whole *w, const char *job,
    const struct fake_rule *rules, unsigned at, unsigned again, bool gently)
{
	struct fake_more more = { 0 };
	struct buf shown = { 0 };
	struct recall k;

	recall_open(&k);
	more.recall = &k;
	k.stop_at = at;
	k.interrupts = gently;
	fake_job_more(job, rules, &more);
	recall_again(&k);
	/* and once more, while it is on its way */
	if (again > 0) {
		k.stop_at = again;
		fake_job_more(job, rules, &more);
		recall_again(&k);
	}
	fake_job_more(job, rules, &more);
	recall_show(&k, &shown, w->top);
	if (strcmp(buf_str(&shown), buf_str(&w->shown)) != 0) {
		fprintf(stderr, "%s\nbroken off at %u, %u%s:\n%s\n"
		    "instead of:\n%s\n", job, at, again, gently ?
		    ", gently" : "", buf_str(&shown), buf_str(&w->shown));
		ck_abort_msg("resumed, it came to something else");
	}
	ck_assert_msg(k.wrong.len == 0, "broken off at %u: again %s", at,
	    buf_str(&k.wrong));
	if (!w->top)
		check_said(w, buf_str(&k.said), at);
	buf_fini(&shown);
	recall_close(&k);
}

static void
everywhere(const char *job, const struct fake_rule *rules)
{
	struct whole w;

	undisturbed(&w, job, rules, false);
	for (unsigned at = 1; at <= w.events; at++) {
		broken_off(&w, job, rules, at, 0, false);
		broken_off(&w, job, rules, at, 1, false);
		broken_off(&w, job, rules, at, 3, false);
		broken_off(&w, job, rules, at, 0, true);
		broken_off(&w, job, rules, at, 2, true);
	}
	buf_fini(&w.shown);
	buf_fini(&w.said);
}

START_TEST(branches_tries_and_jumps)
{
	static const struct fake_rule rules[] = {
		{ "x", "3" }, { "y", "1 1 0" }, { "m", "32 0" },
		{ NULL, NULL }
	};

	everywhere("[sequence s]\nrun = x\non 3 = goto b\nrun = a\n"
	    "step = b\nrun = y\nretry = 4 every 5s\nstep = m\nrun = m\n"
	    "on 32 = call fix then retry\nsay = ${code}\nrun = z\n"
	    "when = m.code == 0\nrun = no\nwhen = m.code == 1\n"
	    "say = ${result} ${attempt}\n"
	    "[routine fix]\nrun = fsck\nset fixed = yes\n", rules);
}
END_TEST

START_TEST(captures_of_all_kinds)
{
	static const struct fake_rule rules[] = {
		{ "x", "text/0" }, { "j", "{\"a\":[7,8]}/0" },
		{ "p", "A=b/0" }, { NULL, NULL }
	};

	everywhere("[sequence s]\nrun = x\ncapture t = stdout\n"
	    "run = j\ncapture d = json\nrun = p\ncapture p = pairs\n"
	    "let n = d.a.1 + 1\nset u = ${t}-${p_A}\nsay = ${u} ${n} ${d.a.0}\n"
	    "run = q\nsay = ${t} ${d} ${p_A} ${n} ${u} end\n", rules);
}
END_TEST

START_TEST(what_is_let_is_not_asked_again)
{
	char path[] = "/tmp/pseq-replay-XXXXXX", job[256];
	int fd = mkstemp(path);
	struct recall k;

	ck_assert_int_ne(fd, -1);
	snprintf(job, sizeof(job), "[sequence s]\nlet e = exists \"%s\"\n"
	    "run = x\nsay = it was ${e}\n", path);
	recall_open(&k);
	k.stop_at = 3;
	fake_job_more(job, plain, &(struct fake_more){ .recall = &k });
	unlink(path);
	recall_again(&k);
	fake_job_more(job, plain, &(struct fake_more){ .recall = &k });
	ck_assert_str_eq(buf_str(&k.said), "'it was 1' ");
	recall_close(&k);
}
END_TEST

START_TEST(calls_within_calls)
{
	static const struct fake_rule rules[] = {
		{ "x", "v/0" }, { "bad", "9" }, { NULL, NULL }
	};

	everywhere("[sequence s]\ncall = a p=1\nsay = ${v} ${q}\n"
	    "call = c\non 9 = next\nsay = ${step} ${code}\nrun = end\n"
	    "[routine a]\nparams = p\nset q = a${p}\ncall = b p=${q}\n"
	    "call = b p=2\nsay = ${p} ${v}\n"
	    "[routine b]\nparams = p\nrun = x\ncapture v = stdout\n"
	    "set q = b${p}\n"
	    "[routine c]\nrescue = h\nalways = h\nrun = y\nstep = it\nrun = bad\n"
	    "[routine h]\nrun = h\nsay = ${step} ${result}\n", rules);
}
END_TEST

START_TEST(loops_are_told_by_their_entries)
{
	static const struct fake_rule rules[] = {
		{ "x", "1 2 3 0" }, { NULL, NULL }
	};

	everywhere("[vars]\nn = 0\n[sequence s]\nstep = a\nlet n = n + 1\n"
	    "run = y\nstep = b\nrun = x\non 0 = next\non any = goto a\n"
	    "say = ${n}\n", rules);
}
END_TEST

START_TEST(calls_over_lists)
{
	static const struct fake_rule rules[] = {
		{ "x", "v/0" }, { "bad", "1" }, { NULL, NULL }
	};

	everywhere("[sequence s]\ncall = r v=${i}\neach i = a b c\n"
	    "parallel = 2\ncollect all = w\nsay = ${all}\nrun = y\n"
	    "call = f\neach i = a b\nparallel = 1\nmax-fail = 0\n"
	    "on fail = next\nsay = ${code}\n"
	    "[routine r]\nparams = v\nrun = x\nset w = ${v}${index}\nrun = z\n"
	    "[routine f]\nrun = bad\n", rules);
}
END_TEST

START_TEST(lanes_that_were_spawned)
{
	everywhere("[sequence s]\nset v = 1\nspawn = r as a\neach i = x y\n"
	    "collect all = v\nset v = 2\nspawn = r as b\nrun = own\n"
	    "join = a\nsay = ${all}\nrun = more\nset v = 3\n"
	    "[routine r]\nrun = z\nset v = ${v}!\nrun = zz\n", plain);
}
END_TEST

START_TEST(once_is_shared_with_those_of_before)
{
	static const struct fake_rule rules[] = {
		{ "x", "v/0" }, { "f", "1 0" }, { NULL, NULL }
	};

	/* one after the other, so that it is always the same that leads */
	everywhere("[sequence s]\neach i = a b c\nparallel = 1\nrun = x\n"
	    "once = yes\ncapture v = stdout\nsay = ${i} ${v}\nrun = y\n"
	    "run = f\nonce = yes\nretry = 1\n", rules);
	/* all at once: they come to it in their order */
	everywhere("[sequence s]\neach i = a b c\nparallel = 3\n"
	    "run = x\nonce = yes\ncapture v = stdout\nsay = ${i} ${v}\n",
	    rules);
}
END_TEST

START_TEST(rescue_and_always_go_on)
{
	static const struct fake_rule rules[] = {
		{ "bad", "9" }, { "ill", "8" }, { NULL, NULL }
	};

	everywhere("[sequence s]\nrescue = r\nalways = a\nrun = x\n"
	    "step = it\nrun = bad\n[routine r]\nrun = r1\nrun = ill\n"
	    "on 8 = next\nsay = ${step} ${code}\nfinish = mended\n"
	    "[routine a]\nrun = a1\nsay = ${result} and\nrun = a2\n", rules);
}
END_TEST

START_TEST(a_lane_that_took_too_long)
{
	static const struct fake_rule rules[] = {
		{ "x", "hang" }, { NULL, NULL }
	};

	everywhere("[sequence s]\nlane-timeout = 10s\nrescue = r\n"
	    "always = a\nrun = w\ncall = deep\nrun = never\n"
	    "[routine deep]\nalways = a\nrun = x\n"
	    "[routine r]\nrun = r1\nsay = ${result} ${step}\nrun = r2\n"
	    "[routine a]\nrun = a1\nsay = then ${result}\n", rules);
	everywhere("[sequence s]\ncall = deep\ntimeout = 5s\n"
	    "on timeout = next\nrun = y\n"
	    "[routine deep]\nrescue = r\nrun = w\nrun = x\n"
	    "[routine r]\nrun = r1\nrun = r2\n", rules);
}
END_TEST

START_TEST(lines_that_ended_a_step)
{
	static const struct fake_rule rules[] = {
		{ "x", "full/hang" }, { NULL, NULL }
	};

	everywhere("[sequence s]\nrun = x\non line = (fu)ll -> set v\n"
	    "on line = f(ul) -> kill then goto e\nrun = no\n"
	    "step = e\nsay = ${v}\nrun = y\nrun = x\n"
	    "on line = (u)l -> fail no ${match}\nrun = never\n", rules);
}
END_TEST

START_TEST(messages_and_the_loops_they_feed)
{
	everywhere("[channel c]\n[sequence send]\nsend c = one\nrun = x\n"
	    "send c = two\nrun = y\nsend c = three\n"
	    "[sequence take]\nstep = t\nreceive c = m\non closed = finish\n"
	    "visits = 2\nrun = z\nvisits = 9\nsay = got ${m}\nvisits = 9\n"
	    "goto = t\nvisits = 9\n", plain);
}
END_TEST

START_TEST(barriers_that_are_behind)
{
	everywhere("[sequence s]\neach i = a b c\nparallel = 3\nrun = x\n"
	    "barrier = b\nrun = y\nbarrier = b\nsay = ${i}\n", plain);
}
END_TEST

START_TEST(waves_and_rounds)
{
	everywhere("[sequence s]\neach i range = 1..5\nserial = 1, 2\n"
	    "run = x\nsay = ${wave} ${index} ${lanes}\n", plain);
	everywhere("[sequence s]\neach i = a b\nrepeat = 3\nevery = 1h\n"
	    "run = x\nsay = ${i}\n", plain);
}
END_TEST

START_TEST(failures_of_before_count)
{
	static const struct fake_rule rules[] = {
		{ "x", "0 1" }, { "slow", "0" }, { NULL, NULL }
	};

	/* those that had begun go on, those that had not never begin */
	everywhere("[sequence s]\neach i range = 1..6\nparallel = 1\n"
	    "max-fail = 1\nrun = x\nrun = y\n", rules);
	everywhere("[job]\nmax-fail = 0\n[sequence t]\nrun = a\nrun = b\n"
	    "run = c\nrun = d\nrun = e\n"
	    "[sequence s]\neach i range = 1..4\nparallel = 1\nrun = x\n"
	    "run = y\n", rules);
	everywhere("[sequence t]\nrun = a\nrun = b\nrun = c\nrun = d\n"
	    "[sequence s]\neach i range = 1..4\nparallel = 1\nrun = x\n"
	    "on 1 = drain enough\nrun = y\n", rules);
}
END_TEST

START_TEST(lists_of_the_start)
{
	static const struct fake_rule rules[] = {
		{ "get", "v/0" }, { "tell", "w/0" }, { NULL, NULL }
	};

	everywhere("[vars]\nv output = get\nw output = tell\n[sequence s]\n"
	    "run = x\nsay = ${v} ${w}\n", rules);
}
END_TEST

/* broken off behind event `at`; told of the rest in *k, to be closed */
static const char *
resumed(struct recall *k, const char *job, const struct fake_rule *rules,
    unsigned at)
{
	struct fake_more more = { .recall = k, .why = true };
	const char *log;

	recall_open(k);
	k->stop_at = at;
	fake_job_more(job, rules, &more);
	recall_again(k);
	k->starts = 0;
	buf_clear(&k->why);
	buf_clear(&k->said);
	log = fake_job_more(job, rules, &more);
	ck_assert_str_eq(buf_str(&k->wrong), "");
	return log;
}

START_TEST(a_secret_is_found_out_again)
{
	static const struct fake_rule rules[] = {
		{ "token", "hush-hush/0" }, { NULL, NULL }
	};
	static const char job[] = "[secrets]\nt capture =\n[sequence s]\n"
	    "run = w\nrun = token\ncapture t = stdout\nrun = x\n"
	    "run = use\nsecret = t\n";
	struct recall k;

	everywhere(job, rules);
	/* lane, w, token, x; then it begins with what is to be hidden */
	resumed(&k, job, rules, 7);
	ck_assert_uint_eq(k.starts, 2);
	ck_assert_str_eq(buf_str(&k.why), "s:w(ended before: ok) "
	    "s:token(its capture is a secret: runs again) "
	    "s:x(ended before: ok) s:use(was not reached before) ");
	recall_close(&k);
	/* it may have been captured for all, by one that is over */
	ck_assert_str_eq(resumed(&k, "[secrets]\nt capture =\n[sequence s]\n"
	    "each i = a b\nparallel = 1\nrun = token\nonce = yes\n"
	    "capture t = stdout\nrun = use\nsecret = t\n", rules, 9),
	    "s[b]:token=ok s[b]:use=ok s[b]=ok");
	recall_close(&k);
}
END_TEST

START_TEST(a_server_is_released_again)
{
	static const struct fake_rule rules[] = {
		{ "server", "ready/hang" }, { NULL, NULL }
	};
	static const char job[] = "[sequence s]\nrun = server\n"
	    "on line = ready -> release\nrun = a\nrun = b\n";
	struct recall k;

	everywhere(job, rules);
	resumed(&k, job, rules, 5);
	ck_assert_uint_eq(k.starts, 2);
	ck_assert_str_eq(buf_str(&k.why), "s:server(its process was "
	    "released: runs again) s:a(ended before: ok) "
	    "s:b(was not reached before) ");
	recall_close(&k);
}
END_TEST

START_TEST(rerun_no_never_runs_again)
{
	static const char job[] = "[sequence s]\nrescue = r\ncall = c\n"
	    "retry = 3\non fail = next\nrun = never\n[routine c]\nrun = a\n"
	    "run = pay\nrerun = no\non any = retry\nretry = 5\n"
	    "[routine r]\nsay = ${step} ${result}: ${message}\n";
	static const char once[] = "[sequence s]\neach i = a b\n"
	    "parallel = 1\nrun = pay\nonce = yes\nrerun = no\n";
	struct recall k;

	/* lane, a, pay begun */
	ck_assert_str_eq(resumed(&k, job, plain, 4), "s:pay=error "
	    "s:call c=error 'pay error: was started before the run was "
	    "interrupted, and 'rerun = no'' s:say ${step} ${result}: "
	    "${message}=ok s=failed");
	ck_assert_uint_eq(k.starts, 0);
	ck_assert_str_eq(buf_str(&k.said), "'pay error: was started before "
	    "the run was interrupted, and 'rerun = no'' ");
	recall_close(&k);
	/* it was not begun */
	resumed(&k, "[sequence s]\nrun = a\nrun = pay\nrerun = no\nrun = b\n",
	    plain, 3);
	ck_assert_uint_eq(k.starts, 2);
	recall_close(&k);
	/* nor by another lane that would do it for all */
	ck_assert_str_eq(resumed(&k, once, plain, 2), "s[a]:pay=error "
	    "s[a]=failed s[b]:pay=error s[b]=failed");
	ck_assert_uint_eq(k.starts, 0);
	recall_close(&k);
}
END_TEST

START_TEST(rerun_no_is_stronger_than_a_secret)
{
	static const struct fake_rule rules[] = {
		{ "token", "hush-hush/0" }, { NULL, NULL }
	};
	struct recall k;

	ck_assert_str_eq(resumed(&k, "[secrets]\nt capture =\n[sequence s]\n"
	    "run = token\ncapture t = stdout\nrerun = no\nrun = x\n", rules, 3),
	    "s:token=error s=failed");
	recall_close(&k);
	ck_assert_str_eq(resumed(&k, "[secrets]\nt capture =\n[sequence s]\n"
	    "each i = a b\nparallel = 1\nrun = token\nonce = yes\n"
	    "capture t = stdout\nrerun = no\n", rules, 3),
	    "s[a]:token=error s[a]=failed s[b]:token=error s[b]=failed");
	recall_close(&k);
}
END_TEST

START_TEST(rerun_no_holds_for_all_lanes)
{
	static const char job[] = "[sequence s]\neach i = a b c\n"
	    "parallel = 1\nrun = pay\nonce = yes\nrerun = no\n";
	struct fake_more more = { 0 };
	struct recall k;

	recall_open(&k);
	more.recall = &k;
	for (unsigned i = 0; i < 4; i++) {
		/* the start; each time one lane more that fails */
		k.stop_at = i < 3 ? 2 : 0;
		fake_job_more(job, plain, &more);
		recall_again(&k);
	}
	ck_assert_uint_eq(k.starts, 1);
	recall_close(&k);
}
END_TEST

START_TEST(a_start_is_kept_before_it_happens)
{
	static const struct fake_more more = { .commit = true };

	ck_assert_str_eq(fake_job_more("[job]\nchildren = 1\n[sequence s]\n"
	    "each i = a b\nrun = pay\nrerun = no\nrun = x\n", plain, &more),
	    "keep kept s[a]:pay=ok keep kept s[b]:pay=ok s[a]:x=ok s[a]=ok "
	    "s[b]:x=ok s[b]=ok");
	/* each try is; and one that is ended before it began has an end */
	ck_assert_str_eq(fake_job_more("[sequence s]\nrun = pay\nrerun = no\n"
	    "[sequence t]\nstop = no\n", plain, &more),
	    "keep s:pay=cancelled s=cancelled t:stop no=error t=failed");
}
END_TEST

START_TEST(what_lines_had_spawned_is_left)
{
	static const struct fake_rule rules[] = {
		{ "x", "go/0" }, { NULL, NULL }
	};
	static const char job[] = "[sequence s]\nrun = x\n"
	    "on line = go -> spawn r\nrun = a\nspawn = r\nrun = b\n"
	    "[routine r]\nrun = c\nrun = d\n";
	struct recall k;

	/* x; the lane of its line has begun to do c */
	ck_assert_ptr_nonnull(strstr(resumed(&k, job, rules, 6),
	    "warn(s/r: what a line of step 'x' had started had not ended, "
	    "and is not started again)"));
	recall_close(&k);
	/* when it is over, nothing is to be said, and names stay the same */
	everywhere("[sequence s]\nrun = x\non line = go -> spawn r\n"
	    "join = r\nrun = a\nspawn = r\nrun = b\n"
	    "[routine r]\nset v = 1\n", rules);
}
END_TEST

START_TEST(lanes_are_stopped_where_they_were)
{
	static const struct fake_rule rules[] = {
		{ "x", "hang" }, { "bad", "7" }, { NULL, NULL }
	};
	static const char job[] = "[job]\non-fail = stop\n"
	    "[sequence s]\nalways = a\nset v = 1\nrun = u\nset v = 2\n"
	    "run = x\n[sequence t]\nrun = w\nrun = ww\nrun = bad\n"
	    "[routine a]\nsay = ${v} ${result}\nrun = aa\n";
	struct whole w;
	struct recall k;

	undisturbed(&w, job, rules, false);
	for (unsigned at = 1; at <= w.events; at++) {
		recall_open(&k);
		k.stop_at = at;
		fake_job_more(job, rules, &(struct fake_more){ .recall = &k });
		recall_again(&k);
		fake_job_more(job, rules, &(struct fake_more){ .recall = &k });
		/* its variables are those of the moment when it was ended */
		ck_assert_msg(strstr(buf_str(&k.said), "'2 cancelled'") != NULL,
		    "broken off at %u: %s", at, buf_str(&k.said));
		recall_close(&k);
	}
	buf_fini(&w.shown);
	buf_fini(&w.said);
}
END_TEST

START_TEST(lanes_that_are_over_are_not_walked)
{
	static const char job[] = "[sequence s]\neach i range = 1..3\n"
	    "parallel = 1\nrun = x\nrun = y\n";
	struct recall k;

	resumed(&k, job, plain, 9);
	ck_assert_str_eq(buf_str(&k.why), "s[1]:(ended before: nothing of it "
	    "runs again) s[2]:x(ended before: ok) "
	    "s[2]:y(was not reached before) s[3]:x(was not reached before) ");
	recall_close(&k);
}
END_TEST

/* --- any job ---------------------------------------------------------------- */

static uint32_t
roll(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % n;
}

enum { ROUTINES = 4, JOBS = 100 };

/* what may follow from a failure */
static void
reaction(struct buf *b, uint32_t *r, unsigned below)
{
	switch (roll(r, 6)) {
	case 0:
		buf_adds(b, "on fail = next\n");
		break;
	case 1:
		buf_addf(b, "on 7 = call r%u p=on then next\n",
		    below + roll(r, ROUTINES - below));
		break;
	case 2:
		buf_adds(b, "on 7 = goto end\n");
		break;
	case 3:
		buf_adds(b, "retry = 2 every 3s\non fail = next\n");
		break;
	case 4:
		buf_adds(b, "on fail = finish early\n");
		break;
	default:
		break;
	}
}

/* a step; below: the first routine that it may call */
static void
any_step(struct buf *b, uint32_t *r, unsigned below)
{
	uint32_t kind = roll(r, below < ROUTINES ? 16 : 12);
	unsigned to = below < ROUTINES ? below + roll(r, ROUTINES - below) : 0;

	switch (kind) {
	case 0: case 1:
		buf_addf(b, "run = c%u\n", roll(r, 3));
		break;
	case 2:
		buf_adds(b, "run = bad\n");
		if (below < ROUTINES)
			reaction(b, r, below);
		break;
	case 3:
		buf_addf(b, "run = out\ncapture v%u = stdout\n", roll(r, 3));
		break;
	case 4:
		buf_addf(b, "set v%u = ${v%u}.\n", roll(r, 3), roll(r, 3));
		break;
	case 5:
		buf_adds(b, "let n = n + 1\nrun = c3\nwhen = n % 2 == 0\n");
		break;
	case 6:
		buf_addf(b, "say = ${n} ${v%u} ${result}\n", roll(r, 3));
		break;
	case 7:
		buf_adds(b, "run = hang\ntimeout = 2s\non timeout = next\n");
		break;
	case 8:
		buf_adds(b, "sleep = 1s\n");
		break;
	case 9:
		buf_addf(b, "run = out\nonce = yes\ncapture v%u = stdout\n",
		    roll(r, 3));
		break;
	case 10:
		buf_addf(b, "run = out\non line = te(x) -> set v%u\n"
		    "on line = ext -> kill then goto end\n", roll(r, 3));
		break;
	case 11:
		buf_addf(b, "run = out\nretry = 1 every 1s\nuntil = v%u =~ "
		    "\"\\.\"\ncapture v%u = stdout\non error = next\n",
		    roll(r, 3), roll(r, 3));
		break;
	case 12: case 13:
		buf_addf(b, "call = r%u p=${n}\n", to);
		reaction(b, r, below);
		break;
	case 14:
		buf_addf(b, "call = r%u p=${i}\neach i = x y z\n"
		    "parallel = %u\ncollect v%u = v%u\non fail = next\n", to,
		    1 + roll(r, 3), roll(r, 3), roll(r, 3));
		break;
	case 15:
		buf_addf(b, "spawn = r%u p=1 as s%u\n%s", to, roll(r, 2),
		    roll(r, 2) ? "join = all\non fail = next\n" : "");
		break;
	}
	buf_addc(b, '\n');
}

static void
any_steps(struct buf *b, uint32_t *r, unsigned below)
{
	for (unsigned n = 2 + roll(r, 4); n > 0; n--)
		any_step(b, r, below);
	buf_adds(b, "step = end\nset v0 = ${v0}e\n\n");
}

static void
any_job(struct buf *b, uint32_t *r)
{
	buf_adds(b, "[vars]\nn = 0\nv0 = a\nv1 = b\nv2 = c\n");
	buf_adds(b, "[sequence s]\n");
	if (roll(r, 2))
		buf_addf(b, "each k = 1 2 3\nparallel = %u\n",
		    1 + roll(r, 3));
	if (roll(r, 3) == 0)
		buf_adds(b, "rescue = r3\n");
	if (roll(r, 3) == 0)
		buf_adds(b, "always = r3\n");
	any_steps(b, r, 0);
	for (unsigned i = 0; i < ROUTINES; i++) {
		buf_addf(b, "[routine r%u]\nparams = p=0\n", i);
		if (i < ROUTINES - 1 && roll(r, 4) == 0)
			buf_adds(b, "rescue = r3\n");
		if (i < ROUTINES - 1 && roll(r, 4) == 0)
			buf_adds(b, "always = r3\n");
		any_steps(b, r, i + 1);
	}
}

START_TEST(any_job_comes_to_the_same)
{
	static const struct fake_rule rules[] = {
		{ "bad", "7" }, { "out", "text/0" }, { "hang", "hang" },
		{ NULL, NULL }
	};
	uint32_t seed = (uint32_t)_i * 7919 + 1;
	struct buf job = { 0 };
	struct whole w;

	any_job(&job, &seed);
	/* what was spawned is ended sooner or later in a lane that fails */
	undisturbed(&w, buf_str(&job), rules, true);
	for (unsigned i = 0; i < 8; i++) {
		unsigned at = 1 + roll(&seed, w.events);

		broken_off(&w, buf_str(&job), rules, at,
		    roll(&seed, 2) * roll(&seed, 9), roll(&seed, 3) == 0);
	}
	buf_fini(&job);
	buf_fini(&w.shown);
	buf_fini(&w.said);
}
END_TEST

void
unit_replay(Suite *s)
{
	TCase *tc = tcase_create("replay");

	tcase_add_test(tc, branches_tries_and_jumps);
	tcase_add_test(tc, captures_of_all_kinds);
	tcase_add_test(tc, what_is_let_is_not_asked_again);
	tcase_add_test(tc, calls_within_calls);
	tcase_add_test(tc, loops_are_told_by_their_entries);
	tcase_add_test(tc, calls_over_lists);
	tcase_add_test(tc, lanes_that_were_spawned);
	tcase_add_test(tc, once_is_shared_with_those_of_before);
	tcase_add_test(tc, rescue_and_always_go_on);
	tcase_add_test(tc, a_lane_that_took_too_long);
	tcase_add_test(tc, lines_that_ended_a_step);
	tcase_add_test(tc, messages_and_the_loops_they_feed);
	tcase_add_test(tc, barriers_that_are_behind);
	tcase_add_test(tc, waves_and_rounds);
	tcase_add_test(tc, failures_of_before_count);
	tcase_add_test(tc, lists_of_the_start);
	tcase_add_test(tc, a_secret_is_found_out_again);
	tcase_add_test(tc, a_server_is_released_again);
	tcase_add_test(tc, rerun_no_never_runs_again);
	tcase_add_test(tc, a_start_is_kept_before_it_happens);
	tcase_add_test(tc, rerun_no_is_stronger_than_a_secret);
	tcase_add_test(tc, rerun_no_holds_for_all_lanes);
	tcase_add_test(tc, what_lines_had_spawned_is_left);
	tcase_add_test(tc, lanes_are_stopped_where_they_were);
	tcase_add_test(tc, lanes_that_are_over_are_not_walked);
	tcase_add_loop_test(tc, any_job_comes_to_the_same, 0, JOBS);
	suite_add_tcase(s, tc);
}
