#!/bin/sh
# how much at once, in which order
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# busy: how many of it run at once, the most of them into $HOME/most
stub busy <<'STUB'
cd "$HOME"
mkdir "busy.$$"
set -- busy.*
echo "$#" >>seen
sleep "${LONG:-0.1}"
rmdir "busy.$$"
STUB
most() { sort -n home/seen | tail -n 1; rm -f home/seen; }
at_most() { test "$(most)" -le "$1"; }
exactly() { test "$(most)" -eq "$1"; }

{ echo '[sequence a]'; echo 'each x range = 1..12'; echo 'run = busy'; } >twelve
job <twelve
ok 'lanes here are as many at once as there are processors' \
    at_most "$(nproc)"
sed '2i parallel = 3' twelve | job
ok 'parallel bounds them' at_most 3
sed '2i parallel = 1' twelve | job
ok 'one at a time is possible' exactly 1
sed '2i parallel = 25%' twelve | job
ok 'a percentage is of the lanes' at_most 3
sed '2i parallel = auto' twelve | job
ok 'auto is the number of processors' at_most "$(nproc)"
{ printf '[job]\nparallel = 2\n'; sed '2i parallel = 12' twelve; } | job
ok 'the whole job may be bounded' at_most 2
sed '2i parallel = 12' twelve | job -j 4
ok '-j bounds it from the command line' at_most 4
{ printf '[job]\nchildren = 2\n'; sed '2i parallel = 12' twelve; } | job
ok 'children bounds processes' at_most 2
sed '2i parallel = 12' twelve >a.job
LONG=0.5 pseq run a.job
ok 'more lanes than processors run when asked for' \
    test "$(most)" -gt "$(nproc)"
{ for i in 1 2 3 4 5 6; do printf '[sequence s%s]\nrun = busy\n' $i; done; } >a.job
LONG=0.5 pseq run a.job
ok 'sequences of one lane all run at once' test "$(most)" -ge 5

job --no-tag <<'JOB'
[sequence a]
each n = 3 1 2 1
parallel = 1
priority = n
say = ${n} ${index}
JOB
ok 'lanes with a lower priority start first, then in order' same out <<'END'
1 2
1 4
2 3
3 1
END
job --no-tag <<'JOB'
[job]
parallel = 1
[sequence a]
each n = 1 2
priority = 10 + n
say = a ${n}
[sequence b]
each n = 1 2
priority = -n
say = b ${n}
[sequence c]
each n = 1 2
say = c ${n}
JOB
ok 'over all sequences of the job' same out <<'END'
b 2
b 1
c 1
c 2
a 1
a 2
END
job --no-tag <<'JOB'
[job]
parallel = 1
[sequence b]
each n range = 1..2
say = b ${n}
[sequence a]
each n = 1 2
say = a ${n}
JOB
ok 'else in the order of the file and the list' same out <<'END'
b 1
b 2
a 1
a 2
END
job --no-tag -j 1 <<'JOB'
[sequence a]
each n = 1 2
say = start ${n}
sleep = 20ms
run = true
say = end ${n}
JOB
ok 'a lane keeps its place until it ends' same out <<'END'
start 1
end 1
start 2
end 2
END
for width in 0 -1 x 1.5 200%; do
	pseq run -j "$width" a.job
	ok "-j $width is no number of lanes" status 2
done
pseq run -j auto a.job
ok '-j auto is' status 0
done_testing
