#!/bin/sh
# rescue and always: when they run, in which order, what they know
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
rescue = r
always = z
step = boom
run = echo work; echo 'bad thing' >&2; exit 3

say = never
[routine r]
say = rescue ${result} ${code} ${step} ${stderr_tail}
[routine z]
say = always ${result} ${code} ${step}
JOB
grep -v '^bad thing' out >got
ok 'rescue runs after a failure, then always' same got <<'END'
work
rescue exit 3 boom bad thing
always exit 3 boom
END
ok 'the lane stays failed' status 1
ok 'by its first cause' has err "FAILED step 'boom': exit 3"
job --no-tag <<'JOB'
[sequence a]
rescue = r
always = z
run = exit 3
[routine r]
say = rescue
finish = mended
[routine z]
say = always ${result}
JOB
ok 'a rescue that finishes saves the lane' status 0
ok 'which the summary tells' has err rescued
ok 'always runs then too' has out 'always '
job --no-tag <<'JOB'
[sequence a]
rescue = r
always = z
say = well
[routine r]
say = rescue
[routine z]
say = always ${result}
JOB
ok 'without a failure there is no rescue' same out <<'END'
well
always ok
END
job --no-tag <<'JOB'
[sequence a]
rescue = r
always = z
run = exit 3
[routine r]
run = exit 4
[routine z]
run = exit 5
JOB
ok 'a failure of theirs does not replace the first cause' has err 'exit 3   (1 lane)'
ok 'both were run' status 1
job --no-tag <<'JOB'
[sequence a]
always = z
say = well
[routine z]
run = exit 5
JOB
cp status always.status
ok 'a lane is over when its always is' has err 'exit 5'
job --no-tag <<'JOB'
[sequence a]
rescue = r
always = z
lane-timeout = 200ms
run = sleep 60
[routine r]
say = rescue ${result}
[routine z]
say = always ${result}
JOB
ok 'a lane timeout is rescued' same out <<'END'
rescue timeout
always timeout
END
job --no-tag <<'JOB'
[sequence a]
call = inner
on fail = next
say = back ${result} ${code}
call = saved
say = saved ${result}
[routine inner]
rescue = r
always = z
run = exit 3
[routine saved]
rescue = f
run = exit 3
[routine r]
say = rescue ${code}
[routine z]
say = always ${code}
[routine f]
finish = mended
JOB
grep -v mended out >got
ok 'routines have their own' same got <<'END'
rescue 3
always 3
back exit 3
saved ok
END
job --no-tag <<'JOB'
[sequence a]
always = z
run = touch started; sleep 60
on any = say never

[routine z]
say = z
JOB
ok 'say is no reaction' status 2
cat >a.job <<'JOB'
[sequence a]
rescue = r
always = z
run = touch started; sleep 60
on cancelled = call r
on any = call r
[routine r]
run = echo rescue
[routine z]
run = echo "always $result"
run = exit 3
on 3 = next
run = echo end
JOB
start run --no-tag a.job
retry test -e started
kill -INT "$pid"
ended
ok 'an end from outside runs always, but not rescue' same out <<'END'
always cancelled
end
END
ok 'and the status is that of the signal' status 130
job --no-tag <<'JOB'
[sequence a]
rescue = r
run = exit 1
[routine r]
lane-timeout = 200ms
say = rescue
run = sleep 60
JOB
ok 'a rescue has its own time' status 1
ok 'and the first cause stays' has err 'exit 1   (1 lane)'
job --no-tag <<'JOB'
[sequence a]
always = z
run = true
finish = early
[sequence b]
always = z
fail = on purpose
[sequence c]
always = z
return =
[routine z]
say = ${lane} ${result} ${message}
JOB
ok 'always runs after finish, fail and return' sh -c \
    'grep -q "^a ok" out && grep -q "^b error on purpose" out && grep -q "^c ok" out'
job --no-tag <<'JOB'
[sequence a]
always = z
call = deep
[routine deep]
always = y
call = deeper
[routine deeper]
always = x
run = exit 9
[routine x]
say = x ${code}
[routine y]
say = y ${code}
[routine z]
say = z ${code}
JOB
ok 'from the inside out' same out <<'END'
x 9
y 9
z 9
END
job --no-tag <<'JOB'
[sequence a]
rescue = r
always = r
run = exit 2
[routine r]
var own = set
set seen = ${own}
say = ${own}
JOB
ok 'one routine may be both' count out 2 '^set$'
# handlers of handlers: either a mistake or an end
for handler in always rescue; do
	printf '[sequence a]\n%s = r\nrun = false\n[routine r]\n%s = r\nrun = false\n' \
	    $handler $handler >a.job
	limit=10 pseq run a.job
	ok "a routine that is its own $handler does not run for ever" \
	    sh -c 'grep -qx -e 1 -e 2 status'
done
cat >a.job <<'JOB'
[sequence a]
call = r
[routine r]
always = r2
call = r
[routine r2]
call = r
JOB
start run a.job
kill -TERM "$pid" 2>/dev/null
retry gone "$pid" || kill -TERM "$pid"
ok 'whatever handlers do, a second signal is the end' retry gone "$pid"
ended
job --no-tag <<'JOB'
[sequence a]
var v = ${lane} ${index}
say = ${v}
JOB
ok 'lane and index are there from the start' line out 'a 1'

job <<'JOB'
[sequence a]
always = last
run = true
[routine last]
lane-timeout = 300ms
call = sub
each x = 1 2
[routine sub]
sleep = 1m
JOB
ok 'the time of always is that of the lanes it calls' \
    has err 'the call took too long'
cat >a.job <<'JOB'
[sequence a]
always = last
run = true
[routine last]
call = sub
each x = 1 2
parallel = 2
[routine sub]
always = end
run = touch up.${x}; sleep 60
[routine end]
say = ended ${x} ${result}
JOB
start run a.job
retry test -e up.1
retry test -e up.2
kill -INT "$pid"
sleep 0.1
ok 'INT leaves them to it' test -d "/proc/$pid"
kill -INT "$pid"
ended
ok 'a second one ends them' status 130
ok 'all of them' retry clean

job --no-tag <<'JOB'
[sequence a]
lane-timeout = 200ms
rescue = mend
spawn = long
[routine mend]
say = ${result}
finish =
[routine long]
sleep = 1m
JOB
ok 'rescue also when the time is over while spawned lanes are waited for' \
    line out timeout
ok 'and it is rescued, they are ended' status 0
job <<'JOB'
[sequence a]
lane-timeout = 200ms
rescue = mend
spawn = long
fail = first
[routine mend]
say = mends ${message}
[routine long]
always = slow
sleep = 1m
[routine slow]
sleep = 500ms
JOB
ok 'but once at most' count out 1 'mends first'

done_testing
