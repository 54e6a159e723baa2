#!/bin/sh
# commands inside a step talk to their run: pseq set, pseq get
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

ln -s "$PSEQ" bin/pseq
PATH=$dir/bin:$PATH
mkdir run tmp
XDG_RUNTIME_DIR=$dir/run TMPDIR=$dir/tmp
export PATH XDG_RUNTIME_DIR TMPDIR
unset PSEQ_SOCKET
# no socket and no directory of one is left
swept() { test -z "$(ls -A run)$(ls -A tmp)"; }

cat >a.job <<'JOB'
[vars]
free = 0
text = none
[sequence a]
run = pseq set free 17
say = ${free} free
say  = enough
when = free > 16
run = printf 'two\nlines\n\n' | pseq set text
run = echo "[$text]"; pseq set free -5; pseq get free; pseq set text ''
say = (${text}) ${free}
call = routine free=3
say = ${free} as before
run = test "$attempt" = 3 || pseq set text "try $attempt" && pseq get text
until = text == "try 2"
retry = 5 every 1ms
[routine routine]
params = free
run = pseq set free 4; pseq set text kept
say = ${free} ${text}
JOB
pseq run --no-tag a.job
ok 'a variable that is set is there for later steps' same out <<'END'
17 free
enough
[two
lines]
-5
() -5
4 kept
-5 as before
try 1
try 2
END
ok 'and all ends well' status 0
ok 'nothing is said about it' sh -c 'test "$(wc -l <err)" -eq 1'
ok 'no socket is left' swept

cat >a.job <<'JOB'
[vars]
x = 1
[sequence a]
run = echo '{"a": [1, {"b": "deep"}]}'
capture facts = json
quiet = yes
run = echo KEY=value
capture p = pairs
quiet = yes
run =
    pseq get facts.a.1.b; pseq get facts; pseq get p_KEY; pseq get lane
    pseq get job; pseq get result; pseq get attempt; pseq set p_OTHER new
    pseq get p_OTHER
JOB
pseq run --no-tag a.job
ok 'get prints values, parts of them, and what is always there' same out <<'END'
deep
{"a": [1, {"b": "deep"}]}
value
a
a
ok
1
new
END
ok 'all of it without an error' status 0

# said WORDS…: what `pseq WORDS` in a step says and how it ends
said() {
	cat >b.job <<'JOB'
[vars]
free = 0
[sequence a]
run = sh said
run = true
capture later = stdout
JOB
	echo "pseq $*"' 2>&1; echo "status $?"' >said
	pseq run --no-tag b.job
}
said set fre 1
ok 'a slip has its nearest name' same out <<'END'
pseq set: no variable 'fre'; did you mean 'free'?
status 2
END
said set nothing 1
ok 'only what the job file declares can be set' same out <<'END'
pseq set: no variable 'nothing'; the job file must declare it, as in [vars]
status 2
END
said set lane x
ok "nor what is pseq's own" same out <<'END'
pseq set: 'lane' is pseq's own and cannot be set
status 2
END
said get attemt
ok 'get knows those, too' same out <<'END'
pseq get: no variable 'attemt'; did you mean 'attempt'?
status 2
END
said get later
ok 'a variable that is not set is status 1' same out <<'END'
pseq get: variable 'later' is not set
status 1
END
said get free.x
ok 'and so is a part that there is not' line out 'status 1'
said 'set later && echo "[$(pseq get later)]"'
ok 'without a value it is standard input, empty as it is here' line out '[]'
said 'set free <said && pseq get free'
ok 'or whatever is in it' has out 'pseq set free <said'
head -c 1048576 /dev/zero | tr '\0' x >big
said 'set later <big; pseq get later | cmp - big'
ok 'a value of 1 MiB is taken whole' has out 'EOF on big after byte 1048576'
echo x >>big
printf x | cat big - >bigger
said 'set later <bigger'
ok 'one that is longer is refused' same out <<'END'
pseq set: the value is too long (over 1 MiB)
status 2
END
head -c 3 /dev/zero >zero
said 'set later <zero'
ok 'and so is a NUL' same out <<'END'
pseq set: the value holds a NUL byte
status 2
END
said set
ok 'a name is needed' line out 'status 2'
said set a b c
ok 'and no more than a value' line out 'status 2'
said get a b
ok 'of get no more than the name' line out 'status 2'

pseq set x 1
ok 'outside of a run it is an error' status 2
ok 'which says so' same err <<'END'
pseq set: no run around this command (PSEQ_SOCKET is not set)
END
PSEQ_SOCKET='/tmp/x:y' pseq get x
ok 'as is a variable that makes no sense' has err 'is not as a run has set it'
ok 'with the same status' status 2
cat >a.job <<'JOB'
[vars]
x = 1
[sequence a]
run = echo "$PSEQ_SOCKET" >where; stat -c %a "${PSEQ_SOCKET%/*}"
run = PSEQ_SOCKET=$(tr 0-9a-f a-f0-9 <where | sed "s|.*/s|${PSEQ_SOCKET%/*}/s|") pseq set x 2 2>&1 || echo $?
run = PSEQ_SOCKET=$(cat where) pseq set x 2 2>&1 || echo $?
JOB
pseq run --no-tag a.job
ok 'the directory is for us alone, a wrong secret and an old step are refused' same out <<'END'
700
pseq set: the run did not start this command
2
pseq set: the step of this command has ended
2
END
PSEQ_SOCKET=$(cat where) pseq get x
ok 'a run that is over is no run' same err <<'END'
pseq get: the run around this command is over
END
ok 'with status 2' status 2

cat >a.job <<'JOB'
[vars]
x = 1
[sequence a]
run = (sleep 0.2; pseq set x late || echo $? >late) >/dev/null 2>said & true
run = until test -e late; do sleep 0.05; done; cat late said
run = (pseq set x first; echo ready; sleep 0.2; pseq set x second; echo done >gone; sleep 60)
on line = ready -> release
run = until test -e gone; do sleep 0.05; done
say = ${x}
JOB
pseq run --no-tag a.job
ok 'what a step left behind has no say, but what was released has' same out <<'END'
2
pseq set: the step of this command has ended
ready
second
END

# many at once
cat >a.job <<'JOB'
[vars]
x = 0
[sequence a]
run = for i in $(seq 200); do pseq get x & done; wait
[sequence b]
each n range = 1..100
parallel = 50
run = pseq set x "$n"
run = test "$x" = "$n" && test "$(pseq get x)" = "$n"
JOB
pseq run --no-tag a.job
ok '200 commands ask at once, and 100 lanes have a variable each' status 0
ok 'all of them are answered' count out 200 '^0$'
(ulimit -n 40; pseq run --no-tag a.job)
ok 'with few descriptors as well' count out 200 '^0$'

# runs within runs
cat >outer.job <<'JOB'
[vars]
x = outer
[sequence a]
run = pseq run --no-tag inner.job; pseq set x back
say = ${x}
run = pseq each --no-tag 'pseq set x {}; pseq get x' item 2>&1
JOB
cat >inner.job <<'JOB'
[vars]
x = inner
y = 0
[sequence a]
run = pseq set y 1; pseq set x changed; pseq get y
say = ${x}
JOB
pseq run --no-tag outer.job
ok "commands of a run within talk to that one, those of 'pseq each' to the job's" \
    sh -c 'grep -v ^pseq: out | tr "\n" " " | grep -qx "1 changed back item "'
pseq each --no-tag -n0 'echo ${PSEQ_SOCKET-none}' x
ok "'pseq each' has no socket of its own" line out none
cat >a.job <<'JOB'
[vars]
x output = echo ${PSEQ_SOCKET-none}
[sequence a]
run = echo "$x"
JOB
pseq run --no-tag a.job
ok 'commands of [vars] have no lane to speak of' line out none
stub sudo <<'STUB'
shift 4; exec "$@"
STUB
cat >a.job <<'JOB'
[sequence a]
run = echo ${PSEQ_SOCKET-none}
as = nobody
JOB
pseq run --no-tag a.job
ok 'nor can those of another user' line out none

# where the socket is, and that it goes
printf '[sequence a]\nrun = echo "$PSEQ_SOCKET"\n' >a.job
pseq run --no-tag a.job
ok 'it is in XDG_RUNTIME_DIR' has out "$dir/run/pseq-"
XDG_RUNTIME_DIR=/nowhere pseq run --no-tag a.job
ok 'else in TMPDIR' has out "$dir/tmp/pseq-"
XDG_RUNTIME_DIR='' TMPDIR='' pseq run --no-tag a.job
ok 'else in /tmp' has out /tmp/pseq-
deep=$dir/tmp/$(printf '%0100d' 0)
mkdir "$deep"
XDG_RUNTIME_DIR=$deep TMPDIR=relative pseq run --no-tag a.job
ok 'a path that is too long or relative is none' has out /tmp/pseq-
rmdir "$deep"
ok 'all of them are gone' swept
ok 'also that in /tmp' sh -c 'f=$(cat out); test ! -e "${f%/*}"'
printf '[sequence a]\nrun = touch up; sleep 60\n' >a.job
for signal in INT HUP; do
	start run a.job
	retry test -e up
	kill -$signal "$pid"
	ended
	ok "nothing is left after $signal" swept
	rm -f up
done
start run a.job
retry test -e up
kill -KILL "$pid"
ended
ok 'nor after KILL' retry swept
ok 'of its processes neither' retry clean
rm -f up
start run a.job
retry test -e up
kill -INT "$pid"; kill -INT "$pid"
ended
ok 'nor after INT twice' retry swept

done_testing
