/*
 * common - what all transports make of a command
 */
#ifndef TRANSPORT_COMMON_H
#define TRANSPORT_COMMON_H

#include "model/transport.h"

/* input, output, limits: all but what is executed, and where */
void common_fill(const struct run *, struct launch *);

#endif
