/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "journal/head.h"
#include "journal/member.h"
#include "journal/read.h"
#include "model/status.h"
#include "model/story.h"

/* as it stands there: U+FFFD in place of bytes that are not UTF-8 */
static const char *
copy(struct arena *a, const json_t *v)
{
	const char *s = json_string_value(v);

	return arena_strdup(a, s ? s : "");
}

static const char *
member(struct arena *a, const json_t *json, const char *key)
{
	return copy(a, json_object_get(json, key));
}

static const char *const *
texts(struct arena *a, const json_t *array, size_t *n)
{
	const char **text;

	*n = json_array_size(array);
	text = arena_alloc(a, (*n + 1) * sizeof(*text));
	for (size_t i = 0; i < *n; i++)
		text[i] = copy(a, json_array_get(array, i));
	return text;
}

static void
vars(struct story *s, json_t *object, struct arena *a)
{
	struct story_var *var;
	const char *key;
	json_t *value;
	size_t n = 0;

	var = arena_alloc(a, (json_object_size(object) + 1) * sizeof(*var));
	json_object_foreach(object, key, value)
		var[n++] = (struct story_var){
			.name = arena_strdup(a, key), .value = copy(a, value)
		};
	s->var = var;
	s->nvar = n;
}

/* NULL: it is damaged, which whoever has read it so far did not see */
static json_t *
parse(const struct record *r)
{
	struct buf why = { 0 };
	json_t *json = record_json(r, &why);

	buf_fini(&why);
	return json;
}

void
head_run(struct story *s, const struct record *r, struct arena *a)
{
	json_t *json = parse(r);
	const char *retry;

	s->job = member(a, json, "job");
	s->run = member(a, json, "run");
	s->version = member(a, json, "pseq");
	s->host = member(a, json, "host");
	s->user = member(a, json, "user");
	s->cwd = member(a, json, "dir");
	retry = member(a, json, "retry_of");
	s->retry_of = *retry ? retry : NULL;
	s->files = texts(a, json_object_get(json, "files"), &s->nfiles);
	vars(s, json_object_get(json, "vars"), a);
	json_decref(json);
}

void
head_session(struct story_session *s, const struct record *r,
    struct arena *a)
{
	json_t *json = parse(r);

	*s = (struct story_session){
		.ended = -1, .wall = member_number(json, "time", 0),
		.pid = (pid_t)member_int(json, "pid", 0),
		.version = member(a, json, "pseq"), .why = "", .status = -1,
	};
	s->args = texts(a, json_object_get(json, "args"), &s->nargs);
	json_decref(json);
}

void
head_end(struct story_session *s, const struct record *r, struct arena *a)
{
	const char *why = record_text(r, "why", a, NULL);
	const char *signal = record_text(r, "signal", a, NULL);

	s->why = why ? why : "";
	s->signo = signal ? status_signal_find(signal, strlen(signal)) : 0;
	s->status = (int)record_int(r, "status", -1);
}

const char *
head_by(const struct record *r, struct arena *a)
{
	size_t n;
	const char *by = NULL;
	json_t *json;

	if (!record_raw(r, "by", &n) || !(json = parse(r)))
		return NULL;
	by = member(a, json_object_get(json, "by"), "step");
	json_decref(json);
	return by;
}

const char *
head_facts(const struct record *r, struct arena *a)
{
	size_t n;
	const char *s = record_raw(r, "facts", &n);

	return s ? arena_strndup(a, s, n) : NULL;
}

void
head_bytes(const struct record *r, uint64_t *out, uint64_t *err)
{
	*out = (uint64_t)record_int(r, "out", 0);
	*err = (uint64_t)record_int(r, "err", 0);
}
