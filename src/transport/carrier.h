/*
 * carrier - a command as bytes for the standard input of a shell
 *
 * Where the environment is not ours to give (sudo, another host, a
 * template) what is executed is nothing but a small fixed reader: one line
 * of its standard input is evaluated, the rest is the command's own.  So no
 * value is ever part of an argv, and no login shell sees anything that it
 * could take for its own.
 *
 * That line tells the process group first ("CARRIER_MARK GROUP" on standard
 * output), then becomes the command.  Any bytes but NUL pass.
 */
#ifndef TRANSPORT_CARRIER_H
#define TRANSPORT_CARRIER_H

#include "model/transport.h"

struct arena;
struct buf;

#define CARRIER_MARK "pseq-group"

/*
 * For /bin/sh -c; a line that did not come to its end is not for it.  Nothing
 * in it means anything to another shell within
 * single quotes: no backslash, "!", single quote or newline.
 */
#define CARRIER_READER "IFS= read -r pseq_l||pseq_l=;eval \"$pseq_l\""
/* … and all of it as text for any login shell */
#define CARRIER_COMMAND "exec /bin/sh -c '" CARRIER_READER "'"

enum carrier_how {
	/* the group is told, then this is run */
	CARRIER_HERE,
	/*
	 * On another host: the group is written to the file $1 as well, if
	 * the line is begun with a "set -- FILE;".  With run.as there are two
	 * lines: sudo reads none, its shell the second.
	 */
	CARRIER_THERE
};

/*
 * What the reader reads: settings and command (words, or run.script), to be
 * followed by the command's input.
 */
void carrier_script(const struct run *, const char *const *words,
    enum carrier_how, struct buf *);
/* a launch gets that before its input, and the mark */
void carrier_load(const struct run *, enum carrier_how, struct launch *,
    struct arena *);
/* the words that a run comes to: its own, or those of its shell */
const char *const *carrier_words(const struct run *, struct arena *);
/* why these cannot be carried, or NULL */
const char *carrier_refuses(const struct run *);

#endif
