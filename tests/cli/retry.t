#!/bin/sh
# further tries: how many, when, on what; until
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# third: fails twice, then succeeds; counts how often it was run
stub third <<'STUB'
echo x >>tries
test "$(wc -l <tries)" -ge "${GOOD:-3}" || exit "${CODE:-1}"
STUB
tries() { test "$(wc -l <tries)" -eq "$1"; rc=$?; rm -f tries; return $rc; }

job <<'JOB'
[sequence a]
run = third
retry = 2
say = ${attempt} ${result}
JOB
ok 'a command that fails is tried again' status 0
ok 'as often as it takes' tries 3
ok 'attempt says how often' line out 'a : 3 ok'
job <<'JOB'
[sequence a]
run = third
env GOOD = 9
retry = 2
JOB
ok 'after the last try the lane fails' status 1
ok 'with one try and two more' tries 3
ok 'and the result of the last' has err 'exit 1'
job <<'JOB'
[sequence a]
run = third
retry = 0
JOB
ok 'retry = 0 is one try' tries 1
job <<'JOB'
[sequence a]
run = third
env GOOD = 40
retry = forever every 1ms
JOB
ok 'forever is as long as it takes' tries 40
job <<'JOB'
[sequence a]
run = third
env GOOD = 9
retry = 5 every 1ms on 2-9
JOB
ok 'on says what is tried again, all else is not' tries 1
job <<'JOB'
[sequence a]
run = third
env CODE = 4
retry = 5 every 1ms on 2-9, signal TERM
JOB
ok 'what on names is tried again' tries 3

# the time between the tries
stub stamp <<'STUB'
date +%s%N >>stamps
exit 1
STUB
# gaps N MIN...: between the stamps there was at least so many ms
gaps() {
	awk -v want="$*" 'NR > 1 { gap[NR - 1] = ($1 - last) / 1000000 }
		{ last = $1 }
		END { n = split(want, w, " ")
			if (NR - 1 != n) exit 1
			for (i = 1; i <= n; i++) if (gap[i] < w[i]) exit 1 }' stamps
	rc=$?; rm -f stamps; return $rc
}
job <<'JOB'
[sequence a]
run = stamp
retry = 2 every 150ms
JOB
ok 'every is the time between tries' gaps 145 145
job <<'JOB'
[sequence a]
run = stamp
retry = 3 every 50ms backoff 3 max 200ms
JOB
ok 'backoff makes it longer' gaps 45 145 195
job <<'JOB'
[sequence a]
run = stamp
retry = 3 every 20ms backoff 10 max 100ms
JOB
ok 'max bounds it' sh -c 'test "$(wc -l <stamps)" -eq 4 && rm stamps'
ok 'and so it takes no minute' has err 'failed; '
job <<'JOB'
[sequence a]
run = stamp
retry = 2 every 100ms jitter 50%
JOB
ok 'jitter takes a part off or adds it' gaps 45 45

job <<'JOB'
[sequence a]
run = third; wc -l <tries
env GOOD = 1
capture k = stdout
until = k >= 4
retry = 9 every 1ms
say = k is ${k}
JOB
ok 'until is asked after each try' tries 4
ok 'captures are those of the last try' line out 'a : k is 4'
job <<'JOB'
[sequence a]
run = third; echo no
env GOOD = 1
capture k = stdout
until = k == "yes"
retry = 2 every 1ms
JOB
ok 'an until that never holds is a failure' status 1
ok 'after all its tries' tries 3
ok 'which is told' has err until
job <<'JOB'
[sequence a]
run = true
until = 1
JOB
ok 'until without retry is a mistake' status 2

job <<'JOB'
[sequence a]
run = echo x >>tries; sleep 60
timeout = 100ms
retry = 2 every 1ms
JOB
ok 'timeout is of one try' tries 3
ok 'a timeout is tried again, then fails' has err timeout
job <<'JOB'
[sequence a]
run = third
on 1 = finish reaction
retry = 2
JOB
ok 'reactions look at the last try only' tries 3
ok 'and not at those before' not has out reaction
job <<'JOB'
[sequence a]
retry = 4 every 1ms
run = third
env GOOD = 9

run = third
retry = none
JOB
ok 'a header gives the default' tries 5
job <<'JOB'
[sequence a]
retry = 4 every 1ms
run = third
retry = none
JOB
ok 'none takes it off' tries 1
job <<'JOB'
[sequence a]
call = r
retry = 2 every 1ms
[routine r]
run = third
JOB
ok 'a call can be tried again' tries 3
ok 'and end well' status 0
job <<'JOB'
[sequence a]
rescue = sorry
call = r
retry = 1 every 1ms
[routine r]
run = third
env GOOD = 9
[routine sorry]
say = sorry
JOB
ok 'rescue runs once, after the last try' count out 1 sorry

# lanes that ended well, but not at once
cat >flaky.job <<'JOB'
[job]
name = flaky
[sequence a]
each n = 1 2 3
run = test "$n" = 2 || test "$attempt" -ge "$n"
retry = 3 every 1ms
[sequence b]
run = echo "$attempt"
capture n = stdout
until = n == 3
retry = 5 every 1ms
JOB
pseq run flaky.job
ok 'needing more than one try is no failure' status 0
ok '... but told; waiting for something is not' \
    line err 'ok after up to 3 tries: 3'
pseq run --flaky=fail -q flaky.job
ok 'unless that is wanted' status 1
ok '... then it is not quiet' line err 'ok after up to 3 tries: 3'
pseq run --flaky=ok -q flaky.job
ok 'a quiet run says nothing of it' test ! -s err

# a lane that waits for its next try does not hold the only process
job <<'JOB'
[job]
children = 1
[sequence a]
run = test -e free
retry = 200 every 50ms
[sequence b]
run = touch free
JOB
ok 'waiting for a try gives up the slot' status 0

for bad in '-1' 'x' '2 every' '2 every 3' '2 backoff x' '2 jitter 10' \
    '2 on' '2 on nothing' '2 twice' '' '2 every 1s every 2s' '1.5'; do
	printf '[sequence a]\nrun = true\nretry = %s\n' "$bad" | check
	ok "retry = $bad is a mistake" status 2
done

# --- what is shown now, and how it was shown then ---

printf '[sequence s]\nrun = echo told; false\n' >shown.job
again() { pseq run "$1" shown.job; shift; pseq retry "$@"; }
again --diff --output stream
ok 'what was compared may be shown as it comes' status 1
ok '... and is' grep -qx 's | told' out
again --output=fold --tag 'now:'
ok 'what was folded may be tagged' status 1
ok '... and is' grep -qx 'now: | told' out
again --time=abs --diff
ok 'what bore times may be compared' status 1
again --tag=x --no-tag
ok 'what bore tags may do without' status 1
again --no-tag --tag 'now:'
ok '... and get them' grep -qx 'now: | told' out

done_testing
