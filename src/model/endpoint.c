/* SPDX-License-Identifier: ISC */
#include "model/endpoint.h"

const char endpoint_command[] = "${command}";
