/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "io/lookup.h"

static const char fallback[] = "/usr/local/bin:/usr/bin:/bin";

static const char *
path_of(const char *const *env)
{
	for (; env && *env; env++) {
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	}
	return fallback;
}

static struct lookup_slot *
slot_of(struct lookup *l, const char *name)
{
	return &l->slot[map_hash(name, strlen(name)) % LOOKUP_SLOTS];
}

static void
clear(struct lookup_slot *s)
{
	free(s->name);
	free(s->path_var);
	free(s->found);
	*s = (struct lookup_slot){ 0 };
}

/* 0, or what is wrong with executing this file */
static int
test(const char *file, const char *dir)
{
	struct buf b = { 0 };
	struct stat st;
	int err = 0;

	if (file[0] != '/' && dir) {
		buf_addf(&b, "%s/%s", dir, file);
		file = buf_str(&b);
	}
	if (stat(file, &st) == -1)
		err = errno;
	else if (!S_ISREG(st.st_mode) || access(file, X_OK) == -1)
		err = EACCES;
	buf_fini(&b);
	return err;
}

/* go through the directories of PATH; fills what was found */
static int
search(const char *name, const char *path_var, const char *dir,
    struct buf *found)
{
	int err = ENOENT;

	for (const char *p = path_var;; p++) {
		size_t n = strcspn(p, ":");
		int e;

		buf_clear(found);
		/* an empty one is the directory of the program to be */
		buf_add(found, n ? p : ".", n ? n : 1);
		buf_addc(found, '/');
		buf_adds(found, name);
		e = test(buf_str(found), dir);
		if (e == 0)
			return 0;
		if (e == EACCES)
			err = EACCES;
		p += n;
		if (*p == '\0')
			return err;
	}
}

const char *
lookup_find(struct lookup *l, const char *name, const char *const *env,
    const char *dir, bool *cached)
{
	const char *path_var = path_of(env);
	struct lookup_slot *s = slot_of(l, name);
	struct buf found = { 0 };
	int err;

	*cached = false;
	if (strchr(name, '/'))
		return name;
	/* relative places depend on where the program is started */
	*cached = s->name && s->found[0] == '/' &&
	    strcmp(s->name, name) == 0 && strcmp(s->path_var, path_var) == 0;
	if (*cached)
		return s->found;
	err = *name ? search(name, path_var, dir, &found) : ENOENT;
	clear(s);
	if (err) {
		buf_fini(&found);
		errno = err;
		return NULL;
	}
	s->name = mem_strdup(name);
	s->path_var = mem_strdup(path_var);
	s->found = mem_strdup(buf_str(&found));
	buf_fini(&found);
	return s->found;
}

void
lookup_forget(struct lookup *l, const char *name)
{
	clear(slot_of(l, name));
}

void
lookup_fini(struct lookup *l)
{
	for (size_t i = 0; i < LOOKUP_SLOTS; i++)
		clear(&l->slot[i]);
}
