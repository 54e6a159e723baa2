/*
 * keys - look-ups in the tables of the language's words (lang.h)
 */
#ifndef LANG_KEYS_H
#define LANG_KEYS_H

#include "lang/lang.h"

struct near;

/* NULL if there is no such key */
const struct key *key_find(const char *name);
/* a word of later work that may stand there; NULL if there is none */
const struct later *later_find(const char *name, unsigned at);
/* the nearest key that may stand in one of these places */
void key_near(struct near *, const char *name, unsigned at);
/* whether word is one of the blank-separated words of list */
bool key_has_word(const char *list, const char *word);
/* the nearest of them; buf holds what near points to */
enum { KEY_WORD_MAX = 24 };
void key_near_word(struct near *, const char *list, const char *word,
    char buf[KEY_WORD_MAX]);

#endif
