/*
 * ask - one line from whoever sits at the terminal, not echoed
 */
#ifndef IO_ASK_H
#define IO_ASK_H

struct buf;

/*
 * Shows the prompt on the terminal of this process (/dev/tty) and appends
 * the answer, without its newline.  0, or -1 and why.  However a signal ends
 * or stops us meanwhile, the echo is on again before it does; so nobody may
 * have a handler for INT, QUIT, TERM, HUP and TSTP.
 */
int ask_line(const char *prompt, struct buf *answer, struct buf *why);

#endif
