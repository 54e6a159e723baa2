/*
 * past - what is known of a run from before it was resumed
 *
 * A run is resumed by walking it again: what a step came to is handed out
 * instead of doing it, as far as that is known.  Whoever reads the journal
 * gives this; engine and programs ask.
 */
#ifndef MODEL_PAST_H
#define MODEL_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/action.h"
#include "model/event.h"
#include "model/status.h"

struct lane_info;

/* one try of a step, that has ended */
struct past_try {
	struct result result;	/* as it was judged */
	bool again;		/* another try followed, or was to */
	struct step_note note;
};

/* a try that is to be made (again) */
enum past_begun {
	PAST_NEW,		/* it never began */
	PAST_BEGUN,		/* it has no end */
	PAST_CUT,		/* it was ended with its lane */
	PAST_AFTER		/* it began after its lane was ended */
};

struct past_lane {
	uint32_t id;		/* the lane keeps its number */
	/* it has ended, for good: nothing of it is done again */
	bool over;
	enum lane_verdict verdict;
	struct result result;
	unsigned tries;		/* most of any of its steps */
	const char *facts;	/* JSON; NULL: none */
	size_t nfacts;
};

/* a message that was sent and not delivered */
struct past_message {
	uint64_t number;
	const char *text;
	size_t len;
};

struct past {
	void *arg;
	uint32_t lanes;		/* the highest number of a lane; 0: none */
	bool draining;		/* the job had brought that about itself */
	bool stopping;		/* … and was ending its lanes */
	/*
	 * The lane of this name, sequence and round, of this parent and step
	 * of it (in, identity, entry).  Each is given once; of equal names
	 * first the one that began first.  NULL: there is none (any more).
	 */
	const struct past_lane *(*lane)(void *arg, const struct lane_info *);
	/* what a try came to (from 1); NULL: it has not ended, or never began */
	const struct past_try *(*step)(void *arg, const struct past_lane *,
	    const struct step_ref *, unsigned attempt);
	/* was it started all the same? */
	enum past_begun (*begun)(void *arg, const struct past_lane *,
	    const struct step_ref *, unsigned attempt);
	/*
	 * A step with `once`, done by a lane of the same group (sequence and
	 * round, or parent and step) as this one: its last try.  entry: the
	 * n-th time that a lane enters it.
	 */
	const struct past_try *(*once)(void *arg, const struct lane_info *,
	    const struct step_ref *);
	/*
	 * … one of them has started it, and it has no end.  NULL: not known,
	 * like false.
	 */
	bool (*once_begun)(void *arg, const struct lane_info *,
	    const struct step_ref *);
	/*
	 * How many lanes of a sequence had begun in this round (not those
	 * that lanes started, nor hidden ones).  NULL: not known, like 0.
	 */
	uint32_t (*began)(void *arg, const char *sequence, uint32_t round);
};

#endif
