/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bare.h"
#include "base/arena.h"

static const char cron_path[] = "/usr/bin:/bin";
static const char full_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
    "/usr/bin:/sbin:/bin";

static bool
has_dir(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	for (const char *p = path; *p; p += strspn(p, ":")) {
		size_t len = strcspn(p, ":");

		if (len == n && memcmp(p, dir, n) == 0)
			return true;
		p += len;
	}
	return false;
}

/* the directory that this program stands in; false: it is not known */
static bool
own_dir(char dir[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return false;
	dir[n] = '\0';
	slash = strrchr(dir, '/');
	/* one that was replaced meanwhile has another name, and is not there */
	if (!slash || slash == dir || access(dir, X_OK) == -1)
		return false;
	*slash = '\0';
	return !strchr(dir, ':');
}

static char *
make_path(struct arena *a)
{
	char dir[PATH_MAX];
	size_t size = sizeof("PATH=:") + sizeof(full_path) + PATH_MAX;
	char *s = arena_alloc(a, size);

	if (own_dir(dir) && !has_dir(full_path, dir))
		snprintf(s, size, "PATH=%s:%s", full_path, dir);
	else
		snprintf(s, size, "PATH=%s", full_path);
	return s;
}

/* the value of this entry if it is that of name, else NULL */
static const char *
value_of(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return strncmp(entry, name, n) == 0 && entry[n] == '=' ?
	    entry + n + 1 : NULL;
}

char *const *
bare_fill(struct arena *a, char *const *env)
{
	static const char *const locale[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	bool path = false, lang = false;
	size_t n = 0, k = 0;
	char **list;

	while (env[n])
		n++;
	list = arena_alloc(a, (n + 3) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		const char *v = value_of(env[i], "PATH");
		bool empty = false;

		if (v && (!*v || !strcmp(v, cron_path)))
			continue;
		path |= v != NULL;
		for (size_t m = 0; m < sizeof(locale) / sizeof(*locale); m++) {
			v = value_of(env[i], locale[m]);
			lang |= v && *v;
			/* ours would stand beside it */
			empty |= v && !*v && m == 2;
		}
		if (!empty)
			list[k++] = env[i];
	}
	if (!path)
		list[k++] = make_path(a);
	if (!lang)
		list[k++] = arena_strdup(a, "LANG=C.UTF-8");
	list[k] = NULL;
	return list;
}
