/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/request.h"

/* of the form below: a run and a client of two versions must not guess */
enum { VERSION = 1 };

static void
add_number(struct buf *b, uint64_t n, unsigned bytes)
{
	for (; bytes-- > 0; n >>= 8)
		buf_addc(b, (char)(n & 0xff));
}

static uint64_t
number(const char *p, unsigned bytes)
{
	uint64_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | (unsigned char)p[bytes];
	return n;
}

/* --- who asks, and where ------------------------------------------------- */

void
request_show_who(char text[REQUEST_WHO_TEXT], const struct request_who *w)
{
	static const char digit[] = "0123456789abcdef";
	char *p = text;

	for (unsigned shift = 64; shift > 0; shift -= 4)
		*p++ = digit[w->token >> (shift - 4) & 0xf];
	*p++ = '.';
	for (size_t i = 0; i < REQUEST_SECRET; i++) {
		*p++ = digit[w->secret[i] >> 4];
		*p++ = digit[w->secret[i] & 0xf];
	}
	*p = '\0';
}

static int
hex(const char *p, unsigned n, uint64_t *value)
{
	for (*value = 0; n-- > 0; p++) {
		if (*p >= '0' && *p <= '9')
			*value = *value << 4 | (uint64_t)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			*value = *value << 4 | (uint64_t)(*p - 'a' + 10);
		else
			return -1;
	}
	return 0;
}

int
request_read_address(const char *value, size_t *path_len,
    struct request_who *w)
{
	const char *p = strrchr(value, ':');
	uint64_t byte;

	if (!p || p == value || strlen(p + 1) != REQUEST_WHO_TEXT - 1 ||
	    hex(p + 1, 16, &w->token) == -1 || p[17] != '.')
		return -1;
	*path_len = (size_t)(p - value);
	p += 18;
	for (size_t i = 0; i < REQUEST_SECRET; i++, p += 2) {
		if (hex(p, 2, &byte) == -1)
			return -1;
		w->secret[i] = (unsigned char)byte;
	}
	return 0;
}

/* --- frames -------------------------------------------------------------- */

size_t
frame_size(const char *head)
{
	return FRAME_HEAD + (size_t)number(head, FRAME_HEAD);
}

enum { REQUEST_HEAD = 1 + 1 + 8 + REQUEST_SECRET + 4 + 2, REPLY_HEAD = 2 };

void
request_write(struct buf *b, const struct request_who *w,
    const struct request *r)
{
	add_number(b, REQUEST_HEAD + r->nname + r->len, FRAME_HEAD);
	add_number(b, VERSION, 1);
	add_number(b, r->kind, 1);
	add_number(b, w->token, 8);
	buf_add(b, w->secret, REQUEST_SECRET);
	add_number(b, r->wait_ms, 4);
	add_number(b, r->nname, 2);
	buf_add(b, r->name, r->nname);
	buf_add(b, r->data, r->len);
}

int
request_read(const char *p, size_t n, struct request_who *w,
    struct request *r)
{
	if (n < REQUEST_HEAD || p[0] != VERSION || p[1] < REQUEST_SET ||
	    p[1] > REQUEST_TAKEN)
		return -1;
	*r = (struct request){
		.kind = (enum request_kind)p[1],
		.wait_ms = (uint32_t)number(p + REQUEST_HEAD - 6, 4),
		.nname = (size_t)number(p + REQUEST_HEAD - 2, 2),
		.name = p + REQUEST_HEAD,
	};
	if (r->nname > REQUEST_NAME_MAX || r->nname > n - REQUEST_HEAD)
		return -1;
	w->token = number(p + 2, 8);
	memcpy(w->secret, p + 10, REQUEST_SECRET);
	r->data = r->name + r->nname;
	r->len = n - REQUEST_HEAD - r->nname;
	return r->len > REQUEST_DATA_MAX ? -1 : 0;
}

void
reply_write(struct buf *b, const struct reply *r)
{
	add_number(b, REPLY_HEAD + r->len, FRAME_HEAD);
	add_number(b, VERSION, 1);
	add_number(b, r->status, 1);
	buf_add(b, r->data, r->len);
}

int
reply_read(const char *p, size_t n, struct reply *r)
{
	if (n < REPLY_HEAD || p[0] != VERSION || p[1] < REPLY_DONE ||
	    p[1] > REPLY_TIMEOUT)
		return -1;
	*r = (struct reply){
		.status = (enum reply_status)p[1],
		.data = p + REPLY_HEAD, .len = n - REPLY_HEAD,
	};
	return 0;
}
