#!/bin/sh
# killed at any moment and resumed, a run comes to what it would have come to
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
kills=200
is_sanitized && kills=12
# shellcheck source=tests/cli/killed.sh
. "$root/tests/cli/killed.sh"

cat >killed.job <<'END'
[job]
description = every kind of step, many times
timeout = 5m
children = 16

[vars]
c_seed output = echo "[vars] c_seed 1 1" >>ran; echo 40

[limits]
slot = 6

[channel box]
capacity = 4

[channel ring]
capacity = 0

# --- 50 lanes, 20 steps and more each ---

[sequence work]
each item range = 1..50
parallel = 12
always = tidy
rescue = mend
lane-timeout = 2m
var i = 0
var n = 0
var way = none

step = c_first
run = echo "${lane} c_first 1 ${attempt}" >>ran; echo "a-${item}"
capture a = stdout

let n = item * 7 + c_seed
set s = <${a}/${n}>

step = c_loop
run = echo "${lane} c_loop $((i + 1)) ${attempt}" >>ran
let i = i + 1
step = again
goto = c_loop
when = i < 2

step = c_branch
run = echo "${lane} c_branch 1 ${attempt}" >>ran; exit $((item % 3))
on 1 = goto odd
on 2 = call other w=two then next

step = plain
set way = ${way}-plain
step = odd
let odd = c_branch.code

step = never
run = echo "${lane} never 1 ${attempt}" >>ran
when = item > 50

step = c_once
run = echo "group c_once 1 ${attempt}" >>ran; echo key-$$ | tr -d 0-9
capture key = stdout
once = yes

step = c_retry
run = echo "${lane} c_retry 1 ${attempt}" >>ran; test ${attempt} -gt $((item % 3))
retry = 3 every 1ms

barrier = half
count = 5

call = part k=1
let p1 = p
step = fan
call = part k=${f}
each f = 2 3
collect parts = p
on fail = next

spawn = side as beside
send box = ${item}
step = c_line
run = echo "${lane} c_line 1 ${attempt}" >>ran; echo "load: ${n}"
on line = load: (.*) -> set load
quiet = yes
join = beside

step = c_json
run = echo "${lane} c_json 1 ${attempt}" >>ran; echo "{\"a\":[${item}]}"
capture j = json
needs = slot

step = c_fail
run = echo "${lane} c_fail 1 ${attempt}" >>ran; test $((item % 16)) -ne 13

step = c_final
run = echo "${lane} c_final 1 ${attempt}" >>ran
    echo "${item} ${a} ${n} ${s} ${i} ${way} ${odd} ${key} ${p1} ${parts} ${load}" >"final/${item}"

[routine other]
params = w
step = c_other
run = echo "${lane} c_other 1 ${attempt}" >>ran
set way = ${w}

[routine part]
params = k
step = c_part
run = echo "${lane} c_part 1 ${attempt}" >>ran; test "${item}-${k}" != 20-3
let p = n * k

[routine side]
step = c_side
run = echo "${lane} c_side 1 ${attempt}" >>ran

[routine mend]
step = c_mend
run = echo "${lane} c_mend 1 ${attempt}" >>ran; echo "${step} ${code}" >"final/mend-${item}"
step = mended
finish = mended
when = item == 13

[routine tidy]
step = c_tidy
run = echo "${lane} c_tidy 1 ${attempt}" >>ran; echo "${result}" >"final/tidy-${item}"

# --- one wave after the other ---

[sequence waves]
each item range = 1..6
serial = 2
step = c_wave
run = echo "${lane} c_wave 1 ${attempt}" >>ran
barrier = crest
step = c_foam
run = echo "${lane} c_foam 1 ${attempt}" >>ran; echo "${wave} ${index}" >"final/wave-${item}"

[sequence shore]
after = waves
step = c_shore
run = echo "${lane} c_shore 1 ${attempt}" >>ran; ls final | grep -c wave >final/shore

# --- every message comes once ---

[sequence gather]
var sum = 0
var count = 0
step = get
receive box = m
on closed = goto c_sum
let sum = sum + m
let count = count + 1
goto = get
step = c_sum
run = echo "${lane} c_sum 1 ${attempt}" >>ran; echo "${count} ${sum}" >final/gather

[sequence ping]
var i = 0
step = c_ping
run = echo "${lane} c_ping $((i + 1)) ${attempt}" >>ran
let i = i + 1
send ring = ${i}
goto = c_ping
when = i < 8

[sequence pong]
var got =
step = take
receive ring = x
on closed = goto c_pong
set got = ${got}${x},
goto = take
step = c_pong
run = echo "${lane} c_pong 1 ${attempt}" >>ran; echo "${got}" >final/pong

# --- never a second time ---

[sequence careful]
each item range = 1..6
step = c_before
run = echo "${lane} c_before 1 ${attempt}" >>ran
step = c_careful
run = echo "${lane} c_careful 1 ${attempt}" >>ran
rerun = no
step = c_after
run = echo "${lane} c_after 1 ${attempt}" >>ran
END

undisturbed 1
disturbed
done_testing
