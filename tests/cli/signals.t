#!/bin/sh
# how a run is ended from outside, and that nothing stays behind
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'JOB'
[sequence a]
each x = 1 2
parallel = 2
always = z
run = touch "started-$x"; sleep 60 & sleep 61; echo never
run = echo never
[sequence b]
after = a
run = echo never
[routine z]
run = echo "always $x $result"
JOB
# ends SIGNAL STATUS
begin() {
	rm -f started-*
	start run "$@" a.job
	retry test -e started-1 -a -e started-2
}
for signal in INT:130 TERM:143 HUP:129; do
	begin --no-tag
	kill -"${signal%:*}" "$pid"
	ended
	ok "$signal: ends the run by the same signal" status "${signal#*:}"
	ok "$signal: always runs" same_sorted out <<'END'
always 1 cancelled
always 2 cancelled
END
	ok "$signal: nothing new is started" hasnt out never
	ok "$signal: no process is left" retry clean
	ok "$signal: the summary says so" has err '2 cancelled'
done

cat >b.job <<'JOB'
[sequence a]
always = z
run = trap 'touch got-term' TERM; touch started-1; while :; do sleep 0.1; done
grace = 1h
[routine z]
run = touch always; sleep 60
JOB
rm -f started-*
start run b.job
retry test -e started-1
kill -INT "$pid"
ok 'the first INT sends TERM' retry test -e got-term
ok 'and waits for grace' kill -0 "$pid"
kill -INT "$pid"
ended
ok 'a second INT kills at once' status 130
ok 'also what ignores TERM' retry clean
cat >b.job <<'JOB'
[sequence a]
always = z
run = touch in-run; sleep 60
[routine z]
run = touch in-always; sleep 60
JOB
start run b.job
retry test -e in-run
kill -INT "$pid"
retry test -e in-always
kill -INT "$pid"
ended
ok 'a second INT ends always too' status 130
ok 'and leaves nothing' retry clean

cat >b.job <<JOB
[sequence a]
run = $child/stubborn
grace = 300ms
on line = ready -> say is ready
JOB
start run b.job
retry grep -q 'is ready' out
kill -TERM "$pid"
ended
ok 'a command that ignores TERM is killed after grace' status 143
ok 'and is gone' retry clean

rm -f started-*
: >out
: >err
nohup "$PSEQ" run a.job >out 2>err </dev/null &
pid=$!
retry test -e started-1 -a -e started-2
kill -HUP "$pid"
ok 'under nohup HUP is ignored' kill -0 "$pid"
kill -TERM "$pid"
ended
ok 'but TERM is not' status 143
ok 'whatever ends it, nothing is left' retry clean
rm -f started-*
: >out
: >err
(trap '' INT; exec "$PSEQ" run a.job >out 2>err </dev/null) &
pid=$!
retry test -e started-1 -a -e started-2
kill -INT "$pid"
ok 'INT is ignored where it was ignored' kill -0 "$pid"
kill -TERM "$pid"
ended

# when pseq itself is killed
# the sanitizers must not take this one for theirs
ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0:handle_abort=0
for signal in KILL SEGV ABRT QUIT; do
	begin
	kill -$signal "$pid"
	ended 2>/dev/null
	ok "SIG$signal to pseq: no process of a step is left" retry clean
done
cat >b.job <<JOB
[sequence a]
run = $child/stubborn
on line = ready -> say is ready
[sequence b]
run = (trap '' TERM HUP; while :; do sleep 0.1; done) & trap '' TERM; touch both; wait
JOB
start run b.job
retry grep -q 'is ready' out
retry test -e both
kill -KILL "$pid"
ended 2>/dev/null
ok 'not even those that ignore signals' retry clean
cat >b.job <<'JOB'
[sequence a]
each x range = 1..50
parallel = 50
run = touch "up-$x"; sleep 60
JOB
start run b.job
retry test -e up-50
kill -KILL "$pid"
ended 2>/dev/null
ok 'nor any of many' retry clean
sed -i 's/50/300/; s/; sleep 60/; sleep 60 | cat/' b.job
for up in 1 5 50; do
	rm -f up-*
	start run b.job
	timeout 15 sh -c "until test -e up-$up; do :; done"
	kill -KILL "$pid"
	ended 2>/dev/null
	ok "nor while many are being started ($up)" retry clean
done

begin
kill -STOP "$pid"; kill -CONT "$pid"
ok 'a stopped pseq goes on' kill -0 "$pid"
kill -INT "$pid"
ended
ok 'and ends as told' status 130

start each --no-tag 'sleep 60; :' a b
retry sh -c 'test "$(env -u PSEQ_TEST_ID pgrep -f "sleep 60" | wc -l)" -ge 1' || :
kill -INT "$pid"
ended
ok 'pseq each ends so too' status 130
ok 'and leaves nothing' retry clean

# a run that waits without any process
printf '[sequence a]\nalways = z\nsay = up\nsleep = 1h\n[routine z]\nsay = bye ${result}\n' >b.job
start run b.job
retry grep -q up out
kill -INT "$pid"
ended
ok 'a sleep is ended' line out 'a : bye cancelled'
printf '[sequence a]\nsay = up\nrun = false\nretry = forever every 1h\n' >b.job
start run b.job
retry grep -q up out
kill -INT "$pid"
ended
ok 'a wait for the next try is ended' status 130
printf '[vars]\nx output = touch up; sleep 60\n[sequence a]\nsay = ${x}\n' >b.job
start run b.job
retry test -e up
kill -INT "$pid"
ended
ok 'a command of a variable is ended' status 130
ok 'and gone' retry clean
printf '[sequence a]\neach x output = touch up2; sleep 60\nsay = ${x}\n' >b.job
start run b.job
retry test -e up2
kill -INT "$pid"
ended
ok 'a command of a list is ended' status 130
ok 'and gone' retry clean
mkfifo silent
printf '[sequence a]\nsay = up\n[sequence b]\neach x lines = -\nsay = ${x}\n' >b.job
: >out
: >err
env --default-signal=INT "$PSEQ" run b.job <silent >out 2>err &
pid=$!
exec 3>silent
retry grep -q up out
kill -INT "$pid"
ended
ok 'a wait for standard input is ended' status 130
exec 3>&-
done_testing
