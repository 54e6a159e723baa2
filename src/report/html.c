/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "model/story.h"
#include "report/html.h"
#include "report/page.h"
#include "report/pagedata.h"
#include "report/pagelogs.h"
#include "report/text.h"

struct page {
	struct buf *b;
	const struct story *s;
	const struct html_options *o;
	uint64_t *from;
};

static void
policy_of(struct buf *b, const unsigned char *text, size_t len)
{
	unsigned char digest[SHA256_SIZE];
	struct buf quoted = { 0 };

	sha256(text, len, digest);
	json_base64(&quoted, (const char *)digest, sizeof(digest));
	buf_adds(b, "'sha256-");
	buf_add(b, quoted.data + 1, quoted.len - 2);
	buf_adds(b, "'; ");
	buf_fini(&quoted);
}

/* only this very program and style may run, and nothing is ever loaded */
static void
add_policy(struct page *p)
{
	buf_adds(p->b, "default-src 'none'; script-src ");
	policy_of(p->b, page_js, page_js_size);
	buf_adds(p->b, "style-src ");
	policy_of(p->b, page_css, page_css_size);
	buf_adds(p->b, "base-uri 'none'; form-action 'none'");
}

static void
add_escaped(struct buf *b, const char *s)
{
	for (size_t n; *s; s += n) {
		n = strcspn(s, "<&");
		buf_add(b, s, n);
		if (!s[n])
			break;
		buf_adds(b, s[n++] == '<' ? "&lt;" : "&amp;");
	}
}

static void
add_title(struct page *p)
{
	add_escaped(p->b, p->s->job);
}

/* for those who do not let the program run, as some mail readers and servers */
static void
add_text(struct page *p)
{
	struct buf text = { 0 };

	report_text(&text, p->s);
	add_escaped(p->b, buf_str(&text));
	buf_fini(&text);
}

static void
add_style(struct page *p)
{
	buf_add(p->b, page_css, page_css_size);
}

static void
add_script(struct page *p)
{
	buf_add(p->b, page_js, page_js_size);
}

static void
add_data(struct page *p)
{
	pagedata_write(p->b, p->s, p->o, p->from);
}

static void
add_logs(struct page *p)
{
	pagelogs_write(p->b, p->s, p->from);
}

/* where what goes into page.html, each @WORD@ once */
static const struct slot {
	const char *word;
	void (*add)(struct page *);
} slots[] = {
	{ "@POLICY@", add_policy },
	{ "@TITLE@", add_title },
	{ "@STYLE@", add_style },
	{ "@TEXT@", add_text },
	{ "@DATA@", add_data },
	{ "@SCRIPT@", add_script },
	{ "@LOGS@", add_logs },
};

void
html_report(struct buf *b, const struct story *s, const struct html_options *o)
{
	struct page p = { b, s, o, pagelogs_plan(s, o) };
	const char *at = (const char *)page_html, *end = at + page_html_size;

	for (size_t i = 0; i < countof(slots); i++) {
		size_t n = strlen(slots[i].word);
		const char *slot = memmem(at, (size_t)(end - at),
		    slots[i].word, n);

		buf_add(b, at, (size_t)(slot - at));
		slots[i].add(&p);
		at = slot + n;
	}
	buf_add(b, at, (size_t)(end - at));
	free(p.from);
}
