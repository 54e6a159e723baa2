#!/bin/sh
# much at once: lanes, lines, bytes, items
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# small N: the most memory of pseq, in the line VmHWM of out, in KiB
small() { test "$(awk '/VmHWM/ { print $(NF - 1) }' out)" -lt "$1"; }
memory() {
	if is_sanitized; then skip "$1" 'sanitizers need their own'
	else ok "$1" small "$2"; fi
}

cat >a.job <<JOB
[sequence w]
each x range = 001..500
parallel = 500
run =
    i=0
    while test \$i -lt 20; do
        i=\$((i + 1))
        echo "\$x:\$i:$(printf 'z%.0s' $(seq 80))"
        echo "\$x:\$i:$(printf 'y%.0s' $(seq 80))" >&2
    done
JOB
pseq run a.job
ok '500 commands write at once' status 0
ok 'no line is torn, none is lost' awk '
	$2 == "|" && $3 ~ ("^" $1 ":[0-9]+:z+$") && length($3) > 85 { o++; next }
	$2 == "!" && $3 ~ ("^" $1 ":[0-9]+:y+$") && length($3) > 85 { e++; next }
	{ bad++ }
	END { exit bad || o != 10000 || e != 10000 }' out
pseq run --output group a.job
ok 'nor in groups, which stay together' awk '
	$1 != last { groups++; last = $1 }
	{ n++ }
	END { exit groups != 500 || n != 20000 }' out
pseq run --no-tag -k a.job
ok 'nor in order' sh -c 'cut -c 1-3 out | sort -c && test "$(wc -l <out)" -eq 10000'

cat >a.job <<JOB
[sequence a]
run = $child/bytes 67108864
run = grep VmHWM "/proc/\$PPID/status"
JOB
pseq run a.job
ok 'a line of 64 MiB is survived' status 0
ok 'all of it comes' sh -c \
    'test "$(tr -cd x <out | wc -c)" -eq 67108864'
memory 'in bounded memory' 16384
sed -i 's/^run = .*67108864$/&\ncapture v = stdout\non error = next/' a.job
pseq run --output none --no-tag a.job
ok 'captured it is an error, no more' status 0
sed -i '/^capture/d; s/^on error.*/on line = nothing -> kill/' a.job
pseq run a.job
memory 'also when patterns look at it' 16384
pseq run --output group a.job
memory 'also when it is held back' 40000

# lanes without end: a list is read as it is needed
seq 300000 >list
cat >a.job <<'JOB'
[sequence a]
each x lines = -
parallel = 8
set y = ${x}
[sequence b]
after = a
run = grep VmHWM "/proc/$PPID/status"
JOB
pseq_from list run a.job
ok '300,000 items of standard input are lanes' has err '300001 lanes ok'
memory 'in bounded memory' 8192
printf '[sequence a]\neach x output = seq 100000\nset y = ${x}\n' >b.job
sed -n '/^\[sequence b/,$p' a.job >>b.job
pseq run b.job
memory 'lines of a command too' 8192

mkfifo pipe
start_from() {
	"$PSEQ" "$@" <pipe >out 2>err &
	pid=$!
}
start_from each -j 2 --no-tag 'echo {}; touch first; while test ! -e go; do sleep 0.1; done'
{ seq 1000000; } >pipe 2>/dev/null &
writer=$!
retry test -e first
ok 'the first job runs while the list is still written' kill -0 "$writer"
if is_sanitized; then
	skip 'the list is not taken in' 'sanitizers need their own memory'
else
	ok 'the list is not taken in' test "$(peak "$pid")" -lt 8192
fi
kill -TERM "$pid"
ended
kill "$writer" 2>/dev/null
wait "$writer"
seq 3000 | "$PSEQ" each -j 8 true >out 2>err
ok 'pseq each runs 3000 commands' has err '3000 lanes ok'

hard=$(ulimit -Hn)
if test "$hard" != unlimited && test "$hard" -lt 20000 || is_sanitized; then
	skip '10,000 lanes at once, none fails' 'too few descriptors'
	skip 'what does not fit is said once' 'too few descriptors'
else
	printf '[sequence a]\neach x range = 1..10000\nparallel = 10000\nrun = sleep 1\n' >a.job
	(ulimit -n 20000; pseq run -j 10000 a.job)
	ok '10,000 lanes at once, none fails' has err '10000 lanes ok'
	ok 'what does not fit is said once' count err 1 'open files'
fi
done_testing
