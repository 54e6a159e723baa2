#!/bin/sh
# barriers, and steps that are done once
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
each n range = 1..4
parallel = 2
say = before
barrier = here
say = after
JOB
ok 'all lanes of a group meet, however few have a place' status 0
ok 'nobody goes on before all have come' same out <<'END'
before
before
before
before
after
after
after
after
END
job --no-tag <<'JOB'
[sequence a]
each n range = 1..3
parallel = 3
set i = 0
step = again
let i = i + 1
barrier = round
say = ${i}
goto = again
when = i < 4
JOB
ok 'in a loop a barrier counts rounds' test "$(tr -d '\n' <out)" = 111222333444
job --no-tag <<'JOB'
[sequence a]
each n range = 1..5
parallel = 5
barrier = two
count = 2
on closed = goto alone
say = pair
return =
step = alone
say = alone
JOB
ok 'count lets so many through' count out 4 '^pair$'
ok 'who is left over is told that it is closed' count out 1 '^alone$'
job --no-tag <<'JOB'
[sequence a]
each n range = 1..4
parallel = 4
barrier = half
count = 50%
say = through
JOB
ok 'a percentage of the group' count out 4 through
job --no-tag <<'JOB'
[sequence a]
each n range = 1..3
parallel = 3
return =
when = n == 2
run = sleep 0.1; exit "$((n == 3))"
barrier = here
say = ${n} is through
JOB
ok 'lanes that have ended are not waited for' has out '1 is through'
job --no-tag <<'JOB'
[sequence a]
each n range = 1..2
parallel = 2
sleep = 2s
when = n == 2
barrier = here
timeout = 100ms
on timeout = goto late
say = through
return =
step = late
say = ${n} ${result}
JOB
ok 'waiting has a time limit' has out '1 timeout'
job <<'JOB'
[sequence a]
each n range = 1..2
barrier = b${n}
JOB
ok 'lanes at different barriers are a deadlock' status 1
ok 'which is told' has err 'deadlock: '
ok 'with who waits where' has err "a[1] waits at barrier 'b1'"
job --no-tag <<'JOB'
[sequence a]
call = r
each n range = 1..3
parallel = 1
barrier = x
say = end
[routine r]
barrier = x
say = ${lanes}
JOB
ok 'sub-lanes have barriers of their own' same out <<'END'
3
3
3
end
END
job --no-tag <<'JOB'
[sequence a]
each n range = 1..6
serial = 2
parallel = 2
barrier = wave
say = ${wave}
JOB
ok 'and so has each wave' test "$(tr -d '\n' <out)" = 112233
cat >a.job <<'JOB'
[sequence a]
each n range = 1..3
parallel = 3
always = bye
run = sleep 60
when = n == 3
barrier = never
[routine bye]
say = bye ${n} ${result}
JOB
start run a.job
sleep 0.3
kill -INT "$pid"
ended
ok 'INT ends who waits' count out 3 'bye . cancelled'
job --quiet <<'JOB'
[sequence a]
each n range = 1..1000
parallel = 1000
set i = 0
step = again
barrier = round
let i = i + 1
goto = again
when = i < 10
JOB
ok 'a thousand lanes meet ten times' status 0

# once
job --no-tag <<'JOB'
[sequence a]
each n range = 1..5
parallel = 5
step = migrate
run = echo migrating; echo key=5; echo 42; exit 3
capture text = stdout
capture p = pairs
once = yes
ok = 3
say = ${result} ${code} ${p_key} ${index}
JOB
ok 'one lane does it for all' count out 1 '^migrating'
ok 'all share its result and its captures' count out 5 '^ok 3 5 [1-5]$'
job <<'JOB'
[sequence a]
each n range = 1..3
parallel = 3
step = migrate
run = echo trying; exit 3
retry = 1 every 10ms
once = yes
on 3 = goto ${n}
on any = next
step = s1
say = x
JOB
job <<'JOB'
[sequence a]
each n range = 1..3
parallel = 3
step = migrate
run = echo trying; exit 3
retry = 1 every 10ms
once = yes
JOB
ok 'a failure is shared as well' has err "FAILED step 'migrate': exit 3   (3 lanes)"
ok 'the tries are those of one lane' count out 2 trying
job --no-tag <<'JOB'
[sequence a]
each n range = 1..3
parallel = 3
var d = /nowhere
run = true
dir = ${d}
once = yes
on start = next
say = ${result} ${n}
JOB
ok 'who cannot start it leaves it to the next' count out 3 '^start [123]$'
job --no-tag <<'JOB'
[sequence a]
each n range = 1..2
parallel = 2
set i = 0
step = again
let i = i + 1
run = echo "once $i"
once = yes
goto = again
when = i < 3
JOB
ok 'in a loop each round is done once' same out <<'END'
once 1
once 2
once 3
END
job --no-tag <<'JOB'
[sequence a]
each n range = 1..4
serial = 1
run = echo once
once = yes
say = ${wave} ${result}
JOB
ok 'all waves together do it once' same out <<'END'
once
1 ok
2 ok
3 ok
4 ok
END
job --no-tag <<'JOB'
[sequence a]
each n limit = "1 300ms" "2 20s" "3 20s"
parallel = 3
lane-timeout = ${limit}
run = test "$n" = 2 || sleep 60; echo "done by $n"
once = yes
say = ${n} ${result}
JOB
ok 'who is ended while it does it leaves it to the next' same_sorted out <<'END'
done by 2
2 ok
3 ok
END

check <<'JOB'
[sequence a]
barrier = x
count = 0
JOB
ok 'a count of none is a mistake' has err 'at least 1'
check <<'JOB'
[sequence a]
run = true
count = 3
JOB
ok 'count belongs to barriers' has err "'run' takes no 'count'"

job <<'JOB'
[sequence a]
each n range = 1..20
parallel = 20
barrier = b-${n}
JOB
ok 'lanes that wait in vain are told so' has err 'error: deadlock: '
ok 'but in the summary only once' count err 1 '^FAILED'
ok 'for all of them' has err '(20 lanes)'

job --no-tag <<'JOB'
[sequence a]
each x = 1 2 3 4 5
serial = 2
barrier = b
count = 100%
say = ${x}
JOB
ok 'a percentage is of the lanes of the wave' status 0

job <<'JOB'
[job]
parallel = 1
[channel c]
[sequence a]
call = long
on timeout = next
receive c = x
run = mkdir d; sleep 0.3; rmdir d
[sequence b]
sleep = 300ms
send c = x
run = mkdir d; sleep 0.3; rmdir d
[routine long]
lane-timeout = 100ms
sleep = 1m
JOB
ok 'also a lane that had a time limit waits for its place' status 0

limit=20
job <<'JOB'
[channel c]
capacity = 0
[sequence a]
call = r
each x = 1 2
parallel = 2
receive c = z
on closed = finish
[routine r]
run = yes | head -n 20
stdout channel = c
once = yes
JOB
ok 'who waits for once waits no longer than who does it' status 0

done_testing
