/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "io/tty.h"

int
tty_open(int *master, int *slave)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct termios t;
	int err;

	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (*master == -1)
		return -1;
	if (grantpt(*master) == -1 || unlockpt(*master) == -1)
		goto fail_master;
	/* works where /dev/pts is another one, too */
	*slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*slave == -1)
		goto fail_master;
	if (tcgetattr(*slave, &t) == -1)
		goto fail_slave;
	cfmakeraw(&t);
	if (tcsetattr(*slave, TCSANOW, &t) == -1)
		goto fail_slave;
	ioctl(*slave, TIOCSWINSZ, &size);
	return 0;
fail_slave:
	err = errno;
	close(*slave);
	errno = err;
fail_master:
	err = errno;
	close(*master);
	errno = err;
	return -1;
}
