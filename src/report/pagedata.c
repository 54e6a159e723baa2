/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/map.h"
#include "base/mem.h"
#include "model/cluster.h"
#include "model/story.h"
#include "report/embed.h"
#include "report/html.h"
#include "report/pagedata.h"
#include "report/pagerun.h"

enum {
	COMMAND_KEEP = 16 * 1024,	/* bytes of a command's text */
	NAMES_KEEP = 2000		/* of the folded names of a kind */
};

struct pagedata {
	struct buf *b;
	const struct story *s;
	struct map texts;	/* shared; number 0 is "" */
	struct map steps;	/* "in\0label", by number */
	struct buf key;
	struct cluster cluster;
};

/* --- small parts -------------------------------------------------------- */

static uint32_t
shared(struct pagedata *p, const char *text)
{
	return text ? map_add(&p->texts, text, strlen(text)) : 0;
}

/* a key with the number of a shared text; left out if that is empty */
static void
shared_pair(struct pagedata *p, const char *key, const char *text)
{
	embed_count(p->b, key, shared(p, text));
}

/* a copy of the last bytes that a result keeps, as a text */
static char *
tail_of(const struct result *r)
{
	return r->ntail > 0 ? mem_strndup(r->tail, r->ntail) : NULL;
}

/* zeros at the end of a list say nothing */
static void
cut_zeros(struct buf *b, size_t least)
{
	while (b->len > least + 1 && !memcmp(b->data + b->len - 2, ",0", 2))
		b->len -= 2;
}

/* --- lanes -------------------------------------------------------------- */

static uint32_t
step_number(struct pagedata *p, const struct story_step *st)
{
	const char *label = *st->label ? st->label : st->identity;

	buf_clear(&p->key);
	buf_addf(&p->key, "%" PRIu32 ",%" PRIu32, shared(p, st->in),
	    shared(p, label));
	return map_add(&p->steps, p->key.data, p->key.len);
}

/*
 * [began, ended, result, status, from, to, reaction, message, tail, again]
 */
static void
write_try(struct pagedata *p, const struct story_try *t)
{
	char show[STATUS_SHOW];
	char *tail = tail_of(&t->result);
	bool over = t->ended >= 0;
	size_t start;

	buf_addc(p->b, '[');
	start = p->b->len;
	embed_seconds(p->b, t->began);
	buf_addc(p->b, ',');
	embed_seconds(p->b, t->ended);
	buf_addf(p->b, ",%" PRIu32 ",%" PRIu32 ",%" PRIu64 ",%" PRIu64
	    ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%d",
	    over ? shared(p, status_show(show, &t->result)) : 0,
	    over ? shared(p, status_name(t->result.status)) : 0,
	    t->log_from, t->log_to, shared(p, t->reaction),
	    over ? shared(p, t->result.message) : 0, shared(p, tail),
	    t->again);
	cut_zeros(p->b, start);
	buf_addc(p->b, ']');
	free(tail);
}

/* the number of a command's text; of a very long one its beginning */
static uint32_t
command_number(struct pagedata *p, const char *command)
{
	size_t n = COMMAND_KEEP;

	if (!command || strlen(command) <= n)
		return shared(p, command);
	/* not within a character */
	while (n > 0 && ((unsigned char)command[n] & 0xc0) == 0x80)
		n--;
	buf_clear(&p->key);
	buf_add(&p->key, command, n);
	buf_adds(&p->key, "\n...");
	return map_add(&p->texts, p->key.data, p->key.len);
}

/* [step, command, entry, try, …] */
static void
write_step(struct pagedata *p, const struct story_step *st)
{
	buf_addf(p->b, "[%" PRIu32 ",", step_number(p, st));
	buf_addf(p->b, "%" PRIu32 ",%" PRIu32, command_number(p, st->command),
	    st->entry);
	for (size_t i = 0; i < st->ntry; i++) {
		buf_addc(p->b, ',');
		write_try(p, &st->try[i]);
	}
	buf_addc(p->b, ']');
}

/* as the summary counts: what a lane has started is a part of it */
static void
write_kind(struct pagedata *p, const struct story_lane *l)
{
	const char *tag = l->tag && *l->tag ? l->tag : l->name;
	unsigned kind;

	if (!l->over || l->verdict != LANE_FAILED || l->parent)
		return;
	kind = cluster_add(&p->cluster, tag, &l->result);
	embed_key(p->b, "kind");
	buf_addf(p->b, "%u", kind);
}

static void
write_end(struct pagedata *p, const struct story_lane *l)
{
	char show[STATUS_SHOW];
	char *tail = tail_of(&l->result);

	embed_pair(p->b, "verdict", verdict_name(l->verdict));
	shared_pair(p, "result", status_show(show, &l->result));
	shared_pair(p, "step", l->result.step);
	shared_pair(p, "message", l->result.message);
	shared_pair(p, "tail", tail);
	free(tail);
}

/* [size, from, path]; the path is that in the directory of the run */
static void
write_log(struct pagedata *p, const struct story_lane *l, uint64_t from)
{
	size_t n = strlen(p->s->dir);
	const char *path = l->log;

	if (!path)
		return;
	if (!strncmp(path, p->s->dir, n) && path[n] == '/')
		path += n + 1;
	embed_key(p->b, "log");
	buf_addf(p->b, "[%" PRIu64 ",%" PRIu64 ",", l->log_size, from);
	embed_str(p->b, path);
	buf_addc(p->b, ']');
}

static void
write_lane(struct pagedata *p, const struct story_lane *l, uint64_t from)
{
	buf_adds(p->b, "\n{");
	embed_count(p->b, "id", l->id);
	embed_pair(p->b, "name", l->name);
	embed_pair(p->b, "tag", l->tag);
	shared_pair(p, "sequence", l->sequence);
	shared_pair(p, "host", l->host);
	embed_count(p->b, "round", l->round > 1 ? l->round : 0);
	embed_count(p->b, "wave", l->wave > 1 ? l->wave : 0);
	embed_count(p->b, "hidden", l->hidden);
	embed_count(p->b, "parent", l->parent);
	shared_pair(p, "by", l->by);
	embed_when(p->b, "began", l->began);
	embed_when(p->b, "ended", l->ended);
	embed_count(p->b, "tries", l->tries > 1 ? l->tries : 0);
	embed_pair(p->b, "facts", l->facts);
	if (l->over)
		write_end(p, l);
	write_kind(p, l);
	write_log(p, l, from);
	embed_key(p->b, "steps");
	buf_addc(p->b, '[');
	for (size_t i = 0; i < l->nstep; i++) {
		if (i > 0)
			buf_addc(p->b, ',');
		write_step(p, &l->step[i]);
	}
	buf_adds(p->b, "]}");
}

static void
write_lanes(struct pagedata *p, const uint64_t *from)
{
	embed_key(p->b, "lanes");
	buf_addc(p->b, '[');
	for (size_t i = 0, n = 0; i < p->s->nlane; i++) {
		/* a number that no lane has */
		if (!p->s->lane[i].id)
			continue;
		if (n++ > 0)
			buf_addc(p->b, ',');
		write_lane(p, &p->s->lane[i], from[i]);
	}
	buf_addc(p->b, ']');
}

/* --- what lanes share --------------------------------------------------- */

static void
folded(struct buf *b, const struct names *names)
{
	struct hosts *h = hosts_new();
	struct buf text = { 0 };

	for (size_t i = 0; i < names->n; i++)
		hosts_add(h, names->name[i], strlen(names->name[i]));
	hosts_fold(h, &text);
	if (buf_str(&text)[0] && text.len <= NAMES_KEEP)
		embed_pair(b, "names", text.data);
	buf_fini(&text);
	hosts_free(h);
}

static void
write_kinds(struct pagedata *p)
{
	cluster_sort(&p->cluster);
	embed_key(p->b, "kinds");
	buf_addc(p->b, '[');
	for (size_t i = 0; i < p->cluster.n; i++) {
		const struct kind *k = &p->cluster.kind[i];

		buf_adds(p->b, i > 0 ? ",{" : "{");
		embed_key(p->b, "number");
		buf_addf(p->b, "%u", k->number);
		embed_pair(p->b, "step", k->step);
		embed_pair(p->b, "what", k->what);
		embed_pair(p->b, "message", k->message);
		embed_key(p->b, "tail");
		embed_text(p->b, k->tail ? k->tail : "", k->ntail);
		embed_count(p->b, "count", (int64_t)k->lanes.count);
		if (k->lanes.n == k->lanes.count)
			folded(p->b, &k->lanes);
		buf_addc(p->b, '}');
	}
	buf_addc(p->b, ']');
}

static void
write_tables(struct pagedata *p)
{
	embed_key(p->b, "steps");
	buf_addc(p->b, '[');
	for (uint32_t i = 0; i < p->steps.n; i++)
		buf_addf(p->b, "%s[%s]", i > 0 ? "," : "", p->steps.name[i]);
	buf_addc(p->b, ']');
	embed_list(p->b, "texts", (const char *const *)p->texts.name, p->texts.n);
}

/* --- all of it ---------------------------------------------------------- */

void
pagedata_write(struct buf *b, const struct story *s,
    const struct html_options *o, const uint64_t *from)
{
	struct pagedata p = { .b = b, .s = s };

	shared(&p, "");
	buf_adds(b, "{\"schema\":1");
	embed_pair(b, "made_by", o->version);
	embed_when(b, "made", o->now);
	pagerun_write(b, s);
	write_lanes(&p, from);
	write_kinds(&p);
	write_tables(&p);
	buf_addc(b, '}');
	map_fini(&p.texts);
	map_fini(&p.steps);
	buf_fini(&p.key);
	cluster_fini(&p.cluster);
}
