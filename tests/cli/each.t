#!/bin/sh
# lists: one lane for each item
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# shellcheck disable=SC2016 # pseq expands what is quoted here
x='<${x}>'
# items [ARGUMENT...] <EACH-LINES: what x is, in order
items() {
	{ echo '[sequence s]'; echo 'parallel = 1'; cat; echo "say = ${show:-$x}"; } >a.job
	pseq run --no-tag "$@" a.job
}
echo "each x = a b \"c d\" 'e  f' g\\ h \"\" \$i" >in
items <in >/dev/null
ok 'words are cut as a shell does' same out <<'END'
<a>
<b>
<c d>
<e  f>
<g h>
<>
<$i>
END
echo 'each x range = 3..7' | items
ok 'a range counts up' same out <<'END'
<3>
<4>
<5>
<6>
<7>
END
echo 'each x range = 30..0..10' | items
ok 'or down' same out <<'END'
<30>
<20>
<10>
<0>
END
echo 'each x range = 1..10..4' | items
ok 'a step need not meet the end' same out <<'END'
<1>
<5>
<9>
END
echo 'each x range = 008..011' | items
ok 'a padded range stays padded' same out <<'END'
<008>
<009>
<010>
<011>
END
echo 'each x range = -2..1' | items
ok 'numbers may be negative' same out <<'END'
<-2>
<-1>
<0>
<1>
END
echo 'each x range = 5..5' | items
ok 'a range may be of one' same out <<'END'
<5>
END
printf ' one \n\nthree\\t\n"four"\nlast' >list
echo 'each x lines = list' | items
ok 'lines are taken as they are' same out <<'END'
< one >
<>
<three\t>
<"four">
<last>
END
printf 'a\nb\n' >std
{ printf '[sequence s]\nparallel = 1\neach x lines = -\nsay = <${x}>\n'; } >a.job
pseq_from std run --no-tag a.job
ok 'lines may come from standard input' same out <<'END'
<a>
<b>
END
items <<'END'
each x output = printf '1 %s\n' a b; echo c
END
ok 'or from a command' same out <<'END'
<1 a>
<1 b>
<c>
END
mkdir -p d/e/f d/.hidden
touch d/1.wav d/3.wav d/2.wav d/e/4.wav d/e/f/5.wav d/x.mp3 'd/a b.wav' \
    d/.dot.wav d/.hidden/6.wav
echo 'each x files = d/*.wav' | items
ok 'files are the matching paths, sorted' same out <<'END'
<d/1.wav>
<d/2.wav>
<d/3.wav>
<d/a b.wav>
END
echo 'each x files = d/**/*.wav' | items
ok '** goes down' same out <<'END'
<d/1.wav>
<d/2.wav>
<d/3.wav>
<d/a b.wav>
<d/e/4.wav>
<d/e/f/5.wav>
END
echo 'each x files = d/*.mp3 d/[12].wav d/?.none' | items
ok 'several patterns are several lists' same_sorted out <<'END'
<d/1.wav>
<d/2.wav>
<d/x.mp3>
END
{ echo '[vars]'; echo 'list ='; echo '    one 1'; echo '    two'
  echo '[sequence s]'; echo 'each x var = list'; echo 'say = <${x}>'
} >a.job
pseq run --no-tag a.job
ok 'var takes the lines of a variable' same_sorted out <<'END'
<one 1>
<two>
END
printf '7 10.0.0.7  north side \n8 10.0.0.8 south\n9\n' >machines.txt
show='${id}|${ip}|${zone}|' items <<'END'
each id ip zone lines = machines.txt
END
ok 'several names take the fields of a line as read does' same out <<'END'
7|10.0.0.7|north side|
8|10.0.0.8|south|
9|||
END
show='${x}${y}${z}' items <<'END'
each x = a b
each y range = 1..2
each z = + -
END
ok 'several lists give every combination, the first slowest' same out <<'END'
a1+
a1-
a2+
a2-
b1+
b1-
b2+
b2-
END
show='${x}${y}' items <<'END'
each x lines = std
each y = 1 2
END
ok 'a lazy list may stand first' same out <<'END'
a1
a2
b1
b2
END
printf '[sequence s]\neach y = 1 2\neach x lines = std\nsay = ${x}\n' | check
ok 'and only there' status 2
ok 'which is told at its place' has err a.job:3:

printf '[sequence s]\neach x range = 1..3\nrun = echo "$x $index of $lanes in $lane"\n' | job
ok 'index, lanes and lane are of the lane' same_sorted out <<'END'
1 | 1 1 of 3 in s[1]
2 | 2 2 of 3 in s[2]
3 | 3 3 of 3 in s[3]
END

: >none
printf '[sequence s]\neach x lines = none\nsay = ${x}\n' | job
ok 'a job with nothing to do makes status 4' status 4
ok 'and says so' has err 'nothing to do'
printf '[job]\nallow-empty = yes\n[sequence s]\neach x lines = none\nsay = ${x}\n' | job
ok 'unless it may be empty' status 0
printf '[sequence s]\neach x lines = missing-list\nsay = ${x}\n' | job
ok 'a list that cannot be read is a failure' status 1
ok 'which names it' has err missing-list
printf '[sequence s]\neach x output = echo a; exit 3\nsay = ${x}\n' | job --no-tag
ok 'a command of a list that fails is a failure' status 1
ok 'of which lines were taken' line out a
printf '[sequence s]\neach x output = cat\nsay = ${x}\n' >a.job
pseq_from std run a.job
ok 'a command of a list does not read our standard input' noline out 'a : a'

# lazily: the first lane runs before the list is complete
mkfifo pipe
cat >a.job <<'JOB'
[sequence s]
each x lines = -
run = echo "$x"; touch "seen-$x"
JOB
"$PSEQ" run --no-tag a.job <pipe >out 2>err &
exec 3>pipe
echo first >&3
ok 'a lane starts before its list has ended' retry test -e seen-first
echo second >&3
ok 'and the next as it comes' retry test -e seen-second
exec 3>&-
wait $!
echo $? >status
ok 'and the end of the list ends the job' status 0
cat >a.job <<'JOB'
[sequence s]
each x output = echo one; while test ! -e go; do sleep 0.05; done; echo two
run = touch go; echo "$x"
JOB
pseq run --no-tag a.job
ok 'lines of a command are taken as they come' same out <<'END'
one
two
END

printf '[sequence s]\neach x range = 1..100000\nparallel = 2\nset y = ${x}\n' >a.job
pseq run a.job
ok 'a range may be long' has err '100000 lanes ok'
printf '[sequence s]\neach x range = 1..9000000000000000000\nstop = enough\n' >a.job
pseq run a.job
ok 'or very long' status 1
printf '[sequence a]\neach x lines = -\nsay = ${x}\n[sequence b]\neach y lines = -\nsay = ${y}\n' | check
ok 'standard input is a list only once' status 2

printf '[sequence s]\neach x = "a,b" "c d" [e] a a\nsay = ${lane}\n' | job --no-tag
ok 'names of lanes are unambiguous' same_sorted out <<'END'
s[a\x2cb]
s[a]
s[a]#2
s[c d]
s[\x5be\x5d]
END
printf '[sequence s]\neach x = a b\neach y = 1 2\nlabel = ${y}-${x}\nsay = ${lane}\n' | job
ok 'a label stands instead of the items' same_sorted out <<'END'
1-a : s[1-a]
1-b : s[1-b]
2-a : s[2-a]
2-b : s[2-b]
END
done_testing
