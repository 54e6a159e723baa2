/*
 * ini - what inih makes of each logical line
 *
 * inih cuts long lines, names and values; so it gets a short stand-in for
 * each line, of the same shape, and says what that is.
 */
#ifndef LANG_INI_H
#define LANG_INI_H

#include <stddef.h>

struct logical;
struct source;

void ini_kinds(const struct source *, struct logical *, size_t n);

#endif
