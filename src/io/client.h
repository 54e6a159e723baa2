/*
 * client - commands that talk to the run that started them
 *
 * A socket in a directory of our own (mode 0700), and those that are
 * connected to it: a request at a time each, answered when reply() says so.
 * Whoever says nothing, or nonsense, is let go of; it disturbs nobody.
 */
#ifndef IO_CLIENT_H
#define IO_CLIENT_H

#include "model/runner.h"

struct clients;
struct guard;
struct loop;
struct request_who;

struct clients_config {
	/* knows the directory, and removes it if we cannot; or NULL */
	struct guard *guard;
	unsigned most;		/* connected at once; more wait their turn */
	double patience;	/* seconds for a request, once it is begun */
};

/*
 * Always something: if no socket can be made, commands are told why once
 * they ask for it.  up is borrowed.
 */
struct clients *clients_new(struct loop *, const struct runner_up *,
    const struct clients_config *);
/*
 * "PSEQ_SOCKET=…" for the commands of the step with this token; borrowed
 * until the next call.
 */
const char *clients_variable(struct clients *, token_t step);
/* of a client that is gone nothing is left to do */
void clients_reply(struct clients *, token_t client, const struct reply *);
/* nobody new comes, and the directory is gone; NULL is fine, here and below */
void clients_unlink(struct clients *);
/* everybody is let go of */
void clients_free(struct clients *);

#endif
