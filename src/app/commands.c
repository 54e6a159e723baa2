/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "app/commands.h"
#include "app/opts.h"
#include "base/mem.h"

#define AT(field) offsetof(struct options, field)

/* the one place where an option is declared */
const struct option_row opts_rows[] = {
	{ "jobs", 'j', OPTION_JOBS, "N",
	    "lanes in progress at once; auto: the number of processors",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_SIMULATE |
	    CMD_AGAIN, AT(jobs) },
	{ "show-commands", 'x', OPTION_FLAG, NULL,
	    "show each command as it starts, like sh -x",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_AGAIN, AT(show_commands) },
	{ "var", 'v', OPTION_VAR, "NAME=VALUE",
	    "set a variable of the job, over its [vars]; may be repeated",
	    CMD_RUN | CMD_CHECK | CMD_PLAN | CMD_SIMULATE | CMD_ON | CMD_COPY |
	    CMD_HOSTS, AT(vars) },
	{ "start", 0, OPTION_LIST, "SEQUENCE",
	    "start only this sequence; may be repeated",
	    CMD_RUN | CMD_PLAN | CMD_SIMULATE, AT(starts) },
	{ "hosts", 0, OPTION_TEXT, "SET",
	    "run only on those hosts of the job that are in SET",
	    CMD_RUN | CMD_PLAN | CMD_SIMULATE, AT(hosts) },
	{ "for", 0, OPTION_DURATION, "TIME",
	    "begin no new rounds of 'repeat' and 'every' after this long",
	    CMD_RUN | CMD_SIMULATE, AT(rounds) },
	{ "jitter", 0, OPTION_PERIOD, "TIME",
	    "wait a random time before the start, this long at most",
	    CMD_RUN, AT(jitter) },
	{ "from", 'f', OPTION_FILE, "FILE",
	    "read the items from FILE, one a line; -: standard input",
	    CMD_EACH, AT(from) },
	{ "null", '0', OPTION_FLAG, NULL,
	    "items that are read end in a NUL, not in a newline",
	    CMD_EACH, AT(null) },
	{ "max-args", 'n', OPTION_COUNT, "N",
	    "so many items a command; 0: run it once for each item without "
	    "appending it",
	    CMD_EACH, AT(max_args) },
	{ "retry", 0, OPTION_COUNT, "N",
	    "try a command that fails up to N times more",
	    CMD_EACH | CMD_ON | CMD_COPY, AT(retry) },
	{ "timeout", 0, OPTION_DURATION, "TIME",
	    "end a command after this long: 30s, 5m, 1h30m",
	    CMD_EACH | CMD_ON | CMD_COPY, AT(timeout) },
	{ "timeout", 0, OPTION_DURATION, "TIME",
	    "wait no longer for a message: then the status is 124",
	    CMD_RECEIVE, AT(timeout) },
	/* in the order of enum opts_output */
	{ "output", 0, OPTION_CHOICE, "live|stream|group|fold|none|json|quiet",
	    "each line at once over a view of what runs, each line at once, "
	    "the lines of a lane when it ends, equal outputs once, none, all "
	    "that happens as JSON, or as -q",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_AGAIN, AT(output) },
	{ "output", 0, OPTION_CHOICE, "live|stream|group|fold|none|json",
	    "each line at once over a view of what runs, each line at once, "
	    "the lines of a lane when it ends, equal outputs once, none, or "
	    "all that happens as JSON",
	    CMD_SHOW | CMD_WATCH, AT(output) },
	{ "diff", 0, OPTION_FLAG, NULL,
	    "as --output fold; of all but the output of most lanes, only how "
	    "it differs from that",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_AGAIN, AT(diff) },
	{ "keep-order", 'k', OPTION_FLAG, NULL,
	    "show the output of lanes in the order of their list",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_AGAIN, AT(keep_order) },
	{ "no-tag", 0, OPTION_FLAG, NULL,
	    "do not mark lines with the lane's name; output stays as it is",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_AGAIN, AT(no_tag) },
	{ "tag", 0, OPTION_TEXT, "FORMAT",
	    "mark lines with this text: {name} {tag} {sequence} {step} "
	    "{host} {number} {index}",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_AGAIN, AT(tag) },
	/* in the order of enum mark_time */
	{ "time", 0, OPTION_CHOICE, "none|abs|rel",
	    "begin lines with the time they came: by the clock, or since "
	    "the run began",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_AGAIN, AT(time) },
	/* in the order of enum opts_color */
	{ "color", 0, OPTION_CHOICE, "auto|always|never",
	    "colours; auto: on a terminal, unless NO_COLOR is set",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_SHOW | CMD_WATCH | CMD_HISTORY | CMD_AGAIN, AT(color) },
	{ "heartbeat", 0, OPTION_PERIOD, "TIME",
	    "say what runs if nothing was said for so long, 60s by default, "
	    "and the output is no terminal; 0: never",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_AGAIN,
	    AT(heartbeat) },
	{ "facts", 0, OPTION_FILE, "FILE",
	    "write what the lanes have found out to FILE, as JSON",
	    CMD_RUN | CMD_AGAIN, AT(facts) },
	{ "failed", 0, OPTION_FILE, "FILE",
	    "write the hosts or items that failed to FILE, one a line",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_AGAIN, AT(failed) },
	{ "ok", 0, OPTION_FILE, "FILE", "the same of those that ended well",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_AGAIN, AT(ok) },
	{ "unreached", 0, OPTION_FILE, "FILE",
	    "the same of those whose host could not be reached",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_AGAIN,
	    AT(unreached) },
	/* in the order of enum opts_flaky */
	{ "flaky", 0, OPTION_CHOICE, "ok|fail",
	    "what a lane is that ended well, but not at the first try of "
	    "each step",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY | CMD_AGAIN, AT(flaky) },
	{ "quiet", 'q', OPTION_FLAG, NULL,
	    "show nothing if every lane ends well, else everything",
	    CMD_RUN | CMD_EACH | CMD_ON | CMD_COPY |
	    CMD_AGAIN, AT(quiet) },
	{ "events", 0, OPTION_FILE, "FILE",
	    "write what happens as lines of JSON; -: standard output, fd:N: "
	    "an open descriptor",
	    CMD_RUN | CMD_EACH | CMD_ON |
	    CMD_AGAIN, AT(events) },
	{ "no-state", 0, OPTION_FLAG, NULL,
	    "leave no journal and no logs behind",
	    CMD_RUN, AT(no_state) },
	{ "state", 0, OPTION_FLAG, NULL,
	    "keep a journal and logs of this run",
	    CMD_EACH | CMD_ON, AT(state) },
	{ "lists", 0, OPTION_FLAG, NULL,
	    "run the commands that make lists and variables",
	    CMD_PLAN, AT(lists) },
	{ "dot", 0, OPTION_FLAG, NULL,
	    "draw the steps as a graph for Graphviz",
	    CMD_PLAN, AT(dot) },
	{ "list", 0, OPTION_LIST, "NAME=WORDS",
	    "items of a list or group of hosts, in place of what a command or a file gives; "
	    "may be repeated",
	    CMD_PLAN | CMD_SIMULATE, AT(items) },
	{ "outcome", 'o', OPTION_LIST, "LANE:STEP=RESULT",
	    "what comes of a step; may be repeated",
	    CMD_SIMULATE, AT(outcomes) },
	{ "outcomes", 0, OPTION_FILE, "FILE",
	    "the same, one a line",
	    CMD_SIMULATE, AT(outcome_file) },
	{ "explain", 0, OPTION_TEXT, "WORD",
	    "print what the manual says of a key, an action, a section or a "
	    "result, and check nothing",
	    CMD_CHECK, AT(explain) },
	{ "expand", 'e', OPTION_FLAG, NULL,
	    "one name a line (the default)", CMD_HOSTS, AT(expand) },
	{ "fold", 'f', OPTION_FLAG, NULL,
	    "the set in few words: web[01-12],db3", CMD_HOSTS, AT(fold) },
	{ "count", 'c', OPTION_FLAG, NULL,
	    "how many names there are", CMD_HOSTS, AT(count) },
	{ "separator", 'S', OPTION_TEXT, "TEXT",
	    "stands between names, in place of a newline", CMD_HOSTS,
	    AT(separator) },
	{ "groups", 0, OPTION_FILE, "FILE",
	    "take groups (@name) from this Ansible inventory", CMD_HOSTS,
	    AT(groups) },
	{ "groups", 'f', OPTION_FILE, "FILE",
	    "take groups of hosts, and how they are reached, from a job file "
	    "or an Ansible inventory",
	    CMD_ON | CMD_COPY, AT(groups) },
	{ "user", 'u', OPTION_TEXT, "USER", "log in as this user",
	    CMD_ON | CMD_COPY, AT(user) },
	{ "port", 'p', OPTION_COUNT, "N", "port of ssh on the hosts",
	    CMD_ON | CMD_COPY, AT(port) },
	{ "via", 0, OPTION_TEXT, "NAME",
	    "reach the hosts by ssh, local, or a [via NAME] of the file",
	    CMD_ON | CMD_COPY, AT(via) },
	{ "as", 0, OPTION_TEXT, "USER", "become this user there, by sudo -n",
	    CMD_ON | CMD_COPY, AT(as) },
	{ "connect-timeout", 0, OPTION_DURATION, "TIME",
	    "limit of one try to connect, 10s by default",
	    CMD_ON | CMD_COPY, AT(connect_timeout) },
	{ "connect-retry", 0, OPTION_COUNT, "N",
	    "further tries to connect",
	    CMD_ON | CMD_COPY, AT(connect_retry) },
	{ "from-hosts", 0, OPTION_FLAG, NULL,
	    "copy from the hosts to here; {} in TARGET is the host's name",
	    CMD_COPY, AT(from_hosts) },
	{ "number", 'n', OPTION_COUNT, "N",
	    "show the newest N runs, 20 by default; 0: all of them",
	    CMD_HISTORY, AT(number) },
	/* in the order of cmd_report.c */
	{ "format", 0, OPTION_CHOICE, "text|tsv|junit|trace|html|facts",
	    "text for people, the job log of GNU parallel, JUnit XML, trace "
	    "events for Perfetto, a page for a browser, or what the lanes "
	    "found out as JSON",
	    CMD_REPORT, AT(format) },
	{ "to", 'o', OPTION_FILE, "FILE",
	    "write the report to FILE, not to standard output",
	    CMD_REPORT, AT(to) },
	{ "changed", 0, OPTION_FLAG, NULL,
	    "go on although the job file is not what it was",
	    CMD_RESUME, AT(changed) },
	{ "why", 0, OPTION_FLAG, NULL,
	    "say of each step why it runs again, or does not",
	    CMD_RESUME, AT(why) },
	{ "help", 'h', OPTION_FLAG, NULL, "show this text",
	    CMD_ALL, AT(help) },
};

const size_t opts_nrows = countof(opts_rows);

const struct subcommand opts_commands[] = {
	{ CMD_RUN, "run", "[OPTION]... FILE...", "run a job file",
	    "Runs the sequences of the job FILE; further files are taken as\n"
	    "if they were part of it.  Nothing is run if there is a mistake\n"
	    "in them.\n"
	    "\n"
	    "examples:\n"
	    "  pseq run convert.job\n"
	    "  pseq run -j 8 -v release=1.4.2 --start deploy deploy.job\n",
	    1, -1, "job file", false, "FILE", cmd_run },
	{ CMD_RESUME, "resume", "[OPTION]... [RUN]",
	    "go on with a run that was interrupted",
	    "Goes on where RUN was when it was killed or ended from outside:\n"
	    "steps that had ended are not run again.  RUN is the name of a\n"
	    "run or its begin, the name of a job, or a directory; without it\n"
	    "the newest run that was interrupted is meant.  Arguments and\n"
	    "variables are those of the first start.\n"
	    "\n"
	    "examples:\n"
	    "  pseq resume\n"
	    "  pseq resume --why deploy\n",
	    0, 1, NULL, false, "RUN", cmd_resume },
	{ CMD_RETRY, "retry", "[OPTION]... [RUN]",
	    "run the lanes of a run that did not end well",
	    "A new run of the same job, with the arguments of RUN, but only\n"
	    "of lanes that failed there, were cancelled or did not begin.\n"
	    "Without RUN it is that of the newest run that did not end well.\n"
	    "\n"
	    "examples:\n"
	    "  pseq retry\n"
	    "  pseq retry -j 1 backup\n",
	    0, 1, NULL, false, "RUN", cmd_retry },
	{ CMD_CHECK, "check", "[OPTION]... FILE...",
	    "report every mistake in a job file, run nothing",
	    "Reads job files as 'pseq run' does and reports all mistakes at\n"
	    "once: file:line:col, the line and what is wrong with it.\n"
	    "\n"
	    "examples:\n"
	    "  pseq check *.job\n"
	    "  pseq check --explain retry\n",
	    0, -1, "job file", false, "FILE", cmd_check },
	{ CMD_PLAN, "plan", "[OPTION]... FILE...",
	    "show what would run: lanes, steps, commands",
	    "Shows the lanes and steps of a job, the text of each command\n"
	    "and the variables it can see.  Runs nothing; with --lists only\n"
	    "the commands that make lists and variables.\n"
	    "\n"
	    "examples:\n"
	    "  pseq plan convert.job\n"
	    "  pseq plan --dot convert.job | dot -Tsvg >convert.svg\n",
	    1, -1, "job file", false, "FILE", cmd_plan },
	{ CMD_SIMULATE, "simulate", "[OPTION]... FILE...",
	    "show which way a job takes when steps end as you say",
	    "Walks the whole job without starting anything, shows the way\n"
	    "each lane takes, and lists what was never taken.  Steps end\n"
	    "well unless --outcome says otherwise; * and ? are patterns,\n"
	    "| separates the results of one try after the other, and\n"
	    ",NAME=VALUE says what is captured.\n"
	    "\n"
	    "examples:\n"
	    "  pseq simulate deploy.job\n"
	    "  pseq simulate -o 'deploy[web3]:migrate=3' deploy.job\n"
	    "  pseq simulate -o '*:restart=timeout|ok' -o 'probe=ok,load=7' "
	    "a.job\n",
	    1, -1, "job file", false, "FILE", cmd_simulate },
	{ CMD_EACH, "each", "[OPTION]... COMMAND [ITEM]...",
	    "run one command for many items",
	    "Runs COMMAND once for each ITEM, several at a time.  {} stands\n"
	    "for the item, as one word whatever is in it; without {} it is\n"
	    "appended.  Without items they are read from standard input,\n"
	    "one a line.  COMMAND is one word: quote it.  Options stand\n"
	    "before it.\n"
	    "\n"
	    "examples:\n"
	    "  pseq each -j 8 'gzip -k {}' *.log\n"
	    "  find . -name '*.wav' -print0 | pseq each -0 'flac -s {}'\n"
	    "  pseq each --from urls --retry 3 --timeout 30s 'curl -fsSO {}'\n",
	    1, -1, "command", true, "COMMAND", cmd_each },
	{ CMD_ON, "on", "[OPTION]... HOSTS COMMAND...",
	    "run one command on many hosts",
	    "Runs COMMAND on each of HOSTS by ssh, 32 at a time, and shows its\n"
	    "output as it comes.  One word is for the shell there; several\n"
	    "are executed as they are.  Options stand before HOSTS.\n"
	    "\n"
	    "examples:\n"
	    "  pseq on 'web[01-12]' uptime\n"
	    "  pseq on -u root -j 100 'n[1-500] !n17' 'df -h / | tail -n 1'\n"
	    "  pseq on -f site.job '@db & @north' systemctl restart app\n",
	    2, -1, "command", true, "SET", cmd_on },
	{ CMD_COPY, "copy", "[OPTION]... HOSTS FILE... TARGET",
	    "copy files to many hosts, or from them",
	    "Copies files and directories to each of HOSTS.  TARGET is the\n"
	    "new name, or, ending in /, a directory, made if missing.  Files\n"
	    "are written under temporary names, checked and renamed; what is\n"
	    "the same there is not touched.  With --from-hosts FILE is there\n"
	    "and TARGET here: {} in it stands for the host, without {} it is\n"
	    "a directory with one for each host.\n"
	    "\n"
	    "examples:\n"
	    "  pseq copy 'web[01-12]' app.tar.gz /srv/app/\n"
	    "  pseq copy -f site.job @web site/ /srv/www\n"
	    "  pseq copy --from-hosts 'web[01-12]' /var/log/app.log "
	    "'app-{}.log'\n",
	    3, -1, "target", true, "SET", cmd_copy },
	{ CMD_HOSTS, "hosts", "[OPTION]... [SET]...",
	    "expand, fold or count host sets",
	    "Reads sets of host names: ranges n[1-9,12], with zeros in front\n"
	    "n[001-100], with a step n[0-10/2], several in one name; groups\n"
	    "@name.  A comma or a blank joins, ! takes away, & keeps what is\n"
	    "in both, ^ what is in one only, from left to right.  All SETs\n"
	    "are one text; -, or none, is standard input.\n"
	    "\n"
	    "examples:\n"
	    "  pseq hosts 'r[1-4]n[01-40] !r2n07'\n"
	    "  pseq hosts -f web1 web2 web3 db1\n"
	    "  pseq hosts --groups inventory.ini -c '@web & @north'\n"
	    "  getent hosts | awk '{ print $2 }' | pseq hosts -f\n",
	    0, -1, NULL, false, "SET", cmd_hosts },
	{ CMD_HISTORY, "history", "[OPTION]... [JOB]",
	    "list the runs of the past",
	    "Shows the runs that have left a journal, of all jobs or of JOB,\n"
	    "the newest first: whether they go on, were interrupted, or how\n"
	    "they ended.\n"
	    "\n"
	    "examples:\n"
	    "  pseq history\n"
	    "  pseq history -n 5 deploy\n",
	    0, 1, NULL, false, "JOB", cmd_history },
	{ CMD_SHOW, "show", "[OPTION]... [RUN [LANE]]",
	    "show a run of the past again",
	    "Shows the output of a run as it was, step by step, and what it\n"
	    "came to; with LANE each step of that lane, with its tries, times\n"
	    "and output.  RUN is the name of a run or its begin, a job (its\n"
	    "newest run), JOB/RUN or a directory; without it, the newest.\n"
	    "\n"
	    "examples:\n"
	    "  pseq show\n"
	    "  pseq show --output group deploy\n"
	    "  pseq show deploy 'deploy[web3]'\n",
	    0, 2, NULL, false, "RUN", cmd_show },
	{ CMD_WATCH, "watch", "[OPTION]... [RUN]",
	    "follow a run that goes on elsewhere",
	    "Shows what a run has done so far and what it does, from any\n"
	    "terminal, until it ends; the exit status is that of the run.\n"
	    "RUN is as for 'pseq show'.\n"
	    "\n"
	    "example:\n"
	    "  pseq watch deploy\n",
	    0, 1, NULL, false, "RUN", cmd_watch },
	{ CMD_REPORT, "report", "[OPTION]... [RUN]",
	    "report on a run, for people or programs",
	    "Writes what a run did in one of several formats.  RUN is as for\n"
	    "'pseq show'.\n"
	    "\n"
	    "examples:\n"
	    "  pseq report\n"
	    "  pseq report --format junit -o result.xml tests\n"
	    "  pseq report --format html -o deploy.html deploy\n"
	    "  pseq report --format tsv | sort -k4nr | head\n",
	    0, 1, NULL, false, "RUN", cmd_report },
	{ CMD_SET, "set", "NAME [VALUE]",
	    "inside a step: set a variable of its lane",
	    "For commands that a job runs: sets the variable NAME of their\n"
	    "lane, for the steps that follow.  Without VALUE it is read from\n"
	    "standard input, trailing newlines off.  The job file must have\n"
	    "declared the variable.\n"
	    "\n"
	    "examples:\n"
	    "  pseq set free \"$(df --output=avail / | tail -n 1)\"\n"
	    "  jq .items result.json | pseq set items\n",
	    1, 2, "name of a variable", true, "NAME", cmd_set },
	{ CMD_GET, "get", "NAME",
	    "inside a step: print a variable of its lane",
	    "For commands that a job runs: prints what the variable NAME of\n"
	    "their lane is now, and a newline.  Of a JSON value NAME.a.0\n"
	    "prints a part.\n"
	    "\n"
	    "example:\n"
	    "  pseq get facts.os.name\n",
	    1, 1, "name of a variable", false, "NAME", cmd_get },
	{ CMD_SEND, "send", "CHANNEL [TEXT]",
	    "inside a step: put a message into a channel",
	    "For commands that a job runs: puts TEXT into a channel of the\n"
	    "job, without it each line of standard input; waits while the\n"
	    "channel is full.  The sequence or routine must say so:\n"
	    "sends = CHANNEL.  Ends with 1 if the channel is closed.\n"
	    "\n"
	    "examples:\n"
	    "  pseq send found \"$path\"\n"
	    "  find . -name '*.wav' | pseq send found\n",
	    1, 2, "channel", true, "NAME", cmd_send },
	{ CMD_RECEIVE, "receive", "[--timeout TIME] CHANNEL",
	    "inside a step: take the next message of a channel",
	    "For commands that a job runs: prints the next message of a\n"
	    "channel of the job, and waits until there is one.  The sequence\n"
	    "or routine must say so: receives = CHANNEL.  Ends with 1 when\n"
	    "the channel is closed and empty.\n"
	    "\n"
	    "example:\n"
	    "  while file=$(pseq receive found); do flac \"$file\"; done\n",
	    1, 1, "channel", false, "NAME", cmd_receive },
	{ CMD_HELP, "help", "[COMMAND]", "show how to use a command",
	    "Shows the same as 'pseq COMMAND --help'; without a command the\n"
	    "list of all.\n",
	    0, 1, NULL, false,
	    "run|resume|retry|check|plan|simulate|each|on|copy|hosts|history|show|watch|report|set|get|send|receive|help|complete",
	    cmd_help },
	{ CMD_COMPLETE, "complete", "bash|zsh|fish|vim|textmate",
	    "print completions for a shell, or the language for an editor",
	    "Prints a script that lets the shell complete the command line\n"
	    "of pseq; 'make install' puts it where the shells look.  'vim'\n"
	    "and 'textmate' print what editors colour job files by.  'words'\n"
	    "prints all commands and options, one a line, 'jobs' the jobs\n"
	    "that have left runs, 'runs' these as well.\n"
	    "\n"
	    "example:\n"
	    "  eval \"$(pseq complete bash)\"\n",
	    1, 1, "shell or editor: bash, zsh, fish, vim or textmate", false, "bash|zsh|fish|vim|textmate|words|runs|jobs",
	    cmd_complete },
};

const size_t opts_ncommands = countof(opts_commands);

const struct subcommand *
command_find(const char *name)
{
	for (size_t i = 0; i < opts_ncommands; i++)
		if (!strcmp(opts_commands[i].name, name))
			return &opts_commands[i];
	return NULL;
}
