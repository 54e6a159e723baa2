/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/status.h"

static const char *const names[ST_N] = {
	[ST_OK] = "ok",
	[ST_EXIT] = "exit",
	[ST_SIGNAL] = "signal",
	[ST_TIMEOUT] = "timeout",
	[ST_SILENT] = "silent",
	[ST_UNREACHABLE] = "unreachable",
	[ST_AUTH] = "auth",
	[ST_HOSTKEY] = "hostkey",
	[ST_LOST] = "lost",
	[ST_START] = "start",
	[ST_ERROR] = "error",
	[ST_CLOSED] = "closed",
	[ST_SKIPPED] = "skipped",
	[ST_CANCELLED] = "cancelled",
};

static const struct {
	int signo;
	const char *name;
} signals[] = {
	{ SIGHUP, "HUP" }, { SIGINT, "INT" }, { SIGQUIT, "QUIT" },
	{ SIGILL, "ILL" }, { SIGTRAP, "TRAP" }, { SIGABRT, "ABRT" },
	{ SIGBUS, "BUS" }, { SIGFPE, "FPE" }, { SIGKILL, "KILL" },
	{ SIGUSR1, "USR1" }, { SIGSEGV, "SEGV" }, { SIGUSR2, "USR2" },
	{ SIGPIPE, "PIPE" }, { SIGALRM, "ALRM" }, { SIGTERM, "TERM" },
	{ SIGCHLD, "CHLD" }, { SIGCONT, "CONT" }, { SIGSTOP, "STOP" },
	{ SIGTSTP, "TSTP" }, { SIGTTIN, "TTIN" }, { SIGTTOU, "TTOU" },
	{ SIGURG, "URG" }, { SIGXCPU, "XCPU" }, { SIGXFSZ, "XFSZ" },
	{ SIGVTALRM, "VTALRM" }, { SIGPROF, "PROF" }, { SIGSYS, "SYS" },
#ifdef SIGWINCH
	{ SIGWINCH, "WINCH" },
#endif
#ifdef SIGIO
	{ SIGIO, "IO" },
#endif
#ifdef SIGPWR
	{ SIGPWR, "PWR" },
#endif
#ifdef SIGSTKFLT
	{ SIGSTKFLT, "STKFLT" },
#endif
};

const char *
status_name(enum status s)
{
	return names[s];
}

enum status
status_find(const char *name, size_t len)
{
	for (int i = 0; i < ST_N; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return (enum status)i;
	return ST_N;
}

const char *
status_signal_name(int signo)
{
	static const char *const numbers[] = {
		"32", "33", "34", "35", "36", "37", "38", "39", "40", "41",
		"42", "43", "44", "45", "46", "47", "48", "49", "50", "51",
		"52", "53", "54", "55", "56", "57", "58", "59", "60", "61",
		"62", "63", "64",
	};

	for (size_t i = 0; i < countof(signals); i++)
		if (signals[i].signo == signo)
			return signals[i].name;
	if (signo >= 32 && signo <= 64)
		return numbers[signo - 32];
	return "?";
}

int
status_signal_find(const char *name, size_t len)
{
	char word[16];
	char *end;
	long n;

	if (len == 0 || len >= sizeof(word))
		return 0;
	memcpy(word, name, len);
	word[len] = '\0';
	n = strtol(word, &end, 10);
	if (!*end)
		return n > 0 && n <= 64 ? (int)n : 0;
	for (size_t i = 0; i < countof(signals); i++)
		if (!strcmp(signals[i].name, word) ||
		    (!strncmp(word, "SIG", 3) &&
		    !strcmp(signals[i].name, word + 3)))
			return signals[i].signo;
	return 0;
}

/* whether it is known that nothing runs on */
static const char *
end_of(const struct result *r)
{
	if (r->status != ST_TIMEOUT && r->status != ST_SILENT &&
	    r->status != ST_CANCELLED && r->status != ST_LOST)
		return "";
	return r->ending == END_CONFIRMED ? " (end confirmed)" :
	    r->ending == END_UNKNOWN ? " (end unknown)" : "";
}

char *
status_show(char *buf, const struct result *r)
{
	const char *name = status_name(r->status);

	if (r->status == ST_EXIT)
		snprintf(buf, STATUS_SHOW, "exit %d", r->code);
	else if (r->status == ST_SIGNAL)
		snprintf(buf, STATUS_SHOW, "signal %s",
		    status_signal_name(r->signo));
	else
		snprintf(buf, STATUS_SHOW, "%s%s", name, end_of(r));
	return buf;
}
