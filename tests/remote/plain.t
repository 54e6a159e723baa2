#!/bin/sh
# a master that speaks to other ssh only: each step is one of these
# shellcheck source=tests/remote/lib.sh
. "${0%/*}/lib.sh"
beds 2

# it makes its socket, and greets in a version that nobody knows; who comes
# with -S gets a connection of his own
mkdir fake
cat >fake/master.py <<'END'
import os, signal, socket, struct, sys
path = sys.argv[sys.argv.index('-S') + 1]
signal.signal(signal.SIGTERM, lambda *a: os._exit(0))
s = socket.socket(socket.AF_UNIX)
s.bind(path + '.new')
s.listen(9)
os.rename(path + '.new', path)
had = []
while True:
    c, _ = s.accept()
    c.sendall(struct.pack('>III', 8, 1, 9))
    had.append(c)
END
cat >fake/ssh <<END
#!/bin/sh
case " \$* " in *' -M '*) exec python3 "$dir/fake/master.py" "\$@" ;; esac
echo x >>"$dir/started"
for a; do
	shift
	case \$a in
	-S) skip=yes; continue ;;
	ProxyCommand=*) a=ConnectTimeout=10 ;;
	esac
	test -z "\$skip" || { skip=; continue; }
	set -- "\$@" "\$a"
done
exec "$hosts/bin/ssh" "\$@"
END
chmod 755 fake/ssh
PATH=$dir/fake:$PATH

echo file >file
cat >a.job <<'JOB'
[sequence a]
hosts = h001 h002
run = cat; echo "on $BED_HOST as $host"
stdin = some input
run = exit 255
on 255 = goto own
fail = it should have ended with 255
step = own
put = file -> copied
run = cat copied
JOB
pseq run a.job
ok 'steps run' status 0
ok 'on their hosts' line out 'h001 | on h001 as h001'
ok 'with their input' line out 'h002 | some input'
ok 'files are copied' line out 'h002 | file'
ok 'each was an ssh of its own' test "$(wc -l <started)" -eq 8

pseq on --timeout 1s h001 'sleep 4.21'
ok 'a timeout: nobody says what became of it' \
	has err 'timeout (end unknown)'
ok 'nothing is left here' in_time 10 ended_there "$dir/fake/master.py"

no_beds
done_testing
