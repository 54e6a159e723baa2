/* SPDX-License-Identifier: ISC */
/* --hosts: only those hosts of the job that are in this set */
#include <string.h>

#include "base/hosts.h"
#include "base/near.h"
#include "walk/place.h"

/* the hosts that lanes of the job can be on */
struct all {
	struct walk *w;
	struct hosts *set;
	bool any;		/* something of the job runs on hosts */
	bool open;		/* some are known only while it runs */
};

static void
add_each(struct all *all, const struct each *each, size_t n)
{
	struct wanted want;
	struct buf why = { 0 };

	for (size_t i = 0; i < n; i++) {
		const char *text = text_literal(&each[i].text);

		if (!each_is_place(&each[i]))
			continue;
		all->any = true;
		all->open |= !text ||
		    groups_want_set(all->w, &each[i].text, &want, &why) != 0 ||
		    groups_eval(all->w, text, strlen(text), all->set,
		    &why, NULL) == -1;
	}
	buf_fini(&why);
}

static void
add_all(struct all *all)
{
	const struct plan *p = all->w->plan;

	for (size_t i = 0; i < p->nseq; i++) {
		const struct seq *s = &p->seq[i];

		add_each(all, s->each, s->neach);
		for (uint32_t k = 0; k < s->nstep; k++)
			if (s->step[k].fan)
				add_each(all, s->step[k].fan->each,
				    s->step[k].fan->neach);
	}
}

static int
unknown(struct all *all, const char *name, struct buf *why)
{
	struct near near = { 0 };

	buf_addf(why, "--hosts: nothing of the job runs on '%s'", name);
	for (size_t i = 0; i < hosts_count(all->set); i++)
		near_offer(&near, name, hosts_name(all->set, i));
	if (near.best)
		buf_addf(why, "; did you mean '%s'?", near.best);
	return -1;
}

/* a host that nothing runs on is a slip, unless more may become known */
static int
check(struct all *all, const struct hosts *chosen, struct buf *why)
{
	add_all(all);
	if (!all->any) {
		buf_adds(why, "--hosts: nothing of the job runs on hosts");
		return -1;
	}
	for (size_t i = 0; i < hosts_count(chosen) && !all->open; i++) {
		const char *name = hosts_name(chosen, i);

		if (!hosts_has(all->set, name, strlen(name)))
			return unknown(all, name, why);
	}
	return 0;
}

int
choose_check(struct walk *w, struct buf *why)
{
	struct piece piece = { .kind = PIECE_TEXT, .text = w->o.hosts };
	const struct text text = { .piece = &piece, .n = 1 };
	struct all all = { .w = w };
	struct wanted want;
	int rc;

	if (!w->o.hosts)
		return 0;
	piece.len = strlen(piece.text);
	rc = groups_want_set(w, &text, &want, why);
	if (rc == 0)
		rc = groups_choose(w, why);
	/* commands have to be run first: then it is seen what it comes to */
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	all.set = hosts_new();
	rc = check(&all, groups_chosen(w), why);
	hosts_free(all.set);
	return rc;
}
