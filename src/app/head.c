/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/head.h"
#include "app/opts.h"
#include "app/session.h"
#include "base/buf.h"
#include "model/plan.h"
#include "sink/redact.h"

/* without getpwuid(3), which a static program has not */
static const char *
user_name(struct arena *a)
{
	FILE *f = fopen("/etc/passwd", "re");
	const char *name = NULL;
	const struct passwd *pw;
	char number[16];

	while (f && !name && (pw = fgetpwent(f)))
		if (pw->pw_uid == geteuid())
			name = arena_strdup(a, pw->pw_name);
	if (f)
		fclose(f);
	if (!name)
		name = getenv("LOGNAME");
	if (name)
		return name;
	snprintf(number, sizeof(number), "%u", (unsigned)geteuid());
	return arena_strdup(a, number);
}

static const char *
host_name(struct arena *a)
{
	char name[HOST_NAME_MAX + 1];

	if (gethostname(name, sizeof(name)) == -1)
		return NULL;
	name[sizeof(name) - 1] = '\0';
	return arena_strdup(a, name);
}

/* a text from outside, without the secrets that are known */
static const char *
cleaned(struct arena *a, const struct redact *redact, const char *s)
{
	struct buf b = { 0 };

	if (!redact)
		return s;
	buf_adds(&b, s);
	redact_text(redact, &b);
	s = arena_strdup(a, buf_str(&b));
	buf_fini(&b);
	return s;
}

static const char *
absolute(struct arena *a, const char *dir, const char *file)
{
	struct buf b = { 0 };

	if (*file == '/')
		return file;
	buf_addf(&b, "%s/%s", dir, file);
	file = arena_strdup(a, buf_str(&b));
	buf_fini(&b);
	return file;
}

static void
fill_parts(struct writer_head *h, struct arena *a, const struct plan *p)
{
	struct named *part = arena_alloc(a, (p->npart + 1) * sizeof(*part));

	for (size_t i = 0; i < p->npart; i++)
		part[i] = (struct named){ p->part[i].name, p->part[i].digest };
	h->section = part;
	h->nsection = p->npart;
}

/* -v NAME=VALUE; of equal names the last one */
static void
fill_vars(struct writer_head *h, struct arena *a, const struct options *o,
    const struct redact *redact)
{
	struct named *var = arena_alloc(a, (o->vars.n + 1) * sizeof(*var));
	size_t n = 0;

	for (size_t i = 0; i < o->vars.n; i++) {
		const char *word = o->vars.word[i];
		const char *name = arena_strndup(a, word, strcspn(word, "="));
		size_t k = 0;

		while (k < n && strcmp(var[k].name, name) != 0)
			k++;
		var[k].name = name;
		var[k].value = cleaned(a, redact, word + strlen(name) + 1);
		n += k == n;
	}
	h->var = var;
	h->nvar = n;
}

static void
fill_env(struct writer_head *h, struct arena *a, const struct plan *p,
    const struct redact *redact)
{
	struct named *env = arena_alloc(a, (p->env.n + 1) * sizeof(*env));

	for (size_t i = 0; i < p->env.n; i++) {
		const char *name = p->env.name[i], *value = getenv(name);

		if (value)
			env[h->nenv++] = (struct named){
				name, cleaned(a, redact, value)
			};
	}
	h->env = env;
}

void
head_fill(struct writer_head *h, struct arena *a, const struct options *o,
    const struct plan *p, const struct session_mode *mode, const char *dir,
    const struct redact *redact)
{
	const char **file = arena_alloc(a, (mode->nfile + 1) * sizeof(*file));
	const char **arg = arena_alloc(a, (o->nargs + 1) * sizeof(*arg));

	for (size_t i = 0; i < mode->nfile; i++)
		file[i] = absolute(a, dir, mode->file[i]);
	for (size_t i = 0; i < o->nargs; i++)
		arg[i] = cleaned(a, redact, o->args[i]);
	*h = (struct writer_head){
		.version = PSEQ_VERSION, .job = p->name,
		.digest = p->digest, .file = file,
		.nfile = mode->nfile, .arg = arg, .narg = o->nargs,
		.dir = dir, .host = host_name(a), .user = user_name(a),
		.pid = getpid(), .retry_of = mode->retry_of,
	};
	fill_parts(h, a, p);
	fill_vars(h, a, o, redact);
	fill_env(h, a, p, redact);
}
