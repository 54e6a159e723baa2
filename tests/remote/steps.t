#!/bin/sh
# steps on other hosts: where they run, with what, over how many connections
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

beds 5 h002=sessions:1 h005=slow:2
cat >a.job <<'JOB'
[vars]
colour = deep blue
[hosts all]
hosts = h[001-003]
var zone = north
[host h003]
var zone = south
[sequence a]
hosts = @all
run = echo "$BED_HOST is $host: $zone, $colour, $PSEQ_HOST, ${LOCAL_ONLY-unset}"
run = pwd
dir = "sub dir"
run = read -r a; echo "$a"; read -r b; echo "$b"
stdin =
    first
    second
run = echo "to err" >&2; exit 4
ok = 4
run = echo "captured"
capture c = stdout
local = echo "$host here: $c, ${BED_HOST-none}"
run = printf 'no newline'
run = IFS=; echo "kept: $(printf 'a  b')"
shell = /bin/bash -c
when = ${host} == "h001"
JOB
mkdir -p "$hosts/home/h001/sub dir" "$hosts/home/h002/sub dir" \
	"$hosts/home/h003/sub dir"
LOCAL_ONLY=yes
export LOCAL_ONLY
pseq run a.job
ok 'steps run on other hosts' status 0
ok 'with the variables of the job and of the host' line out \
	'h001 | h001 is h001: north, deep blue, h001, unset'
ok "a host's own variables come first" line out \
	'h003 | h003 is h003: south, deep blue, h003, unset'
ok 'dir is a directory there' line out "h002 | $hosts/home/h002/sub dir"
ok 'standard input arrives' line out 'h003 | second'
ok 'captures come back' line out 'h002 | h002 here: captured, none'
ok 'a line may have no newline' line out 'h001 | no newline'
ok 'another shell may be asked for' line out 'h001 | kept: a  b'
ok 'one connection for each host' test "$(accepted)" -eq 3
ok 'nothing is left' in_time 10 nothing_left

# one session at a time, and many
cat >b.job <<'JOB'
[sequence a]
each h = h001 h002
call = many
hosts = ${h}
[routine many]
call = one
each i range = 1..30
parallel = 30
[routine one]
run = echo "$i"; sleep 0.05
timeout = 30s
JOB
: >"$hosts/log"
pseq run --no-tag b.job
ok 'MaxSessions 1, and the usual 10, with 30 steps at once' status 0
ok 'all of them ran' count out 60 '^[0-9]*$'
ok 'over one connection each' test "$(accepted)" -eq 2

# without a guard, and where the server sends no signals (to root) or does
cat >b.job <<'JOB'
[sequence a]
hosts = h001 h002
always = z
run = sleep 3
timeout = 200ms
grace = 200ms
[routine z]
local = true
JOB
pseq run --no-tag b.job
ok 'an end that was seen' has err 'a[h001]: sleep 3: timeout (end confirmed)'
cp err err.step
sed '/^timeout/d; s/^always/lane-timeout = 1s\n&/' b.job >c.job
pseq run --no-tag c.job
ok 'also when its lane took too long' has err \
	'a[h001]: sleep 3: timeout (end confirmed): the lane took too long'
cat err.step >>err
if test "$(id -u)" -eq 0; then
	ok 'one that nobody knows of, both times' count err 2 \
		'^pseq: a.h002.: sleep 3: timeout (end unknown)'
else
	skip 'one that nobody knows of, both times' 'the server sends signals'
fi

# a log in that takes its time
cat >b.job <<'JOB'
[sequence a]
hosts = h005 h004
run = echo "in at last"
timeout = 20s
JOB
timed pseq run b.job
ok 'a slow log in is waited for' line out 'h005 | in at last'
ok '... it was one' not within 1900

# how a host is reached
port=$(sed -n 's/^[[:space:]]*Port //p' "$hosts/ssh_config")
cp "$hosts/userkey" key
cat >c.job <<JOB
[hosts plain]
hosts = somewhere
user = bed
port = $port
identity = $dir/key
option = HostKeyAlias=bed
option = UserKnownHostsFile=$hosts/known_hosts
[host somewhere]
address = $(awk '/^h004/ { print $2 }' "$hosts/machines")
[sequence a]
hosts = @plain
run = echo "on \$BED_HOST, \$host, \$address"
JOB
awk '/^h004/ { print $2 }' "$hosts/machines" >address
mv "$hosts/ssh_config" kept
printf 'Host *\n\tIdentityAgent none\n\tIdentitiesOnly yes\n' \
	>"$hosts/ssh_config"
pseq run --no-tag c.job
ok 'user, port, identity, option and address say how' line out \
	"on h004, somewhere, $(cat address)"
mv kept "$hosts/ssh_config"

# one step elsewhere, or here
cat >d.job <<'JOB'
[sequence a]
hosts = h001
run = echo "$BED_HOST ${host}"
host = h003
run = echo "${BED_HOST-here} $host"
via = local
[sequence b]
run = echo "from here: $BED_HOST"
host = h003
JOB
pseq run --no-tag d.job
ok 'a step may run on another host' line out 'h003 h001'
ok 'or here' line out 'here h001'
ok 'also of a lane that has none' line out 'from here: h003'

# a run of many lanes, hosts named while it runs
cat >e.job <<'JOB'
[sequence a]
local = echo h001 h003
capture made = stdout
call = greet
hosts = ${made}
[routine greet]
run = echo "hello $BED_HOST"
[sequence lines]
hosts = h001
run = echo one; echo two >&2; echo ready; sleep 30
on line = ready -> release
run = echo after
JOB
timed pseq run --no-tag e.job
ok 'hosts may be named while it runs' line out 'hello h003'
ok 'lines are looked at while it runs' line out after
ok '... and did not wait for its end' within 15000
ok 'the released one is ended with the lane' in_time 10 nothing_left

# through another host
beds 3 --jump h001
pseq run --no-tag d.job
ok 'ProxyJump of the configuration counts' line out 'h003 h001'
ok 'nothing is left of the jump, either' in_time 10 nothing_left

# a step takes two round trips, and no more
beds 4 --delay 50
cat >f.job <<'JOB'
[sequence a]
hosts = h[001-004]
run = true
local = date +%s%N >"began.$host"
run = true
run = true
run = true
run = true
run = true
run = true
run = true
run = true
run = true
run = true
local = date +%s%N >"ended.$host"
JOB
pseq run f.job
ok 'links may be slow' status 0
# milliseconds of ten steps: 2000 are needed
ten_steps() { echo $((($(cat "ended.$1") - $(cat "began.$1")) / 1000000)); }
if is_sanitized; then
	skip 'a step takes two round trips' 'sanitizers are slow'
else
	ok 'a step takes two round trips' test "$(ten_steps h002)" -lt 2600
fi
ok '... and no fewer, so that is what is measured' \
	test "$(ten_steps h002)" -ge 1900
no_beds
done_testing
