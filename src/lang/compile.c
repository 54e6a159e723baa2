/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/regex.h"
#include "lang/fan.h"
#include "lang/figure.h"
#include "lang/lang.h"
#include "lang/loader.h"
#include "lang/shared.h"
#include "lang/words.h"

enum { DEPTH_DEFAULT = 1000 };

uint32_t
find_seq(const struct loader *ld, const char *name, bool routine)
{
	for (size_t i = 0; i < ld->ndraft; i++)
		if (ld->seq[i].routine == routine &&
		    !strcmp(ld->seq[i].name, name))
			return (uint32_t)i;
	return NOWHERE;
}

uint32_t
find_step(const struct draft *d, const char *name)
{
	uint32_t i = map_find(&d->names, name, strlen(name));

	return i == MAP_NONE ? NOWHERE : d->named[i];
}

void
unknown_seq(struct loader *ld, const char *name, bool routine, struct pos pos)
{
	const char *what = routine ? "routine" : "sequence";
	struct near n = { 0 };

	if (ld->incomplete ||
	    map_find(&ld->ghost, name, strlen(name)) != MAP_NONE)
		return;
	diag_error(&ld->diag, pos, "no %s '%s'", what, name);
	for (size_t i = 0; i < ld->ndraft; i++)
		if (ld->seq[i].routine == routine)
			near_offer(&n, name, ld->seq[i].name);
	if (!n.best && find_seq(ld, name, !routine) != NOWHERE)
		diag_note(&ld->diag, "'%s' is a %s", name,
		    routine ? "sequence" : "routine");
	diag_near(&ld->diag, &n);
}

void
unknown_step(struct loader *ld, const char *name, struct pos pos)
{
	struct near n = { 0 };

	diag_error(&ld->diag, pos, "no step '%s' here", name);
	for (size_t i = 0; ld->at && i < ld->at->nstep; i++)
		if (ld->at->step[i].name)
			near_offer(&n, name, ld->at->step[i].name);
	if (!n.best && ld->at && find_seq(ld, name, true) != NOWHERE)
		diag_note(&ld->diag, "'%s' is a routine: call it", name);
	diag_near(&ld->diag, &n);
}

struct regex *
add_regex(struct loader *ld, const struct value *v, size_t at, size_t len)
{
	struct plan *p = ld->plan;
	const char *why;
	size_t off;
	struct regex *re = regex_new(v->text + at, len, &why, &off);

	if (!re) {
		diag_error(&ld->diag, value_pos(v, at + off, 1), "%s", why);
		return NULL;
	}
	p->regex = mem_grow(p->regex, &ld->regex_cap, p->nregex + 1,
	    sizeof(struct regex *));
	p->regex[p->nregex++] = re;
	return re;
}

/* what the job is called and where it lies, by the path of its first file */
static void
name_job(struct loader *ld)
{
	struct arena *a = &ld->plan->arena;
	const char *path = ld->src.list[0].name;
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len;
	char *dir, *full;

	base += strspn(base, ".");
	len = strlen(base);

	if (len > 4 && !strcmp(base + len - 4, ".job"))
		len -= 4;
	ld->plan->name = len ? arena_strndup(a, base, len) : "job";
	dir = slash ? mem_strndup(path, slash == path ? 1 :
	    (size_t)(slash - path)) : mem_strdup(".");
	full = realpath(dir, NULL);
	ld->plan->job_dir = arena_strdup(a, full ? full : dir);
	free(full);
	free(dir);
}

static void
compile(struct loader *ld)
{
	bool any = false;

	declare_secrets(ld);
	/* [job] first: its shell decides about the commands of [vars] */
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < ld->nsection; i++) {
			const struct section *s = &ld->section[i];

			if (!s->kind)
				continue;
			if (pass == 0 && !strcmp(s->kind, "job"))
				read_job(ld, s);
			if (pass == 1 && !strcmp(s->kind, "vars"))
				read_vars(ld, s);
			if (pass == 2 && !strcmp(s->kind, "job"))
				read_lock(ld, s);
			if (pass == 2 && !strcmp(s->kind, "limits"))
				read_limits(ld, s);
			if (pass == 2 && !strcmp(s->kind, "channel"))
				read_channel(ld, s);
			any |= !strcmp(s->kind, "sequence");
		}
	read_secrets(ld);
	declare_hosts(ld);
	read_hosts(ld);
	read_stock(ld);
	list_drafts(ld);
	for (size_t i = 0; i < ld->ndraft; i++)
		read_header(ld, &ld->draft[i]);
	check_headers(ld);
	for (size_t i = 0; i < ld->ndraft; i++)
		read_steps(ld, &ld->draft[i]);
	check_joins(ld);
	check_host_sets(ld);
	find_reach(ld);
	symbols_check(ld);
	if (!any && !ld->opt->only_places && !ld->incomplete &&
	    !ld->ghost.n)
		diag_error(&ld->diag, (struct pos){ 0, 1, 1, 1 },
		    "nothing to run: no [sequence NAME]");
}

/* the tables of the plan that are known now */
static void
finish_plan(struct loader *ld)
{
	struct plan *p = ld->plan;
	struct arena *a = &p->arena;
	const char **file = arena_alloc(a, ld->src.n * sizeof(*file));
	bool *settable = arena_alloc(a, p->symbols.n);
	bool *declared = arena_alloc(a, p->symbols.n);
	bool *pairs = arena_alloc(a, p->symbols.n);

	for (size_t i = 0; i < ld->src.n; i++)
		file[i] = arena_strdup(a, ld->src.list[i].name);
	for (uint32_t i = 0; i < p->symbols.n; i++) {
		settable[i] = ld->sym[i] & SYM_SETTABLE;
		declared[i] = ld->sym[i] & SYM_CAN_SET;
		pairs[i] = ld->sym[i] & SYM_PAIRS;
	}
	p->file = file;
	p->nfile = ld->src.n;
	p->settable = settable;
	p->declared = declared;
	p->pairs = pairs;
	p->seq = ld->seq;
	p->nseq = ld->ndraft;
	p->limit = arena_copy(a, ld->limit, ld->nlimit, sizeof(*ld->limit));
	p->nlimit = ld->nlimit;
	p->channel = arena_copy(a, ld->channel, ld->nchannel,
	    sizeof(*ld->channel));
	p->nchannel = ld->nchannel;
	p->var = arena_copy(a, ld->var, ld->nvar, sizeof(*ld->var));
	p->nvar = ld->nvar;
	p->group = arena_copy(a, ld->group, ld->ngroup, sizeof(*ld->group));
	p->ngroup = ld->ngroup;
	p->host = arena_copy(a, ld->host, ld->nhost, sizeof(*ld->host));
	p->nhost = ld->nhost;
	p->via = arena_copy(a, ld->via, ld->nvia, sizeof(*ld->via));
	p->nvia = ld->nvia;
	finish_secrets(ld);
	find_digests(ld);
}

static void
begin(struct loader *ld, const struct lang_options *opt)
{
	ld->opt = opt;
	ld->plan = mem_calloc(1, sizeof(*ld->plan));
	ld->plan->description = "";
	ld->plan->name = "job";
	ld->plan->depth = DEPTH_DEFAULT;
	for (size_t i = 0; i < SYM_FIXED; i++)
		symbol(ld, plan_fixed[i], strlen(plan_fixed[i]));
}

static struct plan *
end(struct loader *ld, unsigned *errors)
{
	struct plan *plan = ld->plan;
	unsigned n;

	n = diag_print(&ld->diag, &ld->src, ld->opt->out, ld->opt->color);
	if (errors)
		*errors = n;
	if (n == 0)
		finish_plan(ld);
	else {
		lang_free(plan);
		plan = NULL;
	}
	for (size_t i = 0; i < ld->nsection; i++)
		free(ld->section[i].entry);
	for (size_t i = 0; i < ld->ndraft; i++) {
		struct draft *d = &ld->draft[i];

		for (size_t k = 0; k < d->nstep; k++)
			free(d->step[k].mod);
		free(d->step);
		free(d->head);
		free(d->named);
		map_fini(&d->names);
	}
	free(ld->section);
	free(ld->draft);
	free(ld->sym);
	free(ld->ref);
	free(ld->var);
	free(ld->limit);
	free(ld->channel);
	free(ld->join);
	free(ld->secret);
	free(ld->secret_entry);
	free(ld->group);
	free(ld->host);
	free(ld->via);
	free(ld->group_ref);
	free(ld->host_ref);
	map_fini(&ld->ghost);
	diag_fini(&ld->diag);
	sources_fini(&ld->src);
	arena_fini(&ld->tmp);
	return plan;
}

struct plan *
lang_load(char *const *file, size_t n, const struct lang_options *opt,
    unsigned *errors)
{
	struct loader ld = { 0 };

	begin(&ld, opt);
	for (size_t i = 0; i < n; i++) {
		const char *why = sources_read(&ld.src, file[i]);

		if (why) {
			diag_error(&ld.diag, (struct pos){ 0 },
			    "cannot read '%s': %s", file[i], why);
			ld.incomplete = true;
			continue;
		}
		if (ld.src.n == 1)
			name_job(&ld);
		load_sections(&ld, (uint32_t)ld.src.n - 1, i == 0);
	}
	compile(&ld);
	return end(&ld, errors);
}

struct plan *
lang_load_bytes(const char *name, const char *bytes, size_t len,
    const struct lang_options *opt, unsigned *errors)
{
	struct loader ld = { 0 };

	begin(&ld, opt);
	sources_add(&ld.src, name, bytes, len);
	name_job(&ld);
	load_sections(&ld, 0, true);
	compile(&ld);
	return end(&ld, errors);
}

bool
lang_is_section(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] != ' ' && s[n] != '\t' && s[n] != ']')
		n++;
	for (const char *const *k = lang_sections; n < len && *k; k++) {
		bool alone = !strcmp(*k, "job") || !strcmp(*k, "vars") ||
		    !strcmp(*k, "secrets") || !strcmp(*k, "limits");

		if (strlen(*k) == n && memcmp(*k, s, n) == 0 &&
		    alone == (s[n] == ']'))
			return true;
	}
	return false;
}

void
lang_free(struct plan *plan)
{
	if (!plan)
		return;
	plan_fini(plan);
	free(plan);
}
