#!/bin/sh
# records of the journal and of --events are what the manual and its schema say
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

schema=$root/man/pseq-events.schema.json
valid() { "$root/tests/cli/valid" "$schema" "$@" >wrong 2>&1 ||
	{ cat wrong; return 1; }; }

# the words behind "# NAME: " in the head of a job
said() { sed -n "s/^# $1: //p" "$2"; }

# records FILE N TEXT...: so many lines hold all of these texts
records() {
	file=$1 want=$2; shift 2
	cp "$file" hits
	for text in "$@"; do
		grep -aF -e "$text" hits >hits2
		mv hits2 hits
	done
	test "$(wc -l <hits)" -eq "$want"
}

# --- what validates can fail ---

echo '{"type":"say","lane":1,"time":1.0,"at":0.1,"text":"x"}' >good
ok 'a record is valid' valid good
while read -r line; do
	printf '%s\n' "$line" >bad
	ok "$line is not" not valid bad
done <<'END'
{"type":"say","lane":1,"time":1.0,"at":0.1,"text":"x","more":1}
{"type":"say","lane":1,"time":1.0,"at":0.1}
{"type":"say","time":1.0,"lane":1,"at":0.1,"text":"x"}
{"type":"says","time":1.0,"at":0.1}
{"type":"say","lane":1,"time":1.0,"at":0.1,"text":"x","text":"x"}
{"type":"say","lane":0,"time":1.0,"at":0.1,"text":"x"}
{"type":"say","lane":1,"time":1.0,"at":0.1,"text":"x","text_b64":"AA=="}
END
printf '{"type":"say"' >bad
ok 'a torn line is not' not valid bad

# --- the examples ---

ln -s "$PSEQ" bin/pseq
for job in "$root"/examples/*.job; do
	name=${job##*/}
	case $name in demo.job | workers.job) continue ;; esac
	tool=$(said needs "$job")
	command -v "${tool:-sh}" >/dev/null || continue
	said stdin "$job" >in
	# shellcheck disable=SC2046
	pseq_from in run -q --events "$name.events" $(said args "$job") "$job"
	mv status "$name.status"
	want=$(said exit "$job")
	ok "$name runs with a journal" test "$(cat "$name.status")" = \
		"${want:-0}"
	ok "$name has the same in both" sh -c 'cmp "$1" state/pseq/*/*/journal' \
		sh "$name.events"
	mv state "state.$name"
done
ok 'the examples have run' test "$(find state.* -name journal | wc -l)" -ge 30
ok 'all their records are valid' valid ./*.events
cat ./*.events >all
for type in run lane_start step_start step_end lane_end say sent taken cleared \
    closed barrier drain unstarted run_end; do
	ok "there are records '$type'" has all "{\"type\":\"$type\","
done
for name in ./*.events; do
	ok "$name begins and ends as it should" sh -c '
		head -n 1 "$1" | grep -q "^{\"type\":\"run\"" &&
		    tail -n 1 "$1" | grep -q "^{\"type\":\"run_end\""' sh "$name"
done

# --- what stands in them ---

cat >child.sh <<'END'
printf 'a\nb\n'; echo e >&2; printf end; exit 3
END
printf 'in\377' >name
cat >a.job <<'END'
[job]
name = all in

[vars]
v = 1
w = 2

[sequence s]
each x = one two
label = ${x}!

step = first
run = sh child.sh
on 3 = next

run = true # ${v}
when = x == "one"

run = test -e "$x" || { touch "$x"; exit 1; }
retry = 1 every 1ms

set v = ${x}\"${w}

say = said by ${x}

[sequence t]
run = kill -KILL $$
END
pseq run -v v=5 -v v=6 -v "w=$(cat name)" --events e a.job
ok 'a lane fails' status 1
ok 'all is valid' valid e
ok 'the head tells of the job' records e 1 '{"type":"run",' '"schema":1,' \
	'"job":"all in"' "\"files\":[\"$dir/a.job\"]" "\"dir\":\"$dir\"" \
	'"args":["' '"run","-v","v=5",' '"log":"lanes"' '"digest":"' \
	'{"name":"[sequence t]","digest":"'
ok '… variables as they were given, the last one' records e 1 \
	'"vars":{"v":"6","w":"in�","w_b64":"aW7/"}'
ok '… arguments with all their bytes' records e 1 '"args_b64":["'
ok 'a lane has a name and a number' records e 1 '{"type":"lane_start","lane":2' \
	'"name":"s[two!]","tag":"two!","sequence":"s","index":2}'
ok 'a step begins' records e 1 '{"type":"step_start","lane":1,' \
	'"in":"s","step":"first","entry":1,"attempt":1,"command":"sh child.sh"}'
ok 'a step ends' records e 2 '{"type":"step_end"' '"step":"first"' \
	'"result":"exit","code":3,"stderr_tail":"e\n",' '"reaction":"next"' \
	'"log":[0,10],"out":8,"err":2}'
ok 'one is skipped' records e 1 '{"type":"step_end","lane":2' '"result":"skipped"'
ok 'one is tried again' records e 2 '"attempt":1' '"result":"exit","code":1' \
	'"again":true'
ok '… and is well' records e 2 '{"type":"step_end"' '"attempt":2' '"result":"ok"'
ok 'a variable is set' records e 1 '"lane":2' \
	'"set":[{"name":"v","kind":"text","value":"two\\\"in�","value_b64":"'
ok 'something is said' records e 1 '{"type":"say","lane":1' '"text":"said by one"}'
ok 'a lane ends well' records e 2 '{"type":"lane_end"' '"verdict":"ok"'
ok '… and one by a signal' records e 1 '{"type":"lane_end","lane":3' \
	'"verdict":"failed"' '"result":"signal","code":137,"signal":"KILL"' \
	'"step":"kill -KILL $$"'
ok 'the end counts them' records e 1 '{"type":"run_end"' '"status":1,"why":"over"' \
	'"lanes":{"ok":2,"rescued":0,"failed":1,"cancelled":0,"unstarted":0}'
ok 'the log of a lane has its lines' sh -c \
	'printf "a\nb\ne\nend\n" | sort >want; sort state/pseq/"all in"/*/lanes/000001.log | cmp - want'

job --events e <<'END'
[sequence s]
call = r
each x = 1
[routine r]
step = it
run = exit 7
END
ok 'a call tells which step of it failed' records e 1 '"step":"call r"' \
	'"code":7' '"cause":"it"'
ok '… validly' valid e
job --events e <<'END'
[sequence s]
lane-timeout = 100ms
always = a
run = false
retry = 5 every 1h
[routine a]
run = true
END
ok 'a lane that is ended between two tries says so' records e 1 \
	'{"type":"cut","lane":1' '"in":"s","step":"false","entry":1,"attempt":2,' \
	'"result":"timeout","message":"the lane took too long",' \
	'"cut":{"frame":0,"result":"timeout","inner":"cancelled"}}'
ok '… validly' valid e

# --- where the stream goes ---

job --events - <<'END'
[sequence s]
run = echo out; echo err >&2
END
ok 'the records are standard output' valid out
cp out both
ok '… and nothing else' noline both 's | out'
ok 'lines of commands come on standard error' line err 's | out'
pseq run --events fd:7 a.job 7>seven
ok 'an open descriptor takes them' valid seven
job --events fd:7 7>seven <<'END'
[sequence s]
run = ! { true >&7; } 2>/dev/null
END
ok '… which no command has' status 0
pseq run --events fd:7 a.job
ok 'one that is not open is refused' status 2
ok '… and named' has err "--events: 'fd:7'"
for bad in fd: fd:1 fd:x fd:-1; do
	pseq run --events $bad a.job
	ok "$bad is refused" status 2
done
pseq run --events no/such/file a.job
ok 'a file that cannot be made is refused' has err 'no/such/file'
mkdir sub
printf '[job]\ndir = sub\n[sequence s]\nrun = pwd\n' >dir.job
pseq run --events here dir.job
ok 'the file is found where pseq was started' valid here
pseq each --events e echo 1 2
ok 'pseq each has it' records e 2 '"type":"lane_end"'
pseq on --via local --events e here 'echo x'
ok 'pseq on has it, too' records e 1 '"type":"lane_end"'
ok '… and both leave no journal' not test -e state/pseq/each
pseq each --state echo 1 2
ok 'pseq each leaves one if asked' valid state/pseq/each/*/journal
pseq on --via local --state here 'echo x'
ok 'so does pseq on' valid state/pseq/on/*/journal
cat >many.job <<'END'
[sequence s]
each n range = 1..3000
parallel = 4
say = a line of some length for number ${n}
END
{ timeout 30 "$PSEQ" run --no-state --events - many.job 2>err; echo $? >status; } |
	head -n 1 >/dev/null
ok 'a reader that goes away ends the run' status 141
job --events /dev/full <<'END'
[sequence s]
run = echo out
END
ok 'a stream that cannot be written is told of' has err "--events: '/dev/full'"
ok '… the run goes on' line out 's | out'
ok '… and ends with 3' status 3

# --- the manual ---

python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))["definitions"]
def keys(o):
    if isinstance(o, dict):
        for k, v in o.get("properties", {}).items():
            yield k
            yield from keys(v)
        yield from keys(o.get("items"))
for k in sorted(set(k for o in d.values() for k in keys(o)) | set(d)):
    if not k.endswith("64"):
        print(k)
' "$schema" >keys
ok 'the schema has keys' test "$(wc -l <keys)" -gt 60
while read -r key; do
	ok "pseq-events.5 tells of $key" grep -qE \
	    "^\.(It )?Cm (.* )?$key( |\$)|^\.It Cm .* $key( |\$)" \
	    "$root/man/pseq-events.5"
done <keys
done_testing
