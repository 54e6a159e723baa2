# shellcheck shell=sh
# sourced by every *.t here: what tests/cli/lib.sh has, and hosts to work on
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/../cli/lib.sh"
bed=$root/tests/remote/bed
hosts=$dir/bed
other=$((100000 + $$))	# a user id
if ! PATH=$PATH:/usr/sbin:/sbin command -v sshd >/dev/null; then
	echo 'ok 1 - on other hosts # SKIP there is no sshd here'
	echo 1..1
	exit 0
fi
trap '"$bed" stop "$hosts"; leave' EXIT
# the hosts' accounts may be other ones, and have their homes below
chmod 711 "$dir"
mkdir -m 700 "$dir/runtime"
XDG_RUNTIME_DIR=$dir/runtime
PATH=$hosts/bin:$PATH
export XDG_RUNTIME_DIR PATH

# beds OPTION...: hosts, as tests/remote/bed makes them; again: other ones
beds() {
	"$bed" stop "$hosts"
	"$bed" start "$hosts" "$@" --watch $$ || { echo 'Bail out! No bed'; exit 1; }
}
no_beds() { "$bed" stop "$hosts"; }

# link delay|cut|stall|heal HOST [MS], and the others of tests/remote/bed
link() { how=$1; shift; "$bed" link "$hosts" "$how" "$@"; }

# how many connections there have been
accepted() { grep -c '^Accepted publickey' "$hosts/log"; }

# processes on all of this machine with this in their words
# (the word is not one of those of the grep)
with_word() {
	printf '%s\n' "$1" |
		grep -lsaF -f /dev/stdin /proc/[0-9]*/cmdline | cut -d/ -f3
}
runs() { test -n "$(with_word "$1")"; }
ended_there() { test -z "$(with_word "$1")"; }

# no_files FOLDER, some_files FOLDER: are there any, at whatever depth?
no_files() { test -z "$(find "$1" -type f 2>/dev/null)"; }
some_files() { ! no_files "$1"; }

# in_time SECONDS COMMAND...: it comes true within that time
in_time() {
	until=$(($(date +%s) + $1))
	shift
	until "$@"; do
		test "$(date +%s)" -le "$until" || return 1
		sleep 0.05
	done
}

# nothing is left: there, here (masters, their sockets), in /tmp of hosts whose
# user id is nobody else's
nothing_left() {
	test -z "$("$bed" left "$hosts")" &&
		test -z "$(with_word "$hosts/ssh_config")" &&
		test -z "$(find "$dir/runtime" -mindepth 1)" &&
		test -z "$(find /tmp -maxdepth 1 -name 'pseq-*' -user "$other")"
}

# timed COMMAND...: how long it takes
timed() {
	began=$(date +%s%N)
	"$@"
	took=$((($(date +%s%N) - began) / 1000000))
}
# within MILLISECONDS: what was timed last took no longer
within() { test "$took" -le "$1"; }
