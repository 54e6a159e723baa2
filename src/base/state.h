/*
 * state - where pseq keeps what outlives it
 */
#ifndef BASE_STATE_H
#define BASE_STATE_H

struct buf;

/*
 * Append $XDG_STATE_HOME/pseq/BELOW, or what is in its place:
 * ~/.local/state, of HOME or else of the user's entry in passwd(5).  Nothing
 * is made.  -1 and why (appended): there is none.
 */
int state_path(struct buf *, const char *below, struct buf *why);
/* as mkdir -p, mode 0700, for all of path; -1 with errno */
int state_make(char *path);

#endif
