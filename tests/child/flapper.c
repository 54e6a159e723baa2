/*
 * flapper - an ssh whose connections are up, and gone at once
 *
 *	flapper -S PATH ...
 *
 * It greets who comes to its socket as a master does, and ends.
 */
#include <err.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char greeting[] =
	"\0\0\0\10\0\0\0\1\0\0\0\4"
	"\0\0\0\10\200\0\0\17\0\0\0\1";

int
main(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char buf[256];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), peer;

	if (argc < 3 || strlen(argv[2]) >= sizeof(at.sun_path))
		errx(2, "usage: flapper -S PATH ...");
	strcpy(at.sun_path, argv[2]);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == -1 ||
	    listen(fd, 8) == -1)
		err(1, "%s", argv[2]);
	while ((peer = accept(fd, NULL, NULL)) != -1) {
		if (read(peer, buf, sizeof(buf)) <= 0) {
			close(peer);
			continue;
		}
		if (write(peer, greeting, sizeof(greeting) - 1) == -1)
			err(1, "write");
		/* there is a session to be opened, and this is no answer */
		(void)!read(peer, buf, sizeof(buf));
		break;
	}
	return 0;
}
