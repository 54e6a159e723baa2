/*
 * command - commands, which pseq never looks into (see also lang.h)
 */
#ifndef LANG_COMMAND_H
#define LANG_COMMAND_H

struct command;
struct loader;
struct value;

/*
 * The command of a value; false: there is none, which was reported.  With
 * a shell of its own it is never executed directly.
 */
_Bool command_value(struct loader *, const struct value *, _Bool own_shell,
    struct command *);

#endif
