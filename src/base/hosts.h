/*
 * hosts - sets of host names: web[01-12], r[1-4]n[01-40/2] @db !web07
 *
 * A set is written as in ClusterShell: names, ranges (padded, with a step,
 * several in one name), groups @name; `,` or blanks join, `!` takes away, `&`
 * keeps what is in both, `^` what is in one only, from left to right.  Names
 * keep the order in which they came first; each is there once.
 */
#ifndef BASE_HOSTS_H
#define BASE_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct hosts;

/* how groups are looked up while a set is read */
struct hosts_groups {
	void *arg;
	/*
	 * Add the names of a group; -1 and why (without the group's name) if
	 * that cannot be.  The set is borrowed.
	 */
	int (*add)(void *arg, const char *group, size_t len, struct hosts *,
	    struct buf *why);
};

/* more names than that are an error */
enum { HOSTS_MAX = 10 * 1000 * 1000, HOST_NAME_MAX_LEN = 255 };

struct hosts *hosts_new(void);
void hosts_free(struct hosts *);
size_t hosts_count(const struct hosts *);
/* NUL-terminated; until the set is changed */
const char *hosts_name(const struct hosts *, size_t i);
bool hosts_has(const struct hosts *, const char *name, size_t len);
/* one name as it is, whatever its bytes (but NUL), without reading signs */
void hosts_add(struct hosts *, const char *name, size_t len);
/* all names of the second set */
void hosts_join(struct hosts *, const struct hosts *);
/* the same, and frees it */
void hosts_move(struct hosts *, struct hosts *);
/* room for so many names more, so that adding them goes faster */
void hosts_reserve(struct hosts *, size_t n);

/*
 * May this be the name of a host?  Letters, digits and . _ - : %, not
 * beginning with '-'.  -1 and why, the name included.
 */
int hosts_check_name(const char *name, size_t len, struct buf *why);
/*
 * Read a set into this one (joined with what is there).  groups NULL: none
 * is known.  -1, why, and in *at (if not NULL) the offset of the word that is
 * wrong; then what was read before it may be there.
 */
int hosts_read(struct hosts *, const char *text, size_t len,
    const struct hosts_groups *, struct buf *why, size_t *at);
/*
 * As hosts_read(), but only looks: ranges are not expanded, but in names of
 * groups.  Called with each group that is named; fn may be NULL.
 */
int hosts_check(const char *text, size_t len, void (*fn)(void *arg,
    const char *group, size_t len, size_t at), void *arg, struct buf *why,
    size_t *at);

/*
 * In few words, separated by commas: the exact inverse, so reading them
 * gives the same names (sorted by their numbers).  Names that hosts_add()
 * took and that are no names of hosts stay as they are.
 */
void hosts_fold(const struct hosts *, struct buf *);
/* … word by word; text is borrowed during the call, n: names it stands for */
void hosts_fold_words(const struct hosts *, void (*fn)(void *arg,
    const char *text, size_t n), void *arg);

#endif
