/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/mem.h"
#include "journal/member.h"
#include "journal/read.h"

static const char begin[] = "{\"type\":\"";
static const char lane_key[] = ",\"lane\":";

static const char *const names[] = {
	[REC_RUN] = "run", [REC_RESUME] = "resume",
	[REC_LANE_START] = "lane_start", [REC_STEP_START] = "step_start",
	[REC_STEP_END] = "step_end", [REC_CUT] = "cut", [REC_LANE_END] = "lane_end",
	[REC_UNSTARTED] = "unstarted", [REC_SAY] = "say",
	[REC_WARN] = "warn", [REC_SENT] = "sent", [REC_TAKEN] = "taken",
	[REC_CLEARED] = "cleared", [REC_CLOSED] = "closed",
	[REC_BARRIER] = "barrier", [REC_DRAIN] = "drain",
	[REC_RUN_END] = "run_end", [REC_OTHER] = "other",
};

const char *
record_name(enum record_type type)
{
	return names[type];
}

static enum record_type
type_of(const char *s, size_t len)
{
	for (enum record_type t = 0; t < REC_OTHER; t++)
		if (s[0] == names[t][0] && strlen(names[t]) == len &&
		    !memcmp(s, names[t], len))
			return t;
	return REC_OTHER;
}

static uint32_t
lane_of(const char *s, const char *end)
{
	size_t n = sizeof(lane_key) - 1;
	uint64_t lane = 0;

	if ((size_t)(end - s) < n || memcmp(s, lane_key, n) != 0)
		return 0;
	for (s += n; s < end && *s >= '0' && *s <= '9'; s++) {
		lane = lane * 10 + (uint64_t)(*s - '0');
		if (lane > UINT32_MAX)
			return 0;
	}
	return (uint32_t)lane;
}

/* what stands at the start of a line; false: it is no record */
static bool
look(struct record *r)
{
	size_t n = sizeof(begin) - 1;
	const char *s, *end = r->text + r->len, *quote;

	if (r->len < n + 2 || memcmp(r->text, begin, n) != 0 ||
	    end[-1] != '}' || memchr(r->text, '\0', r->len))
		return false;
	s = r->text + n;
	quote = memchr(s, '"', (size_t)(end - s));
	if (!quote || quote == s)
		return false;
	r->type = type_of(s, (size_t)(quote - s));
	r->lane = lane_of(quote + 1, end);
	return true;
}

/* a record from its first byte to its last */
static bool
is_whole(const char *text, size_t len)
{
	struct record r = { .text = text, .len = len };
	struct buf why = { 0 };
	json_t *json;

	if (!look(&r))
		return false;
	json = record_json(&r, &why);
	buf_fini(&why);
	if (!json)
		return false;
	json_decref(json);
	return true;
}

/* the line that ends before `end`, which is behind a newline */
static size_t
line_before(const char *map, size_t end)
{
	const char *nl = memrchr(map, '\n', end - 1);

	return nl ? (size_t)(nl - map) + 1 : 0;
}

static size_t
good_end(const char *map, size_t size)
{
	const char *nl = size > 0 ? memrchr(map, '\n', size) : NULL;
	size_t end = nl ? (size_t)(nl - map) + 1 : 0;

	while (end > 0) {
		size_t start = line_before(map, end);

		if (is_whole(map + start, end - 1 - start))
			break;
		end = start;
	}
	return end;
}

static int
check_schema(const struct journal *j, const json_t *head, struct buf *why)
{
	const json_t *schema = json_object_get(head, "schema");
	const char *version = json_string_value(json_object_get(head, "pseq"));

	if (!json_is_integer(schema)) {
		buf_addf(why, "%s is no journal of pseq: its first record "
		    "names no schema", j->path);
		return -1;
	}
	if (json_integer_value(schema) == JOURNAL_SCHEMA)
		return 0;
	buf_addf(why, "%s was written by pseq %s in schema %lld; this is pseq "
	    "%s, which reads schema %d", j->path, version ? version : "?",
	    (long long)json_integer_value(schema), PSEQ_VERSION,
	    JOURNAL_SCHEMA);
	return -1;
}

static int
check_head(const struct journal *j, struct buf *why)
{
	const char *nl = j->good > 0 ? memchr(j->map, '\n', j->good) : NULL;
	struct record r = { .text = j->map, .line = 1, .path = j->path };
	json_t *head;
	int rc;

	if (nl)
		r.len = (size_t)(nl - j->map);
	/* its writer died while it wrote the first one */
	if (!nl && j->size >= sizeof(begin) - 1 &&
	    !memcmp(j->map, begin, sizeof(begin) - 1)) {
		buf_addf(why, "%s holds no whole record", j->path);
		return -1;
	}
	if (!nl || !look(&r) || r.type != REC_RUN) {
		buf_addf(why, "%s is no journal of pseq", j->path);
		return -1;
	}
	head = record_json(&r, why);
	if (!head)
		return -1;
	rc = check_schema(j, head, why);
	json_decref(head);
	return rc;
}

static int
map_file(struct journal *j, int fd, struct buf *why)
{
	struct stat st;
	void *p;

	if (fstat(fd, &st) == -1) {
		buf_addf(why, "%s: %s", j->path, strerror(errno));
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		buf_addf(why, "%s is no journal: it is %s", j->path,
		    S_ISDIR(st.st_mode) ? "a directory" : "no plain file");
		return -1;
	}
	if (st.st_size == 0) {
		buf_addf(why, "%s is empty", j->path);
		return -1;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ,
	    MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED) {
		buf_addf(why, "%s: %s", j->path, strerror(errno));
		return -1;
	}
	j->map = p;
	j->mapped = j->size = (size_t)st.st_size;
	return 0;
}

int
journal_map(struct journal *j, int fd, const char *path, struct buf *why)
{
	*j = (struct journal){ .path = mem_strdup(path) };
	if (map_file(j, fd, why) == 0) {
		j->good = good_end(j->map, j->size);
		if (check_head(j, why) == 0)
			return 0;
	}
	journal_close(j);
	return -1;
}

int
journal_open(struct journal *j, const char *path, struct buf *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;

	*j = (struct journal){ 0 };
	if (fd == -1) {
		buf_addf(why, "%s: %s", path, strerror(errno));
		return -1;
	}
	rc = journal_map(j, fd, path, why);
	close(fd);
	return rc;
}

int
journal_next(const struct journal *j, struct record *r, struct buf *why)
{
	const char *nl;
	size_t at = r->next;

	if (at >= j->good)
		return 0;
	nl = memchr(j->map + at, '\n', j->good - at);
	r->text = j->map + at;
	r->len = (size_t)(nl - r->text);
	r->next = at + r->len + 1;
	r->line++;
	r->path = j->path;
	if (!look(r)) {
		buf_addf(why, "%s: line %zu is damaged", j->path, r->line);
		return -1;
	}
	if (r->session == 0)
		r->session = 1;
	if (r->type == REC_RESUME)
		r->session++;
	return 1;
}

bool
journal_last(const struct journal *j, struct record *r)
{
	size_t at = line_before(j->map, j->good);

	*r = (struct record){
		.text = j->map + at, .len = j->good - 1 - at, .next = j->good,
	};
	return look(r) && at > 0;
}

size_t
journal_torn(const struct journal *j)
{
	return j->size - j->good;
}

void
journal_close(struct journal *j)
{
	if (j->map)
		munmap((void *)(uintptr_t)j->map, j->mapped);
	free(j->path);
	*j = (struct journal){ 0 };
}
