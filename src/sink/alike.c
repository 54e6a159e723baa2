/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "model/runner.h"
#include "sink/alike.h"
#include "sink/rows.h"
#include "sink/shelf.h"

/* bytes that gather before they are kept: a known output need not be */
enum { CHUNK = 16 * 1024 };

/* before each line of it */
struct head {
	uint32_t kind, len;
};

/* --- the lane's own name ------------------------------------------------ */

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' &&
	    (c | 0x20) <= 'z') || c == '_';
}

/* of sequence[item] the item */
static const char *
own_name(const char *tag, size_t *len)
{
	const char *open = strchr(tag, '[');

	*len = strlen(tag);
	if (!open || tag[*len - 1] != ']' || *len < 4)
		return tag;
	*len -= (size_t)(open + 1 - tag) + 1;
	return open + 1;
}

static bool
begins(const char *text, size_t len, const char *name, size_t n)
{
	return n > 0 && len >= n && !memcmp(text, name, n) &&
	    (len == n || !is_word(text[n]));
}

bool
alike_blind(struct buf *b, const char *tag, const char *text, size_t len)
{
	size_t n, brief, from = 0, k;
	const char *name = own_name(tag, &n);
	const char *dot = memchr(name, '.', n);
	bool found = false;

	/* a host may call itself by the first part of its name */
	brief = dot && is_word(*name) && (*name < '0' || *name > '9') ?
	    (size_t)(dot - name) : 0;
	for (size_t i = 0; i < len; i += k) {
		const char *s = memchr(text + i, *name, len - i);

		if (!s)
			break;
		i = (size_t)(s - text);
		k = 1;
		if (i > 0 && is_word(s[-1]))
			continue;
		if (begins(s, len - i, name, n))
			k = n;
		else if (begins(s, len - i, name, brief))
			k = brief;
		else
			continue;
		buf_add(b, text + from, i - from);
		buf_addc(b, '@');
		from = i + k;
		found = true;
	}
	buf_add(b, text + from, len - from);
	return found;
}

/* --- the table of classes ----------------------------------------------- */

static bool
is_same(struct siphash_sum a, struct siphash_sum b)
{
	return a.a == b.a && a.b == b.b;
}

/* the slot of a class with that digest, or the free one where it belongs */
static size_t
place(const struct alike *a, struct siphash_sum sum)
{
	size_t i = sum.a & (a->nslot - 1);

	for (; a->slot[i]; i = (i + 1) & (a->nslot - 1)) {
		const struct alike_class *c = a->all[a->slot[i] - 1];

		if (is_same(c->sum, sum) || is_same(c->blind, sum))
			break;
	}
	return i;
}

/* the number of a class with that digest, + 1; 0: there is none */
static uint32_t
find(const struct alike *a, struct siphash_sum sum)
{
	return a->n > 0 ? a->slot[place(a, sum)] : 0;
}

/* under both of its digests */
static void
enter(struct alike *a, uint32_t k)
{
	const struct alike_class *c = a->all[k];
	size_t i = place(a, c->sum);

	if (!a->slot[i])
		a->slot[i] = k + 1;
	i = place(a, c->blind);
	if (!a->slot[i])
		a->slot[i] = k + 1;
}

static void
add(struct alike *a, struct alike_class *c)
{
	a->all = mem_grow(a->all, &a->cap, a->n + 1,
	    sizeof(struct alike_class *));
	a->all[a->n++] = c;
	if (4 * a->n <= a->nslot) {
		enter(a, (uint32_t)a->n - 1);
		return;
	}
	free(a->slot);
	a->nslot = a->nslot ? a->nslot * 2 : 64;
	a->slot = mem_calloc(a->nslot, sizeof(*a->slot));
	for (uint32_t k = 0; k < a->n; k++)
		enter(a, k);
}

/* --- lines -------------------------------------------------------------- */

/* a line as part of its stream */
static void
sum_line(struct siphash *s, unsigned kind, const char *text, size_t len)
{
	struct head head = { .kind = kind, .len = (uint32_t)len };

	siphash_add(s, &head, sizeof(head));
	siphash_add(s, text, len);
}

/* of both streams */
static struct siphash_sum
sum_of(const struct alike *a, const struct siphash stream[2])
{
	struct siphash s = siphash_begin(&a->key);

	for (int i = 0; i < 2; i++) {
		struct siphash_sum sum = siphash_end(&stream[i]);

		siphash_add(&s, &sum, sizeof(sum));
	}
	siphash_add(&s, &a->next->group, sizeof(a->next->group));
	return siphash_end(&s);
}

static void
add_line(struct buf *b, unsigned kind, const char *text, size_t len)
{
	struct head head = { .kind = kind, .len = (uint32_t)len };

	buf_add(b, &head, sizeof(head));
	buf_add(b, text, len);
}

static void
on_below(void *arg, unsigned kind, const char *text, size_t len)
{
	struct alike *a = arg;

	rows_below(a->rows, 0, kind, text, len);
}

static void
add_name(struct alike_class *c, const char *tag, uint32_t index)
{
	buf_add(&c->names, tag, strlen(tag) + 1);
	if (c->lanes++ == 0 || index < c->index)
		c->index = index;
}

/* lines cannot be kept: those that are, and all others of the lane */
static void
go_through(struct alike *a, int error)
{
	struct alike_class *c = a->next;

	a->trouble(a->arg, error, false);
	a->through = true;
	add_name(c, a->tag, 0);
	alike_head(a, c, NULL);
	if (hold_show(a->store, &c->hold, on_below, a) == -1)
		a->trouble(a->arg, errno, true);
}

/* keep the lines that have gathered */
static void
keep_chunk(struct alike *a)
{
	struct hold *hold = &a->next->hold;
	struct head head;

	for (size_t i = 0; i < a->chunk.len; i += head.len) {
		const char *text;

		memcpy(&head, a->chunk.data + i, sizeof(head));
		i += sizeof(head);
		text = a->chunk.data + i;
		if (!a->through && hold_add(a->store, hold, head.kind, text,
		    head.len) == -1)
			go_through(a, errno);
		if (a->through)
			on_below(a, head.kind, text, head.len);
	}
	buf_clear(&a->chunk);
}

void
alike_begin(struct alike *a, const struct shelf_piece *p)
{
	if (a->n == 0)
		a->key = siphash_new_key();
	for (int i = 0; i < 2; i++)
		a->sum[i] = a->blind[i] = siphash_begin(&a->key);
	buf_clear(&a->chunk);
	if (!a->next)
		a->next = mem_calloc(1, sizeof(*a->next));
	a->next->group = p->group;
	a->tag = p->tag;
	a->taking = true;
	a->through = false;
}

/* a line as it would be if the lane had no name */
static void
add_blind(struct alike *a, struct siphash *s, unsigned kind,
    const char *text, size_t len)
{
	buf_clear(&a->line);
	a->next->named |= alike_blind(&a->line, a->tag, text, len);
	sum_line(s, kind, a->line.data, a->line.len);
}

void
alike_line(struct alike *a, unsigned kind, const char *text, size_t len)
{
	bool err = ROWS_STREAM(kind) == STREAM_ERR;

	/* a newline that is missing is not to be seen, so does not count */
	if (!a->rows->no_tag)
		kind &= ~((unsigned)LINE_TAIL << 8);
	if (a->through) {
		on_below(a, kind, text, len);
		return;
	}
	a->next->lines++;
	add_line(&a->chunk, kind, text, len);
	sum_line(&a->sum[err], kind, text, len);
	if (a->diff)
		add_blind(a, &a->blind[err], kind, text, len);
	if (a->chunk.len > CHUNK)
		keep_chunk(a);
}

static void
class_free(struct alike *a, struct alike_class *c)
{
	if (!c)
		return;
	hold_drop(a->store, &c->hold);
	buf_fini(&c->names);
	free(c);
}

/* there is no such output yet */
static void
add_new(struct alike *a, const struct shelf_piece *p)
{
	struct alike_class *c = a->next;

	c->sum = sum_of(a, a->sum);
	c->blind = sum_of(a, a->diff ? a->blind : a->sum);
	keep_chunk(a);
	if (a->through)
		return;
	add_name(c, p->tag, p->index);
	add(a, c);
	a->next = NULL;
}

/* of lanes that name themselves, the first of the list is the one to show */
static void
replace(struct alike *a, uint32_t k, const struct shelf_piece *p)
{
	struct alike_class *c = a->all[k], *new = a->next;

	keep_chunk(a);
	if (a->through)
		return;
	new->sum = c->sum;
	new->blind = c->blind;
	new->index = c->index;
	new->lanes = c->lanes;
	new->names = c->names;
	new->owner = c->names.len;
	c->names = (struct buf){ 0 };
	add_name(new, p->tag, p->index);
	a->all[k] = new;
	a->next = c;
}

static void
add_to(struct alike *a, uint32_t k, const struct shelf_piece *p)
{
	struct alike_class *c = a->all[k];

	if (a->diff && a->next->named && p->index < c->index)
		replace(a, k, p);
	else
		add_name(c, p->tag, p->index);
}

void
alike_end(struct alike *a, const struct shelf_piece *p)
{
	uint32_t k;

	a->taking = false;
	/* only lanes of the user's are told to be silent */
	if (!a->through && (a->next->lines > 0 || !p->aside)) {
		k = find(a, sum_of(a, a->sum));
		if (!k && a->diff)
			k = find(a, sum_of(a, a->blind));
		if (k)
			add_to(a, k - 1, p);
		else
			add_new(a, p);
	}
	if (!a->next)
		return;
	/* it can become of the next one */
	hold_drop(a->store, &a->next->hold);
	buf_fini(&a->next->names);
	*a->next = (struct alike_class){ 0 };
}

bool
alike_is_one(const struct alike *a, uint64_t lines)
{
	return a->n == 1 && a->all[0]->lines == lines;
}

void
alike_drop(struct alike *a)
{
	for (size_t i = 0; i < a->n; i++)
		class_free(a, a->all[i]);
	a->n = 0;
	if (a->nslot > 0)
		memset(a->slot, 0, a->nslot * sizeof(*a->slot));
}

void
alike_fini(struct alike *a)
{
	alike_drop(a);
	class_free(a, a->next);
	free(a->all);
	free(a->slot);
	buf_fini(&a->chunk);
	buf_fini(&a->line);
}
