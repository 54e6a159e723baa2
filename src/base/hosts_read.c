/* SPDX-License-Identifier: ISC */
/* the syntax of host sets: text to names */
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/hostword.h"

/* --- words and signs ---------------------------------------------------- */

enum sign { JOIN = ',', WITHOUT = '!', COMMON = '&', ODD = '^' };

struct scan {
	const char *text;
	size_t len, i;
	struct buf *why;
	size_t at;		/* of the word, or of what is wrong */
	size_t end;		/* of the word */
	enum sign sign;		/* that stands before it */
	bool any;		/* there was a word already */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_sign(char c)
{
	return c == JOIN || c == WITHOUT || c == COMMON || c == ODD;
}

/* the sign before the next word; 0: none, -1: wrong */
static int
read_sign(struct scan *s, char *sign)
{
	*sign = 0;
	for (; s->i < s->len; s->i++) {
		char c = s->text[s->i];

		if (is_blank(c))
			continue;
		if (!is_sign(c))
			break;
		if (!s->any || *sign) {
			s->at = s->i;
			if (*sign)
				buf_addf(s->why, "there is nothing between "
				    "'%c' and '%c'", *sign, c);
			else
				buf_addf(s->why, "there is nothing before "
				    "'%c'", c);
			return -1;
		}
		*sign = c;
		s->at = s->i;
	}
	if (s->i < s->len || !*sign)
		return 0;
	buf_addf(s->why, "there is nothing behind '%c'", *sign);
	return -1;
}

/* 1: a word, 0: the end, -1: wrong */
static int
next_word(struct scan *s)
{
	bool within = false;
	char sign;

	if (read_sign(s, &sign) == -1)
		return -1;
	if (s->i == s->len)
		return 0;
	s->sign = sign ? (enum sign)sign : JOIN;
	s->any = true;
	for (s->at = s->i; s->i < s->len; s->i++) {
		char c = s->text[s->i];

		if (!within && (is_blank(c) || is_sign(c)))
			break;
		within = c == '[' || (within && c != ']');
	}
	s->end = s->i;
	return 1;
}

/* --- reading ------------------------------------------------------------ */

struct take {
	struct hosts *to;
	const struct hosts_groups *groups;
	struct buf *why;
};

static int
too_many(struct take *t)
{
	if (hosts_count(t->to) <= HOSTS_MAX)
		return 0;
	buf_addf(t->why, "the set has more than %d names", HOSTS_MAX);
	return -1;
}

static int
take_name(void *arg, const char *name, size_t len)
{
	struct take *t = arg;

	hosts_add(t->to, name, len);
	return 0;
}

static int
take_group(void *arg, const char *name, size_t len)
{
	struct take *t = arg;
	size_t before = t->why->len;
	struct buf reason = { 0 };
	int rc;

	if (!t->groups) {
		buf_addf(t->why, "'@%.*s': no groups are known here",
		    (int)len, name);
		return -1;
	}
	rc = t->groups->add(t->groups->arg, name, len, t->to, &reason);
	if (rc == -1) {
		t->why->len = before;
		buf_addf(t->why, "'@%.*s': %s", (int)len, name,
		    buf_str(&reason));
	}
	buf_fini(&reason);
	return rc;
}

static int
take_pattern(struct take *t, const struct hostword *p)
{
	if (p->group)
		return hostword_each(p, take_group, t) == -1 ? -1 : too_many(t);
	hosts_reserve(t->to, (size_t)p->count);
	hostword_each(p, take_name, t);
	return too_many(t);
}

/* a new set of those of a that are (or are not) in b */
static struct hosts *
select_names(const struct hosts *a, const struct hosts *b, bool in)
{
	struct hosts *h = hosts_new();

	for (size_t i = 0; i < hosts_count(a); i++) {
		const char *name = hosts_name(a, i);
		size_t len = strlen(name);

		if (hosts_has(b, name, len) == in)
			hosts_add(h, name, len);
	}
	return h;
}

/* the two are used up */
static struct hosts *
combine(struct hosts *a, struct hosts *b, enum sign sign)
{
	struct hosts *h = select_names(a, b, sign == COMMON);

	if (sign == ODD) {
		struct hosts *other = select_names(b, a, false);

		hosts_join(h, other);
		hosts_free(other);
	}
	hosts_free(a);
	hosts_free(b);
	return h;
}

static int
take_word(struct hosts **h, const struct hostword *p, enum sign sign,
    const struct hosts_groups *groups, struct buf *why)
{
	struct take t = { .to = *h, .groups = groups, .why = why };

	if (sign == JOIN)
		return take_pattern(&t, p);
	t.to = hosts_new();
	if (take_pattern(&t, p) == -1) {
		hosts_free(t.to);
		return -1;
	}
	*h = combine(*h, t.to, sign);
	return 0;
}

/* signs act on what the text gives, not on what was there before it */
int
hosts_read(struct hosts *to, const char *text, size_t len,
    const struct hosts_groups *groups, struct buf *why, size_t *at)
{
	struct scan s = { .text = text, .len = len, .why = why };
	struct hostword p = { 0 };
	struct hosts *h = hosts_new();
	int rc;

	while ((rc = next_word(&s)) == 1) {
		if (hostword_read(&p, text + s.at, s.end - s.at, why) == -1 ||
		    take_word(&h, &p, s.sign, groups, why) == -1) {
			rc = -1;
			break;
		}
	}
	if (rc == -1 && at)
		*at = s.at;
	hostword_fini(&p);
	hosts_move(to, h);
	return rc;
}

/* --- looking ------------------------------------------------------------ */

struct look {
	void (*fn)(void *arg, const char *group, size_t len, size_t at);
	void *arg;
	size_t at;
};

static int
look_at_group(void *arg, const char *name, size_t len)
{
	struct look *l = arg;

	l->fn(l->arg, name, len, l->at);
	return 0;
}

int
hosts_check(const char *text, size_t len, void (*fn)(void *arg,
    const char *group, size_t len, size_t at), void *arg, struct buf *why,
    size_t *at)
{
	struct scan s = { .text = text, .len = len, .why = why };
	struct hostword p = { 0 };
	int rc;

	while ((rc = next_word(&s)) == 1) {
		struct look l = { .fn = fn, .arg = arg, .at = s.at };

		rc = hostword_read(&p, text + s.at, s.end - s.at, why);
		if (rc == -1)
			break;
		if (fn && p.group)
			hostword_each(&p, look_at_group, &l);
	}
	if (rc == -1 && at)
		*at = s.at;
	hostword_fini(&p);
	return rc;
}
