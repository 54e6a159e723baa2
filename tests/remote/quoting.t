#!/bin/sh
# any bytes arrive unchanged, whatever the login shell is, and are never part
# of an argv
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

shells=h001:sh
set -- h006=banner
for pair in h002:bash h003:fish h004:tcsh h005:zsh; do
	if command -v "${pair#*:}" >/dev/null; then
		set -- "$@" "${pair%:*}=shell:${pair#*:}"
		shells="$shells $pair"
	else
		skip "every login shell: ${pair#*:}" 'it is not here'
	fi
done
beds 6 "$@"
shells="$shells h006:banner"

# --- values ---
mkdir nasty
LC_ALL=C awk 'BEGIN { for (i = 1; i < 256; i++) printf "%c", i; print "." }' \
	>nasty/bytes
printf '%s' "it's \"quoted\" 'both' ways" >nasty/quotes
printf '%s' "back\\slash \\\\ \\n \\\" \\' end\\" >nasty/backslashes
printf 'one\ntwo\n\n  four \tx\r\n\n.' >nasty/newlines
printf '%s' '$(touch pwned) `touch pwned` $HOME ${HOME} $((1+1)) !! !x %d' \
	>nasty/dollars
printf '%s' '; touch pwned & touch pwned | touch pwned > pwned < /x #' \
	>nasty/signs
printf '%s' '-n' >nasty/dash
printf '%s' '--help -e -- -' >nasty/dashes
printf '\377\376 \303\050 \200' >nasty/bad-utf8
printf ' \t leading and trailing \t ' >nasty/blanks
printf '%s' '* ? [a-z] ~ ~root {a,b} = a=b (x) <(x) ^ @ , é 中' >nasty/globs
printf '' >nasty/empty
head -c 95000 /dev/urandom | base64 -w 0 | tr 'AB' "'\$" | head -c 95000 >nasty/long
cat >script <<'END'
#!/bin/sh
# it is given its words as they are
printf '%s' "$1" >"got.$NAME.script"
printf '%s' "$#" >"got.$NAME.words"
exit 3
END
chmod +x script
{
	printf '[hosts all]\nhosts = h[001-006]\n'
	for f in nasty/*; do
		name=${f#*/}
		cat <<END
[sequence $name]
hosts = @all
parallel = 6
step = take
local = cat $f; echo .
capture v = stdout
set NAME = $name
call = try
END
	done
	cat <<'END'
[routine try]
run = printf %s "${v%?}" >"got.$NAME.variable"
run = printf %s "${E%?}" >"got.$NAME.env"
env E = ${v}
run = cat >"got.$NAME.text"
stdin = ${v}
run = cat >"got.$NAME.var"
stdin var = v
run = cat >"got.$NAME.file"
stdin file = nasty/${NAME}
script = script ${v} two
ok = 3
END
} >a.job
pseq run --output none a.job
ok 'values are taken everywhere' status 0
# arrived HOST: each of them, by each way
arrived() {
	for f in nasty/*; do
		got=$hosts/home/$1/got.${f#*/}
		cat "$f" - <<END >want.dot
.
END
		cmp "$got.variable" "$f" || return
		cmp "$got.env" "$f" || return
		cmp "$got.file" "$f" || return
		cmp "$got.text" want.dot || return
		tr -d '\n' <want.dot >want.line
		tr -d '\n' <"$got.var" | cmp - want.line || return
		tr -d '\n' <"$got.script" | cmp - want.line || return
		test "$(cat "$got.words")" = 2 || return
	done
}
for pair in $shells; do
	ok "unchanged: ${pair#*:}" arrived "${pair%:*}"
done
ok 'nothing of them was run' test -z "$(find "$dir" -name pwned)"

# --- the command's own text ---
{
	printf '[sequence a]\nhosts = h[001-006]\nparallel = 6\nrun =\n'
	printf "\tprintf '%%s' '"
	LC_ALL=C awk 'BEGIN { for (i = 1; i < 256; i++)
		if (i != 10 && i != 13 && i != 39) printf "%c", i }'
	printf "' >text.bytes\n"
	cat <<'END'
	cat >text.document <<'DOC'
	it's $HOME `x` \ "y" !
	    indented
	DOC
	printf '%s' "$0" >text.name
	# 100 KiB of it
END
	printf "\tprintf '%%s' '"
	head -c 75000 /dev/urandom | base64 -w 0 | tee long.text
	printf "' >text.long\n"
} >b.job
printf "it's \$HOME \`x\` \\\\ \"y\" !\n    indented\n" >want.document
LC_ALL=C awk 'BEGIN { for (i = 1; i < 256; i++)
	if (i != 10 && i != 13 && i != 39) printf "%c", i }' >want.bytes
pseq run --output none b.job
ok 'a command may be long and hold any bytes' status 0
text_arrived() {
	got=$hosts/home/$1/text
	cmp "$got.bytes" want.bytes && cmp "$got.document" want.document &&
		cmp "$got.long" long.text
}
for pair in $shells; do
	ok "its text is unchanged: ${pair#*:}" text_arrived "${pair%:*}"
done

# --- output: any bytes, and nothing of a login's ---
cat nasty/bytes nasty/newlines nasty/bad-utf8 >"$hosts/home/h006/all"
cat nasty/bytes nasty/newlines nasty/bad-utf8 >all
cat >c.job <<'JOB'
[sequence a]
hosts = h006
run = cat all
stdout file = back
run = echo err >&2; echo out
JOB
pseq run --no-tag c.job
ok 'output is what the command said' cmp back all
ok 'a banner is no output' same out <<'END'
out
END
ok 'standard error has both' line err err

# --- argv: neither values nor secrets ---
value=value-$$-$(date +%s%N)
password=secret-$$-$(date +%s%N)
echo "$value" >value
echo "$password" >password
chmod 600 password
cat >d.job <<JOB
[vars]
v output = cat value
[secrets]
pw file = password
[sequence a]
hosts = h001 h003
parallel = 2
secret = pw
env E = \${v}
run = test "\$v" = "\$E" && test -n "\$pw" && touch "$dir/in.\$BED_HOST"; while test ! -e "$dir/go"; do sleep 0.1; done; printf '%s\n' "\$pw" | tee own
script = script \${v}
env NAME = x
ok = 3
run = cat; while test ! -e "$dir/go2"; do sleep 0.1; done
stdin = \${v} \${pw}
JOB
start run d.job
retry test -e in.h001 -a -e in.h003
ok 'a value is in no argv' test -z "$(with_word "$value")"
ok 'a secret is in no argv' test -z "$(with_word "$password")"
touch go
retry grep -q "$value" out
ok 'nor is one that is input' test -z "$(with_word "$value")"
touch go2
ended
ok 'they did arrive' cmp password "$hosts/home/h001/own"
ok 'and a secret is not shown' hasnt out "$password"
ok 'the run is ok' status 0
no_beds
done_testing
