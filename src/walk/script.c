/* SPDX-License-Identifier: ISC */
/* a script that lies here, and is run where the step runs */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk/inner.h"

enum { SCRIPT_MAX = 64 * 1024 * 1024 };

static int
cannot_read(struct walk *w, const struct step *s, const char *path,
    const char *what, struct buf *why)
{
	why_at(w, s->pos, why);
	buf_addf(why, "cannot read '%s': %s", path, what);
	return -1;
}

int
script_load(struct walk *w, const struct step *s, const char *path,
    struct buf *why)
{
	struct buf *b = &w->script;
	struct stat st;
	ssize_t n = 0;
	int fd;

	buf_clear(b);
	/* where nothing is run there may be no such file yet */
	if (w->o.no_commands)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return cannot_read(w, s, path, strerror(errno), why);
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		return cannot_read(w, s, path, "it is no file", why);
	}
	do {
		n = read(fd, buf_room(b, 64 * 1024), 64 * 1024);
		if (n > 0)
			b->len += (size_t)n;
	} while (n > 0 && b->len <= SCRIPT_MAX);
	if (n == -1)
		cannot_read(w, s, path, strerror(errno), why);
	else if (n > 0)
		cannot_read(w, s, path, "it is larger than 64 MiB", why);
	close(fd);
	return n == 0 ? 0 : -1;
}

/* as the kernel reads it: #!INTERPRETER [one argument] */
void
script_interpreter(struct walk *w)
{
	const char *s = w->script.data;
	size_t len = w->script.len, end, n;
	const char *eol;

	if (len < 3 || s[0] != '#' || s[1] != '!') {
		scratch_add(w, "/bin/sh", 7);
		return;
	}
	eol = memchr(s, '\n', len);
	end = eol ? (size_t)(eol - s) : len;
	while (end > 2 && strchr(" \t\r", s[end - 1]))
		end--;
	for (s += 2, end -= 2; end > 0 && strchr(" \t", *s); s++)
		end--;
	for (n = 0; n < end && !strchr(" \t", s[n]); n++)
		;
	scratch_add(w, n > 0 ? s : "/bin/sh", n > 0 ? n : 7);
	for (s += n, end -= n; end > 0 && strchr(" \t", *s); s++)
		end--;
	if (end > 0)
		scratch_add(w, s, end);
}
