#!/bin/sh
# the page of a run: all that the journal and the logs say is in it, as text
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

# a page as programs see it: page.py FILE WHAT prints; exit 1 if it is broken
cat >page.py <<'END'
import base64, hashlib, json, os, re, sys
page = open(sys.argv[1], newline='', encoding='utf-8').read()
scripts = re.findall(r'<script([^>]*)>(.*?)</script>', page, re.S)
data = json.loads([t for a, t in scripts if 'id="data"' in a][0])
logs = {int(re.search(r'id="log-(\d+)"', a)[1]): json.loads(t)
    for a, t in scripts if 'id="log-' in a}
text = lambda n: data['texts'][n or 0]

def lanes():
    for l in data['lanes']:
        if l.get('hidden'):
            continue
        print(l['id'], l['name'], l.get('verdict', 'open'), text(l.get('result')),
            text(l.get('step')), *[text(data['steps'][s[0]][1]) + '=' +
            '+'.join(text(t[2]) if len(t) > 2 else 'open' for t in s[3:])
            for s in l['steps']], sep=' ')

# the same of the journal
def journal():
    steps, ends, names = {}, {}, {}
    where = os.path.join(data['dir'], 'journal')
    for line in open(where, encoding='utf-8'):
        r = json.loads(line)
        word = r.get('result')
        if word == 'exit':
            word += ' ' + str(r['code'])
        if r['type'] == 'lane_start' and not r.get('hidden'):
            names[r['lane']] = r['name']
        elif r['type'] == 'step_end':
            label = r.get('label', r['step'])
            key = (label, r['in'], r['entry'])
            steps.setdefault(r['lane'], {}).setdefault(key, []).append(word)
        elif r['type'] == 'lane_end':
            ends[r['lane']] = [r['verdict'], word, r.get('step', '')]
    for n in sorted(names):
        print(n, names[n], *ends[n], *[k[0] + '=' + '+'.join(v)
            for k, v in steps[n].items()], sep=' ')

# what is kept of each log is what stands there in its file
def check_logs():
    for l in data['lanes']:
        if 'log' not in l:
            continue
        size, start, path = l['log']
        whole = open(os.path.join(data['dir'], path), 'rb').read()
        assert size == len(whole), (size, len(whole))
        kept = logs[l['id']]
        part = kept['text'].encode('utf-8', 'surrogateescape')
        assert whole[kept['from']:] == part, l['name']
        assert start <= kept['from']
        for s in l['steps']:
            for t in s[3:]:
                if len(t) > 5:
                    assert 0 <= t[4] <= t[5] <= size
        print(l['id'], size, kept['from'])

# the policy names just the program and the style that are there
def policy():
    want = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    program = [t for a, t in scripts if a == ''][0]
    style = re.search(r'<style>(.*?)</style>', page, re.S)[1]
    for kind, t in ('script', program), ('style', style):
        digest = base64.b64encode(hashlib.sha256(t.encode()).digest())
        assert kind + "-src 'sha256-" + digest.decode() + "'" in want, kind
    assert "default-src 'none'" in want
    assert 'unsafe' not in want

def state():
    print(data['state'], data['status'], data['totals'].get('open', 0))

def kinds():
    for k in data['kinds']:
        print(k['count'], k['step'], k['what'], k.get('names', ''))

{ f.__name__: f for f in (lanes, journal, check_logs, policy, state,
    kinds) }[sys.argv[2]]()
END
py() { python3 page.py page.html "$@" >out 2>err; echo $? >status; }

# report JOB: the page of its newest run
report() { rm -f page.html; pseq report --format html -o page.html "$1"; }

# --- names and output that would like to be more than text ---

job <<'END'
[sequence deploy]
each name = web01 web02 web03 "<script>alert(1)</script>" "</script><img src=x onerror=alert(2)>" "&lt;b&gt;" ünï
parallel = 4

step = greet
run  = printf '\033[32mhi\033[0m %s\n' "$name"; printf '\377\376 \0 raw </script>\n'

step  = flaky
run   = test "$PSEQ_ATTEMPT" = 2 || { echo not yet >&2; exit 75; }
retry = 3 every 10ms on 75

step = odd
when = name == "web02" or name == "web03"
run  = echo "no room on $name" >&2; exit 3
END
ok 'a run with failures' status 1
report a
ok 'its page is made' status 0
ok '... nothing is printed' test ! -s out
py journal
mv out want
py lanes
ok 'the data has the lanes, steps and tries of the journal' cmp want out
ok '... seven lanes' count out 7 .
ok '... with retries' has out 'flaky=exit 75+ok'
py kinds
ok 'failures are put together as in the summary' same out <<'END'
2 odd exit 3 web[02-03]
END
py check_logs
ok 'the logs are there, byte by byte' status 0
ok '... all of them' count out 7 ' 0$'
py policy
ok 'only the program of the page may run' status 0
# the data, the program and seven logs
ok 'no text ends or begins a script' count page.html 9 '<script'
ok '... nor ends one' test "$(grep -o '</script' page.html | wc -l)" = 9
ok '... nor is markup' hasnt page.html '<img'
ok 'without its program it is the text' has page.html '<pre class="plain">a, run '
ok 'nothing is loaded from anywhere' not grep -qaE '(https?|ftp):|@import|url\(' page.html

# --- in a browser ---

browser=
for b in chromium chromium-browser google-chrome; do
	command -v "$b" >/dev/null && browser=$b && break
done
# dump FILE: the page as the browser has it once its program has run
dump() {
	env -u PSEQ_TEST_ID timeout -k 5 60 "$browser" --headless --no-sandbox \
		--disable-gpu --virtual-time-budget=5000 --user-data-dir="$dir/prof" \
		--dump-dom "file://$dir/$1" >out 2>err </dev/null
}
echo '<title>is it there</title>' >probe.html
if test -n "$browser" && dump probe.html && has out 'is it there'; then
	dump page.html
	ok 'a browser runs the program' has out '>7 lanes: 5 ok, 2 failed; '
	ok 'a lane named as markup is text' has out '&lt;script&gt;alert(1)&lt;/script&gt;</a>'
	ok '... one that would end a script is, too' has out '&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;</a>'
	ok '... and one with an entity' has out '&amp;lt;b&amp;gt;</a>'
	ok 'nothing of a name is an element' hasnt out '<img'
	ok 'failures are shown' has out 'no room on web02'
	ok 'the result is a word, not only a colour' has out '<span class="word">failed</span>'
else
	skip 'a lane named as markup is text' 'there is no browser'
fi

# --- a log that is too long ---

cat >long.job <<'END'
[sequence long]
run = i=0; while test $i -lt 9000; do i=$((i + 1)); echo "line $i of many"; done
quiet = yes
END
pseq run long.job
ok 'a run with a long log' status 0
report long
py check_logs
ok 'its end is kept' status 0
ok '... not all of it' not count out 1 ' 0$'
ok '... in whole lines' has page.html '"text":"line '
ok '... to the last one' has page.html 'line 9000 of many\n"}'
ok 'the page stays small' test "$(wc -c <page.html)" -lt 300000

# --- a run that goes on, and one that was cut off ---

cat >wait.job <<'END'
[sequence wait]
run = echo begun; exec sleep 30
END
start run wait.job
begun() { grep -q step_start "$XDG_STATE_HOME"/pseq/wait/*/journal; }
latest() { begun || return 1; report wait; py state; has out "$1"; }
ok 'a run that goes on' retry latest 'running -1 1'
kill -KILL "$pid"
ended
report wait
py state
ok 'one that was killed is interrupted' line out 'interrupted -1 1'

done_testing
