#!/bin/sh
# pseq check --explain: what the manual says of a word
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

COLUMNS=72
export COLUMNS
pseq check --explain timeout
ok 'a key is explained' status 0
ok 'to standard output' test ! -s err
ok 'first its place' sh -c 'head -n 1 out | grep -qx JOB'
ok 'each entry below its own' before out 'JOB' 'STEPS: Modifiers'
ok 'as often as there are any' count out 2 '^  timeout = duration$'
ok 'a result of that name, too' line out '  timeout, silent'
ok 'with its text' has out 'Limit of the whole run.'
ok 'the list it stands in is told' line out 'Keys of [job].'
pseq check --explain '[vars]'
ok 'a section' sh -c 'head -n 3 out | grep -qxF "  [vars]"'
ok 'with what stands in it' line out '      name output = command'
pseq check --explain sequence
ok 'also without its brackets' line out '  [sequence name]'
pseq check --explain '[hosts web]'
ok 'or with a name' sh -c 'grep -qxF "  [hosts name]" out && ! grep -q "hosts = set" out'
pseq check --explain hosts
ok 'a word that is both is both' sh -c \
	'grep -qxF "  [hosts name]" out && test "$(grep -cx "  hosts = set" out)" -eq 3'
pseq check --explain 'stdin file'
ok 'two words are one entry' sh -c 'test "$(grep -c "^  [a-z]" out)" -eq 1 && grep -qx "  stdin file = path" out'
pseq check --explain tcp
ok 'an entry within another one' sh -c 'grep -q "^  wait = tcp host:port" out && grep -qx "      tcp" out'
pseq check --explain lost
ok 'a result' line out '  lost'
pseq check --explain durations
ok 'a section of a chapter, in any letters' sh -c 'head -n 1 out | grep -qx Durations && test "$(wc -l <out)" -lt 8'
pseq check --explain RESULTS
ok 'a chapter goes to its end' sh -c 'grep -q "cancelled" out && grep -q "end unknown" out && ! grep -q REACTIONS out'

pseq check --explain timeuot
ok 'an unknown word is status 2' status 2
ok 'with the nearest one' same err <<'END'
pseq check: --explain: the manual has no entry 'timeuot'; did you mean 'timeout'?
END
pseq check --explain xyzzy
ok 'if one is near' same err <<'END'
pseq check: --explain: the manual has no entry 'xyzzy'
END
pseq check --explain ''
ok 'nothing is no word' status 2
pseq check --explain timeout a.job
ok 'it takes no file' status 2
ok 'and says so' has err '--explain takes no files'
pseq check
ok 'without it a file is needed' sh -c 'grep -qx 2 status && grep -q "there is no job file" err'

widest() { awk '{ if (length > n) n = length } END { print n }' out; }
for columns in 40 60 100; do
	COLUMNS=$columns pseq check --explain put
	ok "lines are broken at $columns columns" test "$(widest)" -le "$columns" -a "$(widest)" -gt $((columns - 10))
done
COLUMNS=1 pseq check --explain put
ok 'a terminal of one column is no trap' status 0
(unset COLUMNS; pseq check --explain put; widest >wide)
ok 'without a terminal it is 80' test "$(cat wide)" -le 80 -a "$(cat wide)" -gt 70

# an entry has a place, its name and a text, and nothing of the source
explained() {
	pseq check --explain "$1"
	status 0 && grep -qE '^[A-Z][A-Z ]+(: [A-Z].*)?$' out &&
		grep -qE "^ +(.*[] ,|[])?$1([] ,=]|\$)" out &&
		grep -qE '^ {6,}[^ ]' out &&
		! grep -qE '^\.|\\&|\\\(| (Ns|Cm|Ar|Oo|Oc|Ql|Pq|Sx|Xr) ' out
}
sed -n '/^const struct key lang_keys/,/^};/s/^	{ KEY_[A-Z_]*, "\([a-z-]*\)".*/\1/p' \
    "$root/src/lang/keys.c" >keys
ok 'the table of keys was found' test "$(wc -l <keys)" -gt 40
while IFS= read -r key; do
	ok "$key is explained" explained "$key"
done <keys
# wherever a key may stand, a chapter says what it is there
chapters() {
	case $1 in *AT_JOB*) echo JOB ;; esac
	case $1 in *AT_SEQUENCE* | *AT_ROUTINE* | *AT_HEADER* | *AT_DEFAULT* | \
	    *AT_CONTACT*) echo HEADERS ;; esac
	case $1 in *AT_STEP* | *AT_DEFAULT*) echo STEPS ;; esac
	case $1 in *AT_HOSTS* | *AT_HOST | *AT_VIA* | *AT_CONTACT*) echo HOSTS ;; esac
	case $1 in *AT_CHANNEL*) echo SECTIONS ;; esac
}
everywhere() {
	pseq check --explain "$1"
	for chapter in $(chapters "$2"); do
		grep -qE "^$chapter(:|\$)" out || return 1
	done
	test -n "$(chapters "$2")"
}
sed -n '/^const struct key lang_keys/,/^};/s/^	{ KEY_[A-Z_]*, "\([a-z-]*\)", \([A-Z_ |]*\),.*/\1 \2/p' \
    "$root/src/lang/keys.c" >places
ok 'their places were found' test "$(wc -l <places)" -eq "$(wc -l <keys)"
while read -r key at; do
	ok "$key is explained where it may stand" everywhere "$key" "$at"
done <places
for word in job vars secrets limits channel routine ok exit signal silent start \
    error closed unreachable auth hostkey skipped cancelled connection any \
    release kill defined exists changed stderr_tail and json shared; do
	ok "so is $word" explained "$word"
done

# what mandoc makes of a chapter has the same words
words() { tr '`' "'" | tr -s '[:space:]' '\n' | grep -vx 'o\|-'; }
if command -v mandoc >/dev/null && command -v col >/dev/null; then
	mandoc -Tascii -Owidth=1000 "$root/man/pseq.5" | col -b >page
	sed -n 's/^\.Sh //p' "$root/man/pseq.5" >chapters
	while IFS= read -r chapter; do
		COLUMNS=1000 pseq check --explain "$chapter"
		words <out >ours
		awk -v c="$chapter" '/^[A-Z]/ { on = $0 == c } on' page |
			words >theirs
		ok "$chapter has the words of the manual" cmp -s ours theirs
	done <chapters
else
	skip 'the words are those of the manual' 'there is no mandoc'
fi
done_testing
