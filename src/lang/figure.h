/*
 * figure - numbers, durations and widths of the language
 */
#ifndef LANG_FIGURE_H
#define LANG_FIGURE_H

#include <stdbool.h>

#include "model/plan.h"

struct loader;
struct value;
struct word;

/* a word that is a figure, or holds variables; else reported */
bool figure_word(struct loader *, const struct word *, enum figure_kind,
    struct figure *);
/* the same for a text that is a part of a word */
bool figure_text(struct loader *, const struct text *, enum figure_kind,
    struct figure *);
/* the whole value is one */
bool figure_value(struct loader *, const struct value *, enum figure_kind,
    struct figure *);
/* "N", "N%" and, if allowed, "auto"; at least min */
bool span_value(struct loader *, const struct value *, bool allow_auto,
    int64_t min, struct span *);
bool span_word(struct loader *, const struct word *, bool allow_auto,
    int64_t min, struct span *);
bool yes_no(struct loader *, const struct value *, bool *);
/* one of the blank-separated words of list; its number, or -1 */
int one_of(struct loader *, const struct value *, const char *list);
struct figure figure_fixed(enum figure_kind, double value);

#endif
