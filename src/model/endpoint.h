/*
 * endpoint - a host, and how it is reached
 *
 * walk makes them out of [hosts], [host], [via] and headers; a transport
 * makes launches of them.  They last as long as the run.
 */
#ifndef MODEL_ENDPOINT_H
#define MODEL_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reach {
	REACH_LOCAL,		/* commands run on this machine */
	REACH_SSH,
	REACH_TEMPLATE,		/* by a command of the job's: [via NAME] */
	REACH_N
};

enum host_keys {
	KEYS_CONFIG,		/* as the user's ssh configuration says */
	KEYS_STRICT,		/* unknown ones are refused */
	KEYS_ACCEPT_NEW		/* unknown ones are learned, others refused */
};

struct codes {			/* exit codes lo to hi */
	int lo, hi;
};

struct endpoint {
	/*
	 * Numbered from 0.  Equal settings of one host are one endpoint, and
	 * so one connection.
	 */
	uint32_t id;
	enum reach reach;
	const char *host;	/* as the job names it; never NULL */
	const char *address;	/* what is connected to; never NULL */
	/* of REACH_SSH; NULL, 0: as the user's ssh configuration says */
	const char *user;
	unsigned port;
	const char *identity;	/* a file */
	const char *const *option;	/* "Name=value" …, or NULL */
	enum host_keys host_keys;
	double connect_timeout;	/* seconds, for one try; above 0 */
	unsigned connect_retry;	/* further tries */
	/*
	 * Of REACH_TEMPLATE: the words of `exec`, filled in but for the one
	 * that is endpoint_command, which stands for the command's own.
	 */
	const char *via;	/* name of the template */
	const char *const *exec;
	const struct codes *connect_fail;
	size_t nconnect_fail;
};

/* to be compared as a pointer */
extern const char endpoint_command[];

#endif
