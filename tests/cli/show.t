#!/bin/sh
# a run once more, one of its lanes, and a run that goes on elsewhere
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/past.sh
. "$root/tests/cli/past.sh"

mixed deploy 20231114-221320-aaaaa

# --- a run ---
pseq show
ok 'a run is shown, whatever its status was' status 0
ok 'its output' same out <<'END'
a | no host
b : on it
a | got 12 byte
b | bad & worse
END
ok 'its failures and what it came to' same err <<'END'
pseq: 20231114-221320-aaaaa, 2023-11-14 22:13:20: pseq run deploy.job
pseq: work[b]: warning: slow
pseq: work[b]: fetch: exit 7: it <says> no
FAILED step 'fetch': exit 7: it <says> no   (1 lane)
    b
    ! bad & worse
ok after 2 tries: a
not started: work (4 lanes)
pseq: deploy: 3 lanes: 1 ok, 1 failed, 1 cancelled, 4 not started; 6.0s
END
pseq show --output group --no-tag -x
ok 'with other options' same out <<'END'
no host
got 12 byte
on it
bad & worse
END
ok '... commands are told' line err '$ curl x'
pseq show --output none
ok 'without the output' same out <<'END'
b : on it
END

# --- a lane ---
pseq show deploy 'work[a]'
ok 'a lane, step by step' same out <<'END'
work[a]: ok; 4.0s; 2 tries of a step
    0.000s  fetch (try 1)  exit 6  1.5s
          $ curl x
          | no host
    2.000s  fetch (try 2)  ok  2.0s
          | got 12 byte
END
pseq show deploy b
ok 'one that failed, by its tag' same out <<'END'
work[b] on web1: failed: step 'fetch': exit 7: it <says> no; 5.0s
    1.500s  fetch  exit 7  3.5s  -> fail  it <says> no
          $ curl x	and\ny
          | bad & worse
END
pseq show deploy 'work[d]'
ok 'a lane that is not known' status 2
ok '... and what may have been meant' has err \
    "no lane of 20231114-221320-aaaaa is known as 'work[d]'; did you mean 'work["

# --- one that was cut off ---
cut_off backup 20231114-221500-bbbbb
pseq show
ok 'one that was cut off' status 0
ok 'its output, up to where it broke' line out 'work | half a li'
ok 'it is told' line err "pseq: interrupted: its process ended without a word, 1 lane in progress; 'pseq resume 20231114-221500-bbbbb' goes on"
pseq show backup work
ok 'a lane without an end' line out 'work: no end yet'
ok '... nor has its step' line out '    0.000s  long  no end yet'
ok '... nor its output' line out '          | half a li'
pseq watch backup
ok 'watch of one that died' status 1
ok '... says so' has err 'pseq: interrupted: its process ended'

cp -r "$state"/backup/*-bbbbb here
pseq show here
ok 'a directory needs a slash' status 2
ok '... which is told' has err \
    "no run and no job is known as 'here'; the run in that directory is './here'"
pseq show ./here
ok '... and is meant so' status 0
XDG_STATE_HOME=$dir/nowhere pseq show here
ok '... also where no run is known' has err "is './here'"

# --- one that was resumed ---
{
	run_record again 20231114-221600-ccccc 1700000200.000000
	cat <<'END'
{"type":"lane_start","lane":1,"time":1700000200.0,"at":0.0,"name":"s[x]","tag":"x","sequence":"s","index":1}
{"type":"lane_start","lane":2,"time":1700000200.0,"at":0.0,"name":"s[y]","tag":"y","sequence":"s","index":2}
{"type":"step_start","lane":1,"time":1700000200.0,"at":0.0,"in":"s","step":"one","entry":1,"attempt":1,"command":"one"}
{"type":"step_start","lane":2,"time":1700000200.0,"at":0.0,"in":"s","step":"one","entry":1,"attempt":1,"command":"one"}
{"type":"step_end","lane":1,"time":1700000201.0,"at":1.0,"in":"s","step":"one","entry":1,"attempt":1,"result":"ok","code":0,"seconds":1.0,"log":[0,4],"out":4}
{"type":"lane_end","lane":1,"time":1700000201.0,"at":1.0,"name":"s[x]","sequence":"s","verdict":"ok","seconds":1.0,"result":"ok","code":0}
{"type":"step_end","lane":2,"time":1700000202.0,"at":2.0,"in":"s","step":"one","entry":1,"attempt":1,"result":"cancelled","seconds":2.0,"log":[0,4],"out":4}
{"type":"lane_end","lane":2,"time":1700000202.0,"at":2.0,"name":"s[y]","sequence":"s","verdict":"cancelled","seconds":2.0,"result":"cancelled"}
{"type":"run_end","time":1700000202.0,"at":2.0,"status":130,"why":"signal","signal":"INT","lanes":{"ok":1,"cancelled":1},"seconds":2.0}
{"type":"resume","time":1700000260.0,"at":0.0,"pseq":"0.1","args":["pseq","resume"],"pid":78}
{"type":"lane_start","lane":2,"time":1700000260.0,"at":0.0,"name":"s[y]","tag":"y","sequence":"s","index":2}
{"type":"step_start","lane":2,"time":1700000260.0,"at":0.0,"in":"s","step":"one","entry":1,"attempt":1,"command":"one"}
{"type":"step_end","lane":2,"time":1700000263.0,"at":3.0,"in":"s","step":"one","entry":1,"attempt":1,"result":"ok","code":0,"seconds":3.0,"log":[4,13],"out":9}
{"type":"lane_end","lane":2,"time":1700000263.0,"at":3.0,"name":"s[y]","sequence":"s","verdict":"ok","seconds":3.0,"result":"ok","code":0}
{"type":"run_end","time":1700000263.0,"at":3.0,"status":0,"why":"over","lanes":{"ok":2},"seconds":3.0}
END
} >records
past again 20231114-221600-ccccc <records
printf 'x 1\n' | log 1
printf 'y 1\nxy again\n' | log 2
pseq show again
ok 'output of both starts' same out <<'END'
x | x 1
y | y 1
y | xy again
END
ok 'a lane counts once' same err <<'END'
pseq: 20231114-221600-ccccc, 2023-11-14 22:16:40: pseq run again.job
pseq: 20231114-221600-ccccc, 2023-11-14 22:17:40: pseq resume
pseq: again: 2 lanes ok; 5.0s
END
pseq show again 's[y]'
ok 'a lane of both starts' same out <<'END'
s[y]: ok; 5.0s
    0.000s  one (try 1)  cancelled  2.0s
          | y 1
   60.000s  one (try 1 again)  ok  3.0s
          | xy again
END

pseq report again
ok 'the time between two starts is not counted' line out \
    'again, run 20231114-221600-ccccc: ended with status 0; 5.0s in 2 sessions over 1m03s'
ok '... for a lane, either' line out '  s[y]     5.0s  ok'
pseq report --format junit again
ok '... nor in JUnit XML' has out 'name="s[y]" time="5.000"'
pseq report --format tsv again
ok '... but it is in the time of a begin' has out '	1700000260.000	     3.000'

# --- damaged, or not what it should be ---
mixed bad 20231114-221700-ddddd
sed '5s/^.*$/garbage/' "$run/journal" >records && cp records "$run/journal"
pseq show bad
ok 'a damaged journal is refused' status 3
ok '... with the number of the line' has err 'line 5 is damaged'
pseq show bad 'work[a]'
ok '... for a lane, too' status 3

# --- any bytes ---
{
	run_record odd 20231114-221800-eeeee 1700000280.000000
	cat <<'END'
{"type":"lane_start","lane":1,"time":1700000280.0,"at":0.0,"name":"s[<script>]","tag":"<script>","sequence":"s","index":1}
{"type":"lane_end","lane":1,"time":1700000281.0,"at":1.0,"name":"s[<script>]","sequence":"s","verdict":"failed","seconds":1.0,"result":"error","message":"a\u001b[31mb\nc"}
{"type":"lane_start","lane":2,"time":1700000281.0,"at":1.0,"name":"s[\ufffd]","name_b64":"c1v/XQ==","tag":"\ufffd","tag_b64":"/w==","sequence":"s","index":2}
{"type":"step_start","lane":2,"time":1700000281.0,"at":1.0,"in":"s","step":"x","entry":1,"attempt":1,"command":"x"}
{"type":"step_end","lane":2,"time":1700000282.0,"at":2.0,"in":"s","step":"x","entry":1,"attempt":1,"result":"ok","code":0,"seconds":1.0,"log":[0,6],"out":6}
{"type":"lane_end","lane":2,"time":1700000282.0,"at":2.0,"name":"s[\ufffd]","name_b64":"c1v/XQ==","sequence":"s","verdict":"ok","seconds":1.0,"result":"ok","code":0}
{"type":"run_end","time":1700000282.0,"at":2.0,"status":1,"why":"over","lanes":{"ok":1,"failed":1},"seconds":2.0}
END
} >records
past odd 20231114-221800-eeeee <records
printf 'a\377\033b\n' | log 2
pseq show odd
ok 'bytes stay as they are' has out "$(printf '\377        | a\377\033b')"
ok 'a name is text' has err 's[<script>]: error: a'
ok 'a message stays one line' count err 1 's\[<script>\]: error'
pseq show odd "$(printf 's[\377]')"
ok 'a lane is found by its true bytes' status 0
ok '... and shown' has out 'x  ok  1.0s'

# --- while it goes on ---
mkfifo hold
cat >live.job <<'END'
[job]
name = live

[sequence s]
each n = 1 2
run = echo "begins $n"
run = read -r line <hold; echo "read $line"; test "$line" != bad
END
"$PSEQ" run -j 1 live.job >run.out 2>run.err &
pid=$!
retry test -s run.out
: >out
: >err
env --default-signal=INT,QUIT "$PSEQ" watch live >out 2>err </dev/null &
watcher=$!
ok 'what it has done so far is shown' retry line out '1 | begins 1'
echo good >hold
ok 'what it does is shown' retry line out '1 | read good'
ok '... before it ends' retry line out '2 | begins 2'
ok '... and the run goes on' not gone "$pid"
echo bad >hold
wait "$pid"
retry gone "$watcher" || kill -KILL "$watcher"
wait "$watcher"
echo $? >status
ok 'watch ends with the run, and with its status' status 1
ok 'the last line was shown' line out '2 | read bad'
ok 'its summary' has err 'pseq: live: 2 lanes: 1 ok, 1 failed'
pseq watch live
ok 'watch of one that has ended' status 1
ok '... shows it' line out '2 | read bad'

# one whose process dies
rm run.out
"$PSEQ" run -j 1 live.job >run.out 2>run.err &
pid=$!
retry test -s run.out
: >out
: >err
"$PSEQ" watch live >out 2>err </dev/null &
watcher=$!
retry line out '1 | begins 1'
kill -KILL "$pid"
wait "$pid" 2>/dev/null
retry gone "$watcher" || kill -KILL "$watcher"
wait "$watcher"
echo $? >status
ok 'watch of a run whose process dies' status 1
ok '... says so' has err 'pseq: interrupted: its process ended without a word, 1 lane in progress'
pseq history live -n 1
ok '... and history does' has out interrupted

# one that has only just begun: its first record comes while it is watched
past young 20231114-222000-hhhhh </dev/null
run_record young 20231114-222000-hhhhh 1700000400.000000 >first
cat >young.py <<'END'
import fcntl, os, sys, time
f = open(sys.argv[1] + "/journal", "r+b", buffering=0)
fcntl.lockf(f, fcntl.LOCK_EX)
print("locked", flush=True)
while not os.path.exists("go"):
    time.sleep(0.02)
f.write(open("first", "rb").read())
f.write(b'{"type":"run_end","time":1700000401.0,"at":1.0,"status":5,'
    b'"why":"over","lanes":{},"seconds":1.0}\n')
time.sleep(60)
END
: >young.out
python3 young.py "$run" >young.out &
pid=$!
retry line young.out locked
pseq history young
ok 'one that has just begun goes on' has out "young  running $pid  -"
{ sleep 0.3; : >go; } &
pseq watch young
ok 'watch waits for its first record' status 5
ok '... and shows it' has err 'pseq: 20231114-222000-hhhhh, 2023-11-14 22:20:00:'
kill "$pid"
wait "$pid" 2>/dev/null

# output that was not kept
printf '[job]\nname = unkept\nlog = none\n[sequence s]\nrun = echo x\n' >unkept.job
pseq run unkept.job
pseq show unkept
ok 'output that was not kept is not shown' test ! -s out
ok '... which is told' line err 'pseq: no output was kept (log = none)'

# one that was ended, and goes on
cat >cut.job <<'END'
[sequence s]
each n = 1 2
parallel = 2
run = echo "in $n"; until test -e cut.go; do sleep 0.05; done; echo "out $n"
END
start run cut.job
retry line out '1 | in 1'
retry line out '2 | in 2'
kill -INT "$pid"
ended
touch cut.go
pseq resume cut
pseq show cut
ok 'of lanes that were cancelled and went on, all is shown' \
	same_sorted out <<'END'
1 | in 1
1 | in 1
1 | out 1
2 | in 2
2 | in 2
2 | out 2
END
ok '... and they count once' has err 'pseq: cut: 2 lanes ok'

# one that is really resumed
cat >again.job <<'END'
[job]
name = really
[sequence s]
each n = 1 2
run = echo "one $n"; test "$n" = 1 || read -r x <hold; echo "two $n"
END
: >run.out
"$PSEQ" run again.job >run.out 2>run.err &
pid=$!
retry line run.out '2 | one 2'
retry sh -c 'grep -q lane_end "$1"/really/*/journal' sh "$state"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
rm hold && echo x >hold
pseq resume really
ok 'a run is resumed' status 0
pseq show really
ok 'it is shown as one' test "$(sort out | tr '\n' ,)" = \
    '1 | one 1,1 | two 1,2 | one 2,2 | one 2,2 | two 2,'
ok '... with its two starts' count err 2 '^pseq: 2.*: pseq'
ok '... and each lane once' has err 'pseq: really: 2 lanes ok'
"$PSEQ" show really 's[2]' | sed 's/^ *[0-9.]*s  .*\((try 1[ a-z]*)\).*/STEP \1/
    s/ok; .*/ok; TIME/; s/\$ .*/$ COMMAND/' >out
ok 'what a killed step had written is shown with it' same out <<'END'
s[2]: ok; TIME
STEP (try 1)
          $ COMMAND
          | one 2
STEP (try 1 again)
          | one 2
          | two 2
END

# output that nobody reads any longer
mkdir big && cd big || exit 1
cat >big.job <<'END'
[sequence s]
run = seq 300000
END
pseq run --output none big.job
"$PSEQ" show big 2>../err | head -n 1 >../out
cd .. || exit 1
ok 'a reader that goes away' line out 's | 1'
pseq show big
ok 'much output' test "$(tail -n 1 out)" = 's | 300000'
done_testing
