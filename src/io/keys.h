/*
 * keys - bytes of a keyboard: which are keys, and which belong to a sequence
 *
 * What arrows, function keys and answers of the terminal send is left out as
 * a whole, and so is what Alt makes of a key.
 */
#ifndef IO_KEYS_H
#define IO_KEYS_H

enum keys_state {
	KEYS_NONE, KEYS_ESCAPE, KEYS_ONE, KEYS_FIRST, KEYS_SEQUENCE,
	KEYS_STRING, KEYS_STRING_END
};

struct keys {
	enum keys_state state;	/* 0: at the start */
	double since;		/* when the last byte came */
};

/*
 * The key that byte c is, \n for Enter, or -1; now in seconds, monotonic: a
 * sequence that is not gone on with for half a second was none.
 */
int keys_take(struct keys *, unsigned char c, double now);

#endif
