/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "lang/label.h"
#include "lang/loader.h"

enum { LABEL_MAX = 50 };

/* the first line that says something, cut at a character's end */
static const char *
cut_short(struct arena *a, const char *text)
{
	const char *s = text, *more;
	size_t len, cut;
	struct buf b = { 0 };
	const char *out;

	for (;;) {
		s += strspn(s, " \t\n");
		len = strcspn(s, "\n");
		if (*s != '#' || !s[len])
			break;
		s += len;
	}
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	cut = len;
	if (cut > LABEL_MAX) {
		cut = LABEL_MAX;
		while (cut > 0 && ((unsigned char)s[cut] & 0xc0) == 0x80)
			cut--;
	}
	more = s + len + strspn(s + len, " \t\n");
	buf_add(&b, s, cut);
	if (cut < len || *more)
		buf_adds(&b, "…");
	out = arena_strndup(a, b.data ? b.data : "", b.len);
	buf_fini(&b);
	return out;
}

void
label_step(struct loader *ld, const struct entry *action, struct step *s)
{
	struct arena *a = &ld->plan->arena;
	struct buf b = { 0 };
	const char *text;

	if (s->kind > STEP_LOCAL) {
		for (size_t i = 0; i < action->nword; i++)
			buf_addf(&b, "%s%s", i ? " " : "",
			    action->word[i].text);
		if (s->kind == STEP_SET || s->kind == STEP_LET ||
		    s->kind == STEP_SEND || s->kind == STEP_RECEIVE)
			buf_adds(&b, " =");
		if (action->value.len)
			buf_addc(&b, ' ');
	}
	buf_add(&b, action->value.text, action->value.len);
	text = arena_strdup(a, buf_str(&b));
	buf_fini(&b);
	s->label = s->name ? s->name : cut_short(a, text);
	s->identity = s->name ? s->name : text;
}

void
label_identities(struct loader *ld, struct step *step, uint32_t n)
{
	struct arena *a = &ld->plan->arena;
	struct map seen = { 0 };
	uint32_t *count = NULL;
	size_t cap = 0;

	/* names are theirs first */
	for (uint32_t i = 0; i < n; i++) {
		if (!step[i].identity)
			continue;
		count = mem_grow(count, &cap, seen.n + 1UL, sizeof(*count));
		if (step[i].name)
			count[map_add(&seen, step[i].name,
			    strlen(step[i].name))] = 1;
	}
	for (uint32_t i = 0; i < n; i++) {
		const char *text = step[i].identity;
		uint32_t had = seen.n, sym;
		struct buf b = { 0 };

		if (!text || step[i].name)
			continue;
		sym = map_add(&seen, text, strlen(text));
		count = mem_grow(count, &cap, seen.n + 2UL, sizeof(*count));
		if (sym == had) {
			count[sym] = 1;
			continue;
		}
		/* "text#2" may itself be the text of a step */
		do {
			buf_clear(&b);
			buf_addf(&b, "%s#%u", text, ++count[sym]);
		} while (map_find(&seen, b.data, b.len) != MAP_NONE);
		count[map_add(&seen, b.data, b.len)] = 1;
		step[i].identity = arena_strdup(a, buf_str(&b));
		buf_fini(&b);
	}
	map_fini(&seen);
	free(count);
}
