/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/path.h"
#include "base/mem.h"

enum { TEXT_MAX = 400 };

char *
path_text(const char *text, size_t len)
{
	while (len > 0 && text[len - 1] == '\n')
		len--;
	if (len == 0)
		return NULL;
	return mem_strndup(text, len < TEXT_MAX ? len : TEXT_MAX);
}

void
path_result(struct mark *m, const char *text)
{
	if (m->times > 0 && strcmp(m->last, text) == 0) {
		m->times++;
		return;
	}
	if (m->times > 1)
		buf_addf(&m->results, "%s (%u times), ", m->last, m->times);
	else if (m->times == 1)
		buf_addf(&m->results, "%s, ", m->last);
	snprintf(m->last, sizeof(m->last), "%s", text);
	m->times = 1;
}

void
path_why(struct path *p, const struct result *r)
{
	struct buf b = { 0 };
	char text[STATUS_SHOW];

	if (r->step && *r->step)
		buf_addf(&b, "%s: ", r->step);
	buf_adds(&b, status_show(text, r));
	if (r->message && *r->message)
		buf_addf(&b, ": %s", r->message);
	p->why = path_text(b.data, b.len);
	buf_fini(&b);
}

void
path_fini(struct path *p)
{
	for (size_t i = 0; i < p->n; i++) {
		buf_fini(&p->mark[i].results);
		free(p->mark[i].note);
	}
	for (size_t i = 0; i < p->nname; i++)
		free(p->name[i]);
	free(p->mark);
	free(p->name);
	free(p->why);
	free(p->group);
}
