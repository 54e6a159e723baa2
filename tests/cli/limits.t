#!/bin/sh
# [limits] and needs
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

# busy [NAME]: how many of it run at once, the most of them into $HOME/seen
stub busy <<'STUB'
cd "$HOME"
mkdir "busy.$$"
set -- busy.*
echo "$#" >>seen
sleep "${LONG:-0.1}"
rmdir "busy.$$"
STUB
most() { sort -n home/seen | tail -n 1; rm -f home/seen; }

job <<'JOB'
[limits]
db = 2
[sequence a]
each n range = 1..6
parallel = 6
say = ${n} comes
run = busy
needs = db
JOB
ok 'a limit bounds steps' test "$(most)" -eq 2
ok 'all get it in the end' status 0
job <<'JOB'
[limits]
db = 2
[sequence a]
each n range = 1..6
parallel = 6
needs = db
run = busy
run = busy
JOB
ok 'or whole lanes' test "$(most)" -eq 2
job <<'JOB'
[limits]
ram = 10
[sequence a]
each n range = 1..6
parallel = 6
run = busy
needs = ram 4
JOB
ok 'by weight' test "$(most)" -eq 2
job <<'JOB'
[limits]
ram = ${all}
[vars]
all = 9
each = 3
[sequence a]
each n range = 1..6
parallel = 6
run = busy
needs = ram ${each}
JOB
ok 'numbers may be variables' test "$(most)" -eq 3
job --no-tag <<'JOB'
[limits]
a = 1
b = 1
[sequence one]
run = sleep 0.2; echo one
needs = a b
[sequence two]
sleep = 50ms
run = sleep 0.1; echo two
needs = b, a
[sequence three]
sleep = 100ms
run = echo three
needs = b
JOB
ok 'several are taken together, in the order of coming' same out <<'END'
one
two
three
END
job --no-tag <<'JOB'
[limits]
a = 1
b = 1
[sequence one]
run = sleep 0.3; echo one
needs = a
[sequence two]
sleep = 50ms
run = echo two
needs = a
[sequence three]
sleep = 100ms
run = echo three
needs = b
JOB
ok 'who wants other limits passes by' same out <<'END'
three
one
two
END
job --no-tag <<'JOB'
[limits]
ram = 3
[sequence small]
each n range = 1..6
parallel = 6
run = sleep 0.1; echo small
needs = ram
[sequence large]
sleep = 50ms
run = echo large
needs = ram 3
[sequence late]
each n range = 1..6
parallel = 6
sleep = 100ms
run = sleep 0.1; echo late
needs = ram
JOB
ok 'a large need is not starved' before out large late
job --no-tag <<'JOB'
[limits]
a = 1
[sequence a]
each n = 3 1 2
parallel = 3
priority = n
sleep = 50ms
run = sleep 0.1; echo "$n"
needs = a
[sequence first]
run = sleep 0.3
needs = a
JOB
ok 'lower priorities come first' same out <<'END'
1
2
3
END
job <<'JOB'
[limits]
a = 1
[sequence a]
each n range = 1..3
parallel = 3
run = test "$attempt" = 2 || exit 1
retry = 1 every 50ms
needs = a
JOB
ok 'they are given back after the last try' status 0
job --no-tag <<'JOB'
[limits]
a = 1
[sequence one]
rescue = mend
run = false
needs = a
[sequence two]
sleep = 100ms
run = echo two
needs = a
[routine mend]
run = sleep 0.3; echo mend
JOB
ok 'a step that failed gives back at once' before out two mend
job --no-tag <<'JOB'
[limits]
a = 1
[sequence one]
lane-timeout = 200ms
run = sleep 60
needs = a
[sequence two]
sleep = 100ms
run = echo two
needs = a
JOB
ok 'so does one that was ended' has out two
job --no-tag <<'JOB'
[limits]
a = 1
[sequence one]
run = sleep 0.4
needs = a
[sequence two]
lane-timeout = 150ms
rescue = late
sleep = 50ms
run = echo two
needs = a
[sequence three]
sleep = 100ms
run = echo three
needs = a
[routine late]
say = ${result} ${step}
JOB
ok 'who waits in vain can be ended' has out 'timeout echo two'
ok 'and does not block the others' has out three
cat >deep.job <<'JOB'
[limits]
a = 2
[sequence one]
call = r-${x}
each x = y
needs = a
[routine r-y]
spawn = s
[routine s]
run = true
needs = a
JOB
pseq run deep.job
ok 'who holds may not ask for more: seen at load' status 2
ok 'at its place' has err "deep.job:4:8: error: this step holds limits and routine 'r-y' asks for more"
check <<'JOB'
[limits]
a = 2
[sequence one]
needs = a
run = true
needs = a
JOB
ok 'in a header and in a step' has err "'one' holds limits and asks for more"
check <<'JOB'
[limits]
a = 2
[sequence one]
needs = a
rescue = r
run = true
[routine r]
needs = a
run = true
JOB
ok 'in a handler' has err "'one' holds limits and routine 'r' asks for more"
check <<'JOB'
[limits]
ram = 4
[sequence one]
run = true
needs = ram 5
JOB
ok 'what can never be had is a mistake' has err "limit 'ram' is 4: 5 of it can never be had"
job <<'JOB'
[limits]
ram = 4
[sequence one]
set n = 5
run = true
needs = ram ${n}
JOB
ok 'also if it is seen late' has err "5 of it can never be had"
ok 'which fails the lane' status 1
check <<'JOB'
[limits]
ram = 4
rma = 0
[sequence one]
run = true
needs = rmm 5
JOB
ok 'an unknown limit, with the nearest' has err "no limit 'rmm'"
ok 'a limit of none' has err 'is not between 1 and'
check <<'JOB'
[limits]
ram shard = 4
[sequence one]
run = true
JOB
ok 'a slip in shared' has err "'shared'"

# shared between processes
cat >disk.job <<'JOB'
[limits]
disk shared = 1
[sequence a]
each n range = 1..3
parallel = 3
run = mkdir inside || echo BOTH; sleep 0.05; rmdir inside
needs = disk
JOB
for i in 1 2 3; do "$PSEQ" run disk.job >"out.$i" 2>&1 & done
wait
cat out.1 out.2 out.3 >out
ok 'processes that share a limit are never both inside' hasnt out BOTH
ok 'all of them end well' test "$(grep -c '3 lanes ok' out)" -eq 3
cat >hold.job <<'JOB'
[limits]
disk shared = 1
[sequence a]
run = echo inside; sleep 60
needs = disk
JOB
"$PSEQ" run hold.job >held 2>&1 &
holder=$!
retry has held inside
start run disk.job
sleep 0.3
ok 'who comes later waits' not gone "$pid"
kill -KILL "$holder"
ended
ok 'a kill -9 of the holder gives it back' status 0
ok 'at once' has err '3 lanes ok'
cat >first.job <<'JOB'
[limits]
disk shared = 1
[sequence a]
run = sh -c 'echo $$ >pid.new; mv pid.new pid; trap "" TERM; exec sleep 60' | cat
needs = disk
JOB
cat >second.job <<'JOB'
[limits]
disk shared = 1
[sequence a]
run = if grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$(cat pid)/status"; then echo BOTH; fi
needs = disk
JOB
for i in 1 2 3 4 5; do
	rm -f pid
	"$PSEQ" run first.job >held 2>&1 &
	holder=$!
	retry test -e pid
	start run second.job
	sleep 0.1
	kill -KILL "$holder"
	ended
	cat out >>outs
done
ok 'not before what the holder had started is gone as well' \
    test ! -s outs
cat >two.job <<'JOB'
[limits]
disk shared = 2
here = 1
[sequence a]
each n range = 1..4
parallel = 4
run = busy
needs = disk
JOB
"$PSEQ" run two.job >out.1 2>&1 &
"$PSEQ" run two.job >out.2 2>&1 &
wait
ok 'a shared limit counts over all' test "$(most)" -eq 2
"$PSEQ" run hold.job >held 2>&1 &
holder=$!
retry has held inside
start run disk.job
sleep 0.2
kill -INT "$pid"
ended
ok 'INT ends who waits for others' status 130
kill -TERM "$holder"
wait "$holder"
sed 's/run = .*/run = sleep 0.4 \& echo started/' hold.job >leave.job
pseq run leave.job
pseq run disk.job
ok 'what a step leaves behind holds no limit' status 0

cat >both.job <<'JOB'
[limits]
disk shared = 1
tape shared = 1
[sequence a]
run = echo inside
needs = tape, disk
JOB
# hundredths of a second that it was busy
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
"$PSEQ" run hold.job >held 2>&1 &
holder=$!
retry has held inside
start run both.job
sleep 0.5
before=$(ticks "$pid")
sleep 0.5
after=$(ticks "$pid")
ok 'who waits for one of two shared limits is not busy' \
    test "$((after - before))" -lt 10
kill -TERM "$holder"
wait "$holder"
ended
ok 'and gets them' status 0

limit=20
job <<'JOB'
[limits]
disk shared = 1
[sequence a]
each x = 1 2
barrier = all
needs = disk
JOB
ok 'a shared limit that we hold ourselves is no hope for others' \
    has err 'deadlock: '
limit=40

done_testing
