/* unit - every suite of the unit tests, one function each */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>

void unit_base(Suite *);

#endif
