#!/bin/sh
# at a terminal: what is seen, what keys do, and how it is left
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/pty.sh
. "$root/tests/cli/pty.sh"

# --- output ---
cat >lines.job <<'JOB'
[sequence a]
run = seq 1 200
run = printf 'no newline'
JOB
at "$PSEQ" run lines.job <<'PLAY'
end
history all
modes modes
PLAY
ok 'a run on a terminal ends well' status 0
grep -o '^a | [0-9]*$' all | cut -c 5- >numbers
seq 1 200 >want
ok 'every line is there once, in order' cmp -s want numbers
ok 'and the last that had no newline' line all 'a | no newline'
ok 'the summary is below them' before all 'a | no newline' \
	"$(grep -a ': ok;' all | head -n 1)"
ok 'the terminal is as it was' line modes 'echo icanon isig opost'

# what is cut by the width is not lost
printf '[sequence a]\nrun = seq -s " " 1 40\n' >wide.job
size=10x30 at "$PSEQ" run wide.job <<'PLAY'
end
history all
PLAY
tr -d '\n' <all >flat
ok 'a long line is whole' has flat '36 37 38 39 40'

# --- ends ---
cat >sleep.job <<'JOB'
[sequence a]
always = z
run = echo begun; touch begun; sleep 60
[routine z]
run = echo always
JOB
at "$PSEQ" run sleep.job <<'PLAY'
wait begun
send ^C
end
screen all
modes modes
PLAY
ok 'Ctrl-C ends the run' status 130
ok 'what is always done is done' has all 'a | always'
ok 'the summary says it' has all 'sleep: cancelled'
ok 'the terminal is as it was then' line modes 'echo icanon isig opost'
at "$PSEQ" run sleep.job <<'PLAY'
wait begun
close
end
PLAY
ok 'a hangup ends the run' status 129
ok 'and its commands' retry clean
printf '[sequence a]\nrun = seq 1 1000000; touch all-read\n' >many.job
at sh -c '{ "$PSEQ" run many.job; echo $? >code; } | head -n 3' <<'PLAY'
end
history all
PLAY
ok 'a reader that goes away ends the run' has code 141
ok 'with what it read' line all 'a | 3'
ok 'without more' test ! -e all-read

# --- stopped and gone on with ---
cat >steps.job <<'JOB'
[sequence a]
run = touch begun; until test -e go; do sleep 0.05; done; echo went on
JOB
rm -f begun
PS1='% '
export PS1
at sh -i <<'PLAY'
wait %
send $PSEQ run steps.job\n
until test -e begun
send ^Z
wait Stopped
modes stopped
send echo typed\n
wait typed
send fg\n
run touch go
wait went on
wait : ok;
send exit 5\n
end
modes after
PLAY
ok 'Ctrl-Z stops it, and fg goes on with it' status 5
ok 'the shell has its modes meanwhile' line stopped 'echo icanon isig opost'
ok 'and behind it' line after 'echo icanon isig opost'
rm -f begun go
at sh -i <<'PLAY'
wait %
send $PSEQ run steps.job &\n
until test -e begun
send echo ty""ped\n
wait typed
modes back
send fg\n
pause 300
send ^C
wait steps: cancelled
send exit 5\n
end
PLAY
ok 'one in the background can be brought to the front' status 5
ok 'and has changed nothing before' line back 'echo icanon isig opost'

# --- secrets ---
cat >ask.job <<'JOB'
[secrets]
pw ask = Pass word
[sequence a]
run = test "$pw" = open; echo let in
secret = pw
JOB
# the shell's INT is its own; it stays, so that the modes can be looked at
cat >asker <<'SH'
trap : INT
"$PSEQ" run ask.job
echo $? >code
read -r end
SH
rm -f code
at sh asker <<'PLAY'
wait Pass word:
modes asking
send open\n
wait let in
until test -s code
modes after
raw bytes
send \n
end
PLAY
ok 'a secret is asked for' has code 0
ok 'without echo' line asking '-echo icanon isig opost'
ok 'it is nowhere on the terminal' not grep -qaw open bytes
ok 'there is echo again behind it' line after 'echo icanon isig opost'
rm -f code
at sh asker <<'PLAY'
wait Pass word:
send ope^C
until test -s code
modes after
raw bytes
send \n
end
PLAY
ok 'Ctrl-C at the prompt ends it' has code 130
ok 'and there is echo again' line after 'echo icanon isig opost'
ok 'nothing was run' hasnt bytes 'let in'
at sh -i <<'PLAY'
wait %
send $PSEQ run ask.job\n
wait Pass word:
send ope^Z
wait Stopped
modes stopped
send clear\n
gone Pass word:
send fg\n
wait Pass word:
modes asking
send open\n
wait let in
wait : ok;
send exit 5\n
end
PLAY
ok 'Ctrl-Z at the prompt stops, and it is asked anew' status 5
ok 'the shell has its echo meanwhile' line stopped 'echo icanon isig opost'
ok 'the second prompt has none' line asking '-echo icanon isig opost'
done_testing
