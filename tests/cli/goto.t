#!/bin/sh
# loops of 100,000 jumps: bounded memory, and others go on
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'JOB'
[job]
parallel = 4
[sequence loop]
set n = 0
step = again
let n = n + 1
visits = forever
step = jump
goto = again
visits = forever
when = n < 100000
run = grep VmHWM "/proc/$PPID/status"; test -e other && echo "other was done"
say = ${n}
[sequence other]
run = touch other
JOB
pseq run --no-tag a.job
ok '100,000 jumps are done' line out 100000
ok 'another lane goes on meanwhile' line out 'other was done'
if is_sanitized; then
	skip 'memory is bounded' 'sanitizers need their own'
else
	ok 'memory is bounded' sh -c \
	    'test "$(awk "/VmHWM/ { print \$2 }" out)" -lt 16384'
fi
# while it loops for ever, an end from outside is heard
printf '[sequence a]\nsay = up\nstep = s\nset x = 1\nvisits = forever\ngoto = s\nvisits = forever\n' >b.job
start run b.job
retry grep -q up out
kill -INT "$pid"
ended
ok 'an endless loop can be ended' status 130
printf '[sequence a]\nlane-timeout = 300ms\nstep = s\nset x = 1\nvisits = forever\ngoto = s\nvisits = forever\n' >b.job
pseq run b.job
ok 'and has its time' has err timeout
printf '[sequence a]\nstep = s\nrun = false\non fail = retry\nvisits = 50\n' >b.job
limit=5 pseq run b.job
ok 'retry as a reaction counts as a visit' has err visits
done_testing
