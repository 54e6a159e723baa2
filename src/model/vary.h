/*
 * vary - what differs between texts that say the same
 *
 *	numbers, also 3.5, with a unit as 1m03s or 20MiB	0
 *	hexadecimal numbers, UUIDs, IP and MAC addresses	0
 *	paths, and names of temporary files			/
 *	anything in quotes					''
 */
#ifndef MODEL_VARY_H
#define MODEL_VARY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of what begins at s and varies, and what stands for it; 0: it is
 * to be taken as it is.  start: s is the start of a word.
 */
size_t vary(const char *s, size_t n, bool start, const char **as);
/* letters, digits, _: what begins behind it is no start of a word */
bool vary_in_word(char c);

#endif
