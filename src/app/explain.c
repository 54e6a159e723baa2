/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/explain.h"
#include "app/manual.h"
#include "app/mdoc.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/near.h"
#include "base/num.h"
#include "lang/lang.h"

enum { DEPTH = 6, NARROW = 20, WORDS = 4, ENTRY = 2, BODY = 6 };

struct part {
	const char *s;
	size_t len;
};

/* where the manual is being read */
struct place {
	struct part chapter, section;	/* what stands behind .Sh and .Ss */
	const char *paragraph;		/* the one that goes on */
	struct part lead;		/* the one before the outermost list */
	struct part item[DEPTH];	/* what stands behind .It */
	size_t depth;			/* of lists */
};

struct seeker {
	struct part word[WORDS];	/* all of them are looked for */
	size_t nword;
	const char *whole;
	bool in_brackets;		/* a section */
	bool chapters;			/* these, in whatever letters */
	size_t width;
	struct buf *out;
	struct place at;
	struct part shown[2];		/* the place that was named last */
	const char *body;		/* of an entry that goes on */
	size_t body_depth;		/* 0: a chapter or section */
	bool body_is_chapter;
	bool found;
	struct map *known;		/* all words there are, or NULL */
};

/* --- the names of an entry ---------------------------------------------- */

typedef bool name_fn(struct seeker *, struct part name, bool in_brackets);

/* "Cm", "Va", …: what such a macro marks is a name */
static bool
names(const struct mdoc_arg *a)
{
	return mdoc_is(a, "Cm") || mdoc_is(a, "Va") || mdoc_is(a, "Ev") ||
	    mdoc_is(a, "Li") || mdoc_is(a, "Bq");
}

/* calls fn for each of them until it says true */
static bool
each_name(struct seeker *k, struct part item, name_fn *fn)
{
	const char *s = item.s, *end = s + item.len;
	bool named = false, in_brackets = false;
	struct mdoc_arg a;

	while (mdoc_arg(&s, end, &a)) {
		if (mdoc_is(&a, "No") || mdoc_is(&a, "Op") ||
		    mdoc_is(&a, "Oo"))
			return false;
		if (a.is_macro) {
			named = names(&a);
			in_brackets = mdoc_is(&a, "Bq");
			continue;
		}
		if (a.len > 1 && *a.s == '.') {
			a.s++;
			a.len--;
		}
		if (named && !mdoc_is(&a, ",") &&
		    fn(k, (struct part){ a.s, a.len }, in_brackets))
			return true;
	}
	return false;
}

static bool
is_wanted(struct seeker *k, struct part name, bool in_brackets)
{
	const struct part *w = &k->word[k->nword];

	return w->len == name.len && !memcmp(w->s, name.s, w->len) &&
	    (in_brackets || !k->in_brackets);
}

static bool
offer(struct seeker *k, struct part name, bool in_brackets)
{
	(void)in_brackets;
	map_add(k->known, name.s, name.len);
	return false;
}

static bool
is_meant(struct seeker *k, struct part item)
{
	size_t n = k->nword;
	bool all = n > 0;

	for (k->nword = 0; all && k->nword < n; k->nword++)
		all = each_name(k, item, is_wanted);
	k->nword = n;
	return all;
}

/* --- what is shown ------------------------------------------------------ */

/* JOB, or STEPS: Modifiers; and what stands before the list */
static void
show_place(struct seeker *k)
{
	const struct place *p = &k->at;
	struct mdoc_text t = { 0 };

	if (k->shown[0].s == p->chapter.s && k->shown[1].s == p->lead.s)
		return;
	k->shown[0] = p->chapter;
	k->shown[1] = p->lead;
	if (k->out->len > 0)
		buf_addc(k->out, '\n');
	mdoc_plain(&t, p->chapter.s, p->chapter.len);
	if (p->section.len > 0) {
		buf_addc(&t.words, ':');
		mdoc_plain(&t, p->section.s, p->section.len);
	}
	mdoc_wrap(k->out, &t, (struct mdoc_shape){ k->width, 0 }, 0);
	buf_addc(k->out, '\n');
	buf_fini(&t.words);
	mdoc_render(k->out, p->lead.s, p->lead.len,
	    (struct mdoc_shape){ k->width, 0 });
}

/* the entry, below those that it is part of */
static void
show_item(struct seeker *k)
{
	const struct place *p = &k->at;

	show_place(k);
	buf_addc(k->out, '\n');
	for (size_t i = 0; i < p->depth && i < DEPTH; i++) {
		struct mdoc_text t = { 0 };
		size_t indent = ENTRY + i * (BODY - ENTRY);

		mdoc_line(&t, p->item[i].s, p->item[i].len);
		for (size_t n = 0; n < indent; n++)
			buf_addc(k->out, ' ');
		mdoc_wrap(k->out, &t, (struct mdoc_shape){ k->width, indent },
		    indent + BODY);
		buf_addc(k->out, '\n');
		buf_fini(&t.words);
	}
}

static void
end_entry(struct seeker *k, const char *line, size_t depth)
{
	if (!k->body || depth > k->body_depth)
		return;
	mdoc_render(k->out, k->body, (size_t)(line - k->body),
	    (struct mdoc_shape){ k->width,
	    BODY + (k->body_depth - 1) * (BODY - ENTRY) });
	k->body = NULL;
}

/* --- reading the manual ------------------------------------------------- */

static bool
is_chapter(const struct seeker *k, struct part title)
{
	size_t len = strlen(k->whole);

	return len == title.len && (k->chapters ?
	    !strncasecmp(k->whole, title.s, len) :
	    !memcmp(k->whole, title.s, len));
}

/* a chapter that is shown whole goes on until the next one begins */
static void
on_heading(struct seeker *k, struct part title, const char *line, bool is_sub)
{
	struct place *p = &k->at;

	if (!is_sub || !k->body_is_chapter)
		end_entry(k, line, 0);
	if (!is_sub)
		p->chapter = title;
	p->section = is_sub ? title : (struct part){ 0 };
	p->paragraph = NULL;
	if (k->known)
		map_add(k->known, title.s, title.len);
	if (k->body || !is_chapter(k, title))
		return;
	if (k->out->len > 0)
		buf_addc(k->out, '\n');
	k->body = line;
	k->body_depth = 0;
	k->body_is_chapter = !is_sub;
	k->found = true;
}

static void
on_item(struct seeker *k, struct part item, const char *line,
    const char *next)
{
	struct place *p = &k->at;

	end_entry(k, line, p->depth);
	if (p->depth == 0 || p->depth > DEPTH)
		return;
	p->item[p->depth - 1] = item;
	if (k->known)
		each_name(k, item, offer);
	if (k->body || k->chapters || !is_meant(k, item))
		return;
	show_item(k);
	k->found = true;
	k->body = next;
	k->body_depth = p->depth;
	k->body_is_chapter = false;
}

static void
on_list(struct seeker *k, const char *line, bool begins)
{
	struct place *p = &k->at;

	if (begins && p->depth++ == 0)
		p->lead = p->paragraph ? (struct part){ p->paragraph,
		    (size_t)(line - p->paragraph) } : (struct part){ line, 0 };
	else if (!begins && p->depth > 0) {
		if (k->body_depth > 0)
			end_entry(k, line, p->depth);
		p->depth--;
	}
	p->paragraph = NULL;
}

static void
on_line(struct seeker *k, const char *s, const char *eol, const char *next)
{
	const char *rest = s + 1;
	struct mdoc_arg name = { 0 };

	if (eol > s && *s == '.')
		mdoc_arg(&rest, eol, &name);
	while (rest < eol && *rest == ' ')
		rest++;
	if (mdoc_is(&name, "Sh") || mdoc_is(&name, "Ss"))
		on_heading(k, (struct part){ rest, (size_t)(eol - rest) }, s,
		    name.s[1] == 's');
	else if (mdoc_is(&name, "It"))
		on_item(k, (struct part){ rest, (size_t)(eol - rest) }, s,
		    next);
	else if (mdoc_is(&name, "Bl") || mdoc_is(&name, "El"))
		on_list(k, s, *name.s == 'B');
	else if (mdoc_is(&name, "Pp") || mdoc_is(&name, "Ed"))
		k->at.paragraph = NULL;
	else if (!k->at.paragraph)
		k->at.paragraph = s;
}

static void
seek(struct seeker *k)
{
	const char *s = (const char *)manual, *end = s + manual_size;

	k->at = (struct place){ 0 };
	k->body = NULL;
	while (s < end) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		const char *next = eol ? eol + 1 : end;

		on_line(k, s, eol ? eol : end, next);
		s = next;
	}
	end_entry(k, end, 0);
}

/* --- the word ----------------------------------------------------------- */

/* "stdin file" has two; of "[hosts web]" the first one counts */
static void
cut(struct seeker *k, const char *s)
{
	k->in_brackets = *s == '[';
	s += k->in_brackets;
	while (*s && k->nword < WORDS) {
		size_t n = strcspn(s, k->in_brackets ? " ]" : " ");

		if (n > 0)
			k->word[k->nword++] = (struct part){ s, n };
		s += n;
		s += strspn(s, " ");
		if (k->in_brackets)
			return;
	}
}

static void
find_near(const struct map *known, const char *word, struct buf *best)
{
	struct near near = { 0 };

	for (uint32_t i = 0; i < known->n; i++)
		near_offer(&near, word, known->name[i]);
	if (near.best)
		buf_adds(best, near.best);
}

bool
explain_word(const char *word, size_t width, struct buf *out,
    struct buf *best)
{
	struct map known = { 0 };
	struct seeker k = {
		.whole = word, .out = out, .known = &known,
		.width = width > NARROW ? width : NARROW
	};

	cut(&k, word);
	seek(&k);
	k.known = NULL;
	if (!k.found) {
		k.chapters = true;
		seek(&k);
	}
	if (!k.found)
		find_near(&known, word, best);
	map_fini(&known);
	return k.found;
}

size_t
explain_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t n;

	if (columns && num_int(columns, &n) == 0 && n > 0 && n < 10000)
		return (size_t)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}
