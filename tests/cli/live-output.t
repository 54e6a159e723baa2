#!/bin/sh
# the live view, and commands whose output would disturb it
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/pty.sh
. "$root/tests/cli/pty.sh"

esc=$(printf '\033')
view='█|░|\? keys|[0-9] running|so far'
has_view() { grep -qaE "$view" "$1"; }
cooked='echo icanon isig opost'

# --- what would drive the terminal ---
cat >drive.job <<'JOB'
[sequence a]
parallel = 2
each x = 1 2
run = cat "drive-$x"; until test -e go; do sleep 0.05; done
JOB
# titles, cursor, clear, other screen, scroll region, modes, reset, a query
printf '\033]0;owned\007\033[2J\033[H\033[?1049h\033[3;5r\033[?25l\033c\033[6n\n' >drive-1
printf '\033[10A\033[1;1Hhere\033[9999B\015over\b\b\b\033[?1000h\033(0\016x\n' >>drive-1
printf 'half \033[31m a line\r\033[5A and no end' >drive-2
at "$PSEQ" run drive.job <<'PLAY'
wait 0/2 done
settle 50
screen shown
state how
run touch go
end
raw raw
screen end
state after
PLAY
ok 'bytes that drive a terminal: the run ends well' status 0
ok 'the view is whole' count shown 1 '0/2 done'
ok 'with both of its lanes' count shown 2 '^[12]  cat '
ok 'lines stand above it' before shown "$(grep -a 'over' shown | head -n 1)" \
	"$(grep -a '0/2 done' shown)"
ok 'no title is set' hasnt raw "${esc}]"
ok 'nothing is cleared' hasnt raw "${esc}[2J"
ok 'no reset, no region, no other screen' not grep -qaE \
	"$esc(c|\[3;5r|\[\?(1049|1000|25)|\(0)" raw
ok 'nothing is asked of the terminal' hasnt raw "${esc}[6n"
ok 'the screen is the one it was' has how 'alternate no'
ok 'and the cursor is seen at the end' not grep -q '^cursor.*hidden' after
ok 'what had no newline is there' has end 'and no end'
ok 'nothing of the view is left' not has_view end

# --- much of it ---
cat >many.job <<'JOB'
[sequence many]
run = seq 1 100000
[sequence slow]
run = for i in 1 2 3; do date +%s%N >>times; echo slow $i; sleep 0.2; done
[sequence long]
run = head -c 3000000 /dev/zero | tr '\0' x; echo
[sequence still]
run = printf 'no newline'; until test -e go; do sleep 0.05; done
JOB
rm -f go
size=24x60 at "$PSEQ" run many.job <<'PLAY'
limit 40
wait 3/4 done
modes during
run touch go
end
history all
screen end
modes after
PLAY
ok '100,000 lines: it ends well' status 0
grep -ao '^many  | [0-9]*$' all | cut -c 9- >got
seq 1 100000 >want
ok 'all of them are there, in order' cmp -s want got
ok 'lines of others too' line all 'slow  | slow 3'
ok 'and what had no newline' line all 'still | no newline'
ok 'nothing of the view is left anywhere' not has_view all
ok 'the terminal is as it was' line after "$cooked"
first=$(head -n 1 times) last=$(tail -n 1 times)
ok 'the slow lane was not held up' test $(((last - first) / 1000000)) -lt 5000

# --- a line that is written over and over ---
cat >bar.job <<'JOB'
[sequence a]
run = i=0; until test -e go; do i=$((i + 1)); printf 'at %d%%  \r' $i; sleep 0.1; done; echo done
JOB
rm -f go
at "$PSEQ" run bar.job <<'PLAY'
wait at 2
run touch go
end
history all
PLAY
ok 'a progress bar moves in its row' status 0
ok 'and is one line in the end' count all 1 '| .*done'
ok '... without its states' hasnt all 'at 2'
{ cat bar.job; printf '[secrets]\np env = P\n'; } >secret.job
rm -f go
P=hidden at "$PSEQ" run secret.job <<'PLAY'
wait so far
pause 2500
screen shown
run touch go
end
PLAY
ok 'not where there are secrets' hasnt shown 'at '

# --- a terminal that shows nothing for a while ---
rm -f go
at "$PSEQ" run many.job <<'PLAY'
limit 40
stall 1500
run touch go
end
history all
PLAY
ok 'a terminal that does not keep up: it ends well' status 0
grep -ao '^many  | [0-9]*$' all | cut -c 9- >got
ok 'nothing is lost' cmp -s want got
ok 'nothing of the view is left anywhere' not has_view all

# --- wide characters ---
cat >wide.job <<'JOB'
[sequence w]
each x = 日本語のとても長い名前 ascii é̂é̂é̂
parallel = 3
lane = ${x}
run = printf '漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\n'; until test -e go; do sleep 0.05; done
JOB
"$PSEQ" check wide.job >/dev/null 2>&1 || sed -i '/^lane = /d' wide.job
for size in 24x41 24x40 24x20; do
	rm -f go
	at "$PSEQ" run wide.job <<'PLAY'
wait 0/3
settle 50
screen shown
run touch go
end
screen end
history all
PLAY
	ok "$size, wide characters: it ends well" status 0
	ok "$size: one view" count shown 1 '0/3'
	ok "$size: nothing of it is left anywhere" not grep -qaE '0/3|1/3|2/3' all
done
unset size

# --- terminals that want less ---
printf '[sequence a]\nrun = echo begun; until test -e go; do sleep 0.05; done\n' >wait.job
rm -f go
at env TERM=dumb "$PSEQ" run wait.job <<'PLAY'
wait begun
pause 600
modes during
run touch go
end
raw raw
PLAY
ok 'TERM=dumb: it ends well' status 0
ok 'without a byte of control' not grep -qa "$esc" raw
ok 'and without keys' line during "$cooked"
rm -f go
at env NO_COLOR=1 "$PSEQ" run wait.job <<'PLAY'
wait so far
run touch go
end
raw raw
PLAY
ok 'NO_COLOR: there is a view' status 0
ok 'of one colour' not grep -qaE "$esc\[[0-9;]*m" raw
rm -f go
at sh -c '"$PSEQ" run wait.job | cat' <<'PLAY'
wait begun
pause 600
modes during
run touch go
end
raw raw
PLAY
# (the summary is in colour)
ok 'into a pipe: no view' hasnt raw "${esc}[?"
ok 'and no keys' line during "$cooked"
rm -f go
at "$PSEQ" each 'echo begun; until test -e go; do sleep 0.05; done; :' <<'PLAY'
send x\n^D
wait | begun
pause 500
modes during
run touch go
end
PLAY
ok 'items from the terminal: no keys' line during "$cooked"
ok 'and they are read' status 0
rm -f go
mkfifo events
head -n 1 events >first &
at "$PSEQ" run --events events wait.job <<'PLAY'
wait begun
pause 400
run touch go
end
modes after
PLAY
ok 'events whose reader goes away: the terminal is as it was' line after "$cooked"

# --- one that wraps lines anew ---
if command -v tmux >/dev/null; then
	unset TMUX
	tmux="tmux -S $dir/tmux -f /dev/null"
	in_view() { $tmux capture-pane -p -t s >pane; grep -qaF "$1" pane; }
	rm -f go
	$tmux new-session -d -s s -x 80 -y 24 \
		"$PSEQ run wide.job; touch over; cat"
	ok 'tmux: there is a view' retry in_view 0/3
	for width in 50 80 33 20 80; do
		$tmux resize-window -t s -x $width -y 24
		sleep 0.4
	done
	in_view 0/3
	ok 'tmux: one, when the lines were wrapped anew' count pane 1 '0/3'
	touch go
	retry test -e over
	in_view ok
	ok 'tmux: nothing of it is left' not grep -qaE '0/3|1/3|2/3' pane
	$tmux kill-server
else
	skip 'tmux' 'there is none'
fi
done_testing
