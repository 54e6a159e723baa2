#!/bin/sh
# connections that break while a step runs, and the codes that look like it
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

beds 6 --delay 0
word=61.$$
# at_most N: of the sleeps are still there, with the shells that wait for them
at_most() { test "$(with_word "sleep $word" | wc -l)" -le $(($1 * 2)); }
cat >a.job <<JOB
[hosts all]
hosts = h[001-004]
[sequence a]
hosts = @all
parallel = 10
rescue = r
always = z
step = first
run = echo up
step = long
run = touch "$dir/in.\$BED_HOST"; echo begun; test \$BED_HOST = h004 || sleep $word; cat go
run = echo next
[routine r]
local = echo "\$host \$result \$step" >>rescued; echo "\$message" >"why.\$host"
[routine z]
local = echo "\$host \$result" >>results
run = echo "there again" >>"$dir/again.\$BED_HOST"
JOB
for h in h001 h002 h003 h004; do
	echo yes >"$hosts/home/$h/go"
done
start run a.job
retry test -e in.h001 -a -e in.h002 -a -e in.h003 -a -e in.h004
"$bed" kill "$hosts" h001
link cut h002
ok 'an sshd that dies is noticed at once' retry grep -qs '^h001' results
ok 'a connection that is reset, too' retry grep -qs '^h002' results
ok 'and what they ran has ended' in_time 10 at_most 2
ok 'another host goes on' grep -qx 'h004 ok' results
kill -INT "$pid"
ended
grep '^h00[12]' results | sort >got
ok 'their end is unknown: they are lost' same got <<'END'
h001 lost
h002 lost
END
ok 'that is told' has err 'lost (end unknown): the connection was lost'
ok 'rescue knows the step' line rescued 'h001 lost long'
ok 'always gets a connection again' test -s again.h001
ok 'the third was ended with the run' line results 'h003 cancelled'
ok 'nothing is left' in_time 10 nothing_left

# 255 may be a command's own
cat >b.job <<'JOB'
[sequence a]
hosts = h001
run = exit 255
on 255 = goto own
fail = no

step = own
say = its own
run = kill -9 $$
on signal KILL = finish
fail = no signal: ${result} ${code}
JOB
pseq run --no-tag b.job
ok 'a command may end with 255' line out 'its own'
ok 'or by a signal' status 0

# what says nothing more: the step's own time counts
cat >c.job <<JOB
[sequence a]
hosts = h003 h004
always = z
run = touch $dir/in.\$BED_HOST; sleep 62.$$
timeout = 3s
grace = 1s
[routine z]
lane-timeout = 8s
local = echo "\$host \$result" >>results
run = echo well
timeout = 2s
grace = 1s
JOB
rm -f in.* results
start run c.job
retry test -e in.h003 -a -e in.h004
link stall h003
began=$(date +%s)
in_time 40 gone "$pid"
took=$(($(date +%s) - began))
ended
ok 'a link that goes silent ends with the step' status 1
ok 'in time' test "$took" -le 25
ok 'a step that lasts too long is a timeout' line results 'h004 timeout'
ok 'also where nothing is heard any more' \
	grep -qx 'h003 \(timeout\|lost\)' results
link heal all
ok 'nothing is left once the link is back' in_time 15 nothing_left

# a copy that breaks off leaves no half file
head -c 30000000 /dev/urandom >big
cat >d.job <<'JOB'
[sequence a]
hosts = h005
always = z
put = big -> there/
[routine z]
local = echo "$host $result" >>results
JOB
rm -f results
link delay h005 300
start run d.job
retry some_files "$hosts/home/h005"
sleep 1
link cut h005
link delay h005 0
ended
ok 'a copy that breaks off is lost' line results 'h005 lost'
ok 'and has no half file under its name' test ! -e "$hosts/home/h005/there/big"
ok 'nor any other' in_time 10 no_files "$hosts/home/h005"

# a command that is late to begin when its connection is no more; on h001 the
# first shell there, the one that ends what the others leave, is not
cat >late <<'END'
#!/bin/sh
if mkdir "$HOME/first" 2>/dev/null; then
	test "$BED_HOST" != h001 || exec /bin/sh "$@"
else
	touch "$HOME/late"
fi
sleep 1
exec /bin/sh "$@"
END
chmod 755 late
accounts=''
test "$(id -u)" -ne 0 || accounts="--user $other"
# shellcheck disable=SC2086
beds 2 $accounts "*=shell:$dir/late"
cat >e.job <<JOB
[sequence a]
hosts = h001 h002
parallel = 2
run = sleep 60.$$
JOB
start run e.job
retry test -e "$hosts/home/h001/late" -a -e "$hosts/home/h002/late"
"$bed" kill "$hosts" h001
"$bed" kill "$hosts" h002
ended
ok 'what begins too late is ended' in_time 10 ended_there "sleep 60.$$"
ok 'and leaves no file' in_time 10 nothing_left
no_beds

# one that is up, and gone before anything can be run, is not tried for ever
stub ssh <<END
echo try >>"$dir/tries"
exec "$child/flapper" "\$@"
END
cat >f.job <<'JOB'
[sequence a]
hosts = h001
connect-retry = 2
run = true
JOB
PATH=$dir/bin:$PATH limit=20 pseq run f.job
ok 'a connection that allows nothing is none' has err unreachable
ok 'it is tried as often as any' count tries 3 try
done_testing
