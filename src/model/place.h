/*
 * place - the hosts of a job: groups, and how each host is reached
 *
 * As the loader leaves them: [hosts], [host], [via], and the same keys in
 * headers.  walk makes endpoints of them.
 */
#ifndef MODEL_PLACE_H
#define MODEL_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/endpoint.h"
#include "model/text.h"

/* `via`: ssh, local or the name of a [via] */
enum via_kind {
	VIA_TEXT,		/* text: to be filled and looked up */
	VIA_SSH, VIA_LOCAL,
	VIA_NAMED		/* index in plan.via */
};

struct via_name {
	enum via_kind kind;
	uint32_t index;
	struct text text;
};

/* a setting of ssh; names are compared without regard to case */
struct contact_option {
	const char *name;
	struct text value;
};

enum contact_bit {
	CONTACT_USER = 1 << 0, CONTACT_PORT = 1 << 1, CONTACT_VIA = 1 << 2,
	CONTACT_IDENTITY = 1 << 3, CONTACT_OPTION = 1 << 4,
	CONTACT_TIMEOUT = 1 << 5, CONTACT_RETRY = 1 << 6, CONTACT_HOST_KEYS = 1 << 7
};

enum { CONNECT_TIMEOUT_DEFAULT = 10, CONNECT_RETRY_MAX = 1000 };

/* how a host is reached, as far as one place says it */
struct contact {
	unsigned given;		/* CONTACT_… */
	struct text user, port, identity;
	struct via_name via;
	const struct contact_option *option;
	size_t noption;
	enum host_keys host_keys;
	struct figure connect_timeout, connect_retry;
	struct pos pos;		/* of the first of its keys */
};

enum hosts_kind {
	HOSTS_SET,		/* text: a host set */
	HOSTS_LINES,		/* text: path; each line is a host set */
	HOSTS_OUTPUT,		/* command that prints such lines */
	HOSTS_ANSIBLE		/* text: path of an inventory; group */
};

/* one of the sources of a group */
struct hosts_from {
	enum hosts_kind kind;
	struct text text;
	bool has_group;
	struct text group;
	struct command command;
	struct pos pos;
};

struct host_group {		/* [hosts NAME] */
	const char *name;
	const struct hosts_from *from;
	size_t nfrom;
	struct contact contact;
	const struct setting *var;
	size_t nvar;
	struct figure parallel;	/* lanes in progress; not given: any */
	struct pos pos;
};

struct host_def {		/* [host NAME] */
	const char *name;
	bool has_address;
	struct text address;
	struct contact contact;
	const struct setting *var;
	size_t nvar;
	struct pos pos;
};

struct via_def {		/* [via NAME] */
	const char *name;
	struct texts exec;	/* one word is a single PIECE_COMMAND */
	const struct codes *connect_fail;
	size_t nconnect_fail;
	struct pos pos;
};

#endif
