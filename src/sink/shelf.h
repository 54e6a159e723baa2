/*
 * shelf - when a line may be shown
 *
 * Lines go straight through, or wait: for the end of their lane (group), for
 * the lanes before theirs (order), or to see whether their step fails
 * (quiet).  No line is lost: what cannot be kept goes through at once.
 */
#ifndef SINK_SHELF_H
#define SINK_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "sink/hold.h"

struct lane_info;
struct result;
struct step_ref;
struct shelf_lane;

/* a line that is to be shown now; tag is the lane's */
typedef void shelf_show_fn(void *arg, uint32_t lane, const char *tag,
    unsigned kind, const char *text, size_t len);
/*
 * Lines cannot be kept (said once), or could not be read back and are lost;
 * error is errno's value.
 */
typedef void shelf_trouble_fn(void *arg, int error, bool lost);
/*
 * All lines of a lane come now, one behind the other, or (ended) were all
 * there.  aside: it is hidden, or shown apart from the lane that started it.
 */
struct shelf_piece {
	const char *tag;
	uint32_t group, index;
	bool aside;
};
typedef void shelf_piece_fn(void *arg, const struct shelf_piece *,
    bool ended);

struct shelf {
	bool group, order;
	shelf_show_fn *show;
	shelf_trouble_fn *trouble;
	shelf_piece_fn *piece;		/* or NULL */
	void *arg;

	struct hold_store *store;	/* may be shared */
	struct shelf_lane **by_id, **by_place;
	size_t nslot, n;
	struct map groups;
	uint32_t *turn;			/* by group: index of the live lane */
	size_t turn_cap;
	bool troubled;
};

/* all up to `store` is the caller's to set */
void shelf_start(struct shelf *, const struct lane_info *);
void shelf_end(struct shelf *, const struct lane_info *);
void shelf_step_start(struct shelf *, const struct lane_info *,
    const struct step_ref *);
void shelf_step_end(struct shelf *, const struct lane_info *,
    const struct step_ref *, const struct result *);
/* step may be NULL: a line that is nobody's output */
void shelf_line(struct shelf *, const struct lane_info *,
    const struct step_ref *, unsigned kind, const char *text, size_t len);
/* show all that still waits, in order */
void shelf_flush(struct shelf *);
void shelf_fini(struct shelf *);

/* true if lines need not come here at all (but those of quiet steps) */
static inline bool
shelf_is_open(const struct shelf *s)
{
	return !s->group && !s->order;
}

#endif
