#!/bin/sh
# what lanes have found out: --facts, and the same later from the journal
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

# is FILE PYTHON: f is what is in it
is() { python3 -c 'import json, sys; f = json.load(open(sys.argv[1]));
assert eval(sys.argv[2]), f' "$1" "$2"; }

cat >a.job <<'JOB'
[job]
name = inventory
[vars]
fixed = not found out
[sequence probe]
each n = 1 2 3
declares told
run = echo "release $n"
capture release = stdout
run = printf '{"os":{"name":"deb\\"ian","major":%d},"disks":[1,2.50,null]}' "$n"
capture facts = json
run = printf 'ID=x\nNAME="a b"\nA.B=1\nID=y\nrest\n'
capture os = pairs
let next = ${n} + 1
let next = ${next} * 10
run = pseq set told "by $n"
[sequence idle]
run = true
JOB
sed -i '/^declares/d; /pseq set/d' a.job
pseq run --facts facts.json a.job
ok 'a run with --facts' status 0
ok 'one object for each lane that has found out something' is facts.json \
    'sorted(f["lanes"]) == ["probe[1]", "probe[2]", "probe[3]"]'
ok 'the job and the run are named' is facts.json \
    'f["job"] == "inventory" and len(f["run"]) == 21'
ok 'texts are texts' is facts.json \
    'f["lanes"]["probe[2]"]["release"] == "release 2"'
ok 'captured JSON has its structure' is facts.json \
    'f["lanes"]["probe[3]"]["facts"] == {"os": {"name": "deb\"ian", "major": 3},
    "disks": [1, 2.5, None]}'
ok 'pairs have their true keys' is facts.json \
    'f["lanes"]["probe[1]"]["os"] == {"ID": "y", "NAME": "a b", "A.B": "1"}'
ok 'the last value counts' is facts.json 'f["lanes"]["probe[1]"]["next"] == "20"'
ok 'what was given is not found out' is facts.json \
    'sorted(f["lanes"]["probe[1]"]) == ["facts", "next", "os", "release"]'
pseq report --format facts
ok 'the report of the journal' status 0
ok '... is the same' is out 'f == json.load(open("facts.json"))'
pseq run --no-state --facts facts2.json a.job
ok 'without a journal' is facts2.json 'f["lanes"] and f["lanes"]["probe[1]"]["next"] == "20"'
echo '{"longer": "than what will be written", "x": 1}' >short.json
seq 10000 >>short.json
pseq run --facts short.json a.job
ok 'what was in the file is gone' is short.json 'len(f["lanes"]) == 3'
pseq run --facts no/such/dir a.job
ok 'a file that cannot be written' status 2
ok '... is told' has err 'error: --facts no/such/dir: No such file'
ok '... and nothing was run' test ! -s out
if test -c /dev/full; then
	pseq run --facts /dev/full a.job
	ok 'facts that could not be written' status 3
	ok '... are told' has err 'warning: --facts /dev/full: No space left'
fi

# secrets
cat >b.job <<'JOB'
[job]
name = hush
[secrets]
token env = TOKEN
session capture =
[sequence s]
secret = token
run = python3 -c 'import json, os; print(json.dumps({"a": "x" + os.environ["token"] + "y"}))'
capture answer = json
quiet = yes
run = printf 'key=%s\n' "$token"
capture pair = pairs
run = printf "<%s>\n" "$token"
capture copy = stdout
run = printf "%s\n" "$token"
capture session = stdout
JOB
TOKEN='s3"cret\value' pseq run --facts facts.json b.job
ok 'no secret is in the facts, nor in the journal' \
    sh -c '! cat facts.json state/pseq/hush/*/journal | grep -q "s3.*cret"'
ok '... which are JSON all the same' is facts.json 'f["job"] == "hush"'

# rounds, and lanes of lanes
cat >c.job <<'JOB'
[job]
name = rounds
[sequence tick]
repeat = 2
run = cat count 2>/dev/null || true; echo x >>count
capture seen = stdout
[sequence outer]
call = inner
each part = a b
[routine inner]
run = echo "part $part"
capture piece = stdout
JOB
pseq run --facts facts.json c.job
ok 'each round has its own' is facts.json \
    'f["lanes"]["tick#2"]["seen"] == "x"'
ok 'and so has each lane of a lane' is facts.json \
    'f["lanes"]["outer/inner[b]"] == {"piece": "part b"}'
cat >out.job <<'JOB'
[sequence a]
run = echo 1
capture x = stdout
JOB
pseq run --facts - out.job
ok 'facts may go to standard output' count out 1 '^{"job":"out".*"x":"1"'
ok 'behind all else' test "$(head -n 1 out)" = 'a | 1'
done_testing
