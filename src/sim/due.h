/*
 * due - what happens when: a binary heap, earliest first
 */
#ifndef SIM_DUE_H
#define SIM_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct due {
	double at;
	bool late;		/* of what is due at once, after the others */
	uint64_t order;		/* … and then by this */
	uint32_t index;
};

struct due_queue {
	struct due *due;	/* the first one is the earliest */
	size_t n, cap;
};

/* a zeroed queue is ready for use */
void due_push(struct due_queue *, struct due);
/* the earliest; there must be one */
struct due due_pop(struct due_queue *);
void due_fini(struct due_queue *);

#endif
