/*
 * place - the hosts of a job: who they are, and how they are reached
 *
 * Groups are read when they are first needed.  What is made lasts as long
 * as the walk.
 */
#ifndef WALK_PLACE_H
#define WALK_PLACE_H

#include "base/arena.h"
#include "walk/inner.h"

struct hosts;
struct inventory_var;
struct places;
struct walker;

/* settings of a contact, filled in */
struct keys {
	unsigned given;		/* CONTACT_… */
	const char *user, *identity;
	unsigned port;
	enum via_kind via;	/* VIA_TEXT: not given */
	uint32_t via_index;
	const char *const *option;	/* "Name=value" …, NULL-terminated */
	size_t noption;
	enum host_keys host_keys;
	double connect_timeout;
	unsigned connect_retry;
};

/* a host, with what its groups and [host] say of it */
struct place {
	const char *host, *address;
	struct keys keys;
	const struct binding *var;	/* of the groups, then its own */
	size_t nvar;
	const uint32_t *cap;	/* groups with `parallel`, see walk_caps() */
	size_t ncap;
	uint64_t known;		/* the state of the groups it was made of */
};

struct places *places_new(struct walk *);
void places_free(struct walk *);

/* --- groups.c ------------------------------------------------------------- */

/* a command whose output has to be known first */
struct wanted {
	uint32_t group;
	size_t from;
	const struct command *command;
	bool runs;		/* … and it does, for this one */
};

/* the names of a filled set; -1 and why */
int groups_eval(struct walk *, const char *text, size_t len, struct hosts *,
    struct buf *why, size_t *at);
/* names that the command line gives a group, or NULL */
const struct walk_list *groups_given(const struct walk *, const char *group);
/* whether its command is being run */
bool *groups_busy(struct walk *, const struct wanted *);
bool groups_is_read(const struct walk *, uint32_t group, size_t from);
/* what it printed; -1 and why */
int groups_take(struct walk *, const struct wanted *, const char *out,
    size_t len, struct buf *why);
/* names that take part, by --hosts; -1 and why */
int groups_choose(struct walk *, struct buf *why);
const struct hosts *groups_chosen(const struct walk *);
bool groups_is_chosen(const struct walk *, const char *name);
/* changes whenever a group turns out to hold something else */
uint64_t groups_known(struct walk *);
/* is the host in the group, as far as that is known?  1, 0, or -1 and why */
int groups_holds(struct walk *, uint32_t group, const char *host,
    struct buf *why);
/* what the nth source of the group says of a host; how many there are */
size_t groups_vars(struct walk *, uint32_t group, size_t nth,
    const char *host, const struct inventory_var **var);

/* --- want.c --------------------------------------------------------------- */

enum { HOSTS_OUTPUT_MAX = 16 * 1024 * 1024 };

/* the next command that lists need; 1, 0 if there is none, -1 and why */
int groups_want(struct walk *, const struct ctx *, const struct each *,
    size_t n, struct wanted *, struct buf *why);
int groups_want_set(struct walk *, const struct text *, struct wanted *,
    struct buf *why);
/*
 * The action that runs it, or waits while another lane does; and what came
 * of that.  -1 and why.
 */
int groups_run(struct walk *, struct wanted *, struct action *,
    struct buf *why);
/* it was ended: another may run it */
void groups_drop(struct walk *, struct wanted *);
int groups_ran(struct walk *, struct wanted *, const struct result *,
    struct buf *why);

/* --- choose.c -------------------------------------------------------------- */

/* is --hosts right, as far as that is known at the start?  -1 and why */
int choose_check(struct walk *, struct buf *why);

/* --- place.c -------------------------------------------------------------- */

/* as it is known now; NULL and why */
const struct place *place_find(struct walk *, const char *host, size_t len,
    struct buf *why);

struct place *place_make(struct walk *, const char *host, struct buf *why);
void place_fini(const struct place *);

/* --- keys.c --------------------------------------------------------------- */

/* with whose variables keys are filled in, and where they are put */
struct keys_maker {
	struct walk *w;
	const struct ctx *c;
	struct arena *arena;
	struct buf *why;
};

/* the settings of a contact over those that are there; -1 and why */
int keys_fill(const struct keys_maker *, const struct contact *,
    struct keys *);
int keys_via(const struct keys_maker *, const struct via_name *,
    struct keys *);
/* ~/ is the home of whoever runs pseq */
const char *keys_home(struct arena *, const char *path);
/* those of `over` win, one by one */
void keys_overlay(struct arena *, struct keys *, const struct keys *over);
/* a copy that lasts; equal ones are one */
const struct keys *keys_intern(struct walk *, const struct keys *);

/* --- reach.c -------------------------------------------------------------- */

/* the lane's host, with the keys of its header; NULL and why */
const struct endpoint *reach_lane(struct walk *, const struct ctx *,
    const struct keys *, struct buf *why);
/* where the step's command runs: *at is NULL for here; -1 and c->why */
int reach_step(struct walker *, const struct step *,
    const struct endpoint **at);
/* endpoints are kept by their content */
struct arena *places_arena(struct walk *);
struct interned {
	struct map map;
	const void **made;
	size_t cap;
};
/* the place for what has this content; *slot is NULL if it is new */
const void **interned(struct interned *, const char *key, size_t len);
struct interned *places_keys(struct walk *);
struct interned *places_endpoints(struct walk *);

#endif
