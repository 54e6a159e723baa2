/*
 * reaction - calls, matches, and what follows from a result
 */
#ifndef LANG_REACTION_H
#define LANG_REACTION_H

#include <stdbool.h>

#include "model/plan.h"

struct cutter;
struct entry;
struct loader;
struct value;
struct word;

/* `call = ROUTINE [name=value…]`, up to that word if it is not NULL */
bool read_call(struct cutter *, const char *until, struct call *);
/* could the target come out as this routine? */
bool target_may_be(const struct target *, const struct seq *);
/* the name of a step */
bool read_step_target(struct loader *, const struct word *, struct target *);
/* codes only, for `ok` */
bool read_codes(struct loader *, const struct value *,
    const struct match **, size_t *n);
/* all that is left: codes and names */
bool read_matches(struct cutter *, struct matches *);
/* the reaction from byte from of a value on */
bool read_reaction(struct loader *, const struct value *, size_t from,
    bool line, struct reaction *);
/* `on MATCH = REACTION` */
bool read_branch(struct loader *, const struct entry *, struct branch *);
/* whether the key is `on line`, `on stdout-line`, `on stderr-line` */
bool is_line_key(const struct entry *);
bool read_line_branch(struct loader *, const struct entry *,
    struct line_branch *);
/* whether a step with it may be entered again: it leads to at or before */
bool leads_back(const struct reaction *, uint32_t at);

#endif
