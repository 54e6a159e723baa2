/* SPDX-License-Identifier: ISC */
/* secrets: where their values come from, and which of them will do */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "walk/inner.h"

static int
refused(struct walk *w, const struct secret *s, struct buf *why)
{
	why_at(w, s->pos, why);
	buf_addf(why, "secret '%s': ", vars_name(w, s->sym));
	return -1;
}

/* what cannot be found in a text cannot be hidden in it */
const char *
secret_unfit(const char *text, size_t len)
{
	size_t longest = 0;

	if (len == 0)
		return "it is empty";
	if (len > SECRET_MAX)
		return "it is longer than 96 KiB";
	if (memchr(text, '\0', len))
		return "it holds a NUL byte";
	for (const char *end = text + len; text < end;) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *eol = nl ? nl : end;
		size_t n = (size_t)(eol - text);

		if (n > 0 && text[n - 1] == '\r')
			n--;
		longest = n > longest ? n : longest;
		text = nl ? nl + 1 : end;
	}
	return longest < SECRET_MIN ? "it is too short to be hidden in "
	    "output: no line of it has 4 bytes" : NULL;
}

struct value *
secret_value(struct walk *w, const char *text, size_t len)
{
	struct value *v = value_new(text, len);

	v->secret = true;
	w->o.secret(w->o.arg, text, len);
	return v;
}

int
secret_keep(struct walk *w, const struct secret *s, const char *text,
    size_t len, struct buf *why)
{
	const char *unfit = secret_unfit(text, len);

	if (unfit) {
		refused(w, s, why);
		buf_adds(why, unfit);
		return -1;
	}
	value_unref(w->global[s->sym]);
	w->global[s->sym] = secret_value(w, text, len);
	return 0;
}

/* --- files -------------------------------------------------------------- */

static int
cannot_read(struct walk *w, const struct secret *s, const char *path,
    struct buf *why)
{
	int err = errno;

	refused(w, s, why);
	buf_addf(why, "cannot read '%s': %s", path, strerror(err));
	return -1;
}

static int
check_file(struct walk *w, const struct secret *s, const char *path, int fd,
    struct buf *why)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return cannot_read(w, s, path, why);
	if (!S_ISREG(st.st_mode)) {
		refused(w, s, why);
		buf_addf(why, "'%s' is no regular file", path);
		return -1;
	}
	if (st.st_mode & (S_IRGRP | S_IROTH)) {
		refused(w, s, why);
		buf_addf(why, "others can read '%s' (mode %03o): chmod go= ",
		    path, (unsigned)st.st_mode & 0777);
		if (strpbrk(path, " \t\n'\"\\$`&|;<>()*?[]#~{}!"))
			buf_addq(why, path);
		else
			buf_adds(why, path);
		return -1;
	}
	return 0;
}

static int
read_open(struct walk *w, const struct secret *s, const char *path, int fd,
    struct buf *why)
{
	char *text = mem_alloc(SECRET_MAX + 2);
	size_t len = 0;
	ssize_t n = 1;
	int rc = -1;

	while (n > 0 && len < SECRET_MAX + 2) {
		n = read(fd, text + len, SECRET_MAX + 2 - len);
		if (n == -1 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	if (n == -1) {
		cannot_read(w, s, path, why);
	} else {
		for (n = (ssize_t)len; n > 0 && text[n - 1] == '\n'; n--)
			;
		rc = secret_keep(w, s, text, (size_t)n, why);
	}
	explicit_bzero(text, SECRET_MAX + 2);
	free(text);
	return rc;
}

static int
read_file(struct walk *w, const struct secret *s, struct buf *why)
{
	struct buf path = { 0 };
	int rc = -1, fd;

	if (vars_fill(w, NULL, &s->text, &path, why) == -1) {
		buf_fini(&path);
		return -1;
	}
	/* a pipe without a writer must not stop us */
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY);
	if (fd == -1) {
		cannot_read(w, s, path.data, why);
	} else {
		rc = check_file(w, s, path.data, fd, why);
		if (rc == 0)
			rc = read_open(w, s, path.data, fd, why);
		close(fd);
	}
	buf_fini(&path);
	return rc;
}

/* --- all of them -------------------------------------------------------- */

static int
from_env(struct walk *w, const struct secret *s, struct buf *why)
{
	const char *text = getenv(s->name);
	size_t n = text ? strlen(text) : 0;

	if (!text) {
		refused(w, s, why);
		buf_addf(why, "environment variable '%s' is not set",
		    s->name);
		return -1;
	}
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return secret_keep(w, s, text, n, why);
}

static int
ask(struct walk *w, const struct secret *s, struct buf *why)
{
	struct buf answer = { 0 }, wrong = { 0 };
	int rc = w->o.ask(w->o.arg, s->name, &answer, &wrong);

	if (rc == -1) {
		refused(w, s, why);
		buf_add(why, wrong.data, wrong.len);
	} else {
		rc = secret_keep(w, s, answer.data, answer.len, why);
	}
	if (answer.data)
		explicit_bzero(answer.data, answer.cap);
	buf_fini(&answer);
	buf_fini(&wrong);
	return rc;
}

int
secret_begin(struct walk *w, struct buf *why)
{
	const struct plan *p = w->plan;
	int rc = 0;

	if (w->o.only_lists)
		return 0;
	/* nothing is real: nor is what is hidden */
	for (size_t i = 0; i < p->nsecret && w->o.no_commands; i++)
		if (p->secret[i].kind != SECRET_CAPTURE)
			w->global[p->secret[i].sym] = value_str("?");
	if (w->o.no_commands)
		return 0;
	for (size_t i = 0; i < p->nsecret && rc == 0; i++) {
		const struct secret *s = &p->secret[i];

		if (w->global[s->sym])
			continue;
		if (s->kind == SECRET_ENV)
			rc = from_env(w, s, why);
		else if (s->kind == SECRET_FILE && text_literal(&s->text))
			rc = read_file(w, s, why);
	}
	/* nobody is asked for what will be of no use */
	for (size_t i = 0; i < p->nsecret && rc == 0; i++)
		if (p->secret[i].kind == SECRET_ASK)
			rc = ask(w, &p->secret[i], why);
	return rc;
}

int
secret_fill(struct walk *w, size_t *from, struct buf *why)
{
	if (w->o.only_lists || w->o.no_commands)
		return 0;
	for (; *from < w->plan->nsecret; ++*from) {
		const struct secret *s = &w->plan->secret[*from];

		if (w->global[s->sym])
			continue;
		if (s->kind == SECRET_OUTPUT)
			break;
		if (s->kind == SECRET_FILE && read_file(w, s, why) == -1)
			return -1;
	}
	return 0;
}

/* --- who gets them ------------------------------------------------------ */

int
secret_check(struct walk *w, const struct ctx *c, const struct step *s,
    struct buf *why)
{
	for (size_t i = 0; i < s->nsecret; i++) {
		struct value *v = vars_get(w, c, s->secret[i]);

		if (!v) {
			why_at(w, s->pos, why);
			buf_addf(why, "secret '%s' was not captured yet",
			    vars_name(w, s->secret[i]));
			return -1;
		}
		value_unref(v);
	}
	return 0;
}

bool
secret_is_source(const struct plan *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->nsecret; i++) {
		const struct secret *s = &p->secret[i];

		if (s->kind == SECRET_ENV && strlen(s->name) == len &&
		    memcmp(s->name, name, len) == 0)
			return true;
	}
	return false;
}

unsigned
secret_streams(const struct plan *p, const struct step *s)
{
	unsigned streams = 0;

	for (size_t i = 0; i < s->ncapture; i++)
		if (plan_secret(p, s->capture[i].sym))
			streams |= s->capture[i].kind == CAP_STDOUT ?
			    STREAM_OUT : s->capture[i].kind == CAP_STDERR ?
			    STREAM_ERR : STREAM_OUT | STREAM_ERR;
	return streams;
}
