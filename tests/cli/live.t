#!/bin/sh
# the live view: what it shows, keys, resizes, stops, and how it is left
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/pty.sh
. "$root/tests/cli/pty.sh"

# lanes that say something, and wait for a file
cat >eight.job <<'JOB'
[sequence a]
each x = 1 2 3 4 5 6 7 8
parallel = 4
run = echo begin $x; until test -e go -o -e go-$x; do sleep 0.05; done; echo end $x
JOB
fresh() { rm -f go go-*; }
# what only the view has
view='█|░|\? keys|[0-9] running|so far'
has_view() { grep -qaE "$view" "$1"; }
cooked='echo icanon isig opost'
keys='-echo -icanon isig opost'

# the lines of all lanes are there, each once, and no others but a summary
whole() {
	grep -ao '[1-8] | [a-z]* [1-8]$' "$1" | sort >got
	for x in 1 2 3 4 5 6 7 8; do echo "$x | begin $x"; echo "$x | end $x"; done |
		sort >want
	cmp -s want got
}

# --- start and end ---
printf '[sequence a]\nrun = echo once\n' >short.job
at "$PSEQ" run --color never short.job <<'PLAY'
end
raw raw
PLAY
ok 'a run that is over at once shows no view' not grep -qa "$(printf '\033')" raw

fresh
at "$PSEQ" run eight.job <<'PLAY'
wait begin 4
wait 0/8 done
settle 50
screen shown
state how
modes during
run touch go-1
wait 1/8 done
run touch go
end
history all
modes after
PLAY
ok 'a run ends well under its view' status 0
ok 'it stands below the lines' before shown '4 | begin 4' \
	"$(grep -aE '0/8 done' shown)"
ok 'with a row for each lane at work' count shown 4 '^[1-4]  echo begin'
ok 'keys are not echoed' line during "$keys"
ok 'the terminal is as it was' line after "$cooked"
ok 'each line is there once' whole all
ok 'and nothing of the view, not even above' not has_view all
ok 'the screen is the one it was' has how 'alternate no'

for size in 1x1 2x10 3x20 5x20 10x40 60x250; do
	fresh
	at "$PSEQ" run eight.job <<'PLAY'
pause 600
alive
run touch go
end
screen shown
history all
PLAY
	ok "$size: it ends well" status 0
	ok "$size: nothing of the view is left" not has_view all
done
unset size

# --- a step that is many lanes ---
cat >calls.job <<'JOB'
[sequence main]
step = deploy
call = one x=${x}
each x = 1 2 3 4
parallel = 2
on fail = next
[routine one]
params = x
run = until test -e go -o -e go-$x; do sleep 0.05; done; test $x != 2
JOB
fresh
at "$PSEQ" run calls.job <<'PLAY'
wait 0/4 done
run touch go-1 go-2
wait 2/4 done, 1 failed
settle 50
screen shown
run touch go
end
screen end
PLAY
ok 'a step that is many lanes tells how far they are' status 0
ok '... in a row of its own, above theirs' \
	grep -qE '^main  +deploy +[0-9]+s  2/4 done, 1 failed$' shown
ok '... while it takes' not has_view end

# --- keys and signals ---
fresh
at "$PSEQ" run eight.job <<'PLAY'
wait 0/8 done
send ?
wait pause
send p
wait paused
run touch go-1
wait 1/8 done
pause 200
screen paused
send p
wait begin 5
send +
wait begin 6
send -
send \e[A\e[B\eOP
send q
run touch go
end
history all
modes after
PLAY
ok 'keys: a run that is drained has not done all' status 1
ok 'p: no lane begins' hasnt paused 'begin 5'
ok 'q: no more lanes begin' hasnt all 'begin 8'
ok 'q: what to type next is told' has all 'pseq: to go on from here: pseq resume'
pseq resume
ok 'q: a resume begins the others' line out '8 | begin 8'
ok 'q: and only those' noline out '1 | begin 1'
printf '[sequence r]\nrepeat = 3\nrun = echo x >>rounds; sleep 1\n' >r.job
at "$PSEQ" run r.job <<'PLAY'
wait so far
send q
end
PLAY
ok 'q: in a round, no other one begins' count rounds 1 x
pseq resume
ok '... but behind a resume' count rounds 3 x
ok '... which ends well' status 0
ok 'nothing of the view is left' not has_view all
ok 'the terminal is as it was' line after "$cooked"
fresh
at "$PSEQ" run eight.job <<'PLAY'
wait 0/8 done
send \n
wait a: 0/8
PLAY
at "$PSEQ" run eight.job <<'PLAY'
wait 0/8 done
signal USR2
wait paused
run touch go-1
wait 1/8 done
pause 200
screen paused
signal USR1
wait pseq: eight: 1/8 done
signal USR2
wait begin 5
run touch go
end
PLAY
ok 'USR2 pauses and goes on, USR1 tells' status 0
ok 'as p does' hasnt paused 'begin 5'

# --- resizes ---
fresh
at "$PSEQ" run eight.job <<'PLAY'
wait 0/8 done
size 24 40
settle 50
screen narrow
size 8 40
size 24 120
size 6 20
size 50 100
size 3 100
size 24 80
settle 50
screen again
run touch go
end
screen end
history all
PLAY
ok 'resized at once and again' status 0
ok 'narrower: one view' count narrow 1 '0/8 done'
ok 'with its rows' count narrow 4 '^[1-4]  echo'
ok 'whatever it went through: one view' count again 1 '0/8 done'
ok 'no line is lost or doubled' whole all
ok 'nothing of the view is on the screen' not has_view end
# while lines come
cat >lines.job <<'JOB'
[sequence a]
run = i=0; while test $i -lt 600; do i=$((i+1)); echo line $i; sleep 0.002; done
JOB
at "$PSEQ" run lines.job <<'PLAY'
wait line 100
size 24 40
size 12 40
wait line 200
size 24 100
wait line 300
size 7 30
size 40 132
wait line 500
size 24 80
end
screen end
history all
PLAY
grep -ao '^a | line [0-9]*$' all | cut -c 10- >got
seq 1 600 >want
ok 'resized while lines come: all are there, in order' cmp -s want got
ok 'and nothing of the view on the screen' not has_view end

# --- stops ---
PS1='% '
export PS1
fresh
at sh -i <<'PLAY'
wait %
send $PSEQ run eight.job\n
wait 0/8 done
send ^Z
wait Stopped
modes stopped
settle
screen stopped.screen
send echo ty""ped\n
wait typed
send fg\n
wait 0/8 done
modes again
send p
wait paused
send p
wait goes on
send ^Z
times 2 Stopped
size 20 60
send bg\n
pause 400
modes back
send echo ba""ck\n
wait back
screen back.screen
run touch go-1
wait end 1
send fg\n
wait 1/8 done
send ?
wait pause
run touch go
wait 8 lanes ok
send exit 5\n
end
history all
PLAY
ok 'Ctrl-Z and fg, Ctrl-Z and bg and fg' status 5
ok 'the shell has its modes while it is stopped' line stopped "$cooked"
ok 'nothing of the view is there then' not has_view stopped.screen
ok 'and keys when it goes on' line again "$keys"
ok 'in the background it leaves the modes alone' line back "$cooked"
ok 'and shows no view' not has_view back.screen
ok 'no line is lost or doubled' whole all
fresh
at sh -i <<'PLAY'
wait %
send $PSEQ run eight.job &\n
wait begin 4
pause 500
screen back.screen
modes back
send echo ty""ped\n
wait typed
send fg\n
wait 0/8 done
send ?
wait pause
run touch go
wait 8 lanes ok
send exit 5\n
end
PLAY
ok 'begun in the background, brought to the front' status 5
ok 'there it has no view' not has_view back.screen
ok 'and no modes of its own' line back "$cooked"

# --- ends ---
for end in 'send ^C:130' 'signal TERM:143' 'signal HUP:129' 'close:129'; do
	fresh
	{ echo 'wait 0/8 done'; echo "${end%:*}"; cat <<'PLAY'; } >play
end
screen screen
modes modes
PLAY
	at "$PSEQ" run eight.job <play
	ok "${end%:*}: ends the run" status "${end#*:}"
	test "$end" = close:129 && continue
	ok "${end%:*}: nothing of the view is left" not has_view screen
	ok "${end%:*}: the terminal is as it was" line modes "$cooked"
	ok "${end%:*}: the summary is there" has screen cancelled
done
# a crash leaves what was drawn, but not the modes
for signal in QUIT:131 ABRT:134; do
	fresh
	{ echo 'wait 0/8 done'; echo "signal ${signal%:*}"; cat <<'PLAY'; } >play
end
modes modes
PLAY
	at "$PSEQ" run eight.job <play
	ok "${signal%:*}: ends it" status "${signal#*:}"
	ok "${signal%:*}: the terminal is as it was" line modes "$cooked"
done
fresh
if command -v bash >/dev/null; then
	at bash --norc --noediting -i <<'PLAY'
wait %
send $PSEQ run eight.job\n
wait 0/8 done
front KILL
wait Killed
send echo us""able\n
wait usable
modes modes
send exit 5\n
end
PLAY
	ok 'SIGKILL leaves a shell that can be used' status 5
	ok 'with its modes' line modes "$cooked"
else
	skip 'SIGKILL leaves a shell that can be used' 'no bash'
fi
fresh
at "$PSEQ" run --events /dev/full eight.job <<'PLAY'
wait 0/8 done
run touch go
end
history all
modes modes
PLAY
ok 'events that cannot be written: a warning' has all 'No space left'
ok 'and a status of its own' status 3
ok 'the lines are whole' whole all
ok 'the view is gone' not has_view all
ok 'the terminal is as it was' line modes "$cooked"
done_testing
