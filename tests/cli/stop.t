#!/bin/sh
# when to stop: drain, stop, max-fail, on-fail, after
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
each x range = 1..20
parallel = 1
step = work
say = work ${x}
run = exit 1
when = x == 3
JOB
ok 'one failed lane does not stop the others' count out 20 '^work'
ok 'the summary counts' has err '20 lanes: 19 ok, 1 failed'
ok 'and the status is 1' status 1

# lanes ON-LINES: how many of 20 are run when each fails
lanes() {
	{ printf '[sequence a]\neach x range = 1..20\nparallel = 1\n'; cat
	  printf 'say = work ${x}\nfail = no\n'; } >b.job
	pseq run --no-tag "$@" b.job
	grep -c '^work' out >count.txt || :
}
ran() { test "$(cat count.txt)" -eq "$1"; }
echo 'max-fail = 0' | lanes
ok 'max-fail = 0 ends after the first' ran 1
ok 'and says what was not started' has err 'not started: a (19 lanes)'
echo 'max-fail = 4' | lanes
ok 'max-fail tolerates that many' ran 5
echo 'max-fail = 20%' | lanes
ok 'or a part of them' ran 5
echo 'max-fail = 1%' | lanes
ok 'which may be none' ran 1
echo 'on-fail = drain' | lanes
ok 'on-fail = drain ends after the first' ran 1
echo 'on-fail = continue' | lanes
ok 'on-fail = continue is the default' ran 20
printf 'on-fail = drain\nmax-fail = 2\n' | lanes
ok 'together with max-fail that many are tolerated first' ran 3
{ printf '[job]\nmax-fail = 2\n'; sed '/never/d' b.job | grep -v -e on-fail -e max-fail; } >c.job
pseq run --no-tag c.job
ok 'max-fail of the job counts all' count out 3 '^work'

cat >a.job <<'JOB'
[job]
on-fail = stop
[sequence a]
run = while test ! -e started; do sleep 0.05; done; exit 1
[sequence b]
always = z
run = touch started; sleep 60
[routine z]
say = ended ${result}
JOB
pseq run --no-tag a.job
ok 'on-fail = stop ends running steps' line out 'ended cancelled'
ok 'and always runs' status 1
rm -f started
cat >a.job <<'JOB'
[sequence a]
run = while test ! -e started; do sleep 0.05; done
stop = enough
[sequence b]
always = z
run = touch started; sleep 60
[routine z]
say = ended ${result}
[sequence c]
after = a
say = never
JOB
pseq run --no-tag a.job
ok 'the action stop does so too' line out 'ended cancelled'
ok 'with its message' has err enough
ok 'and what comes after is not started' has err 'not started: c'
rm -f started
cat >a.job <<'JOB'
[sequence a]
run = while test ! -e started; do sleep 0.05; done
drain = no more
[sequence b]
each x = 1 2 3
parallel = 1
run = touch started; sleep 0.3
say = end ${x}
JOB
pseq run --no-tag a.job
ok 'drain lets what runs finish' same out <<'END'
end 1
END
ok 'and starts no more' has err 'not started: b (2 lanes)'
cat >a.job <<'JOB'
[sequence a]
run = exit 1
on 1 = drain it failed with ${code}
[sequence b]
after = a
run = true
JOB
pseq run a.job
ok 'drain can be a reaction' has err 'it failed with 1'
sed -i 's/drain it/stop it/' a.job
pseq run a.job
ok 'and stop' has err 'it failed with 1'

job --no-tag <<'JOB'
[sequence c]
after = a b
say = c
[sequence b]
after = a
say = b
[sequence a]
each x = 1 2 3
run = sleep 0.05
say = a
JOB
ok 'after waits for the others' same out <<'END'
a
a
a
b
c
END
job --no-tag <<'JOB'
[sequence a]
each x = 1 2
run = test $x = 1
[sequence b]
after = a
say = b
[sequence c]
say = c
JOB
ok 'and does not start after a failure' same out <<'END'
c
END
ok 'but says so' has err 'not started: b (1 lane)'
ok 'that is a failure' status 1
job --no-tag <<'JOB'
[sequence a]
each x = 1 2
max-fail = 1
run = test $x = 1
[sequence b]
after = a
say = b
JOB
ok 'unless max-fail tolerates it' line out b
printf '[sequence a]\nafter = b\nsay = a\n[sequence b]\nafter = a\nsay = b\n' | check
ok 'a circle of after is a mistake' status 2
printf '[sequence a]\nafter = a\nsay = a\n' | check
ok 'and so is after itself' status 2
job --no-tag --start b <<'JOB'
[sequence a]
say = a
[sequence b]
after = a
say = b
JOB
ok '--start does not wait for what is not started' same out <<'END'
b
END
job --no-tag <<'JOB'
[sequence a]
each x = 1 2 3
on-fail = drain
parallel = 1
fail = x
[sequence b]
each y = 1 2 3
parallel = 1
run = sleep 0.1
say = b
JOB
ok 'on-fail of a sequence is about its own lanes' count out 3 '^b$'
printf '[sequence a]\neach x lines = -\nmax-fail = 10%%\nrun = true\n' | check
ok 'a percentage of a list of unknown length is a mistake' status 2
printf '[sequence a]\nrun = true\nparallel = 0\n' | check
ok 'a width of nothing is a mistake' status 2

limit=20
job <<'JOB'
[sequence a]
rescue = h
always = last
call = r
[routine r]
rescue = h
drain = first
[routine h]
call = h2
[routine h2]
rescue = h3
drain = second
[routine h3]
stop = third
[routine last]
say = ends
JOB
ok 'drain and stop within the rescue of one that drained end it, too' \
    status 1
ok 'for its own cause' has err 'error: first'
ok 'and its always runs' has out ends

done_testing
