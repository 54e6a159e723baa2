/*
 * contact - how hosts are reached: user, port, via, …
 *
 * The same keys stand in [hosts], in [host] and in headers.
 */
#ifndef LANG_CONTACT_H
#define LANG_CONTACT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/place.h"

struct entry;
struct loader;
struct value;
struct word;

/* the settings of one place while they grow; start from a zeroed struct */
struct contacting {
	struct contact contact;
	struct contact_option *option;
	size_t noption, option_cap;
};

/* false: the key is none of them.  What is wrong was reported */
bool read_contact_key(struct loader *, const struct entry *, struct contacting *);
void contacting_end(struct loader *, struct contacting *, struct contact *);
/* ssh, local or the name of a [via]; false: reported */
bool via_word(struct loader *, const struct word *, struct via_name *);
/* a host set; group: the one it is part of, or NOWHERE.  false: reported */
bool host_set_value(struct loader *, const struct value *, uint32_t group,
    struct text *);

/* a word that is the name of one host; false: reported */
bool host_word(struct loader *, const struct word *);

#endif
