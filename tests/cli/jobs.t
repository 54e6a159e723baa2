#!/bin/sh
# the jobs that are delivered do what their heads promise
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

jobs=$root/jobs

for job in "$jobs"/*.job; do
	pseq check "$job"
	ok "${job##*/} is a good job file" status 0
	# it only looks at this machine
	test "${job##*/}" = disk-watch.job && continue
	pseq run "$job"
	ok "${job##*/} wants what it cannot do without" status 2
done

# modified FILE: its time, as a number
modified() { stat -c %Y "$1"; }
mode() { stat -c %a "$1"; }

# --- convert ---


# lines that the best packing makes much shorter than the fastest
text() { yes 'a line that is there again and again' | head -n 5000; }

mkdir -p tree/sub
text | gzip -1 >tree/a.gz
text | gzip -1 >"tree/sub/it's \$(touch bad) \"b\".gz"
gzip -9 </dev/null >tree/tiny.gz
head -c 300 tree/a.gz >tree/broken.gz
: >tree/there.gz
: >tree/there.bz2
ln -s a.gz tree/link.gz
mkdir tree/folder.gz
chmod 640 tree/a.gz
touch -d '2020-02-03 04:05:06' tree/a.gz
time=$(modified tree/a.gz)

# a packer that is on every machine: gzip itself, at its best
set -- run -v dir=tree -v to=bz2 -v 'pack=gzip -9n' -v 'test=gzip -dc'
pseq "$@" "$jobs/convert.job"
ok 'one file is broken: the status tells' status 1
ok 'an archive is converted' test -e tree/a.bz2 -a ! -e tree/a.gz
gzip -dc <tree/a.bz2 >got
text >want
ok 'what is in it is the same' cmp want got
ok 'it keeps its time' test "$(modified tree/a.bz2)" = "$time"
ok 'it keeps its mode' test "$(mode tree/a.bz2)" = 640
ok 'quotes and blanks in names harm nobody' \
	test -e "tree/sub/it's \$(touch bad) \"b\".bz2" -a ! -e bad
ok 'a broken one stays' test -e tree/broken.gz -a ! -e tree/broken.bz2
ok 'that is said' has err 'cannot be packed, the old file stays'
ok 'one that would not be smaller stays' \
	test -e tree/tiny.gz -a ! -e tree/tiny.bz2
ok 'one that was converted before is left alone' test -e tree/there.gz
ok 'links are left alone' test -L tree/link.gz
ok 'no file is half written' sh -c '! ls tree tree/sub | grep part'
ok 'the sum is told' has out 'KiB now'

rm tree/broken.gz
pseq "$@" -q "$jobs/convert.job"
ok 'a second time there is nothing to do' status 0
ok 'quietly' test ! -s out -a ! -s err

seq 1 900 | gzip -1 >tree/z.gz
pseq run -v dir=tree -v to=bz2 -v pack='sed s/5/6/' -v test=cat \
	"$jobs/convert.job"
ok 'a packer that loses something is found out' status 1
ok 'and the file stays' test -e tree/z.gz -a ! -e tree/z.bz2
ok 'that is said, too' has err 'not what comes out again'

stub full <<'END'
cat >/dev/null
echo 'full: write error: No space left on device' >&2
exit 1
END
cp tree/z.gz tree/y.gz
pseq run -j 1 -v dir=tree -v to=bz2 -v pack=full -v test=cat \
	"$jobs/convert.job"
ok 'a full disk stops the job' has err 'the disk is full: full: write error'
ok 'the others are not begun' has err 'not started'
ok 'the files stay' test -e tree/z.gz -a -e tree/y.gz

# --- logrotate ---

mkdir log
rotate() { pseq run -v 'logs=log/*.log' -v size=1 "$@" "$jobs/logrotate.job"; }

seq 1 2000 >log/a.log
seq 1 3 >log/b.log
: >log/c.log
chmod 640 log/a.log
cp log/a.log want
rotate -v 'reload=echo x >>reloaded'
ok 'logs are rotated' status 0
ok 'a large one was packed' test -e log/a.log.1.gz -a ! -e log/a.log.1
gzip -dc <log/a.log.1.gz >got
ok 'nothing of it is lost' cmp want got
ok 'it is begun anew' test -e log/a.log -a ! -s log/a.log
ok 'with the same mode' test "$(mode log/a.log)" = 640
ok 'small ones and empty ones are not due' \
	sh -c 'test -s log/b.log && ! ls log | grep -q "[bc].log.1"'
ok 'the program was told, once' test "$(cat reloaded)" = x

for i in 1 2 3; do
	seq "$i" 2000 >log/a.log
	rotate -v keep=2 -q
done
ok 'quietly' test ! -s out -a ! -s err
ok 'two are kept' sh -c 'test -e log/a.log.2.gz && ! test -e log/a.log.3.gz'
ok 'the newest is number 1' \
	test "$(gzip -dc <log/a.log.1.gz | head -n 1)" = 3
ok 'the one before is number 2' \
	test "$(gzip -dc <log/a.log.2.gz | head -n 1)" = 2

touch -d '8 days ago' log/a.log.1.gz
echo new >log/a.log
rotate -v size=10240
ok 'an old one is due whatever its size' \
	test "$(gzip -dc <log/a.log.1.gz)" = new

# an earlier run died between renaming and packing
seq 1 2000 >log/a.log
echo left >log/a.log.1
rotate
ok 'what an interrupted run left is packed first' \
	test "$(gzip -dc <log/a.log.1.gz)" = left -a -s log/a.log

seq 7 2000 >log/a.log
rotate -v reload=false
ok 'if the program cannot be told' status 1
ok 'nothing is packed' test -e log/a.log.1
rotate >/dev/null
seq 8 2000 >log/a.log
inode=$(stat -c %i log/a.log)
rotate -v copy=yes
ok 'copied and emptied' test "$(gzip -dc <log/a.log.1.gz | head -n 1)" = 8
ok 'the log is the same file' test "$(stat -c %i log/a.log)" = "$inode"

pseq run -v 'logs=nothing/*.log' "$jobs/logrotate.job"
ok 'no logs are no failure' status 0

# --- checksums ---

mkdir -p data/sub
for i in 1 2 3 4 5; do echo "$i" >data/f$i; done
echo x >"data/sub/it's \$(x) y"
(cd data && find . -type f -exec sha256sum {} +) >sums
mv sums data/SHA256SUMS
sums() { pseq run -v list=data/SHA256SUMS "$@" "$jobs/checksums.job"; }

sums
ok 'a good tree' status 0
sums -q
ok 'says nothing' test ! -s out -a ! -s err
echo y >data/f2
echo y >data/f3
rm data/f4
echo new >data/new
echo '# a comment' >>data/SHA256SUMS
sums
ok 'a bad tree' status 1
ok 'changed files' has err "exit 1: changed   (2 lanes)"
ok 'a missing one' has err "exit 3: missing   (1 lane)"
ok 'one that is not in the list' has out '| new'
ok 'that is no failure' hasnt err 'not in the list'
sums --start extra -v extra=fail
ok 'unless it is asked for' status 1
sums --start extra -v extra=no
ok 'or nobody asks' status 0
sums -v dir=data/sub --start verify
ok 'another directory' has err 'missing'

done_testing
