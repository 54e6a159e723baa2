#!/bin/sh
# steps that are ended: no process of theirs is left on the other host
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

# the login decides who may send signals: root's sessions take none
accounts=''
test "$(id -u)" -ne 0 || accounts="--user $other"
for account in '' "$accounts"; do
	# shellcheck disable=SC2086
	beds 3 $account
	who=${account:-the same user}
	chmod 777 "$dir"
	word=63.$$

	# a tree of processes, one of which does not mind TERM
	cat >a.job <<JOB
[hosts all]
hosts = h[001-003]
[sequence a]
hosts = @all
parallel = 3
always = z
run = sleep $word & (trap '' TERM; sleep $word; sleep $word) & touch "$dir/in.\$BED_HOST"; sleep $word; echo never
grace = 1s
[routine z]
local = echo "\$host \$result" >>results
JOB
	rm -f results in.*
	start run a.job
	retry test -e in.h001 -a -e in.h002 -a -e in.h003
	kill -INT "$pid"
	timed ended
	ok "INT: ends the run ($who)" status 130
	ok 'INT: in time' within 8000
	ok 'INT: always runs' count results 3 'cancelled$'
	ok 'INT: nothing is left there' ended_there "sleep $word"
	ok 'INT: nothing is left at all' in_time 10 nothing_left

	rm -f results in.*
	sed 's/^grace = 1s/&\ntimeout = 1s/' a.job >b.job
	timed pseq run b.job
	ok 'timeout: fails the lanes' count results 3 'timeout$'
	ok 'timeout: in time' within 8000
	ok 'timeout: nothing is left there' ended_there "sleep $word"
	ok 'timeout: the end is known' has err 'timeout (end confirmed)'
	ok 'timeout: nothing is left at all' in_time 10 nothing_left

	rm -f results in.*
	start run a.job
	retry test -e in.h001 -a -e in.h002 -a -e in.h003
	kill -KILL "$pid"
	{ wait "$pid"; } 2>/dev/null
	ok 'pseq killed: nothing is left there' in_time 10 \
		ended_there "sleep $word"
	ok 'pseq killed: nothing is left at all' in_time 10 nothing_left

	rm -f results in.*
	start run a.job
	retry test -e in.h001 -a -e in.h002 -a -e in.h003
	for m in $(with_word "$hosts/ssh_config"); do kill -KILL "$m"; done
	ended
	ok 'masters killed: the steps are lost' count results 3 'lost$'
	ok 'masters killed: nothing is left there' in_time 10 \
		ended_there "sleep $word"
	ok 'masters killed: nothing is left at all' in_time 10 nothing_left
done

# a second INT does not wait for anybody
cat >c.job <<JOB
[sequence a]
hosts = h001
run = trap '' TERM; touch "$dir/in.h001"; sleep $word; sleep $word
grace = 1h
JOB
rm -f in.*
start run c.job
retry test -e in.h001
kill -INT "$pid"
sleep 0.3
kill -INT "$pid"
timed ended
ok 'a second INT kills at once' status 130
ok '... indeed' within 3000
ok '... there too' in_time 10 ended_there "sleep $word"
ok '... all of it' in_time 10 nothing_left

# what was left behind by a command that ended well is its own business
cat >d.job <<JOB
[sequence a]
hosts = h001
run = sleep 64.$$ >/dev/null 2>&1 & echo well
run = echo next
JOB
pseq run --no-tag d.job
ok 'a command that leaves something behind ends' status 0
ok 'and the next one runs' line out next
no_beds
done_testing
