/* SPDX-License-Identifier: ISC */
#include "base/buf.h"
#include "model/outlet.h"

static char *
room(void *arg, size_t n)
{
	return buf_room(arg, n);
}

static void
commit(void *arg, size_t n)
{
	struct buf *b = arg;

	b->len += n;
}

struct outlet
outlet_buf(struct buf *b)
{
	return (struct outlet){ .arg = b, .room = room, .commit = commit };
}
