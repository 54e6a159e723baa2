#!/bin/sh
# started as cron starts it: a bare environment, no terminal, nobody there
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

full=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
own=$(cd "${PSEQ%/*}" && pwd -P)
case :$full: in *:$own:*) ;; *) full=$full:$own ;; esac

# cron COMMAND: as a line of a crontab does it, with these variables for
# the tests themselves
cron() {
	env -i HOME="$HOME" PATH=/usr/bin:/bin SHELL=/bin/sh LOGNAME=root \
		PSEQ_TEST_ID="$id" PSEQ="$PSEQ" ASAN_OPTIONS="$ASAN_OPTIONS" \
		setsid sh -c "$1" >out 2>err </dev/null
	echo $? >status
}

# same_but_time FILE <TEXT: the total's time and the run are not compared
same_but_time() {
	cat >want
	sed 's/^\(pseq: .*\); [^;]*$/\1/; s/ [0-9]*-[0-9]*-[0-9a-f]\{5\}/ RUN/' \
	    "$1" | cmp -s want -
}

# --- what commands see ---

cat >env.job <<'JOB'
[sequence a]
run = printf '%s\n' "$PATH" "${LANG-none}" "${LC_ALL-none}"
JOB
cron '"$PSEQ" run --no-tag env.job'
ok "cron's PATH becomes a full one, its locale C.UTF-8" same out <<END
$full
C.UTF-8
none
END
env -i HOME="$HOME" "$PSEQ" run --no-tag env.job >out 2>err
ok 'so does none at all' line out "$full"
PATH='' "$PSEQ" run --no-tag env.job >out 2>err
ok 'and an empty one' line out "$full"
env PATH=/bin:/usr/bin "$PSEQ" run --no-tag env.job >out 2>err
ok 'any other stays' line out /bin:/usr/bin
for name in LC_ALL LC_CTYPE LANG; do
	env -u LC_ALL -u LC_CTYPE -u LANG $name=C "$PSEQ" run --no-tag \
		env.job >out 2>err
	ok "$name is enough of a locale" noline out C.UTF-8
done
env -u LC_ALL -u LC_CTYPE LANG= "$PSEQ" run --no-tag env.job >out 2>err
ok 'an empty one is none' line out C.UTF-8
cat >pseq.job <<'JOB'
[vars]
v =
[sequence a]
run = pseq set v found; command -v pseq
say = ${v}
JOB
if test "$(basename "$PSEQ")" = pseq; then
	cron '"$PSEQ" run --no-tag pseq.job'
	ok 'pseq itself is found by its commands' line out found
fi
cron '"$PSEQ" each --no-tag "echo {}; echo \$PATH" x'
ok 'pseq each has it, too' line out "$full"
printf '[sequence a]\nrun = echo "$my"\nenv my = ${env.PATH}\n' >own.job
cron '"$PSEQ" run --no-tag own.job'
ok 'what pseq itself was given can still be asked for' line out /usr/bin:/bin
# a stand-in for ssh, which could send on what it has
stub ssh <<END
printf 'LANG=%s PATH=%s\n' "\${LANG-none}" "\$PATH" >>$dir/ssh
exit 255
END
printf '[hosts h]\nhosts = h1\noption = SendEnv=LANG\n[sequence a]\nhosts = @h\nrun = true\n' >ssh.job
env -u LC_ALL -u LC_CTYPE -u LANG "$PSEQ" run ssh.job >out 2>err </dev/null
ok 'ssh does not get our locale, it might send it' \
	sh -c 'test -s ssh && ! grep -v "^LANG=none " ssh'

# --- quiet ---

cat >good.job <<'JOB'
[sequence a]
each n = 1 2 3
run = echo out; echo err >&2
say = said
[sequence w]
run = sleep 0.5 & echo leaves a process behind
JOB
cron '"$PSEQ" run -q good.job'
ok 'quietly nothing is shown of what went well' test ! -s out -a ! -s err
ok 'neither is a warning' status 0
cat >bad.job <<'JOB'
[sequence a]
step = one
run = echo one; echo 'err of one' >&2
say = said
step = two
run = echo two; exit 3
JOB
cron '"$PSEQ" run -q bad.job 2>&1'
ok 'of what went wrong all is shown, in order' same_but_time out <<'END'
a | one
a ! err of one
a : said
a | two
pseq: a: two: exit 3
FAILED step 'two': exit 3   (1 lane)
    a
pseq: bad: failed
pseq: to run what failed again: pseq retry RUN
pseq: to see one step by step: pseq show RUN 'a'
END
ok 'with its status' status 1
cron '"$PSEQ" run -q nowhere.job'
ok 'a file that is not there is told' has err nowhere.job
printf '[job]\ntimeout = 300ms\nreport = echo reported\n[sequence a]\nrun = echo before; sleep 100\n' >long.job
cron '"$PSEQ" run -q long.job'
ok 'a run whose time is over shows all' line out 'a | before'
ok 'and tells it' status 1
ok 'its report is run' line out reported
printf '[job]\nreport = echo reported\n[sequence a]\nrun = echo before\n' >short.job
cron '"$PSEQ" run -q short.job'
ok 'one that went well says nothing, nor its report' test ! -s out -a ! -s err
printf '[sequence a]\neach n lines = /dev/null\nrun = true\n' >none.job
cron '"$PSEQ" run -q none.job'
ok 'that there was nothing to do is told' has err 'nothing to do'
printf '[sequence a]\neach n lines = nowhere\nrun = true\n' >list.job
cron '"$PSEQ" run -q list.job'
ok 'a list that cannot be read is told' has err nowhere
printf '[vars]\nx output = echo why >&2; exit 3\n[sequence a]\nrun = echo "$x"\n' >var.job
cron '"$PSEQ" run -q var.job'
ok 'a variable that cannot be made is told' has err 'exit 3'
rm -f there
printf '[sequence a]\nrun = echo before; echo 1 >there; sleep 100\n' >int.job
: >out
: >err
env --default-signal=INT "$PSEQ" run -q int.job >out 2>err </dev/null &
pid=$!
retry test -s there
kill -INT "$pid"
wait "$pid"
ok 'an interrupted run shows all' line out 'a | before'
ok 'and what became of it' has err cancelled

# --- jitter ---

pseq run -q --jitter 100ms good.job
ok 'jitter lets a run begin after a while' status 0
ok 'and says nothing' test ! -s out -a ! -s err
cat >jitter.job <<'JOB'
[job]
lock = j
[sequence a]
run = touch ran
JOB
rm -f ran
: >out
: >err
env --default-signal=INT "$PSEQ" run --jitter 100d jitter.job >out 2>err </dev/null &
pid=$!
sleep 0.2
ok 'meanwhile nothing is run' test ! -e ran
pseq run jitter.job
ok 'nor is the lock held' status 0
kill -INT "$pid"
wait "$pid"
echo $? >status
ok 'a signal ends it' status 130
pseq run --jitter 5 good.job
ok 'it is a time' status 2
printf '[sequence a\n' >broken.job
pseq run --jitter 100d broken.job
ok 'mistakes in the file are told before' status 2

done_testing
