#!/bin/sh
# results of steps, and the reactions they lead to
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# reacts RESULT <STEP-LINES: `on RESULT` is what catches it
reacts() {
	{ echo '[sequence a]'; cat; echo "on $1 = finish caught"
	  echo 'on any = fail other'; } >a.job
	pseq run a.job
	status 0
}
ok 'any other exit code is exit' reacts exit <<'END'
run = exit 3
END
ok 'a code stands for itself' reacts 3 <<'END'
run = exit 3
END
ok 'codes may be a range' reacts 1-9 <<'END'
run = exit 3
END
ok 'or a list' reacts 2,3,7 <<'END'
run = exit 7
END
ok 'code 0 is ok' reacts 0 <<'END'
run = true
END
ok 'ok is ok' reacts ok <<'END'
run = true
END
ok 'any is any' reacts any <<'END'
run = exit 99
END
ok 'fail is what fails' reacts fail <<'END'
run = exit 99
END
ok 'a signal is signal' reacts signal <<'END'
run = kill -9 $$
END
ok 'with its name' reacts 'signal TERM KILL' <<'END'
run = kill -9 $$
END
ok 'or its other names' reacts 'signal SIGUSR1' <<'END'
run = kill -USR1 $$
END
ok 'a code as shells report a signal is one' reacts 'signal TERM' <<'END'
run = exit 143
END
ok 'a shell whose child was killed says so too' reacts 'signal KILL' <<'END'
run = sh -c 'kill -9 $$'; true
END
ok 'a limit of time is timeout' reacts timeout <<'END'
run = sleep 60
timeout = 100ms
END
ok 'a limit of silence is silent' reacts silent <<'END'
run = echo one; sleep 60
silent = 200ms
END
ok 'a timeout is a failure' reacts fail <<'END'
run = sleep 60
timeout = 100ms
END
ok 'sleep has a limit too' reacts timeout <<'END'
sleep = 60s
timeout = 100ms
END
ok 'what was not run is skipped' reacts skipped <<'END'
run = false
when = 0
END
ok 'what pseq judges is error' reacts error <<'END'
let x = 1 / 0
END
ok 'a variable that is not set when it is reached is error' reacts error <<'END'
goto = use
set later = 1
step = use
say = ${later}
END
# calls RESULT <ROUTINE: `on RESULT` catches what the call of it gives
calls() {
	{ printf '[sequence a]\n%s\ncall = inner\n' "${2:-# plain}"
	  printf 'on %s = finish caught\non any = fail other\n' "$1"
	  echo '[routine inner]'; cat; } >a.job
	pseq run a.job
	status 0
}
ok 'a call has a limit too' calls timeout 'step = limited
timeout = 100ms' <<'END'
run = sleep 60
END
ok 'a fail is an error for the caller' calls error '' <<'END'
fail = it broke
END
ok 'a code is the same for the caller' calls 17 '' <<'END'
run = exit 17
END
ok 'a call that returns is ok' calls ok '' <<'END'
return =
fail = never
END
printf 'x%.0s' $(seq 2048) >big
job <<'JOB'
[vars]
big output = cat big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big big
[sequence a]
set e = ${big}${big}
run = true
env A = ${big}${big}
on start = finish caught
on any = fail other
JOB
ok 'what cannot be started is start' status 0

job <<'JOB'
[sequence a]
run = exit 3
ok = 0 3 10-19
run = exit 12
ok = 0,3,10-19
run = exit 3
ok = 3
on ok = next
run = exit 0
ok = 3
on 0 = finish zero is no success here
JOB
ok 'ok says which codes are success' status 0

job --no-tag <<'JOB'
[sequence a]
run = exit 5
on 4 = fail four
on 5 = next
on exit = fail late
say = the first match wins
run = exit 6
on 1-9 = goto there
say = never
step = there
say = there
JOB
ok 'matches are tried in the order written' same out <<'END'
the first match wins
there
END

job --no-tag <<'JOB'
[sequence a]
step = again
run = test -e flag || { touch flag; exit 1; }
on 1 = retry
say = then ${code} ${result} ${attempt}
JOB
ok 'retry goes to the step itself' line out 'then 0 ok 1'

job --no-tag <<'JOB'
[sequence a]
run = exit 1
on 1 = call mend
say = one
run = exit 2
on 2 = call mend what=two then goto far
say = never
step = far
run = test -e mended
on 1 = call touch then retry
say = far
run = exit 3
on 3 = call mend what="a  b" then fail
[routine mend]
params = what=nothing
say = mend ${what}
[routine touch]
run = touch mended
JOB
ok 'a reaction can call, and then go elsewhere' same out <<'END'
mend nothing
one
mend two
far
mend a  b
END
ok 'call then fail fails' status 1
ok 'with the result of the step' has err 'exit 3'

job --no-tag <<'JOB'
[sequence a]
run = exit 1
on fail = finish all is ${code}
say = never
JOB
ok 'finish ends the lane well' status 0
ok 'at once' hasnt out never
job --no-tag <<'JOB'
[sequence a]
run = true
on ok = fail no good: ${code}
say = never
JOB
ok 'fail ends it as failed' status 1
ok 'with its message' has err 'no good: 0'
job --no-tag <<'JOB'
[sequence a]
run = exit 4
on 4 = fail
JOB
ok 'fail without a message still tells the result' has err 'exit 4'

job --no-tag <<'JOB'
[sequence a]
call = inner
say = back ${result}
return =
say = never
[routine inner]
say = in
return =
say = never
JOB
ok 'return ends where it stands, judging nothing' same out <<'END'
in
back ok
END
ok 'and is no failure' status 0
job --no-tag <<'JOB'
[sequence a]
call = inner
say = still here
finish = all done
say = never
[routine inner]
finish = early
say = never
JOB
ok 'finish in a routine ends the routine' same out <<'END'
early
still here
all done
END
job --no-tag <<'JOB'
[sequence a]
call = inner
on 7 = say code ${code} from ${step}
say = never
[routine inner]
step = deep
run = exit 7
JOB
ok 'say is no reaction of a result' status 2
job --no-tag <<'JOB'
[sequence a]
call = inner
on 7 = next
say = ${result} ${code}
call = inner2
on error = next
say = ${result} ${message}
[routine inner]
step = deep
run = exit 7
[routine inner2]
fail = as I said
JOB
ok 'a call has the result of the step that failed' same out <<'END'
exit 7
error as I said
END

job --no-tag <<'JOB'
[sequence a]
run = exit 1
when = 0
say = ${result}
run = exit 1
when = defined host
run = test 1 = 1
when = lane == "a" and not defined nothing_of_this_name
JOB
ok 'when tells whether a step is run' status 2
job --no-tag <<'JOB'
[vars]
empty =
[sequence a]
step = one
run = exit 1
when = 0

step = two
run = exit 1
when = empty
say = ${lane} goes on
run = echo run
when = one.result == "skipped" and two.result == "skipped"
JOB
ok 'a step whose condition is false is skipped' same out <<'END'
a goes on
run
END
job --no-tag <<'JOB'
[sequence a]
step = first
run = exit 4
ok = 4
step = second
run = exit 5
on 5 = next
say = ${result} ${code} ${step}
let x = first.code + second.code
say = ${x}
JOB
ok 'results of named steps can be asked for' line out 9
job --no-tag <<'JOB'
[sequence a]
step = noisy
run = echo 'first'; echo 'last words' >&2; exit 2
on 2 = next
say = ${result}/${code}/${step}/${stderr_tail}
JOB
ok 'result, code, step and stderr_tail are of the last step' \
    line out 'exit/2/noisy/last words'

# a choice by exit code, as for a disk to be mounted
stub mount <<'STUB'
test -e repaired || exit 32
test -e tried && touch mounted && exit 0
touch tried; exit 16
STUB
stub fsck <<'STUB'
touch repaired; exit 1
STUB
job --no-tag <<'JOB'
[sequence disk]
step = mount
run = mount /mnt
on 32 = goto repair
on 16 = retry
say = mounted
finish =

step = repair
run = fsck /mnt
ok = 0 1
goto = mount
JOB
ok 'a disk is mounted, repaired, tried again by exit codes' test -e mounted
ok 'and all ends well' status 0
done_testing
