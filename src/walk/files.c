/* SPDX-License-Identifier: ISC */
/*
 * Paths that match a pattern: * ? [ ] as in a shell, and ** for any number
 * of folders.  Sorted by bytes, so that a run does not depend on the
 * locale.  Links to folders are not followed below a **.
 */
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "walk/inner.h"

struct found {
	void (*fn)(void *arg, const char *path);
	void *arg;
	bool folders;		/* nothing else */
};

static void descend(const char *dir, const char *rest, struct found *);

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* the names in a folder, sorted; each and the array to be freed */
static size_t
list(const char *dir, char ***names)
{
	DIR *d = opendir(*dir ? dir : ".");
	struct dirent *entry;
	size_t n = 0, cap = 0;

	*names = NULL;
	if (!d)
		return 0;
	while ((entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		*names = mem_grow(*names, &cap, n + 1, sizeof(**names));
		(*names)[n++] = mem_strdup(entry->d_name);
	}
	closedir(d);
	if (n > 0)
		qsort(*names, n, sizeof(**names), compare);
	return n;
}

static bool
is_folder(const char *path, bool follow)
{
	struct stat st;

	if ((follow ? stat(path, &st) : lstat(path, &st)) == -1)
		return false;
	return S_ISDIR(st.st_mode);
}

static void
join(struct buf *b, const char *dir, const char *name, size_t len)
{
	buf_clear(b);
	buf_adds(b, dir);
	if (*dir && dir[strlen(dir) - 1] != '/')
		buf_addc(b, '/');
	buf_add(b, name, len);
	buf_str(b);
}

static void
emit(struct found *f, struct buf *path)
{
	if (f->folders && !is_folder(buf_str(path), true))
		return;
	if (f->folders)
		buf_addc(path, '/');
	f->fn(f->arg, buf_str(path));
}

/* ** stands for no folder, or for each folder and what is below it */
static void
any_depth(const char *dir, const char *whole, const char *rest,
    struct found *f)
{
	struct buf path = { 0 };
	char **names;
	size_t n;

	descend(dir, rest, f);
	n = list(dir, &names);
	for (size_t i = 0; i < n; i++) {
		join(&path, dir, names[i], strlen(names[i]));
		if (names[i][0] != '.' && is_folder(path.data, false))
			any_depth(path.data, whole, rest, f);
		free(names[i]);
	}
	free(names);
	buf_fini(&path);
}

/* one part of the pattern against the names of a folder */
static void
one_part(const char *dir, const char *part, const char *rest,
    struct found *f)
{
	struct buf path = { 0 };
	char **names;
	size_t n = list(dir, &names);

	for (size_t i = 0; i < n; i++) {
		if (fnmatch(part, names[i], FNM_PERIOD) == 0) {
			join(&path, dir, names[i], strlen(names[i]));
			if (!*rest)
				emit(f, &path);
			else if (is_folder(path.data, true))
				descend(path.data, rest, f);
		}
		free(names[i]);
	}
	free(names);
	buf_fini(&path);
}

/* rest: the pattern below dir, without a leading slash */
static void
descend(const char *dir, const char *rest, struct found *f)
{
	size_t n = strcspn(rest, "/");
	const char *after = rest + n + strspn(rest + n, "/");
	struct buf path = { 0 };
	struct stat st;
	char *part;

	if (!*rest)
		return;
	part = mem_strndup(rest, n);
	if (strcmp(part, "**") == 0 && *after) {
		any_depth(dir, rest, after, f);
	} else if (strpbrk(part, "*?[\\")) {
		one_part(dir, part, after, f);
	} else {
		join(&path, dir, part, n);
		if (!*after) {
			if (lstat(path.data, &st) == 0)
				emit(f, &path);
		} else if (is_folder(path.data, true)) {
			descend(path.data, after, f);
		}
	}
	free(part);
	buf_fini(&path);
}

void
files_match(const char *pattern, void (*fn)(void *arg, const char *path),
    void *arg)
{
	size_t n = strlen(pattern);
	struct found f = { fn, arg, n > 0 && pattern[n - 1] == '/' };

	if (*pattern == '/')
		descend("/", pattern + strspn(pattern, "/"), &f);
	else
		descend("", pattern, &f);
}
