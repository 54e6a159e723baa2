/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/hostword.h"
#include "base/mem.h"

enum {
	DIGITS_MAX = 15,	/* of a number in a range */
	SHOWN = 60,		/* bytes of a word that are told */
	GROUPS_MAX = 10000	/* that one word can name */
};

/* --- names -------------------------------------------------------------- */

void
hostword_show(struct buf *b, const char *s, size_t len)
{
	buf_addc(b, '\'');
	for (size_t i = 0; i < len && i < SHOWN; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < ' ' || c >= 0x7f)
			buf_addf(b, "\\x%02x", c);
		else
			buf_addc(b, (char)c);
	}
	buf_adds(b, len > SHOWN ? "...'" : "'");
}

static int
wrong(struct buf *why, const struct hostword *p, const char *text)
{
	hostword_show(why, p->text, p->len);
	buf_addf(why, ": %s", text);
	return -1;
}

static bool
is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_byte(unsigned char c, bool group)
{
	return is_letter(c) || is_digit(c) || c == '.' || c == '_' ||
	    c == '-' || (!group && (c == ':' || c == '%'));
}

/* names end up in command lines, paths and messages: few bytes are allowed */
static int
check_bytes(const struct hostword *p, const char *s, size_t len,
    struct buf *why)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (is_name_byte(c, p->group))
			continue;
		if (c == '@' && !p->group && i == 0)
			return wrong(why, p, "one host is wanted here, not a "
			    "group");
		if (c == '@' && !p->group)
			return wrong(why, p, "a user is set with 'user =' or "
			    "--user, not in the name of a host");
		if (c == ']')
			return wrong(why, p, "there is no '[' before ']'");
		if (c >= 0x80)
			return wrong(why, p, "only ASCII letters can stand in "
			    "a name (write the xn-- form)");
		hostword_show(why, p->text, p->len);
		if (c <= ' ' || c == 0x7f)
			buf_addf(why, ": the byte 0x%02x", c);
		else
			buf_addf(why, ": '%c'", c);
		buf_addf(why, " cannot stand in the name of a %s",
		    p->group ? "group" : "host");
		return -1;
	}
	return 0;
}

/* --- ranges ------------------------------------------------------------- */

/* a number; its digits are counted, leading zeros included */
static int
read_number(const char **s, const char *end, uint64_t *value, size_t *digits)
{
	const char *p = *s;

	*value = 0;
	for (; p < end && is_digit((unsigned char)*p); p++) {
		if (p - *s >= DIGITS_MAX)
			return -1;
		*value = *value * 10 + (uint64_t)(*p - '0');
	}
	*digits = (size_t)(p - *s);
	*s = p;
	return *digits ? 0 : -1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *
skip_blanks(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	return s;
}

/* 5, 1-9, 0-10/2 with blanks anywhere; returns what is wrong */
static const char *
read_range(const char *s, const char *end, struct hostword_range *r)
{
	const char *form = memchr(s, ':', (size_t)(end - s)) ?
	    "a range is written with '-', as in [1-9], and an IPv6 address "
	    "without brackets" : "a range is written as in [1-9,12,20-30/2]";
	const char *first;
	size_t nfrom, nto;

	*r = (struct hostword_range){ .step = 1 };
	s = first = skip_blanks(s, end);
	if (read_number(&s, end, &r->from, &nfrom) == -1)
		return form;
	r->to = r->from;
	nto = nfrom;
	r->width = nfrom > 1 && *first == '0' ? nfrom : 0;
	s = skip_blanks(s, end);
	if (s < end && *s == '-') {
		s = first = skip_blanks(s + 1, end);
		if (read_number(&s, end, &r->to, &nto) == -1)
			return form;
		if (nto > 1 && *first == '0')
			r->width = nto;
		s = skip_blanks(s, end);
	}
	if (r->width && nfrom != nto)
		return "with zeros in front both ends of a range need the "
		    "same number of digits";
	if (s < end && *s == '/') {
		s = skip_blanks(s + 1, end);
		if (read_number(&s, end, &r->step, &nto) == -1)
			return form;
		s = skip_blanks(s, end);
	}
	if (s < end)
		return form;
	if (r->step == 0)
		return "the step of a range is at least 1";
	return r->to < r->from ? "a range goes from the smaller number to the "
	    "larger" : NULL;
}

static size_t
digits(uint64_t n)
{
	size_t d = 1;

	while (n >= 10)
		n /= 10, d++;
	return d;
}

/* what stands within one pair of brackets */
static const char *
read_ranges(struct hostword *p, struct hostword_part *part, const char *s,
    const char *end)
{
	uint64_t count = 0;
	size_t longest = 0;

	part->first = p->nranges;
	for (;;) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		struct hostword_range r;
		const char *bad = read_range(s, comma ? comma : end, &r);
		size_t d;

		if (bad)
			return bad;
		p->range = mem_grow(p->range, &p->cap, p->nranges + 1,
		    sizeof(*p->range));
		p->range[p->nranges++] = r;
		count += (r.to - r.from) / r.step + 1;
		if (count > HOSTS_MAX)
			break;
		d = r.width ? r.width : digits(r.to);
		if (d > longest)
			longest = d;
		if (!comma)
			break;
		s = comma + 1;
	}
	part->n = p->nranges - part->first;
	p->longest += longest;
	if (count > HOSTS_MAX || p->count * count > HOSTS_MAX)
		return "that stands for more than 10000000 names";
	p->count *= count;
	return NULL;
}

/* --- one word ----------------------------------------------------------- */

static int
add_part(struct hostword *p, struct buf *why, struct hostword_part **part)
{
	if (p->nparts == HOSTWORD_PARTS)
		return wrong(why, p, "there are too many ranges in it");
	*part = &p->part[p->nparts++];
	**part = (struct hostword_part){ 0 };
	return 0;
}

static int
cut(struct hostword *p, const char *s, const char *end, struct buf *why)
{
	while (s < end) {
		const char *open = memchr(s, '[', (size_t)(end - s)), *close;
		const char *to = open ? open : end, *bad;
		struct hostword_part *part;

		if (to > s) {
			if (check_bytes(p, s, (size_t)(to - s), why) == -1 ||
			    add_part(p, why, &part) == -1)
				return -1;
			part->text = s;
			part->len = (size_t)(to - s);
			p->longest += part->len;
		}
		if (!open)
			return 0;
		close = memchr(open, ']', (size_t)(end - open));
		if (!close)
			return wrong(why, p, "there is no ']' behind '['");
		if (add_part(p, why, &part) == -1)
			return -1;
		bad = read_ranges(p, part, open + 1, close);
		if (bad)
			return wrong(why, p, bad);
		s = close + 1;
	}
	return 0;
}

int
hostword_read(struct hostword *p, const char *s, size_t len, struct buf *why)
{
	const char *end = s + len;

	p->text = s;
	p->len = len;
	p->group = *s == '@';
	p->nparts = p->nranges = p->longest = 0;
	p->count = 1;
	if (p->group && ++s == end)
		return wrong(why, p, "the name of a group stands behind '@'");
	if (!p->group && *s == '-')
		return wrong(why, p, "the name of a host cannot begin with "
		    "'-'");
	if (cut(p, s, end, why) == -1)
		return -1;
	if (p->longest > HOST_NAME_MAX_LEN)
		return wrong(why, p, "a name has at most 255 bytes");
	if (p->group && p->count > GROUPS_MAX)
		return wrong(why, p, "that stands for too many groups");
	return 0;
}

int
hosts_check_name(const char *name, size_t len, struct buf *why)
{
	struct hostword p = { .text = name, .len = len };

	if (len == 0) {
		buf_adds(why, "the name of a host is empty");
		return -1;
	}
	if (*name == '-')
		return wrong(why, &p, "the name of a host cannot begin with "
		    "'-'");
	if (len > HOST_NAME_MAX_LEN)
		return wrong(why, &p, "a name has at most 255 bytes");
	return check_bytes(&p, name, len, why);
}

/* --- expansion ---------------------------------------------------------- */

struct expand {
	const struct hostword *p;
	hostword_fn *fn;
	void *arg;
	char name[HOST_NAME_MAX_LEN + 1];
};

static size_t
write_number(char *to, uint64_t v, size_t width)
{
	size_t n = digits(v);

	if (n < width)
		n = width;
	for (size_t i = n; i-- > 0; v /= 10)
		to[i] = (char)('0' + v % 10);
	return n;
}

/* the first varies slowest */
static int
expand(struct expand *e, size_t i, size_t len)
{
	const struct hostword_part *part = &e->p->part[i];

	if (i == e->p->nparts)
		return e->fn(e->arg, e->name, len);
	if (part->n == 0) {
		memcpy(e->name + len, part->text, part->len);
		return expand(e, i + 1, len + part->len);
	}
	for (size_t k = 0; k < part->n; k++) {
		const struct hostword_range *r = &e->p->range[part->first + k];

		for (uint64_t v = r->from; v <= r->to; v += r->step) {
			size_t n = write_number(e->name + len, v, r->width);

			if (expand(e, i + 1, len + n) == -1)
				return -1;
		}
	}
	return 0;
}

int
hostword_each(const struct hostword *p, hostword_fn *fn, void *arg)
{
	struct expand e = { .p = p, .fn = fn, .arg = arg };

	return expand(&e, 0, 0);
}

void
hostword_fini(struct hostword *p)
{
	free(p->range);
}
