/*
 * pos - a place in a job file
 *
 * file is an index into the plan's table of files, line and col count from
 * 1 (col in bytes), len is the length of the word meant, in bytes.  A line
 * of 0 means "nowhere in a file" (the command line, say).
 */
#ifndef BASE_POS_H
#define BASE_POS_H

#include <stdint.h>

struct pos {
	uint32_t file, line, col, len;
};

#endif
