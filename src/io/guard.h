/*
 * guard - when pseq is gone, so are the groups it ran, and its socket
 *
 * A process that does nothing but wait for our end; it shares a table of
 * the process groups that are to die with us.
 */
#ifndef IO_GUARD_H
#define IO_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { GUARD_SLOTS = 1 << 18, GUARD_USER = 56, GUARD_KEEP = 32,
	GUARD_DIR = 108, GUARD_MASTERS = 1 << 16 };

/* what they hold */
enum guard_dir { GUARD_OF_CLIENTS, GUARD_OF_MASTERS, GUARD_DIRS };

/* one mapping; what is not used costs nothing */
struct guard_table {
	volatile uint32_t high;			/* slots ever used */
	volatile int32_t group[GUARD_SLOTS];	/* 0: none */
	volatile int32_t as_group[GUARD_SLOTS];	/* one run as a user */
	char user[GUARD_SLOTS][GUARD_USER];
	/* directories that go with us: see guard_make_dir() */
	char dir[GUARD_DIRS][GUARD_DIR];
	/* connections: they are not tasks, so they have no slot */
	volatile uint32_t nmaster;
	volatile int32_t master[GUARD_MASTERS];
};

struct guard {
	struct guard_table *table;
	pid_t pid;		/* 0: not started */
	int fd;			/* its end is what the guard waits for */
	int keep[GUARD_KEEP];	/* files that it has open as long as it is */
	size_t nkeep;
};

int guard_init(struct guard *);
/*
 * A file that stays open until all that was started is ended; before the
 * start, and no more than GUARD_KEEP
 */
void guard_keep(struct guard *, int fd);
/* start it, once; the title is the area that ps(1) shows, or NULL */
int guard_start(struct guard *, char *title, size_t title_len);
/* the place for the group of the process in this slot */
volatile int32_t *guard_place(struct guard *, uint32_t slot);
/* it has another group, which only that user may signal */
void guard_add_user(struct guard *, uint32_t slot, pid_t group,
    const char *user);
void guard_clear(struct guard *, uint32_t slot);
/* the same for a connection, whose place is found here */
volatile int32_t *guard_place_master(struct guard *, uint32_t *place);
void guard_clear_master(struct guard *, uint32_t place);
/*
 * Makes "PARENT/pseq-XXXXXX", which is removed, with all that is in it, when
 * we are gone, at whatever moment: the guard should have been started.  -1
 * with errno: there is none.
 */
int guard_make_dir(char dir[GUARD_DIR], const char *parent);
/* remove it now; dir is "" from here on */
void guard_remove_dir(char dir[GUARD_DIR]);
/* it has ended, or is about to: wait for it, so that a new one can start */
void guard_gone(struct guard *);
/* its work is over; guard_fini() is still to come */
void guard_dismiss(struct guard *);
/* end it without its doing anything */
void guard_fini(struct guard *);

/* "sudo -n -u USER /bin/kill -s SIG -- -GROUP"; words live in text */
enum { GUARD_KILL_WORDS = 10, GUARD_KILL_TEXT = 32 };
void guard_kill_words(const char *argv[GUARD_KILL_WORDS],
    char text[GUARD_KILL_TEXT], const char *user, const char *signal,
    pid_t group);

#endif
