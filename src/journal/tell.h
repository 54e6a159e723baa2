/*
 * tell - a journal and the lanes' logs as the events they were written from
 *
 * What looks at a run while it goes on looks at one that is over in the same
 * way.  Output comes as lines: of a step when it ends, or as it is written
 * (tell_output).  Steps are told without what they did to variables.
 */
#ifndef JOURNAL_TELL_H
#define JOURNAL_TELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct bus;
struct story_session;
struct tell;

/* how a session ended; status -1: it was cut off, or goes on */
struct tell_end {
	int status, signo;
};

/*
 * dir: of the run.  Everything goes to `told` as it happened; `summed` hears
 * of each lane's last end only, when tell_sum() is called, so that a lane
 * that was cut off and resumed counts once.  NULL: the journal cannot be
 * read, and why.
 */
struct tell *tell_open(const char *dir, struct bus *told, struct bus *summed,
    struct buf *why);
/* fn hears of each start: of the first, and of those that resumed the run */
void tell_on_start(struct tell *,
    void (*fn)(void *arg, const struct story_session *), void *arg);
/* fn gets each record as it is written, behind what was told of it */
void tell_on_record(struct tell *,
    void (*fn)(void *arg, const char *text, size_t len), void *arg);
/* seconds that the run has gone on, without pauses, as far as it was told */
double tell_clock(const struct tell *);
/* while it is set, nothing more is told */
void tell_hold(struct tell *, bool on);
/*
 * What has been written since.  1: there is more, which was too much for one
 * time; 0: that was all; -1: a record is damaged, and why.
 */
int tell_records(struct tell *, struct buf *why);
/*
 * Output of lanes in progress, whole lines; with `all` to its last byte.
 * Returns as tell_records().
 */
int tell_output(struct tell *, bool all);
/* how the last session ended, as far as that was told */
struct tell_end tell_end(const struct tell *);
/* lanes with no end, that are neither hidden nor of another lane */
uint64_t tell_unfinished(const struct tell *);
/* whether output was kept: "lanes", "failed" (only theirs), "none" */
const char *tell_log(const struct tell *);
void tell_sum(struct tell *);
void tell_close(struct tell *);

#endif
