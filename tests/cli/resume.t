#!/bin/sh
# a run that was interrupted is gone on with; lanes that failed are run again
. "${0%/*}/lib.sh"

XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

journal() { set -- state/pseq/"${1:-a}"/*/journal; echo "$1"; }
runs() { ls -d state/pseq/"${1:-a}"/*-*; }
forget() { rm -rf state ran; }
# the last line of the summary, without the time
total() { grep -v "^pseq: to " err | tail -n 1 | sed 's/;[^;]*$//' | grep -qxF -e "$1"; }
# each line of `ran` is there so often: COUNT LINE
ran() { sort ran | uniq -c | sed 's/^ *//' >ran.count; same_sorted ran.count; }
# killed [resume] ARG...: run until it tells `ran` that it waits, then KILL
killed() {
	test "$1" = resume || set -- run "$@"
	start "$@"
	retry grep -qs '^waits' ran
	retry idle "$pid"
	kill -KILL "$pid"
	wait "$pid"
} 2>/dev/null

# --- which run ---

pseq resume
ok 'without any run there is nothing to resume' status 4
ok '... and it is said' has err 'no run was interrupted'
pseq retry
ok 'nor to retry' status 4
pseq resume nothing
ok 'a run that is not there is a mistake' status 2

job <<'END'
[sequence s]
run = true
END
pseq resume a
ok 'a run that is over is refused' status 4
ok '... as that' has err 'is over'
ok '... without a hint: nothing failed' hasnt err 'pseq retry'
pseq resume ./a.job
ok 'a job is not named by its file' status 2
ok '... and what is meant is told' has err "did you mean 'a'?"
pseq retry a
ok 'nor is there a lane to retry' status 4
ok '... and it is said' has err 'every lane'

# --- where it was ---

forget
cat >a.job <<'END'
[vars]
n output = echo vars >>ran; echo 7
home = ${env.WHERE}

[sequence s]
each x = a b
parallel = 1

step = first
run = echo "first ${x}" >>ran; echo "${x}1"
capture v = stdout

let m = n + 1
step = second
run = test ${x} = a || test -e go || { echo waits >>ran; exec sleep 60; }
say = ${v} ${m} ${home} ${w}
END
sed -i 's/^home/w = 0\n&/' a.job
WHERE=early killed -v w=5 a.job
ok 'a step runs while it is killed' line ran 'waits'
cp -r state before
touch go
WHERE=now pseq resume
ok 'it ends well' status 0
ok 'what had ended was not run again' ran <<'END'
1 first a
1 first b
1 vars
1 waits
END
ok 'captures, calculations, the environment and -v are those of then' \
	has out ': b1 8 early 5'
ok 'lanes that had ended say nothing' hasnt out ': a1'
ok 'all lanes are summed up' total 'pseq: a: 2 lanes ok'
ok 'it is the same run' test "$(runs | wc -l)" -eq 1
ok 'its journal tells where it was resumed' \
	grep -q '^{"type":"resume".*"args":\[' "$(journal)"
ok '... and no step twice' count "$(journal)" 1 '"step_end".*"step":"first".*a1'
pseq resume
ok 'then it is over' status 4

# --- why ---

rm -rf state go
cp -r before state
touch go
WHERE=now pseq resume --why
ok 'what is not run again is told' has out ': first: ended before: ok'
ok '... and what is' has out ': second: started, no end: runs again'
ok '... and what was never reached' grep -q ': say.*was not reached before' out
ok '... and lanes that are over' has out 'ended before: nothing of it'

# calls that merely go on, and what followed an end from outside
forget
rm -f go
cat >why.job <<'END'
[sequence s]
always = tidy
step = first
run = true
call = r
step = last
run = true
[routine r]
step = waits
run = test -e go || { echo waits >>ran; exec sleep 60; }
step = more
run = true
[routine tidy]
step = tidies
run = true
END
killed why.job
touch go
pseq resume --why
sort out >told
ok 'a call goes on, and what is new in it is told' same told <<'END'
s : call r: has no end: goes on
s : first: ended before: ok
s : more: was not reached before
s : waits: started, no end: runs again
END
forget
rm -f go
start run why.job
retry grep -qs '^waits' ran
kill -TERM "$pid"
wait "$pid" 2>/dev/null
touch go
pseq resume --why
sort out >told
ok '... what was ended, and what came after that, too' same told <<'END'
s : call r: has no end: goes on
s : first: ended before: ok
s : more: was not reached before
s : tidies: came after the end of its lane: runs again
s : waits: was ended with its lane: runs again
END

# --- another job file ---

rm -rf state
cp -r before state
sed 's/^# .*//; s/echo "first ${x}"/printf "first %s\\n" "${x}"/' a.job >b.job
mv a.job a.then
{ echo '# a comment'; echo; cat a.then; } >a.job
cp -r state again
pseq resume --output none
ok 'comments do not count' status 0
rm -rf state
mv again state
mv b.job a.job
echo '[channel new]' >>a.job
cp -r state again
pseq resume
ok 'another job is refused' status 4
ok '... with the step that differs' \
	line err "    [sequence s], step 'first' differs"
ok '... and the section that is new' line err '    [channel new] is new'
ok '... but no other' count err 2 '^    '
ok '... and nothing was written' cmp "$(journal)" again/pseq/a/*/journal
pseq resume --changed
ok 'with --changed it goes on' status 0
ok '... with results from then' has out ': b1 8 early 5'
mv a.then a.job

# interrupted once more, what it was changed to is the job
cat >c.job <<'END'
[sequence s]
step = wait
run = echo waits >>ran; test -e over || sleep 60
END
rm -f ran
killed c.job
sed -i 's/sleep 60/sleep 61/' c.job
rm ran
killed resume c --changed
: >over
pseq resume c
ok 'a change that was allowed once needs no leave again' status 0
rm over ran

# --- what is wrong with a journal ---

rm -rf state
cp -r again state
printf '{"type":"step_end","la' >>"$(journal)"
pseq resume --changed
ok 'a line that was not written to its end is cut off' status 0
ok '... for good' sh -c '! grep -q "^{\"type\":\"step_end\",\"la$" "$1"' sh \
	"$(journal)"
ok '... and what follows begins a line' grep -q '^{"type":"resume"' \
	"$(journal)"

rm -rf state
cp -r again state
sed -i '3s/.$//' "$(journal)"
cp -r state broken
pseq resume
ok 'damage in the middle is refused' status 4
ok '... with the number of the line' has err 'journal: line 3 is damaged'
ok '... and left as it is' cmp "$(journal)" broken/pseq/a/*/journal

rm -rf state
cp -r again state
sed -i '1s/"schema":1/"schema":2/; 1s/"pseq":"[^"]*"/"pseq":"9.9"/' "$(journal)"
pseq resume "$(runs)"
ok 'a journal of a newer version is refused' status 4
ok '... by both names' grep -q 'by pseq 9.9 in schema 2.*reads schema 1' err

# --- two at one moment ---

rm -rf state ran go
cp -r again state
cat >a.job <<'END'
[sequence s]
step = wait
run = echo waits >>ran; exec sleep 60
END
rm -rf state
killed a.job
: >ran
start resume
retry grep -qs '^waits' ran
first=$pid
pseq resume a
ok 'a run that goes on is refused' status 4
ok '... with the process' has err "(process $first)"
pseq resume
ok '... and not what is looked for' has err 'no run was interrupted'
pseq retry a
ok '... nor retried' status 4
kill -TERM "$first"
pid=$first
ended
ok 'the first one goes on all the same' status 143
: >ran
start resume
second=$pid
"$PSEQ" resume >out2 2>err2 </dev/null &
third=$!
retry grep -qs '^waits' ran
retry eval 'gone "$second" || gone "$third"'
ok 'of two at one moment one goes on' test "$(wc -l <ran)" -eq 1
kill -TERM "$second" "$third" 2>/dev/null
wait "$second" "$third" 2>/dev/null

# --- ended from outside ---

forget
cat >a.job <<'END'
[sequence s]
always = tidy
step = first
run = echo first >>ran
step = second
run = test -e go || { echo waits >>ran; exec sleep 60; }
grace = 100ms
step = third
run = echo third >>ran

[routine tidy]
step = tidy
run = echo "tidy ${result}" >>ran
END
rm -f go
start run a.job
retry grep -qs '^waits' ran
kill -INT "$pid"
ended
ok 'Ctrl-C ends a run' status 130
touch go
pseq resume
ok '... which can be resumed' status 0
ok '... where it was, and ends as it should' ran <<'END'
1 first
1 third
1 tidy cancelled
1 tidy ok
1 waits
END

forget
rm -f go
{ echo '[job]'; echo 'timeout = 1s'; cat a.job; } >b.job
pseq run b.job
ok 'the time of the job is over' status 1
touch go
pseq resume b
ok '... and begins anew' status 0
ok '... with what is left' line ran 'third'

# a call over a list has not ended when its lanes are ended
forget
rm -f go
cat >a.job <<'END'
[sequence s]
step = fan
call = part k=${f}
each f = 1 2 3
parallel = 3
collect parts = p
on fail = next
run = echo ${parts} >>ran
[routine part]
params = k
run = case ${k} in 2) exit 1;; 3) test -e go || { echo waits >>ran; exec sleep 60; };; esac
grace = 100ms
let p = k * 10
END
start run a.job
retry grep -qs '^waits' ran
retry grep -qs '"lane_end".*part.2' "$(journal)"
kill -TERM "$pid"
ended
touch go
pseq resume
ok 'a call whose lanes were ended has not ended' ran <<'END'
1 10 30
1 waits
END

# what the job had brought about itself stays so
forget
rm -f go
cat >a.job <<'END'
[job]
max-fail = 0
[sequence s]
each x = a b c d
parallel = 2
step = first
run = test ${x} = b || exit 1
step = work
run = test -e go || { echo waits >>ran; exec sleep 60; }
say = done
END
start run a.job
retry grep -qs '^waits' ran
retry grep -qs '"drain"' "$(journal)"
{ kill -KILL "$pid"; wait "$pid"; } 2>/dev/null
touch go
pseq resume
ok 'a run that was draining begins no lanes' \
	total 'pseq: a: 2 lanes: 1 ok, 1 failed, 2 not started'
ok '... but goes on with those it had begun' has out 'done'
pseq retry
ok 'those are for retry' \
	total 'pseq: a: 2 lanes: 2 failed, 1 not started (1 lane had ended well before)'

# the reader of the output goes away
forget
rm -f go
cat >a.job <<'END'
[sequence s]
step = first
run = echo first >>ran
step = second
run = test -e go || while echo line; do sleep 0.02; done
grace = 100ms
step = third
run = echo third >>ran
END
"$PSEQ" run a.job 2>err | head -n 1 >out
touch go
pseq resume
ok 'a run whose reader went away can be resumed' status 0
ok '... where it was' ran <<'END'
1 first
1 third
END

# --- options of the first start ---

forget
rm -f go
cat >a.job <<'END'
[vars]
v = none
[sequence one]
step = one
run = test -e go || { echo waits >>ran; exec sleep 60; }
say = one ${v}
[sequence two]
say = two
END
killed --start one -v v=given --no-tag a.job
touch go
mv a.job away
(mkdir -p elsewhere && cd elsewhere && pseq resume)
cp elsewhere/* .
ok 'a file that is not there any more' status 2
ok '... is told' has err "cannot read 'a.job'"
ok '... and where it was' has err "in '$(pwd -P)', where the run was started"
mv away a.job
(cd elsewhere && pseq resume)
cp elsewhere/* .
ok 'from anywhere it goes on where it was started' status 0
ok '... with its options' same out <<'END'
one given
END
ok '... only with its sequences' hasnt out 'two'

forget
rm -f go
killed --start one --events then.json a.job
cp then.json then.copy
touch go
pseq resume --quiet --events now.json
ok 'output options are those of resume' test ! -s out
ok 'events of then are not written over' cmp then.json then.copy
ok '... they go where they are told to' grep -q '"type":"resume"' now.json

# --- lists ---

forget
rm -f go
cat >a.job <<'END'
[sequence s]
each x lines = -
parallel = 1
step = work
run = echo "${x}" >>ran; test "${x}" = a || test -e go || { echo waits >>ran; exec sleep 60; }
END
printf 'a\nb\nc\n' >list
"$PSEQ" run a.job >out 2>err <list &
pid=$!
retry grep -qs '^waits' ran
retry idle "$pid"
{ kill -KILL "$pid"; wait "$pid"; } 2>/dev/null
cp "$(journal)" journal.then
touch go
pseq resume
ok 'without the same input nothing comes again' status 4
ok '... and it is said' has err 'standard input needs the same input'
ok '... but that there would be nothing to do' hasnt err 'nothing to do'
pseq_from list resume
ok '... it can still be resumed' status 0
ok '... which is named if nobody did' grep -q '^pseq: going on with a/2' err
ok '... with the same input' ran <<'END'
1 a
1 c
1 waits
2 b
END
forget
rm -f go
"$PSEQ" run a.job >out 2>err <list &
pid=$!
retry grep -qs '^waits' ran
retry idle "$pid"
{ kill -KILL "$pid"; wait "$pid"; } 2>/dev/null
touch go
printf 'b\nc\n' >list
pseq_from list resume
ok 'lanes that do not come again are told of' \
	has err "1 lane of the run did not come again, 's[a]'"

# a list that cannot be made, now
forget
rm -f go
echo a >names
cat >a.job <<'END'
[sequence s]
each x output = cat names
step = work
run = echo "${x}" >>ran; test -e go || { echo waits >>ran; exec sleep 60; }
END
killed a.job
mv names away
touch go
pseq resume
ok 'a list that cannot be made is a failure' status 1
ok '... which is told as one' hasnt err 'came again'
mv away names
pseq resume
ok '... and the run can still be resumed' status 0

# another pseq command
forget
rm -f go
start each --state -j 1 \
	'echo {} >>ran; test {} = a || test -e go || { echo waits >>ran; exec sleep 60; }' a b
retry grep -qs '^waits' ran
retry idle "$pid"
{ kill -KILL "$pid"; wait "$pid"; } 2>/dev/null
touch go
pseq resume each
ok "'each' can be resumed as well" ran <<'END'
1 a
1 waits
2 b
END

# --- what cannot be written ---

forget
rm -f go
cat >a.job <<'END'
[sequence s]
step = wait
run = test -e go || { echo waits >>ran; exec sleep 60; }
run = echo more >>ran
END
killed a.job
touch go
cp "$(journal)" journal.then
if unshare -m sh -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"' \
	sh state 2>/dev/null
then
	unshare -m sh -c 'mount --bind state state &&
		mount -o remount,bind,ro state && exec "$@"' sh \
		"$PSEQ" resume >out 2>err </dev/null
	echo $? >status
	ok 'a journal that cannot be written is not gone on with' status 3
	ok '... which is said' has err 'Read-only'
	ok '... and nothing is done' noline ran 'more'
	ok '... nor lost' cmp "$(journal)" journal.then
else
	skip 'a read-only state directory' 'nothing can be mounted here'
fi
pseq resume
ok 'what can be written can be resumed' line ran 'more'

# --- never twice ---

forget
rm -f go
cat >a.job <<'END'
[sequence s]
each x = a b
step = careful
run = test "${x}" = b || { echo waits >>ran; exec sleep 60; }
rerun = no
END
killed a.job
pseq resume
ok 'what must not run again does not' ran <<'END'
1 waits
END
ok '... its lane fails' status 1
ok '... and says why' has err "'rerun = no'"
ok '... the other one not' total 'pseq: a: 2 lanes: 1 ok, 1 failed'

# --- retry ---

forget
rm -f go
cat >a.job <<'END'
[vars]
v = none
w = ${env.WHERE}
[sequence s]
each x = a b c d
parallel = 1
max-fail = 1
step = work
run = echo "${x} ${v} ${w}" >>ran; test -e "ok.${x}"
[sequence t]
after = s
run = echo t >>ran
END
touch ok.a
WHERE=early pseq run -v v=given a.job
ok 'two lanes fail, and others do not begin' \
	total 'pseq: a: 3 lanes: 1 ok, 2 failed, 2 not started'
rm ran
then=$(basename "$(runs)")
touch ok.b
WHERE=now pseq retry
ok 'a retry runs those that did not end well' ran <<'END'
1 b given early
1 c given early
1 d given early
END
ok '... and says what it left out' \
	total 'pseq: a: 3 lanes: 1 ok, 2 failed, 1 not started (1 lane had ended well before)'
ok '... it is a run of its own' test "$(runs | wc -l)" -eq 2
ok '... that knows what it is a retry of' grep -qsF \
	"\"retry_of\":\"$then\"" state/pseq/a/*/journal
rm ran
touch ok.c ok.d
pseq retry
ok 'a retry of a retry knows what ended well before' ran <<'END'
1 c given early
1 d given early
1 t
END
ok '... and ends well' status 0
ok '... with those in order' \
	total 'pseq: a: 3 lanes ok (2 lanes had ended well before)'
pseq retry
ok 'then there is nothing to retry' status 4

# an interrupted retry is resumed
forget
rm -f ok.*
touch ok.a
cat >a.job <<'END'
[sequence s]
each x = a b c
parallel = 1
step = work
run = echo "${x}" >>ran; test -e "ok.${x}"
step = wait
when = x == "c"
run = test -e go || { echo waits >>ran; exec sleep 60; }
END
pseq run a.job
rm ran
touch ok.b ok.c
start retry
retry grep -qs '^waits' ran
retry idle "$pid"
{ kill -KILL "$pid"; wait "$pid"; } 2>/dev/null
touch go
pseq resume
ok 'a retry is resumed' status 0
ok '... as far as it was' ran <<'END'
1 b
1 c
1 waits
END

# --- a wave that failed, and lanes that queue for the next one ---

forget
rm -f go
cat >a.job <<'END'
[sequence s]
each x = 1 2 3
serial = 1
priority = x
run = echo "$x" >>ran; false

[sequence t]
run = until grep -q 1 ran; do sleep 0.01; done; sleep 0.2; echo waits >>ran; test -e go || sleep 60
END
killed a.job
touch go
limit=15 pseq resume
ok 'the waves behind one that failed do not hold up the end' status 1
ok '... and do not begin' ran <<'END'
1 1
2 waits
END

done_testing
