#!/bin/sh
# commands: how they are run, what they find, how a job ends
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job <<'JOB'
[sequence hello]
run = echo hello
run = echo there
JOB
ok 'a job of two commands ends well' status 0
ok 'lines carry the name of the lane' same out <<'END'
hello | hello
hello | there
END
ok 'a summary of one line is on standard error' count err 1 '^pseq: .*ok; [0-9]'

job <<'JOB'
[sequence bad]
step = probe
run = exit 3

run = echo never
JOB
ok 'a command that fails makes status 1' status 1
ok 'what comes after it is not run' hasnt out never
ok 'the failure is told at once' count err 1 '^pseq: bad: probe: exit 3'
ok 'and again in the summary' has err "FAILED step 'probe': exit 3   (1 lane)"

job --no-tag <<'JOB'
[sequence a]
run = printf 'a b|%s|\n' "x  y"
run =
    cat <<EOF
      indented
    not
    EOF
run = echo 'it'"'"'s' \; "a;b" # not a comment of ours
run = echo a ; echo b
run = echo 'k = v' == c
run =
    for i in 1 2; do
        echo "  $i"

        # a comment of the shell
    done
JOB
ok 'the text of a command reaches the shell as it is' same out <<'END'
a b|x  y|
  indented
not
it's ; a;b
a
b
k = v == c
  1
  2
END

long=$(printf 'x%.0s' $(seq 300))
job --no-tag <<JOB
[sequence a]
run = echo $long | tr x y ; echo '#' "\$((1 + 1))" = 2
JOB
ok 'a command may be hundreds of columns wide' same out <<END
$(printf 'y%.0s' $(seq 300))
# 2 = 2
END

job --no-tag <<'JOB'
[sequence a]
run =
    false
    echo never
JOB
ok 'a block stops at its first failing command' hasnt out never
ok 'and fails with its code' has err 'exit 1'
job --no-tag <<'JOB'
[sequence a]
run = echo "$NOBODY_SET_THIS"; echo never
JOB
ok 'an unset variable of the shell is a failure' hasnt out never
ok 'and makes status 1' status 1

stub interpreter <<'STUB'
test "$1" = -c && exec perl -we "$2"
STUB
job --no-tag <<'JOB'
[job]
shell = interpreter
[sequence a]
run =
    if (1) {
        my $v = "a b";

        # kept
        print "from perl: $ENV{lane} $v\n" ;
    }
JOB
ok 'a script of another language keeps its lines' line out 'from perl: a a b'
job --no-tag <<'JOB'
[job]
shell = env FROM=job sh
[sequence header]
shell = env FROM=header sh
run = echo "header $FROM ;"
run = echo "step $FROM ;"
shell = env FROM=step sh
[sequence plain]
run = echo "plain $FROM ;"
[sequence none]
shell = env FROM=header sh
run = echo "none ${FROM-unset} ;"
shell = none
JOB
ok 'the shell of a step wins, then the header, then the job' same_sorted out <<'END'
header header ;
none job ;
plain job ;
step step ;
END

stub myshell <<'STUB'
echo "myshell: $*"
STUB
job --no-tag <<'JOB'
[sequence a]
run = plain words only
shell = myshell -o opt
JOB
ok 'with a shell of its own a command is always given to it' \
    line out 'myshell: -o opt -c plain words only'

stub parent <<'STUB'
cat "/proc/$PPID/comm"
STUB
job --no-tag <<'JOB'
[sequence a]
run = parent
run = parent; :
JOB
ok 'a plain command is executed directly' \
    sh -c 'test "$(head -n 1 out)" = pseq'
ok 'another one by the shell' sh -c 'test "$(tail -n 1 out)" != pseq'

echo 'echo sourced' >given
job --no-tag <<'JOB'
[sequence a]
run = cd /
run = exit 0
run = if true; then echo reserved; fi
run = x=1
run = { echo brace; }
run = ! false
run = : nothing
run = . ./given
run = umask 077
run = echo "~" ~
JOB
ok 'builtins and reserved words are given to the shell' same out <<END
reserved
brace
sourced
~ $HOME
END

echo data >data
job <<'JOB'
[sequence a]
run = no-such-program-here arg
on 127 = next
run = ./data arg
on 126 = finish fine
JOB
ok '127 is not found, 126 is not executable' status 0
job <<'JOB'
[sequence a]
run = true
dir = /no/such/dir
JOB
ok 'a directory that is not there is told by its name' has err /no/such/dir

job --no-tag <<'JOB'
[sequence a]
local = echo "here $lane"
say = said ${lane}
sleep = 10ms
set x = 1
let y = x + 1
say = ${x} ${y}
JOB
ok 'local, say, sleep, set and let do what they say' same out <<'END'
here a
said a
1 2
END
job <<'JOB'
[sequence a]
say = one
JOB
ok 'what a job says is marked as such' line out 'a : one'
job <<'JOB'
[sequence a]
run = echo x >&2
JOB
ok 'standard error is on the same stream and marked' line out 'a ! x'

job -x <<'JOB'
[sequence a]
run = echo x
run =
    echo y
    echo z
JOB
ok '-x shows each command as it starts' same out <<'END'
a $ echo x
a | x
a $ echo y
a $ echo z
a | y
a | z
END

job -x <<'JOB'
[sequence a]
run = cat /dev/null
JOB
ok 'also those that need no shell' line out 'a $ cat /dev/null'

cat >first.job <<'JOB'
[sequence first]
run = echo 1
JOB
cat >second.job <<'JOB'
[sequence second]
run = echo 2
JOB
pseq run --no-tag first.job second.job
ok 'further files are part of the job' same_sorted out <<'END'
1
2
END
pseq run --no-tag --start second first.job second.job
ok '--start picks a sequence' same out <<'END'
2
END
pseq run --start secnd first.job second.job
ok '--start of what is not there is an error' status 2
ok 'which names it' has err secnd

cat >tool <<'JOB'
#!/usr/bin/env -S pseq run
[sequence a]
run = echo "$job $(basename "$job_dir")"
JOB
chmod +x tool
ln -s "$PSEQ" bin/pseq
./tool >out 2>err
echo $? >status
ok 'a job file can be a program' status 0
ok 'which knows its name and place' line out "a | tool ${dir##*/}"

"$PSEQ" run --no-tag /dev/stdin <first.job >out 2>err
ok 'a job file can come by a descriptor' same out <<'END'
1
END
# shellcheck disable=SC2002 # a pipe is what is tested
cat first.job | "$PSEQ" run --no-tag /dev/stdin >out 2>err
ok 'or by a pipe' same out <<'END'
1
END

env -i "$PSEQ" run first.job >out 2>err
echo $? >status
ok 'a job runs in the bare environment of cron' status 0
ok 'and finds its programs' line out 'first | 1'
env -i SHELL=/bin/sh HOME=/ LOGNAME=x PATH=/usr/bin:/bin "$PSEQ" run --quiet \
    first.job >out 2>err
ok 'and says nothing for the mail when told so' test ! -s out -a ! -s err
(cd home && "$PSEQ" run ../first.job >../out 2>../err)
ok 'a job runs in an empty directory' line out 'first | 1'
done_testing
