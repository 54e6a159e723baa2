/* SPDX-License-Identifier: ISC */
#include "model/story.h"

double
story_active(const struct story *s, double from, double to)
{
	double sum = 0;

	for (size_t i = 0; i < s->nsession; i++) {
		const struct story_session *u = &s->session[i];
		double a = u->began > from ? u->began : from;
		double b = u->last < to ? u->last : to;

		if (b > a)
			sum += b - a;
	}
	return sum;
}

double
story_wall(const struct story *s, double when)
{
	const struct story_session *u = s->session;

	for (size_t i = 1; i < s->nsession && s->session[i].began <= when; i++)
		u = &s->session[i];
	return u ? u->wall + when - u->began : when;
}

const struct story_step *
story_at(const struct story_lane *l)
{
	for (size_t i = l->nstep; i-- > 0;) {
		const struct story_step *st = &l->step[i];
		const struct story_try *t = &st->try[st->ntry - 1];

		if (t->ended < 0 || t->again)
			return st;
	}
	return NULL;
}
