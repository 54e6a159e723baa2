#!/bin/sh
# commands inside a step send and receive messages
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

ln -s "$PSEQ" bin/pseq
unset PSEQ_SOCKET

cat >a.job <<'JOB'
[channel work]
[sequence make]
sends = work
run = pseq send work one; printf 'two\n three four \n' | pseq send work; pseq send work ''
[sequence use]
receives = work
run = while m=$(pseq receive work); do echo "[$m]"; done; echo over
JOB
pseq run --no-tag a.job
ok 'messages of one command reach another, in order, whatever is in them' same out <<'END'
[one]
[two]
[ three four ]
[]
over
END
ok 'at the end the channel is closed by itself' status 0
ok 'without a word' sh -c 'test "$(wc -l <err)" -eq 1'

cat >a.job <<'JOB'
[channel work]
capacity = 1
[sequence make]
sends = work
send work = from a step
run = for i in 1 2 3; do pseq send work "$i"; done
receive done = x
say = heard ${x}
[channel done]
[sequence use]
receives = work
sends = done
receive work = first
say = ${first}
run = for i in 1 2 3; do pseq receive work; done; pseq send done well
JOB
pseq run --no-tag a.job
ok 'steps and commands share channels' sh -c 'sort out | tr "\n" , | grep -qx "1,2,3,from a step,heard well,"'
ok 'and wait for room' status 0

# errors and ends
cat >a.job <<'JOB'
[channel work]
[channel other]
[sequence a]
sends = work
receives = other
run =
    pseq send wrok x || echo "$?"
    pseq send other x || echo "$?"
    pseq receive work || echo "$?"
    head -c 3 /dev/zero | pseq send work || echo "$?"
    pseq receive --timeout 50ms other || echo "$?"
    pseq receive --timeout 0s other || echo "$?"
    pseq receive || echo "$?"
    pseq send work a b || echo "$?"
[sequence b]
sends = other
run = sleep 0.5
[sequence c]
receives = work
run = pseq receive work || echo "closed $?"
JOB
pseq run --no-tag a.job
ok 'an unknown channel has its nearest name' line err "pseq send: no channel 'wrok'; did you mean 'work'?"
ok 'a channel that is not in the header is an error' line err \
    "pseq send: sequence 'a' does not say 'sends = other', only 'sends = work'"
ok 'for receivers as well' line err \
    "pseq receive: sequence 'a' does not say 'receives = work', only 'receives = other'"
ok 'a NUL is none of a message' line err 'pseq send: the message holds a NUL byte'
ok 'all of these are status 2, a time that is over 124' \
    sh -c 'grep -v closed out | tr "\n" " " | grep -qx "2 2 2 2 124 2 2 2 "'
ok 'and who waits is told when the senders are gone' line out 'closed 1'
cat >a.job <<'JOB'
[channel work]
[sequence a]
sends = work
receives = work
close = work
run = pseq send work x || echo "$?"
run = pseq receive work || echo "$?"
JOB
pseq run --no-tag a.job
ok 'a closed channel is status 1' same out <<'END'
1
1
END
ok 'which a sender is told' line err 'pseq send: the channel is closed'

# no message is lost
cat >a.job <<'JOB'
[channel work]
capacity = 500
[sequence a]
sends = work
run = seq 300 | pseq send work
[sequence b]
receives = work
each n range = 1..4
parallel = 4
run = while m=$(pseq receive work); do echo "got $m"; done
JOB
pseq run --no-tag a.job
seq 300 >want
ok 'four receivers get each message once' sh -c 'sed "s/got //" out | sort -n | cmp - want'
cat >a.job <<'JOB'
[channel work]
[sequence a]
sends = work
receives = work
run =
    pseq send work precious; pseq send work next
    pseq receive work >/dev/full || echo "status $?"
    pseq receive work
    pseq receive work
JOB
pseq run --no-tag a.job
ok 'a message that could not be written goes back to the front' same out <<'END'
status 3
precious
next
END
cat >a.job <<'JOB'
[channel work]
[sequence a]
receives = work
run = exec pseq receive work
timeout = 300ms
on timeout = next
run = pseq receive work
[sequence b]
sends = work
run = sleep 0.6; pseq send work kept
JOB
pseq run --no-tag a.job
ok 'one who waited and was ended takes none along' same out <<'END'
kept
END
cat >a.job <<'JOB'
[channel work]
capacity = 300
[sequence a]
sends = work
run = for i in $(seq 200); do pseq send work "$i" & done; wait
[sequence b]
receives = work
run = for i in $(seq 200); do pseq receive work & done; wait
JOB
pseq run --no-tag a.job
seq 200 >want
ok '200 send while 200 receive, and each gets one' \
    sh -c 'sort -n out | cmp - want'

# all wait for one another
cat >a.job <<'JOB'
[channel left]
[channel right]
[sequence a]
sends = right
receives = left
run = pseq receive left || echo "a $?"
[sequence b]
sends = left
receives = right
run = pseq receive right || echo "b $?"
JOB
pseq run --no-tag a.job
ok 'commands that wait for each other are told that nothing comes' same_sorted out <<'END'
a 1
b 1
END
sed 's/= pseq receive left/= pseq send right x/
	s/= pseq receive right/= pseq send left y/
	s/^\[channel.*/&\ncapacity = 0/' a.job >b.job
pseq run --no-tag b.job
ok 'if they would send it is a deadlock' has err 'deadlock: a command of '
ok 'which is status 2' same_sorted out <<'END'
a 2
b 2
END

# released commands
cat >a.job <<'JOB'
[channel log]
[sequence a]
sends = log
run = echo ready; for i in 1 2 3; do sleep 0.1; pseq send log "$i"; done; sleep 60
on line = ready -> release
quiet = yes
receive log = x
receive log = y
receive log = z
say = ${x} ${y} ${z}
JOB
pseq run --no-tag a.job
ok 'a released command may still send' line out '1 2 3'
ok 'and its lane ends well' status 0

cat >a.job <<'JOB'
[channel work]
[sequence a]
receives = work
run = touch up; pseq receive work
[sequence b]
sends = work
run = sleep 60
JOB
start run a.job
retry test -e up
kill -INT "$pid"
ended
ok 'a run is ended while a command waits' status 130

# the mesh of examples/mesh-python.job, with every arrival looked at
if command -v python3 >/dev/null; then
	numbers=200
	is_sanitized && numbers=40
	sed -e "s/range(1, 21)/range(1, $((numbers + 1)))/" \
	    -e "s/set left = 20/set left = $numbers/" \
	    -e 's/^let left/say = ${first}\n&/' \
	    "$root/examples/mesh-python.job" >mesh.job
	limit=60 pseq run --no-tag mesh.job
	ok 'a mesh of Python programs ends by itself' status 0
	seq "$numbers" >want
	grep '^[0-9]*$' out | sort -n >got
	ok 'each number arrives exactly once' cmp want got
else
	skip 'a mesh of Python programs ends by itself' 'no python3 here'
	skip 'each number arrives exactly once' 'no python3 here'
fi

limit=20
job --no-tag <<'JOB'
[job]
children = 1
[channel c]
[sequence a]
receives = c
run = pseq receive c
[sequence b]
run = true
send c = x
JOB
ok 'commands that only wait keep no others from starting' line out x

done_testing
