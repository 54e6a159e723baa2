#!/bin/sh
# who watches a run ends it early, and what runs remember of how long it took
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'JOB'
[sequence a]
each x = 1 2 3 4 5 6
parallel = 2
step = work
run = echo $x >>ran; until test -e go; do sleep 0.05; done
JOB
pace=state/pseq/a/pace
# the lines of `ran` are these
ran() { sort ran >got; printf '%s\n' "$@" | sort | cmp -s - got; }

# --- USR1 and USR2, with no terminal at all ---

start run a.job
retry grep -qs 2 ran
kill -USR1 "$pid"
ok 'USR1 tells how far it is' retry grep -q '^pseq: a: 0/6 done, 2 running' err
ok '... and what runs' grep -q '^1 *work ' err
kill -USR2 "$pid"
ok 'USR2 pauses' retry grep -q '^pseq: paused: no more lanes begin; 2 lanes' err
touch go
kill -USR1 "$pid"
ok '... what runs goes on' retry sh -c '
	kill -USR1 "$1"; grep -q "2/6 done.*paused" err' sh "$pid"
ok '... and no lane begins' ran 1 2
kill -USR2 "$pid"
ok 'USR2 goes on' retry grep -q '^pseq: goes on$' err
wait "$pid"
echo $? >status
ok '... to the end' status 0
ok '... with all lanes' ran 1 2 3 4 5 6

# --- who asks often, and reads nothing ---

seq -f '%0500.0f' 1 60 >items
mkfifo slow
exec 8<>slow
"$PSEQ" each -j 60 --from items \
	'until test -e stop; do sleep 0.2; done #' >out 2>slow 8<&- </dev/null &
pid=$!
retry sh -c 'test "$(ls /proc/"$1"/task/"$1" 2>/dev/null)" &&
	test "$(wc -w <"/proc/$1/task/$1/children")" -ge 60' sh "$pid"
i=0
while test $((i += 1)) -le 800; do
	kill -USR1 "$pid"
	sleep 0.002
done
touch stop
cat slow >told 8<&- &
reader=$!
retry test -s told
exec 8<&-
ended
wait "$reader"
ok 'what is not read is not told again and again' status 0
ok "... $(wc -c <told) bytes" test "$(wc -c <told)" -lt 1500000
rm -f stop slow

# --- how long things took ---

ok 'what it took is remembered' has "$pace" '"a work":{"n":6,'
ok '... of lanes as well' has "$pace" '"a":{"lanes":6,'
ok '... for the user only' test "$(stat -c %a "$pace")" = 600
for text in '' '{' '[]' '{"version":1}' '{"version":1,"steps":[],"sequences":7}' \
    '{"version":1,"steps":{"a work":{"n":-1,"seconds":"x"}}}'; do
	printf '%s' "$text" >"$pace"
	pseq run a.job
	ok "'$text' in its place does no harm" status 0
done
rm "$pace"
mkdir "$pace"
pseq run a.job
ok 'nor does a directory' status 0
ok '... and nothing is left of the try' not sh -c 'ls state/pseq/a/pace.*'
rmdir "$pace"
ln -s /dev/zero "$pace"
pseq run a.job
ok 'nor does an endless file' status 0
ok '... which is replaced' test -f "$pace"
pseq run --no-state a.job
ok 'without a journal there is none' status 0
rm -rf state
pseq run --no-state a.job
ok '... at all' test ! -e state

done_testing
