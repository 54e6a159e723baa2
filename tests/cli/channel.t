#!/bin/sh
# channels between lanes, and between lanes and commands
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[channel c]
[sequence a]
send c = one
send c = two words and more
send c = three
[sequence b]
step = next
receive c = first rest
on closed = finish no more
say = ${first}/${rest}
goto = next
JOB
ok 'messages come in their order, as fields' same out <<'END'
one/
two/words and more
three/
no more
END
job --no-tag <<'JOB'
[channel c]
capacity = 2
[sequence a]
each n range = 1..5
parallel = 1
say = send ${n}
send c = ${n}
say = sent ${n}
[sequence b]
sleep = 200ms
step = next
receive c = x
on closed = finish
say = got ${x}
goto = next
JOB
ok 'a full channel makes senders wait' before out 'send 3' 'got 1'
ok 'until there is room' before out 'got 1' 'sent 3'
ok 'all arrives' test "$(grep -c got out)" -eq 5
job --no-tag <<'JOB'
[channel c]
capacity = 0
[sequence a]
send c = x
say = handed over
[sequence b]
sleep = 200ms
say = now
receive c = x
JOB
ok 'capacity 0 is a hand-over' before out now 'handed over'
job --no-tag <<'JOB'
[channel c]
[sequence a]
each n range = 1..5
parallel = 1
send c = ${n}
[sequence b]
after = a
receive c = first
receive-last c = newest
say = ${first} ${newest}
JOB
ok 'receive-last takes the newest and drops the others' same out <<'END'
1 5
END
job --no-tag <<'JOB'
[channel c]
[sequence a]
each n range = 1..3
parallel = 1
send c = ${n}
[sequence b]
after = a
receive-all c = all
say = ${all}
receive c = x
on closed = finish closed
JOB
ok 'receive-all takes what there is' same out <<'END'
1
2
3
closed
END
job --no-tag <<'JOB'
[channel c]
[sequence a]
send c = 1
send c = 2
clear = c
send c = 3
close = c
send c = 4
on closed = next
say = ${result}
[sequence b]
after = a
step = next
receive c = x
on closed = finish
say = ${x}
goto = next
JOB
ok 'close and clear' same out <<'END'
closed
3
END
job --no-tag <<'JOB'
[channel c]
[sequence a]
receive c = x
timeout = 200ms
on timeout = goto late
say = ${x}
step = late
say = ${result}
[sequence b]
sleep = 500ms
send c = x
JOB
ok 'receive has a time limit' has out timeout
job <<'JOB'
[channel c]
[sequence a]
receive c = x
[sequence b]
say = nothing
JOB
ok 'a channel that nobody sends to is closed' has err 'closed: the channel is closed'
ok 'which fails the lane, if it says nothing else' status 1
job --no-tag <<'JOB'
[channel c]
capacity = 1
[sequence a]
step = next
send c = x
on closed = finish nobody there
goto = next
[sequence b]
receive c = x
say = one is enough
JOB
ok 'so is one that nobody can receive from any more' has out 'nobody there'
job --no-tag <<'JOB'
[channel c]
[sequence a]
each n range = 1..3
parallel = 3
step = next
receive c = x
on closed = finish done
visits = 5
say = ${x}
goto = next
visits = forever
[sequence b]
each n range = 1..300
parallel = 1
send c = ${n}
JOB
ok 'a receive sets the counts of visits back' test "$(grep -c '^[0-9]' out)" -eq 300
ok 'all end' count out 3 'done'

# commands
job --no-tag <<'JOB'
[channel work]
[channel done]
[sequence producer]
run = seq 1 1000; printf 'without newline'
stdout channel = work
[sequence worker]
each n range = 1..4
parallel = 4
step = next
receive work = x
visits = forever
on closed = finish
send done = <${x}>
goto = next
[sequence writer]
run = cat >all
stdin channel = done
JOB
ok 'lines of a command are messages, and messages lines' \
    test "$(wc -l <all)" -eq 1001
ok 'the last one needs no newline' line all '<without newline>'
ok 'each just once' test -z "$(sort all | uniq -d)"
job --no-tag <<'JOB'
[channel c]
capacity = 3
[sequence slow]
step = next
receive c = x
visits = forever
on closed = finish ${n} lines
let n = n + 1
goto = next
[sequence fast]
run = seq 1 20000; echo end >&2
stdout channel = c
capture all = stdout
on fail = next
[vars]
n = 0
JOB
ok 'who sends too fast is made to wait' has out '20000 lines'
job --no-tag <<'JOB'
[channel c]
[sequence a]
run = printf 'a 1\nb 2\na 3\n'; echo x >&2
on line = a (.) -> send c
quiet = yes
[sequence b]
step = next
receive c = x
on closed = finish
say = ${x}
goto = next
JOB
ok 'a line can be sent, or a part of it' same out <<'END'
1
3
END
job --no-tag <<'JOB'
[channel c]
[sequence a]
run = head -c 200000 /dev/zero | tr '\0' x; echo; echo y
stdout channel = c
[sequence b]
receive c = long
run = printf %s "$long" | wc -c
stdin = x
receive c = x
say = ${x}
JOB
ok 'a long line is one message' status 0
job --no-tag <<'JOB'
[channel c]
[sequence a]
each n range = 1..9
parallel = 1
send c = ${n}
[sequence b]
run = read x; echo "read $x"
stdin channel = c
run = cat
stdin channel = c
JOB
ok 'a command need not read all' has out 'read 1'
job --no-tag <<'JOB'
[channel c]
[sequence a]
close = c
run = seq 3
stdout channel = c
say = ${result}
[sequence b]
sleep = 300ms
receive c = x
on closed = next
JOB
ok 'what goes to a closed channel is dropped' line out ok
ok 'which is told once' count err 1 "channel 'c' is closed: what 'seq 3' sends is dropped"
limit=10
job --no-tag <<'JOB'
[channel c]
[sequence a]
send c = one
[sequence b]
sleep = 100ms
run = cat
stdin channel = c
JOB
ok 'a command that comes when nobody can send any more reads the rest' status 0
ok 'and then the end' line out one
job --no-tag <<'JOB'
[channel c]
capacity = 1
[sequence a]
run = seq 500
stdout channel = c
timeout = 200ms
on timeout = finish not all was taken
say = all was sent
[sequence b]
sleep = 500ms
receive-all c = x
JOB
ok 'lines that find no place in time are a timeout' line out 'not all was taken'
ok 'and nobody else is blamed' hasnt err descendant
seq 1 100000 >numbers
limit=30
job --no-tag <<'JOB'
[channel work]
[channel done]
[sequence producer]
run = cat numbers
stdout channel = work
[sequence worker]
each n range = 1..8
parallel = 8
rescue = give-back
set count = 0
step = next
receive work = x
visits = forever
on closed = finish
let count = count + 1
fail = broken
when = index == 3 and count == 500
send done = ${x}
goto = next
[routine give-back]
send work = ${x}
[sequence writer]
run = cat >all
stdin channel = done
JOB
ok 'a worker that fails gives its message back' status 1
ok 'one of them failed' has err 'worker[3]'
sort -n all >sorted
ok 'nothing is lost, nothing comes twice' cmp sorted numbers

# circles
job --no-tag <<'JOB'
[channel a]
[channel b]
[sequence one]
send a = 0
step = next
receive a = x
on closed = finish one ended
let x = x + 1
send b = ${x}
when = x < 10
say = at ${x}
when = x >= 10
goto = next
[sequence two]
step = next
receive b = x
on closed = finish two ended
send a = ${x}
goto = next
JOB
ok 'a circle in which nothing is left to do ends' count out 2 ended
ok 'when its work is done' has out 'at 10'
job --no-tag <<'JOB'
[channel a]
[channel b]
[sequence one]
step = next
receive a = x
on closed = finish one ended
send b = ${x}
goto = next
[sequence two]
step = next
receive b = x
on closed = finish two ended
send a = ${x}
goto = next
[sequence other]
run = while test ! -e ended; do sleep 0.05; done; echo other ended
[sequence waits]
after = one two
run = touch ended
JOB
ok 'also while others run' has out 'other ended'
job --no-tag <<'JOB'
[channel a]
capacity = 1
[channel b]
capacity = 1
[sequence one]
send a = 1
send a = 2
send a = 3
receive b = x
say = one ${x}
[sequence two]
send b = 1
send b = 2
send b = 3
receive a = x
say = two ${x}
JOB
ok 'when all is full and nothing goes on, the smallest grows' status 0
ok 'with a warning' has err "is full and nothing can go on: its capacity is now 2"
ok 'and the run ends' has out 'two 1'
job <<'JOB'
[limits]
db = 1
[channel a]
[sequence one]
needs = db
receive a = x
[sequence two]
needs = db
sleep = 50ms
send a = 1
JOB
ok 'what waits in a circle of other things is a deadlock' status 1
ok 'told with who waits for what' \
    has err "deadlock: two waits for limit 'db', one waits to receive from 'a'"
cat >a.job <<'JOB'
[channel c]
[sequence a]
receive c = x
[sequence b]
run = sleep 60; echo x
stdout channel = c
[sequence c]
run = cat
stdin channel = c
JOB
start run a.job
sleep 0.3
kill -INT "$pid"
ended
ok 'INT ends all that' status 130

# the mesh
limit=20
job --no-tag <<'JOB'
[channel numbers]
[channel double]
[channel triple]
[channel again]
[channel results]
capacity = 10

[sequence starter]
each n range = 1..500
send numbers = ${n} 0

[sequence branch]
step = next
receive numbers = n hops
on closed = finish
let odd = n % 2
send double = ${n} ${hops}
when = odd == 0
send triple = ${n} ${hops}
when = odd == 1
goto = next

[sequence doubler]
step = next
receive double = n hops
on closed = finish
let n = n * 2
send again = ${n} ${hops}
goto = next

[sequence tripler]
step = next
receive triple = n hops
on closed = finish
let n = n * 3
send again = ${n} ${hops}
goto = next

[sequence recycler]
step = next
receive again = n hops
on closed = finish
let hops = hops + 1
send results = ${n} ${hops}
when = hops == 4
send numbers = ${n} ${hops}
when = hops < 4
goto = next

[sequence sink]
run = cat
stdin channel = results
JOB
ok 'a mesh with a circle ends by itself' status 0
ok 'each number arrived once' test "$(sort out | uniq | wc -l)" -eq 500

job --no-tag --quiet <<'JOB'
[channel a]
[channel b]
[sequence one]
run = seq 1 100000
stdout channel = a
[sequence two]
step = next
receive a = x
visits = forever
on closed = finish
send b = ${x}
goto = next
[sequence three]
run = wc -l >lines
stdin channel = b
JOB
ok '100,000 messages pass through a pipeline' line lines 100000

# typos
mistakes() {
	what=$1 text=$2
	check
	ok "$what" has err "$text"
}
mistakes 'an unknown channel' "no channel 'wrok'" <<'JOB'
[channel work]
[sequence a]
send wrok = 1
[sequence b]
receive work = x
JOB
ok 'with the nearest one' has err "'work'"
mistakes 'no channel at all' 'channels are declared: [channel c]' <<'JOB'
[sequence a]
send c = 1
JOB
mistakes 'a channel twice' "channel 'c' twice" <<'JOB'
[channel c]
[channel c]
[sequence a]
send c = 1
JOB
mistakes 'a key that is none of a channel' "no key 'capacty'" <<'JOB'
[channel c]
capacty = 3
[sequence a]
send c = 1
JOB
mistakes 'a receive without a name' 'a name is missing' <<'JOB'
[channel c]
[sequence a]
receive c =
JOB
mistakes 'a variable that is pseq'"'"'s own' 'cannot be set' <<'JOB'
[channel c]
[sequence a]
receive c = result
JOB

limit=20
job --no-tag <<'JOB'
[channel c]
capacity = 1
[channel d]
[sequence a]
run = seq 20
stdout channel = c
send d = x
[sequence b]
receive d = y
step = r
receive c = z
on closed = finish
say = ${z}
goto = r
JOB
ok 'a channel that is full of what a command sends grows as well' line out 20
ok 'with a warning' has err 'its capacity is now 2'
job <<'JOB'
[channel c]
capacity = 0
[sequence a]
run = seq 20
stdout channel = c
receive c = z
on closed = finish
JOB
ok 'or what it sends is dropped, if only its own lane could take it' status 0
ok 'also with one' has err "channel 'c' is closed: what 'seq 20' sends"
job <<'JOB'
[channel c]
capacity = 1
[sequence a]
run = seq 10000
stdout channel = c
timeout = 200ms
on timeout = next
run = touch over
[sequence b]
sleep = 1s
run = test -e over
receive c = x
JOB
ok 'a command whose time is over waits for no room' status 0

done_testing
