#!/bin/sh
# --output json: all that happens, and each line of output, as records
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

schema=$root/man/pseq-events.schema.json
valid() { "$root/tests/cli/valid" "$schema" "$@" >wrong 2>&1 ||
	{ cat wrong; return 1; }; }
# lines FILE: stream, text and marks of the lines in it
lines() { jq -r 'select(.type == "line") | [.stream // "-", .text,
	if .part then "part" else empty end,
	if .tail then "tail" else empty end] | join(" ")' "$1"; }
# records FILE: what is no line, without what differs from run to run
others() { grep -v '^{"type":"line"' "$1"; }

cat >a.job <<'END'
[job]
name = j
[sequence s]
each x = one two
run = printf 'a "%s"\nb\377\n' "$x"; echo e >&2; printf end
quiet = yes
say = said by $x
run = test "$x" = one
END
pseq run --output json a.job
cp out run.json
ok 'the status is that of the run' status 1
ok 'each line of standard output is a record' valid run.json
ok 'the first and the last are those of the run' sh -c '
	head -n 1 run.json | grep -q "^{\"type\":\"run\"" &&
	    tail -n 1 run.json | grep -q "^{\"type\":\"run_end\""'
lines run.json | sort >got
ok 'each line of output is one of them' cmp -s got - <<'END'
err e
err e
out a "one"
out a "two"
out b�
out b�
out end tail
out end tail
END
ok '… with its bytes' has run.json '"text":"b�","text_b64":"Yv8="}'
others run.json >got
ok 'the others are the journal' cmp -s got state/pseq/j/*/journal
ok 'a journal has no lines' hasnt state/pseq/j/*/journal '"line"'
ok 'failures are on standard error' has err 'pseq: s[two]:'
ok '… and the summary' has err 'pseq: j: 2 lanes: 1 ok, 1 failed'
ok '… and nothing that is a record' hasnt err said

# --- of a run that is over ---

pseq show --output json
ok 'a past run comes in the same way' valid out
others out >got
ok '… its journal as it is' cmp -s got state/pseq/j/*/journal
lines out | sort >got
ok '… with the lines, whatever stream they came by' cmp -s got - <<'END'
- a "one"
- a "two"
- b�
- b�
- e
- e
- end
- end
END
ok 'lines stand before the end of their step' sh -c '
	test "$(grep -n "\"end\"" out | head -n 1 | cut -d: -f1)" -lt \
	    "$(grep -n "\"step_end\"" out | head -n 1 | cut -d: -f1)"'
ok 'their times are those of the run' test "$(jq -s '[.[].at] | max < 20' \
	out)" = true
pseq watch --output json
ok 'watch shows the same' sh -c 'grep -v "\"line\"" out | cmp -s - got2' -- \
	"$(others run.json >got2)"
ok '… with the status of the run' status 1
pseq show --output json j 's[one]'
ok 'it is not for one lane' status 2

# --- with other options ---

pseq run --output json --events - a.job
ok 'two streams of records do not fit one descriptor' status 2
ok '… which is told' grep -q '^pseq run: --output json and --events -' err
pseq run --output json --facts - a.job
ok 'nor do facts' status 2
pseq run --output json --events e a.job
ok 'a file of events can be had as well' status 1
others out >got
ok '… with the same records' cmp -s got e

pseq run -x -k --output json a.job
ok 'commands that are shown do not get in between' valid out
pseq each -q --output json 'echo {}' x
ok 'with -q standard error is silent if all is well' test ! -s err
ok '… and the records are there' has out '"text":"x"}'
pseq each --output json 'echo {}' x y
ok 'it works with each' valid out
ok '… whose journal is not asked for' test "$(jq -r \
	'select(.type == "line").text' out | sort | tr '\n' ' ')" = 'x y '
pseq retry --output json j
ok 'it works with retry' valid out
ok '… of the lanes that failed' test "$(grep -c '"lane_end"' out)" = 1

cat >s.job <<'END'
[secrets]
key env = KEY
[sequence s]
secret = key
run = echo "is $key"; echo "err $key" >&2
END
KEY=hunter22
export KEY
pseq run --output json s.job
ok 'a job with a secret runs' status 0
ok 'its value is hidden' hasnt out hunter22
ok '… in the lines, too' has out '"text":"is ***"'

awk 'BEGIN { while (i++ < 40000) printf "x" ; print "" }' >long
pseq each --output json 'cat {}' long
ok 'a long line comes in parts' valid out
ok '… of which all but the last are marked' test "$(jq -s '[.[] |
	select(.type == "line")] | (.[:-1] | all(.part)) and
	(.[-1].part | not) and (map(.text) | add | length) == 40000' \
	out)" = true

# --- its reader ---

"$PSEQ" each --output json 'yes {}' y 2>err | head -n 20 >out
ok 'a reader that goes away ends the run' test "$(wc -l <out)" -eq 20
alive >left
ok '… and what it has started' retry sh -c 'test ! -s left'

# --- quiet ---

pseq each --output quiet 'echo {}' x
ok '--output quiet is -q: nothing if all is well' test ! -s out -a ! -s err
pseq each --output quiet 'echo {}; false' x
ok '… and everything if not' has out x
pseq show --output quiet
ok 'a run that is over cannot be quiet' status 2
done_testing
