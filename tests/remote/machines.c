/*
 * machines - the hosts of the test bed: one process that listens for all
 *
 *	machines DIR WATCHED <TABLE
 *
 * Every line of the table is a host: NAME ADDRESS PORT MODE HOME SHELL, then
 * options of sshd, with tabs between.  MODE is
 *
 *	sshd	a connection gets an `sshd -i`; no limit is on their number
 *	listen	an sshd listens for itself (MaxStartups is the listener's)
 *	silent	connections are accepted, and nothing is ever said
 *	full	the queue of connections is full, as if packets were dropped
 *
 * DIR/machines.in is a fifo for commands: `kill NAME` kills the sshds of a
 * host and leaves what they run; `refuse NAME` closes its port as well.
 * "ready" on standard output says that all ports are open.
 *
 * It is the reaper of everything that any of its sshds ever starts, and kills
 * all of it when it ends: by TERM, or because the process WATCHED is no more
 * (0: nobody is watched).  The environment has the account (account.c).
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum mode { SSHD, LISTEN, SILENT, FULL };
static const char *const modes[] = { "sshd", "listen", "silent", "full" };

enum { OPTIONS = 8, FILL = 4 };

struct machine {
	char *name, *address, *port, *home, *shell;
	char *option[OPTIONS];
	int noption;
	enum mode mode;
	int fd;			/* -1: it does not listen (any more) */
};

/* a process of sshd that was started for a machine */
struct server {
	pid_t pid;
	const struct machine *machine;
};

static struct machine *machine;
static size_t nmachine;
static struct server *server;
static size_t nserver, room;
static int loop = -1;
static const char *dir, *sshd;

enum { WATCHED = -1, SIGNALS = -2, COMMANDS = -3 };

static void
watch(int fd, int tag)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 0 };

	ev.data.fd = tag;
	if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &ev) == -1)
		err(1, "epoll_ctl");
}

static void
read_table(void)
{
	char *line = NULL, *rest, *word;
	size_t len = 0;

	while (getline(&line, &len, stdin) > 0) {
		struct machine m = { .fd = -1 };
		char *field[6] = { 0 };
		int n = 0;

		line[strcspn(line, "\n")] = '\0';
		rest = strdup(line);
		while ((word = strsep(&rest, "\t")) != NULL)
			if (n < 6)
				field[n++] = word;
			else if (*word != '\0' && m.noption < OPTIONS)
				m.option[m.noption++] = word;
		if (n < 6)
			errx(1, "not a machine: %s", line);
		m.name = field[0], m.address = field[1], m.port = field[2];
		m.home = field[4], m.shell = field[5];
		for (unsigned i = 0; i < 4; i++)
			if (strcmp(field[3], modes[i]) == 0)
				m.mode = (enum mode)i;
		machine = realloc(machine, (nmachine + 1) * sizeof(m));
		if (machine == NULL)
			err(1, NULL);
		machine[nmachine++] = m;
	}
	free(line);
}

static struct sockaddr_in
name_of(const struct machine *m)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	in.sin_port = htons((in_port_t)atoi(m->port));
	if (inet_pton(AF_INET, m->address, &in.sin_addr) != 1)
		errx(1, "not an address: %s", m->address);
	return in;
}

/* so many that the kernel drops whatever else wants to connect */
static void
fill(const struct sockaddr_in *in)
{
	for (int i = 0; i < FILL; i++) {
		int fd = socket(AF_INET,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		connect(fd, (const void *)in, sizeof(*in));
	}
}

/* status 3: the port is taken, another one may do */
static void
open_port(size_t i)
{
	struct machine *m = &machine[i];
	struct sockaddr_in in = name_of(m);
	int on = 1;

	m->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (m->fd == -1)
		err(1, "socket");
	setsockopt(m->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(m->fd, (void *)&in, sizeof(in)) == -1 ||
	    listen(m->fd, m->mode == FULL ? 0 : 1024) == -1)
		err(errno == EADDRINUSE ? 3 : 1, "%s:%s", m->address, m->port);
	if (m->mode == FULL)
		fill(&in);
	else
		watch(m->fd, (int)i);
}

static void
become_sshd(const struct machine *m)
{
	char config[4096], log[4096], bed[256], address[64];
	char *argv[16 + 2 * OPTIONS];
	int n = 0;

	snprintf(config, sizeof(config), "%s/sshd_config", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	snprintf(bed, sizeof(bed), "SetEnv=BED_HOST=%s", m->name);
	snprintf(address, sizeof(address), "ListenAddress=%s:%s", m->address,
	    m->port);
	argv[n++] = (char *)sshd;
	argv[n++] = (char *)(m->mode == LISTEN ? "-D" : "-i");
	argv[n++] = (char *)"-f", argv[n++] = config;
	argv[n++] = (char *)"-E", argv[n++] = log;
	argv[n++] = (char *)"-o", argv[n++] = bed;
	if (m->mode == LISTEN)
		argv[n++] = (char *)"-o", argv[n++] = address;
	for (int i = 0; i < m->noption; i++)
		argv[n++] = (char *)"-o", argv[n++] = m->option[i];
	argv[n] = NULL;
	setenv("BED_HOME", m->home, 1);
	setenv("BED_SHELL", m->shell, 1);
	setenv("LD_PRELOAD", getenv("BED_ACCOUNT"), 1);
	execv(sshd, argv);
	err(127, "%s", sshd);
}

/* an sshd for a connection, or (-1) one that listens */
static void
start_sshd(const struct machine *m, int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (fd != -1 && (dup2(fd, 0) == -1 || dup2(fd, 1) == -1))
			err(127, "dup2");
		become_sshd(m);
	}
	if (fd != -1)
		close(fd);
	if (pid == -1) {
		warn("fork");
		return;
	}
	if (nserver == room) {
		room = room ? 2 * room : 64;
		server = realloc(server, room * sizeof(*server));
		if (server == NULL)
			err(1, NULL);
	}
	server[nserver++] = (struct server){ .pid = pid, .machine = m };
}

/* an sshd that was just started needs a moment */
static void
await_port(const struct machine *m)
{
	struct sockaddr_in in = name_of(m);

	for (int i = 0; i < 500; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		int rc = connect(fd, (void *)&in, sizeof(in));

		close(fd);
		if (rc == 0)
			return;
		usleep(10000);
	}
	errx(1, "%s does not listen", m->name);
}

static void
take(const struct machine *m)
{
	int fd;

	while ((fd = accept4(m->fd, NULL, NULL, SOCK_CLOEXEC)) != -1)
		if (m->mode == SSHD)
			start_sshd(m, fd);
		/* a silent one: it stays open for as long as we are here */
}

static void
reap(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < nserver; i++)
			if (server[i].pid == pid) {
				server[i] = server[--nserver];
				break;
			}
}

/* its parent, and whether it is an sshd; 0 if there is no such process */
static pid_t
parent_of(pid_t pid, int *is_sshd)
{
	char path[64], text[512], *end;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	end = strrchr(text, ')');
	*is_sshd = strstr(text, "(sshd") != NULL;
	return end != NULL ? (pid_t)atoi(end + 4) : 0;
}

/* kill the children of a process: all, or only those that are sshds */
static int
kill_children(pid_t parent, int only_sshd)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	int n = 0, is_sshd;

	if (proc == NULL)
		return 0;
	while ((e = readdir(proc)) != NULL) {
		pid_t pid = (pid_t)atoi(e->d_name);

		if (pid <= 0 || parent_of(pid, &is_sshd) != parent)
			continue;
		if (only_sshd && !is_sshd)
			continue;
		n++;
		if (only_sshd)
			kill_children(pid, 1);
		kill(pid, SIGKILL);
	}
	closedir(proc);
	return n;
}

/* what a killed process leaves comes to us: so until nothing is left */
static void
leave(int status)
{
	for (size_t i = 0; i < nmachine; i++)
		if (machine[i].fd != -1)
			close(machine[i].fd);
	while (kill_children(getpid(), 0) > 0)
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	exit(status);
}

static void
obey(char *line)
{
	char *word = strsep(&line, " ");

	for (size_t i = 0; line != NULL && i < nmachine; i++) {
		if (strcmp(machine[i].name, line) != 0)
			continue;
		if (strcmp(word, "refuse") == 0 && machine[i].fd != -1) {
			close(machine[i].fd);
			machine[i].fd = -1;
		}
		for (size_t k = 0; k < nserver; k++)
			if (server[k].machine == &machine[i]) {
				kill_children(server[k].pid, 1);
				kill(server[k].pid, SIGKILL);
			}
	}
}

static void
read_commands(int fd)
{
	char text[4096], *at = text, *line;
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return;
	text[n] = '\0';
	while ((line = strsep(&at, "\n")) != NULL)
		if (*line != '\0')
			obey(line);
}

static int
open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd == -1)
		err(1, "signalfd");
	return fd;
}

static void
on_signal(int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			leave(0);
	reap();
}

static void
serve(int signals, int commands)
{
	struct epoll_event ev[64];

	for (;;) {
		int n = epoll_wait(loop, ev, 64, -1);

		for (int i = 0; i < n; i++)
			switch (ev[i].data.fd) {
			case WATCHED:
				leave(0);
				break;
			case SIGNALS:
				on_signal(signals);
				break;
			case COMMANDS:
				read_commands(commands);
				break;
			default:
				take(&machine[ev[i].data.fd]);
			}
	}
}

int
main(int argc, char **argv)
{
	struct rlimit files;
	char fifo[4096];
	int watched, signals, commands;

	if (argc != 3 || (sshd = getenv("BED_SSHD")) == NULL)
		errx(2, "usage: machines DIR WATCHED <TABLE");
	dir = argv[1];
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	read_table();
	loop = epoll_create1(EPOLL_CLOEXEC);
	signals = open_signals();
	watch(signals, SIGNALS);
	if (atoi(argv[2]) > 0) {
		watched = (int)syscall(SYS_pidfd_open, atoi(argv[2]), 0);
		if (watched == -1)
			err(1, "process %s", argv[2]);
		watch(watched, WATCHED);
	}
	snprintf(fifo, sizeof(fifo), "%s/machines.in", dir);
	commands = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (commands == -1)
		err(1, "%s", fifo);
	watch(commands, COMMANDS);
	for (size_t i = 0; i < nmachine; i++)
		if (machine[i].mode == LISTEN)
			start_sshd(&machine[i], -1);
		else
			open_port(i);
	for (size_t i = 0; i < nmachine; i++)
		if (machine[i].mode == LISTEN)
			await_port(&machine[i]);
	puts("ready");
	fflush(stdout);
	serve(signals, commands);
}
