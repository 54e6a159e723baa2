#!/bin/sh
# variables: where they come from, which wins, what commands see
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'JOB'
[vars]
v = vars
w = ${v} again
x output = echo from command; echo >>ran
h = vars
s = vars
i = vars
[sequence a]
each i = item
var h = header ${v}
say = ${v}|${w}|${x}|${h}|${s}|${i}
set s = set
set h = set
set i2 = ${i}
say = ${h}|${s}
call = r v=argument
say = ${v}
[routine r]
params = v
say = ${v}
[sequence b]
say = ${s}
after = a
JOB
sed -i '/^after = a/d; s/^\[sequence b\]/&\nafter = a/' a.job
pseq run --no-tag a.job
ok 'the later source wins, set is of its lane' same out <<'END'
vars|vars again|from command|header vars|vars|item
set|set
argument
vars
vars
END
ok 'a command for a variable is run once' test "$(wc -l <ran)" -eq 1
pseq run --no-tag -v v=opt --var h=opt2 a.job
ok '-v is over vars and header, below items and arguments' same out <<'END'
opt|opt again|from command|opt2|vars|item
set|set
argument
opt
vars
END
pseq run --no-tag -v x=given a.job
ok 'a variable that is given needs no command' \
    sh -c 'grep -q "|given|" out && test "$(wc -l <ran)" -eq 2'
pseq run -v nobody=1 a.job
ok '-v of what no one knows is an error' status 2
ok 'which names it' has err nobody
printf '[vars]\nrelease = 1\n[sequence a]\nsay = ${release}\n' >r.job
pseq run -v relaese=2 r.job
ok 'with the nearest name' has err "release"
pseq run -v release= --no-tag r.job
ok 'a value may be empty' same out <<'END'

END
pseq run -v release=a=b --no-tag r.job
ok 'or hold a =' line out a=b
pseq run -v release r.job
ok 'but a name alone is an error' status 2
printf '[vars]\nto required = where it is copied to\n[sequence a]\nsay = ${to}\n' >q.job
pseq run q.job
ok 'a required variable must be given' status 2
ok 'the error says what it is' has err 'where it is copied to'
pseq run --no-tag -v to=there q.job
ok 'and when it is all is well' line out there

job --no-tag <<'JOB'
[vars]
x output = echo a; exit 4
[sequence a]
say = ${x}
JOB
ok 'a variable whose command fails is a failure' status 1
ok 'and nothing is run' test ! -s out
ok 'which is told' has err 'exit 4'
job --no-tag <<'JOB'
[vars]
a = 1
b output = echo "<$a>"
c = ${b}${b}
d output = printf 'x\n\n'
[sequence a]
say = ${c}|${d}|
JOB
ok 'later variables see earlier ones' line out '<1><1>|x|'
printf '[vars]\na = ${b}\nb = 1\n[sequence a]\nsay = ${a}\n' | check
ok 'but not the other way' status 2
printf '[vars]\na = 1\na = 2\n[sequence a]\nsay = ${a}\n' | check
ok 'a variable given twice is a mistake' status 2
for bad in 1a a-b 'a b' lane host attempt; do
	printf '[vars]\n%s = 1\n[sequence a]\nsay = x\n' "$bad" | check
	ok "'$bad' is no name for a variable" status 2
done

OUTSIDE=inherited job --no-tag <<'JOB'
[vars]
v = own
[sequence a]
each i = 7
set x = set
let y = 6 * 7
run = echo "$v $i $x $y $OUTSIDE"
run = echo "$PSEQ_JOB|$PSEQ_LANE|$PSEQ_INDEX|$job|$lane|$index"
run = test -n "$run" && test "$run" = "$PSEQ_RUN" && echo "$attempt"
say = ${env.OUTSIDE}
JOB
ok 'all variables are in the environment of commands' \
    line out 'own 7 set 42 inherited'
ok 'our own also as PSEQ_' line out 'a|a[7]|1|a|a[7]|1'
ok 'run names the run' line out 1
ok 'env. is our own environment' line out inherited
printf '[sequence a]\nsay = ${env.NO_SUCH_THING_HERE}\n' | job
ok 'what is not in it is an error' not status 0
job --no-tag <<'JOB'
[sequence a]
say = $${lane} $lane $$ ${lane}$ $(x) a$b
JOB
ok 'a dollar is plain but before a {' \
    same out <<'END'
${lane} $lane $$ a$ $(x) a$b
END
head -c 50000 /dev/zero | tr '\0' y >half
job --no-tag <<'JOB'
[vars]
half output = cat half
[sequence a]
set large = ${half}${half}
run = echo "${large-not exported}"
run = wc -c
stdin var = large
JOB
ok 'a value over 96 KiB is not exported' line out 'not exported'
ok 'with one warning' count err 1 large
ok 'but is there for standard input' line out 100000

# include
mkdir sub
cat >sub/more.job <<'JOB'
[vars]
from = included
[routine shared]
say = shared ${from} ${mine}
JOB
cat >main.job <<'JOB'
[job]
include = sub/more.job
name = main
[vars]
mine = main
[sequence a]
call = shared
say = ${job}
JOB
(cd sub && "$PSEQ" run --no-tag ../main.job) >out 2>err
ok 'includes are relative to the file they stand in' same out <<'END'
shared included main
main
END
printf '[job]\nname = x\n' >>sub/more.job
pseq check main.job
ok 'job keys are for the first file' status 2
job --no-tag <<'JOB'
[sequence a]
run = exit 3
on 3 = next
say = ${result}
let x = 1
say = ${result} ${code} ${step}
JOB
ok 'result is of the last step that started something' \
    sh -c 'sed -n 2p out | grep -q "^exit 3"'
done_testing
