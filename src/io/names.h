/*
 * names - addresses of hosts, without waiting for them
 *
 * /etc/hosts and DNS, by c-ares inside the loop.  Files like resolv.conf
 * are read anew for each question: the network may come later than we do.
 */
#ifndef IO_NAMES_H
#define IO_NAMES_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

struct ev_loop;
struct names;
struct question;

/* port 0 where names.c filled it */
union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

enum { ADDRESSES = 8 };		/* of a host, at most; more are left out */

/* n is 0 if there are none: then why says why */
typedef void names_fn(void *arg, const union address *, size_t n,
    const char *why);

struct names *names_new(struct ev_loop *);
/* all questions have been answered or dropped */
void names_free(struct names *);
/*
 * fn is called exactly once, from the loop, never from inside this; then
 * the question is no more.
 */
struct question *names_ask(struct names *, const char *host, names_fn *,
    void *arg);
/* it is not called any more */
void names_drop(struct question *);

#endif
