#!/bin/sh
# sets of host names: pseq hosts
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

pseq hosts 'r[1-2]n[01-02] !r2n02' db
ok 'a set is expanded' status 0
ok 'one name a line, in its order' same out <<'END'
r1n01
r1n02
r2n01
db
END
pseq hosts -e 'n[0-10/5]'
cp out short
pseq hosts --expand 'n[0-10/5]'
ok '--expand is what is done anyway' cmp out short
pseq hosts 'n[1-4]' '&' 'n[3-9]'
ok 'all words are one text' same out <<'END'
n3
n4
END
pseq hosts -f web3 web1,web2 r1n1 r1n2 r2n1 r2n2 web08 db
ok '--fold: few words' same out <<'END'
db,r[1-2]n[1-2],web[1-3,08]
END
pseq hosts --fold 10.0.0.1 10.0.0.2 fe80::1 fe80::2
ok 'addresses are names' same out <<'END'
10.0.0.[1-2],fe80::[1-2]
END
pseq hosts -c 'n[1-3],n2,n[3-5]'
ok '--count counts each once' same out <<'END'
5
END
pseq hosts -S , 'n[08-10]'
ok '--separator' same out <<'END'
n08,n09,n10
END
pseq hosts --separator=' -w ' n1 n2
ok 'of any length' same out <<'END'
n1 -w n2
END
printf 'n1 n2\n\tn3,n4\r\n!n2\n' >in
pseq_from in hosts -f
ok 'sets of standard input' same out <<'END'
n[1,3-4]
END
pseq_from in hosts -f n9 - n7
ok '- is standard input, too' same out <<'END'
n[1,3-4,7,9]
END
seq -f 'n%05.0f' 0 99999 | shuf >in
pseq_from in hosts -f
ok 'a hundred thousand names' same out <<'END'
n[00000-99999]
END
pseq hosts 'n[00000-99999]'
sort in >want
ok 'there and back' cmp out want

for how in -e -f; do
	pseq hosts $how 'n1 ! n1'
	ok "$how of an empty set prints nothing" test ! -s out
	ok 'and is no mistake' status 0
done
pseq hosts -c 'n1 ! n1'
ok 'there are 0 names in it' same out <<'END'
0
END
pseq hosts ''
ok 'no text is an empty set' status 0

# mistakes
mistake() {
	pseq hosts "$1"
	ok "'$1' is a mistake" status 2
	ok 'told on standard error only' test ! -s out
	ok 'with what is wrong' line err "pseq hosts: $2"
}
mistake 'a,n[1-' "'n[1-': there is no ']' behind '['"
mistake 'a!' "there is nothing behind '!'"
mistake 'joe@web' \
    "'joe@web': a user is set with 'user =' or --user, not in the name of a host"
mistake 'a b;reboot' "'b;reboot': ';' cannot stand in the name of a host"
mistake 'n[1-9999999999]' \
    "'n[1-9999999999]': that stands for more than 10000000 names"
mistake '@web' "'@web': no groups are known here"
pseq hosts -- -oProxyCommand=true
ok 'no name begins with a dash' has err "cannot begin with '-'"
ok 'which is a mistake' status 2
printf 'n1\n n2 n3]\n' >in
pseq_from in hosts
ok 'on standard input they have a place' line err \
    "pseq hosts: standard input:2:5: 'n3]': there is no '[' before ']'"
pseq hosts -e -f n1
ok '--expand and --fold exclude one another' status 2
pseq hosts -c -S , n1
ok '--count has no separator' status 2
if command -v script >/dev/null; then
	script -qec "$PSEQ hosts" /dev/null </dev/null >out 2>&1
	ok 'without a set a terminal is not waited for' has out \
	    'there is no host set'
else
	skip 'without a set a terminal is not waited for' 'no script(1)'
fi

# groups of an inventory
cat >inventory.ini <<'END'
gate.example.net
[web]
web[01:03] ansible_user=deploy
[db]
db1 ansible_host=10.0.0.9
[site:children]
web
db
END
pseq hosts --groups inventory.ini -f '@site !@db'
ok 'groups of an inventory' same out <<'END'
web[01-03]
END
pseq hosts --groups inventory.ini -c @all
ok 'with the one of all hosts' same out <<'END'
5
END
pseq hosts --groups inventory.ini @ungrouped
ok 'and the one of those in no other' same out <<'END'
gate.example.net
END
pseq hosts --groups inventory.ini @sites
ok 'an unknown group is a mistake' status 2
ok 'with the nearest name' line err \
    "pseq hosts: '@sites': no such group of hosts; did you mean 'site'?"
printf '[web]\na\n[x:children]\nwbe\n' >bad.ini
pseq hosts --groups bad.ini @web
ok 'a mistake in the inventory' status 2
ok 'is told with its line' line err \
    "pseq: error: bad.ini:4: there is no group 'wbe'; did you mean 'web'?"
pseq hosts --groups nowhere.ini @web
ok 'an inventory that is not there' has err "cannot read 'nowhere.ini'"
ok 'is one as well' status 2
done_testing
