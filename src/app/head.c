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

/*
 * One that holds a secret cannot be given once more from here: whoever wants
 * it is told its name.
 */
static bool
is_kept(struct arena *a, const struct redact *redact, const char *value)
{
	return strcmp(cleaned(a, redact, value), value) == 0;
}

static void
add_secret(struct writer_head *h, struct arena *a, const char **list,
    const char *before, const char *name)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s%s", before, name);
	list[h->nsecret++] = arena_strdup(a, buf_str(&b));
	buf_fini(&b);
}

/* -v NAME=VALUE; of equal names the last one */
static void
fill_vars(struct writer_head *h, struct arena *a, const struct options *o,
    const struct redact *redact, const char **secret)
{
	struct named *var = arena_alloc(a, (o->vars.n + 1) * sizeof(*var));
	size_t n = 0;

	for (size_t i = 0; i < o->vars.n; i++) {
		const char *word = o->vars.word[i];
		const char *name = arena_strndup(a, word, strcspn(word, "="));
		size_t k = 0;

		while (k < n && strcmp(var[k].name, name) != 0)
			k++;
		var[k] = (struct named){ name, word + strlen(name) + 1 };
		n += k == n;
	}
	for (size_t i = 0; i < n; i++)
		if (is_kept(a, redact, var[i].value))
			var[h->nvar++] = var[i];
		else
			add_secret(h, a, secret, "", var[i].name);
	h->var = var;
}

static void
fill_env(struct writer_head *h, struct arena *a, const struct plan *p,
    const struct redact *redact, const char **secret)
{
	struct named *env = arena_alloc(a, (p->env.n + 1) * sizeof(*env));

	for (size_t i = 0; i < p->env.n; i++) {
		const char *name = p->env.name[i], *value = getenv(name);

		if (value && is_kept(a, redact, value))
			env[h->nenv++] = (struct named){ name, value };
		else if (value)
			add_secret(h, a, secret, "env.", name);
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
	const char **secret = arena_alloc(a, (o->vars.n + p->env.n + 1) *
	    sizeof(*secret));

	for (size_t i = 0; i < mode->nfile; i++)
		file[i] = absolute(a, dir, mode->file[i]);
	for (size_t i = 0; i < o->nargs; i++)
		arg[i] = cleaned(a, redact, o->args[i]);
	*h = (struct writer_head){
		.version = PSEQ_VERSION, .job = p->name,
		.digest = p->digest, .file = file,
		.nfile = mode->nfile, .arg = arg, .narg = o->nargs,
		.dir = dir, .host = host_name(a), .user = user_name(a),
		.pid = getpid(), .secret = secret, .retry_of = mode->retry_of,
	};
	fill_parts(h, a, p);
	fill_vars(h, a, o, redact, secret);
	fill_env(h, a, p, redact, secret);
}
