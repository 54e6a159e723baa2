# shellcheck shell=sh
# sourced by tests that kill runs and resume them: a run that is disturbed at
# any moment has to come to what it comes to when it is not.  The job lies in
# killed.job.  Each line of `ran` tells of a step that was run: LANE STEP ENTRY
# ATTEMPT, as its journal knows it; such steps have names that begin with c_.

# how often it is killed, if not for more than a minute, and the seed of the
# random moments
test -z "$PSEQ_KILLS" && most=60
kills=${PSEQ_KILLS:-$kills}
seed=${PSEQ_SEED:-$(date +%s)}
echo "# PSEQ_KILLS=$kills PSEQ_SEED=$seed"
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

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
/^{"type":"resume"/ { session++ }
/^{"type":"lane_start"/ { name[member("lane")] = member("name") }
# what was ended from outside has not ended, nor has what follows
/^{"type":"(step_end|cut)".*"result":"cancelled"/ { cut[member("lane")] = session + 1 }
cut[member("lane")] == session + 1 && type == "step_end" { next }
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
# seen (files 1 and 2); with `once`, not exactly once; with `most`, more than
# that: a process may still have been on its way when its pseq was killed
cat >again.awk <<'EOF'
file == 1 { want[$0] = 1 }
file == 2 { then[$0]++ }
file == 3 { now[$0]++ }
END {
	for (k in want)
		if (most ? now[k] > 1 : now[k] != then[k] ||
		    (once && now[k] != 1))
			print k ": " then[k] + 0 " times, then " now[k] + 0
}
EOF

journal() { set -- state/pseq/killed/*/journal; echo "$1"; }
# whole FILE: its lines but for a torn one at the end, which counts for nothing
whole() {
	if test -n "$(tail -c 1 "$1")"; then sed '$d' "$1"; else cat "$1"; fi
}
keys() { whole "$2" | awk -v type="$1" -f keys.awk | sort -u; }
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

# undisturbed STATUS: what a run comes to
undisturbed() {
	want_status=$1
	fresh
	began=$(date +%s%N)
	session run killed.job
	wait "$pid"
	echo $? >status
	took=$(awk -v a="$began" -v b="$(date +%s%N)" \
		'BEGIN { print (b - a) / 1e9 }')
	ok 'undisturbed it ends so' status "$want_status"
	mv final good
	sort -u ran >good.ran
	tail -n 1 "$(journal)" | sed 's/.*"lanes":{\([^}]*\)}.*/\1/' >good.lanes
	keys step_end "$(journal)" >ended
	ok 'its journal tells of each step that was run' cmp ended good.ran
	ok '... once' test "$(wc -l <ran)" -eq "$(wc -l <good.ran)"
}

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
	sleep "$(product "$(random)" "$(product "$took" 0.5)")"
	kill -"$signal" "$pid"
	wait "$pid"
	session=$?
	test "$session" = 137 || test "$session" = 143 || return 1
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
	# some are cut, some are ended in an orderly way
	cuts=$(product "$(random)" 6)
	signal=KILL
	case $cuts in 1.* | 2.*) signal=TERM ;; esac
	session run killed.job
	while disturb; do
		# all was over but for its exit
		if tail -n 1 "$(journal)" 2>/dev/null |
			grep -q '^{"type":"run_end".*"why":"over"'
		then
			session=$want_status
			break
		fi
		# it had not really begun
		if test "$(head -n 1 "$(journal)" 2>/dev/null | wc -l)" -eq 0; then
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

# again once|most|'' KILL WHAT: what was run again since then
again() {
	awk -v "${1:-any}=1" -f again.awk file=1 "snap.$3.$2" \
		file=2 "snap.ran.$2" file=3 ran >twice
}

# expected N: the lanes of an undisturbed run, but that N more failed
expected() {
	awk -F '[:,]' -v n="$1" '{
		print "\"lanes\":{" $1 ":" $2 - n "," $3 ":" $4 "," $5 ":" \
		    $6 + n "," $7 ":" $8 "," $9 ":" $10 "}"
	}' good.lanes
}

judge() {
	test "$session" = "$want_status" ||
		wrong "status $session: $(tail -n 1 err)" >>wrong.status
	# of a copy that was killed a part may be left
	diff -r -x '.pseq-*' good final >differs ||
		wrong "$(cat differs)" >>wrong.final
	for i in $(seq 1 "$kill"); do
		test -e "snap.ended.$i" || continue
		once=
		test "$i" = 1 && test "${cuts%.*}" != 0 && once=once
		again "$once" "$i" ended
		test -s twice && wrong "$(cat twice)" >>wrong.twice
		again most "$i" begun
		test -s twice && wrong "$(cat twice)" >>wrong.rerun
	done
	# lanes that stopped at a step that is not to be run again
	refused=$(grep '"step_end".*"step":"c_careful"' "$(journal)" |
		grep -c '"result":"error"')
	sort -u ran | comm -3 - good.ran | grep -v ' c_careful \| c_after ' \
		>other
	test -s other && wrong "$(cat other)" >>wrong.other
	test "$(grep -c ' c_after ' ran)" -ge \
		$(($(grep -c ' c_after ' good.ran) - refused)) ||
		wrong "$refused refused" >>wrong.other
	tail -n 1 "$(journal)" | grep -qF "$(expected "$refused")" ||
		wrong "$(tail -n 1 "$(journal)"), $refused refused" >>wrong.end
}

# disturbed: until it was killed as often as is wanted
disturbed() {
	round=0 killed=0
	until=$(($(date +%s) + ${most:-86400}))
	while test "$killed" -lt "$kills" && test "$(date +%s)" -lt "$until"; do
		round=$((round + 1))
		play
	done
	echo "# $killed kills in $round rounds; undisturbed $took s"
	for file in wrong.*; do
		head -n 12 "$file"
	done 2>/dev/null | sed 's/^/# /'
	ok 'every run ended as one that is not disturbed' \
		test ! -s wrong.status
	ok '... with the same lanes ok, rescued and failed' test ! -s wrong.end
	ok 'variables and messages are the same' test ! -s wrong.final
	ok 'what had ended was not run again' test ! -s wrong.twice
	ok 'everything else was run, and nothing else' test ! -s wrong.other
	ok "with 'rerun = no' nothing was begun twice" test ! -s wrong.rerun
}
