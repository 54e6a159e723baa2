/* SPDX-License-Identifier: ISC */
/* results, as records tell them */
#include <string.h>

#include "journal/inside.h"
#include "journal/member.h"

/* "ok" and so on; what is not known is a result of a newer pseq */
static enum status
status_in(const struct record *r, const char *key)
{
	size_t n;
	const char *s = record_raw(r, key, &n);
	enum status status = s && n > 2 ? status_find(s + 1, n - 2) : ST_N;

	return status == ST_N ? ST_ERROR : status;
}

static const char *
text_or_none(const struct record *r, const char *key, struct arena *a)
{
	const char *s = record_text(r, key, a, NULL);

	return s ? s : "";
}

static void
read_cut(const struct record *r, struct result *to)
{
	struct record cut = { 0 };

	cut.text = record_raw(r, "cut", &cut.len);
	if (!cut.text)
		return;
	to->outside = true;
	to->cut = (struct cut_info){
		.frame = (uint32_t)record_int(&cut, "frame", 0),
		.status = status_in(&cut, "result"),
		.inner = status_in(&cut, "inner"),
	};
}

static void
read_took(struct arena *a, const struct record *r, struct result *to)
{
	struct record took = { 0 };

	took.text = record_raw(r, "took", &took.len);
	if (!took.text)
		return;
	to->took = (struct took){
		.channel = record_text(&took, "channel", a, NULL),
		.from = (uint64_t)record_int(&took, "from", 0),
		.to = (uint64_t)record_int(&took, "to", 0),
	};
}

void
past_read_result(struct arena *a, const struct record *r, struct result *to)
{
	const char *signo = record_text(r, "signal", a, NULL);

	*to = (struct result){
		.status = status_in(r, "result"),
		.code = (int)record_int(r, "code", CODE_NONE),
		.signo = signo ? status_signal_find(signo, strlen(signo)) : 0,
		.ending = record_is(r, "end", "confirmed") ? END_CONFIRMED :
		    record_is(r, "end", "unknown") ? END_UNKNOWN : END_OWN,
		.changed = record_is_true(r, "changed"),
		.message = text_or_none(r, "message", a),
		.step = "",
		.seconds = record_number(r, "seconds", 0),
	};
	to->tail = record_text(r, "stderr_tail", a, &to->ntail);
	if (r->type == REC_LANE_END)
		to->step = text_or_none(r, "step", a);
	read_cut(r, to);
	read_took(a, r, to);
}
