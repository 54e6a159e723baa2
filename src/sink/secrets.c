/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/plan.h"
#include "sink/secrets.h"

enum { HASH_BITS = 16 };

static uint32_t
hash(const char *p)
{
	uint32_t first;

	memcpy(&first, p, sizeof(first));
	return first * 2654435769u >> (32 - HASH_BITS);
}

static bool
may_begin(const struct secrets *s, uint32_t h)
{
	return s->bits[h / 64] >> h % 64 & 1;
}

/* --- values ------------------------------------------------------------- */

static void
chain(struct secrets *s, uint32_t i)
{
	struct secret_value *v = &s->value[i];
	uint32_t h = hash(v->text);
	uint32_t *slot = &s->slot[h & (s->nslot - 1)];

	v->next = *slot;
	*slot = i + 1;
	s->bits[h / 64] |= UINT64_C(1) << h % 64;
}

static void
grow(struct secrets *s)
{
	free(s->slot);
	s->nslot = s->nslot ? s->nslot * 2 : 16;
	s->slot = mem_calloc(s->nslot, sizeof(*s->slot));
	if (!s->bits)
		s->bits = mem_calloc((1 << HASH_BITS) / 64, sizeof(*s->bits));
	for (size_t i = 0; i < s->n; i++)
		chain(s, (uint32_t)i);
}

static bool
is_known(const struct secrets *s, const char *text, size_t len)
{
	uint32_t i = s->nslot ? s->slot[hash(text) & (s->nslot - 1)] : 0;

	for (; i; i = s->value[i - 1].next)
		if (s->value[i - 1].len == len &&
		    memcmp(s->value[i - 1].text, text, len) == 0)
			return true;
	return false;
}

static void
add_line(struct secrets *s, const char *text, size_t len)
{
	if (len < SECRET_MIN || is_known(s, text, len))
		return;
	if (s->n >= s->nslot)
		grow(s);
	s->value = mem_grow(s->value, &s->cap, s->n + 1, sizeof(*s->value));
	s->value[s->n] = (struct secret_value){
		.text = mem_strndup(text, len), .len = len
	};
	chain(s, (uint32_t)s->n++);
	if (len > s->longest)
		s->longest = len;
}

void
secrets_add(struct secrets *s, const char *text, size_t len)
{
	for (const char *end = text + len; text < end;) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *eol = nl ? nl : end;
		size_t n = (size_t)(eol - text);

		if (n > 0 && text[n - 1] == '\r')
			n--;
		add_line(s, text, n);
		text = nl ? nl + 1 : end;
	}
}

void
secrets_fini(struct secrets *s)
{
	for (size_t i = 0; i < s->n; i++) {
		explicit_bzero(s->value[i].text, s->value[i].len);
		free(s->value[i].text);
	}
	free(s->value);
	free(s->slot);
	free(s->bits);
	*s = (struct secrets){ 0 };
}

/* --- places ------------------------------------------------------------- */

/* the length of the longest value that stands here, 0 if there is none */
static size_t
here(const struct secrets *s, const char *p, size_t left)
{
	uint32_t h = hash(p);
	size_t best = 0;

	if (!may_begin(s, h))
		return 0;
	for (uint32_t i = s->slot[h & (s->nslot - 1)]; i;
	    i = s->value[i - 1].next) {
		const struct secret_value *v = &s->value[i - 1];

		if (v->len > best && v->len <= left &&
		    memcmp(v->text, p, v->len) == 0)
			best = v->len;
	}
	return best;
}

bool
secrets_find(const struct secrets *s, const char *text, size_t len)
{
	if (s->n == 0)
		return false;
	for (size_t i = 0; i + SECRET_MIN <= len; i++)
		if (may_begin(s, hash(text + i)) &&
		    here(s, text + i, len - i) > 0)
			return true;
	return false;
}

void
secrets_mask(const struct secrets *s, const char *text, size_t len,
    size_t end, size_t *covered, struct buf *out)
{
	size_t upto = *covered, shown = upto;

	for (size_t i = 0; i < end && i + SECRET_MIN <= len && s->n; i++) {
		size_t n = here(s, text + i, len - i);

		if (n == 0)
			continue;
		if (i >= upto) {
			buf_add(out, text + shown, i - shown);
			buf_adds(out, SECRET_MARK);
		}
		if (i + n > upto)
			shown = upto = i + n;
	}
	if (shown < end)
		buf_add(out, text + shown, end - shown);
	*covered = upto > end ? upto - end : 0;
}

/* is the text the beginning, and not the whole, of a value? */
static bool
begins(const struct secret_value *v, const char *text, size_t len)
{
	return v->len > len && memcmp(v->text, text, len) == 0;
}

static bool
may_become(const struct secrets *s, const char *text, size_t len)
{
	if (len < SECRET_MIN) {
		for (size_t k = 0; k < s->n; k++)
			if (begins(&s->value[k], text, len))
				return true;
		return false;
	}
	if (!may_begin(s, hash(text)))
		return false;
	for (uint32_t k = s->slot[hash(text) & (s->nslot - 1)]; k;
	    k = s->value[k - 1].next)
		if (begins(&s->value[k - 1], text, len))
			return true;
	return false;
}

size_t
secrets_hold(const struct secrets *s, const char *text, size_t len)
{
	size_t i = len;

	if (s->n > 0)
		i = len >= s->longest ? len - s->longest + 1 : 0;
	while (i < len && !may_become(s, text + i, len - i))
		i++;
	return i;
}

size_t
secrets_rest(const struct secrets *s, const char *text, size_t len)
{
	size_t best = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct secret_value *v = &s->value[i];
		size_t k = v->len - 1 < len ? v->len - 1 : len;

		while (k > best && k >= SECRET_MIN &&
		    memcmp(v->text + v->len - k, text, k) != 0)
			k--;
		if (k > best && k >= SECRET_MIN)
			best = k;
	}
	return best;
}
