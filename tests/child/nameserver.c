/*
 * nameserver - runs a command in a network of its own with a name server
 *
 *	nameserver COMMAND...
 *
 * It knows the address 127.0.0.1 of here.test while a file "known" is there,
 * and no other name.  Status 77 if there can be no such network.
 */
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char name[] = "\4here\4test";	/* as in a question */
static const char address[] = "\300\14\0\1\0\1\0\0\0\0\0\4\177\0\0\1";

static void
serve(int fd)
{
	char m[600];
	struct sockaddr_in to;
	socklen_t len;
	ssize_t n;

	for (;;) {
		int known, is_a;

		len = sizeof(to);
		n = recvfrom(fd, m, 512, 0, (struct sockaddr *)&to, &len);
		if (n < 12 + (ssize_t)sizeof(name) + 4)
			continue;
		known = !memcmp(m + 12, name, sizeof(name)) &&
		    access("known", F_OK) == 0;
		n = 12 + (ssize_t)sizeof(name) + 4;
		is_a = m[12 + sizeof(name) + 1] == 1;
		m[2] = (char)0x81;
		m[3] = known ? 0 : 3;
		memset(m + 6, 0, 6);
		if (known && is_a) {
			m[7] = 1;
			memcpy(m + n, address, sizeof(address) - 1);
			n += (ssize_t)sizeof(address) - 1;
		} else if (!known) {
			/* the whole of it, whatever its length is */
			for (n = 12; m[n]; n += m[n] + 1)
				;
			n += 5;
		}
		sendto(fd, m, (size_t)n, 0, (struct sockaddr *)&to, len);
	}
}

static int
lone_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, file;
	static const char conf[] = "nameserver 127.0.0.1\n";

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) == -1)
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	file = open("resolv.conf", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (ioctl(fd, SIOCSIFFLAGS, &lo) == -1 || file == -1 ||
	    write(file, conf, sizeof(conf) - 1) != sizeof(conf) - 1 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("resolv.conf", "/etc/resolv.conf", NULL, MS_BIND,
	    NULL) == -1)
		return -1;
	close(file);
	return fd;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_port = htons(53),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	int fd = argc < 2 ? -1 : lone_network();
	pid_t self;

	if (fd == -1 || bind(fd, (struct sockaddr *)&at, sizeof(at)) == -1)
		return 77;
	self = getpid();
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != self)
			return 0;
		serve(fd);
	}
	execvp(argv[1], argv + 1);
	return 77;
}
