#!/bin/sh
# reactions to lines while the step runs
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

job --no-tag <<'JOB'
[sequence a]
run = echo start; echo 'version 1.2.3 found'; echo end
on line = version ([0-9.]+) -> set v
say = ${v}
run = echo 'plain line'
on line = plain -> set whole
say = ${whole}
JOB
ok 'set keeps the first group, or the line' same out <<'END'
start
version 1.2.3 found
end
1.2.3
plain line
plain line
END
job <<'JOB'
[sequence a]
run = echo 'disk 91% full'; echo ok
on line = (\d+)% full -> say warn: ${match}% (${line})
JOB
ok 'say tells, and the step goes on' line out 'a : warn: 91% (disk 91% full)'
ok 'to its end' line out 'a | ok'

job --no-tag <<'JOB'
[sequence a]
run = echo ready; echo $$ >pid; exec sleep 60
on line = ^ready$ -> release
say = released ${result}
run = kill -0 "$(cat pid)" && echo lives
retry = 100 every 20ms
JOB
ok 'release lets the process live on beside the lane' same out <<'END'
ready
released ok
lives
END
ok 'it ends with the lane' retry gone "$(cat pid)"
ok 'and that is no failure' status 0

job --no-tag <<'JOB'
[sequence a]
run = echo boom; sleep 60
on line = boom -> kill
say = ${result}
run = echo boom; sleep 60
on line = boom -> kill then goto there
say = never
step = there
say = there ${result}
JOB
ok 'kill ends the process, and the step is ok' line out ok
ok 'kill then goes elsewhere' line out 'there ok'
ok 'but not to the next' hasnt out never
job --no-tag <<'JOB'
[sequence a]
run = echo 'fatal: disk'; sleep 60
on line = ^fatal: (.*) -> fail no ${match}
retry = 5
JOB
ok 'fail ends the process and the lane' status 1
ok 'with its message' has err 'no disk'
ok 'and is not tried again' count out 1 fatal
job --no-tag <<'JOB'
[sequence a]
run = echo x; sleep 60
on line = x -> fail
JOB
ok 'fail without a message has the line' has err 'error: x'
job --no-tag <<'JOB'
[sequence a]
run = echo one; sleep 60
on line = one -> finish done
say = never
[sequence b]
run = echo two; sleep 60
on line = two -> call r text="${line}" then next
say = after ${result}
run = echo three; sleep 60
on line = three -> goto end
say = never
step = end
say = end
[routine r]
params = text
say = called ${text}
JOB
ok 'finish, call and goto end the process first' status 0
ok 'the routine sees the line' line out 'called two'
ok 'and then it goes on' line out 'after ok'
ok 'goto skips' hasnt out never
job --no-tag <<'JOB'
[sequence a]
run = test -e again && echo good || { touch again; echo bad; sleep 60; }
on line = bad -> retry
say = end
JOB
ok 'retry starts the step once more' same out <<'END'
bad
good
end
END
job --no-tag <<'JOB'
[sequence a]
run = echo o; echo e >&2
on stdout-line = (.) -> set out
on stderr-line = (.) -> set err
say = ${out} ${err}
JOB
ok 'stdout-line and stderr-line look at one stream' line out 'o e'
job --no-tag <<'JOB'
[sequence a]
run = echo 'a -> b'; echo 'b -> c'
on line = a -> (.) -> set next
say = ${next}
JOB
ok 'the last arrow separates' line out b
job --no-tag <<'JOB'
[sequence a]
run = echo one; echo two; printf three
stdout = none
on line = (t.*) -> say saw ${match}
JOB
ok 'lines are looked at before they are diverted' same out <<'END'
saw two
saw three
END
sed -i 's/^stdout = none/stdout file = diverted/' a.job
pseq run --no-tag a.job
ok 'also before they go to a file' same out <<'END'
saw two
saw three
END
ok 'which has them all' sh -c 'printf "one\ntwo\nthree" | cmp -s - diverted'
job --no-tag <<'JOB'
[sequence a]
run = echo x; echo y
quiet = yes
on line = y -> set got
capture all = stdout
say = ${got} ${all}
JOB
ok 'quiet and captures are no hindrance' line out 'y x'
job --no-tag <<'JOB'
[sequence a]
run = printf '\377 bad\n'; printf 'good \303\244\n'
on line = bad -> set no
on line = (ä) -> set yes
say = ${yes}
JOB
ok 'bytes that are not UTF-8 match nothing and do not fail' line out 'ä'
ok 'the job ends well' status 0
job --no-tag <<'JOB'
[sequence a]
run = printf '%0.sa' $(seq 1 30); echo '!'
on line = ^(a+)+$ -> set x
say = done
JOB
ok 'a pattern that could run for ever does not' line out 'done'
job --no-tag <<'JOB'
[sequence a]
run = head -c 200000 /dev/zero | tr '\0' x; echo; echo needle
on line = ^(x{60000}){2} -> fail too far
on line = needle -> set n
quiet = yes
say = ${n}
JOB
ok 'a very long line is no trouble' line out needle
job --no-tag <<'JOB'
[sequence a]
run = trap '' TERM; echo x; while :; do sleep 0.1; done
grace = 200ms
on line = x -> kill
say = killed
JOB
ok 'what ignores TERM is killed after grace' line out killed
done_testing
