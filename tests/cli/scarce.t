#!/bin/sh
# the system gives less than was asked for: nothing is lost, and it is told
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# --- processes ---

cat >many.job <<'JOB'
[sequence a]
each n range = 1..20
parallel = 20
run = sleep 0.1
say = did ${n}
JOB
# as a user that nobody is: of root's processes there is no limit
user=$((60000 + $$ % 4000))
chmod 755 "$dir"
# few N ARGUMENTS...: with so many processes and threads
few() {
	most=$1; shift
	XDG_STATE_HOME=$dir/few timeout -k 1 40 setpriv --reuid "$user" \
		--regid "$user" --clear-groups prlimit "--nproc=$most" \
		"$PSEQ" "$@" >out 2>err </dev/null
	echo $? >status
}
mkdir few && chmod 777 few
if test "$(id -u)" != 0 || ! few 50 help; then
	for what in 1 2 3 4; do
		skip "few processes: $what" 'only for root, with setpriv and prlimit'
	done
else
	few 6 run many.job
	ok 'with few processes all lanes end well' status 0
	ok 'every one of them' test "$(grep -c 'did' out)" = 20
	ok 'that they had to wait is told, once' \
		count err 1 'the system starts no more: Resource temporarily unavailable'
	few 50 run many.job
	ok 'with enough there is nothing to tell' hasnt err warning
fi
# the sanitizer wants a process of its own
if test "$(id -u)" != 0 || is_sanitized || ! few 50 help; then
	for what in 1 2 3 4; do
		skip "no processes: $what" 'only for root, with setpriv and prlimit'
	done
else
	few 1 run --no-state many.job
	ok 'without any they fail' status 1
	ok 'which is told' has err 'cannot start a process: Resource temporarily unavailable'
	cat >report.job <<JOB
[job]
report = echo never
allow-empty = yes
[sequence a]
each n lines = /dev/null
run = true
JOB
	few 1 run --no-state report.job
	ok 'a run that starts nothing needs none' status 0
	ok 'a report that cannot be started is a warning' \
		has err 'pseq: warning: report: '
fi

# --- descriptors ---

cat >files.job <<'JOB'
[job]
lock = few
report = cat >heard; echo "$PSEQ_STATUS" >told
[sequence a]
each n range = 1..20
parallel = 20
run = echo "$n" >>did
JOB
for many in 64 40 26; do
	rm -f did told heard
	(ulimit -n "$many"; pseq run files.job)
	ok "with $many descriptors lock, lanes and report do" status 0
	ok 'all lanes' test "$(wc -l <did)" = 20
	ok 'and the report' line told 0
done

# --- the clock ---

# what is measured does not go by the clock on the wall: a run in a time of
# its own, hours away from that of the journal's other readers
if unshare --time --monotonic 100000 true 2>/dev/null; then
	printf '[job]\ntimeout = 20s\n[sequence a]\nrun = sleep 0.2\ntimeout = 10s\n' >time.job
	unshare --time --monotonic 100000 --boottime 100000 "$PSEQ" run time.job \
		>out 2>err </dev/null
	echo $? >status
	ok 'a monotonic clock of days is no reason to end anything' status 0
	ok 'times are those that passed' grep -Eq '; ([0-9]{3}ms|[12]\.[0-9]s)$' err
	pseq history
	ok 'also in the history' sh -c '! grep -E "[0-9]+h" out'
else
	skip 'a monotonic clock of days' 'no name space for time'
fi

done_testing
