#!/bin/sh
# a command hears of the end of each run: report
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# the report writes what it hears to these files
cat >report.job <<'JOB'
[job]
name = nightly
report = cat >heard; echo "$PSEQ_STATUS $PSEQ_JOB $PSEQ_RUN" >told; echo "$admin" >var

[vars]
admin = root

[sequence a]
each n = 1 2
run = exit "${bad:-0}"
JOB
forget() { rm -f heard told var; }

pseq run report.job
ok 'a run that went well is reported' line var root
ok 'with its status, its job and its run' \
	grep -Eqx '0 nightly [0-9]{8}-[0-9]{6}-[0-9a-f]{5}' told
ok 'the summary is the standard input' cmp -s heard err
ok 'which has the total' has heard '2 lanes ok'
forget
bad=3 pseq run report.job
ok 'one that failed, too' grep -q '^1 nightly' told
sed -n '/^FAILED/,$p' err | grep -v '^pseq: to ' >want
ok 'with the same words as on standard error' cmp -s heard want
ok 'the status is that of the run' status 1
bad=3 pseq run --color always report.job
ok 'but without colours' sh -c '! grep -q "$(printf "\033")" heard'
forget
pseq run -q report.job
ok 'quietly not if all is well' test ! -e told
bad=3 pseq run -q report.job
ok 'but if it is not' grep -q '^1 ' told

# --- its own output, and its failures ---

job <<'JOB'
[job]
report = echo to out; echo to err >&2; printf 'no newline'; exit 3
[sequence a]
run = true
JOB
printf 'to out\nno newline' >want
ok 'its output is shown as it is' cmp -s out want
ok 'its standard error as well' line err 'to err'
ok 'if it fails that is a warning' line err 'pseq: warning: report: exit 3'
ok 'and the status stays' status 0
job <<'JOB'
[job]
report = nothing-of-that-name
[sequence a]
run = exit 3
JOB
ok 'if it is not found as well' line err 'pseq: warning: report: exit 127'
ok 'the status is that of the run' status 1
job <<'JOB'
[job]
report = exec >&- 2>&-; sleep 0.1; kill -KILL $$
[sequence a]
run = true
JOB
ok 'if it is killed, too' line err 'pseq: warning: report: signal KILL'
job <<'JOB'
[job]
report = true
[sequence a]
run = exit 1
JOB
ok 'one that does not read is none' hasnt err warning
job <<'JOB'
[job]
report = (: </dev/tty) 2>/dev/null || echo none at all
[sequence a]
run = true
JOB
ok 'it has no terminal' has out 'none at all'
mkdir sub
cat >sub/dir.job <<'JOB'
[job]
dir = .
report = pwd
[sequence a]
local = true
JOB
pseq run sub/dir.job
ok 'it is run in the directory of the job' line out "$(pwd -P)/sub"
stub my-sh <<'END'
echo "by my-sh: $2"
END
job <<'JOB'
[job]
shell = my-sh
report = what
[sequence a]
run = x
JOB
ok 'by the shell of the job' line out 'by my-sh: what'
cat >secret.job <<'JOB'
[job]
report = env >env; cat >heard
[secrets]
key env = SECRET_KEY
[sequence a]
secret = key
run = echo "a $key b" >&2; exit 3
JOB
SECRET_KEY=sesame pseq run secret.job
ok 'secrets are not shown to it' hasnt env sesame
ok 'neither in the summary' hasnt heard sesame
ok 'which is there' has heard FAILED

# --- however the run ends ---

cat >end.job <<'JOB'
[job]
report = echo "$PSEQ_STATUS" >told; cat >heard
[sequence a]
run = echo $$ >there; sleep 100
JOB
for pair in INT:130 TERM:143 HUP:129; do
	signal=${pair%:*} number=${pair#*:}
	rm -f there told heard
	: >out
	: >err
	env --default-signal=INT,QUIT,HUP "$PSEQ" run end.job >out 2>err </dev/null &
	pid=$!
	retry test -s there
	kill -"$signal" "$pid"
	retry gone "$pid"
	wait "$pid"
	echo $? >status
	ok "a run that $signal ended ends by it" status "$number"
	ok "which is reported before" line told "$number"
	ok 'with the summary' has heard cancelled
done
rm -f told heard
job <<'JOB'
[job]
report = echo "$PSEQ_STATUS" >told; cat >heard
timeout = 200ms
[sequence a]
run = sleep 100
JOB
ok 'one whose time was over is reported' line told 1
rm -f told heard
job <<'JOB'
[job]
report = echo "$PSEQ_STATUS ${x:-none} $y" >told; cat >heard
[vars]
x required = a thing
y = known
[sequence a]
run = true
JOB
ok 'one that lacks a variable could not begin' status 2
ok 'and is reported' line told '2 none known'
ok 'with the reason' has heard "variable 'x' must be given"
rm -f told heard
job <<'JOB'
[job]
report = echo "$PSEQ_STATUS" >told; cat >heard
[vars]
x output = echo oh >&2; exit 7
[sequence a]
run = true
JOB
ok 'one whose variables could not be made is reported' line told 1
rm -f told heard
job <<'JOB'
[job]
report = echo "$PSEQ_STATUS" >told; cat >heard
dir = nowhere
[sequence a]
run = true
JOB
ok 'one without its directory is reported' line told 2
ok 'with the reason, too' has heard "[job] dir"
rm -f told
job <<'JOB'
[job]
report = echo "$PSEQ_STATUS" >told; cat >heard
[sequence a]
each n lines = /dev/null
run = true
JOB
ok 'one with nothing to do is reported' line told 4
rm -f told heard
mkdir -p state/pseq/locks
: >state/pseq/nodir
cat >nodir.job <<'JOB'
[job]
lock = x
report = echo "$PSEQ_STATUS" >told; cat >heard
[sequence a]
run = touch ran
JOB
XDG_STATE_HOME=$dir/state pseq run nodir.job
ok 'one that cannot keep a journal does not begin' test ! -e ran
ok 'and is reported' line told 3
ok 'with the reason, as well' has heard "$dir/state/pseq/nodir'"

# a reader of our output that goes away
rm -f told
cat >pipe.job <<'JOB'
[job]
report = echo "$PSEQ_STATUS" >told; echo more
[sequence a]
run = yes
JOB
"$PSEQ" run pipe.job 2>err </dev/null | head -n 1 >out
retry test -s told
ok 'a run whose reader went away is reported' line told 141
ok 'without a word about it' test ! -s err

# left out because of the lock: that is no end of a run
rm -f told there
mkfifo gate
cat >lock.job <<'JOB'
[job]
lock = x
report = echo "$PSEQ_STATUS" >>told
[sequence a]
run = echo $$ >there; : <gate
JOB
"$PSEQ" run lock.job >/dev/null 2>&1 </dev/null &
pid=$!
retry test -s there
pseq run lock.job
ok 'one that is left out is not reported' test ! -e told
timeout 10 sh -c ': >gate'
wait "$pid"
ok 'the other one is' same told <<'END'
0
END

# the lock is held until the report is over
cat >late.job <<'JOB'
[job]
lock = x
report = echo $$ >there; : <gate
[sequence a]
run = true
JOB
rm -f there
"$PSEQ" run late.job >/dev/null 2>&1 </dev/null &
pid=$!
retry test -s there
pseq run lock.job
ok 'the lock is held as long as the report runs' status 75
kill -KILL "$pid"
ok 'if we are killed it does not live on' retry gone "$(cat there)"
wait "$pid" 2>/dev/null

for command in check plan simulate; do
	rm -f told
	pseq "$command" end.job
	ok "$command reports nothing" test ! -e told
done

done_testing
