/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/link.h"
#include "base/mem.h"
#include "journal/logfile.h"
#include "journal/logs.h"
#include "model/action.h"
#include "model/plan.h"
#include "model/program.h"
#include "model/runner.h"

/* what waits in memory within a turn */
enum { PENDING_MAX = 256 * 1024 };

/* a step under way; calls have those of their routine behind them */
struct part {
	uint32_t step, entry;
	struct log_part bytes;
};

struct log {
	struct link dirty;	/* first: among those with bytes that wait */
	struct log *next;	/* in its slot, or in the pool */
	uint32_t lane;
	struct logfile file;
	bool failed;
	unsigned stream;	/* that stopped within a line, or 0 */
	uint64_t size;		/* with what waits */
	struct buf pending;
	struct part *part;
	size_t npart, part_cap;
};

struct logs {
	enum log_keep keep;
	struct logfiles files;
	struct link dirty;
	struct log **slot;
	size_t nslot, n;
	struct log *pool;
	int err;		/* the first one, 0: none */
	uint32_t err_lane;
	bool told;
};

char *
logs_name(char *buf, uint32_t lane)
{
	snprintf(buf, LOGS_NAME, "%06u.log", (unsigned)lane);
	return buf;
}

/* --- the log of a lane -------------------------------------------------- */

static void
grow(struct logs *s)
{
	size_t n = s->nslot ? s->nslot * 2 : 64;
	struct log **slot = mem_calloc(n, sizeof(*slot)), *next;

	for (size_t i = 0; i < s->nslot; i++)
		for (struct log *l = s->slot[i]; l; l = next) {
			next = l->next;
			l->next = slot[l->lane & (n - 1)];
			slot[l->lane & (n - 1)] = l;
		}
	free(s->slot);
	s->slot = slot;
	s->nslot = n;
}

static struct log *
log_find(const struct logs *s, uint32_t lane)
{
	struct log *l = s->nslot ? s->slot[lane & (s->nslot - 1)] : NULL;

	while (l && l->lane != lane)
		l = l->next;
	return l;
}

static struct log *
log_new(struct logs *s, uint32_t lane)
{
	struct log *l = s->pool;
	char name[LOGS_NAME];

	if (s->n >= s->nslot)
		grow(s);
	if (l)
		s->pool = l->next;
	else
		l = mem_calloc(1, sizeof(*l));
	*l = (struct log){
		.lane = lane, .pending = l->pending, .part = l->part,
		.part_cap = l->part_cap,
	};
	buf_clear(&l->pending);
	/* a run that is resumed goes on in the same files */
	if (s->keep != LOG_NONE)
		l->size = logfile_size(&s->files, logs_name(name, lane));
	l->next = s->slot[lane & (s->nslot - 1)];
	s->slot[lane & (s->nslot - 1)] = l;
	s->n++;
	return l;
}

static struct log *
log_of(struct logs *s, uint32_t lane)
{
	struct log *l = log_find(s, lane);

	return l ? l : log_new(s, lane);
}

static void
write_out(struct logs *s, struct log *l)
{
	char name[LOGS_NAME];

	link_del(&l->dirty);
	if (!l->failed && logfile_append(&s->files, &l->file,
	    logs_name(name, l->lane), l->pending.data, l->pending.len) == -1) {
		l->failed = true;
		if (!s->err) {
			s->err = errno;
			s->err_lane = l->lane;
		}
	}
	buf_clear(&l->pending);
}

static void
log_free(struct logs *s, struct log *l)
{
	struct log **p = &s->slot[l->lane & (s->nslot - 1)];

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	s->n--;
	logfile_close(&s->files, &l->file);
	l->next = s->pool;
	s->pool = l;
}

static void
add(struct logs *s, struct log *l, const char *text, size_t len)
{
	l->size += len;
	if (s->keep == LOG_NONE || l->failed)
		return;
	buf_add(&l->pending, text, len);
	if (!link_in(&l->dirty))
		link_add(&s->dirty, &l->dirty);
	if (l->pending.len > PENDING_MAX)
		write_out(s, l);
}

/* --- events ------------------------------------------------------------- */

void
logs_step_start(struct logs *s, const struct event *ev)
{
	struct log *l = log_of(s, ev->lane->id);

	l->part = mem_grow(l->part, &l->part_cap, l->npart + 1,
	    sizeof(*l->part));
	l->part[l->npart++] = (struct part){
		.step = ev->step->id, .entry = ev->step->entry,
		.bytes = { .from = l->size },
	};
}

/* the innermost of that step; npart if there is none */
static size_t
part_of(const struct log *l, const struct step_ref *step)
{
	for (size_t i = l->npart; step && i-- > 0;)
		if (l->part[i].step == step->id &&
		    l->part[i].entry == step->entry)
			return i;
	return l->npart;
}

/* lines stay whole: one that another stream breaks off ends there */
static void
add_line(struct logs *s, struct log *l, const struct event *ev)
{
	if (l->stream && l->stream != ev->stream)
		add(s, l, "\n", 1);
	add(s, l, ev->text, ev->len);
	l->stream = ev->flags & LINE_PART ? ev->stream : 0;
	if (!(ev->flags & (LINE_PART | LINE_BLOCK)))
		add(s, l, "\n", 1);
}

void
logs_line(struct logs *s, const struct event *ev)
{
	struct log *l = log_of(s, ev->lane->id);
	uint64_t before = l->size;
	size_t i = part_of(l, ev->step);

	add_line(s, l, ev);
	if (i == l->npart)
		return;
	if (ev->stream == STREAM_ERR)
		l->part[i].bytes.err += l->size - before;
	else
		l->part[i].bytes.out += l->size - before;
}

struct log_part
logs_step_end(struct logs *s, const struct event *ev)
{
	struct log *l = log_find(s, ev->lane->id);
	size_t i = l ? part_of(l, ev->step) : 0;
	struct log_part p = { 0 };

	if (!l || i == l->npart)
		return p;
	p = l->part[i].bytes;
	p.to = l->size;
	l->npart = i;
	if (s->keep == LOG_NONE || l->failed)
		p.from = p.to = 0;
	return p;
}

void
logs_lane_end(struct logs *s, const struct event *ev)
{
	struct log *l = log_find(s, ev->lane->id);
	bool well = ev->verdict == LANE_OK || ev->verdict == LANE_RESCUED;
	char name[LOGS_NAME];

	if (!l)
		return;
	if (s->keep == LOG_FAILED && well) {
		link_del(&l->dirty);
		if (l->size > l->pending.len)
			unlinkat(s->files.dir, logs_name(name, l->lane), 0);
	} else if (link_in(&l->dirty)) {
		write_out(s, l);
	}
	log_free(s, l);
}

int
logs_flush(struct logs *s, uint32_t *lane)
{
	/* the link is the first member */
	while (link_in(&s->dirty))
		write_out(s, (struct log *)s->dirty.next);
	if (!s->err || s->told)
		return 0;
	s->told = true;
	*lane = s->err_lane;
	errno = s->err;
	return -1;
}

struct logs *
logs_new(int dir, enum log_keep keep, unsigned most)
{
	struct logs *s = mem_calloc(1, sizeof(*s));

	s->keep = keep;
	logfiles_init(&s->files, keep == LOG_NONE ? -1 : dir, most);
	link_init(&s->dirty);
	return s;
}

static void
drop(struct log *l)
{
	buf_fini(&l->pending);
	free(l->part);
	free(l);
}

void
logs_free(struct logs *s)
{
	struct log *l;
	uint32_t lane;

	if (!s)
		return;
	logs_flush(s, &lane);
	for (size_t i = 0; i < s->nslot; i++)
		while ((l = s->slot[i]))
			log_free(s, l);
	while ((l = s->pool)) {
		s->pool = l->next;
		drop(l);
	}
	logfiles_fini(&s->files);
	free(s->slot);
	free(s);
}
