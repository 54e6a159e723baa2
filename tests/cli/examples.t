#!/bin/sh
# every example is a good job file, runs, and shows what it promises; the
# manuals name every option and every key
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# the words behind "# NAME: " in the head of a job
said() { sed -n "s/^# $1: //p" "$2"; }

# lines of the output with one blank before the mark, however wide names are
narrow() { sed -E 's/ +([|!:+$]) / \1 /' out >narrow; }

# nothing of it is left in the directory for temporary files
swept() { test -z "$(ls -A tmp)"; }

# some run it themselves
ln -s "$PSEQ" bin/pseq
TMPDIR=$dir/tmp
export TMPDIR
mkdir tmp
limit=20

for job in "$root"/examples/*.job; do
	name=${job##*/}
	base=${job%.job}
	test "$name" = demo.job && continue

	pseq check "$job"
	ok "$name is a good job file" status 0

	tool=$(said needs "$job")
	if ! command -v "${tool:-sh}" >/dev/null; then
		skip "$name runs" "no $tool here"
		continue
	fi
	said stdin "$job" >in
	wanted=$(said exit "$job")
	# shellcheck disable=SC2046
	pseq_from in run --keep-order $(said args "$job") "$job"
	ok "$name ends with ${wanted:-0}" status "${wanted:-0}"
	ok "$name leaves nothing behind" swept
	if test -e "$base.out"; then
		narrow
		ok "$name shows what it should" cmp "$base.out" narrow
	fi
	rm -rf tmp && mkdir tmp
done

# the names in a table of the source: tabs, a brace, what is in quotes
names() { sed -n "s/^	{ $1\"\([a-z-]*\)\".*/\1/p" "$root/$2"; }

names '' src/app/commands.c >options
ok 'there are options' test -s options
while read -r option; do
	ok "pseq.1 tells about --$option" \
		grep -q -e "^\.It.* Fl -$option" "$root/man/pseq.1"
done <options
names 'KEY_[A-Z_]*, ' src/lang/keys.c >keys
ok 'there are keys' test -s keys
while read -r key; do
	ok "pseq.5 tells about $key" grep -q "^\.It Cm $key " "$root/man/pseq.5"
done <keys

done_testing
