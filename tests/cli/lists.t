#!/bin/sh
# --failed, --ok, --unreached: lists of what ended in some way, to go on with
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# holds FILE NAME...: just these, in this order
holds() {
	file=$1; shift
	for name in "$@"; do printf '%s\n' "$name"; done | cmp -s - "$file"
}

cat >h.job <<'END'
[hosts w]
hosts = n[1-5]
via = local

[sequence s]
hosts = @w
parallel = 5
run = sleep 0.$((6 - ${host#n})); test -e "$host.ok" || exit 1
END
touch n2.ok n4.ok
pseq run --failed bad --ok good --unreached far h.job
ok 'a run with failures' status 1
ok 'those that failed, in the order of the list' holds bad n1 n3 n5
ok 'those that ended well' holds good n2 n4
ok 'an empty list is a file, too' holds far
touch n1.ok n5.ok
pseq run --failed bad --ok good --hosts "$(cat bad)" h.job
ok 'a list is a host set: only these ran' test "$(cat good bad | tr '\n' ' ')" \
	= 'n1 n5 n3 '
touch n3.ok
pseq run --failed bad --hosts "$(cat bad)" h.job
ok 'when all are well the list is empty' holds bad
pseq run --hosts "$(cat bad)" h.job
ok '… and there is nothing more to do' status 4
pseq on --via local --ok on.ok "$(cat good)" true
ok 'pseq on takes it' holds on.ok n1 n5
pseq each --from good --ok each.ok true
ok 'pseq each takes it' holds each.ok n1 n5
cat >l.job <<'END'
[hosts w]
hosts lines = good
via = local
[sequence s]
hosts = @w
run = true
END
pseq run --ok l.ok l.job
ok 'a job takes it' holds l.ok n1 n5
"$PSEQ" hosts -f - <good >out
ok 'so does pseq hosts' holds out 'n[1,5]'

# --- lanes without a host ---

pseq each -j 1 --failed bad --ok good 'test {} != b' c b a b
ok 'items in their order, each once' holds good c a
ok '… and those that failed' holds bad b
cat >a.job <<'END'
[sequence lone]
run = false
END
pseq run --failed bad a.job
ok 'a lane without an item has its name' holds bad lone

# --- what is in none of them ---

cat >c.job <<'END'
[sequence s]
each x = quick slow never
parallel = 2
run = case $x in quick) ;; *) touch began.$x; sleep 100 ;; esac
END
start run --failed bad --ok good c.job
retry test -e began.slow
kill -INT "$pid"
ended
ok 'a run that is interrupted writes them, too' holds good quick
ok '… cancelled lanes are in none' holds bad

# --- unreached ---

pseq on --connect-timeout 2s -p 1 --failed bad --unreached far 127.0.0.1 true
ok 'a host that cannot be reached' holds far 127.0.0.1
ok '… has failed as well' holds bad 127.0.0.1
pseq copy --connect-timeout 2s -p 1 --unreached far2 127.0.0.1 a.job /tmp/x.
ok 'with copy, too' holds far2 127.0.0.1

# --- again ---

rm -f n*.ok
touch n1.ok
pseq run h.job
touch n2.ok
pseq retry --ok good --failed bad h
ok 'a retry lists what it ran itself' holds good n2
ok '… and not what had ended well before' holds bad n3 n4 n5

# --- files ---

pseq each --failed no/such/dir true x
ok 'a place that is none is told before anything runs' status 2
ok '… with its name' grep -q '^pseq: error: --failed no/such/dir: No such file' err
pseq each --ok . true x
ok 'so is a directory' grep -q -- '--ok .: Is a directory' err
printf 'old\n' >old
chmod 600 old
ln -s old link
pseq each --ok link true x
ok 'a link stays, and its file is replaced' holds old x
ok '… with its mode' test "$(stat -c %a old)" = 600 -a -L link
printf 'old\n' >old
pseq run --ok old no-such.job
ok 'what is not run leaves a file alone' holds old old
ok 'nothing is left beside it' test "$(find . -name 'old.*' | wc -l)" -eq 0
pseq each -q --ok - true x
ok 'they may go to standard output' holds out x
pseq each -q --ok /dev/null true x
ok '… and to a device' status 0
if test -w /dev/full; then
	pseq each --ok /dev/full true x
	ok 'what could not be written is told' has err 'warning: --ok /dev/full'
	ok '… by the status, too' status 3
fi
pseq each --output json --failed - true x
ok 'they do not get between records' status 2
done_testing
