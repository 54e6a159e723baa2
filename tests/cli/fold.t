#!/bin/sh
# equal output of many lanes is shown once
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >kinds.job <<'JOB'
[sequence web]
each n range = 001..200
parallel = 16
step = check
run =
    echo 'config: ok'
    case $n in
    *07) echo "no such service" >&2 ;;
    150) exit 3 ;;
    175) ;;
    *) echo 'restart: done' ;;
    esac
JOB
pseq run --output fold kinds.job
ok 'equal outputs are shown once, the most first' same out <<'END'
---- [001-006,008-106,108-149,151-174,176-200] (196 lanes)
| config: ok
| restart: done
---- [007,107] (2 lanes)
| config: ok
! no such service
---- [150,175] (2 lanes)
| config: ok
END
ok 'a failure is told as it comes, on standard error' line err "pseq: web[150]: check: exit 3"
ok 'and summed up' has err '1 failed'
ok 'with the status of the run' status 1
pseq run --diff kinds.job
ok '--diff shows how the others differ' same out <<'END'
---- [001-006,008-106,108-149,151-174,176-200] (196 lanes)
| config: ok
| restart: done
---- [007,107] (2 lanes)
@@ -1,2 +1,2 @@
  | config: ok
- | restart: done
+ ! no such service
---- [150,175] (2 lanes)
@@ -1,2 +1 @@
  | config: ok
- | restart: done
END
pseq run --diff --output group kinds.job
ok '--diff goes with fold only' status 2
ok 'and that is said' has err '--output fold'
pseq run --diff --output live kinds.job
ok 'live is not fold if it is asked for' status 2
pseq run --diff --output quiet kinds.job
ok 'but it can be quiet' grep -q '^----' out
pseq run --diff --time abs kinds.job
ok 'marks of single lines do not go with it' status 2
pseq run --output fold -k kinds.job
ok '-k: in the order of the list' sh -c \
    'grep "^----" out | sed -n 2p | grep -qxF -- "---- [007,107] (2 lanes)"'
pseq run --output fold --no-tag kinds.job
ok '--no-tag: lines as they are' line out 'config: ok'
ok 'standard error is standard error' count err 1 '^no such service'
pseq run --output fold --quiet kinds.job
ok '--quiet: all of it, if something failed' line out '---- [007,107] (2 lanes)'

pseq each --output fold 'test {} = 2 || echo x' 1 2 3
ok 'lanes without output are named' same out <<'END'
---- [1,3] (2 lanes)
| x
---- 2: no output
END
pseq each --output fold 'true' 1 2 3
ok 'but not if no lane has any' test ! -s out

cat >own.job <<'JOB'
[sequence s]
each where = web1 web2 web3.site.net
run = echo "I am ${where%%.*}"; echo same
JOB
pseq run --output fold own.job
ok 'names make a difference' count out 3 '^----'
pseq run --diff own.job
ok 'but not with --diff' count out 1 '^---- web\[1-2\],web3.site.net (3 lanes; text of web1)$'

cat >two.job <<'JOB'
[sequence a]
each x = 1 2
run = echo same
[sequence b]
each x = 1 2
run = echo same; call
JOB
sed -i 's/; call//' two.job
pseq run --output fold two.job
ok 'sequences are told apart' sh -c \
    'grep -qxF -- "---- a[1-2] (2 lanes)" out && grep -qxF -- "---- b[1-2] (2 lanes)" out'

cat >sub.job <<'JOB'
[sequence a]
each x = 1 2
run = echo before
spawn = part
each y = p q
join = all
run = echo behind
[routine part]
run = echo "part $y"; test $y = p || sleep 0.1
JOB
pseq run --output fold sub.job
ok 'lanes that were started belong to theirs' sh -c \
    'test "$(grep -c ^---- out)" -eq 1 && grep -qx "| part p" out && tail -n 1 out | grep -qx "| behind"'

# many lanes, more than is held in memory
cat >many.job <<JOB
[sequence m]
each n range = 1..2000
parallel = 50
run = case \$n in *00) $child/bytes 3000 ;; *) $child/bytes 2000 ;; esac; echo; test \$n -gt 1950 && echo \$n
on any = next
JOB
mkdir tmp
TMPDIR=$dir/tmp pseq run --output fold many.job
ok '2,000 lanes' count out 52 '^----'
ok 'of which most are alike' sh -c \
    'head -n 1 out | grep -q "^---- \[1-99,101-199,.* (1931 lanes)$"'
ok 'all are named' sh -c \
    'grep "^----" out | sed -n 2p | grep -q "(19 lanes)$"'
ok 'nothing is left of the file' test -z "$(ls -A tmp)"
cat >spill.job <<'JOB'
[sequence m]
each n range = 1..40
parallel = 40
run = seq 20000; test $n -gt 38 && echo $n
on any = next
JOB
pseq run --output fold spill.job
ok 'what does not fit into memory comes back whole' sh -c '
	test "$(grep -c "^----" out)" -eq 3 &&
	test "$(grep -c "^| 12345$" out)" -eq 3 &&
	test "$(wc -l <out)" -eq 60005'

# where a command paused is not to be seen
cat >pause.job <<'JOB'
[sequence p]
each n = 1 2 3
parallel = 3
run = printf 'half a '; test $n = 1 || sleep 1.2; echo line; printf end
JOB
pseq run --output fold pause.job
ok 'a pause within a line makes no difference' same out <<'END'
---- [1-3] (3 lanes)
| half a line
| end
END
pseq run --output group pause.job
ok 'nor where lines come lane by lane' same_sorted out <<'END'
1 | half a line
1 | end
2 | half a line
2 | end
3 | half a line
3 | end
END

# a run that goes on
cat >resumed.job <<'JOB'
[sequence s]
each x = 1 2
run = echo same
run = test -e go || { kill -KILL $PPID; sleep 60; }; echo end
JOB
rm -rf "$XDG_STATE_HOME/pseq"
pseq run --diff resumed.job
cp -r "$XDG_STATE_HOME/pseq" before
touch go
pseq resume
ok 'a run that goes on is folded as it was' grep -q '^---- ' out
rm -rf "$XDG_STATE_HOME/pseq"
cp -r before "$XDG_STATE_HOME/pseq"
pseq resume --output live
ok '... if nothing else is said' sh -c \
    'grep -qx "1 | end" out && grep -qx "2 | end" out && ! grep ^---- out'

pseq run --output group kinds.job
pseq retry --diff
ok 'what the old run was shown as is no hindrance' has out '---- 150'

# a run from before
cat >kept.job <<'JOB'
[job]
name = kept
[sequence s]
each n = 1 2 3
run = test $n = 3 && echo other || echo same
JOB
pseq run --output none kept.job
pseq show --diff kept
ok 'a run of the past can be folded' same out <<'END'
---- [1-2] (2 lanes)
| same
---- 3
| other
END

# ended from outside: what there is is shown
cat >long.job <<'JOB'
[sequence s]
each n = 1 2 3
parallel = 3
run = echo captured; touch "there.$n"; test $n = 1 || sleep 60
JOB
start run --output fold long.job
retry test -e there.1 -a -e there.2 -a -e there.3
sleep 0.3
kill -INT "$pid"
ended
ok 'Ctrl-C ends it' status 130
ok 'and nothing is lost' same out <<'END'
---- [1-3] (3 lanes)
| captured
END
cat >much.job <<'JOB'
[sequence s]
each n range = 1..9
run = seq 100000; echo $n
JOB
{ "$PSEQ" run --output fold much.job 2>err; echo $? >status; } | head -n 1 >out
ok 'when the reader goes away it ends' status 141
ok 'after the first line' same out <<'END'
---- 1
END

if ! command -v script >/dev/null; then
	skip 'lines are folded on a terminal' 'no program "script"'
	done_testing
	exit 0
fi
# on_terminal COMMAND: what a terminal would be sent, in out; a dumb one has
# no view of what runs below the lines
on_terminal() {
	TERM=${TERM_IS:-dumb} script -qec "$1" typescript </dev/null >/dev/null
	echo $? >status
	sed '/^Script /d' typescript | tr -d '\r' >out
}
cat >live.job <<'JOB'
[sequence web]
each n range = 01..12
parallel = 12
run =
    echo begin
    while test ! -e go; do sleep 0.05; done
    test $n != 07 || echo odd
    echo end
JOB
on_terminal "{ sleep 1.5; touch go; } & $PSEQ run --color never --output fold live.job"
ok 'on a terminal equal lines of many lanes are one' line out '[01-12] | begin'
ok 'as they come' before out '[01-12] | begin' '---- [01-06,08-12] (11 lanes)'
ok 'the others, too' sh -c 'grep -qx "07 *| odd" out'
ok 'and the end tells of whole outputs' sh -c \
    'tail -n 6 out | head -n 4 | tr "\n" ";" | grep -qxF -- "---- 07;| begin;| odd;| end;"'
rm go
sed -i 's/!= 07/!= 99/' live.job
on_terminal "{ sleep 1.5; touch go; } & $PSEQ run --color never --output fold live.job"
ok 'which is not needed if all is alike' sh -c \
    'grep "[|-]" out | tr "\n" ";" | grep -qxF "[01-12] | begin;[01-12] | end;"'
rm go
TERM_IS=xterm on_terminal "{ sleep 1.5; touch go; } & $PSEQ run --color never --output fold live.job"
ok 'also above a view of what runs' has out '[01-12] | begin'
ok 'which there is' has out 'in work'
on_terminal "$PSEQ run --color never --output fold --no-tag live.job"
ok 'without tags all comes at the end' sh -c \
    'head -n 1 out | grep -qxF -- "---- [01-12] (12 lanes)"'
cat >silent.job <<'JOB'
[sequence s]
each n = 1 2
parallel = 2
run = test $n = 1 || echo waiting; touch "on.$n"; while test ! -e seen; do sleep 0.05; done
JOB
TERM=dumb script -qefc "$PSEQ run --color never --output fold silent.job" typescript >/dev/null 2>&1 </dev/null &
pid=$!
ok 'a line waits a second, though nothing happens' retry grep -q '^2 | waiting' typescript
touch seen
ended
done_testing
