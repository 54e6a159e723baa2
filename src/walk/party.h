/*
 * party - what the lanes of one group share
 */
#ifndef WALK_PARTY_H
#define WALK_PARTY_H

#include "walk/walker.h"

/* a step that one lane does for all, at its n-th time */
struct once {
	uint64_t key;
	enum { ONCE_OPEN, ONCE_RUNS, ONCE_DONE } state;
	bool refused;		/* it must not be done again */
	struct kept kept;
	struct bindings vars;	/* what it captured */
};

/* counted: by its group, its lanes, and who collects what they bring */
struct party {
	struct walk *w;
	unsigned refs;
	const struct seq *seq;
	const struct each *each;
	size_t neach;
	/* of lanes that a step started: */
	const struct call *call;
	const struct fan *fan;
	struct ctx *from;	/* the variables of that lane, as they were */
	struct value **collected;	/* by lane, as many as fan says */
	size_t ncollected, collected_cap;
	const char *name;	/* for join */
	struct party *next;	/* in ctx.collecting */
	struct once **once;
	size_t nonce, once_cap;
};

/* lanes at once on hosts, where nothing else is said */
enum { HOSTS_PARALLEL = 32 };

struct party *party_new(struct walk *, const struct seq *);
struct party *party_ref(struct party *);
void party_unref(void *);
/* the group of a party, with its lists; -1 and why */
int party_group(struct party *, const struct ctx *,
    const struct span *parallel, const struct span *max_fail,
    struct group_spec *, struct buf *why);
void party_lists(struct party *, struct group_spec *);
void party_again(void *, struct group_spec *);
/* each of its lanes is on a host of its own */
bool party_has_hosts(const struct party *);
/* a list of one item without fields */
void party_one(struct source *);
/* the action that starts lanes; -1 and c->why */
int party_fork(struct walker *, const struct call *, const struct fan *,
    const char *alias, struct action *);
/* a lane of it ended well: keep what is to be collected */
void party_bring(struct party *, const struct ctx *);
/* … into the variables of who started them; names: none for all */
void party_collect(struct ctx *, const char *const *names, size_t n);
struct once *party_once(struct party *, uint64_t key);

#endif
