/*
 * carrier - a command as bytes for the standard input of a shell
 *
 * Where the environment is not ours to give (sudo, another host) argv holds
 * nothing but a small fixed reader; variables and command come as the first
 * bytes of its standard input, the rest of which is the command's own.  So
 * no value is ever part of an argv.
 */
#ifndef TRANSPORT_CARRIER_H
#define TRANSPORT_CARRIER_H

#include "model/transport.h"

struct buf;

/* the first line the reader prints: this word, a blank, its group */
#define CARRIER_MARK "pseq-group"
/* for /bin/sh -c */
extern const char carrier_reader[];

/* what the reader reads: settings and command, without its input */
void carrier_script(const struct run *, const char *const *words,
    struct buf *);

#endif
