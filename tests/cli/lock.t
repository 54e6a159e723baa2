#!/bin/sh
# one run at a time: lock, overlap
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

unset XDG_STATE_HOME
locks=$HOME/.local/state/pseq/locks
mkfifo gate

# a run that says it is there and goes on until the gate is opened
cat >hold.job <<'JOB'
[job]
lock = one
[sequence a]
always = end
run = echo $$ >there; : <gate
[routine end]
run = echo end >>ended
JOB
# hold [ARGUMENTS...]: it runs, and holds its lock; its pid is $holder
hold() {
	rm -f there
	env --default-signal=INT,QUIT "$PSEQ" run "$@" hold.job \
		>hold.out 2>hold.err </dev/null &
	holder=$!
	retry test -s there
}
# let_go: it ends well
let_go() { timeout 10 sh -c ': >gate'; wait "$holder"; }
# other OVERLAP [ARGUMENTS...]: another job with that lock
other() {
	overlap=$1; shift
	printf '[job]\nlock = one\noverlap = %s\n[sequence b]\nrun = echo ran >>ran\n' \
		"$overlap" >other.job
	rm -f ran
	pseq run "$@" other.job
}
ran() { test -e ran; }

# --- skip ---

other skip
ok 'a lock that nobody has is no hindrance' status 0
ok 'the file stays' test -f "$locks/one"
ok 'only we can read it' test "$(stat -c %a "$locks/one")" = 600

hold
other skip
ok 'a second run is left out' status 75
ok 'nothing of it is run' not ran
ok 'that is told, with who and which run' grep -Eqx \
	"pseq: skipped: lock 'one' is held by process $holder \(run [0-9]{8}-[0-9]{6}-[0-9a-f]{5}\)" err
ok 'and nothing else is' test "$(cat out err | wc -l)" = 1
other skip -q
ok 'quiet or not' grep -qc "^pseq: skipped: lock 'one' is held" err
printf '[job]\nlock = one\n[sequence b]\nrun = touch ran\n' >plain.job
pseq run plain.job
ok 'skip is the default' status 75
cat >list.job <<'JOB'
[job]
lock = one
[vars]
x output = touch ran; echo 1
[hosts h]
hosts output = touch ran; echo a
via = local
[sequence b]
hosts = @h
run = touch ran
[sequence c]
each i output = touch ran; echo 1
run = touch ran
JOB
pseq run list.job
ok 'no command of the job is run before it has the lock' status 75
ok 'neither for variables nor for lists' not ran
for command in check plan simulate; do
	pseq "$command" plain.job
	ok "$command needs no lock" status 0
done
printf '[job]\nlock = two\n[sequence b]\nrun = touch ran\n' >two.job
pseq run two.job
ok 'another lock is another one' ran
let_go
other skip
ok 'it is free when that run is over' status 0

# what a program that looks on hears of it
hold
pseq run --events events plain.job
ok 'an event says so' grep -q '^{"type":"skipped",.*"lock":"one"' events
ok 'with the process' has events "\"pid\":$holder"
ok 'and nothing else happened' test "$(wc -l <events)" = 1
let_go
hold --events events
retry grep -qs step_start events
ok 'a run that begins empties the file' test "$(grep -c skipped events)" = 0
pseq run --events events plain.job
ok 'one that is left out does not' test "$(sed -n '1s/^{"type":"\([a-z]*\)".*/\1/p' events)" = run
let_go
sed 's/^{"type":"\([a-z_]*\)".*/\1/' events >types
ok 'all of the other is there' \
	grep -qx run_end types && test "$(grep -c skipped types)" = 1
hold
other skip
ok 'a run that is left out leaves no journal' \
	test ! -e "$HOME/.local/state/pseq/plain"
# a run that goes on again has to have the lock as well
let_go
hold
kill -KILL "$holder"
wait "$holder" 2>/dev/null
retry gone "$(cat there)"
printf '[job]\nlock = one\n[sequence a]\nrun = echo $$ >there2; : <gate\n' >beside.job
"$PSEQ" run beside.job >beside.out 2>beside.err </dev/null &
beside=$!
retry test -s there2
pseq resume hold
ok 'to resume a run takes its lock' status 75
timeout 10 sh -c ': >gate'
wait "$beside"
rm -f there
"$PSEQ" resume -q hold >hold.out 2>hold.err </dev/null &
holder=$!
retry test -s there
other skip
ok 'which it then holds' status 75
let_go
echo $? >status
ok 'to its end' status 0

# --- whose it is ---

cat >vars.job <<'JOB'
[job]
lock = of-${tree}
[vars]
tree = x
[sequence a]
run = true
JOB
pseq run -v tree=home vars.job
ok 'variables may stand in its name' test -e "$locks/of-home"
pseq run -v tree=a/b vars.job
ok 'not with a slash' status 2
ok 'which is told' has err "'of-a/b' is no name for a lock"
pseq run -v tree="$(printf '%0201d' 0)" vars.job
ok 'nor too long for a file' status 2
# named NAME: check and run say the same of it
named() {
	printf '[job]\nlock = %s\n[vars]\na = x\n[sequence a]\nrun = true\n' "$1" >named.job
	pseq check named.job
	checked=$(cat status)
	pseq run named.job
	status "$checked"
}
ok 'check and run agree on a name with blanks' named 'a b'
ok '... that it is one' test -e "$locks/a b"
ok '... on one with dots behind a variable' named '${a}.b.${a}..'
ok '... that it is one' test -e "$locks/x.b.x.."
ok '... on one that begins with a dot' named '.b${a}'
ok '... that it is none' status 2
ok '... on one that is too long by what is known' named "\${a}$(printf '%0201d' 0)"
ok '... that it is none' status 2
printf '[job]\nlock = ${x}\n[vars]\nx required = a name\n[sequence a]\nrun = true\n' >need.job
pseq run need.job
ok 'one that must be given is asked for' has err '-v x='

# the holder is killed by what nobody can catch
hold
kill -KILL "$holder"
wait "$holder" 2>/dev/null
other skip
ok 'kill -9 frees it at once' status 0
retry gone "$(cat there)"

cat >daemon.job <<'JOB'
[job]
lock = one
[sequence a]
run = setsid sleep 100 </dev/null >/dev/null 2>&1 & echo $! >daemon
JOB
pseq run daemon.job
ok 'a step leaves a daemon behind' status 0
ok 'which lives on' kill -0 "$(cat daemon)"
other skip
ok 'it does not have the lock' status 0
kill "$(cat daemon)"

hold
kill -KILL "$(cat there)"
wait "$holder"
other skip
ok 'nor has it a step that was killed' status 0

# started at one moment: one at a time runs, the others are left out
cat >once.job <<'JOB'
[job]
lock = once
[sequence a]
run = mkdir busy && echo x >>entered && sleep 0.3 && rmdir busy
JOB
for i in 1 2 3 4 5 6; do
	"$PSEQ" run -q once.job >/dev/null 2>>err.once &
done
wait
ok 'of many starts at one moment those that run do so one by one' \
	test "$(wc -l <entered)" -ge 1 -a ! -e busy
skipped=$(grep -c '^pseq: skipped: lock' err.once)
ok 'and the others are left out' \
	test "$((skipped + $(wc -l <entered)))" = 6

# --- wait ---

hold
other 'wait 200ms'
ok 'wait has its time' status 75
ok 'which is told' has err "pseq: skipped: lock 'one' is held by process $holder"
ok 'as is the waiting' has err "pseq: waiting: lock 'one' is held by process $holder"
other 'wait 100ms' -q
ok 'quietly only the end of it' count err 1 ''
printf '[job]\nlock = one\noverlap = wait\n[sequence b]\nrun = true\n' >ever.job
"$PSEQ" run -q ever.job >/dev/null 2>&1 </dev/null &
later=$!
printf '[job]\nlock = one\noverlap = wait 100s\n[sequence b]\nrun = echo ran >>waited\n' >wait.job
: >wait.err
"$PSEQ" run wait.job >wait.out 2>wait.err &
waiter=$!
retry has wait.err waiting
ok 'who waits runs nothing' test ! -e waited
let_go
wait "$waiter"
echo $? >status
ok 'when the lock is free it runs' status 0
ok 'what it has to' line waited ran
wait "$later"
echo $? >status
ok 'so does one that waits for ever' status 0

hold
: >wait.err
"$PSEQ" run wait.job >wait.out 2>wait.err &
waiter=$!
retry has wait.err waiting
kill -TERM "$waiter"
retry gone "$waiter"
wait "$waiter"
echo $? >status
ok 'a signal ends who waits at once' status 143
let_go
printf '[job]\nlock = one\noverlap = wait ${t}\n[vars]\nt = 100ms\n[sequence b]\nrun = true\n' >t.job
hold
pseq run t.job
ok 'its time may be a variable' status 75
let_go

# --- replace ---

rm -f ended
hold
old=$holder
other replace
ok 'replace runs' status 0
ok 'what it has to' ran
wait "$old"
ok 'the other run was ended by TERM' test $? = 143
ok 'in order: its "always" was run' line ended end
ok 'nothing is said about it' count err 1 ''

# its end takes a while: the second one that wants it gone waits, too
cat >slow.job <<'JOB'
[job]
lock = one
[sequence a]
always = end
run = echo $$ >there; sleep 100
[routine end]
run = echo begin >>slow; sleep 0.5; echo end >>slow
JOB
rm -f there
"$PSEQ" run slow.job >slow.out 2>slow.err &
old=$!
retry test -s there
printf '[job]\nlock = one\noverlap = replace\n[sequence b]\nrun = echo ran >>ran\n' >other.job
rm -f ran
"$PSEQ" run other.job >1.out 2>1.err &
one=$!
"$PSEQ" run other.job >2.out 2>2.err &
two=$!
wait "$one" "$two" "$old"
ok 'two that replace let the first end in order' line slow end
ok 'once' test "$(wc -l <slow)" = 2
ok 'at least one of them runs' ran

cat >inside.job <<JOB
[job]
lock = one
[sequence a]
run = "$PSEQ" run -q other.job
JOB
pseq run inside.job
ok 'a run does not replace the one that it is a step of' has out 'this run is one of its steps'
ok 'it is refused' has err 'exit 4'
sed -i 's/^overlap.*/overlap = wait/' other.job
pseq run inside.job
ok 'nor does it wait for it' has err 'exit 4'

# --- allow ---

hold
other allow
ok 'allow runs beside the other one' status 0
ok 'what it has to' ran
let_go
cat >shared.job <<'JOB'
[job]
lock = one
overlap = allow
[sequence a]
run = echo $$ >there; : <gate
JOB
cp hold.job keep.job
cp shared.job hold.job
hold
other allow
ok 'so do two that allow it' status 0
other skip
ok 'one that does not is left out' status 75
let_go
cp keep.job hold.job

# --- what can go wrong ---

rm -f ran
touch file
HOME=$dir/file pseq run two.job
ok 'without a place for locks nothing is run' status 3
ok 'which is told' has err "pseq: error: lock 'two': cannot make"
ok 'indeed nothing' not ran
if test "$(id -u)" = 0 && command -v setpriv >/dev/null; then
	mkdir -p ro/pseq/locks
	chmod -R a+rX,a-w ro
	chmod 755 "$dir"
	printf '[job]\nlock = two\n[sequence b]\nrun = echo ran\n' >two.job
	XDG_STATE_HOME=$dir/ro setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$PSEQ" run "$dir/two.job" >out 2>err </dev/null
	echo $? >status
else
	mkdir -p ro/pseq/locks
	chmod a-w ro/pseq/locks
	XDG_STATE_HOME=$dir/ro pseq run two.job
fi
ok 'nor where it may not be written' status 3
ok 'which is told, too' has err "pseq: error: lock 'two': cannot open '$dir/ro/pseq/locks/two': Permission denied"
ok 'nothing is run there' hasnt out ran

done_testing
