/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/state.h"

/* without getpwuid(3), which a static program has not */
static int
add_home(struct buf *b)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *pw;
	int rc = -1;

	while (f && rc == -1 && (pw = fgetpwent(f)))
		if (pw->pw_uid == geteuid() && pw->pw_dir[0] == '/') {
			buf_adds(b, pw->pw_dir);
			rc = 0;
		}
	if (f)
		fclose(f);
	return rc;
}

int
state_path(struct buf *b, const char *below, struct buf *why)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/') {
		buf_adds(b, state);
	} else {
		if (home && *home == '/') {
			buf_adds(b, home);
		} else if (add_home(b) == -1) {
			buf_adds(why, "neither XDG_STATE_HOME nor HOME names "
			    "a directory");
			return -1;
		}
		buf_adds(b, "/.local/state");
	}
	buf_addf(b, "/pseq/%s", below);
	return 0;
}

static int
make_one(const char *path)
{
	return mkdir(path, 0700) == -1 && errno != EEXIST ? -1 : 0;
}

int
state_make(char *path)
{
	for (char *p = path + 1; *p; p++) {
		int rc;

		if (*p != '/')
			continue;
		*p = '\0';
		rc = make_one(path);
		*p = '/';
		if (rc == -1 && errno != EROFS && errno != EACCES)
			return -1;
	}
	return make_one(path);
}
