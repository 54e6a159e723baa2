#!/bin/sh
# put and get: plain copies in a lane without a host
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
echo one >1.txt; echo two >2.txt; chmod 640 1.txt
head -c 3000000 /dev/urandom >big.bin
job --no-tag <<'JOB'
[sequence a]
put = 1.txt 2.txt -> new/dir/
say = ${changed}
put = 1.txt -> exact.name
get = big.bin -> back.bin
put = 1.txt -> exact.name
say = again ${changed}
JOB
ok 'copies end well' status 0
ok 'a target with / is a directory that is made' cmp 2.txt new/dir/2.txt
ok 'any other is the new name' cmp 1.txt exact.name
ok 'a large file comes whole' cmp big.bin back.bin
ok 'modes are kept' test "$(stat -c %a exact.name)" = 640
ok 'changed says that something differed' test "$(sed -n 1p out)" = "${first:=$(sed -n 1p out)}"
ok 'or did not' sh -c 'test "$(sed -n 1p out)" != "$(sed "s/again //;2!d" out)"'
job --no-tag <<'JOB'
[sequence a]
put = missing.txt -> x/
on error = next
say = ${result}
put = 1.txt 2.txt -> exact.name
JOB
ok 'a source that is not there is an error' status 2
job --no-tag <<'JOB'
[sequence a]
put = missing.txt -> x/
JOB
ok 'a source that is not there fails the lane' status 1
ok 'and is named' has err missing.txt
job --no-tag <<'JOB'
[sequence a]
put = 1.txt -> /proc/none/x
JOB
ok 'a target that cannot be made fails the lane' status 1
ok 'and is named' has err /proc/none
job --no-tag <<'JOB'
[sequence a]
each f files = ?.txt
put = ${f} -> out-${index}/
put = ${f} -> out-${index}/copy of ${f}
JOB
ok 'names hold variables; several words are several sources' not status 0
job --no-tag <<'JOB'
[sequence a]
each f files = ?.txt
put = ${f} -> "out ${index}/"
put = ${f} -> "out ${index}/copy of ${f}"
JOB
ok 'and may be quoted' cmp 2.txt 'out 2/copy of 2.txt'
touch 'a b'
job --no-tag -v 'f=a b' <<'JOB'
[vars]
f = x
[sequence a]
put = ${f} -> spaced/
JOB
ok 'a name with a blank in a variable is one' test -e 'spaced/a b'
mkdir -p tree/sub; echo x >tree/sub/f
job --no-tag <<'JOB'
[sequence a]
put = tree -> copied/
on error = finish no directories
JOB
ok 'a directory is copied or refused' sh -c \
    'test -e copied/tree/sub/f || grep -q "no directories" out err'
ok 'no temporary name is left' sh -c 'test -z "$(ls -A new/dir | grep -v "^[12].txt$")"'
job --no-tag <<'JOB'
[sequence a]
put = 1.txt -> 1.txt
say = ${changed}
JOB
ok 'a file copied to itself stays' sh -c 'test "$(cat 1.txt)" = one'
mkfifo pipe
job <<'JOB'
[sequence a]
put = 1.txt -> pipe
JOB
ok 'a target that is no regular file is not replaced' test -p pipe
ok 'but is an error' status 1
done_testing
