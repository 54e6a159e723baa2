/*
 * escape - make bytes harmless for a terminal
 *
 * Used only when the output is one; everywhere else bytes stay as they are.
 * What could drive the terminal is shown: \r, \x1b, \u202e.
 */
#ifndef SINK_ESCAPE_H
#define SINK_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Add a line of a command's output.  Colours (ESC [ … m) and tabs pass, with
 * a reset at the end if one is open; what a carriage return overwrites is
 * left out.
 */
void escape_line(struct buf *, const char *text, size_t len);
/*
 * Add a name or a message to a line of ours.  Nothing passes on a terminal;
 * elsewhere only a newline is shown, so that the line stays one.
 */
void escape_word(struct buf *, bool terminal, const char *text, size_t len);
/* the same with at most max bytes of it, and "..." if that is not all */
void escape_short(struct buf *, bool terminal, const char *text, size_t len,
    size_t max);
/*
 * Add the first character of a text (n > 0) as it looks in a row of ours: a
 * colour is left out, a tab is a blank.  Returns how many bytes it was.
 */
size_t escape_piece(struct buf *, const char *text, size_t n);
/* what is left of a line where a carriage return went back to its start */
const char *escape_overwritten(const char *text, size_t *len);

#endif
