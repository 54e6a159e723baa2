/*
 * prune - old runs of a job are removed
 *
 * The oldest first, never one whose journal is locked, nothing that is not
 * named as a run, and nothing a link leads to.  No journal is read.
 */
#ifndef JOURNAL_PRUNE_H
#define JOURNAL_PRUNE_H

struct buf;
struct rundir_keep;

/*
 * Take those that are not kept out of the folder's runs: they get other
 * names.  Two must not do that at once.  One more is about to come.
 */
void prune_mark(int folder, const struct rundir_keep *);
/* remove all that have such names; what could not be is appended to left */
void prune_sweep(int folder, struct buf *left);

#endif
