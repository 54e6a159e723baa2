/*
 * face - an outlet and how texts are to look there
 *
 * Standard output may be a file while standard error is a terminal, so each
 * has its own.
 */
#ifndef SINK_FACE_H
#define SINK_FACE_H

#include <stdbool.h>

#include "model/outlet.h"

struct face {
	struct outlet outlet;
	bool color;
	bool escape;		/* it is a terminal: see escape.h */
};

#endif
