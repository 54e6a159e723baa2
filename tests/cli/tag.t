#!/bin/sh
# --tag: what stands before a line
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >a.job <<'END'
[sequence deploy]
each x = one three
parallel = 1

step = first
run = echo "a $x"

step = second
run = echo "b $x" >&2
END
pseq run --tag '{sequence}/{index}:{step}' a.job
ok 'lines are marked with the text' cmp -s out - <<'END'
deploy/1:first | a one
deploy/1:second ! b one
deploy/2:first  | a three
deploy/2:second ! b three
END
for how in '--output group' -k; do
	# shellcheck disable=SC2086
	pseq run $how --tag '{tag} {step}' a.job
	ok "with $how the step is that of the line" sh -c '
		grep -q "^three second *! b three" out &&
		    grep -q "^three first *| a three" out'
done
pseq run --tag '#{number} {name} {{' a.job
ok 'names, numbers and braces' grep -q '^#[12] deploy\[three\] { *| a' out
pseq each -j 2 --tag '{name}' 'sleep 0.2; echo {}' a three
ok 'they are padded to the widest' test "$(sed 's/[|!].*//' out |
	awk '{ print length }' | sort -u | wc -l)" -eq 1
pseq run --tag here --time rel a.job
ok 'a time stands before it' grep -q '^ *+[0-9.]*s here | a one' out
pseq run --tag '' a.job
ok 'it may be nothing' grep -q '^ *| a one' out
pseq run --tag '{sequence}' -x a.job
ok 'commands have it, too' grep -q '^deploy \$ echo "a \$x"' out

pseq on --via local --tag '{host}>' 'n[1-2]' 'echo hello'
ok 'the host of a lane' grep -q '^n2> | hello' out

pseq run --tag '{stpe}' a.job
ok 'a wrong word is an error' status 2
ok '… with the right one' grep -qx \
	"pseq run: --tag: '{stpe}' stands for nothing; did you mean '{step}'?" err
ok '… and nothing is run' test ! -s out
pseq run --tag 'a{b' a.job
ok 'so is a brace without an end' grep -q "'{b' stands for nothing" err
pseq run --tag x --no-tag a.job
ok 'a tag and none exclude one another' status 2

pseq show --tag '{step}'
ok 'a past run has its steps' sh -c '
	grep -q "^first *| a three" out && grep -q "^second *| b three" out'
pseq run --tag '{host}:{sequence}' a.job
pseq show --tag '{host}:{sequence}:{index}'
ok '… and the rest' grep -q '^:deploy:2 *| a three' out
done_testing
