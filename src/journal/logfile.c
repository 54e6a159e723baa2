/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/full.h"
#include "journal/logfile.h"

void
logfiles_init(struct logfiles *s, int dir, unsigned most)
{
	mode_t mask = umask(0);

	umask(mask);
	*s = (struct logfiles){
		.dir = dir, .most = most, .spare = -1,
		.narrow = (mask & 0600) != 0,
	};
	link_init(&s->open);
	/* where descriptors run out there is room for one, always */
	if (dir != -1 && most > 1)
		s->spare = fcntl(dir, F_DUPFD_CLOEXEC, 3);
}

static void
close_oldest(struct logfiles *s)
{
	/* the link is the first member */
	logfile_close(s, (struct logfile *)s->open.next);
}

static int
try_open(struct logfiles *s, const char *name)
{
	return openat(s->dir, name, O_WRONLY | O_CREAT | O_APPEND |
	    O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
}

static int
open_file(struct logfiles *s, struct logfile *f, const char *name)
{
	if (s->n >= s->most)
		close_oldest(s);
	while ((f->fd = try_open(s, name)) == -1) {
		if (errno != EMFILE && errno != ENFILE)
			return -1;
		if (s->n > 0) {
			close_oldest(s);
		} else if (s->spare != -1) {
			close(s->spare);
			s->spare = -1;
		} else {
			return -1;
		}
	}
	if (s->narrow)
		fchmod(f->fd, 0600);
	f->is_open = true;
	s->n++;
	return 0;
}

int
logfile_append(struct logfiles *s, struct logfile *f, const char *name,
    const char *p, size_t n)
{
	if (f->is_open)
		link_del(&f->link);
	else if (open_file(s, f, name) == -1)
		return -1;
	link_add(&s->open, &f->link);
	return full_write(f->fd, p, n);
}

uint64_t
logfile_size(const struct logfiles *s, const char *name)
{
	struct stat st;

	if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

void
logfile_close(struct logfiles *s, struct logfile *f)
{
	if (!f->is_open)
		return;
	link_del(&f->link);
	close(f->fd);
	f->is_open = false;
	s->n--;
}

void
logfiles_fini(struct logfiles *s)
{
	if (s->spare != -1)
		close(s->spare);
}
