/* SPDX-License-Identifier: ISC */
#include <inttypes.h>

#include "base/buf.h"
#include "model/story.h"
#include "report/embed.h"
#include "report/pagerun.h"

static const char *const states[] = {
	[STORY_RUNNING] = "running", [STORY_INTERRUPTED] = "interrupted",
	[STORY_ENDED] = "ended",
};

static void
signal_pair(struct buf *b, int signo)
{
	if (signo > 0)
		embed_pair(b, "signal", status_signal_name(signo));
}

static void
write_session(struct buf *b, const struct story_session *e)
{
	buf_addc(b, '{');
	embed_when(b, "began", e->began);
	embed_when(b, "ended", e->ended);
	embed_when(b, "wall", e->wall);
	embed_count(b, "pid", e->pid);
	embed_pair(b, "version", e->version);
	embed_list(b, "args", e->args, e->nargs);
	embed_pair(b, "why", e->why);
	signal_pair(b, e->signo);
	embed_key(b, "status");
	buf_addf(b, "%d}", e->status);
}

static void
write_notes(struct buf *b, const struct story *s)
{
	embed_key(b, "notes");
	buf_addc(b, '[');
	for (size_t i = 0; i < s->nnote; i++) {
		buf_adds(b, i > 0 ? ",{" : "{");
		embed_when(b, "time", s->note[i].time);
		embed_count(b, "lane", s->note[i].lane);
		embed_count(b, "warning", s->note[i].warning);
		embed_pair(b, "text", s->note[i].text);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
write_totals(struct buf *b, const struct story_totals *t)
{
	embed_key(b, "totals");
	buf_addc(b, '{');
	for (size_t v = 0; v < VERDICTS; v++)
		embed_count(b, verdict_name(v), (int64_t)t->verdicts[v]);
	embed_count(b, "open", (int64_t)t->open);
	embed_count(b, "unstarted", t->unstarted);
	embed_count(b, "flaky", (int64_t)t->flaky);
	embed_count(b, "steps", (int64_t)t->steps);
	embed_count(b, "tries", (int64_t)t->tries);
	buf_addc(b, '}');
}

/* whatever is a list of lists of two */
static void
write_lists(struct buf *b, const struct story *s)
{
	embed_key(b, "vars");
	buf_addc(b, '[');
	for (size_t i = 0; i < s->nvar; i++) {
		buf_adds(b, i > 0 ? ",[" : "[");
		embed_str(b, s->var[i].name);
		buf_addc(b, ',');
		embed_str(b, s->var[i].value);
		buf_addc(b, ']');
	}
	buf_addc(b, ']');
	embed_key(b, "unstarted");
	buf_addc(b, '[');
	for (size_t i = 0; i < s->nunstarted; i++) {
		buf_adds(b, i > 0 ? ",[" : "[");
		embed_str(b, s->unstarted[i].sequence);
		buf_addf(b, ",%" PRId64 "]", s->unstarted[i].count);
	}
	buf_addc(b, ']');
}

void
pagerun_write(struct buf *b, const struct story *s)
{
	embed_pair(b, "job", s->job);
	embed_pair(b, "run", s->run);
	embed_pair(b, "dir", s->dir);
	embed_pair(b, "version", s->version);
	embed_pair(b, "host", s->host);
	embed_pair(b, "user", s->user);
	embed_pair(b, "cwd", s->cwd);
	embed_pair(b, "retry_of", s->retry_of);
	embed_list(b, "files", s->files, s->nfiles);
	embed_pair(b, "state", states[s->state]);
	embed_count(b, "pid", s->pid);
	embed_key(b, "status");
	buf_addf(b, "%d", s->status);
	embed_pair(b, "why", s->why);
	signal_pair(b, s->signo);
	embed_when(b, "wall", s->wall);
	embed_when(b, "seconds", s->seconds);
	embed_key(b, "sessions");
	buf_addc(b, '[');
	for (size_t i = 0; i < s->nsession; i++) {
		if (i > 0)
			buf_addc(b, ',');
		write_session(b, &s->session[i]);
	}
	buf_addc(b, ']');
	write_totals(b, &s->totals);
	write_lists(b, s);
	write_notes(b, s);
}
