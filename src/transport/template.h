/*
 * template - commands run by a command of the job's own: [via NAME]
 */
#ifndef TRANSPORT_TEMPLATE_H
#define TRANSPORT_TEMPLATE_H

#include "model/transport.h"

extern const struct transport transport_template;

#endif
