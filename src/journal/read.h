/*
 * read - the records of a journal, in the order of the file
 *
 * The file is mapped, and of each line no more is looked at than is asked
 * for: what a record is and which lane it is about stand at its start, single
 * members are found in its text (member.h).  What stands behind the last
 * whole record was being written when its writer died: it is left out.
 */
#ifndef JOURNAL_READ_H
#define JOURNAL_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* the newest form of journals that is understood */
enum { JOURNAL_SCHEMA = 1 };

enum record_type {
	REC_RUN, REC_RESUME, REC_LANE_START, REC_STEP_START, REC_STEP_END,
	REC_CUT, REC_LANE_END, REC_UNSTARTED, REC_SAY, REC_WARN, REC_SENT, REC_TAKEN,
	REC_CLEARED, REC_CLOSED, REC_BARRIER, REC_DRAIN, REC_RUN_END,
	REC_OTHER		/* of a kind that is not known here */
};

struct journal {
	char *path;
	const char *map;
	size_t mapped;
	size_t size;		/* of the file, when it was looked at */
	size_t good;		/* there whole records end */
};

/* a zeroed struct record stands before the first one */
struct record {
	enum record_type type;
	uint32_t lane;		/* 0: it is about none */
	const char *text;	/* the line, without its newline */
	size_t len;
	size_t line;		/* its number, from 1 */
	const char *path;	/* of the journal, for messages; or NULL */
	unsigned session;	/* 1; more behind `resume` records */
	size_t next;		/* offset of the one behind it */
};

/*
 * -1 and why (appended): it cannot be read, is no journal, or was written by
 * a pseq that does it in another way.
 */
int journal_open(struct journal *, const char *path, struct buf *why);
/*
 * The same of a file that is open.  Who holds a lock on a journal opens it
 * by this: closing any other descriptor of the file would give it up.
 */
int journal_map(struct journal *, int fd, const char *path,
    struct buf *why);
/* 1: there is a next record; 0: there is none; -1: damaged, and why */
int journal_next(const struct journal *, struct record *, struct buf *why);
/* its last record; false: it is the first one */
bool journal_last(const struct journal *, struct record *);
/* bytes behind the last whole record */
size_t journal_torn(const struct journal *);
void journal_close(struct journal *);

/* "run", "step_end", … */
const char *record_name(enum record_type);

#endif
