#!/bin/sh
# put and get over ssh, to hosts with real sshds
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
bed=$root/tests/remote/bed
fish=$(command -v fish || echo /bin/sh)
"$bed" start "$PWD/bed" 4 "h002=shell:$fish" h003=banner h004=sessions:2 ||
	exit 1
PATH=$PWD/bed/bin:$PATH
home=$PWD/bed/home

mkdir -p tree/shut tree/sub 'tree/ a b'
echo x >tree/sub/x; ln -s sub/x tree/link; chmod 500 tree/shut
echo "it's" >"tree/ a b/q'\"\$(x)"; printf 'a\nb' >"tree/new
line"
head -c 3000000 /dev/urandom >big.bin; chmod 640 big.bin
cat >a.job <<'END'
[sequence a]
hosts = h[001-004]
put = tree big.bin -> srv/app/
say = ${host} put ${changed}
put = tree big.bin -> srv/app/
say = ${host} again ${changed}
get = srv/app/tree srv/app/big.bin -> back/${host}/
say = ${host} get ${changed}
get = srv/app/tree srv/app/big.bin -> back/${host}/
say = ${host} again ${changed}
get = none -> ${host}.none
on error = next
say = ${host}: ${message}
put = big.bin -> srv
on error = next
say = ${host}: ${message}
END
pseq run --no-tag a.job
ok 'copies over ssh end well' status 0
for host in h001 h002 h003 h004; do
	cat <<-END
	$host put yes
	$host again no
	$host get yes
	$host again no
	$host: cannot read: none: No such file or directory
	$host: cannot write: srv: is a directory
	END
done >wanted
grep '^h00' out | sort >said
ok 'and say what differed' sh -c 'sort wanted | cmp - said'
for host in h001 h002 h003 h004; do
	ok "all is on $host" diff -r --no-dereference tree "$home/$host/srv/app/tree"
	ok "all came back from $host" diff -r --no-dereference tree "back/$host/tree"
done
ok 'modes are kept' test "$(stat -c %a "$home/h003/srv/app/tree/shut" \
    "$home/h002/srv/app/big.bin" back/h003/tree/shut back/h002/big.bin |
    tr '\n' ' ')" = '500 640 500 640 '
# nothing that a copy needs for itself
tidy() { test -z "$(find . -name '*.pseq-*')"; }
ok 'nothing else is left' tidy

pseq copy h001,h003 big.bin one/
ok 'pseq copy' status 0
ok 'to each' sh -c "cmp big.bin $home/h001/one/big.bin &&
    cmp big.bin $home/h003/one/big.bin"
pseq copy --from-hosts h001,h003 one/big.bin 'from/{}/'
ok 'and back' sh -c "cmp big.bin from/h001/big.bin &&
    cmp big.bin from/h003/big.bin"

# the connection goes while a copy is under way
truncate -s 2000000000 large
cat >a.job <<'END'
[sequence a]
hosts = h001
put = large -> e
END
begun() { test -n "$(find "$home/h001" -path '*.pseq-*/0' -size +0)"; }
start run --no-tag a.job
retry begun
"$bed" kill "$PWD/bed" h001
ended
ok 'a copy whose connection goes is lost' status 1
ok 'and said to be' has err lost
ok 'the host removes what has come' retry tidy
ok 'and nothing has its name' test ! -e "$home/h001/e"

start run --no-tag a.job
retry begun
kill -KILL "$pid"; wait "$pid"
ok 'the same if pseq is killed' retry tidy
ok 'nothing there either' test ! -e "$home/h001/e"

sed 's/put = .*/get = large.there -> here-${host}/' a.job >b.job
truncate -s 2000000000 "$home/h001/large.there"
half() { test -n "$(find . -maxdepth 1 -name '.here-*' -size +0)"; }
start run --no-tag b.job
retry half
"$bed" kill "$PWD/bed" h001
ended
ok 'from there as well' status 1
ok 'it is lost' has err lost
ok 'nothing half is left' tidy
ok 'under its name' test ! -e here-h001

sleepers() { test -z "$("$bed" left "$PWD/bed" | grep -w tar)"; }
ok 'nothing runs on there' retry sleepers
"$bed" stop "$PWD/bed"
done_testing
