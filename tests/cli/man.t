#!/bin/sh
# the manuals name all there is
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

pseq complete words
while IFS= read -r word; do
	case $word in
	--*) ok "pseq.1 has $word" grep -qE -e "Fl -${word#--}( |\$)" "$root/man/pseq.1" ;;
	-*) ok "pseq.1 has $word" grep -qE -e "Fl ${word#-}( |\$)" "$root/man/pseq.1" ;;
	*) ok "pseq.1 has $word" grep -qwE -e "$word" "$root/man/pseq.1" ;;
	esac
done <out
sed -n '/^const struct key lang_keys/,/^};/s/^	{ KEY_[A-Z_]*, "\([a-z-]*\)".*/\1/p' \
    "$root/src/lang/keys.c" >keys
ok 'the table of keys was found' test "$(wc -l <keys)" -gt 40
while IFS= read -r key; do
	ok "pseq.5 has $key" grep -qE "^\\.(It|Ic|Cm).* ?(Ic|Cm|It) $key( |\$)|^\\.(Ic|Cm) $key( |\$)" \
	    "$root/man/pseq.5"
done <keys
for word in ok exit signal timeout silent start error skipped cancelled fail \
    connection any next goto retry call finish drain stop release kill set say; do
	ok "pseq.5 has $word" grep -qw "$word" "$root/man/pseq.5"
done
sed -n 's/^	EXITS_[A-Z]* = \([0-9]*\),.*/\1/p' "$root/src/app/exits.h" >statuses
while IFS= read -r number; do
	test "$number" = 128 && number='128\+.*'
	ok "pseq.1 has status $number" grep -qE "^\\.It.* $number\$" "$root/man/pseq.1"
done <statuses
for page in pseq.1 pseq.5 pseq-events.5; do
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning "$root/man/$page" >out 2>&1
		echo $? >status
		ok "$page is clean" status 0
	fi
done
done_testing
