/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "io/packet.h"

void
packet_put32(struct buf *b, uint32_t v)
{
	const unsigned char c[4] = {
		(unsigned char)(v >> 24), (unsigned char)(v >> 16),
		(unsigned char)(v >> 8), (unsigned char)v
	};

	buf_add(b, c, 4);
}

void
packet_put_text(struct buf *b, const char *s)
{
	packet_put32(b, (uint32_t)strlen(s));
	buf_adds(b, s);
}

void
packet_seal(struct buf *b, size_t at)
{
	uint32_t v = (uint32_t)(b->len - at - 4);

	for (int i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (char)(v >> (24 - 8 * i));
}

uint32_t
packet_get32(struct cursor *c)
{
	uint32_t v;

	if (c->n < 4) {
		c->bad = true;
		c->n = 0;
		return 0;
	}
	v = (uint32_t)c->p[0] << 24 | (uint32_t)c->p[1] << 16 |
	    (uint32_t)c->p[2] << 8 | c->p[3];
	c->p += 4;
	c->n -= 4;
	return v;
}

unsigned
packet_get8(struct cursor *c)
{
	if (c->n < 1) {
		c->bad = true;
		return 0;
	}
	c->n--;
	return *c->p++;
}

const char *
packet_get_text(struct cursor *c, size_t *len)
{
	const char *s;

	*len = packet_get32(c);
	if (*len > c->n) {
		c->bad = true;
		*len = 0;
	}
	s = (const char *)c->p;
	c->p += *len;
	c->n -= *len;
	return s;
}
