#!/bin/sh
# files that are no jobs, and jobs with mistakes: clear words, status 2
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

echo '[sequence a]
run = touch ran' >good.job

# refused FILE TEXT: run and check say so and run nothing
refused() {
	rm -f ran
	pseq run "$1"
	status 2 && has err "$2" && test ! -e ran || return 1
	pseq check "$1"
	status 2 && has err "$2" && test ! -e ran
}
ok 'a file that is not there is an error' refused nowhere.job nowhere.job
ok 'which tells why' has err 'No such file'
mkdir folder
ok 'a directory is no job file' refused folder folder
ok 'which tells why' has err 'is a directory'
: >empty.job
ok 'an empty file is no job' refused empty.job empty.job
printf '[sequence a]\nrun = echo a\0b\n' >nul.job
ok 'a NUL byte is told with its place' refused nul.job nul.job:2:
printf '[job]\ninclude = two.job\n[sequence a]\nrun = true\n' >one.job
printf '[job]\ninclude = one.job\n[sequence b]\nrun = true\n' >two.job
ok 'a circle of includes is told at its place' refused one.job two.job:2:11
ok 'in words' has err 'circle'
printf '[job]\ninclude = missing.job\n[sequence a]\nrun = true\n' >one.job
ok 'a missing include is told at its place' refused one.job one.job:2:11
printf '[job]\ninclude = good.job folder\n' >one.job
ok 'a directory is no include' refused one.job one.job:2:20
chmod 000 good.job
if test -r good.job; then
	skip 'a file that may not be read is an error' 'root reads all'
else
	ok 'a file that may not be read is an error' refused good.job good.job
fi
chmod 644 good.job

pseq run good.job nowhere.job
ok 'with several files all must be there' status 2
ok 'and nothing is run' test ! -e ran

cat >12.job <<'JOB'
[job]
parallel = many

[sequence a]
each x range = 1..z
prioritty = 1
run = touch ran
timeout = 30
on 300 = next
on fail = goto nowhere
on fial = next
retry = twice

step = a b
run = true

call = gone

[routine r]
params = 1st
run = true
colour = red
on line = [ -> kill
JOB
pseq run 12.job
ok 'a file with mistakes makes status 2' status 2
ok 'all thirteen are reported in one go' count err 13 '^12.job:[0-9]*:[0-9]*: error: '
sed -n 's/^12.job:\([0-9]*:[0-9]*\): error: .*/\1/p' err | sort -n >places
ok 'each at its place' same places <<'END'
2:12
5:16
6:1
8:11
9:4
10:16
11:4
12:9
14:10
17:8
20:10
22:1
23:12
END
sed -n '/^12.job:8:11:/,/^12.job:9/p' err | sed -n '2,3p' >got
ok 'with the line and a caret under the word' same got <<'END'
    8 | timeout = 30
      |           ^~
END
ok 'the nearest name is offered' has err "did you mean 'priority'"
ok 'and for results' has err "did you mean 'fail'"
ok 'a unit that is missing is named' has err '30s?'
ok 'nothing was run' test ! -e ran

{ echo '[sequence a]'; for i in $(seq 40); do echo "bad$i = x"; done
  echo 'run = true'; } >many.job
pseq check many.job
ok 'at most 20 mistakes are shown' count err 20 '^many.job:[0-9]*:[0-9]*: error: '

printf '\357\273\277[sequence a]\r\nrun = echo "x y"\r\n\r\nrun =\r\n    echo b1\r\n    echo b2\r\n\r\nset v = 1\r\nsay = <${v}>\r\n' >crlf.job
pseq run --no-tag crlf.job
ok 'CRLF and a BOM are accepted' same out <<'END'
x y
b1
b2
<1>
END
printf '[sequence a]\nrun = echo last' >tail.job
pseq run --no-tag tail.job
ok 'the last line needs no newline' line out last
printf '[sequence a]\nsay = \377\376 \303\244\n' >latin.job
pseq run --no-tag latin.job
printf '\377\376 \303\244\n' >want8
ok 'bytes that are not UTF-8 pass' cmp out want8
{ printf '[sequence a]\nrun = : '; head -c 1200000 /dev/zero | tr '\0' x
  echo; } >long.job
ok 'a line of more than a megabyte is refused' refused long.job long.job:2:
{ printf '[sequence a]\nrun = true '; head -c 100000 /dev/zero | tr '\0' x
  printf '; echo still here\n'; } >long.job
pseq run --no-tag long.job
ok 'a line of 100 KB is none' line out 'still here'
head -c 68000000 /dev/zero | tr '\0' '#' | fold -w 1000 >huge.job
ok 'a file of more than 64 MiB is refused' refused huge.job huge.job

for key in 'zone = UTC' 'at = 30 3 * * *' 'catch-up = no'; do
	printf '[job]\n%s\n[sequence a]\nrun = true\n' "$key" >later.job
	ok "a key '$key' of a later release is an error" \
	    refused later.job later.job:2:1
done
printf '[sequence a]\ncall = s\nrerun = no\n[routine s]\nrun = true\n' >later.job
ok "a key 'rerun' is for commands and copies" refused later.job later.job:3:1

# one mistake each: position and a word of the message
mistake() {
	what=$1 place=$2 text=$3
	cat >m.job
	ok "$what" refused m.job "m.job:$place: error: "
	ok "$what: it says so" has err "$text"
}
mistake 'a comment behind a value' 3:16 'lines of their own' <<'JOB'
[sequence a]
run = true
timeout = 30s  # half
JOB
mistake 'a step behind its last' 4:1 'which step?' <<'JOB'
[sequence a]
run = true

timeout = 3s
JOB
mistake 'an unknown variable' 2:9 'colour' <<'JOB'
[sequence a]
say = ${colour}
JOB
mistake 'a section given twice' 3:11 'a' <<'JOB'
[sequence a]
run = true
[sequence a]
run = true
JOB
mistake 'a key given twice' 4:1 'timeout' <<'JOB'
[sequence a]
run = true
timeout = 3s
timeout = 4s
JOB
mistake 'an unknown section' 1:2 'sequence' <<'JOB'
[sequense a]
run = true
JOB
mistake 'an indented key' 3:5 'indented' <<'JOB'
[sequence a]
run = true
    timeout = 3s
JOB
mistake 'a variable nobody may set' 2:5 'host' <<'JOB'
[sequence a]
set host = x
JOB
mistake 'a bare word in an expression' 3:16 'quote it' <<'JOB'
[sequence a]
run = true
when = lane == green
JOB
mistake 'a routine with a parameter too many' 2:10 'x' <<'JOB'
[sequence a]
call = r x=1
[routine r]
run = true
JOB
mistake 'a routine without its parameter' 2:8 'x' <<'JOB'
[sequence a]
call = r
[routine r]
params = x
run = true
JOB
mistake 'a range of nothing' 2:16 'no number' <<'JOB'
[sequence a]
each x range = ..
run = true
JOB
mistake 'a pattern that is none' 3:12 'parenthesis' <<'JOB'
[sequence a]
run = true
on line = ( -> kill
JOB
mistake 'a ${ that is never closed' 2:7 '}' <<'JOB'
[sequence a]
say = ${lane
JOB
done_testing
