#!/bin/sh
# routines: parameters, scope, names that are computed, depth
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
set x = outer
call = r what=one more="two words" x=${x}er
say = ${x} ${made}
call = r what=three
[routine r]
params = what more=nothing x=default
say = ${what}|${more}|${x}
set made = made by ${what}
set x = inner
JOB
ok 'parameters have values or defaults' line out 'one|two words|outerer'
ok 'and exist during the call only' line out 'outer made by one'
ok 'a default is there again' line out 'three|nothing|default'

job --no-tag <<'JOB'
[sequence a]
var v = sequence
call = r
say = ${v}
[routine r]
var v = routine
say = ${v}
set v = changed
call = s
[routine s]
say = ${v} deeper
set v = more
JOB
ok 'a var of a routine exists during the call only' same out <<'END'
routine
changed deeper
sequence
END

job --no-tag <<'JOB'
[sequence a]
each os = linux bsd
parallel = 1
call = facts-${os} x=${os}
[routine facts-linux]
params = x
say = L ${x}
[routine facts-bsd]
params = x
say = B ${x}
JOB
ok 'the name of a routine may be computed' same out <<'END'
L linux
B bsd
END
job --no-tag <<'JOB'
[sequence a]
each os = linux plan9
call = facts-${os}
[routine facts-linux]
say = L
JOB
ok 'one that is not there is an error of its lane' status 1
ok 'with its name' has err facts-plan9
ok 'and of no other' line out L
printf '[sequence a]\neach o = x\ncall = no-${o}\n[routine other]\nsay = x\n' | check
ok 'a pattern that nothing matches is a mistake' status 2

job --no-tag <<'JOB'
[sequence a]
call = down n=990
say = up again
[routine down]
params = n
let m = n - 1
call = down n=${m}
when = m > 0
JOB
ok 'a routine may call itself 990 deep' line out 'up again'
job --no-tag <<'JOB'
[sequence a]
call = down
[routine down]
always = z
call = down
[routine z]
set x = 1
JOB
ok 'but not for ever' status 1
ok 'the limit is told' has err 1000
job <<'JOB'
[job]
depth = 5
[sequence a]
call = down
[routine down]
call = down
JOB
ok 'the limit can be set' has err 5
ok 'and is an error' has err error

job --no-tag <<'JOB'
[sequence a]
call = r
on 3 = next
say = ${result} ${code} ${step}
call = r
[routine r]
step = inside
run = exit 3
JOB
ok 'a call fails as its step did' line out 'exit 3 inside'
ok 'also for the lane' has err 'exit 3'
job --no-tag <<'JOB'
[sequence a]
call = outer
say = end
[routine outer]
call = inner
say = never
[routine inner]
drain = all of it
JOB
ok 'drain reaches the whole job' status 1
ok 'with its message' has err 'all of it'
ok 'from any depth' hasnt out never
job --no-tag <<'JOB'
[sequence a]
step = one
goto = two
say = never
step = two
call = r
say = end
[routine r]
step = one
goto = three
say = never
step = two
say = never
step = three
say = three
JOB
ok 'goto stays in its own routine' same out <<'END'
three
end
END
printf '[sequence a]\ngoto = there\n[routine r]\nstep = there\nsay = x\n' | check
ok 'a step of another is none of ours' status 2
job --no-tag <<'JOB'
[sequence a]
call = r x="a  b" y='${lane}' z=${lane} w=
[routine r]
params = x y z w
say = ${x}|${y}|${z}|${w}|
JOB
ok 'arguments are words' has out 'a  b|'
job --no-tag <<'JOB'
[sequence a]
dir = /
call = r
[routine r]
env E = routine
run = echo "$E"; pwd
JOB
ok 'defaults of a routine are its own' line out routine
ok 'and those of the sequence are not' line out "$(pwd)"
done_testing
