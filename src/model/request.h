/*
 * request - what a command inside a step asks of its run
 *
 * `pseq set`, `get`, `send`, `receive` on one side, the run's socket on the other.  A request
 * and its reply are plain data; here also is how they look as bytes, and how
 * the environment of the command says where to ask.
 *
 * On the socket each is a frame: how many bytes follow (32 bits), then
 * these.  Numbers are little-endian.  One request at a time: the next one
 * follows the reply.
 */
#ifndef MODEL_REQUEST_H
#define MODEL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* the values are bytes on the wire: add, do not renumber */
enum request_kind {
	REQUEST_SET = 1,	/* the variable `name` is `data` from now on */
	REQUEST_GET = 2,	/* its value */
	REQUEST_SEND = 3,	/* `data` into the channel `name` */
	REQUEST_RECEIVE = 4,	/* the next message of it */
	/*
	 * The message that came has reached its reader; whoever goes away
	 * without saying so never had it.
	 */
	REQUEST_TAKEN = 5
};

enum {
	REQUEST_NAME_MAX = 4096,
	REQUEST_DATA_MAX = 1024 * 1024,		/* of a value, either way */
	REQUEST_SECRET = 16
};

/* texts are borrowed and not NUL-terminated */
struct request {
	enum request_kind kind;
	const char *name;
	size_t nname;
	const char *data;
	size_t len;
	uint32_t wait_ms;	/* RECEIVE: no longer; 0: for ever */
	bool released;		/* not on the wire: asked beside the lane */
};

enum reply_status {
	REPLY_DONE = 0,		/* data: the value or message, if any */
	REPLY_UNSET = 1,	/* data: what is not set, in words */
	REPLY_REFUSED = 2,	/* data: why, in words */
	REPLY_CLOSED = 3,	/* the channel is; data: in words */
	REPLY_TIMEOUT = 4
};

struct reply {
	enum reply_status status;
	const char *data;
	size_t len;
	uint32_t channel;	/* not on the wire: which one `name` is */
};

/* --- who asks, and where ------------------------------------------------- */

/* the environment variable of a command; its value is PATH:WHO, or !WHY */
#define REQUEST_VARIABLE "PSEQ_SOCKET"

/* a step that runs: its token, and what nobody else knows */
struct request_who {
	uint64_t token;
	unsigned char secret[REQUEST_SECRET];
};

/* "TOKEN.SECRET" in hexadecimal */
enum { REQUEST_WHO_TEXT = 17 + 2 * REQUEST_SECRET + 1 };
void request_show_who(char text[REQUEST_WHO_TEXT],
    const struct request_who *);
/* the value of the variable: where PATH ends; -1: it is none */
int request_read_address(const char *value, size_t *path_len,
    struct request_who *);

/* --- frames -------------------------------------------------------------- */

enum { FRAME_HEAD = 4, FRAME_MAX = REQUEST_DATA_MAX + 2 * REQUEST_NAME_MAX };

/* bytes of the frame that begins here, with its head (FRAME_HEAD of them) */
size_t frame_size(const char *head);

/* append a frame; name and data must be within their limits */
void request_write(struct buf *, const struct request_who *,
    const struct request *);
void reply_write(struct buf *, const struct reply *);
/* a whole frame without its head; -1: it is none.  Points into it */
int request_read(const char *p, size_t n, struct request_who *,
    struct request *);
int reply_read(const char *p, size_t n, struct reply *);

#endif
