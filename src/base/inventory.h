/*
 * inventory - an Ansible inventory in INI form, read
 *
 * Groups, `:children`, `:vars`, ranges [01:50:2] and [a:f], variables of
 * hosts, host:port (the variable ansible_port).  Values are texts: quotes
 * are taken off as Ansible does, numbers and lists stay as they are written.
 * What it cannot mean here (templates, names that no variable or host of
 * pseq can have) is an error with its line.
 */
#ifndef BASE_INVENTORY_H
#define BASE_INVENTORY_H

#include <stddef.h>

struct buf;
struct hosts;
struct inventory;

struct inventory_var {
	const char *name, *value;
};

/* NULL and why: "inventory.ini:12: text"; name is how it is called there */
struct inventory *inventory_read(const char *name, const char *bytes,
    size_t len, struct buf *why);
/* hosts of a group with its children; NULL: all.  NULL: no such group */
const struct hosts *inventory_group(const struct inventory *,
    const char *group);
/* the nearest name of a group, or NULL */
const char *inventory_near(const struct inventory *, const char *group);
/* names of the groups, NULL-terminated: all, ungrouped, those of the file */
const char *const *inventory_groups(const struct inventory *);
/*
 * Variables of a host: those of its groups (parents before children, all
 * first), then its own; a later one of the same name is the only one.
 */
size_t inventory_vars(const struct inventory *, const char *host,
    const struct inventory_var **);
void inventory_free(struct inventory *);

#endif
