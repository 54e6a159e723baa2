#!/bin/sh
# pseq plan: what would run, and nothing is run
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

printf '1\n2\n' >list
cat >a.job <<'JOB'
[job]
name = demo
[vars]
rel = 1.0
made output = touch ran-var; echo made
[sequence build]
each x = a b
each y range = 1..2
always = clean
run = touch ran-step; echo "$x $rel"; exit 3
step = probe
run = test $y = 1
when = y > 1
timeout = 3s
retry = 3 every 1s
on 1 = call fix z=1 then goto probe
on 2 = goto end

sleep = 5s
step = end
say = hello ${x}
[sequence many]
each n range = 1..100000
run = true
[sequence read]
each l lines = list
run = cat
[sequence made]
after = build
each l output = touch ran-list; echo x1; echo x2
run = true
[routine clean]
run = true
[routine fix]
params = z=0
run = echo $z
JOB
pseq plan a.job
ok 'a job can be planned' status 0
ok 'its name is told' has out demo
ok 'each sequence with its lanes' has out 'build[a,1]'
ok 'all of them' has out 'build[b,2]'
ok 'but not a hundred thousand' sh -c 'test "$(wc -l <out)" -lt 200'
ok 'which are counted' has out '100000 lanes'
ok 'commands are shown as they stand' has out 'touch ran-step; echo "$x $rel"; exit 3'
ok 'names of steps' has out probe
ok 'conditions' has out 'when = y > 1'
ok 'limits as they are written' has out 'timeout = 3s'
ok 'also of a sleep' sh -c 'grep -Eq "sleep (= )?5s\$" out'
ok 'tries' has out 'retry = 3 every 1'
ok 'reactions' has out 'on 1 = call fix z=1 then goto probe'
ok 'routines' has out 'routine fix'
ok 'handlers' has out 'always = clean'
ok 'variables and their values' has out 'rel = 1.0'
ok 'what a command would make is a ?' has out '?'
ok 'nothing was run' test ! -e ran-var -a ! -e ran-step -a ! -e ran-list
pseq plan -v rel=2.5 a.job
ok '-v is seen' has out 'rel = 2.5'
pseq plan --lists a.job
ok '--lists runs the commands of lists and variables' test -e ran-list -a -e ran-var
ok 'and shows what they made' sh -c 'grep -q "made = made" out && grep -q "made\[x1\]" out && grep -q "made\[x2\]" out'
ok 'but no step' test ! -e ran-step
pseq plan --start read a.job
ok '--start picks a sequence' sh -c 'grep -q "sequence read" out && ! grep -q "sequence build" out'
pseq plan --start nothing a.job
ok 'which must be there' status 2
pseq plan --dot a.job
ok '--dot draws' sh -c 'head -n 1 out | grep -q "^digraph" && tail -n 1 out | grep -qx "}"'
ok 'quotes in labels are safe' not grep -q '[^\\]"\$x \$rel' out
ok 'every [ has its ]' sh -c 'test "$(tr -cd "{" <out | wc -c)" -eq "$(tr -cd "}" <out | wc -c)"'
ok 'jumps are edges' has out '->'
if command -v dot >/dev/null; then
	ok 'Graphviz can read it' dot -Tsvg -o graph.svg out
else
	skip 'Graphviz can read it' 'it is not installed'
fi
printf '[sequence a]\nrun = echo "a\\b" "c" {d} <e> | f\n\nrun =\n    one\n    two\nsay = "x"\n' >q.job
pseq plan --dot q.job
ok 'a label may hold anything' status 0
ok 'backslashes are doubled' has out 'a\\b'
ok 'quotes are quoted' has out '\"c\"'
cat >m.job <<'JOB'
[vars]
n = 1
m = 2
k = 3
[limits]
db = 1000000
disk shared = 1
[channel work]
capacity = 0
[channel done]
[sequence main]
each x range = 1..8
serial = 1, 25%
repeat = 3
every = 1h
needs = db 2, disk
sends = done
receives = done
label = x${x}
call = w-${x}
each y = a b
each z range = 1..3
parallel = 2
max-fail = 50%
collect k = v
spawn = w-1 as bob
each m = 1 2
join = bob
barrier = meet
count = 50%
receive work = n
receive-last work = n
receive-all work = n
say = got ${n} ${m} ${k}
run = seq 3
once = yes
stdout channel = work
run = cat
stdin channel = work
on line = b -> send done
on line = c -> spawn w-2
[sequence two]
run = true
needs = db, disk
[sequence watch]
every = 1h
run = true
[routine w-1]
send work = ${m}
[routine w-2]
set v = 2
[routine other]
set v = 2
JOB
limit=10
pseq plan m.job
ok 'lanes that work together can be planned' status 0
shows() { line out "$1"; }
# below its step, behind the branches of the tree
step_shows() { grep -qxE "   [ │]+   $(echo "$1" | sed 's/[$]/[$]/g')" out; }
ok 'limits are shown' shows '   db = 1000000'
ok 'also shared ones' shows '   disk shared = 1'
ok 'channels' sh -c 'grep -A 1 "^channel work$" out | grep -qx "   capacity = 0"'
ok 'with their default' sh -c 'grep -A 1 "^channel done$" out | grep -qx "   capacity = 64"'
ok 'lanes of one round are counted' has out '   8 lanes: main[x1]'
ok 'rounds without an end are one' has out '   1 lane: watch'
while read -r text; do
	ok "a header shows '$text'" shows "   $text"
done <<'TEXT'
label = x${x}
serial = 1, 25%
repeat = 3
every = 1h
needs = db 2, disk
sends = done
receives = done
TEXT
while read -r text; do
	ok "a step shows '$text'" step_shows "$text"
done <<'TEXT'
each y = a b
each z range = 1..3
parallel = 2
max-fail = 50%
collect k = v
each m = 1 2
count = 50%
once = yes
needs = db, disk
TEXT
ok 'which message is received' sh -c 'grep -q "  receive-last work = n$" out && grep -q "  receive-all work = n$" out'
ok 'what is received or collected is not known yet' has out 'say got ${n} ${m} ${k}'
cat >keys.job <<'JOB'
[job]
description = all of it
parallel = 4
children = 8
max-fail = 10%
on-fail  = stop
timeout  = 2h
lock     = l-${rel}
overlap  = wait 5m
report   = mail root
[vars]
rel = 1
[sequence a]
run = true
rerun = no
JOB
pseq plan keys.job
ok 'what holds for the whole job stands at the top' sh -c 'sed -n 1,10p out >head'
ok 'key by key' same head <<'END'
job keys
   all of it
   parallel = 4
   children = 8
   max-fail = 10%
   on-fail = stop
   timeout = 2h
   lock = l-1
   overlap = wait 5m
   report = mail root
END
ok 'steps that resume does not run again are marked' step_shows 'rerun = no'
cat >t.job <<'JOB'
[vars]
os = a
[sequence one]
each n = 1 2
max-fail = 1
rescue = tell
always = tidy

step = first
run  =
    probe "$n"

    test "$n" = 1
timeout = 3s
on 1 = call mend n=x then retry
on fail = stop it is over

call = mend n=${n}
once = yes

step = any
call = do-${n}
on exit = next

wait = file ready
when = n == 2

[routine mend]
params = n how=well
run = true
on line = x -> spawn do-1
[routine do-1]
var v = 1
call = do-2
[routine do-2]
rescue = tell
say = two
[routine tell]
say = told
[routine tidy]
lane-timeout = 1m
say = tidy
on fail = call tidy-more
[routine tidy-more]
say = more
[routine alone]
say = nobody
JOB
cat >tree <<'END'
job t

variables
   os = a

sequence one
   2 lanes: one[1] one[2]
   each n = 1 2
   max-fail = 1
   ├─ 1  first: run
   │       probe "$n"
   │
   │       test "$n" = 1
   │     timeout = 3s
   │     ├─ on 1 = call mend n=x then retry
   │     │  └─ routine mend
   │     │     params = n how=well
   │     │     └─ 1  run true
   │     │           └─ on line = x -> spawn do-1
   │     │              └─ routine do-1
   │     │                 var v = 1
   │     │                 └─ 1  call do-2
   │     │                       └─ routine do-2
   │     │                          ├─ 1  say two
   │     │                          └─ rescue = tell
   │     │                             └─ 1  say told
   │     └─ on fail = stop it is over
   ├─ 2  call mend n=${n}   (above)
   │     once = yes
   ├─ 3  any: call do-${n}   (above)
   │     └─ on exit = next
   ├─ 4  wait file ready
   │     when = n == 2
   ├─ rescue = tell   (above)
   └─ always = tidy
      lane-timeout = 1m
      └─ 1  say tidy
            └─ on fail = call tidy-more
               └─ routine tidy-more
                  └─ 1  say more

routine alone
   └─ 1  say nobody
END
pseq plan t.job
ok 'steps, what follows from them and what they call are a tree' same out <tree
sed 's/├─/|-/; s/└─/`-/; s/│/|/g' tree >plain
LC_ALL=C pseq plan t.job
ok 'without UTF-8 it is drawn in ASCII' same out <plain
LC_ALL='' LC_CTYPE='' LANG=de_DE.utf8 pseq plan t.job
ok 'the locale says so in three ways' same out <tree
{
	echo '[sequence a]'
	echo 'call = r1'
	for i in 1 2 3 4 5 6 7 8; do
		echo "[routine r$i]"
		echo "call = r$((i + 1))"
	done
	echo '[routine r9]'
	echo 'say = ${lane}'
	echo 'call = r1'
} >deep.job
pseq plan deep.job
ok 'what is called deep down is drawn for itself' sh -c \
	'grep -q "call r5   (below)$" out && grep -qx "routine r5" out'
ok 'and each routine once' sh -c 'test "$(grep -c "routine r[1-9]$" out)" -eq 9'
ok 'also in a circle' has out 'call r1   (above)'
pseq plan --dot t.job
ok 'only what fails has a red end' sh -c 'test "$(grep -c "label=\"fail\", shape" out)" -eq 2'
pseq plan --dot m.job
# edge FROM TO LABEL: nodes by a part of their labels; or a number, a name
node() {
	case $1 in channel*|end*|fail*) echo "$1" ;; *)
		sed -n "s/^\t\t\(s[0-9]*\) .label=\"$1.*/\1/p" out | head -n 1 ;;
	esac
}
edge() {
	grep -q "^	$(node "$1") -> $(node "$2") .label=\"$3\"" out
}
ok 'a spawned routine is an edge' edge '2 spawn w-1 as bob' '1 send work' 'spawn each m'
ok 'so is one called over lists' edge '1 call w-' '1 send work' 'call each y z'
ok 'by a name with variables all that it may mean' edge '1 call w-' '1 set v = 2' 'call each y z'
ok 'and no others' count out 2 'label="call each y z"'
ok 'and one spawned at a line' edge '10 run' '1 set v = 2' c
ok 'channels are drawn' has out 'channel0 [label="work"'
ok 'what sends to them' edge '1 send work' channel0 ''
ok 'what receives' edge channel0 '6 receive-last work' ''
ok 'output that is sent' edge '9 run' channel0 stdout
ok 'input that is received' edge channel0 '10 run' stdin
ok 'lines that are sent' edge '10 run' channel1 b
ok 'what commands may send themselves' edge '1 call w-' channel1 'pseq send'
ok 'and receive' edge channel1 '1 call w-' 'pseq receive'
if command -v dot >/dev/null; then
	ok 'Graphviz can read this as well' dot -Tsvg -o graph.svg out
else
	skip 'Graphviz can read this as well' 'it is not installed'
fi
printf '[sequence a]\nrun = true\nfoo = x\n' >b.job
pseq plan b.job
ok 'a mistake is status 2' status 2
ok 'with its place' has err b.job:3:1
printf '[vars]\nto required = a place\n[sequence a]\nsay = ${to}\n' >r.job
pseq plan r.job
ok 'a required variable need not be given' sh -c 'grep -q 0 status || grep -q "a place" err'
printf '[sequence a]\neach x lines = nowhere\nsay = ${x}\n' >l.job
pseq plan l.job
ok 'a list that is not there is told' sh -c 'cat out err | grep -q nowhere'
"$PSEQ" plan a.job 2>err | head -n 1 >out
ok 'a reader may go away' test ! -s err
"$PSEQ" plan a.job >/dev/full 2>err
echo $? >status
ok 'a full disk is status 3' status 3
for example in "$root"/examples/*.job; do
	(cd "$root/examples" && "$PSEQ" plan "$example" >"$dir/out" 2>"$dir/err")
	echo $? >status
	ok "plan of examples/${example##*/}" sh -c 'grep -q -e 0 status || grep -q "must be given" err'
done
done_testing
