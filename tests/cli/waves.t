#!/bin/sh
# serial waves, rounds
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
each n range = 1..10
parallel = 10
serial = 1, 30%, 50%
say = ${wave}: ${n} ${index}/${lanes}
JOB
ok 'waves, the last figure repeats' same out <<'END'
1: 1 1/1
2: 2 1/3
2: 3 2/3
2: 4 3/3
3: 5 1/5
3: 6 2/5
3: 7 3/5
3: 8 4/5
3: 9 5/5
4: 10 1/1
END
job --no-tag <<'JOB'
[sequence a]
each n range = 1..4
parallel = 4
serial = 2
run = echo "begin $n"; sleep 0.$n; echo "end $n"
JOB
ok 'a wave begins when the one before is over' before out 'end 2' 'begin 3'
ok 'its lanes run side by side' before out 'begin 2' 'end 1'

cat >roll.job <<'JOB'
[sequence a]
each n range = 1..6
serial = 2
parallel = 6
run = echo "n $n"; test "$n" != 3

[sequence then]
after = a
say = then
JOB
pseq run roll.job
ok 'a failed lane stops the waves' status 1
ok 'its own wave goes on' has out 'n 4'
ok 'the next one does not begin' hasnt out 'n 5'
ok 'and what comes after does not' hasnt out 'then :'
ok 'how many did not start is told' has err 'a (2 lanes)'
sed 's/^serial = 2/&\nmax-fail = 1/' roll.job >a.job
pseq run a.job
ok 'max-fail lets them go on' has out 'n 6'
ok 'and what comes after' has out 'then : then'

seq 5 >five
job --no-tag <<'JOB'
[sequence a]
each n lines = five
serial = 2
parallel = 9
say = ${wave} ${n}
JOB
ok 'over a list of unknown length' same out <<'END'
1 1
1 2
2 3
2 4
3 5
END
job <<'JOB'
[sequence a]
each n lines = five
serial = 20%
say = ${n}
JOB
ok 'but not as percentages' has err 'whose list has no known length'
job --no-tag <<'JOB'
[sequence a]
each n = 5 1 4 2
priority = n
serial = 2
parallel = 2
say = ${wave} ${n}
JOB
ok 'waves in the order of priority' same out <<'END'
1 1
1 2
2 4
2 5
END

job --no-tag --keep-order <<'JOB'
[sequence a]
each n range = 1..5
parallel = 5
serial = 1, 2
repeat = 2
run = sleep "0.0$((9 - n))"; echo "$wave $n"
JOB
ok 'the order of output goes through waves and rounds' \
    test "$(tr '\n' , <out)" = '1 1,2 2,2 3,3 4,3 5,1 1,2 2,2 3,3 4,3 5,'

# rounds
job --no-tag <<'JOB'
[sequence a]
repeat = 3
each n = x y
parallel = 1
say = ${n} ${lane}
JOB
ok 'repeat runs the whole list again' same out <<'END'
x a[x]
y a[y]
x a[x]#2
y a[y]#2
x a[x]#3
y a[y]#3
END
job --no-tag <<'JOB'
[sequence a]
repeat = 4
every = 200ms
run = date +%s%N
JOB
ok 'every spaces the rounds' test "$(
	awk 'NR > 1 && ($1 - last < 150e6 || $1 - last > 400e6) { bad++ }
	{ last = $1 } END { print NR, bad + 0 }' out)" = '4 0'
job --no-tag --for 500ms <<'JOB'
[sequence a]
every = 200ms
say = round
JOB
ok '--for ends rounds without a number' same out <<'END'
round
round
round
END
ok 'and that is a good end' status 0
job --no-tag <<'JOB'
[sequence a]
repeat = 3
max-fail = 0
run = echo round; exit 1
JOB
ok 'no further round once it is drained' test "$(grep -c round out)" -eq 1
job --no-tag <<'JOB'
[sequence a]
repeat = 2
run = echo round; exit 1
[sequence b]
after = a
say = never
JOB
ok 'else failed rounds go on' test "$(grep -c round out)" -eq 2
ok 'but what comes after does not begin' hasnt out never
cat >a.job <<'JOB'
[sequence a]
every = 1h
say = beat
JOB
start run a.job
retry has out beat
kill -INT "$pid"
ended
ok 'INT ends it while it rests' status 130
check <<'JOB'
[sequence a]
each x lines = -
every = 1m
say = ${x}
JOB
ok 'standard input makes one round only' has err 'there is one round'
check <<'JOB'
[sequence a]
repeat = 0
run = true
JOB
ok 'no rounds at all is a mistake' has err 'at least 1'
check <<'JOB'
[sequence a]
every = 0s
run = true
JOB
ok 'nor can they take no time' has err 'needs some time'

job --no-tag <<'JOB'
[sequence a]
each n range = 1..7
parallel = 7
serial = 1, 2
priority = -n
repeat = 2
say = ${n}: ${index}/${lanes} of ${wave}
JOB
ok 'waves of lanes with a priority' status 0
ok 'are as large as others, in each round' same out <<'END'
7: 1/1 of 1
6: 1/2 of 2
5: 2/2 of 2
4: 1/2 of 3
3: 2/2 of 3
2: 1/2 of 4
1: 2/2 of 4
7: 1/1 of 1
6: 1/2 of 2
5: 2/2 of 2
4: 1/2 of 3
3: 2/2 of 3
2: 1/2 of 4
1: 2/2 of 4
END
job --no-tag <<'JOB'
[sequence a]
each n range = 1..6
parallel = 6
serial = 2
priority = -n
run = test "$n" != 5
JOB
ok 'a failure in one of them ends them' status 1
ok 'before the next one begins' has err 'not started: a (4 lanes)'
seq 3 >names
job --no-tag <<'JOB'
[sequence a]
each n lines = names
serial = 2
say = ${n}: ${index} of ${wave}, ${lanes} lanes
JOB
ok 'of a list that is being read their size is not known' same out <<'END'
1: 1 of 1,  lanes
2: 2 of 1,  lanes
3: 1 of 2,  lanes
END
done_testing
