/*
 * overview - how a run is doing, for whoever asks
 *
 * Hears what happens, and asks the engine, if the run is our own.
 */
#ifndef APP_OVERVIEW_H
#define APP_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>

struct board;
struct buf;
struct bus;
struct engine;
struct foot_style;
struct loop;
struct overview;
struct pace;

/* its sinks go on the bus, which closes them before overview_free() */
struct overview *overview_new(struct loop *, struct bus *);
/* the run is our own; it must be there as long as anybody asks */
void overview_engine(struct overview *, struct engine *);
/* what is known of earlier runs, and what this one adds to it */
struct pace *overview_pace(struct overview *);
struct board *overview_board(struct overview *);
/* since the run began, pauses aside; 0: it has not */
double overview_seconds(const struct overview *);
/* monotonic, of the run's events */
double overview_now(const struct overview *);
/* the rows of the live view (sink/foot.h); none if nothing runs */
void overview_draw(struct overview *, const struct foot_style *,
    struct buf *);
/* all of it, for a reader: every lane in work, and what lanes wait for */
void overview_tell(struct overview *, const struct foot_style *,
    struct buf *);
void overview_free(struct overview *);

#endif
