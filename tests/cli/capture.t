#!/bin/sh
# output kept in variables: of all kinds, with their limits
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
run = printf ' a\n\nb \n\n\n'; echo no >&2
capture x = stdout
run = printf '<%s>' "$x"
JOB
ok 'newlines at the end are off, all else is kept' sh -c \
    'cat out err >all; grep -qa "< a" all && grep -qa "^b >" out'
job --no-tag <<'JOB'
[sequence a]
run = echo out; echo err >&2
capture x = stderr
quiet = yes
say = <${x}>
run = echo out; echo err >&2
capture x = both
capture y = stdout
quiet = yes
say = only ${y}
run = printf '%s\n' "$x" | sort; echo .
JOB
ok 'stderr is captured' line out '<err>'
ok 'stdout is, too' line out 'only out'
tail -n 3 out >got
ok 'and both' same got <<'END'
err
out
.
END
job --no-tag <<'JOB'
[sequence a]
run = true
capture x = stdout
say = <${x}>
run = echo "${x-unset}<$x>"
JOB
ok 'no output is the empty text' same out <<'END'
<>
<>
END
job --no-tag <<'JOB'
[sequence a]
run = echo text; exit 3
capture x = stdout
on 3 = next
say = <${x}>
JOB
ok 'a failed step is captured too' line out '<text>'

job --no-tag <<'JOB'
[sequence a]
run = echo '{ "n": 12, "s": "a b\"\u00e4", "l": [ 1, { "k": "deep" }, null, true, 1.5 ], "o": { "x-y": 1 } }'
capture j = json
quiet = yes
say = ${j.n}|${j.s}|${j.l.0}|${j.l.1.k}|${j.l.3}|${j.l.4}
let x = j.n + 1
say = ${x}
run = echo "${j-not exported}"
run = cat
stdin var = j
when = j.l.1.k == "deep"
capture back = json
quiet = yes
say = back ${back.n}
JOB
ok 'parts of JSON are variables' line out '12|a b"ä|1|deep|true|1.5'
ok 'also in expressions' line out 13
ok 'the whole is not exported' line out 'not exported'
ok 'but can be given on as standard input' line out 'back 12'
printf '[sequence a]\nrun = true\ncapture j = json\n' | job
ok 'no output is no JSON' status 1
ok 'and not told in riddles' hasnt err 'line -1'
for bad in '{"a":' '' 'x' '{} {}' '[1,]'; do
	printf '[sequence a]\nrun = cat\nstdin = %s\ncapture j = json\nsay = ok\n' "$bad" | job
	ok "JSON that does not parse is error: $bad" has err ': error: '
	ok "and status 1: $bad" status 1
done
job <<'JOB'
[sequence a]
run = echo '{"a":1}'
capture j = json
say = ${j.b}
JOB
ok 'a part that is not there is error' status 1
ok 'and named' has err j.b

job --no-tag <<'JOB'
[sequence a]
run =
    cat <<'EOF'
    NAME="Debian GNU/Linux"
    ID=debian
    no pair
    empty=
    x-y.z='single'
    two=a=b
    broken="half
    EOF
capture os = pairs
quiet = yes
say = ${os_NAME}|${os_ID}|${os_empty}|${os_x_y_z}|${os_two}|${os_broken}
run = echo "$os_ID"
JOB
ok 'pairs set one variable each' same out <<'END'
Debian GNU/Linux|debian||single|a=b|"half
debian
END

job --no-tag <<'JOB'
[sequence a]
run = head -c 98304 /dev/zero | tr '\0' x
capture x = stdout
quiet = yes
run = echo "${#x}"
JOB
ok '96 KiB can be captured' line out 98304
job --no-tag <<'JOB'
[sequence a]
run = head -c 98306 /dev/zero | tr '\0' x
capture x = stdout
quiet = yes
JOB
ok 'more is error' status 1
ok 'which says what to do instead' has err 'stdout file'
job --no-tag <<'JOB'
[sequence a]
run = printf '{"big":"%s","n":7}' "$(head -c 900000 /dev/zero | tr '\0' x)"
capture j = json
quiet = yes
say = ${j.n}
JOB
ok 'JSON may be larger' line out 7
job --no-tag <<'JOB'
[sequence a]
run = printf '{"big":"%s","n":7}' "$(head -c 1100000 /dev/zero | tr '\0' x)"
capture j = json
quiet = yes
JOB
ok 'up to 1 MiB' status 1

job --no-tag <<'JOB'
[sequence a]
run = printf '\377\376 \001\n'
capture x = stdout
quiet = yes
run = printf '%s' "$x" | od -An -tx1
JOB
ok 'bytes of a capture are unchanged' line out ' ff fe 20 01'
job --no-tag <<'JOB'
[sequence a]
run = printf 'a\0b\n'
capture x = stdout
quiet = yes
say = <${x}>
JOB
ok 'a NUL in a capture is not silently lost' sh -c 'grep -q 1 status || ! grep -qx "<a>" out'
job --no-tag <<'JOB'
[sequence a]
run = echo "$x"
capture x = stdout
JOB
ok 'a variable that only this step sets can not be used before' not status 0

# standard input and output
job --no-tag <<'JOB'
[vars]
v = of a ${job}
[sequence a]
run = cat; echo end
run = cat
stdin = text ${v}
run = cat
stdin =
    a block
      of $two ${lane}
run = cat; printf ' '
stdin file = in.txt
run = cat
stdin var = v
run = echo; readlink /proc/self/fd/0
JOB
ok 'a file for standard input that is not there is a failure' status 1
ok 'and named' has err in.txt
printf 'no newline' >in.txt
pseq run --no-tag a.job
ok 'standard input is a text, a file, a variable, or nothing' same out <<'END'
end
text of a a
a block
  of $two a
no newline of a a
/dev/null
END
job --no-tag <<'JOB'
[sequence a]
run = wc -c
stdin = abc
run = head -c 1 >/dev/null; echo early
stdin file = big
JOB
head -c 3000000 /dev/zero >big
pseq run --no-tag a.job
ok 'a command need not read its input' line out early
ok 'a text ends with a newline' line out 4
job --no-tag <<'JOB'
[sequence a]
run = wc -c; echo
stdin file = big
JOB
ok 'a large file comes whole' has out 3000000

job --no-tag <<'JOB'
[sequence a]
run = echo one; echo two >&2
stdout file = sub-${lane}.txt
run = echo gone; echo three >&2
stdout = none
JOB
ok 'standard output goes to a file' same sub-a.txt <<'END'
one
END
ok 'not into the output' hasnt out one
ok 'nor anywhere' hasnt out gone
ok 'standard error is still shown' sh -c 'cat out err | grep -q two'
head -c 300000 /dev/urandom >random
job <<'JOB'
[sequence a]
run = cat random
stdout file = copy
JOB
ok 'bytes of a file are unchanged' cmp random copy
job <<'JOB'
[sequence a]
run = echo x
stdout file = /no/such/dir/file
JOB
ok 'a file that cannot be made is a failure' status 1
ok 'and named' has err /no/such/dir/file
job --no-tag <<'JOB'
[sequence a]
run = echo new
stdout file = old.txt
capture x = stdout
JOB
ok 'a stdout to a file and a capture of it are a mistake or both done' \
    sh -c 'grep -q 2 status || grep -qx new old.txt'
done_testing
