#!/bin/sh
# what is shown, how, and where it can go
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'JOB'
[sequence a]
each x = 1 two
parallel = 1
run = echo "out $x"; sleep 0.05; echo "err $x" >&2; sleep 0.05; printf 'no newline'
JOB
pseq run a.job
printf '1 | out 1\n1 ! err 1\n1 | no newline\ntwo | out two\ntwo ! err two\ntwo | no newline\n' >want8
ok 'lines carry name, stream and text' sh -c 'tr -s " " <out | cmp -s - want8'
pseq run --no-tag a.job
printf 'out 1\nno newline\nout two\nno newline' >want8
ok 'without tags output is as it was, a newline only between lanes' cmp out want8
ok 'standard error is standard error' sh -c 'grep -qx "err 1" err && grep -qx "err two" err'
pseq run --output none a.job
ok '--output none shows no lines' test ! -s out
ok 'but the summary' has err '2 lanes ok'
pseq run --quiet a.job
ok '--quiet shows nothing when all is well' test ! -s out -a ! -s err
printf 'run = test $x = 1\n' >>a.job
pseq run --quiet a.job
ok 'but everything when something failed' sh -c \
    'grep -q "out 1" out && grep -q "out two" out && grep -q FAILED err'

cat >group.job <<'JOB'
[sequence a]
each x = 1 2 3 4
parallel = 4
run = for i in a b c; do echo "$x$i"; sleep 0.05; done
JOB
pseq run --output group group.job
ok '--output group shows the lines of a lane together' sh -c '
	test "$(cut -c 1 out | uniq | wc -l)" -eq 4 &&
	test "$(wc -l <out)" -eq 12'
cat >order.job <<'JOB'
[sequence a]
each x = 4 3 2 1
parallel = 4
run = sleep "0.$x"; echo "$x"
JOB
pseq run --no-tag --keep-order order.job
ok '--keep-order shows lanes in the order of the list' same out <<'END'
4
3
2
1
END
pseq run --no-tag -k --output group order.job
ok 'also in groups' line out 1
cat >order.job <<'JOB'
[sequence a]
each x = 1 2
parallel = 2
run =
    echo "$x"
    test "$x" = 2 || while test ! -e seen; do sleep 0.05; done
JOB
start run --no-tag -k order.job
ok 'the first in order is shown as it comes' retry line out 1
touch seen
ended

pseq run --color always a.job
ok '--color always colours' has out "$(printf '\033[')"
pseq run --color auto a.job
ok 'a file is not coloured' hasnt out "$(printf '\033[')"
NO_COLOR=1 pseq run a.job
ok 'and --output stream is the default' has out 'out two'

# bytes
head -c 500000 /dev/urandom >random
pseq each --no-tag 'cat' random
ok 'binary bytes are unchanged' cmp out random
job --no-tag <<'JOB'
[sequence a]
run = cat random
JOB
ok 'also from a job' cmp out random
printf 'a\0b\rc\033[2Jd\n' >bytes
pseq each 'cat' bytes
{ printf 'bytes | '; cat bytes; } >want8
ok 'and in marked lines of a file' cmp out want8
: >empty
pseq each 'cat' empty
ok 'no output is no line' test ! -s out
pseq each 'printf "\n\n"; :' x
ok 'an empty line is one' count out 2 '^x | *$'

# long lines
cat >long.job <<JOB
[sequence a]
run = $child/bytes 300000; echo; echo end
JOB
pseq run long.job
ok 'a long line is whole, in marked pieces' sh -c \
    'test "$(cut -c 5- out | head -n -1 | tr -d "\n" | wc -c)" -eq 300000'
ok 'of which all but the first have a +' sh -c \
    'grep -c "^a + x" out && test "$(grep -c "^a | x" out)" -eq 1'
ok 'what follows is a line of its own' line out 'a | end'
pseq run --no-tag long.job
ok 'without tags there are no pieces' sh -c \
    'test "$(head -n 1 out | wc -c)" -eq 300001'

# where it cannot go
cat >a.job <<'JOB'
[sequence a]
each x = 1 two
run = echo "out $x"
JOB
"$PSEQ" run a.job >&- 2>err
echo $? >status
ok 'a closed standard output makes status 3' status 3
ok 'and a warning' has err 'standard output'
"$PSEQ" run a.job >/dev/full 2>err
echo $? >status
ok 'a full disk makes status 3' status 3
ok 'and a warning with its reason' has err 'No space left'
ok 'which comes once' count err 1 'No space left'
ok 'the run goes on' has err '2 lanes ok'
"$PSEQ" run a.job >out 2>/dev/full
echo $? >status
ok 'so does a full disk under standard error' status 3
"$PSEQ" run a.job >out 2>&-
echo $? >status
ok 'and a closed standard error' status 3
"$PSEQ" run a.job <&- >out 2>err
echo $? >status
ok 'a closed standard input is no trouble' status 0
"$PSEQ" run a.job <&- >&- 2>&-
echo $? >status
ok 'all closed is an error status' status 3
"$PSEQ" each 'echo {}' a b <&- >out 2>err
ok 'no descriptor of ours is taken for standard input' line out 'a | a'
"$PSEQ" --version >/dev/full 2>err
echo $? >status
ok 'even --version says when it cannot write' status 3
"$PSEQ" --help >/dev/full 2>err
echo $? >status
ok 'and --help' status 3
"$PSEQ" check a.job >/dev/full 2>err
echo $? >status
ok 'and check' status 3

cat >many.job <<'JOB'
[sequence a]
always = z
run = yes 'a line' | head -n 1000000; sleep 60
[routine z]
run = touch always-ran
JOB
{ "$PSEQ" run many.job 2>err; echo $? >status; } | head -n 1 >out
ok 'when the reader goes away the run ends' status 141
ok 'without a word' test ! -s err
ok 'always runs' test -e always-ran
ok 'and nothing is left' retry clean
# what was written first comes first, nearly always
cat >streams.job <<'JOB'
[sequence s]
each x range = 1..100
parallel = 16
run = case $x in *[02468]) sleep 0.05; echo one >&2; echo two ;; *) echo one; echo two >&2 ;; esac
JOB
pseq run streams.job
awk '/ one$/ && !seen[$1]++ { n++ } { seen[$1]++ } END { print n }' out >first
ok 'lines of two streams stand in the order of their writing' \
	test "$(cat first)" -gt 70
# a reader that is slow loses nothing
cat >slow.job <<'JOB'
[sequence a]
run = seq 200000
JOB
"$PSEQ" run --no-tag slow.job 2>err | { sleep 0.5; cat; } >out
ok 'a slow reader gets everything' sh -c 'seq 200000 | cmp -s - out'

# ... nor do commands that end while it reads nothing
cat >ends.job <<'JOB'
[sequence flood]
run = head -c 1200000 /dev/zero | tr '\0' f | fold -w 1000; echo
[sequence many]
each n range = 101..200
parallel = 100
run = sleep 0.5; sleep 0.$n; echo end
JOB
"$PSEQ" run ends.job 2>err | { sleep 2; cat; } >out
ok 'the last lines of commands that ended meanwhile are there' \
	count out 100 '| end$'
ok '... and nobody is said to keep them' hasnt err 'keeps the output'

# failures are told by kind
cat >kinds.job <<'JOB'
[sequence web]
each n range = 01..30
step = probe
run = echo "no space on $n" >&2; exit 3
[sequence db]
each n range = 1..2
step = other
run = kill -9 $$
JOB
pseq run kinds.job
ok 'a kind of failure is told once in the summary' \
    count err 1 "FAILED step 'probe': exit 3   (30 lanes)"
ok 'each kind' has err "FAILED step 'other': signal KILL   (2 lanes)"
ok 'with the names folded' has err 'web[01-30]'
ok 'and words of standard error' has err '! no space on'
ok 'the last line counts' has err '32 lanes: 32 failed'
done_testing
