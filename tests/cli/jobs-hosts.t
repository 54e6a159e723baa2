#!/bin/sh
# the jobs for many hosts do what their heads promise, over real sshds
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

jobs=$root/jobs
bed=$root/tests/remote/bed
test -x /usr/sbin/sshd || {
	skip "jobs over sshd" "there is no sshd"
	done_testing
	exit
}

# what the hosts would find: stubs that note how they were called
mkdir there
there() { cat >"there/$1" && chmod 755 "there/$1"; }
cat >login <<END
#!/bin/sh
PATH=$PWD/there:\$PATH
export PATH
exec /bin/sh "\$@"
END
cat >sunos <<END
#!/bin/sh
PATH=$PWD/sun:$PWD/there:\$PATH
export PATH
exec /bin/sh "\$@"
END
chmod 755 login sunos
"$bed" start "$PWD/bed" 6 "*=shell:$PWD/login" "h006=shell:$PWD/sunos" ||
	exit 1
PATH=$PWD/bed/bin:$PATH
home=$PWD/bed/home

# --- provision ---

there apt-get <<'END'
#!/bin/sh
echo "apt-get $*" >>"$HOME/log"
case $* in *install*) touch "$HOME/installed" ;; esac
END
there dpkg-query <<'END'
#!/bin/sh
test -e "$HOME/installed" && echo 'install ok installed'
END
there id <<'END'
#!/bin/sh
test "$2" = ops || { echo 0; exit; }
test -e "$HOME/ops"
END
there useradd <<'END'
#!/bin/sh
echo "useradd $*" >>"$HOME/log"
mkdir "$HOME/ops"
END
there getent <<'END'
#!/bin/sh
echo "ops:x:1000:1000::$HOME/ops:/bin/sh"
END
there chown <<'END'
#!/bin/sh
echo "chown $*" >>"$HOME/log"
END
there systemctl <<'END'
#!/bin/sh
echo "systemctl $*" >>"$HOME/log"
case $1 in
enable) test "$BED_HOST" != h003 ;;
esac
END
echo 'ssh-ed25519 AAAA ops' >ops.pub
echo 'server a.example' >chrony.conf

set -- -v key=ops.pub -v login="$(id -un)" -v config=chrony.conf \
	-v target=chrony.conf -v patience=1
pseq run -v 'nodes=h[001-002]' "$@" "$jobs/provision.job"
ok 'provision: bare machines' status 0
ok 'have the account' has "$home/h001/log" 'useradd -m -s /bin/sh ops'
ok 'its key' cmp ops.pub "$home/h002/ops/.ssh/authorized_keys"
ok 'only for itself' test \
	"$(stat -c %a "$home/h002/ops/.ssh" "$home/h002/ops/.ssh/authorized_keys" |
	tr '\n' ' ')" = '700 600 '
ok 'the packages' has "$home/h001/log" 'apt-get install -y -q chrony'
ok 'the configuration' cmp chrony.conf "$home/h001/chrony.conf"
ok 'and the service, with it' has "$home/h001/log" 'systemctl restart chrony'
rm "$home"/h00[12]/log
pseq run -v 'nodes=h[001-002]' "$@" "$jobs/provision.job"
ok 'a second time' status 0
ok 'there is nothing to install' hasnt "$home/h001/log" apt-get
ok 'nor to restart' hasnt "$home/h001/log" restart
pseq run -v 'nodes=h[003-006]' "$@" "$jobs/provision.job"
ok 'the first one fails' status 1
ok 'it says where' has out "left as it is after 'service'"
ok 'no other is touched' test ! -e "$home/h004/log" -a ! -e "$home/h005/log"

# --- rolling-update ---

mkdir -p app/bin
echo one >app/version
tar -czf app-1.tar.gz -C app .
echo two >app/version
tar -czf app-2.tar.gz -C app .
echo three >app/version
tar -czf app-3.tar.gz -C app .
roll() {
	pseq run -v 'nodes=h[001-004]' -v root=app -v tries=1 -v restart='echo r >>restarts' \
		-v out='echo "out $host" >>balancer' \
		-v in='echo "in $host" >>balancer' \
		-v migrate='echo m >>../../../../migrated' \
		-v health='grep -qv bad "$home/$host/app/current/version"' \
		-v home="$home" "$@" "$jobs/rolling-update.job"
}
sed "s/^keep .*/&\nhome = x/" "$jobs/rolling-update.job" >rolling-update.job
jobs_was=$jobs jobs=$PWD
roll -v archive=app-1.tar.gz
ok 'rolling-update: the first release' status 0
ok 'is everywhere' test "$(cat "$home"/h00[1-4]/app/current/version |
	sort -u)" = one
ok 'each left the balancer and came back' test "$(wc -l <balancer)" -eq 8
roll -v archive=app-2.tar.gz
ok 'the next one' test "$(cat "$home"/h00[1-4]/app/current/version |
	sort -u)" = two
roll -v archive=app-2.tar.gz
ok 'again: nothing to do' has out 'is at app-2 already'
echo bad >app/version
tar -czf app-4.tar.gz -C app .
: >balancer
roll -v archive=app-4.tar.gz -v keep=1
ok 'one that is not well' status 1
ok 'is taken back' test "$(cat "$home/h001/app/current/version")" = two
ok 'the others are not touched' test \
	"$(cat "$home"/h00[2-4]/app/current/version | sort -u)" = two
ok 'that one is back in the balancer' test "$(tr '\n' ' ' <balancer)" = \
	'out h001 in h001 '
roll -v archive=app-3.tar.gz -v keep=1
ok 'old releases go' test ! -e "$home/h001/app/releases/app-1" -a \
	-e "$home/h001/app/releases/app-2"
jobs=$jobs_was

# --- host-scan ---

mkdir sun
sun() { cat >"sun/$1" && chmod 755 "sun/$1"; }
sun uname <<'END'
#!/bin/sh
case $1 in -s) echo SunOS ;; -n) echo sun1 ;; -r) echo 5.11 ;; *) echo sun4v ;; esac
END
sun psrinfo <<'END'
#!/bin/sh
echo 0 on-line; echo 1 on-line
END
sun kstat <<'END'
#!/bin/sh
printf 'unix:0:system_misc:snaptime\t4711.25\n'
END
pseq run -v 'nodes=h[001-002],h006,nowhere' "$jobs/host-scan.job"
ok 'host-scan: one that cannot be asked' status 1
python3 - >got <<'END'
import json
for h in json.load(open('facts/all.json')):
    print(h['host'], h.get('system'), h.get('error'), h.get('uptime_s', 0) > 0)
END
ok 'all of them are told' test "$(cat got)" = "h001 Linux None True
h002 Linux None True
h006 SunOS None True
nowhere None unreachable False"

# --- distribute ---

mkdir -p site/sub
echo '<html>' >site/index.html
echo x >"site/sub/it's \$x"
chmod 640 site/index.html
set -- -v 'nodes=h[001-005]' -v from=site -v to=www -v then='echo then >>log'
rm -f "$home"/*/log
pseq run "$@" "$jobs/distribute.job"
ok 'distribute: a tree' status 0
ok 'is everywhere' sh -c 'for h; do diff -r site "$h/www" || exit; done' x \
	"$home"/h00[1-5]
ok 'modes, too' test "$(stat -c %a "$home/h003/www/index.html")" = 640
ok 'something follows' has "$home/h004/log" 'then'
rm -f "$home"/*/log
pseq run "$@" "$jobs/distribute.job"
ok 'again: nothing follows' test ! -e "$home/h004/log"
echo y >>site/index.html
rm -f "$home"/h00[1-4]/www/index.html
pseq run "$@" "$jobs/distribute.job"
ok 'what differs is mended' cmp site/index.html "$home/h002/www/index.html"
echo old >"$home/h005/www/old"
pseq run "$@" "$jobs/distribute.job"
ok 'other files are told' has out 'h005 : differs'

"$bed" stop "$PWD/bed"
done_testing
