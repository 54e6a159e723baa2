#!/bin/sh
# --time: lines begin with the time when they came
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# seconds of the lines of standard output that end in $1
at() { sed -n "s/^ *+\([0-9.]*\)s .*$1\$/\1/p" out; }
# later A B: a line that ends in B came 0.15 s later than one in A, or more
later() { awk "BEGIN { exit !($(at "$2") - $(at "$1") >= 0.15) }"; }

clock='^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9][0-9][0-9] '
pseq each --time abs 'echo {}; echo e >&2' x
ok 'lines begin with the clock' grep -q "${clock}x | x\$" out
ok '… those of standard error, too' grep -q "${clock}x ! e\$" out
TZ=UTC-5 pseq each --time abs 'echo {}; date +%H:%M' x
ok '… in local time' test "$(sed -n "s/:[^:]*$//; 2s/ .*//p" out)" \
	= "$(sed -n '2s/.* //p' out)" -o "$(sed -n '1s/:[^:]*$//p' out)" \
	= "$(sed -n '2s/.* //p' out)"

for how in stream group; do
	pseq each --output $how --time rel 'echo a; sleep 0.2; echo b #{}' x
	ok "$how: a line has the time when it came" later a b
	ok "$how: … since the run began" test "$(at a | cut -c1-2)" = 0.
done
pseq each -k -j 2 --time rel \
	'if test {} = x; then sleep 0.3; else echo early; fi; echo end {}' x y
ok 'in order, too, whenever it is shown' later early 'end x'
ok '… which is later' grep -q 'end y' out
pseq each -q --time rel 'echo a; sleep 0.2; echo b; false #{}' x
ok 'with -q, too' later a b

cat >a.job <<'END'
[sequence s]
say = hello
run = echo a; sleep 0.2; echo b; exit 1
quiet = yes
END
pseq run --time rel -x a.job
ok 'lines of a quiet step, too' later a b
ok 'what the job says has a time' grep -q '^ *+0\.[0-9]*s .*: hello$' out
ok '… and commands' grep -q '^ *+0\.[0-9]*s .*\$ echo a; sleep' out
ok 'messages have none' grep -q '^pseq: s' err

pseq each --time rel --no-tag 'printf "a\nb"; sleep 0.2; echo c' x
ok 'without tags a time begins a line' sh -c '
	test "$(sed "s/^ *+0\.[0-9]*s //" out | tr "\n" "-")" = "a-bc x-"'
pseq each --time none 'echo {}' x
ok 'it can be switched off' grep -qx 'x | x' out
pseq each --time noon 'echo {}' x
ok 'other words are errors' status 2

pseq run --time rel a.job
pseq show --time rel
ok 'a past run has times as well' grep -q '^ *+0\.[0-9]*s .*| b$' out
pseq show --time abs
ok '… of the clock' grep -q "${clock}.*| b\$" out
done_testing
