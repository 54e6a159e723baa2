/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/keys.h"
#include "model/plan.h"

#define BIT(kind) (1U << (kind))
#define ON_SHELL (BIT(STEP_RUN) | BIT(STEP_LOCAL))
#define ON_RUN (ON_SHELL | BIT(STEP_SCRIPT))
#define ON_COMMAND (ON_RUN | BIT(STEP_PUT) | BIT(STEP_GET))
/* what goes to where the lane is */
#define ON_HOST (BIT(STEP_RUN) | BIT(STEP_SCRIPT) | BIT(STEP_PUT) | \
	BIT(STEP_GET))
#define ON_START (BIT(STEP_CALL) | BIT(STEP_SPAWN))
/* what takes time, and so can be limited and tried again */
#define ON_WORK (ON_RUN | BIT(STEP_PUT) | BIT(STEP_GET) | BIT(STEP_SLEEP) | \
	BIT(STEP_WAIT) | BIT(STEP_CALL) | BIT(STEP_JOIN) | \
	BIT(STEP_BARRIER) | BIT(STEP_SEND) | BIT(STEP_RECEIVE))
/* what has a result that something can follow from */
#define ON_RESULT (ON_WORK | BIT(STEP_SET) | BIT(STEP_LET) | \
	BIT(STEP_SAY) | BIT(STEP_SPAWN) | BIT(STEP_CLOSE) | BIT(STEP_CLEAR))
#define ON_ALL (~0U)

#define AT_HEADER (AT_SEQUENCE | AT_ROUTINE)
#define AT_DEFAULT (AT_HEADER | AT_STEP)
/* how hosts are reached */
#define AT_CONTACT (AT_HEADER | AT_HOSTS | AT_HOST)

/* the one place where a key is declared; in the order of the manual */
const struct key lang_keys[] = {
	{ KEY_NAME, "name", AT_JOB, 0, 0, "", "TEXT",
	  "name of the job" },
	{ KEY_DESCRIPTION, "description", AT_JOB, 0, 0, "", "TEXT",
	  "what the job is for" },
	{ KEY_INCLUDE, "include", AT_JOB, KEY_MANY, 0, "", "FILE...",
	  "take in the sections of other files" },
	{ KEY_CHILDREN, "children", AT_JOB, 0, 0, "", "N",
	  "processes at once" },
	{ KEY_DEPTH, "depth", AT_JOB, 0, 0, "", "N",
	  "how deep calls may nest" },
	{ KEY_ALLOW_EMPTY, "allow-empty", AT_JOB, 0, 0, "", "yes|no",
	  "a job with nothing to do is a success" },
	{ KEY_KEEP, "keep", AT_JOB, 0, 0, "", "N|DURATION",
	  "so many runs leave their journals, or those not older" },
	{ KEY_LOG, "log", AT_JOB, 0, 0, "", "lanes|failed|none",
	  "what lanes put out is kept in files" },
	{ KEY_LOCK, "lock", AT_JOB, 0, 0, "", "NAME",
	  "only one run at a time of all that have this lock" },
	{ KEY_OVERLAP, "overlap", AT_JOB, 0, 0, "",
	  "skip|wait [DURATION]|replace|allow",
	  "what is done if the lock is held" },
	{ KEY_REPORT, "report", AT_JOB, 0, 0, "", "COMMAND",
	  "gets the summary when a run is over" },
	{ KEY_PARALLEL, "parallel", AT_JOB | AT_SEQUENCE | AT_STEP | AT_HOSTS,
	  0, ON_START, "", "N|N%|auto", "lanes at once" },
	{ KEY_MAX_FAIL, "max-fail", AT_JOB | AT_SEQUENCE | AT_STEP, 0,
	  ON_START, "", "N|N%", "failed lanes that are tolerated" },
	{ KEY_ON_FAIL, "on-fail", AT_JOB | AT_SEQUENCE, 0, 0, "",
	  "continue|drain|stop", "what a failed lane means for the others" },

	{ KEY_CAPACITY, "capacity", AT_CHANNEL, 0, 0, "", "N",
	  "messages that a channel holds; 0: hand-over" },

	{ KEY_ADDRESS, "address", AT_HOST, 0, 0, "", "ADDRESS",
	  "what is connected to; else the name" },
	{ KEY_USER, "user", AT_CONTACT, 0, 0, "", "USER", "who logs in there" },
	{ KEY_PORT, "port", AT_CONTACT, 0, 0, "", "N", "port of ssh" },
	{ KEY_VIA, "via", AT_CONTACT | AT_STEP, 0, ON_HOST, "", "ssh|local|NAME",
	  "how hosts are reached" },
	{ KEY_IDENTITY, "identity", AT_CONTACT, 0, 0, "", "FILE",
	  "key that ssh logs in with" },
	{ KEY_OPTION, "option", AT_CONTACT, KEY_MANY, 0, "", "NAME=VALUE",
	  "an option of ssh" },
	{ KEY_CONNECT_TIMEOUT, "connect-timeout", AT_CONTACT, 0, 0, "",
	  "DURATION", "limit of one try to connect" },
	{ KEY_CONNECT_RETRY, "connect-retry", AT_CONTACT, 0, 0, "", "N",
	  "further tries to connect" },
	{ KEY_HOST_KEYS, "host-keys", AT_CONTACT, 0, 0, "", "strict|accept-new",
	  "what becomes of unknown host keys" },
	{ KEY_EXEC, "exec", AT_VIA, 0, 0, "", "WORD... ${command} WORD...",
	  "how a command gets to a host" },
	{ KEY_CONNECT_FAIL, "connect-fail", AT_VIA, 0, 0, "", "CODES",
	  "exit codes that mean: no connection" },

	{ KEY_HOSTS, "hosts", AT_SEQUENCE | AT_STEP | AT_HOSTS, 0, ON_START,
	  "lines output ansible", "SET", "one lane on each of these hosts" },
	{ KEY_EACH, "each", AT_SEQUENCE | AT_STEP, KEY_MANY | KEY_NAMES,
	  ON_START,
	  "range lines output files var hosts", "LIST", "one lane for each item" },
	{ KEY_PRIORITY, "priority", AT_SEQUENCE, 0, 0, "", "EXPRESSION",
	  "lanes with a lower value start first" },
	{ KEY_SERIAL, "serial", AT_SEQUENCE, 0, 0, "", "N|N%...",
	  "so many lanes at a time, then the next ones" },
	{ KEY_REPEAT, "repeat", AT_SEQUENCE, 0, 0, "", "N",
	  "so many rounds" },
	{ KEY_EVERY, "every", AT_SEQUENCE, 0, 0, "", "DURATION",
	  "a round each time" },
	{ KEY_AFTER, "after", AT_SEQUENCE, 0, 0, "", "SEQUENCE...",
	  "start when these are over" },
	{ KEY_LANE_TIMEOUT, "lane-timeout", AT_HEADER, 0, 0, "", "DURATION",
	  "limit of a whole lane or routine" },
	{ KEY_LABEL, "label", AT_HEADER, 0, 0, "", "TEXT",
	  "stands for the items in a lane's name" },
	{ KEY_RESCUE, "rescue", AT_HEADER, 0, 0, "", "ROUTINE",
	  "runs after a failure" },
	{ KEY_ALWAYS, "always", AT_HEADER, 0, 0, "", "ROUTINE",
	  "runs last in every case" },
	{ KEY_VAR, "var", AT_CONTACT, KEY_MANY | KEY_NAMED, 0, "", "TEXT",
	  "a variable, set at the start" },
	{ KEY_NEEDS, "needs", AT_DEFAULT, 0, ON_WORK, "", "LIMIT [N], ...",
	  "limits that are held meanwhile" },
	{ KEY_SENDS, "sends", AT_HEADER, 0, 0, "", "CHANNEL...",
	  "channels that its commands send to" },
	{ KEY_RECEIVES, "receives", AT_HEADER, 0, 0, "", "CHANNEL...",
	  "channels that its commands receive from" },
	{ KEY_PARAMS, "params", AT_ROUTINE, 0, 0, "", "NAME[=DEFAULT]...",
	  "parameters of a routine" },

	{ KEY_STEP, "step", AT_STEP, 0, 0, "", "NAME",
	  "begins a step and names it" },
	{ KEY_RUN, "run", AT_STEP, KEY_ACTION, 0, "", "COMMAND",
	  "runs a command" },
	{ KEY_LOCAL, "local", AT_STEP, KEY_ACTION, 0, "", "COMMAND",
	  "runs a command here" },
	{ KEY_SCRIPT, "script", AT_STEP, KEY_ACTION, 0, "", "FILE ARGS...",
	  "runs a script that lies here" },
	{ KEY_PUT, "put", AT_STEP, KEY_ACTION, 0, "", "LOCAL... -> REMOTE",
	  "copies files to the lane's host" },
	{ KEY_GET, "get", AT_STEP, KEY_ACTION, 0, "", "REMOTE... -> LOCAL",
	  "copies files from the lane's host" },
	{ KEY_SLEEP, "sleep", AT_STEP, KEY_ACTION, 0, "",
	  "DURATION[..DURATION]", "waits" },
	{ KEY_WAIT, "wait", AT_STEP, KEY_ACTION, 0, "",
	  "tcp|unix|file|gone|until WHAT", "waits for a socket, file or time" },
	{ KEY_CALL, "call", AT_STEP, KEY_ACTION, 0, "",
	  "ROUTINE [NAME=VALUE...]", "runs a routine and comes back" },
	{ KEY_SPAWN, "spawn", AT_STEP, KEY_ACTION, 0, "",
	  "ROUTINE [NAME=VALUE...] [as NAME]",
	  "runs a routine in a lane of its own, and goes on" },
	{ KEY_JOIN, "join", AT_STEP, KEY_ACTION, 0, "", "NAME...|all",
	  "waits for what was spawned" },
	{ KEY_BARRIER, "barrier", AT_STEP, KEY_ACTION, 0, "", "NAME",
	  "waits for the other lanes of the group" },
	{ KEY_SEND, "send", AT_STEP, KEY_ACTION | KEY_NAMED, 0, "", "TEXT",
	  "puts a message into a channel" },
	{ KEY_RECEIVE, "receive", AT_STEP, KEY_ACTION | KEY_NAMED, 0, "",
	  "NAME...", "takes the next message" },
	{ KEY_RECEIVE_LAST, "receive-last", AT_STEP, KEY_ACTION | KEY_NAMED,
	  0, "", "NAME...", "takes the newest message, drops the others" },
	{ KEY_RECEIVE_ALL, "receive-all", AT_STEP, KEY_ACTION | KEY_NAMED,
	  0, "", "NAME", "takes all messages there are" },
	{ KEY_CLOSE, "close", AT_STEP, KEY_ACTION, 0, "", "CHANNEL",
	  "no more messages" },
	{ KEY_CLEAR, "clear", AT_STEP, KEY_ACTION, 0, "", "CHANNEL",
	  "drops the messages that wait" },
	{ KEY_SET, "set", AT_STEP, KEY_ACTION | KEY_NAMED, 0, "", "TEXT",
	  "sets a variable" },
	{ KEY_LET, "let", AT_STEP, KEY_ACTION | KEY_NAMED, 0, "",
	  "EXPRESSION", "sets a variable to what an expression gives" },
	{ KEY_SAY, "say", AT_STEP, KEY_ACTION, 0, "", "TEXT",
	  "a line in the output" },
	{ KEY_GOTO, "goto", AT_STEP, KEY_ACTION, 0, "", "STEP",
	  "goes on at another step" },
	{ KEY_RETURN, "return", AT_STEP, KEY_ACTION, 0, "", "",
	  "ends the sequence or routine here" },
	{ KEY_FINISH, "finish", AT_STEP, KEY_ACTION, 0, "", "[MESSAGE]",
	  "ends it well" },
	{ KEY_FAIL, "fail", AT_STEP, KEY_ACTION, 0, "", "MESSAGE",
	  "ends it as failed" },
	{ KEY_DRAIN, "drain", AT_STEP, KEY_ACTION, 0, "", "MESSAGE",
	  "fails, and no new lanes start" },
	{ KEY_STOP, "stop", AT_STEP, KEY_ACTION, 0, "", "MESSAGE",
	  "fails, and the whole job is ended" },

	{ KEY_WHEN, "when", AT_STEP, 0, ON_ALL, "", "EXPRESSION",
	  "else the step is skipped" },
	{ KEY_OK, "ok", AT_STEP, 0, ON_RUN, "", "CODES",
	  "exit codes that count as success" },
	{ KEY_ON, "on", AT_STEP, KEY_MANY, ON_RESULT, "",
	  "REACTION", "what follows from a result, or from a line of output" },
	{ KEY_TIMEOUT, "timeout", AT_JOB | AT_DEFAULT, 0, ON_WORK, "",
	  "DURATION", "limit of one try; of the whole run" },
	{ KEY_SILENT, "silent", AT_DEFAULT, 0, ON_RUN, "", "DURATION",
	  "limit of the time without output" },
	{ KEY_GRACE, "grace", AT_DEFAULT, 0, ON_RUN, "", "DURATION",
	  "time between TERM and KILL" },
	{ KEY_RETRY, "retry", AT_DEFAULT, 0, ON_WORK, "",
	  "N|forever [every D] [backoff F] [max D] [jitter P%] [on MATCH...]",
	  "further tries after a failure" },
	{ KEY_UNTIL, "until", AT_STEP, 0, ON_WORK, "", "EXPRESSION",
	  "tries again until it holds" },
	{ KEY_CAPTURE, "capture", AT_STEP, KEY_MANY | KEY_NAMED, ON_RUN, "",
	  "stdout|stderr|both|json|pairs", "keeps output in a variable" },
	{ KEY_STDIN, "stdin", AT_STEP, 0, ON_RUN, "file var channel", "TEXT",
	  "standard input" },
	{ KEY_STDOUT, "stdout", AT_STEP, KEY_MANY, ON_RUN, "file channel",
	  "none|PATH|CHANNEL", "where standard output goes" },
	{ KEY_ENV, "env", AT_DEFAULT, KEY_MANY | KEY_NAMED, ON_RUN, "",
	  "TEXT", "a variable of the command's environment" },
	{ KEY_SECRET, "secret", AT_DEFAULT, 0, ON_RUN, "", "NAME...",
	  "secrets that the command gets" },
	{ KEY_DIR, "dir", AT_JOB | AT_DEFAULT, 0, ON_RUN, "", "PATH",
	  "where commands start" },
	{ KEY_SHELL, "shell", AT_JOB | AT_DEFAULT, 0, ON_SHELL, "",
	  "PROGRAM ARGS...", "the shell; the command follows its -c" },
	{ KEY_AS, "as", AT_DEFAULT, 0, ON_RUN | ON_HOST, "", "USER",
	  "runs the command as another user" },
	{ KEY_HOST, "host", AT_STEP, 0, ON_HOST, "", "NAME",
	  "this one step on another host" },
	{ KEY_QUIET, "quiet", AT_DEFAULT, 0, ON_RUN, "", "yes|no",
	  "shows output only if the step fails" },
	{ KEY_TTY, "tty", AT_STEP, 0, ON_RUN, "", "yes|no",
	  "gives the command a pseudo-terminal" },
	{ KEY_COUNT, "count", AT_STEP, 0, BIT(STEP_BARRIER), "", "N|N%|all",
	  "arrivals that open a barrier" },
	{ KEY_COLLECT, "collect", AT_STEP, KEY_MANY | KEY_NAMED, ON_START, "",
	  "VARIABLE", "a variable of each lane that was started" },
	{ KEY_ONCE, "once", AT_STEP, 0, ON_WORK, "", "yes|no",
	  "one lane of the group does it for all" },
	{ KEY_RERUN, "rerun", AT_STEP, 0, ON_COMMAND, "", "yes|no",
	  "no: resume never starts it a second time" },
	{ KEY_VISITS, "visits", AT_STEP, 0, ON_ALL, "", "N|forever",
	  "how often a lane may enter the step" },
};
const size_t lang_nkeys = countof(lang_keys);

const struct later lang_later[] = {
	{ "at", AT_JOB | AT_SEQUENCE, false },
	{ "zone", AT_JOB | AT_SEQUENCE, false },
	{ "catch-up", AT_JOB | AT_SEQUENCE, false },
};
const size_t lang_nlater = countof(lang_later);

const char *const lang_sections[] = {
	"job", "vars", "secrets", "hosts", "host", "via", "limits", "channel",
	"sequence", "routine", NULL
};

const char *const lang_matches[] = {
	"fail", "connection", "any", "line", "stdout-line", "stderr-line", NULL
};

const char lang_var_sources[] = "output required";
/* in the order of enum secret_kind */
const char lang_secret_sources[] = "file env output ask capture";
const char lang_limit_sources[] = "shared";

const struct key *
key_find(const char *name)
{
	for (size_t i = 0; i < lang_nkeys; i++)
		if (!strcmp(lang_keys[i].name, name))
			return &lang_keys[i];
	return NULL;
}

const struct later *
later_find(const char *name, unsigned at)
{
	for (size_t i = 0; i < lang_nlater; i++)
		if (lang_later[i].at & at && !strcmp(lang_later[i].name, name))
			return &lang_later[i];
	return NULL;
}

void
key_near(struct near *n, const char *name, unsigned at)
{
	for (size_t i = 0; i < lang_nkeys; i++)
		if (lang_keys[i].at & at)
			near_offer(n, name, lang_keys[i].name);
}

bool
key_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; len > 0 && (p = strstr(p, word)); p += len)
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

void
key_near_word(struct near *best, const char *list, const char *word,
    char buf[KEY_WORD_MAX])
{
	for (const char *p = list; *p; ) {
		size_t n = strcspn(p, " ");
		char one[KEY_WORD_MAX];
		struct near this = { 0 };

		if (n < sizeof(one)) {
			memcpy(one, p, n);
			one[n] = '\0';
			near_offer(&this, word, one);
			if (this.best && (!best->best ||
			    this.distance < best->distance)) {
				memcpy(buf, one, n + 1);
				best->best = buf;
				best->distance = this.distance;
			}
		}
		p += n;
		p += strspn(p, " ");
	}
}
