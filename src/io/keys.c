/* SPDX-License-Identifier: ISC */
#include "io/keys.h"

enum { BEL = 7, ESC = 27 };

static const double patience = 0.5;

static enum keys_state
after_escape(unsigned char c)
{
	switch (c) {
	case '[':
		return KEYS_FIRST;
	case 'O':
		return KEYS_ONE;
	case ']': case 'P': case 'X': case '^': case '_':
		return KEYS_STRING;
	case ESC:
		return KEYS_ESCAPE;
	default:
		return c >= ' ' && c < '0' ? KEYS_ESCAPE : KEYS_NONE;
	}
}

static enum keys_state
within(enum keys_state state, unsigned char c)
{
	switch (state) {
	case KEYS_ESCAPE:
		return after_escape(c);
	case KEYS_FIRST:
		/* function keys of the console: ESC [ [ A */
		if (c == '[')
			return KEYS_ONE;
		/* fallthrough */
	case KEYS_SEQUENCE:
		return c < '@' ? KEYS_SEQUENCE : KEYS_NONE;
	case KEYS_STRING:
		return c == BEL ? KEYS_NONE : KEYS_STRING;
	case KEYS_STRING_END:
		return c == '\\' ? KEYS_NONE : after_escape(c);
	case KEYS_NONE:
	case KEYS_ONE:
		break;
	}
	return KEYS_NONE;
}

int
keys_take(struct keys *k, unsigned char c, double now)
{
	if (now - k->since > patience)
		k->state = KEYS_NONE;
	k->since = now;
	if (c == ESC) {
		k->state = k->state == KEYS_STRING ? KEYS_STRING_END :
		    KEYS_ESCAPE;
		return -1;
	}
	/* control bytes are no part of a sequence, but of a string */
	if (k->state == KEYS_NONE ||
	    (c < ' ' && k->state != KEYS_STRING)) {
		k->state = KEYS_NONE;
		return c == '\r' ? '\n' : c;
	}
	k->state = within(k->state, c);
	return -1;
}
