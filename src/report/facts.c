/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "model/program.h"
#include "model/story.h"
#include "report/facts.h"

struct facts {
	struct facts_options o;
	struct map names;
	struct buf *json;	/* by name: an object */
	size_t cap;
};

static void
add(struct facts *f, const char *name, const char *json, size_t len)
{
	uint32_t had = f->names.n;
	uint32_t i = map_add(&f->names, name, strlen(name));

	if (i == had) {
		f->json = mem_grow(f->json, &f->cap, i + 1, sizeof(*f->json));
		f->json[i] = (struct buf){ 0 };
	}
	buf_clear(&f->json[i]);
	buf_add(&f->json[i], json, len);
}

static void
put(struct buf *b, const struct facts *f)
{
	json_open(b, '{');
	json_text(b, "job", f->o.job, strlen(f->o.job));
	json_text(b, "run", f->o.run, strlen(f->o.run));
	json_key(b, "lanes");
	json_open(b, '{');
	for (uint32_t i = 0; i < f->names.n; i++) {
		const char *name = f->names.name[i];

		json_name(b, name, strlen(name));
		buf_add(b, f->json[i].data, f->json[i].len);
	}
	json_close(b, '}');
	json_close(b, '}');
	buf_addc(b, '\n');
}

static void
fini(struct facts *f)
{
	for (uint32_t i = 0; i < f->names.n; i++)
		buf_fini(&f->json[i]);
	free(f->json);
	map_fini(&f->names);
}

void
report_facts(struct buf *b, const struct story *s)
{
	struct facts f = { .o = { .job = s->job, .run = s->run } };

	for (size_t i = 0; i < s->nlane; i++) {
		const struct story_lane *l = &s->lane[i];

		if (l->over && l->facts && !l->hidden)
			add(&f, l->name, l->facts, strlen(l->facts));
	}
	put(b, &f);
	fini(&f);
}

/* --- while the run goes on --------------------------------------------------- */

static int
on_event(void *arg, const struct event *ev)
{
	struct facts *f = arg;
	struct buf b = { 0 };
	int rc;

	if (ev->type == EVT_LANE_END && ev->facts && ev->facts->len > 0 &&
	    !ev->lane->hidden)
		add(f, ev->lane->name, ev->facts->data, ev->facts->len);
	if (ev->type != EVT_RUN_END)
		return 0;
	put(&b, f);
	rc = f->o.ready(f->o.arg, &b);
	buf_fini(&b);
	return rc;
}

static void
on_close(void *arg)
{
	struct facts *f = arg;

	fini(f);
	free(f);
}

struct sink
facts_open(const struct facts_options *o)
{
	struct facts *f = mem_calloc(1, sizeof(*f));

	f->o = *o;
	return (struct sink){
		.name = "facts", .arg = f, .past = true, .event = on_event,
		.close = on_close,
	};
}
