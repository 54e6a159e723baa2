#!/bin/sh
# on a terminal: colours, and no byte that could drive it
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
if ! command -v script >/dev/null; then
	echo '1..0 # SKIP no program "script"'
	exit 0
fi
# on_terminal COMMAND: what a terminal would be sent, in out
on_terminal() {
	TERM=${TERM_IS:-xterm} script -qec "$1" typescript </dev/null >/dev/null
	echo $? >status
	sed '/^Script /d' typescript | tr -d '\r' >out
}
esc=$(printf '\033')
cat >a.job <<'JOB'
[sequence a]
run = printf 'plain \033[31mred\033[0m title\033]0;owned\007 clear\033[2J tab\there\n'
run = printf '\303\244 \342\202\254 \377 \302\233 \177 \b\n'
run = printf '\033[32mnever ended\n'
say = said ${env.BAD}
run = printf 'first\rlast\n'
fail = message ${env.BAD}
JOB
BAD="x${esc}]0;y"
export BAD
on_terminal "$PSEQ run a.job"
ok 'a job runs on a terminal' status 1
ok 'the name of a lane is coloured' has out "${esc}["
ok 'colours of a command are kept' has out "${esc}[31mred"
ok 'no title can be set' hasnt out "${esc}]"
ok 'but the attempt is seen' has out 'owned'
ok 'no screen can be cleared' hasnt out "${esc}[2J"
ok 'nothing is driven by what a job says or fails with' has out ']0;y'
ok 'a tab is a tab' has out "$(printf 'tab\there')"
ok 'UTF-8 is shown' has out 'ä €'
ok 'a byte that is none is an escape' has out '\xff'
ok 'so are control bytes of eight bits' not grep -qa "$(printf '\302\233')" out
ok 'colours end with the line' not sh -c \
    'grep -a "never ended" out | grep -qa "ended$"'
ok 'what a line overwrites is not shown' line out "${esc}[32ma${esc}[0m | last"
NO_COLOR=1 on_terminal "$PSEQ run a.job"
ok 'NO_COLOR: no colours of ours' sh -c "grep -a 'plain' out | head -n 1 | grep -qa '^a | plain'"
TERM_IS=dumb on_terminal "$PSEQ run a.job"
ok 'TERM=dumb: no colours of ours' sh -c "grep -a 'plain' out | head -n 1 | grep -qa '^a | plain'"
on_terminal "$PSEQ run --color never a.job"
ok '--color never: no colours of ours' sh -c "grep -a 'plain' out | head -n 1 | grep -qa '^a | plain'"
on_terminal "$PSEQ run --no-tag a.job"
ok 'it is safe without tags too' hasnt out "${esc}]"
printf '[sequence a]\nrun = tty; stty -a >/dev/null\non any = next\nrun = (exec </dev/tty) 2>/dev/null && echo HAS ONE; echo end\n' >t.job
on_terminal "$PSEQ run --color never t.job"
ok 'commands have no terminal of ours' has out 'not a tty'
ok 'not even by its name' hasnt out 'HAS ONE'
ok 'and are not stopped by it' has out 'a | end'
printf '[sequence a]\neach x lines = names\nrun = false\n' >n.job
printf 'x%s\n' "${esc}]0;bad" >names
on_terminal "$PSEQ run n.job"
ok 'nor by what may be typed next' hasnt out "${esc}]"
ok '... which is told as far as it can be' has out 'pseq: to run what failed'
# Ctrl-C: the terminal's INT reaches only us
cat >c.job <<'JOB'
[sequence a]
always = z
run = touch started; trap 'touch got-int' INT; sleep 60 & wait; sleep 60
[routine z]
run = touch always-ran
JOB
mkfifo keys
TERM=xterm env --default-signal=INT script -qec "$PSEQ run c.job" typescript <keys >/dev/null 2>&1 &
pid=$!
exec 3>keys
retry test -e started
printf '\003' >&3
ok 'Ctrl-C ends the run' retry test -e always-ran
exec 3>&-
wait "$pid"
echo $? >status
ok 'with status 130' status 130
ok 'a command is sent TERM by us, not INT by the terminal' test ! -e got-int
ok 'and nothing is left' retry clean
printf '[sequence a]\nrun = x\nfoo%s = y\n' "${esc}]0;bad" >bad.job
on_terminal "$PSEQ check bad.job"
ok 'mistakes are shown safely too' hasnt out "${esc}]"
done_testing
