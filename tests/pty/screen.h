/*
 * screen - what somebody at a terminal sees: libvterm, and what it rolls out
 *
 * Lines are not wrapped anew when the width changes, and do not come back
 * when the height grows (as in xterm): later versions of libvterm could, but
 * that of Debian 12 cannot, and what is tested must not depend on it.
 */
#ifndef PTY_SCREEN_H
#define PTY_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct screen;

/* answer: what the terminal says to the program */
struct screen *screen_new(int rows, int columns,
    void (*answer)(const char *bytes, size_t len, void *arg), void *arg);
void screen_show(struct screen *, const char *bytes, size_t len);
void screen_resize(struct screen *, int rows, int columns);
/* each row as text, blanks at its end left out */
void screen_print(const struct screen *, FILE *);
/* … and what was rolled out above before */
void screen_history(const struct screen *, FILE *);
/* cursor ROW COLUMN shown|hidden, counted from 1; alternate yes|no */
void screen_state(const struct screen *, FILE *);
/* in a row of the screen */
bool screen_has(const struct screen *, const char *text);
/* rows of the screen and lines above it that have it */
int screen_times(const struct screen *, const char *text);
/* in what was rolled out, from line *from on, which becomes its end */
bool screen_had(const struct screen *, const char *text, size_t *from);

#endif
