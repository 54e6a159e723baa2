#!/bin/sh
# put and get to and from other hosts: each "host" is a directory of its own
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
echo one >1.txt; echo two >2.txt; chmod 640 1.txt
mkdir -p tree/sub tree/shut h1 h2 h3
echo x >tree/sub/x; ln -s sub/x tree/link; chmod 500 tree/shut
head -c 3000000 /dev/urandom >big.bin

# over FILE: the job in FILE with a way to the hosts
over() {
	{ cat <<'END'; cat; } >job
[via dir]
exec = env -C ${host} ${command}
connect-fail = 125
[hosts all]
hosts = h[1-3]
via = dir
END
	pseq run --no-tag "$@" job
}

# nothing that a copy needs for itself was left
tidy() { test -z "$(find . -name '*.pseq-*')"; }

over <<'END'
[sequence a]
hosts = @all
put = 1.txt 2.txt tree -> etc/app/
say = ${host} ${changed}
put = big.bin -> exact
put = big.bin -> exact
say = ${host} again ${changed}
END
ok 'copies to hosts end well' status 0
ok 'changed says what differed' same_sorted out <<'END'
h1 again no
h1 yes
h2 again no
h2 yes
h3 again no
h3 yes
END
ok 'files come whole' cmp big.bin h2/exact
ok 'into directories that are made' cmp 2.txt h3/etc/app/2.txt
ok 'modes are kept' test "$(stat -c %a h1/etc/app/1.txt)" = 640
ok 'trees come whole' diff -r --no-dereference tree h1/etc/app/tree
ok 'and so do their modes' test "$(stat -c %a h1/etc/app/tree/shut)" = 500
ok 'no temporary name is left' tidy

echo h1 >h1/name; echo h2 >h2/name; echo h3 >h3/name
over <<'END'
[sequence a]
hosts = @all
get = name etc/app -> "got/${host} too/"
say = ${host} ${changed}
get = name etc/app -> "got/${host} too/"
say = ${host} again ${changed}
get = exact -> exact-${host}
END
ok 'copies from hosts end well' status 0
ok 'each says what differed' same_sorted out <<'END'
h1 again no
h1 yes
h2 again no
h2 yes
h3 again no
h3 yes
END
ok 'they come from the right host' sh -c \
    'cmp h2/name "got/h2 too/name" && cmp h3/name "got/h3 too/name"'
ok 'whole, with what is in them' diff -r --no-dereference tree 'got/h1 too/app/tree'
ok 'under their exact name' cmp big.bin exact-h3
ok 'no temporary name is left here' tidy

over <<'END'
[sequence a]
hosts = @all
get = name -> got/name
END
ok 'a target here that all hosts would write is an error' status 2

rm -r h2/etc; echo file >h2/etc; mkfifo pipe
over <<'END'
[sequence a]
hosts = @all
put = 1.txt -> etc/app/
on error = next
say = ${host} ${result}: ${message}
get = etc/none -> ${host}.none
on error = next
say = ${host} ${message}
put = pipe -> p
on error = next
say = ${host} ${message}
END
ok 'what goes wrong is told with its path' same_sorted out <<'END'
h1 cannot copy: pipe: neither a file nor a directory
h1 cannot read: etc/none: No such file or directory
h1 ok: 
h2 cannot copy: pipe: neither a file nor a directory
h2 cannot read: etc/none: Not a directory
h2 error: cannot make: etc/app: Not a directory
h3 cannot copy: pipe: neither a file nor a directory
h3 cannot read: etc/none: No such file or directory
h3 ok: 
END

over -v 'where=h1 gone' <<'END'
[vars]
where = h1
[sequence a]
hosts = ${where}
via = dir
put = 1.txt -> x
on unreachable = next
say = ${host} ${result}
END
ok 'a host that is not there is one that cannot be reached' same_sorted out <<'END'
gone unreachable
h1 ok
END

# a tar that stops after a while, and waits for ever
stub tar <<END
case \$1 in
c*) $(command -v tar) "\$@" | head -c 300000;;
*) head -c 300000 >0;;
esac
exec sleep 1000
END
over <<'END'
[sequence a]
hosts = @all
put = big.bin -> e
timeout = 500ms
on timeout = next
say = put ${result}
END
ok 'a copy ends at its timeout' test "$(grep -c 'put timeout' out)" = 3
ok 'with no other word' test ! -s err -o "$(wc -l <err)" = 1
ok 'and leaves nothing there' tidy
ok 'no name, either' test ! -e h1/e
over <<'END'
[sequence a]
hosts = h1
via = dir
get = exact -> back-${host}
timeout = 500ms
END
ok 'the same from there' status 1
ok 'and leaves nothing here' tidy
ok 'no name' test ! -e back-h1

cat >a.job <<'END'
[via dir]
exec = env -C ${host} ${command}
[sequence b]
hosts = h2
via = dir
put = big.bin -> e
END
begun() { test -n "$(find h2 -path '*.pseq-*/0' -size +0)"; }
start run --no-tag a.job
ok 'a copy comes into a directory beside its target' retry begun
kill -INT "$pid"
ended
ok 'INT ends it' status 130
ok 'and nothing is left' tidy
ok 'of any kind' test ! -e h2/e
rm bin/tar

# each is a process here, and counts as one
stub tar <<END
mkdir $PWD/one || echo >$PWD/several
sleep 0.05
$(command -v tar) "\$@"
rmdir $PWD/one
END
over <<'END'
[job]
children = 1
[sequence a]
hosts = @all
put = big.bin -> f
END
ok 'children bounds copies as well' test ! -e several
ok 'and all are done' cmp big.bin h3/f
rm bin/tar

# a local file that cannot be read to its end
truncate -s 900000000 shrinks
start run --no-tag a.job
ended
sed -i 's/big.bin/shrinks/' a.job
start run --no-tag a.job
retry begun
: >shrinks
ended
ok 'what is not whole here does not arrive' status 1
ok 'its path is named' has err \
    'cannot copy: shrinks: it changed while it was copied'
ok 'what was there stays' cmp big.bin h2/e
ok 'and nothing else' tidy
done_testing
