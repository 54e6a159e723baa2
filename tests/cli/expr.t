#!/bin/sh
# expressions: what they give, what is true, what is an error
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# let NAME = EXPRESSION -> VALUE, one a line, all in one job
cat >table <<'END'
1 + 2 -> 3
2 + 3 * 4 -> 14
(2 + 3) * 4 -> 20
7 / 2 -> 3
7 % 3 -> 1
-7 % 3 -> -1
- 3 + 5 -> 2
10 - 3 - 2 -> 5
7.5 * 2 -> 15.0
0.1 + 0.2 -> 0.3
9223372036854775807 -> 9223372036854775807
"a" -> a
"a b" -> a b
n -> 12
n + 1 -> 13
text -> some text
1 == 1.0 -> 1
"01" == 1 -> 1
"a" == "b" -> 0
"a" < "b" -> 1
10 > 9 -> 1
"10" < "9" -> 0
"10x" < "9" -> 1
n >= 12 and n <= 12 -> 1
n != 12 or text == "" -> 0
not 0 -> 1
not "no" -> 1
not "false" -> 1
not "" -> 1
not "0" -> 1
not "yes" -> 0
text =~ "^some" -> 1
text =~ "so(me|no) t" -> 1
text !~ "x" -> 0
defined n -> 1
defined nothing -> 0
exists "/dev/null" -> 1
exists "/no/such" -> 0
exists ${path} -> 1
1 and 2 -> 1
0 or 5 -> 1
first.code + 1 -> 5
first.result == "exit" -> 1
n-1 -> 11
1 + 2 == 3 and not 4 < 3 -> 1
"" == empty -> 1
END
sed -i 's/^text !~ "x" -> 0$/text !~ "q" -> 1/; s/^n-1 -> 11$/n - 1 -> 11/' table
{ printf '[vars]\nn = 12\ntext = some text\nempty =\npath = /dev/null\nnothing required = x\n'
  printf '[sequence a]\nstep = first\nrun = exit 4\nok = 4\non ok = next\n'
  i=0
  sed 's/ -> .*//' table | while IFS= read -r expression; do
	i=$((i + 1))
	printf 'let v%s = %s\nsay = %s -> ${v%s}\n' "$i" "$expression" "$i" "$i"
  done; } | sed '/^nothing required/d' >t.job
sed -i 's/^let \(.*\)defined nothing/let \1defined later/; $a set later = 1' t.job
sed -i 's/first.result == "exit"/first.result == "ok"/' t.job
pseq run --no-tag t.job
ok 'all expressions are understood' status 0
i=0
while IFS= read -r row; do
	i=$((i + 1))
	ok "$row" line out "$i -> ${row##* -> }"
done <table

# error EXPRESSION: at run time
for bad in '1 / 0' '1 % 0' '9223372036854775807 + 1' \
    '9223372036854775807 * 2' 'n + text' '"a" - 1' 'later + 1' 'later == 1' \
    '-9223372036854775807 - 2' '"" + 1'; do
	{ printf '[vars]\nn = 1\ntext = x\n[sequence a]\nlet r = %s\n' "$bad"
	  printf 'on error = finish caught\nlet r = r\nset later = 1\n'; } | job
	ok "error: $bad" line out 'a : caught'
done
# mistakes at load
for bad in '' '1 +' '(1' '1)' 'a' '"a' '1 2' '== 1' 'n ==' 'not' 'n = 1' \
    'n && n' 'n =~ "("' 'n =~ text' 'nobody.code' 'first.colour' '${n' \
    'defined' 'exists' '99999999999999999999' '1 < 2 < 3'; do
	{ printf '[vars]\nn = 1\ntext = x\n[sequence a]\nstep = first\nrun = true\n'
	  printf 'when = %s\n' "$bad"; } | check
	ok "mistake: $bad" status 2
done
done_testing
