#!/bin/sh
# pseq simulate: the ways a job takes by a table of outcomes, nothing is run
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'JOB'
[job]
name = deploy
[sequence deploy]
each machine = web1 web2 web3 db1
parallel = 2
rescue = roll-back
always = clean

run = mkdir -p /srv/app

step = migrate
run  = /srv/app/migrate
ok   = 0 3
on 4 = call repair what=db then retry
on 5 = goto end

step = restart
run  = systemctl restart app
timeout = 30s
on timeout = call force-stop then retry

step = probe
run  = cat /proc/loadavg
capture load = stdout
retry = 5 every 2s
until = load < 3

call = notify who=${machine}

step = end
say  = ${machine} done, load ${load}

say  = this is Sunday
when = load == "sun"
[routine notify]
params = who
run = mail "$who"
[routine repair]
params = what
run = fsck "$what"
[routine force-stop]
run = pkill -KILL app || true
[routine roll-back]
finish = rolled back
when   = result == "exit"
[routine clean]
run = rm -rf /tmp/x
JOB
cat >table <<'END'
# one a line
web2:migrate=4|ok
  deploy[web3]:migrate = exit 7
deploy[db?]:restart=timeout|ok

*:probe=ok,load=7|ok,load=1
END
pseq simulate --outcomes table -o 'web1:mkdir*=signal KILL' a.job
ok 'a lane fails, so the status is 1' status 1
ok 'the ways of all lanes, and what was never taken' same out <<'END'
deploy[web1]: failed at mkdir -p /srv/app: signal KILL, 2s
  0s  mkdir -p /srv/app     signal KILL
      rescue roll-back
  1s    finish rolled back  skipped
      always clean
  1s    rm -rf /tmp/x       ok

deploy[web2]: ok, 11s
   0s  mkdir -p /srv/app           ok
   1s  migrate                     exit 4     -> call repair what=db then retry
       call repair
   2s    fsck "$what"              ok
   3s  migrate                     ok
   4s  restart                     ok
   5s  probe                       error, ok
       call notify who=${machine}  ok
   9s    mail "$who"               ok
  10s  end                         ok         : web2 done, load 1
  10s  say this is Sunday          skipped
       always clean
  10s    rm -rf /tmp/x             ok

deploy[web3]: rescued from migrate: exit 7, 3s
  0s  mkdir -p /srv/app  ok
  1s  migrate            exit 7
      rescue roll-back
  2s    finish           ok      : rolled back
      always clean
  2s    rm -rf /tmp/x    ok

deploy[db1]: ok, 40s
   0s  mkdir -p /srv/app           ok
   1s  migrate                     ok
   2s  restart                     timeout    -> call force-stop then retry
       call force-stop
  32s    pkill -KILL app || true   ok
  33s  restart                     ok
  34s  probe                       error, ok
       call notify who=${machine}  ok
  38s    mail "$who"               ok
  39s  end                         ok         : db1 done, load 1
  39s  say this is Sunday          skipped
       always clean
  39s    rm -rf /tmp/x             ok

never taken:
  a.job:15: deploy: migrate: on 5 = goto end
  a.job:33: deploy: step 'say this is Sunday', always skipped

pseq: deploy: simulated 4 lanes: 2 ok, 1 rescued, 1 failed; 11 of 12 steps and 2 of 3 reactions taken; 45s
END
ok 'and nothing else is said' test ! -s err
pseq simulate a.job
ok 'by itself all ends well' status 0
ok 'lanes that go the same way are shown once' has out 'deploy[db1], deploy[web[1-3]] (4 lanes): ok, '
ok 'a routine nobody called is one line' line out '  a.job:38: routine repair'
ok 'the last line counts' sh -c 'tail -n 1 out | grep -q "^pseq: deploy: simulated 4 lanes: 4 ok; "'
pseq simulate -o 'migrate=3' a.job
ok 'a code that is ok is ok' status 0
cp out first
pseq simulate -o 'migrate=3' a.job
ok 'it is the same each time' cmp -s first out

# --- nothing is touched ---
mkdir traps work
for name in ls cat sh touch mkdir cp ssh sudo; do
	printf '#!/bin/sh\n: >"%s/sprung"\n' "$dir" >"traps/$name"
	chmod +x "traps/$name"
done
cat >work/t.job <<'JOB'
[job]
dir = .
[vars]
v output = touch var
[sequence a]
each x output = touch list; echo a
run = touch run-$x; echo >"$x"
local = ls
stdout file = file
run = sh -c 'touch b'
tty = yes
put = t.job -> copy/
get = t.job -> got-${index}
run = cat >c
as = nobody
[sequence b]
each y lines = -
run = ./t.job
JOB
cp -r work before
PATH=$dir/traps:$PATH pseq simulate work/t.job
ok 'a job full of commands ends well' status 0
ok 'a list that a command makes has one item' has out 'a[?]: ok'
ok 'and so has standard input' has out 'b[?]: ok'
ok 'no program was started' test ! -e sprung
ok 'no file was made or changed' diff -r before work
ok 'nor anywhere else here' sh -c 'test -z "$(find . -newer work/t.job -name "run-*" -o -name var -o -name list -o -name got-1)"'
if command -v strace >/dev/null && ! is_sanitized; then
	strace -f -o calls "$PSEQ" simulate work/t.job >out 2>err
	ok 'the kernel was asked for nothing of the kind' not grep -qE '^[0-9]+ +(clone|clone3|fork|vfork|socket|unlink|rename|mkdir)' calls
else
	skip 'the kernel was asked for nothing of the kind' 'there is no strace, or a sanitizer'
fi

# --- lists ---
printf 'one\ntwo words\n' >list
cat >l.job <<'JOB'
[sequence f]
each x lines = list
run = true
[sequence r]
each n range = 1..1000000
run = true
[sequence p]
each id zone output = ls
run = true
say = ${id} in ${zone}
JOB
pseq simulate --list n= --list id='"1 north" "2 south east"' l.job
ok 'a file is read' has out 'f[one], f[two words] (2 lanes)'
ok '--list may leave nothing' noline out 'r[1]'
ok 'items are cut into fields' has out 'p[1,north], p[2,south east]'
pseq simulate --list x="a 'b c' d\\ e" --list n='7' l.job
ok 'words are quoted as in a shell' has out 'f[a], f[b c], f[d e] (3 lanes)'
ok 'also in place of a range' has out 'r[7]: ok'
pseq plan --list n='7 8' l.job
ok 'plan has --list, too' has out '2 lanes: r[7] r[8]'
pseq simulate --list ide=1 l.job
ok 'an unknown name is told' status 2
ok 'with what may have been meant' line err "pseq simulate: --list ide: no list has items of that name; did you mean 'id'?"
pseq simulate --list 'n=1 "2' l.job
ok 'an open quote is a mistake' sh -c 'grep -q "a quote is not closed" err && grep -qx 2 status'
pseq simulate --list v=1 work/t.job
ok 'a variable is no list' has err "it is set by -v v=VALUE"
rm list
pseq simulate --list n=1 l.job
ok 'a file that is not there fails as in a run' sh -c 'grep -q "^error: list of f: cannot read .list." out && grep -qx 1 status'
mkfifo list
pseq simulate --list n=1 l.job
ok 'nothing is waited for' has out 'no regular file'

# --- captures and lines ---
cat >c.job <<'JOB'
[sequence c]
step = info
run  = x
capture j = json
capture e = stderr
step = os
run  = y
capture o = pairs
step = both
run  = z
capture b = both
say  = ${j.a.0} ${e} ${o_NAME} ${b}
step = serve
run  = server
on line = port ([0-9]+) -> set port
on line = error -> fail
on stderr-line = up -> release
say  = ${port}
put  = a -> b/
say  = changed
when = changed == "yes"
JOB
cat >c.table <<'END'
info=ok,j={"a":["x,y|z",2]},e='it, said'
os=ok,o="NAME=\"Some Linux\"\nID=1"
both=ok,b=two
serve=hang,stdout="starting\nport 80\n",stderr=up
put*=ok,changed=no
END
pseq simulate --outcomes c.table c.job
ok 'what is given is what is captured' line out '       3s  say          ok       : x,y|z it, said Some Linux two'
ok 'lines are looked at' line out '  3s500ms  say          ok       : 80'
ok 'a step that is released goes on' status 0
pseq simulate --outcomes c.table -o 'serve=ok,stdout="an error"' c.job
ok 'the first outcome that fits counts, those of the command line first' has out 'failed at serve: error: an error'
pseq simulate -o 'os=ok,o=NAME=x' c.job
ok 'JSON that is not given is null' has out "'j' has no part 'a.0'"

# --- times ---
cat >t.job <<'JOB'
[sequence s]
lane-timeout = 1m
always = c
step = a
run  = x
timeout = 10s
on timeout = next
step = b
run  = x
silent = 20s
on silent = next
step = c
run  = x
[routine c]
say = the end: ${result}
JOB
pseq simulate -o a=hang -o b=silent -o c=hang t.job
ok 'limits end what hangs' same out <<'END'
s: failed at c: timeout: the lane took too long, 1m
   0s  a         timeout  -> next
  10s  b         silent   -> next
  30s  c         timeout  : the lane took too long
       always c
   1m    say     ok       : the end: timeout

pseq: t: simulated 1 lane: 1 failed; 4 of 4 steps and 2 of 2 reactions taken; 1m
END
pseq simulate -o 'a=ok after 9s' -o 'b=ok after 2h' t.job
ok 'a command may take its time' sh -c 'grep -q "^   9s  b *silent" out && grep -qx 0 status'

# --- no end ---
cat >e.job <<'JOB'
[sequence a]
step = s
run = x
retry = forever every 1s
[sequence b]
run = y
JOB
pseq simulate -o s=3 e.job
ok 'what has no end is ended' line out "error: a goes round and round: 100000 steps and no end, the last was 's'"
ok 'and is no success' status 1
pseq simulate -o y=hang e.job
ok 'what would hang for ever is told' line out 'error: nothing would ever end b: y'

cat >r.job <<'JOB'
[job]
depth = 40
[sequence a]
call = r
[routine r]
run = x
call = r
JOB
pseq simulate r.job
ok 'calls without an end are an error' has out 'calls are nested more than 40 deep'
ok 'and are shown within a screen' sh -c 'test "$(wc -L <out)" -lt 100'

cat >r.job <<'JOB'
[sequence a]
call = p
call = q
[routine p]
step = x
run = true
on 3 = next
[routine q]
step = x
run = true
on 3 = next
JOB
pseq simulate -o 'a:q/x=3' r.job
ok 'a routine may stand before its step' sh -c 'grep -q "r.job:7: p: x: on 3" out && ! grep -q "r.job:11" out'

# --- failures of lanes ---
cat >m.job <<'JOB'
[job]
max-fail = 1
[sequence a]
each n range = 1..9
parallel = 1
step = x
run = true
[sequence b]
after = a
run = true
JOB
pseq simulate -o '[2]:x=1' m.job
ok 'a slip in a lane is found' status 2
ok 'and shown' sh -c 'head -n 2 err | cmp -s - <<END
--outcome:1:1: error: no lane '"'[2]'"'
    1 | [2]:x=1
END'
pseq simulate -o 'a[2]:x=1' -o 4:x=lost -o 8:x=1 -o 'b:true=3' m.job
ok 'the job stops as a run does' line out 'a: 5 lanes not started'
ok 'what comes after is not started' line out 'b: 1 lane not started'
ok 'a lane that never began may be spoken of' sh -c 'grep -qx 1 status && grep -A 2 "never used" out | grep -qx "  8:x"'
pseq simulate --start b -o 'x=3' m.job
ok '--start picks a sequence' has out 'simulated 1 lane: 1 ok; 1 of 1 steps taken'
ok 'an outcome that was of no use is told' sh -c 'grep -A 1 "never used" out | grep -qxF "  *:x"'

# --- slips ---
wrong() {
	pseq simulate -o "$1" c.job
	ok "'$1' is a mistake" status 2
	ok "which says: $2" has err "$2"
}
wrong 'inof=3' "no step 'inof'"
wrong 'inof=3' "did you mean 'info'?"
wrong 'info' 'LANE:STEP=RESULT'
wrong '=3' 'the step is missing'
wrong 'info=' 'the result is missing'
wrong 'info=tmeout' "did you mean 'timeout'?"
wrong 'info=what' 'ok, an exit code, signal NAME'
wrong 'info=timeout' "step 'info' has no 'timeout'"
wrong 'info=silent' "step 'info' has no 'silent'"
wrong 'info=256' 'from 0 to 255'
wrong 'info=exit' 'from 0 to 255'
wrong 'info=signal' 'which signal?'
wrong 'info=signal FOO' "no signal 'FOO'"
wrong 'info=skipped' "comes of 'when'"
wrong 'info=hang after 3s' 'has a time of its own'
wrong 'info=ok,k=1' "step 'info' has no capture 'k'"
wrong 'serve=ok,k=1' 'stdout=TEXT and stderr=TEXT'
wrong 'info=ok,j' 'NAME=VALUE'
wrong 'info=ok,j="x' 'the quote is not closed'
wrong 'info=ok,j="x"y' 'behind the closing quote'
wrong 'info=ok,j=1,stdout=2' 'another text already'
wrong 'put*=3' 'it has no exit code'
wrong 'put*=ok,changed=perhaps' 'yes or no'
wrong 'say*=3' "of the kind 'say'"
printf '# fine\ninfo=3\n\n  c:infoo=4 \n' >bad.table
pseq simulate --outcomes bad.table c.job
ok 'a slip in a file has its place' same err <<'END'
bad.table:4:5: error: no step 'infoo'
    4 |   c:infoo=4 
      |     ^~~~~
bad.table:4:5: note: did you mean 'info'?
END
ok 'and nothing is shown' test ! -s out
pseq simulate --outcomes nowhere c.job
ok 'a file that is not there' sh -c 'grep -q "nowhere" err && grep -qx 2 status'
printf '[sequence a]\nrun =\n' >b.job
pseq simulate b.job
ok 'a mistake in the job' status 2
printf '[sequence a]\neach x output = true\nrun = true\n' >n.job
pseq simulate --list x= n.job
ok 'nothing to do is status 4' status 4
"$PSEQ" simulate a.job 2>err | head -n 1 >out
ok 'a reader may go away' test ! -s err
"$PSEQ" simulate a.job >/dev/full 2>err
echo $? >status
ok 'a full disk is told' sh -c 'grep -qx 3 status && grep -q "No space left" err'

# --- many lanes ---
printf '[sequence s]\neach n range = 1..10000\nrun = a\nstep = b\nrun = b\nretry = 2\nrun = c\nsay = done\n' >m.job
began=$(date +%s)
limit=20 pseq simulate -o b='3|ok' -o 's[77]:c=9' m.job
ok 'ten thousand lanes' status 1
ok 'are shown in a few lines' sh -c 'test "$(wc -l <out)" -lt 20'
ok 'by their names' line out 's[1-76,78-10000] (9999 lanes): ok, 5s'
ok 'and what differs by itself' line out 's[77]: failed at c: exit 9, 5s'
ok 'in no time' test $(($(date +%s) - began)) -lt 10

# --- every example and every job ---
for job in "$root"/examples/*.job "$root"/jobs/*.job; do
	limit=20
	set --
	for try in 1 2 3 4; do
		pseq simulate "$@" "$job"
		required=$(sed -n 's/.*must be given: -v \([a-z_]*\)=.*/\1/p' err)
		test -n "$required" || break
		set -- "$@" -v "$required=1.0"
	done
	ok "${job##*/} can be simulated" sh -c '
		grep -qx "[01]" status && test ! -s err &&
		tail -n 1 out | grep -q "^pseq: .* simulated .* lane"'
done
cat >a.job <<'JOB'
[sequence a]
wait = tcp db:5432
timeout = 1h
on timeout = goto late
say = there
return =
step = late
say = late
JOB
pseq simulate a.job
ok 'what is waited for comes at once' has out 'there'
pseq simulate -o 'wait*=timeout' a.job
ok 'or as it is said' has out 'timeout  -> goto late'

done_testing
