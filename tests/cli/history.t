#!/bin/sh
# the runs of the past as a table
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/past.sh
. "$root/tests/cli/past.sh"

# --- none ---
pseq history
ok 'a fresh user has no runs, which is no error' status 0
ok '... nothing is printed' test ! -s out
ok '... but told' has err "there are no runs in $state/"
ok '... nothing is made for that' test ! -e "$state"
pseq show
ok 'show without any run' status 2
ok '... says so' has err "error: there are no runs in $state/"
pseq history deploy
ok 'no run of that job' status 2

# --- some ---
mixed deploy 20231114-221320-aaaaa
cut_off backup 20231114-221500-bbbbb
{ run_record deploy 20231114-221400-ccccc 1700000040.000000
printf '{"type":"run_end","time":1700000040.25,"at":0.250000,"status":0,"why":"over","lanes":{"ok":2},"seconds":0.25}\n'
} | past deploy 20231114-221400-ccccc
{ run_record deploy 20231114-221410-ddddd 1700000050.000000
printf '{"type":"run_end","time":1700000051.0,"at":1.0,"status":130,"why":"signal","signal":"INT","lanes":{"cancelled":1},"seconds":1.0}\n'
} | past deploy 20231114-221410-ddddd
echo 'not a record' | past deploy 20231114-221420-eeeee
mkdir -p "$state/locks" "$state/deploy/no-run"
pseq history
ok 'history' status 0
ok 'its table' same out <<'END'
RUN                    JOB     STATE            BEGAN                 TIME  LANES
20231114-221500-bbbbb  backup  interrupted      2023-11-14 22:15:00      -  -
20231114-221420-eeeee  deploy  damaged          -                        -  its journal has no beginning
20231114-221410-ddddd  deploy  interrupted INT  2023-11-14 22:14:10   1.0s  1: 1 cancelled
20231114-221400-ccccc  deploy  ok               2023-11-14 22:14:00  250ms  2: 2 ok
20231114-221320-aaaaa  deploy  failed           2023-11-14 22:13:20   6.0s  3: 1 ok, 1 failed, 1 cancelled, 4 not started
END
pseq history deploy -n 2
ok 'so many of one job' same out <<'END'
RUN                    JOB     STATE            BEGAN                TIME  LANES
20231114-221420-eeeee  deploy  damaged          -                       -  its journal has no beginning
20231114-221410-ddddd  deploy  interrupted INT  2023-11-14 22:14:10  1.0s  1: 1 cancelled
END
ok 'that there are more is told' line err \
    'pseq: and 2 older runs: -n 0 shows all'
pseq history deploy -n 3
ok '... one is one' line err 'pseq: and 1 older run: -n 0 shows all'
pseq history -n 0
ok 'all of them' count out 6 .
ok '... and nothing is left to tell' test ! -s err
pseq history deplyo
ok 'a job that is not known' status 2
ok '... and what may have been meant' line err \
    "pseq history: there is no run of a job 'deplyo'; did you mean 'deploy'?"
pseq history --color always -n 1
ok 'colours' has out "$(printf '\033[33minterrupted\033[0m  2023')"

pseq complete jobs
ok 'jobs, for shells' same out <<'END'
backup
deploy
END
pseq complete runs
ok '... and runs' test "$(sed -n 3p out)" = 20231114-221500-bbbbb
cat >complete.bash <<'END'
eval "$("$PSEQ" complete bash)"
pseq() { "$PSEQ" "$@"; }
COMP_WORDS=(pseq show 2023) COMP_CWORD=2
_pseq
printf '%s\n' "${COMPREPLY[@]}"
END
if command -v bash >/dev/null; then
	bash complete.bash >out 2>err
	ok 'a shell completes them' count out 5 ^20231114-
fi

# --- from a newer pseq ---
past deploy 20231114-230000-fffff <<'END'
{"type":"run","time":1700002800.0,"at":0.0,"schema":99,"pseq":"9.0","run":"20231114-230000-fffff","job":"deploy"}
END
pseq history -n 0
ok 'a journal of a newer pseq is told' \
    has out 'its journal was written by a newer pseq'
pseq show 20231114-230000
ok '... and not read' status 3
ok '... for that reason' has err 'was written by pseq 9.0 in schema 99'

# --- which run is meant ---
found() { pseq show "$1"; has err "pseq: $2, 2023"; }
ok 'by its name' found 20231114-221400-ccccc 20231114-221400-ccccc
ok 'by the begin of it' found 20231114-221400 20231114-221400-ccccc
ok 'by its job' found backup 20231114-221500-bbbbb
ok 'by job and run' found deploy/20231114-221320-aaaaa 20231114-221320-aaaaa
ok 'by job and the begin of a run' found backup/2 20231114-221500-bbbbb
ok 'by its directory' found "$state/backup/20231114-221500-bbbbb" \
    20231114-221500-bbbbb
ok 'a name that is the begin of several' not found 2023111 x
ok '... of which some are told' has err \
    "'2023111' is the begin of more than one run: deploy/20231114-230000-fffff"
ok 'one that is not known' not found bakcup x
ok '... and what may have been meant' has err \
    "no run and no job is known as 'bakcup'; did you mean 'backup'?"

# --- one that goes on ---
mkfifo hold
printf '[job]\nname = live\n\n[sequence s]\nrun = read -r x <hold\n' >live.job
start run live.job
goes_on() { "$PSEQ" history live | grep -q "running $pid "; }
ok 'one that goes on is told with its process' retry goes_on
echo >hold
ended
"$PSEQ" history live >out
ok '... until it ends' count out 1 ' ok  '

# --- a terminal of 80 columns ---
pseq history -n 2 deploy
ok 'elsewhere it is told when a run began' has out 'BEGAN'
printf '[sequence s]\nrun = "%s" history -n 2 --color never deploy\ntty = yes\n' \
    "$PSEQ" >tty.job
pseq run --no-state --no-tag tty.job
ok 'what is too wide is told without' line out \
    '20231114-221420-eeeee  deploy  damaged     -  its journal has no beginning'
printf '[sequence s]\nrun = "%s" history --color never back\ntty = yes\n' \
    "$PSEQ" >tty.job

# --- one that was resumed when the clock had been set back ---
{ run_record back 20231114-221500-ggggg 1700000100.000000
printf '{"type":"resume","time":1600000000.0,"at":0.0,"pid":1}\n'
printf '{"type":"run_end","time":1600000002.0,"at":2.0,"status":0,"why":"over","lanes":{"ok":2},"seconds":2.0}\n'
} | past back 20231114-221500-ggggg
pseq history back
ok 'no time is negative' has out '2023-11-14 22:15:00  2.0s'
pseq run --no-state --no-tag tty.job
ok 'what is narrow is told in full on a terminal' has out '2023-11-14 22:15:00  2.0s'
done_testing
