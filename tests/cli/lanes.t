#!/bin/sh
# lanes that start others: call over a list, spawn, join, collect
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job <<'JOB'
[vars]
base = 10

[sequence main]
set mine = kept
call = work n=${x}0 tag=${mine}
each x = a b c
collect out = made
collect who = lane
say = ${out}
say = ${who}
say = ${mine}

[routine work]
params = n tag
set mine = changed in ${lane}
run = echo "$n $tag $base $index/$lanes $item_of"
env item_of = ${x}
set made = r-${n}
JOB
ok 'a call over a list runs a sub-lane for each item' status 0
ok 'sub-lanes have the items, the arguments, a copy of the variables' \
    line out 'main/work[b] | b0 kept 10 2/3 b'
ok 'collect brings a value of each, in the order of the list' \
    has out 'main         : r-a0'
ok 'a line each' line out 'main         : r-c0'
ok 'also what pseq sets' line out 'main         : main/work[c]'
ok 'what they set is their own' line out 'main         : kept'
ok 'only lanes of sequences count in the summary' has err 'ok;'
ok 'as one lane' hasnt err lanes

job --no-tag <<'JOB'
[sequence main]
call = work
each x range = 1..4
each y = a b
parallel = 1
say = done

[routine work]
label = ${x}-${y}
say = ${lane}
JOB
ok 'lists combine, and a label stands for the items' same out <<'END'
main/work[1-a]
main/work[1-b]
main/work[2-a]
main/work[2-b]
main/work[3-a]
main/work[3-b]
main/work[4-a]
main/work[4-b]
done
END

stub busy <<'STUB'
cd "$HOME"
mkdir "busy.$$"
set -- busy.*
echo "$#" >>seen
sleep 0.1
rmdir "busy.$$"
STUB
most() { sort -n home/seen | tail -n 1; rm -f home/seen; }
job <<'JOB'
[job]
parallel = 1

[sequence main]
call = work
each x range = 1..9
parallel = 3

[routine work]
run = busy
JOB
ok 'parallel bounds the sub-lanes of a call' test "$(most)" -eq 3
job -j 2 <<'JOB'
[sequence main]
call = work
each x range = 1..9

[routine work]
run = busy
JOB
ok 'so does -j' test "$(most)" -le 2
job <<'JOB'
[job]
children = 2
[sequence main]
call = work
each x range = 1..9
parallel = 9

[routine work]
run = busy
JOB
ok 'children bound them all' test "$(most)" -le 2

# failures
cat >fails.job <<'JOB'
[sequence main]
call = work
each x range = 1..5
parallel = 1
on fail = goto after
say = not here
goto = end
step = after
say = ${result} ${code} ${step} ${stderr_tail}
step = end
say = end

[routine work]
step = look
run = echo "$x is bad" >&2; test "$x" != 2 -a "$x" != 4 || exit "4$x"
JOB
pseq run fails.job
ok 'a call that fails has the result of the first that did' \
    has out 'exit 42 look 2 is bad'
ok 'the others go on' has out '5 is bad'
ok 'the lane can go on' status 0
sed 's/^parallel = 1/&\nmax-fail = 1/' fails.job >a.job
pseq run a.job
ok 'max-fail tolerates so many: then it is the next one' \
    has out 'exit 44 look 4 is bad'
ok 'and no more of them start' hasnt out '5 is bad'
sed 's/^parallel = 1/&\nmax-fail = 40%/' fails.job >a.job
pseq run a.job
ok 'a percentage is of the sub-lanes' has out 'not here'
sed 's/^on fail.*//' fails.job >a.job
pseq run a.job
ok 'without a reaction the lane fails' status 1
ok 'with the step of the sub-lane' has err "FAILED step 'look': exit 42"

job <<'JOB'
[sequence main]
call = work
each x = one two
retry = 2 every 10ms
say = ${result}

[routine work]
run = test -e "$HOME/$x" || { touch "$HOME/$x"; exit 1; }
JOB
ok 'a call over a list can be tried again' status 0

job <<'JOB'
[sequence main]
call = work
each x range = 1..3
parallel = 3
timeout = 300ms
on timeout = goto late
say = no
step = late
say = it is ${result}

[routine work]
always = bye
run = sleep 60

[routine bye]
say = bye ${x}
JOB
ok 'a timeout of the call ends its sub-lanes' has out ' : it is timeout'
ok 'whose always is run' count out 3 'bye [123]'

job <<'JOB'
[sequence main]
lane-timeout = 300ms
rescue = mend
call = work
each x range = 1..3

[routine work]
run = sleep 60

[routine mend]
finish = ${result} mended
JOB
ok 'a timeout of the lane as well' has out 'timeout mended'

job <<'JOB'
[sequence main]
call = a
each x = 1 2

[routine a]
call = b
each y = 1 2
collect ys = y
say = ${ys}

[routine b]
run = echo "$x$y $lane"
JOB
ok 'they nest' has out '22 main/a[2]/b[2]'

job <<'JOB'
[job]
depth = 20
[sequence main]
call = a

[routine a]
call = a
each x = 1
JOB
ok 'a recursion without end is an error' status 1
ok 'in words' has err 'calls are nested more than 20 deep'

# lists of the call
job --no-tag <<'JOB'
[sequence main]
set few = 3
run = printf 'x\ny\n'
capture names = stdout
quiet = yes
call = show v=${i}
each i range = 1..${few}
parallel = 1
call = show v=${n}
each n var = names
parallel = 1
call = show v=${o}
each o output = echo "$few"; echo 5
parallel = 1

[routine show]
params = v
say = ${v}
JOB
ok 'its lists may be made of the variables of the lane' same out <<'END'
1
2
3
x
y
3
5
END
seq 20000 >many
job --no-tag <<'JOB'
[sequence main]
call = count
each i lines = many
parallel = 8
collect all = i
run = printf '%s\n' "$all" | awk '{ s += $1 } END { print s }'

[routine count]
set x = 1
JOB
ok 'lists of files are read as they are needed' \
    test "$(grep -c . out)" -ge 0 -a "$(cat status)" = 0
job <<'JOB'
[sequence main]
call = show
each o output = echo 1; exit 3
on fail = goto f
step = f
say = ${result}: ${message}

[routine show]
say = ${o}
JOB
ok 'a list that breaks off fails the call' has out 'exit: '
job <<'JOB'
[sequence main]
var x = a
call = show
each o range = ${x}..3

[routine show]
say = ${o}
JOB
ok 'a list that cannot be made is an error' has err "'a' is no number"

# routines by a name that is made of variables
job <<'JOB'
[sequence main]
each os = linux plan9
call = facts-${os}

[routine facts-linux]
say = a penguin
[routine facts-sunos]
say = a sun
JOB
ok 'a routine is chosen by a variable' has out 'a penguin'
ok 'one that is missing says which there are' \
    has err "there is no routine 'facts-plan9'; there is facts-linux, facts-sunos"

# spawn and join
job --no-tag <<'JOB'
[sequence main]
spawn = wait-a-bit t=0.3 as slow
spawn = wait-a-bit t=0.1 as quick
say = going on
join = quick
say = quick joined
join = all
say = all joined

[routine wait-a-bit]
params = t
run = sleep "$t"; echo "slept $t"
JOB
ok 'spawn goes on at once, join waits' same out <<'END'
going on
slept 0.1
quick joined
slept 0.3
all joined
END
job --no-tag <<'JOB'
[sequence main]
always = last
spawn = slow
say = end of the steps

[routine slow]
run = sleep 0.2; echo slow

[routine last]
say = always
JOB
ok 'a lane that ends well waits for what it spawned' same out <<'END'
end of the steps
slow
always
END
job <<'JOB'
[sequence main]
rescue = mend
spawn = bad

[routine bad]
step = it
run = exit 7
[routine mend]
say = ${step} ${code}
JOB
ok 'one that failed and was not joined fails the lane' status 1
ok 'and its rescue sees why' has out 'it 7'
job <<'JOB'
[sequence main]
spawn = bad
join = bad
on fail = next

[routine bad]
run = exit 7
JOB
ok 'one that was joined has been heard of' status 0
job --no-tag <<'JOB'
[sequence main]
always = last
spawn = slow
run = sleep 0.2; exit 1

[routine slow]
always = bye
run = sleep 60
[routine bye]
say = slow is ended
[routine last]
say = always
JOB
ok 'a lane that fails ends what it spawned, before its always' same out <<'END'
slow is ended
always
END
job --no-tag <<'JOB'
[sequence main]
spawn = work
each x range = 1..3
parallel = 1
collect xs = double
join = work
say = ${xs}

[routine work]
let double = x * 2
JOB
ok 'spawn over a list, collected when joined' same out <<'END'
2
4
6
END
job <<'JOB'
[sequence main]
spawn = slow
join = all
timeout = 200ms
on timeout = next
say = ${result}

[routine slow]
run = sleep 0.5
JOB
ok 'join has a time limit' has out 'timeout'
ok 'which does not end what it waits for' status 0

# from a line
job --no-tag <<'JOB'
[sequence main]
run = echo go a; sleep 0.3; echo go b; echo go c; sleep 0.3
on line = go (.) -> spawn work what=${match}
join = work
say = done

[routine work]
params = what
run = sleep 0.1; echo "work $what"
JOB
ok 'a line spawns a routine, one at a time' same out <<'END'
go a
work a
go b
go c
work b
done
END

# ends from outside
cat >a.job <<'JOB'
[sequence main]
always = bye
spawn = slow as one
call = slow
each x range = 1..3
parallel = 3

[routine slow]
always = bye
run = echo up; sleep 60

[routine bye]
say = bye ${lane} ${result}
JOB
start run a.job
retry count out 4 up
kill -INT "$pid"
ended
ok 'INT ends lanes and sub-lanes' status 130
ok 'each always is run once' count out 5 'bye main.* cancelled'
start run a.job
retry count out 4 up
kill -INT "$pid"; kill -INT "$pid"
ended
ok 'a second INT kills at once' status 130

job <<'JOB'
[sequence main]
call = one
each x range = 1..3
parallel = 3

[routine one]
drain = no more
when = x == 2
run = sleep 0.2; echo "still $x"

[sequence later]
after = main
run = echo never
JOB
ok 'drain in a sub-lane reaches the job' hasnt out never
ok 'running ones go on' has out 'still 3'

# output
cat >tree.job <<'JOB'
[sequence a]
each n = 1 2 3
parallel = 3
call = r
each x = a b
say = end ${n}
[routine r]
run = sleep "0.0$((4 - n))"; echo "out $n$x"
spawn = s
[routine s]
call = t
each y = 1 2
[routine t]
run = echo "deep $n$x$y"
JOB
for option in --keep-order '--keep-order --output group'; do
	# shellcheck disable=SC2086
	pseq run --no-tag $option tree.job
	ok "$option: what sub-lanes show stands with that of their lane" \
	    same out <<'END'
out 1a
deep 1a1
deep 1a2
out 1b
deep 1b1
deep 1b2
end 1
out 2a
deep 2a1
deep 2a2
out 2b
deep 2b1
deep 2b2
end 2
out 3a
deep 3a1
deep 3a2
out 3b
deep 3b1
deep 3b2
end 3
END
done
pseq run --output group tree.job
ok 'so it does with --output group' \
    test "$(cut -d'[' -f 1-2 out | cut -c 1-3 | uniq | wc -l)" -eq 6
pseq run --quiet fails.job
ok 'what a call tolerates is no failure for --quiet' test ! -s out -a ! -s err

# typos
pseq_check() { check; status 2 && has err "$1"; }
mistakes() {
	what=$1 text=$2
	check
	ok "$what" has err "$text"
}
mistakes 'join of an unknown name' "nothing is spawned as 'slwo'" <<'JOB'
[sequence a]
spawn = r as slow
join = slwo
[routine r]
run = true
JOB
ok 'with the nearest one' has err "'slow'"
mistakes 'parallel without a list' "'parallel' without a list" <<'JOB'
[sequence a]
call = r
parallel = 3
[routine r]
run = true
JOB
mistakes 'each of a run' "'run' takes no 'each'" <<'JOB'
[sequence a]
say = x
run = true
each x = 1 2
JOB
mistakes 'an item twice' "'x' twice" <<'JOB'
[sequence a]
call = r
each x = 1
each x = 2
[routine r]
run = true
JOB
mistakes 'spawn under a bad name' "'1' is no name for what is spawned" <<'JOB'
[sequence a]
spawn = r as 1
[routine r]
run = true
JOB
mistakes 'collect of an unknown variable' "no variable 'resutl'" <<'JOB'
[sequence a]
call = r
each x = 1
collect a = resutl
[routine r]
set result_ = 1
JOB

seq 10000 >many
limit=20
job <<'JOB'
[sequence main]
call = nothing
each i lines = many
parallel = 10000
spawn = nothing
each i range = 1..10000
parallel = 10000
join = all
say = done

[routine nothing]
set x = 1
JOB
ok 'ten thousand sub-lanes are nothing special' has out 'done'

job <<'JOB'
[vars]
none =

[sequence main]
call = work x=${i}
each i var = none
call = work x=${i}
each i = 1 2 3
parallel = 1
spawn = work x=4
join = all
spawn = bad
on fail = next
sleep = 50ms
fail = done

[routine work]
params = x
say = work ${x}
[routine bad]
fail = bad
JOB
ok 'groups that end while they are looked at' count out 4 'work [1-4]'
ok 'as does one that had failed before its lane' has err 'main: fail done'

job <<'JOB'
[sequence b]
set x = 1
call = work
each y = 1 2 3
[sequence a]
stop = now
[routine work]
sleep = 1m
JOB
ok 'a call that is not begun any more leaves nothing' status 1

done_testing
