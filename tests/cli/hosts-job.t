#!/bin/sh
# lanes on hosts, as far as no other host is needed: via = local, and a way
# that is made of env
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# a way that tells by its environment where it was meant to go
way() {
	cat <<'END'
[via box]
exec = env AT=${host},${address} ${command}
END
}

# --- groups, hosts, variables ---------------------------------------------------

cat >sets.job <<'END'
[vars]
n = 3
[hosts web]
hosts = web[01-0${n}] !web02 @db
via = local
user = deploy
var zone = north
var url = http://${host}:80
[hosts db]
hosts = db1
user = postgres
var zone = east
[host web03]
address = 10.0.0.3
var zone = south

[sequence s]
hosts = @web plain
via = local
run = echo "$host $address [$user] ${zone-none} ${url-}"
END
pseq run --no-tag sets.job
ok 'a lane for each host of the set' status 0
ok 'it has the variables of its groups and of its own' same_sorted out <<'END'
db1 db1 [postgres] east http://db1:80
plain plain [] none 
web01 web01 [deploy] north http://web01:80
web03 10.0.0.3 [deploy] south http://web03:80
END
pseq run --no-tag -v zone=mine sets.job
ok '-v is stronger than what groups and hosts say' count out 4 ' mine'
pseq run sets.job
ok 'lines are marked with the name of the host' has out 'plain | plain plain'
pseq plan sets.job
ok 'lanes are named by their hosts' has out 's[web01] s[web03] s[db1] s[plain]'
ok 'plan says how hosts are reached' has out 'on web01: local, user deploy'
ok '... and their addresses' has out 'on web03: local, address 10.0.0.3, user deploy'

{ way; cat <<'END'; } >order.job
[vars]
zone = vars
[hosts one]
hosts = a b
var zone = one
via = local
[hosts two]
hosts = b
var zone = two
via = box
[host h]
via = box
[sequence s]
hosts = a b h
via = local
var other = ${zone}
run = echo "$host ${AT-here} $zone $other"
set zone = set
say = ${host} ${zone}
END
pseq run --no-tag order.job
ok 'a later group wins, what is said of one host wins over the header' \
    same_sorted out <<'END'
a here one one
b b,b two two
h h,h vars vars
a set
b set
h set
END

# --- combinations, names --------------------------------------------------------

{ way; cat <<'END'; } >combine.job
[sequence first]
each x = 1 2
hosts = a b
via = box
run = echo "$lane $AT"
[sequence second]
hosts = a
each x y = "1 2" 3
via = local
run = echo "$lane $x-$y ${AT-}"
[sequence third]
each h hosts = a[1-2] !a2 c
run = echo "$lane $h ${host-none}"
END
pseq run --no-tag combine.job
ok 'hosts and lists combine in the order written' same_sorted out <<'END'
first[1,a] a,a
first[1,b] b,b
first[2,a] a,a
first[2,b] b,b
second[a,1,2] 1-2 
second[a,3,] 3- 
third[a1] a1 none
third[c] c none
END
job <<'END'
[sequence s]
hosts = a[1-40]
via = local
barrier = all
count = 32
run = true
on any = fail
timeout = 5s
[sequence few]
hosts = a[1-3] !a[1-3]
via = local
run = echo never
END
ok '32 lanes on hosts go on at once' has err '40 failed'
ok 'no host, no lane' hasnt out never
job <<'END'
[sequence s]
hosts = x !x
run = true
END
ok 'a job without any host is refused' status 4

# --- steps ------------------------------------------------------------------------

printf '#!/bin/sh -u\necho "script $0 [$1] $host ${AT-here} $0 $(cat)"\n' >s.sh
{ way; cat <<'END'; } >steps.job
[hosts web]
hosts = web1
via = box
var zone = north
[sequence s]
hosts = @web
step = there
run = echo "1 $AT $host $zone"
step = other
run = echo "2 $AT $host $zone"
host = db1
via = box
step = nearer
run = echo "3 ${AT-here} $host"
via = local
local = echo "4 ${AT-here} $host"
step = direct
run = printenv AT host
step = script
script = ./s.sh "x ${host}"
via = local
stdin = input
dir = /
say = 5 ${host} ${address} ${user}.
[sequence nohost]
run = echo "6 ${AT-here} ${host-none}"
step = far
run = echo "7 $AT ${host-none}"
host = db2
via = box
script = ./s.sh "y z"
stdin = input
env host = none
END
pseq run --no-tag steps.job
ok 'steps run where they say' status 0
ok 'each of them' same_sorted out <<END
1 web1,web1 web1 north
2 db1,db1 web1 north
3 here web1
4 here web1
web1,web1
web1
script $PWD/./s.sh [x web1] web1 here $PWD/./s.sh input
5 web1 web1 .
6 here none
7 db2,db2 none
script ./s.sh [y z] none here ./s.sh input
END
stub ssh <<'END'
exit 255
END
{ way; cat <<'END'; } >via.job
[via other]
exec = env AT=other,${host} ${command}
[sequence s]
hosts = a
via = other
call = r
run = echo "1 $AT"
via = none
on any = next
call = q
[routine r]
via = box
run = echo "2 $AT"
call = q
[routine q]
run = echo "3 $AT"
END
pseq run --no-tag via.job
ok 'routines go on as their caller does, or as they say' has out "2 a,a
3 a,a
3 other,a"
ok 'without the header it is ssh again' hasnt out '1 '

cat >as.job <<'END'
[sequence s]
hosts = a
via = local
as = nobody-there
local = echo fine
run = echo never
END
pseq run --no-tag as.job
ok 'as is for what runs there' has out fine
ok '... not for local' hasnt out never

# --- how it is reached -------------------------------------------------------------

cat >reach.job <<'END'
[vars]
net = 10.0.0
[hosts web]
hosts = web[1-4]
user = deploy
port = 2200
identity = ~/.ssh/key
option = ProxyJump=bastion
option = ServerAliveInterval 5
connect-timeout = 3s
[hosts late]
hosts = web2
option = proxyjump = other
host-keys = strict
connect-retry = 2
[host web3]
address = ${net}.3
port = 22
option = ProxyJump=none
[sequence s]
hosts = @web made
user = root
option = IPQoS=none
host-keys = accept-new
run = true
END
pseq plan reach.job
ok 'what reaches a host: header, groups in order, its own section' has out \
"   on web[1,4]: ssh, user deploy, port 2200, identity $HOME/.ssh/key, IPQoS=none, ProxyJump=bastion, ServerAliveInterval=5, host-keys accept-new, connect-timeout 3s
   on web2: ssh, user deploy, port 2200, identity $HOME/.ssh/key, IPQoS=none, ServerAliveInterval=5, proxyjump=other, host-keys strict, connect-timeout 3s, connect-retry 2
   on web3: ssh, address 10.0.0.3, user deploy, port 22, identity $HOME/.ssh/key, IPQoS=none, ServerAliveInterval=5, ProxyJump=none, host-keys accept-new, connect-timeout 3s
   on made: ssh, user root, IPQoS=none, host-keys accept-new
"
cat >each.job <<'END'
[via box]
exec = env AT=${user}@${host}:${port}/${tag} ${command}
[sequence s]
each tag port_of = "x 1" "y 2"
hosts = a
user = u${tag}
port = ${port_of}
via = b${o}
var o = ox
run = echo "$AT $user"
[sequence bare]
hosts = a
via = box
set tag = t
run = true
END
sed -i '/^set tag/d' each.job
pseq run --no-tag each.job
ok 'settings may be made of the variables of the lane' same_sorted out <<'END'
ux@a:1/x ux
uy@a:2/y uy
END
ok 'what a way needs must be there' has err "no user is set for 'a'"

bad() {
	what=$1
	cat >bad.job
	pseq run bad.job
	ok "$what: the lane fails" status 1
	ok "$what: it is said why" has err "$2"
}
bad 'a port that is none' "bad.job:5:8: 'x9' is no port" <<'END'
[vars]
p = x9
[sequence s]
hosts = a
port = ${p}
run = true
END
bad 'a way that is none' "'shh' is no way to hosts" <<'END'
[vars]
p = shh
[via s]
exec = env ${command}
[sequence s]
hosts = a
via = ${p}
run = true
END
bad 'a name that could be an option' "cannot begin with '-'" <<'END'
[vars]
p = -oProxyCommand=x
[sequence s]
run = true
call = r
hosts = ${p}
[routine r]
run = true
END
bad 'an address that could be an option' "'-oX' is no address" <<'END'
[vars]
p = -oX
[host a]
address = ${p}
[sequence s]
hosts = a
run = true
END
bad 'a terminal elsewhere' "'tty' is only for commands that run here" <<'END'
[sequence s]
hosts = a
run = true
tty = yes
END
bad 'a script that is not there' "cannot read 'none.sh': No such file" <<'END'
[sequence s]
hosts = a
script = none.sh
END
bad 'a group that is none' "no such group of hosts; did you mean 'web'?" <<'END'
[vars]
g = wbe
[hosts web]
hosts = a
[sequence s]
hosts = @${g}
run = true
END
bad 'a circle that is seen late' 'it is a part of itself' <<'END'
[vars]
g = web
[hosts web]
hosts = @${g}
[sequence s]
hosts = @web
run = true
END
bad 'a variable that is not set' "variable 'later' is not set" <<'END'
[sequence s]
hosts = a
user = ${later}
run = true
set later = x
END

bad 'as, for a copy that is made here' "'as' is for copies to and from other" <<'END'
[sequence s]
put = bad.job -> copy
as = root
END
cat >told.job <<'END'
[vars]
p = x9
[sequence s]
hosts = a[1-3]
port = ${p}
run = true
END
pseq plan told.job
ok 'plan says what would be wrong' has out \
    "on a[1-3]: error: told.job:5:8: 'x9' is no port"

# --- sources ------------------------------------------------------------------------

printf '# machines\nn[1-2]\r\n\n  n9, n8\n' >machines
cat >inventory.ini <<'END'
[web]
w[1:2] ansible_port=2201 color=red
[web:vars]
ansible_user=ann
[lb]
l1 ansible_host=10.1.1.1 ansible_connection=local color=blue
[site:children]
web
lb
END
cat >sources.job <<'END'
[hosts lines]
hosts lines = ${file}
via = local
[hosts site]
hosts ansible = inventory.ini site
user = deploy
var color = none
[hosts all]
hosts ansible = inventory.ini
[vars]
file = machines
[sequence s]
hosts = @lines @site !w2
via = local
run = echo "$host $address $user ${color-}"
say = ${color}
when = defined color
END
pseq run --no-tag sources.job
ok 'hosts from a file and from an inventory' same_sorted out <<'END'
n1 n1  
n2 n2  
n9 n9  
n8 n8  
w1 w1 ann red
l1 10.1.1.1 deploy blue
red
blue
END
pseq plan sources.job
ok 'what an inventory says' has out 'on w1: local, user ann, port 2201'
printf '[site]\nx ansible_ssh_common_args="-o X=y"\n' >inventory.ini
pseq run sources.job
ok 'arguments of ssh in an inventory are refused' has err 'write option = NAME=VALUE'
printf '[web]\nx\n' >inventory.ini
pseq run sources.job
ok 'a group that an inventory does not have' has err "has no group 'site'"
rm inventory.ini
pseq run sources.job
ok 'an inventory that is not there' has err "cannot read 'inventory.ini': No such file"
printf '# all\n\nn1 # the first\n\t# more\nn2 n3\r\n' >machines
pseq hosts --groups sources.job @lines
ok 'comments in a file of hosts' test "$(tr '\n' ' ' <out)" = 'n1 n2 n3 '
printf 'a\nb[1-\n' >machines
sed -i 's/ @site.*//' sources.job
pseq run sources.job
ok 'a line that is wrong' has err "cannot read 'machines': line 2: "

cat >later.job <<'END'
[hosts made]
hosts ansible = made.ini
[sequence first]
local = printf 'm1 color=red user=x\n' >made.ini
[sequence second]
after = first
hosts = @made
via = local
say = ${color} ${host}
run = echo "$color [$user]"
END
pseq run --no-tag later.job
ok 'an inventory may be made during the run' same_sorted out <<'END'
red m1
red []
END
pseq run --no-tag -v color=blue later.job
ok '... -v wins over it' has out 'blue m1'
sed -i 's/{color}/{colour}/' later.job
pseq check later.job
ok 'when it is there its names are known' has err "did you mean 'color'?"

cat >made.job <<'END'
[hosts made]
hosts lines = made
via = local
var how = made
[sequence first]
hosts = here
via = local
run = printf 'm%s\n' 1 2 >made
[sequence second]
after = first
hosts = @made
run = echo "$host $how"
END
echo stale >made
pseq run --no-tag made.job
ok 'a file that changes during the run is read again' same_sorted out <<'END'
m1 made
m2 made
END
rm made
pseq run --no-tag made.job
ok 'a file may not be there before it is needed' count out 2 made

cat >output.job <<'END'
[hosts dyn]
hosts output = echo run >>log; sleep 0.2; echo "m[1-3]"; echo '# x'; echo m9
via = local
[hosts both]
hosts = @dyn x1
[sequence a]
hosts = @both
via = local
serial = 50%
run = echo "a $host $wave"
[sequence b]
hosts = @dyn
run = echo "b $host"
[sequence c]
each i range = 1..2
call = r x=${host}
hosts = @dyn
collect got = y
say = c ${i} ${got}
[routine r]
params = x
run = echo "$lane $x"
set y = ${host}
END
pseq run --no-tag output.job
ok 'hosts that a command prints' has out 'a m3 2'
ok '... for a sequence' count out 4 '^b m'
ok '... and for a call' has out 'c 2 m1
m2
m3
m9'
ok '... is run once' sh -c 'test "$(wc -l <log)" = 1'
rm log
pseq run --hosts m1 --no-tag output.job
ok '--hosts takes some of them' same_sorted out <<'END'
a m1 1
b m1
c[1]/r[m1] m1
c[2]/r[m1] m1
c 1 m1
c 2 m1
END
rm log
pseq plan output.job
ok 'plan runs no such command' test ! -e log
ok 'but says that something comes there' has out 'a[?] a[x1]'
pseq plan --lists output.job
ok 'with --lists it does' has out 'a[m1] a[m2] a[m3] a[m9] a[x1]'
rm -f log
pseq simulate --list dyn='q[1-2] z' output.job
ok 'simulate runs none, and takes names instead' has out 'b[q[1-2]], b[z] (3 lanes): ok'
ok '... really none' test ! -e log
pseq simulate --list dny=a output.job
ok 'a group that is none' has err "did you mean 'dyn'?"
sed -i 's/^hosts output.*/hosts output = echo oops >\&2; exit 3/' output.job
pseq run --no-tag output.job
ok 'a command that fails: its sequences do not start' has err "the command of group 'dyn': exit 3"
ok '... calls fail' has err 'FAILED step'
ok '... and so does the run' status 1
sed -i "s/^hosts output.*/hosts output = echo 'a[3'/" output.job
pseq run --no-tag output.job
ok 'a command that prints no hosts' has err "prints is no list of hosts: line 1: "

cat >after.job <<'END'
[hosts dyn]
hosts output = cat made.list
via = local
[sequence first]
local = printf 'p%s\n' 1 2 3 4 >made.list
[sequence second]
after = first
hosts = @dyn
max-fail = 50%
run = echo "$host"; test "$host" = p1 || test "$host" = p2
[sequence third]
after = second
run = echo third
END
pseq run --no-tag after.job
ok 'a command runs after what its sequence comes after' has out p4
ok 'percentages are of the hosts it told' line out third

cat >slow.job <<'END'
[hosts dyn]
hosts output = test -e again && echo h1 || { touch again; sleep 20; }
via = local
[sequence s]
call = r
hosts = @dyn
timeout = 500ms
retry = 1 every 100ms
[routine r]
say = ${host}
END
pseq run --no-tag slow.job
ok 'the timeout of a call is that of such a command, too' line out h1
cat >stuck.job <<'END'
[hosts dyn]
hosts output = touch began; exec sleep 20
[sequence s]
hosts = @dyn
run = true
[sequence t]
always = r
call = r
hosts = @dyn
[routine r]
say = end
END
start run stuck.job
retry test -e began
kill -INT "$pid"
ended
ok 'INT ends it' status 130
ok '... and always runs' has out end

cat >new.job <<'END'
[via box]
exec = env AT=${host} ${command}
[sequence s]
set new = k[1-2] k9
spawn = r as one
hosts = ${new} !k9
via = local
join = one
call = q
each x = 1 2
hosts = k1
parallel = 1
call = p
hosts = x !x
say = after
[routine r]
via = box
user = root
run = echo "$host $AT $user"
call = q
each x = 3
[routine q]
via = local
run = echo "$lane $host $x"
[routine p]
run = echo never
END
sed -i '/^via = local$/{x;s/^/x/;/^x$/{x;d};x}' new.job
pseq run --no-tag new.job
ok 'calls and spawns over hosts made during the run' same_sorted out <<'END'
k1 k1 root
k2 k2 root
s/r[k1]/q[3] k1 3
s/r[k2]/q[3] k2 3
s/q[1,k1] k1 1
s/q[2,k1] k1 2
after
END

cat >lines.job <<'END'
[vars]
none =
[sequence s]
run = printf 'n1\nn2 n3\n\n'
capture made = stdout
stdout = none
call = r
hosts = ${made}
call = r
hosts = ${none}
[sequence t]
hosts = ${none}
run = echo never
[routine r]
via = local
run = echo "$lane"
END
pseq run --no-tag lines.job
ok 'a set may be the lines of a variable, or nothing' same_sorted out <<'END'
s/r[n1]
s/r[n2]
s/r[n3]
END
cat >down.job <<'END'
[sequence s]
hosts = web[1-2]
step = up
run = uptime
on unreachable = goto last
put = a -> b
step = last
script = x.sh
END
pseq simulate -o 's[web1]:up=unreachable' down.job
ok 'a host that cannot be reached is simulated' has out 'unreachable  -> goto last'

# --- limits ---------------------------------------------------------------------------

cat >caps.job <<'END'
[vars]
most = 2
[hosts slow]
hosts = s[1-6]
parallel = ${most}
via = local
[sequence one]
hosts = @slow quick
via = local
run = echo "+ $host"; sleep 0.1; echo "- $host"
[sequence two]
hosts = s[3-4]
run = echo "+ $host"; sleep 0.1; echo "- $host"
END
pseq run --no-tag caps.job
ok 'parallel of a group holds for all that runs on its hosts' sh -c '
	grep -v quick out | awk "{ n += \$1 == \"+\" ? 1 : -1
		if (n > most) most = n } END { exit !(most == 2) }"'

# --- --hosts -------------------------------------------------------------------------

pseq run --no-tag --hosts 'web0[1-3] !web03 plain' sets.job
ok '--hosts: an unknown one is told' has err "--hosts: nothing of the job runs on 'web02'; did you mean 'web0"
ok '... as a slip of the command line' status 2
pseq run --no-tag --hosts '@db' sets.job
ok '--hosts knows the groups of the job' same out <<'END'
db1 db1 [postgres] east http://db1:80
END
pseq run --hosts 'web[01' sets.job
ok '--hosts: a set that is none' status 2
pseq run --hosts '@dbb' sets.job
ok '--hosts: a group that is none' has err "did you mean 'db'?"
printf '[sequence a]\nrun = true\n' >none.job
pseq run --hosts a none.job
ok '--hosts: a job without hosts' has err 'nothing of the job runs on hosts'
pseq plan --hosts web01 sets.job
ok 'plan has it, too' has out '1 lane: s[web01]'
pseq simulate --hosts web01 sets.job
ok 'and simulate' has out 's[web01]: ok'

done_testing
