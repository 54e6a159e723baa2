/*
 * packet - numbers and texts as SSH writes them, and its packets
 *
 * All are big endian; a packet is its length (32 bits), then that much.
 */
#ifndef IO_PACKET_H
#define IO_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

void packet_put32(struct buf *, uint32_t v);
void packet_put_text(struct buf *, const char *s);
/* the packet that began here is as long as what was added since */
void packet_seal(struct buf *, size_t at);

/* what is left of a packet; bad: it was not as long as it should be */
struct cursor {
	const unsigned char *p;
	size_t n;
	bool bad;
};

uint32_t packet_get32(struct cursor *);
unsigned packet_get8(struct cursor *);
/* borrowed from the packet, and not NUL-terminated */
const char *packet_get_text(struct cursor *, size_t *len);

#endif
