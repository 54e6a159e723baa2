/* board_part - the lanes of a board */
#ifndef SINK_BOARD_PART_H
#define SINK_BOARD_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/link.h"
#include "sink/board.h"
#include "sink/tally.h"

struct board_lane {
	struct link link;
	struct board_ring *ring;	/* that it is in */
	struct board_lane *next;	/* of the same slot, or free */
	uint32_t id, parent;
	uint32_t step_id, entry;	/* of the step, if one is under way */
	unsigned waits;		/* lanes that its step waits for */
	/* … of so many in all (-1: not known), begun, and failed */
	int64_t of, begun, failed;
	unsigned attempt, sequence, pace;
	bool stepping, counts, awaited;
	bool runs;		/* its step is a command: it waits for no lane */
	bool back;		/* a carriage return was the last of its line */
	double began, since;
	size_t nline;
	char name[BOARD_NAME], step[BOARD_STEP], line[BOARD_LINE];
};

struct board_ring {
	struct link lane;	/* the longest first */
	size_t n;
};

struct board {
	struct board_ring shown;
	struct board_ring lists;	/* at a step that is many lanes */
	struct board_ring held;		/* … or one, which is shown */
	struct board_lane **slot, *free, *last;
	size_t nslot, n;
	int64_t running;	/* lanes of sequences */
	struct tally tally;
	struct pace *pace;
	char *job;
	double began, said, looked, left;
};

/* NULL: it is not in work */
struct board_lane *board_find(struct board *, uint32_t id);
/* a new one, not shown yet */
struct board_lane *board_add(struct board *, uint32_t id);
void board_drop(struct board *, struct board_lane *);
void board_init_lanes(struct board *);
/* behind all others: something of it begins now */
void board_show(struct board *, struct board_lane *, double mono);
/* its step waits for a lane more (1) or less (-1) */
void board_wait(struct board *, struct board_lane *, int more);
/* a copy of what has room, cut at the end of a character */
void board_keep(char *to, size_t size, const char *text);
struct board_lane *board_lane(struct link *);
void board_free_lanes(struct board *);

#endif
