#!/bin/sh
# README.md shows what is: the recording of a run, plans, explanations
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

sed -n '/^<!-- recording: begin/,/^<!-- recording: end/p' "$root/README.md" >block
ok 'there is a recording (tests/recording makes it)' count block 4 '^```$'
awk '/^```$/ { n++; next } n == 1' block >middle
awk '/^```$/ { n++; next } n == 3' block >end

# without the shell's line, the width of names, times, and the run's name
plain() {
	sed -E -e '/^\$ /d' -e 's/^([a-z]+) +([|!]) /\1 \2 /' \
	    -e 's/[0-9.]+(ms|s)$/T/' -e 's/[0-9]{8}-[0-9]{6}-[0-9a-f]+/RUN/' \
	    "$@" | sort
}
(cd "$root" && exec "$PSEQ" run examples/build.job) >now 2>&1 </dev/null
ok 'its job still ends as it did' test $? = 1
plain now >want
plain end >out
cp want err
ok 'and says the same' cmp -s want out

bar='^build  \[[^]]*\]  [0-9]/7 done'
ok 'in the middle there is a view of it' count middle 1 "$bar"
sed "\%$bar%,\$d" middle | plain >above
sed "1,\%$bar%d" middle >below
ok 'above are lines that stand there at the end, too' sh -c \
	'test -s above && test -z "$(comm -23 above out)"'
ok 'below, how many run and how long' sh -c \
	'head -n 1 below | grep -qE "^[0-9] running.*  [0-9]s so far$"'
sed 1d below >lanes
ok 'and as many lanes' sh -c \
	'test "$(wc -l <lanes)" -eq "$(sed -n "1s/ running.*//p" below)"'
ok 'each with its step and its time' sh -c \
	'! grep -qvE "^(base|core|docs|lang|net|tools|web) +(compile|check) +[0-9]s( |$)" lanes'

# what else it shows comes out so, too
while IFS= read -r command; do
	awk -v c="\$ $command" '$0 == c { on = 1; next }
	    /^```$/ { on = 0 } on' "$root/README.md" >want
	# shellcheck disable=SC2086
	(cd "$root" && COLUMNS=80 "$PSEQ" ${command#pseq }) >out 2>err </dev/null
	ok "$command" sh -c 'test -s want && cmp -s want out'
done <<'END'
pseq check --explain unreachable
pseq plan --start mount examples/branch.job
END
done_testing
