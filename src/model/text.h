/*
 * text - what holds ${variables}, as the loader leaves it
 *
 * Literals and variables, cut at load and only filled in during the run,
 * never read as syntax again.
 */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/pos.h"

/* --- variables ---------------------------------------------------------- */

/* always there, not to be set by the user; first in the table of symbols */
enum {
	SYM_HOST, SYM_ADDRESS, SYM_USER, SYM_LANE, SYM_INDEX, SYM_LANES,
	SYM_WAVE, SYM_JOB, SYM_JOB_DIR, SYM_RUN, SYM_ATTEMPT, SYM_RESULT,
	SYM_CODE, SYM_STEP, SYM_MESSAGE, SYM_STDERR_TAIL, SYM_CHANGED,
	SYM_LINE, SYM_MATCH,	/* only within a reaction to a line */
	SYM_FIXED		/* how many there are */
};
/* their names, in that order */
extern const char *const plan_fixed[SYM_FIXED];

#define NOWHERE UINT32_MAX	/* no step, no sequence, no symbol */

/* --- texts -------------------------------------------------------------- */

enum piece_kind {
	PIECE_TEXT,		/* text, len */
	PIECE_VAR,		/* sym; text is the path in its JSON, or NULL */
	PIECE_ENV,		/* text: name in pseq's own environment */
	PIECE_ITEMS,		/* all fields of the item, a word each */
	/* only within [via]: */
	PIECE_PORT,		/* the host's port */
	PIECE_COMMAND		/* where the command's own words stand */
};

struct piece {
	enum piece_kind kind;
	uint32_t sym;
	const char *text;	/* NUL-terminated at len */
	size_t len;
	struct pos pos;
};

/* without pieces: the empty text */
struct text {
	const struct piece *piece;
	size_t n;
	struct pos pos;
};

/* the literal string of a text that needs no filling, else NULL */
const char *text_literal(const struct text *);
/* can a text with variables come out as this name? */
bool text_may_be(const struct text *, const char *name);

/* a list of texts: words, arguments */
struct texts {
	const struct text *text;
	size_t n;
};

/*
 * A number that may come from variables: fixed when it was known at load,
 * else text is filled and read when it is needed.
 */
enum figure_kind { FIG_COUNT, FIG_DURATION, FIG_FACTOR, FIG_PERCENT };

struct figure {
	bool given, fixed;
	double value;		/* HUGE_VAL: "forever" */
	struct text text;
	enum figure_kind kind;
};

/* the same for "4", "25%", "auto" */
struct span {
	bool given, fixed;
	struct width width;
	struct text text;
};

struct command {
	const char *text;	/* as it was written */
	/*
	 * Executed directly: its words.  None: the text goes to the shell,
	 * with texts "args" as positional parameters ($1 …) if there are any.
	 */
	struct texts argv;
	bool as_given;		/* … also on other hosts */
	struct texts args;
};

/* a variable and its value: NAME=VALUE of a call, `var` of a header */
struct setting {
	uint32_t sym;
	struct text value;
	struct pos pos;
};

#endif
