#!/bin/sh
# the same with steps that run on other hosts
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"
kills=24
is_sanitized && kills=6
# shellcheck source=tests/cli/killed.sh
. "$root/tests/cli/killed.sh"

beds 6 --delay 0
cat >killed.job <<END
[vars]
d = $dir

[sequence work]
hosts = h[001-006]
always = tidy
rescue = mend
var i = 0

step = c_first
run = echo "\${lane} c_first 1 \${attempt}" >>"\${d}/ran"; echo "on \${host}"
capture a = stdout

step = c_loop
run = echo "\${lane} c_loop \$((i + 1)) \${attempt}" >>"\${d}/ran"
let i = i + 1
goto = c_loop
when = i < 2

step = c_once
run = echo "group c_once 1 \${attempt}" >>"\${d}/ran"; echo key
capture key = stdout
once = yes

step = c_retry
run = echo "\${lane} c_retry 1 \${attempt}" >>"\${d}/ran"; test \${attempt} -gt 1
retry = 2 every 1ms

step = c_branch
run = echo "\${lane} c_branch 1 \${attempt}" >>"\${d}/ran"; exit \$((\${host#h00} % 3))
on 1 = call part k=one then next
on 2 = next

barrier = all
put = killed.job -> "\${d}/final/job-\${host}"

step = c_here
local = echo "\${lane} c_here 1 \${attempt}" >>ran; test "\${host}" != h003

step = c_final
run = echo "\${a} \${i} \${key} \${p:-none}" >"\${d}/final/\${host}"; echo "\${lane} c_final 1 \${attempt}" >>"\${d}/ran"

[routine part]
params = k
step = c_part
run = echo "\${lane} c_part 1 \${attempt}" >>"\${d}/ran"
set p = \${k}

[routine mend]
step = c_mend
run = echo "\${lane} c_mend 1 \${attempt}" >>"\${d}/ran"

[routine tidy]
step = c_tidy
local = echo "\${lane} c_tidy 1 \${attempt}" >>ran

[sequence careful]
hosts = h[001-003]
step = c_before
run = echo "\${lane} c_before 1 \${attempt}" >>"\${d}/ran"
step = c_careful
run = echo "\${lane} c_careful 1 \${attempt}" >>"\${d}/ran"
rerun = no
step = c_after
run = echo "\${lane} c_after 1 \${attempt}" >>"\${d}/ran"
END

undisturbed 1
disturbed
ok 'nothing is left on the hosts' retry nothing_left
no_beds
done_testing
