#!/bin/sh
# what runs leave behind: directories, locks, logs, and what fails about them
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# the only run of a job, or of job 'a'
run_of() { echo state/pseq/"${1:-a}"/[0-9]*; }
runs() { find state/pseq/"${1:-a}" -mindepth 1 -maxdepth 1 -name '[0-9]*' -type d; }
has_runs() { test "$(runs a | wc -l)" -eq "$1"; }
mode() { test "$(stat -c %a "$2")" = "$1"; }
# the process that holds the lock on a file; 0: nobody
holder() {
	python3 -c '
import fcntl, struct, sys
lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
with open(sys.argv[1], "r+b") as f:
    got = struct.unpack("hhqqi4x", fcntl.fcntl(f, fcntl.F_GETLK, lock))
print(got[4] if got[0] != fcntl.F_UNLCK else 0)' "$1"
}
held() { test "$(holder "$2")" = "$1"; }
# ends JOURNAL: its last record is that of the end
ends() { tail -n 1 "$1" | grep -q '^{"type":"run_end"'; }
has_file() { test -s "$1"; }

# --- the directory ---

for mask in 022 077 0777; do
	rm -rf state
	(umask $mask && pseq each --state 'echo {}' 1)
	mode 700 state || mode 711 state
	ok "with umask $mask the journal is ours alone" \
		mode 600 "$(run_of each)/journal"
	ok '… and so is its directory' mode 700 "$(run_of each)"
	ok '… and that of the logs' mode 700 "$(run_of each)/lanes"
	ok '… and a log' mode 600 "$(run_of each)/lanes/000001.log"
	ok '… and the folder of the job' mode 700 state/pseq/each
done

rm -rf state
cat >a.job <<'END'
[sequence s]
run = echo "$PSEQ_RUN"
END
pseq run --no-tag a.job
ok 'the directory has the name of the run' test -e "state/pseq/a/$(cat out)/journal"
rm -rf state
pseq run --no-state a.job
ok 'with --no-state there is none' not test -e state
pseq check a.job
pseq plan a.job
pseq simulate a.job
ok 'only runs leave one' not test -e state
printf '[vars]\nv required = needed\n[sequence s]\nrun = true\n' >need.job
pseq run need.job
ok 'a run that does not begin' status 2
ok '… leaves none' test -z "$(runs need)"

for name in locks limits 'a b' '...' 'x' "$(printf 'a\tb')" \
    "$(printf '%0300d' 7)"; do
	rm -rf state
	printf '[job]\nname = %s\n[sequence s]\nrun = true\n' "$name" >n.job
	pseq check n.job
	test "$(cat status)" = 0 || continue
	pseq run n.job
	ok "a job called '$(echo "$name" | cut -c 1-9)' can be run" status 0
	ok '… in a folder of its own' test "$(find state/pseq -name journal |
		grep -c '^state/pseq/[^/.][^/]*/[^/]*/journal$')" -eq 1
	ok '… that nothing else has' not test -d state/pseq/locks -o \
		-d state/pseq/limits
done
rm -rf state
cp a.job .job
pseq run ./.job
ok 'a file without a name has a folder, too' has_file state/pseq/*/*/journal

HOME=$dir/home2 XDG_STATE_HOME='' pseq run a.job
ok 'without XDG_STATE_HOME it is in HOME' \
	has_file home2/.local/state/pseq/a/*/journal

# --- two at one moment ---

rm -rf state
for i in 1 2 3 4 5 6 7 8; do
	"$PSEQ" run a.job >"out.$i" 2>&1 </dev/null &
done
wait
ok 'runs of one moment have directories of their own' has_runs 8
ok '… and journals to the end' sh -c '
	for j in state/pseq/a/*/journal; do
		tail -n 1 "$j" | grep -q run_end || exit 1
		test "$(grep -c "\"type\":\"run\"" "$j")" -eq 1 || exit 1
	done'

# --- the lock ---

rm -rf state
mkfifo go
cat >a.job <<'END'
[sequence s]
run = true
run = setsid sleep 60 >/dev/null 2>&1 & echo $! >daemon
run = echo x; : >ready; cat go
END
start run a.job
retry test -e ready
journal=$(run_of)/journal
ok 'a run that goes on has the lock' held "$pid" "$journal"
retry has "$journal" '"command":"echo x; : >ready; cat go"'
ok 'its journal is there as it happens' has "$journal" '"type":"step_end"'
retry has "$(run_of)/lanes/000001.log" x
ok '… and so is the log' line "$(run_of)/lanes/000001.log" x
kill -KILL "$pid"
ended
ok 'when it is killed the lock is gone' retry held 0 "$journal"
ok '… though what it left behind lives on' test -d "/proc/$(cat daemon)"
ok '… and the journal has no end' not ends "$journal"
kill -KILL "$(cat daemon)"

rm -rf state ready
start run a.job
retry test -e ready
echo >go
ended
ok 'a run that is over has no lock' held 0 "$(run_of)/journal"
kill -KILL "$(cat daemon)"
ok '… its journal has' ends "$(run_of)/journal"

rm -rf state ready
start run a.job
retry test -e ready
kill -TERM "$pid"
ended
kill -KILL "$(cat daemon)"
ok 'a signal is told of in the end' has "$(run_of)/journal" \
	'"status":143,"why":"signal","signal":"TERM"'

# --- logs ---

rm -rf state
cat >a.job <<'END'
[job]
log = failed
[sequence s]
each x = 0 1
run = echo "$x"; exit "$x"
END
pseq run a.job
ok 'the log of a lane that ends well can be removed' \
	test "$(find state -name '*.log')" = "$(run_of)/lanes/000002.log"
sed -i 's/failed/none/' a.job
rm -rf state
pseq run a.job
ok 'there can be none' test -z "$(find state -name '*.log')"
ok '… which the journal says' has "$(run_of)/journal" '"log":"none"'
ok '… and bytes are counted all the same' has "$(run_of)/journal" '"out":2'
ok '… without a place' hasnt "$(run_of)/journal" '"log":['

rm -rf state
cat >a.job <<'END'
[sequence s]
each n range = 1..300
parallel = 12
run = echo "a $n"; echo "b $n" >&2
run = echo "c $n"
END
# a limit that no log could have a descriptor of its own under
(ulimit -n 64 && pseq run -q a.job)
ok 'hundreds of lanes run with few descriptors' status 0
ok '… and every log is whole' sh -c '
	cd state/pseq/a/*/lanes || exit 1
	test "$(ls | wc -l)" -eq 300 || exit 1
	for log in *.log; do
		test "$(cut -d " " -f 1 "$log" | sort | tr -d "\n")" = abc ||
			exit 1
		test "$(cut -d " " -f 2 "$log" | uniq | wc -l)" -eq 1 || exit 1
	done'

rm -rf state
cat >a.job <<'END'
[secrets]
token env = TOKEN
[sequence s]
secret = token
run = echo "is $token"; printf '%s' "$token" >&2
END
TOKEN=hunter2hunter2 pseq run a.job
ok 'a log has no secrets' sh -c 'sort "$1" | tr "\n" "," | grep -qx "\*\*\*,is \*\*\*,"' \
	sh "$(run_of)/lanes/000001.log"
ok '… nor has the journal' sh -c '! grep -rq hunter2 state'
rm -rf state
cat >a.job <<'END'
[secrets]
token env = TOKEN
[vars]
v = ${env.URL} ${env.PLAIN}
w = 1
[sequence s]
each x = "${w}"
secret = token
run = echo "$v"
capture c = stdout
set d = plain
END
URL=ssh://hunter2hunter2@x PLAIN=p TOKEN=hunter2hunter2 \
	pseq run -v w=hunter2hunter2 a.job
ok 'what is given to a run has none' sh -c '! grep -rq hunter2 state'
ok '… but the names of what is left out' has "$(run_of)/journal" \
	'"env":{"PLAIN":"p"},"secret":["w","env.URL"],'
ok '… nor has what a step sets' has "$(run_of)/journal" '"secret":true,"log"'
ok '… while other variables are kept' has "$(run_of)/journal" \
	'"set":[{"name":"d","kind":"text","value":"plain"}]'
ok '… nor has the name of a lane' has "$(run_of)/journal" '"name":"s[***]"'
sed -i '$d' "$(run_of)/journal"
TOKEN=hunter2hunter2 pseq resume
ok 'with -v of a secret a run is not resumed' status 4
ok '… and told why' has err "'w' with -v, which holds a secret"
rm -rf state
sed -i 's/^each.*/each x = 1/; s/^set d.*/run = test "$v" = "$URL p" -a "$d" = go/; s/^w = 1/d = stop/' a.job
URL=ssh://hunter2hunter2@x PLAIN=p TOKEN=hunter2hunter2 pseq run a.job
sed -i '/"run_end"/d; /"lane_end"/d; /"test/d' "$(run_of)/journal"
sed -i 's/^d = stop/d = go/' a.job
URL=ssh://hunter2hunter2@x PLAIN=q TOKEN=hunter2hunter2 pseq resume --changed
ok 'one of the environment is what it is then, others what they were' status 0

# --- what is kept ---

rm -rf state
printf '[job]\nkeep = 3\n[sequence s]\nrun = true\n' >a.job
for i in 1 2 3 4 5; do pseq run a.job; runs a >"runs.$i"; done
ok 'of five runs three are kept' has_runs 3
ok '… the newest ones' sh -c 'for r in $(cat runs.5); do
	grep -qx "$r" runs.2 && exit 1; done; exit 0'
folder=state/pseq/a
mkdir elsewhere
echo precious >elsewhere/journal
ln -s "$dir/elsewhere" "$folder/20000101-000000-00000"
mkdir "$folder/mine" "$folder/20000101-000000-00001"
ln -s "$dir/elsewhere" "$folder/20000101-000000-00001/lanes"
touch -d 2000-01-01 "$folder/20000101-000000-00001"
echo note >"$folder/20000101-000000-00002"
pseq run a.job
ok 'a link is not followed' line elsewhere/journal precious
ok '… nor removed' test -L "$folder/20000101-000000-00000"
ok 'what is no run stays' test -d "$folder/mine" -a -f "$folder/20000101-000000-00002"
ok 'an empty one goes' not test -e "$folder/20000101-000000-00001"
ok '… and three are left' has_runs 3
rm -rf state ready
cat >b.job <<'END'
[job]
name = a
keep = 1
[sequence s]
run = : >ready; cat go
END
start run b.job
retry test -e ready
touch -d 2000-01-01 "$(run_of)/journal"
for i in 1 2; do pseq run a.job; done
sed -i 's/3/1/' a.job
pseq run a.job
ok 'a run that goes on is not removed' has_runs 2
echo >go
ended
ok '… and comes to its end' status 0
pseq run a.job
ok '… then it is' has_runs 1
printf '[job]\nkeep = 30d\n[sequence s]\nrun = true\n' >a.job
for i in 1 2 3; do pseq run a.job; done
ok 'by age all are kept' has_runs 4
touch -d '31 days ago' "$(runs a | sort | head -n 1)/journal"
touch -d '29 days ago' "$(runs a | sort | sed -n 2p)/journal"
pseq run a.job
ok '… but those that are too old' has_runs 4

# --- what cannot be written ---

cat >a.job <<'END'
[sequence s]
each n range = 1..2000
parallel = 4
always = tidy
run = echo x >>ran
[routine tidy]
local = echo x >>tidied
END
echo >file
XDG_STATE_HOME=$dir/file pseq run a.job
ok 'without a directory for the journal a run does not begin' status 3
ok '… names the path' has err "'$dir/file/pseq/a'"
ok '… and says what to do' has err '--no-state'
ok '… nothing was run' not test -e ran
XDG_STATE_HOME=$dir/file pseq run --no-state a.job
ok '… which helps' status 0
if test "$(id -u)" -ne 0; then
	mkdir -p readonly && chmod 555 readonly
	XDG_STATE_HOME=$dir/readonly pseq run a.job
	ok 'nor does it in one that is read-only' status 3
else
	XDG_STATE_HOME=/proc/self pseq run a.job
	ok 'nor does it in one that is read-only' status 3
fi

# the journal comes to the limit of the size of files, which the commands have
# as well; 40 blocks are 20 KiB, with bash 40 KiB
rm -rf state ran tidied
(ulimit -f 40 && pseq run a.job)
ok 'a journal that cannot be written ends the run' status 3
ok '… which says why' has err "the journal '$dir/$(run_of)/journal' cannot be written"
ok '… and once' count err 1 'cannot be written'
ok '… not all was run' test "$(wc -l <ran)" -lt 2000
ok '… in an orderly way' test "$(wc -l <ran)" -le "$(wc -l <tidied)"
ok '… and what had ended is in the journal' test \
	"$(grep -c '"type":"step_end".*"in":"s"' "$(run_of)/journal")" -ge 10
ok '… whose last line only is torn' sh -c '
	head -n -1 "$1" >whole; head -c -1 "$1" | tail -n 1 >/dev/null
	python3 -c "import json, sys
for line in open(sys.argv[1], \"rb\").read().split(b\"\\n\")[:-1]:
    json.loads(line)" "$1"' sh "$(run_of)/journal"

# the same on a disk that is really full
if unshare -m true 2>/dev/null && mkdir disk && unshare -m sh -c \
    'mount -t tmpfs -o size=64k none disk' 2>/dev/null; then
	rm -f ran tidied
	unshare -m sh -c '
		mount -t tmpfs -o size=64k none disk || exit 1
		XDG_STATE_HOME=$PWD/disk timeout 30 "$PSEQ" run a.job >out 2>err
		echo $? >status
		cp disk/pseq/a/*/journal full
	' </dev/null
	ok 'a full disk ends the run' status 3
	ok '… and is told of' has err 'No space left on device: the run is ended'
	ok '… not all was run' test "$(wc -l <ran)" -lt 2000
	ok '… and what had ended is in the journal' test \
		"$(grep -c '"type":"step_end".*"in":"s"' full)" -ge 10
else
	skip 'a full disk ends the run' 'no file system can be mounted here'
fi

# a step that must not run twice: its start is there before it is
rm -rf state
cat >b.job <<'END'
[sequence s]
each x range = 1..40
parallel = 8
run = grep -q "\"type\":\"step_start\",\"lane\":$PSEQ_INDEX,.*\"step\":\"once\"" \
  "$XDG_STATE_HOME/pseq/b/$PSEQ_RUN/journal" && exit 9; true
step = once
run = grep -q "\"type\":\"step_start\",\"lane\":$PSEQ_INDEX,.*\"step\":\"once\"" \
  "$XDG_STATE_HOME/pseq/b/$PSEQ_RUN/journal"
rerun = no
END
pseq run b.job
ok 'the start of a step that must not run twice is in the journal first' status 0

# a log does: the run goes on
rm -rf state
cat >b.job <<'END'
[sequence s]
each x = 1 2 3
run = yes | head -c 100000
run = echo "$x" >>went
END
(ulimit -f 40 && pseq run -q b.job)
ok 'a log that cannot be written does not end a run' count went 3 .
ok '… is told once' count err 1 'logs of this run are incomplete'
ok '… names the file' has err "$(run_of b)/lanes/00000"
ok '… and the status is 3' status 3
ok '… the journal has its end' ends "$(run_of b)/journal"
done_testing
