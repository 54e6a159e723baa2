/* SPDX-License-Identifier: ISC */
/* paragraphs, lists and displays of a manual's source */
#include <string.h>

#include "app/mdoc.h"

enum { LISTS = 6, TAG = 4, DISPLAY = 4 };

struct list {
	size_t indent, tag;
	bool compact, bullets;
};

struct page {
	struct buf *out;
	size_t width, indent;
	struct mdoc_text text;	/* a paragraph that goes on */
	struct list list[LISTS];
	size_t nlist;
	bool gap;		/* an empty line comes before what is next */
	bool literal;
	bool in_line;		/* a tag stands on the line already */
	size_t pad;		/* … and so many blanks come behind it */
};

static void
indent(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_addc(b, ' ');
}

void
mdoc_wrap(struct buf *out, struct mdoc_text *t, struct mdoc_shape shape,
    size_t hang)
{
	const char *s = t->words.data, *end = s + t->words.len;
	size_t at = shape.indent;

	for (bool first = true; s < end; first = false) {
		const char *stop = memchr(s, ' ', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);

		if (!first && at + 1 + len > shape.width) {
			buf_addc(out, '\n');
			indent(out, at = hang);
		} else if (!first) {
			buf_addc(out, ' ');
			at++;
		}
		for (size_t i = 0; i < len; i++)
			buf_addc(out, s[i] == MDOC_BLANK ? ' ' : s[i]);
		at += len;
		s += len + (stop != NULL);
	}
	buf_clear(&t->words);
	t->tight = false;
}

static void
gap(struct page *p)
{
	if (p->gap && p->out->len > 0)
		buf_addc(p->out, '\n');
	p->gap = false;
}

static void
begin(struct page *p)
{
	gap(p);
	indent(p->out, p->in_line ? p->pad : p->indent);
	p->in_line = false;
}

static void
flush(struct page *p)
{
	if (p->text.words.len == 0)
		return;
	begin(p);
	mdoc_wrap(p->out, &p->text,
	    (struct mdoc_shape){ p->width, p->indent }, p->indent);
	buf_addc(p->out, '\n');
}

/* a tag without a text, or one that is too long for its column */
static void
end_tag(struct page *p)
{
	if (p->in_line)
		buf_addc(p->out, '\n');
	p->in_line = false;
}

static void
begin_list(struct page *p, const char *s, size_t len)
{
	const char *end = s + len;
	struct list *l = &p->list[p->nlist];
	struct mdoc_arg a;

	flush(p);
	end_tag(p);
	if (p->nlist == LISTS)
		return;
	p->nlist++;
	*l = (struct list){ .indent = p->indent, .tag = TAG };
	while (mdoc_arg(&s, end, &a)) {
		l->compact |= mdoc_is(&a, "-compact");
		if (mdoc_is(&a, "-bullet")) {
			l->bullets = true;
			l->tag = 2;
		}
		if (mdoc_is(&a, "-width") && mdoc_arg(&s, end, &a) &&
		    !mdoc_is(&a, "Ds"))
			l->tag = a.len + 2;
	}
}

static void
end_list(struct page *p)
{
	flush(p);
	end_tag(p);
	if (p->nlist > 0)
		p->indent = p->list[--p->nlist].indent;
	p->gap = true;
}

static void
item(struct page *p, const char *s, size_t len)
{
	const struct list *l = &p->list[p->nlist - 1];
	struct mdoc_text tag = { 0 };

	flush(p);
	end_tag(p);
	if (l->bullets)
		mdoc_plain(&tag, "-", 1);
	else
		mdoc_line(&tag, s, len);
	p->indent = l->indent;
	p->gap |= !l->compact;
	begin(p);
	p->indent = l->indent + l->tag;
	len = tag.words.len;
	mdoc_wrap(p->out, &tag,
	    (struct mdoc_shape){ p->width, l->indent }, p->indent);
	p->in_line = len < l->tag;
	p->pad = l->tag - len;
	if (!p->in_line)
		buf_addc(p->out, '\n');
	buf_fini(&tag.words);
}

static void
heading(struct page *p, const char *s, size_t len)
{
	flush(p);
	p->gap = true;
	gap(p);
	mdoc_plain(&p->text, s, len);
	mdoc_wrap(p->out, &p->text, (struct mdoc_shape){ p->width, 0 }, 0);
	buf_addc(p->out, '\n');
	p->gap = true;
}

static void
display(struct page *p, bool on)
{
	flush(p);
	end_tag(p);
	p->gap = true;
	if (on)
		gap(p);
	p->literal = on;
}

static void
literal(struct page *p, const char *s, size_t len)
{
	if (len > 0)
		indent(p->out, p->indent + DISPLAY);
	for (size_t i = 0; i < len; i++) {
		bool escape = s[i] == '\\' && i + 1 < len;

		if (escape && s[i + 1] == '&') {
			i++;
			continue;
		}
		buf_addc(p->out, s[i]);
		i += escape && s[i + 1] == 'e';
	}
	buf_addc(p->out, '\n');
}

/* a line that begins with a dot; s stands behind the name of its macro */
static void
macro(struct page *p, const struct mdoc_arg *name, const char *s, size_t len)
{
	if (mdoc_is(name, "Pp")) {
		flush(p);
		end_tag(p);
		p->gap = true;
	} else if (mdoc_is(name, "Nd")) {
		mdoc_plain(&p->text, "-", 1);
		mdoc_plain(&p->text, s, len);
	} else if (mdoc_is(name, "Bl")) {
		begin_list(p, s, len);
	} else if (mdoc_is(name, "El")) {
		end_list(p);
	} else if (mdoc_is(name, "It") && p->nlist > 0) {
		item(p, s, len);
	} else if (mdoc_is(name, "Bd") || mdoc_is(name, "Ed")) {
		display(p, *name->s == 'B');
	} else if (mdoc_is(name, "Sh") || mdoc_is(name, "Ss")) {
		heading(p, s, len);
	}
}

static void
line(struct page *p, const char *s, size_t len)
{
	const char *rest = s + 1;
	struct mdoc_arg name;

	if (len == 0 || *s != '.') {
		if (p->literal)
			literal(p, s, len);
		else
			mdoc_plain(&p->text, s, len);
	} else if (mdoc_arg(&rest, s + len, &name) && name.is_macro) {
		mdoc_line(&p->text, s + 1, len - 1);
	} else {
		while (rest < s + len && *rest == ' ')
			rest++;
		macro(p, &name, rest, (size_t)(s + len - rest));
	}
}

void
mdoc_render(struct buf *out, const char *s, size_t len,
    struct mdoc_shape shape)
{
	struct page p = {
		.out = out, .width = shape.width, .indent = shape.indent
	};

	for (const char *end = s + len; s < end; ) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));

		if (!eol)
			eol = end;
		line(&p, s, (size_t)(eol - s));
		s = eol + (eol < end);
	}
	flush(&p);
	end_tag(&p);
	buf_fini(&p.text.words);
}
