/* SPDX-License-Identifier: ISC */
/* results, as records tell them */
#include <string.h>

#include "base/arena.h"
#include "journal/member.h"
#include "journal/read.h"
#include "journal/result.h"

/* "ok" and so on; what is not known is a result of a newer pseq */
static enum status
status_of(const struct member *m)
{
	enum status status = m->len > 2 ?
	    status_find(m->value + 1, m->len - 2) : ST_N;

	return status == ST_N ? ST_ERROR : status;
}

static void
read_cut(const struct member *m, struct result *to)
{
	struct record cut = { .text = m->value, .len = m->len };
	struct member k = { 0 };

	to->outside = true;
	to->cut.frame = (uint32_t)record_int(&cut, "frame", 0);
	while (record_member(&cut, &k)) {
		if (member_is(&k, "result"))
			to->cut.status = status_of(&k);
		else if (member_is(&k, "inner"))
			to->cut.inner = status_of(&k);
	}
}

static void
read_took(const struct member *m, struct arena *a, struct result *to)
{
	struct record took = { .text = m->value, .len = m->len };

	to->took = (struct took){
		.channel = record_text(&took, "channel", a, NULL),
		.from = (uint64_t)record_int(&took, "from", 0),
		.to = (uint64_t)record_int(&took, "to", 0),
	};
}

static bool
is_word(const struct member *m, const char *word)
{
	size_t n = strlen(word);

	return m->len == n + 2 && !memcmp(m->value + 1, word, n);
}

/* most results have none of these */
static void
read_rare(const struct record *r, const struct member *m, struct arena *a,
    struct result *to)
{
	if (member_is(m, "signal")) {
		if (m->len > 2)
			to->signo = status_signal_find(m->value + 1,
			    m->len - 2);
	} else if (member_is(m, "end")) {
		to->ending = is_word(m, "confirmed") ? END_CONFIRMED :
		    END_UNKNOWN;
	} else if (member_is(m, "message")) {
		to->message = record_text(r, "message", a, NULL);
	} else if (member_is(m, "stderr_tail")) {
		to->tail = record_text(r, "stderr_tail", a, &to->ntail);
	} else if (member_is(m, "cause") || (member_is(m, "step") &&
	    r->type == REC_LANE_END)) {
		to->step = record_text(r, member_is(m, "cause") ? "cause" :
		    "step", a, NULL);
	} else if (member_is(m, "changed")) {
		to->changed = m->value[0] == 't';
	} else if (member_is(m, "cut")) {
		read_cut(m, to);
	} else if (member_is(m, "took")) {
		read_took(m, a, to);
	}
}

void
record_result(struct arena *a, const struct record *r, struct result *to)
{
	struct member m = { 0 };

	*to = (struct result){
		.status = ST_ERROR, .code = CODE_NONE, .message = "",
		.step = "",
	};
	while (record_member(r, &m)) {
		if (member_is(&m, "result"))
			to->status = status_of(&m);
		else if (member_is(&m, "code"))
			to->code = (int)member_digits(&m, CODE_NONE);
		else if (member_is(&m, "seconds"))
			to->seconds = member_decimal(&m, 0);
		else
			read_rare(r, &m, a, to);
	}
	if (!to->message)
		to->message = "";
	if (!to->step)
		to->step = "";
}

enum lane_verdict
record_verdict(const struct record *r)
{
	for (size_t i = 0; i < VERDICTS; i++)
		if (record_is(r, "verdict", verdict_name(i)))
			return (enum lane_verdict)i;
	return LANE_FAILED;
}
