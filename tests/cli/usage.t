#!/bin/sh
# the command line itself
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

pseq --version
ok '--version' status 0
ok 'is one line with a number' count out 1 '^pseq [0-9]'
pseq --help
ok '--help' status 0
for command in run check plan each hosts set get send receive help complete; do
	ok "names $command" has out "$command"
done
ok 'on standard output' test ! -s err
cp out help
pseq help
ok 'help is the same' cmp out help
for command in run check plan each hosts set get send receive help complete; do
	pseq "$command" --help
	ok "$command --help" status 0
	ok "shows how it is used" has out "pseq $command"
	ok "and its options" has out '--help'
	cp out help
	pseq help "$command"
	ok "help $command is the same" cmp out help
	pseq "$command" --no-such-option
	ok "$command: an unknown option is an error" status 2
	ok 'told on standard error only' test ! -s out -a -s err
done
pseq
ok 'without a command there is an error' status 2
ok 'which shows how' has err pseq
pseq rum a.job
ok 'an unknown command is an error' status 2
ok 'with the nearest name' has err run
pseq run
ok 'a job file is needed' status 2
pseq run --keep-ordr a.job
ok 'an unknown option has its nearest name' has err keep-order
pseq run --quie a.job
ok 'options are not abbreviated' status 2
pseq run -Z a.job
ok 'an unknown letter is an error' status 2
pseq run --jobs a.job
ok 'a value that is missing is an error' status 2
pseq run --quiet=yes a.job
ok 'a value too many is one' status 2
pseq check --from x a.job
ok 'an option of another command is an error' status 2
printf '[sequence a]\nrun = echo x\n' >a.job
pseq run --jobs=2 --output=stream a.job
ok 'values may stand behind =' status 0
pseq run -j2 -kq a.job
ok 'letters may be together' status 0
pseq run a.job --no-tag
ok 'options may stand behind files' same out <<'END'
x
END
pseq run -- a.job
ok '-- ends the options' status 0
pseq check a.job
ok 'check of a good job' status 0
ok 'says so' has out good
printf '[sequence a]\nrun = touch ran\n' >b.job
pseq check b.job
ok 'and runs nothing' test ! -e ran
pseq check a.job nowhere.job
ok 'one bad file is status 2' status 2
pseq check a.job b.job
ok 'several may be checked' status 0
ok 'each is named' sh -c 'grep -q a.job out && grep -q b.job out'
printf '[vars]\nx = 1\n[sequence a]\nsay = ${x}\n' >v.job
pseq check -v x=2 v.job
ok 'check takes variables' status 0
pseq check -v y=2 v.job
ok 'and knows which there are' status 2
for shell in bash zsh fish; do
	pseq complete "$shell"
	ok "completions for $shell" status 0
	ok 'hold all commands' sh -c 'grep -q each out && grep -q check out'
	ok 'and options' has out keep-order
	command -v "$shell" >/dev/null || continue
	ok "which $shell can read" "$shell" -n out
done
pseq complete tcsh
ok 'other shells are an error' status 2
pseq complete words
ok 'words: one a line' sh -c 'test "$(grep -c " " out)" -eq 0 && grep -qx -e --keep-order out'
done_testing
