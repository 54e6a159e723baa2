#!/bin/sh
# --heartbeat: a sign of life where nobody sees a view
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

beats() { grep -c '^pseq: [0-9.]*m*s: ' err; }

pseq each -j 3 --heartbeat 300ms 'sleep 1.{}; test {} != 0' 0 5 6 7
ok 'a long silence is broken' grep -qE \
	"^pseq: [3-9][0-9]*ms: 0 of 4 lanes over, 3 in work: 0 'sleep 1.\{\}; test \{\} != 0' [0-9]*ms, 5 '.*' [0-9]*ms, 6 '.*' [0-9]*ms$" err
ok '… again and again' test "$(beats)" -ge 3
ok '… with what has failed' grep -qE \
	'^pseq: 1\.[0-9]s: 1 of 4 lanes over, 1 failed, 3 in work: ' err
ok '… the longest first' grep -qE '^pseq: 1\.[0-9]s: .*: 5 .*, 6 .*, 7 ' err
ok '… and not on standard output' test ! -s out

pseq each -j 5 --heartbeat 300ms 'sleep 0.5 #{}' a b c d e
ok 'three are named, the others counted' grep -q \
	'5 in work: a .*, b .*, c .* and 2 more$' err

cat >stream.job <<'JOB'
[sequence s]
each x output = seq 5
parallel = 2
run = sleep 0.4 #$x
JOB
pseq run --heartbeat 250ms stream.job
ok 'a list that a command has made has a length when that is over' \
	grep -q ': [0-9] of 5 lanes over, ' err

pseq each --heartbeat 600ms \
	'for i in 1 2 3 4 5 6; do sleep 0.2; echo $i; done #{}' x
ok 'who says something needs none' test "$(beats)" -eq 0
pseq each --heartbeat 400ms --output group \
	'for i in 1 2 3 4 5 6; do sleep 0.2; echo $i; done #{}' x
ok 'what is held back is not said' test "$(beats)" -ge 1
pseq each --heartbeat 400ms --output json 'sleep 1 #{}' x
ok 'records are not disturbed' test "$(grep -vc '^{"' out)" -eq 0
ok '… it stands on standard error' test "$(beats)" -ge 1

for off in 0 0s; do
	pseq each --heartbeat $off 'sleep 0.5 #{}' x
	ok "$off is never" test "$(beats)" -eq 0 -a "$(cat status)" = 0
done
pseq each --heartbeat 200ms -q 'sleep 1; false #{}' x
ok 'with -q there is none' test "$(beats)" -eq 0
pseq each --heartbeat 200ms --output quiet 'sleep 1; false #{}' x
ok 'nor with --output quiet' test "$(beats)" -eq 0
pseq each --heartbeat soon true x
ok 'a time that is none is an error' status 2

cat >a.job <<'END'
[sequence s]
run = sleep 1
END
pseq run --jitter 0s --heartbeat 300ms a.job
ok 'a job has one, too' grep -q "0 of 1 lane over, 1 in work: .*'sleep 1' " err
ok 'no jitter is none' status 0
if command -v script >/dev/null; then
	script -qec "$PSEQ each --output stream --heartbeat 200ms 'sleep 1 #{}' x" \
	    /dev/null >err </dev/null
	ok 'a terminal has none' test "$(beats)" -eq 0
fi
done_testing
