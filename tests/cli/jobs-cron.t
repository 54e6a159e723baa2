#!/bin/sh
# the jobs for cron that are delivered do what their heads promise
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

jobs=$root/jobs
# files DIRECTORY: how many are in it
files() { find "$1" -type f | wc -l; }
# a clock that goes on by a second each time it is asked
stub date <<END
n=\$(cat $dir/clock 2>/dev/null || echo 10)
echo \$((n + 1)) >$dir/clock
echo "20260101-0000\$n"
END

# --- backup ---

mkdir -p trees/home/sub "trees/it's a \$(touch bad) tree"
echo one >trees/home/a
echo two >"trees/home/sub/b c"
ln trees/home/a trees/home/hard
ln -s a trees/home/link
printf 'x\n' >"trees/home/with
newline"
echo three >"trees/it's a \$(touch bad) tree/c"
backup() { pseq run -v "trees=$dir/trees/home" -v to=saved "$@" "$jobs/backup.job"; }
name=$(cd trees/home && pwd -P | sed 's|^/||; s|/|_|g')
# archives: of the first tree, the oldest first
archives() { find "saved/$name" -type f | sort; }

backup -q
ok 'backup: a tree is saved' status 0
ok 'quietly' test ! -s out -a ! -s err
ok 'in one archive, and nothing else' test "$(files saved)" = 1
ok 'that only we can read' test "$(stat -c %a "$(archives)")" = 600
mkdir got
tar -xf "$(archives)" -C got
ok 'all is in it' diff -r trees/home got
for i in 1 2 3 4; do
	echo "$i" >trees/home/a
	backup -q -v keep=3
done
ok 'so many generations are kept' test "$(archives | wc -l)" = 3
rm -r got && mkdir got
tar -xf "$(archives | tail -n 1)" -C got
ok 'the newest is there' test "$(cat got/a)" = 4
rm -r got && mkdir got
tar -xf "$(archives | head -n 1)" -C got
ok 'the oldest are gone' test "$(cat got/a)" = 2

archives >before
# a packer that loses the end of what it is given
stub bad-pack <<'END'
case $1 in
-d) gzip -dc ;;
*) head -c 4000 | gzip ;;
esac
END
head -c 100000 /dev/urandom >trees/home/large
backup -v keep=3 -v pack=bad-pack
ok 'an archive that is no good is found out' status 1
archives >after
ok 'no good one goes for it' cmp -s before after
ok 'nothing is left of it' test "$(files saved)" = 3
stub full <<'END'
cat >/dev/null
test "$1" = -d && exit 1
echo 'full: write error: No space left on device' >&2
exit 1
END
backup -v keep=3 -v pack=full
ok 'a full disk stops the job' has err 'the disk is full'
archives >after
ok 'and costs no archive' cmp -s before after

backup -v "trees=$dir/nowhere $dir/trees/home" -v set=x
ok 'a tree that is not there is told' has err 'nowhere: there is no such directory'
ok 'the others are saved' test "$(archives | wc -l)" = 4
backup -v "trees=\"$dir/trees/it's a \\\$(touch bad) tree\"" -v to=other
ok 'names may hold anything' status 0
ok 'none of it is run' test "$(files other)" = 1 -a ! -e bad
backup -v keep=0
ok 'keep is a number from 1' status 1
ok 'else nothing goes' test "$(archives | wc -l)" = 4
backup -v options=--exclude=sub -v to=third
ok 'more words go to tar' sh -c '! tar -tf "$(find third -type f)" | grep -q sub/'
backup -v trees=/nowhere -v alert='cat >alerted'
ok 'a failure is told to whoever is to know' has alerted FAILED
rm alerted
backup -v alert='cat >alerted' -v to=third
ok 'and only that' test ! -e alerted

# --- database-dump ---

echo 'the data, all that there is of it' >db
dump() {
	pseq run -v names=shop -v to=dumps -v pause=10ms -v 'dump=cp db "$file"' \
		-v 'check=grep -q data "$file"' "$@" "$jobs/database-dump.job"
}
dump -q
ok 'dump: a database is dumped' cmp db "$(find dumps/shop -type f)"
ok 'under its name' test "$(find dumps -name 'shop-20260101-0000??.dump' | wc -l)" = 1
ok 'quietly' test ! -s out -a ! -s err
for i in 1 2 3; do dump -q -v keep=2; done
ok 'so many are kept' test "$(files dumps)" = 2
dump -q -v 'dump=echo x >>calls; test "$(wc -l <calls)" = 3 && cp db "$file"'
ok 'one that fails is tried again' status 0
ok 'until it succeeds' test "$(wc -l <calls)" = 3
files dumps >before
dump -v 'dump=echo half >"$file"; exit 1' -v tries=1 -v 'alert=cat >alerted'
ok 'one that always fails is a failure' status 1
files dumps >after
ok 'which leaves nothing behind' cmp -s before after
ok 'and is told' has alerted FAILED
dump -v 'dump=echo nonsense, and long enough >"$file"'
ok 'one that does not pass the check fails' status 1
dump -v 'dump=echo data >"$file"' -v keep=2
ok 'so does one that is much smaller than the last' has err 'the last one has 34'
files dumps >after
ok 'they leave nothing behind either' cmp -s before after
dump -v 'dump=echo data >"$file"' -v shrink=0 -v keep=100
ok 'unless any size will do' status 0
dump -v 'dump=: >"$file"' -v check=true
ok 'an empty one fails' has err 'the dump is empty'
dump -v 'names=shop forum' -v 'dump=test "$name" = forum && cp db "$file"' -v tries=0
ok 'one that fails does not keep the others' test -d dumps/forum -a "$(files dumps/forum)" = 1
dump -v 'dump=echo "write failed: No space left on device" >&2; sleep 60'
ok 'a full disk is no reason to try again' has err 'the disk is full'
if command -v sqlite3 >/dev/null; then
	sqlite3 notes.db 'create table t (x); insert into t values (7);'
	pseq run -q -v names=notes -v to=dumps -v suffix=db \
		-v 'dump=sqlite3 "$name.db" ".backup \"$file\""' \
		-v 'check=test "$(sqlite3 "$file" "pragma integrity_check")" = ok' \
		"$jobs/database-dump.job"
	ok 'with sqlite3' test "$(sqlite3 "$(find dumps/notes -type f)" 'select x from t')" = 7
else
	skip 'with sqlite3' 'there is no sqlite3'
fi

# --- disk-watch ---

# a df of this test: mounts are in the file space, their inodes in inodes
stub df <<END
printf '%s\n' "\$*" >>$dir/asked
case " \$* " in
*' -i '*) cat $dir/inodes ;;
*) cat $dir/space ;;
esac
END
cat >space <<'END'
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/sda1         10000000  8900000   1100000      89% /
/dev/sdb1         10000000  9300000    700000      93% /srv/my data
/dev/sdc1        100000000 95000000   5000000      95% /big
none                     -        -         -        - /odd
END
cat >inodes <<'END'
Filesystem      Inodes   IUsed    IFree IUse% Mounted on
/dev/sda1       655360   65536   589824   10% /
/dev/sdd1       655360  645536     9824   99% /mail
vfat                 0       0        0     - /boot
END
watch() { pseq run "$@" "$jobs/disk-watch.job"; }
watch
ok 'disk-watch: what is too full is a failure' status 1
ok 'with all of it in one line' has err 'too full: /srv/my data 93%, /big 95%, /mail 99% of inodes'
ok 'what is not too full is not named' hasnt err ' / 89%'
ok 'file systems of no interest are not asked for' has asked '-x tmpfs'
watch -v limit=96 -v inodes=101 -q
ok 'under the limits there is nothing to tell' status 0
ok 'quietly' test ! -s out -a ! -s err
watch -v limit=89 -v inodes=101
ok 'a limit is reached by itself' has err 'too full: / 89%, /srv/my data 93%'
watch -v free=2 -v inodes=101
ok 'enough free space is no failure' has err 'too full: /srv/my data 93%   ('
watch -q -v 'alert=cat >alerted'
ok 'an alert gets the summary' has alerted 'too full: /srv/my data'
watch -v limit=90%
ok 'a limit is a number' status 1
# three machines that are this one
printf '[hosts all]\nhosts = m[1-3]\nvia = local\n' >machines.job
pseq run -v nodes=@all "$jobs/disk-watch.job" machines.job
ok 'machines are looked at' has err '(3 lanes)'
ok 'those that are full in the same way are told together' has err 'm[1-3]'
echo 'Filesystem' >space
cp space inodes
pseq run -q -v nodes=@all "$jobs/disk-watch.job" machines.job
ok 'if all is well nothing is told' test ! -s out -a ! -s err
rm bin/df
watch -v limit=100 -v inodes=101
ok 'with the df of this machine' noline status 2

# --- certificates ---

if ! command -v openssl >/dev/null; then
	skip 'certificates' 'there is no openssl'
	done_testing
	exit
fi
rm bin/date
# cert FILE DAYS NAME...: one that is good so long
cat >cert <<'END'
#!/bin/sh
file=$1 days=$2 names=DNS:$3
test -z "$4" || names=$names,DNS:$4
exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-keyout "${file%/*}/key.pem" -out "$file" -days "$days" -subj "/CN=$3" \
	-addext "subjectAltName=$names" 2>/dev/null
END
chmod +x cert
mkdir -p live/a.example live/b.example
./cert live/a.example/full.pem 5 a.example
./cert live/b.example/full.pem 80 b.example
cp live/b.example/full.pem b.pem
certs() {
	pseq run -v 'certs=live/*/full.pem' -v pause=10ms -v 'reload=echo "$name" >>reloaded' \
		-v 'renew=./cert "$cert" 90 "$name"' "$@" "$jobs/certificates.job"
}
certs -q
ok 'certificates: one that expires soon is renewed' status 0
ok 'it is good for long' openssl x509 -noout -checkend 6000000 -in live/a.example/full.pem
ok 'its service is told' same reloaded <<'END'
a.example
END
ok 'one that is good is left alone' cmp -s b.pem live/b.example/full.pem
ok 'quietly' test ! -s out -a ! -s err
rm reloaded
certs
ok 'a second time there is nothing to do' test ! -e reloaded -a ! -s out
certs -v days=85
ok 'the time is a matter of taste' same reloaded <<'END'
b.example
END
rm reloaded
./cert live/a.example/full.pem 5 a.example
# fails WHAT WHY RENEW [ARGUMENTS...]: and nothing is reloaded
fails() {
	what=$1 why=$2 renew=$3; shift 3
	certs -v "renew=$renew" "$@"
	ok "$what" has err "$why"
	ok 'the status tells, and nothing is reloaded' \
		test "$(cat status)" = 1 -a ! -e reloaded
}
fails 'one that was not renewed is no success' 'still not good for 30 days' true
fails 'one for other names neither' 'is for' './cert "$cert" 90 c.example "$name"'
./cert live/a.example/full.pem 5 a.example
fails 'one that does not fit its key neither' 'does not fit key.pem' \
	'./cert "$cert" 90 "$name"; cp live/b.example/key.pem live/a.example/key.pem' -v key=key.pem
./cert live/a.example/full.pem 5 a.example
certs -v key=key.pem -q
ok 'with its own it is fine' same reloaded <<'END'
a.example
END
rm reloaded
./cert live/a.example/full.pem 5 a.example
fails 'a renewal that takes too long is ended' timeout 'sleep 60' -v patience=50ms \
	-v certs=live/a.example/full.pem
echo broken >live/b.example/full.pem
certs -v 'alert=cat >alerted'
ok 'one that cannot be read is told' has alerted FAILED
ok 'and does not keep the others' same reloaded <<'END'
a.example
END
rm reloaded
certs -v 'certs=nowhere/*.pem'
ok 'a pattern that fits nothing is a failure' has err 'nowhere/*.pem'
mkdir flat
./cert flat/www.pem 5 www
certs -v 'certs=flat/www.pem' -v dirs=no -q
ok 'names can be those of files' same reloaded <<'END'
www
END
# a machine that is a directory: put goes there by a command of its own
rm reloaded
./cert live/a.example/full.pem 5 a.example
printf '[hosts web]\nhosts = w1 w2\nvia = local\n' >web.job
pseq run -v "certs=$dir/live/a.example/full.pem" -v 'reload=echo "$host" >>reloaded' \
	-v nodes=@web -v 'renew=./cert "$cert" 90 "$name"' -v key=key.pem \
	"$jobs/certificates.job" web.job
ok 'machines get it and reload' same_sorted reloaded <<'END'
w1
w2
END

done_testing
