#!/bin/sh
# values of all kinds arrive as they are, and are never run
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# the worst of them, one a line; and one of several lines
cat >list <<'END'
it's
"double"
$(touch hacked)
`touch hacked`
; touch hacked
& touch hacked
| touch hacked
> hacked
${lane}
$lane
-n
--help
-rf /
*
~
a	tab
 blanks  
\n\t\\
%s%d%n
{}
#comment
a = b
a -> b
[x]
!event
()
' ; touch hacked ; '
" ; touch hacked ; "
x=1 touch hacked
END
printf '\377\376 latin \344\n\001\033[31mred\n' >>list
stub args <<'STUB'
for a; do printf '%s\n' "$a"; done
STUB
# unchanged: the file has the lines of the list, in order
unchanged() { cmp -s list "$1" && test ! -e hacked; }

cat >a.job <<'JOB'
[sequence a]
each x lines = list
parallel = 1
run = printf '%s\n' "$x" >>env.out
run = cat >>text.out
stdin = ${x}
run = cat >>var.out; echo >>var.out
stdin var = x
set y = ${x}
run = printf '%s\n' "$y" >>set.out
run = printf '%s\n' "$x"
capture z = stdout
quiet = yes
run = printf '%s\n' "$z" >>capture.out
run = printf '%s\n' "$E" >>given.out
env E = ${x}
call = r arg=${x}
say = ${x}
let l = x
run = printf '%s\n' "$l" >>let.out
run = printf '%s\n' "${x}" >>"twice.out"
[routine r]
params = arg
run = printf '%s\n' "$arg" >>arg.out
JOB
pseq run --no-tag a.job
ok 'the job ends well' status 0
ok 'items arrive in the environment' unchanged env.out
ok 'in a text for standard input' unchanged text.out
ok 'by set' unchanged set.out
ok 'by capture' unchanged capture.out
ok 'by env' unchanged given.out
ok 'by let' unchanged let.out
ok 'as arguments of a call' unchanged arg.out
ok 'as ${x} of the shell' unchanged twice.out
ok 'and in what is said' unchanged out
ok 'by stdin var' unchanged var.out
rm -f -- *.out

printf '[vars]\nv = x\n[sequence a]\nrun = printf "%%s\\n" "$v"\n' >v.job
while IFS= read -r value; do
	"$PSEQ" run --no-tag -v "v=$value" v.job >>v.out 2>>v.err </dev/null
done <list
ok '-v carries all of them' unchanged v.out

"$PSEQ" each --no-tag -j 1 --from list args >out 2>err
ok 'pseq each appends them as one word' unchanged out
"$PSEQ" each --no-tag -j 1 --from list 'args {}' >out 2>err
ok 'or puts them for {}' unchanged out
"$PSEQ" each --no-tag -j 1 --from list 'args {};' >out 2>err
ok 'also through a shell' unchanged out
"$PSEQ" each --no-tag -j 1 --from list 'args "{}";' >out 2>err
ok 'in double quotes' unchanged out
"$PSEQ" each --no-tag -j 1 --from list "args '{}';" >out 2>err
ok 'in single quotes' unchanged out
"$PSEQ" each --no-tag -j 1 -n 4 --from list 'args' >out 2>err
ok 'and several a command' unchanged out
"$PSEQ" each --no-tag -j 1 -n 4 --from list 'args {};' >out 2>err
ok 'also through a shell' unchanged out

two='line one
$(touch hacked)
 three '
printf '%s\n' "$two" >want8
pseq run --no-tag -v "v=$two" v.job
ok 'a value of several lines arrives by -v' cmp out want8
"$PSEQ" each --no-tag 'printf "%s\n" {}' "$two" >out 2>err
ok 'and as an item' cmp out want8
printf '%s\0' "$two" | "$PSEQ" each --no-tag -0 'printf "%s\n" {};' >out 2>err
ok 'with -0' cmp out want8
job --no-tag <<'JOB'
[sequence a]
run = printf 'a\n$(touch hacked)\n"; b\n'
capture x = stdout
quiet = yes
call = r v=${x}
[routine r]
params = v
run = printf '%s\n' "$v"
JOB
ok 'or by a capture and a call' same out <<'END'
a
$(touch hacked)
"; b
END
ok 'nothing was ever run as code' test ! -e hacked

# names of files and directories
mkdir 'a b;c' && echo x >'a b;c/$(x)'
job --no-tag -v 'd=a b;c' <<'JOB'
[vars]
d = .
[sequence a]
each f files = ${d}/*
run = cat "$f"
run = cat '$(x)'
dir = ${d}
run = echo y
stdout file = "${d}/out ${index}"
run = cat
stdin file = "${d}/out ${index}"
JOB
ok 'nor are names of files cut' same out <<'END'
x
x
y
END
# what is filled in is never read as syntax
job --no-tag -v 'v=b=2 c' -v 'r=one then stop' <<'JOB'
[vars]
v = x
r = one
[sequence a]
call = one a=${v}
call = ${r}
[routine one]
params = a=none b=none
say = ${a}|${b}
JOB
ok 'a value does not become another argument' line out 'b=2 c|none'
ok 'nor another reaction' status 1
job --no-tag -v 'd=1s retry' <<'JOB'
[vars]
d = 1s
[sequence a]
run = true
timeout = ${d}
JOB
ok 'a duration that is none is an error when it is reached' not status 0
job --no-tag -v d=5s <<'JOB'
[vars]
d = 1s
[sequence a]
run = echo fine
timeout = ${d}
JOB
ok 'and one that is is taken' line out fine
# the environment has its limits: the names pseq and the shell depend on
job --no-tag <<'JOB'
[vars]
PATH = /nowhere
IFS = x
[sequence a]
run = echo "$IFS"
on any = next
run = /bin/echo fine
JOB
ok 'a variable may be PATH or IFS, which harms only its own job' line out fine
done_testing
