/*
 * modes - how a terminal takes input: as keys, while we are in front
 *
 * However the process ends, SIGKILL excepted, they are as they were found;
 * so there is one such terminal in a process.  They are never touched from
 * the background: that would stop us, or disturb whoever is in front.
 */
#ifndef IO_MODES_H
#define IO_MODES_H

#include <stdbool.h>

/* are we who the terminal belongs to now? */
bool modes_front(int fd);

/* none is changed yet; fd stays the caller's; -1: there is nothing to change */
void modes_open(int fd);
/* each byte at once, no echo; to be called in front, as often as one likes */
void modes_take(void);
/* as they were; does nothing if they are; safe in a signal's handler */
void modes_restore(void);
void modes_close(void);

#endif
