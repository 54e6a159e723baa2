#!/bin/sh
# killed at any moment and resumed, a run comes to what it would have come to
. "${0%/*}/lib.sh"

# How often, and from which seed of random numbers.  Each line of `ran` tells
# of a step that was run: LANE STEP ENTRY ATTEMPT, as its journal knows it.
kills=${PSEQ_KILLS:-200}
is_sanitized && kills=${PSEQ_KILLS:-12}
seed=${PSEQ_SEED:-$(date +%s)}
echo "# PSEQ_KILLS=$kills PSEQ_SEED=$seed"
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

cat >killed.job <<'END'
[job]
description = every kind of step, many times
timeout = 5m
children = 16

[vars]
c_seed output = echo "[vars] c_seed 1 1" >>ran; echo 40

[limits]
slot = 6

[channel box]
capacity = 4

[channel ring]
capacity = 0

# --- 50 lanes, 20 steps and more each ---

[sequence work]
each item range = 1..50
parallel = 12
always = tidy
rescue = mend
lane-timeout = 2m
var i = 0
var n = 0
var way = none

step = c_first
run = echo "${lane} c_first 1 ${attempt}" >>ran; echo "a-${item}"
capture a = stdout

let n = item * 7 + c_seed
set s = <${a}/${n}>

step = c_loop
run = echo "${lane} c_loop $((i + 1)) ${attempt}" >>ran
let i = i + 1
step = again
goto = c_loop
when = i < 2

step = c_branch
run = echo "${lane} c_branch 1 ${attempt}" >>ran; exit $((item % 3))
on 1 = goto odd
on 2 = call other w=two then next

step = plain
set way = ${way}-plain
step = odd
let odd = c_branch.code

step = never
run = echo "${lane} never 1 ${attempt}" >>ran
when = item > 50

step = c_once
run = echo "group c_once 1 ${attempt}" >>ran; echo key-$$ | tr -d 0-9
capture key = stdout
once = yes

step = c_retry
run = echo "${lane} c_retry 1 ${attempt}" >>ran; test ${attempt} -gt $((item % 3))
retry = 3 every 1ms

barrier = half
count = 5

call = part k=1
let p1 = p
step = fan
call = part k=${f}
each f = 2 3
collect parts = p

spawn = side as beside
send box = ${item}
step = c_line
run = echo "${lane} c_line 1 ${attempt}" >>ran; echo "load: ${n}"
on line = load: (.*) -> set load
quiet = yes
join = beside

step = c_json
run = echo "${lane} c_json 1 ${attempt}" >>ran; echo "{\"a\":[${item}]}"
capture j = json
needs = slot

step = c_fail
run = echo "${lane} c_fail 1 ${attempt}" >>ran; test $((item % 16)) -ne 13

step = c_final
run = echo "${lane} c_final 1 ${attempt}" >>ran
    echo "${item} ${a} ${n} ${s} ${i} ${way} ${odd} ${key} ${p1} ${parts} ${load}" >"final/${item}"

[routine other]
params = w
step = c_other
run = echo "${lane} c_other 1 ${attempt}" >>ran
set way = ${w}

[routine part]
params = k
step = c_part
run = echo "${lane} c_part 1 ${attempt}" >>ran
let p = n * k

[routine side]
step = c_side
run = echo "${lane} c_side 1 ${attempt}" >>ran

[routine mend]
step = c_mend
run = echo "${lane} c_mend 1 ${attempt}" >>ran; echo "${step} ${code}" >"final/mend-${item}"
step = mended
finish = mended
when = item == 13

[routine tidy]
step = c_tidy
run = echo "${lane} c_tidy 1 ${attempt}" >>ran; echo "${result}" >"final/tidy-${item}"

# --- every message comes once ---

[sequence gather]
var sum = 0
var count = 0
step = get
receive box = m
on closed = goto c_sum
let sum = sum + m
let count = count + 1
goto = get
step = c_sum
run = echo "${lane} c_sum 1 ${attempt}" >>ran; echo "${count} ${sum}" >final/gather

[sequence ping]
var i = 0
step = c_ping
run = echo "${lane} c_ping $((i + 1)) ${attempt}" >>ran
let i = i + 1
send ring = ${i}
goto = c_ping
when = i < 8

[sequence pong]
var got =
step = take
receive ring = x
on closed = goto c_pong
set got = ${got}${x},
goto = take
step = c_pong
run = echo "${lane} c_pong 1 ${attempt}" >>ran; echo "${got}" >final/pong

# --- never a second time ---

[sequence careful]
each item range = 1..6
step = c_before
run = echo "${lane} c_before 1 ${attempt}" >>ran
step = c_careful
run = echo "${lane} c_careful 1 ${attempt}" >>ran
rerun = no
step = c_after
run = echo "${lane} c_after 1 ${attempt}" >>ran
END

# what had ended in a journal, or begun, in the words of `ran`
cat >keys.awk <<'END'
function member(key,   s, i) {
	i = index($0, "\"" key "\":")
	if (!i)
		return ""
	s = substr($0, i + length(key) + 3)
	if (s ~ /^"/) {
		s = substr(s, 2)
		return substr(s, 1, index(s, "\"") - 1)
	}
	match(s, /^[0-9]+/)
	return substr(s, 1, RLENGTH)
}
/^{"type":"lane_start"/ { name[member("lane")] = member("name") }
index($0, "{\"type\":\"" type "\"") == 1 && /}$/ {
	step = member("step")
	if (step !~ /^c_/ || /"result":"error"/)
		next
	# one lane does it for all of them
	if (step == "c_once" && type == "step_end" && !/"once":true/)
		next
	print step == "c_once" ? "group" : name[member("lane")], step, \
	    member("entry"), member("attempt")
}
END

# keys that were not run as often at the end (file 3) as when their end was
# seen (files 1 and 2); with `once`, not exactly once
cat >again.awk <<'EOF'
file == 1 { want[$0] = 1 }
file == 2 { then[$0]++ }
file == 3 { now[$0]++ }
END {
	for (k in want)
		if (now[k] != then[k] || (once && now[k] != 1))
			print k ": " then[k] + 0 " times, then " now[k] + 0
}
EOF

journal() { set -- state/pseq/killed/*/journal; echo "$1"; }
keys() { awk -v type="$1" -f keys.awk "$2" | sort -u; }
# random: the next number between 0 and 1
random() { read -r x <&3; echo "$x"; }
# of A B: A * B
product() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a * b }'; }
wrong() { echo "round $round, kill $kill: $1"; }

fresh() {
	rm -rf state final ran snap.*
	mkdir final
	: >ran
	kill=0
}

# session ARGUMENTS...: in the background
session() {
	"$PSEQ" "$@" >out 2>err </dev/null &
	pid=$!
}

# --- undisturbed ---

fresh
began=$(date +%s%N)
session run killed.job
wait "$pid"
echo $? >status
took=$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN { print (b - a) / 1e9 }')
ok 'undisturbed, some lanes fail' status 1
mv final good
sort -u ran >good.ran
keys step_end "$(journal)" >ended
ok 'its journal tells of each step that was run' cmp ended good.ran
ok '... once' test "$(wc -l <ran)" -eq "$(wc -l <good.ran)"

# --- killed ---

awk -v seed="$seed" 'BEGIN {
	srand(seed)
	for (i = 0; i < 100000; i++)
		print rand()
}' >numbers
exec 3<numbers

# cut_journal: a part of its end was never written
cut_journal() {
	head=$(head -n 1 "$(journal)" | wc -c)
	size=$(wc -c <"$(journal)")
	rest=$(product "$(random)" $((size - head)))
	truncate -s $((head + ${rest%.*})) "$(journal)"
}

# disturb: kill the session at a random moment; false: it had ended
disturb() {
	sleep "$(product "$(random)" "$(product "$took" 0.7)")"
	kill -KILL "$pid"
	wait "$pid"
	session=$?
	test "$session" = 137 || return 1
	kill=$((kill + 1)) killed=$((killed + 1))
} 2>/dev/null

# look: what is not to be done again
look() {
	keys step_end "$(journal)" >"snap.ended.$kill"
	keys step_start "$(journal)" | grep ' c_careful ' \
		>"snap.begun.$kill"
	cp ran "snap.ran.$kill"
}

# a round: a run, killed up to four times, and resumed until it ends
play() {
	fresh
	cuts=$(product "$(random)" 4)
	session run killed.job
	while disturb; do
		# all was over but for its exit
		if tail -n 1 "$(journal)" 2>&1 | grep -q '^{"type":"run_end"'; then
			session=1
			break
		fi
		# it had not really begun
		if test "$(head -n 1 "$(journal)" 2>&1 | wc -l)" -eq 0; then
			fresh
			session run killed.job
			continue
		fi
		test "${cuts%.*}" = 0 && cut_journal
		look
		session resume
		# what another cut takes away would have to be done again
		if test "${cuts%.*}" = 0 || test "$kill" -eq 4; then
			wait "$pid"
			session=$?
			break
		fi
	done
	judge
}

# again ONCE KILL WHAT: what was run again since then
again() {
	awk -v once="$1" -f again.awk file=1 "snap.$3.$2" \
		file=2 "snap.ran.$2" file=3 ran >twice
}

judge() {
	test "$session" = 1 || wrong "status $session: $(tail -n 1 err)" \
		>>wrong.status
	diff -r good final >differs || wrong "$(cat differs)" >>wrong.final
	for i in $(seq 1 "$kill"); do
		test -e "snap.ended.$i" || continue
		once=
		test "$i" = 1 && test "${cuts%.*}" != 0 && once=1
		again "$once" "$i" ended
		test -s twice && wrong "$(cat twice)" >>wrong.twice
		again '' "$i" begun
		test -s twice && wrong "$(cat twice)" >>wrong.rerun
	done
	# lanes that stopped at a step that is not to be run again
	refused=$(grep '"step_end".*"step":"c_careful"' "$(journal)" |
		grep -c '"result":"error"')
	sort -u ran | comm -3 - good.ran | grep -v ' c_careful \| c_after ' \
		>other
	test -s other && wrong "$(cat other)" >>wrong.other
	test "$(grep -c ' c_after ' ran)" -ge $((6 - refused)) ||
		wrong "$refused refused" >>wrong.other
	want="\"lanes\":{\"ok\":$((56 - refused)),\"rescued\":1,"
	want="$want\"failed\":$((2 + refused)),\"cancelled\":0,"
	tail -n 1 "$(journal)" | grep -qF "$want" ||
		wrong "$(tail -n 1 "$(journal)"), $refused refused" >>wrong.end
	test -n "$PSEQ_KEEP" && cat wrong.* 2>/dev/null | grep -q . &&
		cp -r . "$PSEQ_KEEP" && exit 1
}

round=0 killed=0
while test "$killed" -lt "$kills"; do
	round=$((round + 1))
	play
done
echo "# $killed kills in $round rounds; undisturbed $took s"
for file in wrong.*; do head -n 12 "$file"; done 2>/dev/null | sed 's/^/# /'
ok 'every run ended as one that is not disturbed' test ! -s wrong.status
ok '... with the same lanes ok, rescued and failed' test ! -s wrong.end
ok 'variables and messages are the same' test ! -s wrong.final
ok 'what had ended was not run again' test ! -s wrong.twice
ok 'everything else was run, and nothing else' test ! -s wrong.other
ok "with 'rerun = no' nothing was begun twice" test ! -s wrong.rerun
done_testing
