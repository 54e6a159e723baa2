/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/ini.h"
#include "lang/keys.h"
#include "lang/loader.h"
#include "lang/words.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* blank-separated words from byte at of a line on */
static struct keyword *
cut_words(struct loader *ld, uint32_t file, uint32_t line, const char *s,
    size_t at, size_t end, size_t *n)
{
	struct keyword *w = NULL, *out;
	size_t cap = 0;

	*n = 0;
	while (at < end) {
		size_t from;

		while (at < end && is_blank(s[at]))
			at++;
		for (from = at; at < end && !is_blank(s[at]); )
			at++;
		if (at == from)
			break;
		w = mem_grow(w, &cap, *n + 1, sizeof(*w));
		w[(*n)++] = (struct keyword){
			arena_strndup(&ld->tmp, s + from, at - from),
			{ file, line, (uint32_t)from + 1,
			    (uint32_t)(at - from) }
		};
	}
	out = arena_copy(&ld->tmp, w, *n, sizeof(*w));
	free(w);
	return out;
}

static struct section *
new_section(struct loader *ld, struct pos pos)
{
	struct section *s;

	ld->section = mem_grow(ld->section, &ld->section_cap,
	    ld->nsection + 1, sizeof(*ld->section));
	s = &ld->section[ld->nsection++];
	*s = (struct section){ .pos = pos };
	return s;
}

static void
unknown_section(struct loader *ld, const struct keyword *w)
{
	struct near n = { 0 };

	if (later_find(w->text, AT_SECTION)) {
		diag_error(&ld->diag, w->pos, "'[%s]' is not built yet",
		    w->text);
		return;
	}
	diag_error(&ld->diag, w->pos, "no section '%s'", w->text);
	for (size_t i = 0; lang_sections[i]; i++)
		near_offer(&n, w->text, lang_sections[i]);
	diag_near(&ld->diag, &n);
}

static bool
is_section(const char *word)
{
	for (size_t i = 0; lang_sections[i]; i++)
		if (!strcmp(lang_sections[i], word))
			return true;
	return false;
}

static bool
has_name(const char *kind)
{
	return !strcmp(kind, "sequence") || !strcmp(kind, "routine") ||
	    !strcmp(kind, "channel") || !strcmp(kind, "hosts") ||
	    !strcmp(kind, "host") || !strcmp(kind, "via");
}

/* which keys of the language it may hold */
static unsigned
keys_of(const char *kind)
{
	return !strcmp(kind, "job") ? AT_JOB :
	    !strcmp(kind, "channel") ? AT_CHANNEL :
	    !strcmp(kind, "hosts") ? AT_HOSTS :
	    !strcmp(kind, "host") ? AT_HOST :
	    !strcmp(kind, "via") ? AT_VIA :
	    !strcmp(kind, "sequence") || !strcmp(kind, "routine") ?
	    AT_SEQUENCE | AT_ROUTINE | AT_STEP : 0;
}

/* [KIND] or [KIND NAME] */
static void
read_section(struct loader *ld, uint32_t file, uint32_t line)
{
	size_t len, n, end, after;
	const char *s = source_line(&ld->src.list[file], line, &len);
	struct keyword *w;
	struct section *new;
	bool named;

	end = (size_t)((const char *)memchr(s, ']', len) - s);
	w = cut_words(ld, file, line, s, 1, end, &n);
	new = new_section(ld, n ? w[0].pos :
	    (struct pos){ file, line, 1, (uint32_t)end + 1 });
	for (after = end + 1; after < len && is_blank(s[after]); )
		after++;
	if (after < len)
		extra_word(ld, arena_strndup(&ld->tmp, s + after,
		    len - after > 40 ? 40 : len - after),
		    (struct pos){ file, line, (uint32_t)after + 1,
			(uint32_t)(len - after) });
	if (n == 0) {
		diag_error(&ld->diag, new->pos, "a section without a name");
		return;
	}
	if (!is_section(w[0].text)) {
		unknown_section(ld, &w[0]);
		if (n > 1)
			map_add(&ld->ghost, w[1].text, strlen(w[1].text));
		return;
	}
	named = has_name(w[0].text);
	new->kind = w[0].text;
	if (n > (named ? 2 : 1))
		extra_word(ld, w[named ? 2 : 1].text, w[named ? 2 : 1].pos);
	if (named && n > 1) {
		new->name = w[1].text;
		new->name_pos = w[1].pos;
	}
}

/*
 * Behind a value that began on the key's own line: is this line of it
 * likelier to be a key of this section?
 */
static bool
reads_like_key(const char *s, size_t len, unsigned at)
{
	const char *eq = memchr(s, '=', len);
	const struct key *k;
	char word[KEY_WORD_MAX];
	size_t n, end;

	if (!eq || eq == s || !is_blank(eq[-1]))
		return false;
	end = (size_t)(eq - s);
	if (end + 1 < len && !is_blank(eq[1]))
		return false;
	for (n = 0; n < end && !is_blank(s[n]); n++)
		;
	if (n >= sizeof(word))
		return false;
	memcpy(word, s, n);
	word[n] = '\0';
	k = key_find(word);
	if (!(k && k->at & at) && !later_find(word, at))
		return false;
	for (size_t i = n; i < end; i++)
		if (!is_blank(s[i]) && !isalnum((unsigned char)s[i]) &&
		    !strchr("_-,.", s[i]))
			return false;
	return true;
}

static void
check_continuation(struct loader *ld, const struct value *v, unsigned at)
{
	for (size_t i = 1; i < v->nseg && !v->block; i++) {
		size_t from = v->seg[i].at;
		size_t end = i + 1 < v->nseg ? v->seg[i + 1].at - 1 : v->len;

		while (from < end && is_blank(v->text[from]))
			from++;
		if (!reads_like_key(v->text + from, end - from, at))
			continue;
		diag_error(&ld->diag, value_pos(v, from,
		    strcspn(v->text + from, " \t")),
		    "indented: part of the value above, or a key?");
		diag_note(&ld->diag, "a key stands at the left edge; a value "
		    "that begins on the next line is taken as it is");
	}
}

static void
read_entry(struct loader *ld, uint32_t file, const struct logical *l)
{
	size_t len;
	const char *s = source_line(&ld->src.list[file], l->line, &len);
	size_t eq = (size_t)((const char *)memchr(s, '=', len) - s);
	struct section *sec = &ld->section[ld->nsection - 1];
	struct entry e = { .blank_before = l->blank_before };

	e.word = cut_words(ld, file, l->line, s, 0, eq, &e.nword);
	if (e.nword == 0) {
		diag_error(&ld->diag, (struct pos){ file, l->line,
		    (uint32_t)eq + 1, 1 }, "a key is missing before '='");
		return;
	}
	if (!sec->kind) {
		forgive_entry(ld, &e);
		return;
	}
	if (!*sec->kind) {
		diag_error(&ld->diag, e.word[0].pos,
		    "'%s' stands in no section", e.word[0].text);
		/* the keys below are no further mistakes */
		sec->kind = NULL;
		forgive_entry(ld, &e);
		return;
	}
	source_value(&ld->src, file, l, eq, &ld->tmp, &e.value);
	check_continuation(ld, &e.value, keys_of(sec->kind));
	sec->entry = mem_grow(sec->entry, &sec->cap, sec->n + 1,
	    sizeof(*sec->entry));
	sec->entry[sec->n++] = e;
}

/* a section's header that is not closed: its keys are read nonetheless */
static void
bad_section(struct loader *ld, struct pos pos, const char *s, size_t len)
{
	struct keyword *w;
	size_t n;

	diag_error(&ld->diag, pos, "a '[' that is never closed");
	new_section(ld, pos);
	w = cut_words(ld, pos.file, pos.line, s, pos.col, len, &n);
	if (n > 1)
		map_add(&ld->ghost, w[1].text, strlen(w[1].text));
}

static void
bad_line(struct loader *ld, uint32_t file, const struct logical *l)
{
	size_t len, from = 0;
	const char *s = source_line(&ld->src.list[file], l->line, &len);
	struct section *sec = ld->nsection ?
	    &ld->section[ld->nsection - 1] : NULL;
	struct entry e = { .blank_before = l->blank_before, .bad = true };
	struct pos pos;

	while (from < len && is_blank(s[from]))
		from++;
	pos = (struct pos){ file, l->line, (uint32_t)from + 1,
	    (uint32_t)(len - from) };
	if (s[from] == '[') {
		bad_section(ld, pos, s, len);
		return;
	}
	e.word = cut_words(ld, file, l->line, s, from, len, &e.nword);
	diag_error(&ld->diag, e.word[0].pos,
	    "neither 'key = value' nor [section]");
	if (memchr(s, ':', len) || key_find(e.word[0].text))
		diag_note(&ld->diag, "'=' stands between key and value");
	forgive_entry(ld, &e);
	if (!sec || !sec->kind || !(keys_of(sec->kind) & AT_STEP))
		return;
	e.value.text = "";
	sec->entry = mem_grow(sec->entry, &sec->cap, sec->n + 1,
	    sizeof(*sec->entry));
	sec->entry[sec->n++] = e;
}

void
read_lines(struct loader *ld, uint32_t file)
{
	struct logical *l;
	size_t n, before = ld->nsection;
	bool indented = false;		/* reported for this section */

	if (!source_check(&ld->src, file, &ld->diag)) {
		ld->incomplete = true;
		return;
	}
	l = source_logical(&ld->src.list[file], &n);
	ini_kinds(&ld->src.list[file], l, n);
	for (size_t i = 0; i < n; i++) {
		if (l[i].indented) {
			if (!indented)
				diag_error(&ld->diag, (struct pos){ file,
				    l[i].line, 1, 1 }, "indented, but there "
				    "is no value to go on with");
			indented = true;
			if (l[i].kind != LINE_KEY)
				continue;
		}
		switch (l[i].kind) {
		case LINE_COMMENT:
			break;
		case LINE_SECTION:
			indented = false;
			read_section(ld, file, l[i].line);
			break;
		case LINE_KEY:
			/* a section does not reach into the next file */
			if (ld->nsection == before)
				new_section(ld, (struct pos){ 0 })->kind = "";
			read_entry(ld, file, &l[i]);
			break;
		case LINE_BAD:
			bad_line(ld, file, &l[i]);
			break;
		}
	}
	free(l);
}
