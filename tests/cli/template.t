#!/bin/sh
# [via NAME]: hosts that are reached by a command of the job's own
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >box <<'END'
#!/bin/sh
# box NAME COMMAND...: what docker exec is like
test "$1" != gone || { echo "no such box: $1" >&2; exit 125; }
name=$1
shift
WHERE=$name exec "$@"
END
chmod 755 box

cat >ways.job <<'END'
[via box]
exec = ./box ${host} ${command}
connect-fail = 125

[hosts boxes]
hosts = one two
via   = box
END
cat ways.job - >a.job <<'END'
[sequence s]
hosts = @boxes
run   = echo "$WHERE has $host"; exit 125
stdin = x
ok    = 125

run = cat
stdin = two words
END
pseq run a.job
ok 'commands run by a template' status 0
ok 'each on its own host' has out 'one | one has one'
ok 'with their input' has out 'two | two words'

cat ways.job - >a.job <<'END'
[sequence s]
hosts = @boxes gone
rescue = tell
run = echo here
[routine tell]
local = echo "$host: $result"
END
sed 's/one two/one two gone/' a.job >b.job
pseq run b.job
ok 'one that is not there' status 1
ok 'is unreachable' has err 'unreachable: no such box: gone'
ok 'rescue runs for it' has out 'gone: unreachable'
ok 'the others go on' has out 'two  | here'

job <<'END'
[via deaf]
exec = sh -c 'exec "$@" </dev/null' x ${command}
[sequence s]
hosts = h1
via = deaf
run = echo never
END
ok 'a template that passes no input on' has err 'docker exec wants -i'
ok 'nothing was run' hasnt out never

cat >env.job <<'END'
[vars]
big = 1
[via box]
exec = ./box ${host} ${command}
[sequence s]
hosts = one
via = box
run = env | grep -c '^pseq_' ; printf '%s|' "$big"
env nasty = a'b"c $(touch bad) \ `touch bad`
run = printf '%s' "$nasty"
END
pseq run env.job
ok 'no value is run' test ! -e bad

# processes of these words
running() {
	for p in /proc/[0-9]*; do
		{ tr '\0' ' ' <"$p/cmdline"; } 2>/dev/null | grep -qx "$1 " &&
			echo "${p#/proc/}"
	done
}
runs() { test -n "$(running "$1")"; }

if test "$(id -u)" -eq 0 && unshare -p -f true 2>/dev/null; then
	unshare -p -f --mount-proc sleep 97.31 &
	outer=$!
	retry runs 'sleep 97.31'
	inner=$(running 'sleep 97.31' | tail -n 1)
	cat >ns.job <<END
[via ns]
exec = nsenter -t $inner -p -m \${command}
[sequence s]
hosts   = x1
via     = ns
run     = trap '' TERM; echo "I am \$\$"; sleep 97.32 & wait
timeout = 500ms
grace   = 300ms
END
	pseq run ns.job
	ok 'another process namespace: a timeout' has err timeout
	ok 'it was within' has out 'I am '
	ok 'nothing is left of it' test -z "$(running 'sleep 97.32')"
	kill -KILL "$inner" "$outer" 2>/dev/null
	wait
else
	skip 'another process namespace' 'root is needed'
fi

done_testing
