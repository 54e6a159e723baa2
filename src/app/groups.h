/*
 * groups - groups of hosts out of a file: --groups FILE
 */
#ifndef APP_GROUPS_H
#define APP_GROUPS_H

struct buf;
struct groups;
struct hosts_groups;

/* an Ansible inventory in INI form; NULL and why, the file's name included */
struct groups *groups_open(const char *path, struct buf *why);
/* for hosts_read(); NULL for NULL */
const struct hosts_groups *groups_of(const struct groups *);
void groups_close(struct groups *);

#endif
