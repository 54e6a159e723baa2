#!/bin/sh
# what a run did, for people and for programs
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/past.sh
. "$root/tests/cli/past.sh"

# xml FILE PYTHON: t is the root of what is in it
xml() { python3 -c 'import sys, xml.etree.ElementTree as E
t = E.parse(sys.argv[1]).getroot()
assert eval("(" + sys.argv[2] + ")"), E.tostring(t)' "$1" "$2"; }
# events FILE PYTHON: e are the trace events in it, x those that are complete
events() { python3 -c 'import json, sys
e = json.load(open(sys.argv[1]))["traceEvents"]
x = [v for v in e if v["ph"] == "X"]
assert eval("(" + sys.argv[2] + ")"), e' "$1" "$2"; }

pseq report
ok 'no run at all' status 2
ok '... is told' has err 'there are no runs in'

mixed deploy 20231114-221320-aaaaa

# --- text ---
pseq report
ok 'text' status 0
ok 'all of it' same out <<'END'
deploy, run 20231114-221320-aaaaa: ended with status 1; 6.0s
  began:   2023-11-14 22:13:20 +0000, /usr/bin/pseq run deploy.job
  by:      me on here, in /srv
  lanes:   3: 1 ok, 1 failed, 1 cancelled; 4 not started; 1 needed more than one try
  steps:   3 in 4 tries

Failures
  step 'fetch': exit 7: it <says> no   (1 lane)
    work[b]
    ! bad & worse

Lanes
  work[a]     4.0s  ok after 2 tries
  work[b]     5.0s  failed: fetch: exit 7: it <says> no
  work[c]     1.0s  cancelled
  work: 4 not started

Retries
  work[a]  fetch: exit 6, ok

Slowest steps
  work[a]     4.0s  fetch
  work[b]     3.5s  fetch
  work[c]     1.0s  wait

Warnings
  4.200s  work[b]: slow
END

# --- the job log of GNU parallel ---
pseq report --format tsv deploy
ok 'tsv' status 0
ok 'a line for each try of a command' same out <<END
Seq	Host	Starttime	JobRuntime	Send	Receive	Exitval	Signal	Command
1	:	1700000000.000	     1.500	0	8	6	0	curl x
2	:	1700000002.000	     2.000	0	12	0	0	curl x
3	web1	1700000001.500	     3.500	0	12	7	0	curl x\\tand\\ny
4	:	1700000005.000	     1.000	0	0	-1	0	sleep 9
END

# --- JUnit ---
pseq report --format junit -o result.xml deploy
ok 'junit, into a file' status 0
ok '... and nothing else' test ! -s out -a ! -s err
ok 'it is XML, and counts' xml result.xml 't.tag == "testsuites" and
    t.attrib == {"name": "deploy", "tests": "4", "failures": "1",
    "errors": "0", "skipped": "2", "time": "6.000"}'
ok 'a suite for each sequence' xml result.xml 'len(t) == 1 and
    t[0].attrib["name"] == "work" and t[0].attrib["tests"] == "4" and
    t[0].attrib["timestamp"] == "2023-11-14T22:13:20" and
    t[0].attrib["hostname"] == "here"'
ok 'a case for each lane' xml result.xml '[(c.attrib["name"],
    c.attrib["time"]) for c in t[0]] == [("work[a]", "4.000"),
    ("work[b]", "5.000"), ("work[c]", "1.000"), ("(4 lanes)", "0.000")]'
ok 'a failure with its message and the last words' xml result.xml \
    't[0][1].find("failure").attrib == {"type": "exit",
    "message": "step '"'fetch'"': exit 7: it <says> no"} and
    t[0][1].find("failure").text ==
    "step '"'fetch'"': exit 7: it <says> no\nbad & worse\n"'
ok 'cancelled and not started are skipped' xml result.xml \
    '[c.find("skipped").attrib["message"] for c in t[0][2:]] ==
    ["cancelled", "not started"]'
ok 'the output' xml result.xml \
    't[0][0].find("system-out").text == "no host\ngot 12 byte\n"'
ok 'how many tries were needed' xml result.xml \
    't[0][0].find("properties")[0].attrib == {"name": "tries", "value": "2"}'

# --- trace events ---
pseq report --format trace deploy
ok 'trace' status 0
ok 'lanes are threads with names' events out '[(v["tid"], v["args"]["name"])
    for v in e if v["name"] == "thread_name"][1:] ==
    [(1, "work[a]"), (2, "work[b]"), (3, "work[c]")]'
ok 'steps and tries are complete events, in microseconds' events out \
    '[(v["cat"], v["name"], v["ts"], v["dur"]) for v in x if v["tid"] == 1] ==
    [("lane", "work[a]", 0, 4000000), ("step", "fetch", 0, 4000000),
    ("try", "try 1", 0, 1500000), ("try", "try 2", 2000000, 2000000)]'
ok 'they say what they came to' events out \
    '[v["args"]["result"] for v in x if v["cat"] == "step"] ==
    ["ok", "exit 7", "cancelled"]'
ok 'what is within an event ends before it does' events out 'all(
    b["ts"] >= a["ts"] + a["dur"] or b["ts"] + b["dur"] <= a["ts"] + a["dur"]
    for i, a in enumerate(x) for b in x[i:] if a["tid"] == b["tid"] and
    a["ts"] <= b["ts"])'
ok 'what was said, and warnings' events out '[(v["tid"], v["name"], v["cat"],
    v["ts"]) for v in e if v["ph"] == "i"] ==
    [(2, "on it", "say", 1600000), (2, "slow", "warning", 4200000)]'

# --- facts, a page ---
pseq report --format facts deploy
ok 'facts' same out <<'END'
{"job":"deploy","run":"20231114-221320-aaaaa","lanes":{"work[a]":{"n":3}}}
END
pseq report --format html deploy
ok 'a page' has out '</html>'

# --- cut off ---
cut_off backup 20231114-221500-bbbbb
pseq report
ok 'a run that was cut off' has out 'backup, run 20231114-221500-bbbbb: interrupted;'
ok '... and its lane' has out 'work  '
ok '... has no end' has out 'without an end'
pseq report --format junit
ok 'junit of it' xml out 't[0].attrib["errors"] == "1" and
    t[0][0].find("error").attrib["message"] == ("the run was " +
    "interrupted: step '"'long'"'")'
pseq report --format tsv
ok 'a try without an end is not in the log' count out 1 .
pseq report --format trace
ok 'trace of it' events out '[v["args"]["result"] for v in x
    if v["cat"] == "step"] == ["no end"]'

# --- any bytes ---
{
	run_record odd 20231114-221800-eeeee 1700000280.000000
	cat <<'END'
{"type":"lane_start","lane":1,"time":1700000280.0,"at":0.0,"name":"s[<script>\"&']","tag":"x","sequence":"s","index":1}
{"type":"step_start","lane":1,"time":1700000280.0,"at":0.0,"in":"s","step":"a\nb","entry":1,"attempt":1,"command":"a\nb\tc"}
{"type":"step_end","lane":1,"time":1700000281.0,"at":1.0,"in":"s","step":"a\nb","entry":1,"attempt":1,"result":"signal","code":137,"signal":"KILL","seconds":1.0,"log":[0,18],"out":18,"stderr_tail":"\u0000\u001b[31mred\u001b[0m\u0007\r\n\ufffe"}
{"type":"lane_end","lane":1,"time":1700000281.0,"at":1.0,"name":"s[<script>\"&']","sequence":"s","verdict":"failed","seconds":1.0,"result":"signal","code":137,"signal":"KILL","step":"a\nb","message":"m\u0001\nn\u009b\u202e ]]>","stderr_tail":"\u0000\u001b[31mred\u001b[0m\u0007\r\n\ufffe"}
{"type":"lane_start","lane":2,"time":1700000281.0,"at":1.0,"name":"s[\ufffd\n]","name_b64":"c1v/Cl0=","tag":"y","sequence":"s","index":2}
{"type":"lane_end","lane":2,"time":1700000282.0,"at":2.0,"name":"s[\ufffd\n]","name_b64":"c1v/Cl0=","sequence":"s","verdict":"ok","seconds":1.0,"result":"ok","code":0}
{"type":"run_end","time":1700000282.0,"at":2.0,"status":1,"why":"over","lanes":{"ok":1,"failed":1},"seconds":2.0}
END
} >records
past odd 20231114-221800-eeeee <records
printf '\377<&>\0\033[1mx\033[0m\n]]>' | log 1
pseq report --format junit
ok 'junit of any bytes is XML' xml out '[c.attrib["name"] for c in t[0]] ==
    ["s[<script>\"&\x27]", "s[\ufffd\n]"]'
ok '... without what may not stand in it' xml out \
    't[0][0].find("failure").text.endswith("\n\ufffdred\ufffd\n\ufffd")'
ok '... in messages, too' xml out 't[0][0].find("failure").attrib["message"] ==
    "step \x27a\nb\x27: signal KILL: m\ufffd\nn\ufffd\u202e ]]>"'
ok '... nor in the output' xml out \
    't[0][0].find("system-out").text == "\ufffd<&>\ufffdx\n]]>"'
pseq report --format trace
ok 'trace of any bytes is JSON' events out \
    '[v["name"] for v in x if v["cat"] == "lane"] ==
    ["s[<script>\"&\x27]", "s[\ufffd\n]"]'
pseq report --format tsv
ok 'a line of the log stays one' line out \
    '1	:	1700000280.000	     1.000	0	18	0	9	a\nb\tc'
pseq report
ok 'text shows what would break a line' has out "step 'a\\nb': signal KILL: m\\x01\\nn\\u009b\\u202e ]]>"

# --- many lanes ---
{
	run_record many 20231114-221900-ggggg 1700000340.000000
	awk 'BEGIN {
		for (i = 1; i <= 10000; i++) {
			about = "\"lane\":" i ",\"time\":1700000341.0,\"at\":1.0"
			print "{\"type\":\"lane_start\"," about ",\"name\":\"s[" i "]\",\"tag\":\"" i "\",\"sequence\":\"s\",\"index\":" i "}"
			step = "\"in\":\"s\",\"step\":\"x\",\"entry\":1,\"attempt\":1"
			print "{\"type\":\"step_start\"," about "," step ",\"command\":\"x\"}"
			print "{\"type\":\"step_end\"," about "," step ",\"result\":\"ok\",\"code\":0,\"seconds\":0.5}"
			print "{\"type\":\"lane_end\"," about ",\"name\":\"s[" i "]\",\"sequence\":\"s\",\"verdict\":\"ok\",\"seconds\":0.5,\"result\":\"ok\",\"code\":0}"
		}
	}'
	echo '{"type":"run_end","time":1700000341.0,"at":1.0,"status":0,"why":"over","lanes":{"ok":10000},"seconds":1.0}'
} >records
past many 20231114-221900-ggggg <records
pseq report many
ok '10,000 lanes as text' count out 10000 '^  s.* ok$'
pseq report --format tsv many
ok '... as a job log' count out 10000 '	x$'
pseq report --format junit many
ok '... as XML' xml out 'len(t[0]) == 10000'
pseq report --format trace many
ok '... as a trace' events out 'len(x) == 20001'
pseq report --format html many
ok '... as a page' status 0
pseq show many
ok '... shown' has err 'pseq: many: 10000 lanes ok; 1.0s'

# --- a damaged one, a file that cannot be ---
mixed bad 20231114-221700-ddddd
sed '5s/^.*$/garbage/' "$run/journal" >records && cp records "$run/journal"
pseq report bad
ok 'a damaged journal is refused' status 3
ok '... with the number of the line' has err 'line 5 is damaged'
pseq report -o no/such/dir deploy
ok 'a file that cannot be written' status 2
ok '... is told' has err 'pseq report: no/such/dir: No such file'
if test -c /dev/full; then
	pseq report -o /dev/full deploy
	ok 'a file that is full' status 3
fi
pseq report --format pdf
ok 'a format that is not known' status 2

# --- of a run as it really is ---
cat >real.job <<'END'
[job]
name = real
parallel = 4
[sequence s]
each n range = 1..3
call = r
run = test "$n" != 2
retry = 1 every 1ms
[routine r]
let x = 1
run = echo "in r"
call = q
[routine q]
run = echo "in q"
[sequence t]
each n output = false
run = true
END
pseq run real.job
pseq report --format trace
ok 'calls enclose what they call' events out 'all(
    b["ts"] >= a["ts"] + a["dur"] or b["ts"] + b["dur"] <= a["ts"] + a["dur"]
    for i, a in enumerate(x) for b in x[i:] if a["tid"] == b["tid"] and
    a["ts"] <= b["ts"])'
ok 'a call begins with what it calls' events out 'all(a["dur"] >= b["dur"] > 0
    for a in x for b in x if a["tid"] == b["tid"] and a["name"] == "call r"
    and b["name"] == "call q")'
"$PSEQ" show real 's[1]' | tail -n +2 | sed 's/ *[0-9.]*s  //; s/  ok.*//' >out
ok 'a lane shows calls before what they call' same out <<'END2'
call r
let x = 1
echo "in r"
          | in r
call q
echo "in q"
          | in q
test "$n" != 2
END2
pseq report --format junit
ok 'a list that failed is an error' xml out 't.attrib["errors"] == "1" and
    t.attrib["failures"] == "1" and t.attrib["tests"] == "4"'

# --- much output ---

cat >long.job <<'JOB'
[sequence s]
each what = line lines
run =
    if test "$what" = line; then
        head -c 100000 /dev/zero | tr '\0' x; echo
    else
        seq 20000
    fi; exit 1
JOB
pseq run --output none long.job
pseq report --format junit long
ok 'of one line that is too long the end is kept' xml out '
    "x" * 60000 in t[0][0].find("system-out").text'
ok 'of many the last ones, from the first that is whole' xml out '
    (lambda s: s[0].startswith("[") and s[-2] == "20000" and
        [int(n) for n in s[1:-1]] == list(range(int(s[1]), 20001)))(
            t[0][1].find("system-out").text.split("\n"))'

# --- without an end ---

# at LANE TYPE STEP ATTEMPT [MORE]: a record of it
at() {
	printf '{"type":"%s","lane":%s,"time":1700000200.0,"at":1.000000,' "$2" "$1"
	printf '"in":"w","step":"%s","entry":1,"attempt":%s%s}\n' "$3" "$4" "$5"
}
exit3=',"result":"exit","code":3,"seconds":1.0'
{
	run_record halted 20231114-221640-ccccc 1700000200.000000
	for lane in 1 2 3 4; do
		printf '{"type":"lane_start","lane":%s,"time":1700000200.0,' $lane
		printf '"at":0.0,"name":"w[%s]","tag":"%s",' $lane $lane
		printf '"sequence":"w","index":%s}\n' $lane
	done
	at 1 step_start long 1
	at 2 step_start many 1; at 2 step_end many 1 "$exit3,\"again\":true"
	at 2 step_start many 2
	at 3 step_start many 1; at 3 step_end many 1 "$exit3,\"again\":true"
	at 4 step_start long 1; at 4 step_end long 1 "$exit3"
} >records
past halted 20231114-221640-ccccc <records
pseq report halted
sed -n '/^Lanes/,/^$/p' out | sed 's/  */ /g' >lanes
ok 'where each lane was' same lanes <<'END2'
Lanes
 w[1] 1.0s without an end: at step 'long'
 w[2] 1.0s without an end: at step 'many', try 2
 w[3] 1.0s without an end: at step 'many', before try 2
 w[4] 1.0s without an end: after step 'long'

END2
pseq report --format junit halted
ok '... also for JUnit' xml out '[c.find("error").get("message") for c in
    t[0]] == ["the run was interrupted" + s for s in [": step '"'long'"'",
    ": step '"'many'"'", ": step '"'many'"'", ""]]'

{
	run_record idle 20231114-221640-ddddd 1700000300.000000
	printf '{"type":"unstarted","time":1700000300.0,"at":0.0,"sequence":"w","count":2}\n'
} >records
past idle 20231114-221640-ddddd <records
pseq report idle
ok 'what was not started is among the lanes, also alone' before out Lanes '  w: 2 not started'

cat >goes.job <<'JOB'
[sequence w]
step = waits
run = touch there; exec sleep 60
JOB
"$PSEQ" run --output none goes.job >/dev/null 2>&1 &
runs=$!
retry test -e there
sleep 1.1
pseq report goes
kill "$runs"
wait "$runs" 2>/dev/null
ok 'while it goes on, and for how long' \
	grep -q " [1-9][.0-9]*s  without an end: at step 'waits' for [1-9][.0-9]*s" out
done_testing
