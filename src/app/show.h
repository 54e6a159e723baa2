/*
 * show - parts of a plan as a reader of the job file knows them
 */
#ifndef APP_SHOW_H
#define APP_SHOW_H

#include "model/plan.h"

struct buf;
struct walk;

/*
 * Variables that walk knows are filled in; without walk none is, nor one
 * that something in the job may set to another value (by symbol).
 */
struct show {
	const struct plan *plan;
	struct walk *walk;
	const bool *varies;
};

void show_piece(const struct show *, const struct piece *, struct buf *);
void show_text(const struct show *, const struct text *, struct buf *);
void show_words(const struct show *, const struct texts *, struct buf *);
void show_expr(const struct show *, const struct seq *, const struct expr *,
    struct buf *);
void show_figure(const struct show *, const struct figure *, struct buf *);
void show_span(const struct show *, const struct span *, struct buf *);
/* the same as a line "key = value"; nothing if it is not given */
void show_key_figure(const struct show *, const char *key,
    const struct figure *, struct buf *);
void show_key_span(const struct show *, const char *key, const struct span *,
    struct buf *);
void show_on_fail(enum on_fail, struct buf *);
void show_matches(const struct matches *, struct buf *);
/* what the step does, behind that word; may have several lines */
void show_action(const struct show *, const struct seq *,
    const struct step *, struct buf *);
/* its modifiers but `on`, one a line as "key = value" */
void show_modifiers(const struct show *, const struct seq *,
    const struct step *, struct buf *);
/* "on 1 = next", "on line = x -> next" */
void show_branch(const struct branch *, struct buf *);
void show_line_branch(const struct line_branch *, struct buf *);
void show_each(const struct show *, const struct each *, struct buf *);
/* the same of how lanes work together: of a step, and of a header */
void show_meeting(const struct show *, const struct step *, struct buf *);
void show_sharing(const struct show *, const struct seq *, struct buf *);
/* limits and channels of the job, as sections of their own */
void show_shared(const struct show *, struct buf *);
/* hosts and ways to them, each setting on a line of its own */
void show_group(const struct show *, const struct host_group *, struct buf *);
void show_host(const struct show *, const struct host_def *, struct buf *);
void show_via(const struct show *, const struct via_def *, struct buf *);
void show_contact(const struct show *, const struct contact *, struct buf *);
/* how it is reached, in one line without its name */
void show_endpoint(const struct endpoint *, struct buf *);
/* "run", "receive-last", … */
const char *show_kind(const struct step *);

#endif
