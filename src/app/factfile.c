/* SPDX-License-Identifier: ISC */
#include "app/factfile.h"
#include "model/event.h"
#include "report/facts.h"

int
factfile_open(struct factfile *f, const char *path)
{
	return whole_open(&f->file, "--facts", path);
}

static int
on_ready(void *arg, const struct buf *b)
{
	struct factfile *f = arg;

	buf_add(&f->text, b->data, b->len);
	return 0;
}

void
factfile_write(struct factfile *f)
{
	/* a run that did not come to its end has none */
	if (f->text.len > 0)
		whole_write(&f->file, &f->text);
}

void
factfile_listen(struct factfile *f, struct bus *bus, const char *job,
    const char *run)
{
	struct facts_options o = {
		.job = job, .run = run, .ready = on_ready, .arg = f
	};
	struct sink sink;

	if (!f->file.name)
		return;
	sink = facts_open(&o);
	bus_add(bus, &sink);
}

void
factfile_close(struct factfile *f)
{
	whole_close(&f->file);
	buf_fini(&f->text);
}
