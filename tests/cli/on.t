#!/bin/sh
# one command on many hosts, and copies to them, without a job file
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >site.job <<'END'
[vars]
zone = north

[secrets]
token env = NOBODY_SETS_THIS

[hosts web]
hosts = web[1-3]
via   = near
var zone = ${zone}

[hosts odd]
hosts = @web !web2

[via near]
exec = env WHERE=${host} ${command}

[sequence other]
run = touch ran
END
cat >inventory.ini <<'END'
[db]
db[1:2] ansible_connection=local size=7
[all:vars]
ansible_connection=local
END

pseq on --via local 'n[1-3]' 'echo "$host"'
ok 'a command runs on each host' status 0
ok 'and knows it' test "$(sort out | tr -d '\n')" = \
	'n1 | n1n2 | n2n3 | n3'
pseq on --via local n1 printf '%s.' 'a  b' '$host' '*' ''
ok 'several words are not read again' has out 'a  b.$host.*..'
pseq on -f site.job web1 printf '%s.' 'a  b' '$host' '*' '' "it's"
ok 'elsewhere neither' has out "a  b.\$host.*..it's."
pseq on --via local n1 'cat; echo "$PSEQ_INDEX"'
ok 'its input is empty' has out '1'
pseq on --via local 'n[1-3]' 'test $host != n2'
ok 'one that fails is told' status 1
ok 'with its name' has err 'n2'
pseq on --via local --timeout 200ms n1 'sleep 9'
ok 'it may take no longer than it is given' has err 'timeout'
pseq on --via local --retry 1 n1 'test -e again || { >again; exit 1; }'
ok 'it may be tried again' status 0

pseq on -f site.job @odd 'echo "$WHERE $zone"'
ok 'groups of a job file, and how they are reached' test \
	"$(sort out | tr -d '\n')" = 'web1 | web1 northweb3 | web3 north'
ok 'nothing else of that job counts' test ! -e ran
pseq on -f site.job -v zone=south @odd 'echo "$zone"'
ok 'its variables can be set' has out south
pseq on -f inventory.ini @db 'echo "$size"'
ok 'groups of an inventory' test "$(sort out | tr -d '\n')" = \
	'db1 | 7db2 | 7'
pseq on -f inventory.ini --via local x1 'echo y'
ok 'a host that no group knows' has out 'x1 | y'

pseq on -f site.job @wbe true
ok 'an unknown group' status 2
ok 'and the nearest' has err "'@wbe'; did you mean '@web'?"
pseq on @web true
ok 'without a file there is none' has err '--groups FILE'
pseq on 'n[1-' true
ok 'a set that cannot be read' status 2
pseq on n1 ''
ok 'an empty command' has err 'the command is empty'
pseq on n1
ok 'none' has err 'there is no command'
pseq on -f nowhere n1 true
ok 'a file that is not there' has err "cannot read 'nowhere'"
pseq on --via loacl n1 true
ok 'an unknown way' status 2
ok '... and the nearest' has err "'loacl' is no way to hosts; did you mean 'local'?"
pseq on -f site.job --via neer n1 true
ok 'ways of the file count' has err "did you mean 'near'?"
pseq on --via local -v x=1 n1 true
ok 'variables without a file' has err '-v sets variables of a job file'
pseq on --via local n1 -- echo -- y
ok '-- may stand before the command' has out 'n1 | -- y'
pseq on n1 --via local true
ok 'an option behind the hosts' status 2
ok '... is told' has err "'--via': options stand before the hosts"
pseq on --via local '' true
ok 'no host: nothing is done' status 4

echo x >file
mkdir tree
echo y >tree/a
pseq copy --via local n1 file copied
ok 'a copy' cmp file copied
pseq copy --via local n1 file tree '->' there/
ok 'many, to a directory; the arrow may stand' test -e there/file -a \
	-e there/tree/a
pseq copy --from-hosts --via local 'n[1-2]' file got
ok 'from hosts: a directory for each' test -e got/n1/file -a -e got/n2/file
pseq copy --from-hosts --via local 'n[1-2]' file 'f.{}'
ok 'or a name' test -e f.n1 -a -e f.n2
pseq copy --via local n1 file tree one
ok 'many files want a directory' has err "many files need a directory"
pseq copy --via local n1 file -
ok 'a lost arrow is told' has err "the shell took the '>'"
pseq copy --via local n1 nothing copied2
ok 'one that is not there' status 1

done_testing
