#!/bin/sh
# what may be typed next is said at the end of a run, and works
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# next COMMAND: what is said of it, put to use
next() {
	sed -n "s/^pseq: to .*: pseq \($1 .*\)/\1/p" err >line
	test "$(wc -l <line)" -eq 1 || return 1
	eval "pseq $(cat line)"
	true
}
none() { ! grep -q '^pseq: to ' err; }

cat >a.job <<'END'
[sequence s]
each x = well "it's bad"
run = test -e "$x.ok"
END
touch well.ok
pseq run a.job
cp err keep
ok 'after a failure it is what to do about it' status 1
ok 'a lane of it can be seen' next show
ok '… with the text that stands there' has out "s[it's bad]"
cp keep err
touch "it's bad.ok"
ok 'what failed can be run again' next retry
ok '… and only that' has err '(1 lane had ended well before)'
ok '… after which there is nothing to do' none
rm -f ./*.ok
pseq run --no-state a.job
ok 'a run without a journal has no past' none
pseq run -q a.job
ok 'it is said with -q' grep -q '^pseq: to run what failed again: ' err
pseq run --output json a.job
ok '… and with JSON' grep -q '^pseq: to run what failed again: ' err
pseq each false x
ok 'each keeps no journal' none
pseq each --state false x
ok '… unless it is asked for' grep -q '^pseq: to run what failed' err

cat >b.job <<'END'
[sequence s]
each x = 1 2
run = touch began.$x; test -e go || sleep 100
END
start run -j 1 b.job
retry test -e began.1
kill -INT "$pid"
ended
cp err keep
ok 'after an interruption it is how to go on' grep -q \
	'^pseq: to go on from here: pseq resume ' err
ok '… and nothing else' test "$(grep -c '^pseq: to ' err)" -eq 1
touch go
ok '… which works' next resume
ok '… to the end' status 0
ok '… and then nothing is said' none

cat >c.job <<'END'
[sequence s]
each x = a b
max-fail = 0
parallel = 1
run = false
END
pseq run c.job
ok 'lanes that never began can be run' grep -q '^pseq: to run what failed' err
printf 'x\033[2Jy\n' >items
cat >d.job <<'END'
[sequence s]
each x lines = items
run = false
END
pseq run d.job
ok 'whatever the name of a lane' next show
ok '… it can be typed' status 0
done_testing
