/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "base/near.h"
#include "base/num.h"
#include "lang/loader.h"
#include "lang/wait.h"
#include "lang/words.h"

/* what stands there without its kind, or is another action */
static void
guess(struct loader *ld, const char *word)
{
	struct buf none = { 0 };
	struct near n = { 0 };
	struct wait w;
	double d;

	for (int i = 0; i < WAIT_KINDS; i++)
		near_offer(&n, word, wait_names[i]);
	if (n.best)
		diag_near(&ld->diag, &n);
	else if (num_duration(word, &d) == 0)
		diag_note(&ld->diag, "sleep = %s", word);
	else if (wait_read(&w, WAIT_UNTIL, word, &none) == 0)
		diag_note(&ld->diag, "wait = until %s", word);
	else if (wait_read(&w, WAIT_TCP, word, &none) == 0)
		diag_note(&ld->diag, "wait = tcp %s", word);
	else if (strchr(word, '/'))
		diag_note(&ld->diag, "wait = file %s", word);
	buf_fini(&none);
}

static bool
read_kind(struct loader *ld, const struct word *w, enum wait_kind *kind)
{
	if (!w->lit)
		return not_fixed(ld, w->pos);
	for (int i = 0; i < WAIT_KINDS; i++)
		if (!strcmp(w->lit, wait_names[i])) {
			*kind = (enum wait_kind)i;
			return true;
		}
	diag_error(&ld->diag, w->pos, "'%s' is not one of: tcp unix file gone "
	    "until", w->lit);
	guess(ld, w->lit);
	return false;
}

void
wait_value(struct loader *ld, const struct value *v, struct step *s)
{
	struct cutter c = { .ld = ld, .v = v };
	struct buf what = { 0 };
	struct wait wait;
	struct word w;
	int got = cut_next(&c, &w);

	if (got == 0) {
		missing(ld, v, "what to wait for");
		diag_note(&ld->diag, "tcp HOST:PORT, unix PATH, file PATH, "
		    "gone PATH, until HH:MM");
	}
	if (got != 1 || !read_kind(ld, &w, &s->wait))
		return;
	got = cut_next(&c, &w);
	if (got == 0)
		missing(ld, v, wait_wants[s->wait]);
	if (got != 1)
		return;
	s->text = w.text;
	if (w.lit && wait_read(&wait, s->wait, w.lit, &what) == -1)
		diag_error(&ld->diag, w.pos, "%s", buf_str(&what));
	else
		cut_end(&c);
	buf_fini(&what);
}
