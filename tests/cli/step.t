#!/bin/sh
# modifiers of steps: env, dir, quiet, tty, visits, as, limits of time
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[vars]
V = from vars
[sequence a]
env H = header ${V}
env LANG = xx
run = echo "$H|$LANG|$V"
run = echo "$H|$LANG|$V"
env H = step "quoted" $HOME
env V = hidden
run = echo "${H-unset}"
env H = none
JOB
ok 'env is for the command, the step wins over the header' same out <<END
header from vars|xx|from vars
step "quoted" \$HOME|xx|hidden
unset
END
mkdir -p work/deep
echo in >work/deep/here
job --no-tag <<'JOB'
[sequence a]
dir = work
run = basename "$PWD"; pwd -P | sed 's,.*/,,'
run = cat here
dir = work/deep
run = cat work/deep/here
dir = none
JOB
ok 'dir is where the command starts' same out <<'END'
work
work
in
in
END
cat >work/sub.job <<'JOB'
[job]
dir = .
[sequence a]
each f files = deep/*
run = basename "$PWD"; cat "$f"
JOB
pseq run --no-tag work/sub.job
ok 'the dir of the job is relative to its file' same out <<'END'
work
in
END
cat >work/plain.job <<'JOB'
[sequence a]
run = basename "$job_dir"; test -d work && echo "started here"
JOB
pseq run --no-tag work/plain.job
ok 'without it all starts where pseq was started' same out <<'END'
work
started here
END

job <<'JOB'
[sequence a]
run = echo hidden
quiet = yes
run = echo shown; exit 1
quiet = yes
JOB
ok 'the output of a quiet step is not shown' hasnt out hidden
ok 'but when it fails' line out 'a | shown'
job <<'JOB'
[sequence a]
quiet = yes
run = echo hidden
run = echo shown
quiet = no
JOB
ok 'quiet may be the default' same out <<'END'
a | shown
END

job --no-tag <<'JOB'
[sequence a]
run = test -t 1 && echo terminal; test -t 2 && echo both; printf 'a\nb\n'
tty = yes
run = test -t 1 || echo none
run = tty; stty -a | tr ' ;' '\n\n' | grep -x -e -onlcr
tty = yes
on any = next
JOB
ok 'tty gives the command a terminal' line out terminal
ok 'for both streams' line out both
ok 'whose lines end as others do' line out b
ok 'without it there is none' line out none
job --no-tag <<'JOB'
[sequence a]
run = (exec </dev/tty) 2>/dev/null && echo has one; echo end
run = read -r x && echo "got $x"; echo end
tty = yes
stdin = given
JOB
ok 'a command has no controlling terminal' noline out 'has one'

job --no-tag <<'JOB'
[sequence a]
set n = 0
step = loop
let n = n + 1
visits = 5
goto = loop
JOB
ok 'too many visits are an error' status 1
ok 'which says so' has err visits
job <<'JOB'
[sequence a]
set n = 0
step = loop
let n = n + 1
goto = loop
JOB
ok 'the limit is 1000 where none is given' has err 1000
job --no-tag <<'JOB'
[sequence a]
set n = 0
step = loop
let n = n + 1
visits = forever
step = jump
goto = loop
visits = forever
when = n < 3000
say = ${n}
JOB
ok 'visits = forever has none' line out 3000

# as: sudo -n -u USER
stub sudo <<'STUB'
echo "$*" >>"$HOME/sudo.log"
test "$1" = -n && shift
test "$1" = -u && shift
test "$1" = daemon || exit 1
shift
test "$1" = -- && shift
env -i PATH="$PATH" "$@"
STUB
job --no-tag <<'JOB'
[vars]
v = it's "$x"
[sequence a]
run = echo "<$v>"; cat
as = daemon
stdin = input
env E = secret value
run = echo "$E"; exit 3
as = daemon
env E = secret value
ok = 3
JOB
ok 'as runs the command by sudo' line out "<it's \"\$x\">"
ok 'which gets its input' line out input
ok 'and its environment' line out 'secret value'
ok 'and its exit code counts' status 0
ok 'sudo is told never to ask' count home/sudo.log 2 '^-n -u daemon'
ok 'and no value is in its arguments' hasnt home/sudo.log secret
job <<'JOB'
[sequence a]
as = daemon
run = true
local = touch direct
JOB
ok 'local is not run so unless it says so itself' \
    sh -c 'test -e direct && test "$(grep -c ^-n home/sudo.log)" -eq 3'
job <<'JOB'
[sequence a]
run = sleep 60
as = daemon
timeout = 300ms
grace = 300ms
on timeout = finish ended
JOB
ok 'a command of sudo can be ended' status 0
job <<'JOB'
[sequence a]
run = true
as = nobody-like-this
JOB
ok 'a sudo that refuses is a failure' status 1
rm bin/sudo
if command -v sudo >/dev/null && test "$(id -u)" = 0; then
	job --no-tag <<'JOB'
[sequence a]
run = id -un; cat
as = daemon
stdin = input
JOB
	ok 'a real sudo' line out daemon
	ok 'gets its input' line out input
else
	skip 'a real sudo' 'there is none'
	skip 'gets its input' 'there is none'
fi

# limits of time
stub slow <<'STUB'
trap 'echo terminated; exit 9' TERM
echo ready
sleep 60 & wait
STUB
job --no-tag <<'JOB'
[sequence a]
run = slow
timeout = 500ms
on timeout = finish in time
JOB
ok 'what takes too long is sent TERM' line out terminated
ok 'and is a timeout whatever its code' status 0
job --no-tag <<JOB
[sequence a]
run = $child/stubborn
timeout = 300ms
grace = 200ms
JOB
ok 'what ignores TERM is killed after grace' status 1
ok 'and is a timeout' has err timeout
job --no-tag <<'JOB'
[sequence a]
run = echo a; sleep 0.2; echo b; sleep 0.2; echo c >&2; sleep 0.2; echo d
silent = 5s
run = echo e; sleep 60
silent = 300ms
on silent = next
say = ${result}
JOB
ok 'silent is the time since the last output' same_sorted out <<'END'
a
b
d
e
silent
END
job <<'JOB'
[sequence a]
timeout = 200ms
silent = 100s
grace = 1s
run = sleep 60
on timeout = next

run = sleep 0.5
timeout = none
JOB
ok 'limits may be defaults, and taken off' status 0
job <<'JOB'
[sequence a]
lane-timeout = 300ms
run = sleep 0.1
sleep = 60s
JOB
ok 'a lane has a limit too' status 1
ok 'which is told as timeout' has err timeout
job <<'JOB'
[job]
timeout = 300ms
[sequence a]
always = z
run = sleep 60
[routine z]
run = echo bye
JOB
ok 'and the whole run' status 1
ok 'always runs then' line out 'a | bye'
job <<'JOB'
[sequence a]
call = r
on timeout = next
say = after
[routine r]
lane-timeout = 200ms
run = sleep 60
JOB
ok 'a routine may have a limit' line out 'a : after'
job <<'JOB'
[sequence a]
sleep = 10ms..50ms
sleep = 1s..2s
timeout = 50ms
on timeout = finish
JOB
ok 'a sleep may be random' status 0
done_testing
