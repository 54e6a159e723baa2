#!/bin/sh
# wait: sockets, files, times of day
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
wait = gone flag
sleep = 300ms
run = echo up >flag
wait = gone flag
say = taken
[sequence b]
wait = file flag
say = ${step}: ${result}
run = rm flag
JOB
ok 'a file that comes and goes leads two sequences' same out <<'END'
wait file flag: ok
taken
END
ok 'and that is a good end' status 0

mkdir -p work
cat >work/dir.job <<'JOB'
[job]
dir = .
[sequence a]
wait = file dir.job
timeout = 5s
JOB
pseq run work/dir.job
ok 'a path starts where commands start' status 0

job --no-tag <<'JOB'
[vars]
where = 127.0.0.1
port = 1
[sequence a]
wait = tcp ${where}:${port}
timeout = 300ms
retry = 1 every 10ms
on timeout = next
say = ${result} ${code} ${attempt} ${message}

step = again
wait = file none
timeout = 50ms
on any = next

let r = again.result
say = ${r}

wait = file none
when = again.result == "ok"
say = skipped
JOB
ok 'timeout, retry, on and when are as with other steps' same out <<'END'
timeout  2 127.0.0.1:1: Connection refused
timeout
skipped
END
job <<'JOB'
[sequence a]
set tries = 0
wait = file .
retry = 3 every 10ms
until = attempt > 2
say = ${attempt}
JOB
ok 'until too' line out 'a : 3'
job <<'JOB'
[sequence a]
wait = unix none
timeout = 50ms
JOB
ok 'without on it fails the lane' status 1
ok 'which is told with its reason' \
    has err 'timeout: none: No such file or directory'

job <<'JOB'
[sequence a]
each x = web web:0 1.2.3:4 ::1:4
wait = tcp ${x}
timeout = 5s
JOB
ok 'what is wrong at run time is an error' status 1
ok 'with its place' has err "error: a.job:3:12: 'web' has no port: HOST:PORT"
ok 'a port' has err "a.job:3:12: '0' is no port: 1 to 65535"
ok 'an address' has err "a.job:3:12: '1.2.3' is no host"
ok 'an address without brackets' has err 'stands in brackets'
job <<'JOB'
[sequence a]
set t = noon
wait = until ${t}
JOB
ok 'a time' has err "a.job:3:14: 'noon' is no time of day: HH:MM or HH:MM:SS"

# processes and places
job <<'JOB'
[job]
children = 1
[sequence a]
each x range = 1..50
parallel = 50
wait = file go
[sequence b]
sleep = 100ms
run = touch go
JOB
ok 'who waits is no child' status 0
job --no-tag <<'JOB'
[sequence a]
each x = 1 2
parallel = 1
wait = file none
timeout = 200ms
on timeout = next
say = ${x}
run = touch none
when = index == 2
JOB
ok 'and keeps its place' same out <<'END'
1
2
END
rm -f none

printf '[sequence a]\neach x = tcp\nalways = z\nsay = up\nwait = file none\n[sequence b]\nalways = z\nwait = until 04:00\n[sequence c]\nalways = z\nwait = tcp no-name.invalid:80\n[routine z]\nsay = bye ${result}\n' >b.job
start run --no-tag b.job
retry line out up
kill -INT "$pid"
ended
ok 'an interrupt ends all that wait' status 130
ok 'which then run their always' count out 3 '^bye cancelled$'
job <<'JOB'
[sequence a]
lane-timeout = 200ms
wait = until 04:00
JOB
ok 'a lane-timeout ends a wait' has err 'the lane took too long'

date -d '+2 seconds' +%H:%M:%S >soon
job --no-tag <<'JOB'
[vars]
t output = cat soon
[sequence a]
wait = until ${t}
run = date +%H:%M:%S
JOB
# a day may have begun in between
ok 'a time of day comes' sh -c 'test "$(cat out)" = "$(cat soon)" ||
    expr "$(cat out)" ">" "$(cat soon)"'

cat >p.job <<'JOB'
[vars]
port = 80
[sequence a]
each h = a b
wait = tcp ${h}:${port}
wait = until 12:00
JOB
pseq plan p.job
ok 'plan shows what is waited for' has out 'wait tcp ${h}:80'
ok 'and until when' has out 'wait until 12:00'
pseq plan --dot p.job
ok 'a drawing too' has out 'wait until 12:00'

# a socket of perl's: a name of the machine, and both families
if command -v perl >/dev/null; then
	job --no-tag <<'JOB'
[sequence server]
sleep = 300ms
run =
    exec perl -MIO::Socket::INET -MIO::Socket::UNIX -e '
    my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1");
    open my $f, ">", "port.new"; print $f $s->sockport; close $f;
    rename "port.new", "port";
    $s->accept; sleep 1;
    my $u = IO::Socket::UNIX->new(Local => "sock", Listen => 5);
    $u->accept'
[sequence client]
wait = file port
timeout = 10s
run = cat port
capture port = stdout
stdout = none
wait = tcp localhost:${port}
timeout = 10s
say = tcp
wait = unix sock
timeout = 10s
say = unix
JOB
	ok 'a server is waited for' same out <<'END'
tcp
unix
END
else
	skip 'a server is waited for' 'no perl'
fi

# a network of our own: a name that becomes known, no name server, and a
# range of ports so small that a socket meets itself
cat >dns.job <<'JOB'
[sequence a]
wait = tcp here.test:${port}
timeout = 500ms
on timeout = next
say = ${message}
run = touch known
wait = tcp here.test:${port}
timeout = 6s
on timeout = next
say = ${message}
wait = tcp other.test:1
timeout = 500ms
on timeout = next
say = ${message}
[vars]
port = 1
JOB
if "$child/nameserver" true; then
	limit=60
	"$child/nameserver" "$PSEQ" run --no-tag dns.job >out 2>err </dev/null
	ok 'a name is asked for until it is known' same out <<'END'
here.test:1: name not known
here.test:1: Connection refused
other.test:1: name not known
END
	cat >lone.sh <<'SH'
echo 40000 40003 >/proc/sys/net/ipv4/ip_local_port_range
exec "$PSEQ" run --no-tag self.job
SH
	cat >self.job <<'JOB'
[sequence a]
wait = tcp 127.0.0.1:40000
timeout = 3s
on timeout = next
say = ${result}
JOB
	"$child/nameserver" sh lone.sh >out 2>err </dev/null
	ok 'a socket that meets itself is nobody who listens' line out timeout
else
	skip 'a name is asked for until it is known' 'no network of our own'
	skip 'a socket that meets itself is nobody who listens' \
	    'no network of our own'
fi

done_testing
