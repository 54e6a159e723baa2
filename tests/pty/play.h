/*
 * play - a script of what is typed, waited for and looked at, see actions[]
 */
#ifndef PTY_PLAY_H
#define PTY_PLAY_H

#include <stdio.h>

struct pty;

/* ends us with 100 if it cannot be played; else the command may still run */
void play(FILE *script, struct pty *, int rows, int columns);

#endif
