#!/bin/sh
# the care of processes: what they find, and what they leave
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<JOB
[sequence a]
run = $child/show
run = exec $child/show;
JOB
(ulimit -Sn 512; exec 7<a.job 9<a.job; pseq run --no-tag a.job)
head -n 9 out >direct; tail -n +10 out >shell
for how in direct shell; do
	ok "a command is the leader of its own group ($how)" has $how 'group=1'
	ok "no signal is blocked ($how)" line $how blocked=
	ok "none is ignored ($how)" line $how ignored=
	ok "it has no other descriptors ($how)" line $how fds=0,1,2,
	ok "its limit of descriptors is the one we were given ($how)" line $how nofile=512
	ok "it has no terminal ($how)" line $how terminal=0
done
(trap '' TERM USR1 PIPE; pseq run --no-tag a.job)
ok 'signals that we were told to ignore are default for it' line out ignored=
printf '[sequence a]\nrun = cat; readlink /proc/self/fd/0\n' >b.job
echo ours >ours
pseq_from ours run --no-tag b.job
ok 'standard input of a command is /dev/null, not ours' same out <<'END'
/dev/null
END

cat >a.job <<'JOB'
[sequence a]
run = sleep 60 & echo $! >left; echo started
say = went on
JOB
pseq run --no-tag a.job
ok 'a process that stays behind does not hold the lane' same out <<'END'
started
went on
END
ok 'a warning names it' has err sleep
ok 'the job ends well' status 0
ok 'it is left alone' kill -0 "$(cat left)"
kill "$(cat left)"
cat >a.job <<'JOB'
[sequence a]
run = sleep 60 >/dev/null 2>&1 & echo $! >left; echo started
JOB
pseq run --no-tag a.job
ok 'one that holds no pipe needs no warning' hasnt err warning
kill "$(cat left)"
cat >a.job <<'JOB'
[sequence a]
run = (sleep 0.1; echo late) & echo first
JOB
pseq run --no-tag a.job
ok 'what comes a moment late is still shown' same out <<'END'
first
late
END
cat >a.job <<'JOB'
[sequence a]
run = exec >&- 2>&-; sleep 0.3; touch done
say = after
JOB
pseq run --no-tag a.job
ok 'a command that closes its output is still waited for' test -e 'done'
cat >a.job <<JOB
[sequence a]
run = $child/leaver ignore
timeout = 300ms
grace = 300ms
on timeout = next
say = over
JOB
pseq run --no-tag a.job
ok 'the whole group is ended by a timeout' retry clean
ok 'and the lane goes on' line out over
cat >a.job <<'JOB'
[sequence a]
run = (trap '' TERM; echo $$; exec sleep 60) & echo go; wait
timeout = 300ms
grace = 200ms
on timeout = next
JOB
pseq run --no-tag a.job
ok 'also those that ignore TERM while their parent does not' retry clean

# output of one try is complete before the next begins
cat >a.job <<'JOB'
[sequence a]
run = seq 1 2000; test "$attempt" = 3
retry = 5 every 1ms
JOB
pseq run --no-tag a.job
ok 'all output is read before a step is over' \
    sh -c '{ seq 2000; seq 2000; seq 2000; } | cmp -s - out'
cat >a.job <<'JOB'
[sequence a]
each x range = 1..200
parallel = 20
run = echo "$x"
JOB
pseq run --no-tag a.job
ok 'no last line is ever lost' sh -c 'sort -n out >got; seq 200 | cmp -s - got'
# zombies: children of pseq that nobody asked for
stub orphans <<'STUB'
for i in 1 2 3 4 5; do (sh -c 'sleep 0.1 >/dev/null 2>&1 & exit' &); done
parent=$PPID
zombies() {
	ps -e -o ppid=,stat= | awk -v p="$parent" '$1 == p && $2 ~ /^Z/' |
		wc -l
}
sleep 0.2
for i in $(seq 100); do
	test "$(zombies)" -eq 0 && exec echo none
	sleep 0.05
done
STUB
cat >a.job <<'JOB'
[sequence a]
run = orphans
JOB
pseq run --no-tag a.job
ok 'orphans do not stay as zombies' line out none
cat >a.job <<'JOB'
[sequence a]
each x range = 1..5
run = kill -STOP $$
timeout = 300ms
grace = 200ms
on timeout = next
say = over
JOB
pseq run --no-tag a.job
ok 'a stopped command is ended by its timeout' count out 5 '^over$'

# with few descriptors fewer run at once; none fails
cat >a.job <<'JOB'
[sequence a]
each x range = 1..60
parallel = 60
run = sleep 0.1; echo "$x"
JOB
(ulimit -n 64; pseq run --no-tag a.job)
ok 'with few descriptors all lanes still run' count out 60 '^[0-9]*$'
ok 'and none fails' status 0
ok 'what it means is said once' count err 1 'open files'
(ulimit -n 40; pseq run --no-tag a.job)
ok 'what fits is never overrated' count err 1 'warning: [0-9] commands at once fit'
ok 'and they all run' count out 60 '^[0-9]*$'
(ulimit -n 20; pseq run --no-state --no-tag a.job)
ok 'even with very few' count out 60 '^[0-9]*$'
(ulimit -n 26; pseq run --no-tag a.job)
ok '… and some for a journal' count out 60 '^[0-9]*$'
done_testing
