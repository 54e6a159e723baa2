/*
 * manual - man/pseq.5, the manual of the job file, as its source
 *
 * build/app/manual.c is made of it.
 */
#ifndef APP_MANUAL_H
#define APP_MANUAL_H

#include <stddef.h>

extern const unsigned char manual[];
extern const size_t manual_size;

#endif
