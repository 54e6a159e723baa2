/* SPDX-License-Identifier: ISC */
/* lines KEY=VALUE, as `capture NAME = pairs` takes them */
#include <string.h>

#include "walk/party.h"

bool
pairs_next(struct pairs *p)
{
	while (p->text < p->end) {
		const char *text = p->text;
		const char *eol = memchr(text, '\n', (size_t)(p->end - text));
		const char *eq;
		struct pair *now = &p->now;

		if (!eol)
			eol = p->end;
		p->text = eol < p->end ? eol + 1 : eol;
		eq = memchr(text, '=', (size_t)(eol - text));
		if (!eq)
			continue;
		*now = (struct pair){
			.key = text, .nkey = (size_t)(eq - text),
			.value = eq + 1, .nvalue = (size_t)(eol - eq - 1),
		};
		if (now->nvalue >= 2 &&
		    (*now->value == '"' || *now->value == '\'') &&
		    now->value[now->nvalue - 1] == *now->value) {
			now->value++;
			now->nvalue -= 2;
		}
		return true;
	}
	return false;
}
