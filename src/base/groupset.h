/*
 * groupset - groups of hosts, with children and variables, as Ansible has them
 *
 * Filled by the reader of inventories (inventory.c); groupset_finish() then
 * finds circles, who belongs to what, and which variables win.
 */
#ifndef BASE_GROUPSET_H
#define BASE_GROUPSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/inventory.h"
#include "base/map.h"

struct buf;
struct hosts;

/* groups that are there from the beginning */
enum { GROUPSET_ALL, GROUPSET_UNGROUPED };

struct groupset_vars {
	struct inventory_var *var;
	size_t n, cap;
};

struct groupset_list {
	uint32_t *of;
	size_t n, cap;
};

struct groupset_group {
	unsigned line;		/* where it is needed, until it is declared */
	bool needed, declared;
	struct groupset_list children, parents, members;
	unsigned *child_line;	/* of children, where each is named */
	size_t line_cap;
	struct groupset_vars vars;
	int64_t priority;
	unsigned depth;		/* most groups on a way from 'all' */
	unsigned height;	/* most children of children below */
	enum { UNSEEN, WITHIN, SEEN } state;
	struct hosts *hosts;	/* with those of the children */
};

struct groupset_host {
	struct groupset_list groups;
	struct groupset_vars own, vars;
};

struct groupset {
	struct arena arena;
	struct map groups, hosts;	/* names to numbers */
	struct groupset_group *group;
	struct groupset_host *host;
	size_t group_cap, host_cap;
};

void groupset_init(struct groupset *);
void groupset_fini(struct groupset *);
/* numbers; made if need be */
uint32_t groupset_group(struct groupset *, const char *name, size_t len);
uint32_t groupset_host(struct groupset *, const char *name, size_t len);
void groupset_child(struct groupset *, uint32_t group, uint32_t child,
    unsigned line);
void groupset_member(struct groupset *, uint32_t group, uint32_t host);
/* a later one of the same name wins; name and value are copied */
void groupset_var(struct groupset *, struct groupset_vars *, const char *name,
    const char *value);
/*
 * Everything is there: -1, why and the line if groups are missing or form a
 * circle.  Then the hosts of the groups and the variables of the hosts are.
 */
int groupset_finish(struct groupset *, struct buf *why, unsigned *line);
/* the nearest name of a group, or NULL */
const char *groupset_near(const struct groupset *, const char *name);

#endif
