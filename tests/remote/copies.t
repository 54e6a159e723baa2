#!/bin/sh
# copies to and from other hosts over ssh, and the commands of one step
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"

set -- h004=banner
for pair in h002:fish h003:tcsh; do
	if command -v "${pair#*:}" >/dev/null; then
		set -- "$@" "${pair%:*}=shell:${pair#*:}"
	fi
done
beds 4 "$@"
name="it's \"odd\" \$(touch pwned)"
mkdir -p "tree/sub dir" tree/empty
head -c 3000000 /dev/urandom >"tree/sub dir/$name"
printf '#!/bin/sh\necho run\n' >tree/program
chmod 750 tree/program
ln -s program tree/link
echo one >plain
cat >a.job <<'JOB'
[sequence a]
hosts = h[001-004]
put = plain -> exact
put = tree plain -> there/new/
local = echo "first $changed"
put = tree plain -> there/new/
local = echo "again $changed"
run = ./there/new/tree/link
get = there/new/tree -> back/${host}/
get = exact -> back/${host}/exact
put = tree -> there/new/
JOB
pseq run a.job
ok 'copies there and back' status 0
for h in h001 h002 h003 h004; do
	ok "$h: all of it is there" diff -r tree "$hosts/home/$h/there/new/tree"
	ok "$h: and came back" diff -r tree "back/$h/tree"
	ok "$h: under the exact name" cmp plain "$hosts/home/$h/exact"
	ok "$h: modes and links are kept" line out "$h | run"
	ok "$h: only the first differed" line out "$h | first yes"
	ok "$h: ... not the second" line out "$h | again no"
done
ok 'names are never run' test -z "$(find "$dir" -name pwned)"
ok 'nothing else is left there' test -z "$(find "$hosts/home" -name '*pseq*')"
ok 'one connection for each host' test "$(accepted)" -eq 4
ok 'nothing is left' in_time 10 nothing_left

# what cannot be copied
mkdir "$hosts/home/h001/taken"
cat >b.job <<'JOB'
[sequence a]
hosts = h001
get = missing -> here/${host}/
on error = next
say = ${result}: ${message}
put = plain -> no/such/directory/exact
on error = next
say = ${result}: ${message}
run = echo goes on
JOB
pseq run --no-tag b.job
ok 'what is not there is an error' count out 2 'error: .'
ok 'that names it' has out missing
ok 'the connection is as good as before' line out 'goes on'
ok 'and no half file is anywhere' no_files here

# without a job file
pseq on 'h[001-004]' 'echo "$BED_HOST $host"'
ok 'on: a command on many hosts' status 0
ok 'on: there' line out 'h003 | h003 h003'
pseq on 'h[001-002]' printf '%s.' 'a  b' '$HOME' '*' "it's"
ok 'on: words are not read again' has out "a  b.\$HOME.*.it's."
pseq on 'h[001-002]' 'exit $((${host#h00} - 1))'
ok 'on: one that fails is told' status 1
ok 'on: by its name' has err h002
pseq copy 'h[001-002]' plain tree copied/
ok 'copy: to many hosts' cmp plain "$hosts/home/h002/copied/plain"
pseq copy --from-hosts 'h[001-002]' exact 'fetched/{}/'
ok 'copy: from many hosts' cmp plain fetched/h002/exact
ok 'nothing is left of these, either' in_time 10 nothing_left
no_beds
done_testing
