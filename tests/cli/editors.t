#!/bin/sh
# what editors colour job files by: made of the tables, and right
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

vim=$root/share/vim/syntax/pseq.vim
textmate=$root/share/textmate/pseq.tmLanguage.json
pseq complete vim
ok 'the file for vim is that of the tables (make editors)' cmp -s out "$vim"
pseq complete textmate
ok 'so is the one for others' cmp -s out "$textmate"
sed -n '/^const struct key lang_keys/,/^};/s/^	{ KEY_[A-Z_]*, "\([a-z-]*\)".*/\1/p' \
    "$root/src/lang/keys.c" >keys
ok 'the table of keys was found' test "$(wc -l <keys)" -gt 40
while IFS= read -r key; do
	ok "vim knows $key" grep -qE "(%\(|\\\\\|)$key(\\\\\||\\\\\))" "$vim"
	ok "the others know $key" grep -qE "\"begin\".*[(|]${key}[|)]" "$textmate"
done <keys

cat >a.job <<'JOB'
# a comment
[job]
name = my job
timeout = 1h30m
log = failed
; another
[vars]
day output = date +%F; if true; then echo "x"; fi
text = if ${day} 10 then
[limits]
db shared = 17
[hosts web]
hosts = web[1-4]
host-keys = accept-new
unknown = x
[sequence one]
each x lines = list
each y range = 1..400
retry = 3 every 5s on timeout
after = other
run = echo "$x" | while read -r line; do
    # within the command
    echo timeout = 3
# at the edge

    done

timeout = 77s
on 31 lost signal TERM = call mend n=1 then retry
on line = ^ready -> release
say = ${x.0.name} and run
when = x > 99 and not defined y or y == "a ${x}"
label =
    ${x}
unlisted = 5s
run = cat <<END
    no end of it
# a comment again
[routine mend]
params = n
capture v = json
JOB
groups='# a comment|pseqComment
[job|pseqSection
name|pseqJobTextKey
= my|pseqTextValue
1h30m|pseqDuration
failed|pseqChoice
; another|pseqComment
day|pseqNamesName
output|pseqSource
= date|pseqCommandValue
; if|shConditional
${day}|pseqVariable
10|pseqTextValue
db|pseqLimitsName
shared|pseqSource
17|pseqNumber
hosts|pseqSection
accept-new|pseqChoice
unknown|pseqInHosts
lines|pseqSource
400|pseqNumber
every|pseqChoice
5s|pseqDuration
on timeout|pseqResult
after|pseqSequenceWordsKey
run|pseqSequenceCommandAction
= echo|shStatement
# within|shComment
# at the edge|shComment
77s|pseqDuration
31|pseqNumber
lost|pseqResult
TERM|pseqSignal
= call|pseqFirst
then retry|pseqThen
->|pseqArrow
release|pseqDo
${x.0.name}|pseqVariable
99|pseqNumber
and not|pseqOperator
defined|pseqOperator
"a |pseqString
unlisted|pseqInSequence
# a comment again|pseqComment
[routine mend|pseqSection
params|pseqRoutineWordsKey
capture|pseqRoutineChoiceKey
json|pseqChoice'
if command -v vim >/dev/null && vim --version | grep -q '+syntax'; then
	SHARE=$root/share ASK=$(echo "$groups" | cut -d'|' -f1) FILES=$dir/a.job \
		timeout -s KILL 40 vim -es -u "$root/tests/editors/look.vim" \
		</dev/null >out 2>&1
	echo "$groups" | tr '|' ' ' >want
	while IFS= read -r group; do
		ok "vim: $group" line look.out "$group"
	done <want
	ok 'it had nothing to complain of' count look.out 0 ' E[0-9]\|^E[0-9]'
	ok 'what is unknown has no colour' sh -c \
		'test "$(grep -c "a\\.job:" look.out)" -eq 2'
	SHARE=$root/share ASK='' \
		FILES=$(printf '%s\n' "$root"/examples/*.job "$root"/jobs/*.job) \
		timeout -s KILL 40 vim -es -u "$root/tests/editors/look.vim" \
		</dev/null >out 2>&1
	cp look.out err
	ok 'vim knows every line of the examples and jobs' test ! -s look.out
else
	skip 'the colours of vim' 'there is none with +syntax'
fi
if command -v python3 >/dev/null; then
	python3 "$root/tests/editors/textmate.py" "$textmate" \
		"$root"/examples/*.job "$root"/jobs/*.job >out 2>err
	ok 'the patterns of the other grammar know them, too' test $? = 0
	python3 "$root/tests/editors/textmate.py" "$textmate" a.job >out 2>err
	ok 'and not what is unknown' sh -c \
		'grep -q "unknown: unknown" out && grep -q "unknown: unlisted" out'
	# a key in the wrong place
	printf '[job]\nrun = x\n[sequence a]\nchildren = 3\n' >b.job
	python3 "$root/tests/editors/textmate.py" "$textmate" b.job >out 2>err
	ok 'nor a key where it may not stand' count out 2 ': unknown: '
else
	skip 'the other grammar' 'there is no python3'
fi
# with DESTDIR nothing else is touched
make -s -C "$root" B="$B" DESTDIR="$dir/inst" PREFIX=/usr install >out 2>err
echo $? >status
ok 'make install has them' status 0
for file in vim/vimfiles/syntax/pseq.vim vim/vimfiles/ftdetect/pseq.vim \
    nvim/site/syntax/pseq.vim nvim/site/ftdetect/pseq.vim \
    pseq/pseq.tmLanguage.json; do
	ok "$file" test -s "inst/usr/share/$file"
done
make -s -C "$root" B="$B" DESTDIR="$dir/inst" PREFIX=/usr uninstall >out 2>err
ok 'and make uninstall has none left' sh -c 'test -z "$(find inst -type f)"'
done_testing
