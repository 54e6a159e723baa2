# shellcheck shell=sh
# sourced by every *.t: a scratch directory, the real binary, TAP on stdout
root=$(cd "${0%/*}/../.." && pwd) || exit 1
B=${B:-$root/build}
case $B in /*) ;; *) B=$root/$B ;; esac
PSEQ=${PSEQ:-$B/pseq}
# shellcheck disable=SC2034 # for the tests
child=$B/child
test -x "$PSEQ" || { echo "Bail out! There is no $PSEQ"; exit 1; }
n=0
id=$$.$(date +%s)
dir=$(mktemp -d) || exit 1
trap 'leave' EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1
mkdir bin home
PATH=$dir/bin:$PATH
HOME=$dir/home
LC_ALL=C.UTF-8
# every process of this test can be told by it
PSEQ_TEST_ID=$id
# what sanitizers find fails the test, whatever it looked for
ASAN_OPTIONS=log_path=$dir/sanitizer:exitcode=99
UBSAN_OPTIONS=log_path=$dir/sanitizer:print_stacktrace=1
export B PSEQ PATH HOME LC_ALL PSEQ_TEST_ID ASAN_OPTIONS UBSAN_OPTIONS
# runs leave their journals here, whatever becomes of HOME
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME
unset NO_COLOR CDPATH

# pids of the processes of this test that are still there
alive() {
	env -u PSEQ_TEST_ID sh -c '
		grep -lsz "^PSEQ_TEST_ID=$1\$" /proc/[0-9]*/environ |
			cut -d/ -f3' sh "$id"
}

leave() {
	alive | while read -r pid; do kill -KILL "$pid"; done 2>/dev/null
	cd /
	rm -rf "$dir"
}

# retry COMMAND...: until it succeeds, for 15 seconds at most
retry() {
	tries=300
	until "$@"; do
		tries=$((tries - 1))
		test "$tries" -gt 0 || return 1
		sleep 0.05
	done
}

# pseq ARGUMENTS...: leaves the files out, err and status
pseq() { pseq_from /dev/null "$@"; }

# pseq_from FILE ARGUMENTS...: the same with FILE as its standard input
pseq_from() {
	from=$1; shift
	timeout -k 1 "${limit:-40}" "$PSEQ" "$@" >out 2>err <"$from"
	echo $? >status
	grep -a 'runtime error: ' err >>"$dir/sanitizer.undefined"
}

# start ARGUMENTS...: in the background, with a shell's foreground signals
start() {
	# nothing of the last one is to be taken for this one's
	: >out
	: >err
	env --default-signal=INT,QUIT "$PSEQ" "$@" >out 2>err </dev/null &
	pid=$!
}
# ended: waits for what was started, 15 seconds at most
ended() {
	retry gone "$pid" || kill -KILL "$pid"
	wait "$pid"
	echo $? >status
}

# job ARGUMENTS... <JOB: runs a job file
job() { cat >a.job; pseq run "$@" a.job; }

# check <JOB: checks a job file
check() { cat >a.job; pseq check a.job; }

# stub NAME: put a program of that name, read from stdin, first in PATH
stub() { { echo '#!/bin/sh'; cat; } >"bin/$1"; chmod +x "bin/$1"; }

# --- what can be asked of them ---

# status N: it ended so
status() { test "$(cat status)" = "$1"; }
# has FILE TEXT: somewhere in it
has() { grep -qaF -e "$2" "$1"; }
hasnt() { ! has "$@"; }
# line FILE TEXT: as a whole line
line() { grep -qxaF -e "$2" "$1"; }
noline() { ! line "$@"; }
# same FILE <TEXT: nothing else is in it
same() { cat >want; cmp -s want "$1"; }
# same_sorted FILE <TEXT: the same lines in whatever order
same_sorted() { sort >want; sort "$1" | cmp -s want -; }
# count FILE N REGEX: so many lines match
count() { test "$(grep -cae "$3" "$1")" -eq "$2"; }
# before FILE A B: both are lines of it, A is the earlier one
before() {
	a=$(grep -nxaF -e "$2" "$1" | head -n 1 | cut -d: -f1)
	b=$(grep -nxaF -e "$3" "$1" | tail -n 1 | cut -d: -f1)
	test -n "$a" && test -n "$b" && test "$a" -lt "$b"
}
# not COMMAND...
not() { ! "$@"; }
# gone PID: it is no more, or only waits to be asked for
gone() { ! grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }
# idle PID: it waits for something, and so has written what it had to
idle() {
	! cat "/proc/$1/task/"*/status 2>/dev/null | grep '^State:' |
		grep -qv sleeping
}
# clean: no process of this test is left
clean() { test -z "$(alive)"; }

is_sanitized() { grep -qa __asan_init "$PSEQ"; }

# peak PID: the most memory it ever had, in KiB
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; }

# ok TEXT COMMAND...: one TAP line; on failure show what the binary said
ok() {
	n=$((n + 1)) what=$1; shift
	if "$@" >/dev/null 2>&1; then echo "ok $n - $what"; return; fi
	echo "not ok $n - $what"
	echo "# failed: $*" | head -n 1
	for file in status out err; do
		tail -n 12 "$file" | cut -c 1-300 | sed "s/^/# $file: /"
	done 2>/dev/null
}

# skip TEXT WHY: one that cannot be tried here
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }

done_testing() {
	ok 'no process of this test is left' retry clean
	cat "$dir"/sanitizer.* 2>/dev/null >err
	ok 'no sanitizer had anything to say' test ! -s err
	echo "1..$n"
}
