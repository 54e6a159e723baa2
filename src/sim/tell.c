/* SPDX-License-Identifier: ISC */
/* what the runner tells: lines, ends, wake-ups */
#include <errno.h>
#include <string.h>

#include "model/plan.h"
#include "sim/inside.h"
#include "sim/reader.h"

/* last bytes of standard error, as a real runner keeps them */
enum { TAIL = 4096 };

/* the next line of text, cut off it */
static size_t
cut_line(const char **text, size_t *len, const char **line)
{
	const char *eol = memchr(*text, '\n', *len);
	size_t n = eol ? (size_t)(eol - *text) : *len;

	*line = *text;
	*text += n + (eol != NULL);
	*len -= n + (eol != NULL);
	return n;
}

/* one line of its output; being told of it may stop or hold the entry */
static void
tell_line(struct sim *s, uint32_t index)
{
	struct entry *e = &s->entry[index];
	unsigned stream = entry_ready(e);
	token_t token = e->token;
	const char *line;
	size_t n;

	if (stream == STREAM_OUT)
		n = cut_line(&e->out, &e->nout, &line);
	else
		n = cut_line(&e->err, &e->nerr, &line);
	if (entry_has_lines(e))
		entry_schedule(s, e, entry_ready(e) ? s->now : -1);
	else
		entry_schedule(s, e, entry_end(e));
	s->up.line(s->up.arg, token, stream, line, n, 0);
}

/* what it wrote until its end: so much of its output */
static void
capture(struct sim *s, const struct sim_outcome *o, size_t nout, size_t nerr,
    struct result *r)
{
	r->out = o->out;
	r->nout = nout;
	r->err = o->err;
	r->nerr = nerr;
	r->ntail = nerr < TAIL ? nerr : TAIL;
	if (nerr > 0)
		r->tail = o->err + nerr - r->ntail;
	buf_clear(&s->both);
	buf_add(&s->both, o->out, nout);
	if (nout > 0 && nerr > 0 && o->out[nout - 1] != '\n')
		buf_addc(&s->both, '\n');
	buf_add(&s->both, o->err, nerr);
	r->both = s->both.data;
	r->nboth = s->both.len;
}

static void
end(struct sim *s, uint32_t index)
{
	struct entry e = s->entry[index];
	const struct sim_outcome *o = e.outcome;

	if (e.kind == ENTRY_COMMAND)
		s->live--;
	reader_close(e.reader);
	s->entry[index].kind = ENTRY_FREE;
	s->entry[index].reader = NULL;
	e.result.seconds = s->now - e.began;
	if (e.fed && !e.stopped) {
		e.result.status = ST_TIMEOUT;
		e.result.code = CODE_NONE;
	}
	if (o)
		capture(s, o, o->nout - e.nout, o->nerr - e.nerr, &e.result);
	s->up.done(s->up.arg, e.token, &e.result);
}

/* as much of the list as is wanted now */
static void
read_on(struct sim *s, uint32_t index)
{
	token_t token = s->entry[index].token;
	struct entry *e;

	while ((e = entry_started(s, token)) && e->reader && entry_ready(e)) {
		const char *line;
		unsigned flags;
		size_t n;
		int rc = reader_next(e->reader, &line, &n, &flags);

		if (rc == 1) {
			s->up.line(s->up.arg, token, STREAM_OUT, line, n,
			    flags);
			continue;
		}
		if (rc == -1)
			e->result = result_made(ST_ERROR, strerror(errno));
		end(s, index);
	}
}

void
entry_happen(struct sim *s, uint32_t index)
{
	struct entry *e = &s->entry[index];

	e->order = 0;
	if (e->kind == ENTRY_WAKE) {
		e->kind = ENTRY_FREE;
		s->up.woken(s->up.arg, e->token);
	} else if (e->reader) {
		read_on(s, index);
	} else if (entry_has_lines(e)) {
		tell_line(s, index);
	} else {
		end(s, index);
	}
}
