/* SPDX-License-Identifier: ISC */
/*
 * check_lines FILE - every line must be one of gen's behind a tag that holds
 * the same number; none torn, mixed, lost or out of order
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAYLOAD = 79, IDS = 1000, MODULUS = 4096 };

struct count {
	long lines, torn, tag, order;
};

static int next[IDS];

/* digits of the given base, exactly n; -1: others */
static int
figure(const char *p, int n, int base)
{
	char text[8] = "", *end;
	long v;

	memcpy(text, p, (size_t)n);
	v = strtol(text, &end, base);
	return *end == '\0' && !isspace((unsigned char)text[0]) ? (int)v : -1;
}

static void
check(struct count *c, const char *p, const char *end)
{
	const char *l = end - PAYLOAD;
	int id, seq;

	c->lines++;
	if (end - p <= PAYLOAD || l[0] != 'L' || l[4] != ' ' || l[9] != ' ' ||
	    (id = figure(l + 1, 3, 10)) < 0 ||
	    (seq = figure(l + 5, 4, 16)) < 0 ||
	    memchr(p, 'L', (size_t)(l - p))) {
		c->torn++;
		return;
	}
	for (const char *x = l + 10; x < end; x++) {
		if (*x != 'a' + seq % 26) {
			c->torn++;
			break;
		}
	}
	while (p < l && !isdigit((unsigned char)*p))
		p++;
	c->tag += p == l || atoi(p) != id;
	c->order += next[id] != seq;
	next[id] = (seq + 1) % MODULUS;
}

int
main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	struct count c = { 0 };
	const char *p, *end, *q;
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		return 2;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return 2;
	for (end = p + st.st_size; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (!q) {
			c.torn++;
			break;
		}
		check(&c, p, q);
	}
	printf("lines %ld torn %ld mistagged %ld out-of-order %ld\n", c.lines,
	    c.torn, c.tag, c.order);
	return c.torn || c.tag || c.order;
}
