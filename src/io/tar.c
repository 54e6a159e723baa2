/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "io/tar.h"

/* a header as it stands in the archive */
struct block {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char sum[8], type, link[100], magic[8];
	char uname[32], gname[32], major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct block) == TAR_BLOCK, "a header is one block");

/* what an octal field of 12 can hold */
static const uint64_t octal_max = 077777777777;

/* --- writing ------------------------------------------------------------ */

static void
put_octal(char *field, size_t n, uint64_t value)
{
	field[n - 1] = '\0';
	for (size_t i = n - 1; i-- > 0; value >>= 3)
		field[i] = (char)('0' + (value & 7));
}

static void
put_size(char field[12], uint64_t size)
{
	if (size <= octal_max) {
		put_octal(field, 12, size);
		return;
	}
	for (size_t i = 12; i-- > 1; size >>= 8)
		field[i] = (char)(size & 0xff);
	field[0] = (char)0x80;
}

/* all bytes, those of the sum itself as blanks */
static unsigned
sum_of(const struct block *b)
{
	const unsigned char *p = (const unsigned char *)b;
	unsigned sum = 8 * ' ';

	for (size_t i = 0; i < sizeof(*b); i++)
		sum += p[i];
	for (size_t i = 0; i < sizeof(b->sum); i++)
		sum -= (unsigned char)b->sum[i];
	return sum;
}

static void
add_block(struct buf *out, char type, const char *name, const char *link,
    unsigned mode, uint64_t size, uint64_t mtime)
{
	struct block b = { .type = type, .magic = "ustar" };

	/* full fields have no NUL */
	memcpy(b.name, name, strnlen(name, sizeof(b.name)));
	memcpy(b.link, link, strnlen(link, sizeof(b.link)));
	memcpy(b.magic + 6, "00", 2);
	put_octal(b.mode, sizeof(b.mode), mode & 07777);
	put_octal(b.uid, sizeof(b.uid), 0);
	put_octal(b.gid, sizeof(b.gid), 0);
	put_size(b.size, size);
	put_octal(b.mtime, sizeof(b.mtime), mtime);
	put_octal(b.sum, 7, sum_of(&b));
	b.sum[7] = ' ';
	buf_add(out, &b, sizeof(b));
}

/* its text is the name or link of the header behind it */
static void
add_long(struct buf *out, char type, const char *text)
{
	static const char zeros[TAR_BLOCK];
	size_t n = strlen(text) + 1;

	add_block(out, type, "././@LongLink", "", 0644, n, 0);
	buf_add(out, text, n);
	buf_add(out, zeros, tar_padding(n));
}

void
tar_add(struct buf *out, char type, const char *name, const char *link,
    unsigned mode, uint64_t size, int64_t mtime)
{
	const struct block *b = NULL;

	if (strlen(link) >= sizeof(b->link))
		add_long(out, TAR_LONG_LINK, link);
	if (strlen(name) >= sizeof(b->name))
		add_long(out, TAR_LONG_NAME, name);
	add_block(out, type, name, link, mode, size,
	    mtime < 0 || (uint64_t)mtime > octal_max ? 0 : (uint64_t)mtime);
}

/* --- reading ------------------------------------------------------------ */

/* octal digits within blanks, or a binary number; false: neither */
static bool
get_number(const char *field, size_t n, uint64_t *value)
{
	const unsigned char *p = (const unsigned char *)field;
	size_t i = 0;

	*value = 0;
	if (p[0] & 0x80) {
		/* a negative one, or one beyond all sizes, is none */
		if (p[0] != 0x80)
			return false;
		for (i = 1; i < n; i++) {
			if (*value >> 55)
				return false;
			*value = *value << 8 | p[i];
		}
		return true;
	}
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		*value = *value << 3 | (p[i] & 7);
	return i == n || p[i] == '\0' || p[i] == ' ';
}

/* old programs took the bytes as signed ones */
static bool
sum_fits(const struct block *b, uint64_t want)
{
	const signed char *p = (const signed char *)b;
	int sum = 8 * ' ';

	if (sum_of(b) == want)
		return true;
	for (size_t i = 0; i < sizeof(*b); i++)
		sum += p[i];
	for (size_t i = 0; i < sizeof(b->sum); i++)
		sum -= (signed char)b->sum[i];
	return sum >= 0 && (uint64_t)sum == want;
}

int
tar_parse(struct tar_header *h, const char *block)
{
	static const char zeros[TAR_BLOCK];
	struct block b;
	uint64_t sum, mode;
	int n = 0;

	memcpy(&b, block, sizeof(b));
	if (memcmp(block, zeros, sizeof(zeros)) == 0)
		return 0;
	if (!get_number(b.sum, sizeof(b.sum), &sum) || !sum_fits(&b, sum) ||
	    !get_number(b.mode, sizeof(b.mode), &mode) ||
	    !get_number(b.size, sizeof(b.size), &h->size))
		return -1;
	h->mode = (unsigned)mode & 07777;
	h->type = b.type == '\0' || b.type == '7' ? TAR_FILE : b.type;
	/* where GNU tar has times, others have the prefix */
	if (memcmp(b.magic, "ustar\0", 6) == 0 && b.prefix[0])
		n = snprintf(h->name, sizeof(h->name), "%.*s/",
		    (int)sizeof(b.prefix), b.prefix);
	snprintf(h->name + n, sizeof(h->name) - (size_t)n, "%.*s",
	    (int)sizeof(b.name), b.name);
	snprintf(h->link, sizeof(h->link), "%.*s", (int)sizeof(b.link),
	    b.link);
	return 1;
}

int
tar_pax(struct tar_pax *r, const char **p, const char *end)
{
	const char *s = *p, *eq;
	size_t len = 0;

	if (s == end || *s == '\0')
		return 0;
	for (; s < end && *s >= '0' && *s <= '9' && len < 1 << 24; s++)
		len = len * 10 + (size_t)(*s - '0');
	if (s == end || *s != ' ' || len > (size_t)(end - *p) ||
	    len < (size_t)(s + 1 - *p) + 2 || (*p)[len - 1] != '\n')
		return -1;
	r->key = s + 1;
	eq = memchr(r->key, '=', len - (size_t)(r->key - *p));
	if (!eq)
		return -1;
	r->key_len = (size_t)(eq - r->key);
	r->value = eq + 1;
	*p += len;
	r->value_len = (size_t)(*p - 1 - r->value);
	return 1;
}
