/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/buf.h"
#include "model/wait.h"

/* a name of DNS, in text */
enum { HOST_MAX = 253 };

const char *const wait_names[WAIT_KINDS] = {
	[WAIT_TCP] = "tcp", [WAIT_UNIX] = "unix", [WAIT_FILE] = "file",
	[WAIT_GONE] = "gone", [WAIT_UNTIL] = "until",
};

const char *const wait_wants[WAIT_KINDS] = {
	[WAIT_TCP] = "HOST:PORT", [WAIT_UNIX] = "a path",
	[WAIT_FILE] = "a path", [WAIT_GONE] = "a path",
	[WAIT_UNTIL] = "HH:MM or HH:MM:SS",
};

static int
read_port(const char *s, unsigned *port)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 5 || s[n])
		return -1;
	*port = 0;
	while (*s)
		*port = *port * 10 + (unsigned)(*s++ - '0');
	return *port >= 1 && *port <= 65535 ? 0 : -1;
}

/* an address, or what may be a name */
static bool
is_host(const char *s, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	char host[HOST_MAX + 1];
	struct in_addr four;

	if (len == 0 || len > HOST_MAX || strspn(s, letters) < len)
		return false;
	if (strspn(s, "0123456789.") < len)
		return true;
	memcpy(host, s, len);
	host[len] = '\0';
	return inet_pton(AF_INET, host, &four) == 1;
}

static bool
is_six(const char *s, size_t len)
{
	char host[INET6_ADDRSTRLEN + 1];
	struct in6_addr six;

	if (len >= sizeof(host))
		return false;
	memcpy(host, s, len);
	host[len] = '\0';
	return inet_pton(AF_INET6, host, &six) == 1;
}

static int
read_tcp(struct wait *w, struct buf *why)
{
	const char *s = w->text, *colon = strrchr(s, ':');
	const char *close = *s == '[' ? strchr(s, ']') : NULL;

	if (is_six(s, strlen(s)) || (colon && *s != '[' &&
	    is_six(s, (size_t)(colon - s)))) {
		buf_addf(why, "'%s': an IPv6 address stands in brackets: "
		    "[::1]:80", s);
		return -1;
	}
	if (strchr(s, '/')) {
		buf_addf(why, "'%s' is no HOST:PORT", s);
		return -1;
	}
	if (!colon || (close && colon < close)) {
		buf_addf(why, "'%s' has no port: HOST:PORT", s);
		return -1;
	}
	w->host = close ? s + 1 : s;
	w->host_len = (size_t)((close ? close : colon) - w->host);
	if (close ? close + 1 != colon || !is_six(w->host, w->host_len) :
	    !is_host(w->host, w->host_len)) {
		buf_addf(why, "'%.*s' is no host: a name, an IPv4 address or "
		    "[an IPv6 address]", (int)(colon - s), s);
		return -1;
	}
	if (read_port(colon + 1, &w->port) == -1) {
		buf_addf(why, "'%s' is no port: 1 to 65535", colon + 1);
		return -1;
	}
	return 0;
}

/* at most so many digits, below a limit; then what *s points to is behind */
static int
read_part(const char **s, unsigned limit, unsigned *n)
{
	size_t digits = strspn(*s, "0123456789");

	if (digits != 2)
		return -1;
	*n = (unsigned)((*s)[0] - '0') * 10 + (unsigned)((*s)[1] - '0');
	*s += 2;
	return *n < limit ? 0 : -1;
}

static int
read_until(struct wait *w, struct buf *why)
{
	const char *s = w->text;
	unsigned hour, min, sec = 0;

	if (read_part(&s, 24, &hour) == 0 && *s++ == ':' &&
	    read_part(&s, 60, &min) == 0 && (!*s || (*s++ == ':' &&
	    read_part(&s, 60, &sec) == 0 && !*s))) {
		w->clock = hour * 3600 + min * 60 + sec;
		return 0;
	}
	buf_addf(why, "'%s' is no time of day: HH:MM or HH:MM:SS", w->text);
	return -1;
}

int
wait_read(struct wait *w, enum wait_kind kind, const char *text,
    struct buf *why)
{
	const size_t longest = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	*w = (struct wait){ .kind = kind, .text = text };
	if (kind == WAIT_TCP)
		return read_tcp(w, why);
	if (kind == WAIT_UNTIL)
		return read_until(w, why);
	if (!*text) {
		buf_adds(why, "the path is empty");
		return -1;
	}
	if (kind == WAIT_UNIX && strlen(text) > longest) {
		buf_addf(why, "the path of a socket has at most %zu bytes, "
		    "this one %zu", longest, strlen(text));
		return -1;
	}
	return 0;
}
