/*
 * ssh - commands run on another host, over a connection of OpenSSH
 *
 * The user's own configuration, agent, jump hosts and certificates count:
 * the connection is a master of the ssh program; here is only said how it
 * is started, and what is run over it.
 */
#ifndef TRANSPORT_SSH_H
#define TRANSPORT_SSH_H

#include "model/transport.h"

extern const struct transport transport_ssh;

#endif
