/* SPDX-License-Identifier: ISC */
/* the records that are about the run as a whole */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "journal/read.h"
#include "journal/writer.h"
#include "journal/writing.h"
#include "model/status.h"

/* one text that is no UTF-8, and all of them come in base64 as well */
static void
add_list(struct buf *b, const char *key, const char *twin,
    const char *const *list, size_t n)
{
	bool valid = true;

	json_key(b, key);
	json_open(b, '[');
	for (size_t i = 0; i < n; i++)
		valid &= json_element(b, list[i], strlen(list[i]));
	json_close(b, ']');
	if (valid)
		return;
	json_key(b, twin);
	json_open(b, '[');
	for (size_t i = 0; i < n; i++)
		json_base64(b, list[i], strlen(list[i]));
	json_close(b, ']');
}

static void
add_named(struct buf *b, const char *key, const struct named *list, size_t n)
{
	if (n == 0)
		return;
	json_key(b, key);
	json_open(b, '{');
	for (size_t i = 0; i < n; i++)
		json_text(b, list[i].name, list[i].value,
		    strlen(list[i].value));
	json_close(b, '}');
}

static void
add_sections(struct buf *b, const struct writer_head *h)
{
	if (h->nsection == 0)
		return;
	json_key(b, "sections");
	json_open(b, '[');
	for (size_t i = 0; i < h->nsection; i++) {
		json_open(b, '{');
		json_str(b, "name", h->section[i].name);
		json_str(b, "digest", h->section[i].value);
		json_close(b, '}');
	}
	json_close(b, ']');
}

void
writer_run(struct writer *w, struct moment at, const struct writer_head *h)
{
	struct buf *b = writing_begin(w, "run", NULL, at);

	json_uint(b, "schema", JOURNAL_SCHEMA);
	json_str(b, "pseq", h->version);
	json_str(b, "run", h->run);
	json_str(b, "job", h->job);
	add_list(b, "files", "files_b64", h->file, h->nfile);
	json_str(b, "digest", h->digest);
	add_sections(b, h);
	add_list(b, "args", "args_b64", h->arg, h->narg);
	json_str(b, "dir", h->dir);
	add_named(b, "vars", h->var, h->nvar);
	add_named(b, "env", h->env, h->nenv);
	if (h->nsecret > 0)
		add_list(b, "secret", "secret_b64", h->secret, h->nsecret);
	json_str(b, "host", h->host);
	json_str(b, "user", h->user);
	json_int(b, "pid", h->pid);
	json_str(b, "log", h->log);
	json_str(b, "retry_of", h->retry_of);
	writing_end(w);
}

void
writer_resume(struct writer *w, struct moment at, const struct writer_head *h)
{
	struct buf *b = writing_begin(w, "resume", NULL, at);

	json_str(b, "pseq", h->version);
	json_str(b, "digest", h->digest);
	add_sections(b, h);
	add_list(b, "args", "args_b64", h->arg, h->narg);
	json_int(b, "pid", h->pid);
	writing_end(w);
}

void
writer_run_end(struct writer *w, struct moment at, const struct writer_end *e)
{
	struct buf *b = writing_begin(w, "run_end", NULL, at);

	json_int(b, "status", e->status);
	json_word(b, "why", e->why);
	if (e->signo)
		json_str(b, "signal", status_signal_name(e->signo));
	json_key(b, "lanes");
	json_open(b, '{');
	json_int(b, "ok", e->lanes.ok);
	json_int(b, "rescued", e->lanes.rescued);
	json_int(b, "failed", e->lanes.failed);
	json_int(b, "cancelled", e->lanes.cancelled);
	json_int(b, "unstarted", e->lanes.unstarted);
	json_close(b, '}');
	json_seconds(b, "seconds", writing_since(w, at));
	writing_end(w);
}

void
writer_skipped(struct writer *w, struct moment at, const char *lock,
    pid_t pid)
{
	struct buf *b = writing_begin(w, "skipped", NULL, at);

	json_str(b, "lock", lock);
	if (pid > 0)
		json_int(b, "pid", pid);
	writing_end(w);
}
