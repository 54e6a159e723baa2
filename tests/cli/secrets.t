#!/bin/sh
# secrets: who gets them, and that nobody else sees them
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

S=hunter22secret
E=envVal-7391
umask 077
printf '%s\n\n' "$S" >token
printf -- '-----BEGIN\nabcdefghij\nxyz\nklmnop\r\n' >key

# nowhere in what was shown
hidden() { hasnt out "$1" && hasnt err "$1"; }

# --- sources ---
cat >a.job <<'JOB'
[vars]
where output = echo token
[secrets]
token  file = ${where}
key    file = key
vault  env = VAULT
made   output = printf 'made-%s\n\n\n' secret
cap    capture =
[sequence a]
run = echo "<$token><$vault><$made>" >true.txt; echo "$token $vault $made"; printf '%s' "$key" >key.txt; echo "$key"
secret = token vault, made key
run = env >others.txt
local = env >local.txt
run = echo captured-value
capture cap = stdout
run = echo "cap $cap" | tee cap2.txt
secret = cap
run = echo "$A"; cat; echo "${cap:-not here}"
env A = x${cap}${token}
stdin = ${made} ${env.VAULT}
run = cat >in.txt
stdin var = token
run = echo token is $(cat token)
capture plain = stdout
say = plain ${plain}
run = test "$plain" = "token is hunter22secret" && env >plain.txt
fail = failed with ${plain}
JOB
cp a.job first.job
VAULT=$E pseq run -x --no-tag a.job
ok 'a job with secrets of all kinds runs' status 1
ok 'its commands get the true values' line true.txt "<$S><$E><made-secret>"
printf -- '-----BEGIN\nabcdefghij\nxyz\nklmnop\r' >want.key
ok 'with all lines but the newlines at the end' cmp want.key key.txt
for value in "$S" "$E" made-secret abcdefghij klmnop BEGIN; do
	ok "'$value' is not seen" hidden "$value"
done
ok 'a mark is' line out '*** *** ***'
ok 'lines of less than four bytes are no secret' line out xyz
for file in others.txt local.txt; do
	for name in token key vault made cap VAULT; do
		ok "$file: no $name without 'secret'" not grep -q "^$name=" $file
	done
	ok "$file: nor any value" not grep -qe "$S" -e "$E" $file
done
ok 'a captured one is given' line cap2.txt 'cap captured-value'
ok 'and its step shows nothing of it' noline out captured-value
ok 'not even later' line out 'cap ***'
ok 'env and stdin may hold them' line out 'x******'
ok 'stdin, too' line out '*** ***'
printf '%s' "$S" >want.in
ok 'stdin var has the true bytes' cmp want.in in.txt
ok 'what holds one by chance is true' grep -q "^plain=token is $S" plain.txt
ok 'and is shown without it' line out 'plain token is ***'
ok 'in messages, too' has err 'failed with token is ***'

# --- cut in the middle, with a pause ---
cat >cut.job <<'JOB'
[secrets]
token file = token
[sequence a]
secret = token
run =
    printf 'one hunter22'
    sleep 1.2
    printf 'secret two\n'
    printf 'err hunt' >&2
    sleep 1.2
    printf 'er22secret\n' >&2
    printf 'hunter22'
    sleep 1.2
run = echo "$token" >&2; exit 3
JOB
for how in '' '--output group' '--keep-order' '--no-tag'; do
	# shellcheck disable=SC2086
	pseq run $how cut.job
	cat err >>out
	ok "cut ($how): the value is not seen" hidden "$S"
	ok "cut ($how): nor its second half" hidden 'er22secret'
	ok "cut ($how): a mark is" has out '*** two'
	ok "cut ($how): an end that was no value is shown" has out 'hunter22'
	ok "cut ($how): it failed" status 1
	ok "cut ($how): the summary hides it" has err '! ***'
done
printf '[secrets]\ntoken file = token\n[sequence a]\nsecret = token\nrun = echo "$token"; echo "$token" >&2; exit 3\nquiet = yes\n[sequence b]\nrun = echo $(cat token)\nquiet = yes\n' >quiet.job
pseq run quiet.job
ok 'quiet: hidden' hidden "$S"
ok 'quiet: shown with a mark' line out 'a | ***'
pseq run --quiet quiet.job
ok '--quiet: hidden' hidden "$S"
ok '--quiet: shown with a mark' line out 'a | ***'
# a line of many pieces, and standard error of which only the end is kept
printf '[secrets]\ntoken file = token\n[sequence a]\nsecret = token\nrun = for i in $(seq 9000); do printf %%s "$token"; done; for i in $(seq 400); do printf %%s "$token"; done >&2; exit 3\n' >long.job
pseq run --no-tag long.job
ok 'a line of 126 KB: hidden' hidden 'secret'
ok 'each has its mark' test "$(tr -dc '*' <out | wc -c)" -eq 27000

# --- nobody else sees them ---
cat >ps.job <<'JOB'
[secrets]
token file = token
vault env = VAULT
[sequence a]
secret = token vault
run = touch started; cat >/dev/null; test ${#token} = 14; while test ! -e seen; do sleep 0.05; done
stdin = ${token}
env COPY = ${token}
JOB
VAULT=$E start run ps.job
retry test -e started
# shellcheck disable=SC2016
ok 'no process has it in its arguments' not sh -c \
    'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" "\n" | grep -v grep | grep -q "hunter22secre[t]\|envVal-739[1]"'
touch seen
ended
ok 'and the job ends well' status 0
cat >bin/sudo <<'END'
#!/bin/sh
echo "$*" >>sudo.log
env >>sudo.env
while test "$1" != --; do shift; done
shift
exec "$@"
END
chmod +x bin/sudo
printf '[secrets]\ntoken file = token\nvault env = VAULT\n[sequence a]\nas = someone\nsecret = token\nrun = echo "$token" >as.txt; env >as.env\n' >as.job
VAULT=$E pseq run as.job
ok 'as: the command gets it' line as.txt "$S"
ok 'as: not by the arguments of sudo' not grep -q "$S" sudo.log
ok 'as: nor by its environment' not grep -qe "$S" -e "$E" sudo.env
ok 'as: nor another one' not grep -q "$E" as.env

printf '[secrets]\ntoken file = token\n[sequence a]\nsecret = token\nrun = "$PSEQ" get token\non 0 = fail it was told\non any = next\nrun = "$PSEQ" set token other\non 0 = fail it was set\non any = next\nrun = echo "${#token}"\n' | job --no-tag
ok 'pseq get does not tell one, nor does pseq set set it' status 0
ok 'which is said' has err "'token' is a secret: it cannot be set"
ok 'and its value is as it was' line out 14

# --- what will not do ---
one() { printf '[secrets]\nx %s\n[sequence a]\nrun = touch ran\nsecret = x\n' "$1" >one.job; rm -f ran; pseq run one.job; }
wont() { status 2 && has err "$1" && has err one.job:2:1 && test ! -e ran; }
chmod 640 token
one 'file = token'
ok 'a file that others can read' wont "others can read 'token' (mode 640): chmod go= token"
chmod 600 token
one 'file = nowhere'
ok 'a file that is not there' wont "cannot read 'nowhere': No such file"
one 'file = .'
ok 'a folder' wont "is no regular file"
mkfifo -m 600 pipe
one 'file = pipe'
ok 'a pipe' wont "is no regular file"
printf 'abc\n' >short
one 'file = short'
ok 'three bytes' wont 'too short to be hidden in output: no line of it has 4 bytes'
printf 'abc\nde\r\n\n' >short
one 'file = short'
ok 'lines of three bytes' wont 'too short'
: >short
one 'file = short'
ok 'none' wont 'it is empty'
printf 'abc\0defg' >short
one 'file = short'
ok 'a NUL' wont 'holds a NUL byte'
head -c 98305 /dev/zero | tr '\0' x >short
one 'file = short'
ok 'more than 96 KiB' wont 'longer than 96 KiB'
head -c 98304 /dev/zero | tr '\0' x >short
one 'file = short'
ok '96 KiB will do' status 0
unset NOT_SET
one 'env = NOT_SET'
ok 'a variable that is not set' wont "environment variable 'NOT_SET' is not set"
one 'output = exit 3'
ok 'a command that fails' status 1
ok 'is told with the name of the secret' has err '[secrets]: x: exit 3'
ok 'nothing else is run' test ! -e ran
one 'output = echo abc'
ok 'a command that says too little' status 1
ok 'is told with its place' has err 'one.job:2:1: secret '\''x'\'': it is too short'
ok 'nothing else is run' test ! -e ran
cat >def.job <<'JOB'
[secrets]
token file = token
key file = key
[sequence a]
secret = token
run = echo "1${token+t}${key+k}"
run = echo "2${token+t}${key+k}"
secret = none
run = echo "3${token+t}${key+k}"
secret = key
call = r
[routine r]
run = echo "4${token+t}${key+k}"
JOB
pseq run --no-tag def.job
ok 'a header gives defaults, a step its own, a routine has none of them' same out <<'END'
1t
2
3k
4
END
printf '[secrets]\nx capture =\n[sequence a]\nrun = echo abc\ncapture x = stdout\non error = finish was ${result}\n' | job --no-tag
ok 'a captured one of three bytes is the error of its step' line out 'was error'
printf '[secrets]\nx capture =\n[sequence a]\nrun = exit 7\ncapture x = stdout\n' | job
ok 'but a step that fails keeps its result' has err 'a: exit 7: exit 7'
printf '[secrets]\nx capture =\n[sequence a]\nstep = s\nrun = true\nsecret = x\n[sequence b]\nrun = echo abcd\ncapture x = stdout\n' | job
ok 'one that was not captured yet is an error' has err "a.job:4:1: secret 'x' was not captured yet"
printf '[secrets]\nc_K capture =\n[sequence a]\nrun = echo K=abcdef\ncapture c = pairs\nrun = echo abcd\ncapture c_K = stdout\n' | job
ok 'pairs set none' has err 'a pair would set a secret: c_K'
printf '[secrets]\nx capture =\n[sequence a]\nrun = echo abcdefgh >&2; sleep 60\ncapture x = stderr\ntimeout = 200ms\n' | job
ok 'what a step that was ended wrote for its capture is not seen' hidden abcdefgh

pseq run -v token=x cut.job
ok '-v sets none' status 2
ok 'which says why' has err "'token' is a secret: -v would show it"
pseq check cut.job
ok 'check reads none' status 0
mv token away
pseq check cut.job
ok 'not even where it is not there' status 0
pseq plan --lists cut.job
ok 'nor does plan' status 0
ok 'which shows where it would come from' line out '   token file = token'
pseq simulate cut.job
ok 'nor does simulate' status 0
ok 'which walks all of it' has out '2 of 2 steps taken'
pseq simulate first.job
ok 'to which pseq'\''s environment is as little known' hasnt out VAULT
mv away token
VAULT=$E pseq plan first.job
ok 'plan shows no value' hidden "$E"
ok 'but who gets it' has out 'secret = token vault made key'
printf '[secrets]\nshared file = token\n' >inc.job
printf '[job]\ninclude = inc.job\n[sequence a]\nrun = test "$shared" = hunter22secret\nsecret = shared\n' | job
ok 'secrets of included files will do' status 0

# --- asked for ---
cat >ask.job <<'JOB'
[secrets]
pw ask = Password of the database
[sequence a]
run = printf %s "$pw" >pw.txt; echo "$pw"
secret = pw
JOB
if command -v setsid >/dev/null; then
	setsid "$PSEQ" run ask.job </dev/null >out 2>err
	echo $? >status
	ok 'without a terminal nobody can be asked' status 2
	ok 'which is said' has err "ask.job:2:1: secret 'pw': there is no terminal to ask on"
fi
if ! command -v script >/dev/null; then
	done_testing
	exit
fi
mkfifo keys
# on_terminal COMMAND: at a terminal; keys go into descriptor 3
on_terminal() {
	env --default-signal=INT,QUIT script -qfec "$1" typescript <keys >/dev/null 2>&1 &
	pid=$!
	exec 3>keys
}
typed() { exec 3>&-; wait "$pid"; sed '/^Script /d' typescript | tr -d '\r' >out; }
asked() { retry grep -qsaF -e "$1" typescript; }
rm -f typescript
on_terminal "$PSEQ run --color never ask.job"
ok 'the prompt is shown' asked 'Password of the database: '
ok 'before anything runs' test ! -e pw.txt
printf 'typed-secret\n' >&3
ok 'the command gets what was typed' retry grep -qs typed-secret pw.txt
typed
ok 'it was not echoed, and is not shown' hasnt out typed-secret
ok 'but its mark is' has out 'a | ***'
rm -f typescript pw.txt
on_terminal "trap : INT; stty >before; $PSEQ run ask.job; echo \$? >status; stty >after"
asked 'Password of the database: '
printf 'half\003' >&3
ok 'Ctrl-C ends it' retry test -s after
typed
ok 'by INT' status 130
ok 'nothing was run' test ! -e pw.txt
ok 'the terminal is as it was' cmp before after
ok 'nothing typed was shown' hasnt out half
rm -f typescript
on_terminal "$PSEQ run ask.job"
asked 'Password of the database: '
printf 'abc\n' >&3
typed
ok 'three bytes will not do' has out 'too short to be hidden'
done_testing
