/*
 * local - commands run on this machine
 */
#ifndef TRANSPORT_LOCAL_H
#define TRANSPORT_LOCAL_H

#include "model/transport.h"

extern const struct transport transport_local;

#endif
