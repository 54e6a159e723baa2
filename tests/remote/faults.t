#!/bin/sh
# hosts that cannot be worked on: every fault has its own result, in time, and
# the others are not disturbed
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

beds 12 h002=hostkey h003=unknown h004=refused h005=closed h006=full \
	h007=silent h008=nologin
# a name that cannot be: none is asked for it
nobody=$(printf 'nobody%060d' 0)
sed "s/NOBODY/$nobody/" >a.job <<'JOB'
[hosts all]
hosts = h[001-008,011-012]
connect-timeout = 2s
connect-retry = 0
[host h011]
address = NOBODY
[host h012]
user = intruder
[sequence a]
hosts = @all
parallel = 20
rescue = r
always = z
step = greet
run = echo "hello from $BED_HOST"
run = echo "still on $BED_HOST"
[routine r]
local = echo "$host $result $step" >>rescued; echo "$message" >"why.$host"
[routine z]
local = echo "$host $result" >>results
run = touch "$HOME/always"
JOB
timed pseq run a.job
ok 'hosts that cannot be reached fail the run' status 1
ok 'within their time' within 9000
ok 'the others are worked on' line out 'h001 | still on h001'
sort results >got
ok 'every fault has its result' same got <<'END'
h001 ok
h002 hostkey
h003 hostkey
h004 auth
h005 unreachable
h006 unreachable
h007 unreachable
h008 start
h011 unreachable
h012 auth
END
sort rescued >got
ok 'rescue runs for them, and knows it too' same got <<'END'
h002 hostkey greet
h003 hostkey greet
h004 auth greet
h005 unreachable greet
h006 unreachable greet
h007 unreachable greet
h008 start greet
h011 unreachable greet
h012 auth greet
END
ok 'always runs there where it can' test -e "$hosts/home/h001/always"
ok 'a changed host key is told' grep -qi 'host key' why.h002
ok '... first of all, where the known one stands' \
	grep -q '^Offending .* key in .*known_hosts:1;' why.h002
ok 'a refused key is told' grep -qi 'permission denied' why.h004
ok 'a refused connection is told' grep -qi 'refused' why.h005
ok 'silence is told' grep -qi 'time' why.h007
ok 'what a login says is told' grep -qi 'not available' why.h008
ok 'a name that is not known is told' grep -qi 'resolve' \
	why.h011
ok 'the summary names the kinds' has err unreachable
ok '... all of them' sh -c 'grep -q hostkey err && grep -q auth err'
ok 'nothing is left' in_time 10 nothing_left

# reactions
rm -f results
cat >b.job <<'JOB'
[hosts all]
hosts = h002 h004 h005 h001
connect-timeout = 2s
connect-retry = 0
[sequence a]
hosts = @all
always = z
run = true
on unreachable = call note how=down then fail
on auth = goto other
on connection = finish
fail = not here
when = ${host} != "h001"

step = other
set how = other
[routine note]
params = how
local = echo "$host $how" >>notes
[routine z]
local = echo "$host ${how-} $result" >>results
JOB
pseq run b.job
sort results >got
ok 'reactions match them' same got <<'END'
h001 other ok
h002  ok
h004 other ok
h005  unreachable
END
ok 'and can call routines' line notes 'h005 down'

# a key that is not known yet, and one that has changed
sed 's/^host-keys.*//; s/hosts = h\[.*/hosts = h002 h003/; /^hosts/a host-keys = accept-new' \
	a.job | sed '/^hosts = @all/{n;s/^host-keys.*//}' >c.job
rm -f results
pseq run c.job
sort results >got
ok 'accept-new takes what is new, never what has changed' same got <<'END'
h002 hostkey
h003 ok
END

# more tries: the port opens while they last
cat >d.job <<'JOB'
[hosts all]
hosts = h005
connect-timeout = 2s
connect-retry = 2
[sequence a]
hosts = @all
run = true
timeout = 20s
JOB
timed pseq run d.job
ok 'connecting is tried again, and then given up' status 1
ok 'with pauses, but not for ever' within 20000

# few are let in at a time
beds 40 '*=startups:2'
cat >e.job <<'JOB'
[hosts all]
hosts = h[001-040]
parallel = 40
[sequence a]
hosts = @all
parallel = 40
run = echo "on $BED_HOST"
run = true
JOB
timed pseq run e.job
ok 'MaxStartups 2, 40 hosts: all of them are ok' status 0
ok 'and ran' count out 40 'on gate$'
ok 'one connection each' test "$(accepted)" -eq 40
ok 'it does not take for ever' within 40000

# nor do many behind a host that lets in few
beds 40 --jump h001 h001=startups:3
sed 's/h\[001-040]/h[002-040]/' e.job >g.job
timed pseq run g.job
ok '39 hosts behind one with MaxStartups 3: all ok' status 0
ok 'and ran' count out 39 'on h0[0-9]*$'
sed '/^Host !h001/,/ProxyJump/d' "$hosts/ssh_config" >config
cp config "$hosts/ssh_config"
sed 's/^hosts = h.*/&\noption = ProxyJump=h001/' g.job >h.job
pseq run h.job
ok 'also where the job says so' status 0
ok 'nothing is left of them' in_time 10 nothing_left

# one that says nothing does not hold up the others
beds 24 'h00[1-9]=silent'
cat >f.job <<'JOB'
[hosts all]
hosts = h[001-024]
connect-timeout = 3s
connect-retry = 0
[sequence a]
hosts = @all
parallel = 24
run = true
local = date +%s%N >"done.$host"
JOB
all_done() { set -- done.*; test $# -eq 15; }
timed pseq run f.job
ok 'silent hosts fail' has err unreachable
ok 'and take their time only once or twice' within 9500
ok 'all others are done' all_done
no_beds
done_testing
