#!/bin/sh
# pseq each: one command for many items
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
stub args <<'STUB'
printf '<%s>' "$@"
echo
STUB

pseq each --no-tag -j 1 args a 'b c' ''
ok 'items are arguments, one word each' same out <<'END'
<a>
<b c>
<>
END
pseq each -j 1 args a b
ok 'lines carry the item' same out <<'END'
a | <a>
b | <b>
END
ok 'the summary counts' has err '2 lanes ok'
ok 'and is short' count err 1 .
printf 'a\nb c\n\nd' >list
pseq_from list each --no-tag -j 1 args
ok 'without items they are lines of standard input' same out <<'END'
<a>
<b c>
<>
<d>
END
pseq each --no-tag -j 1 --from list args
ok '--from reads a file' line out '<b c>'
pseq_from list each --no-tag -j 1 -f - args
ok 'or standard input' line out '<b c>'
pseq each --from nowhere args
ok 'a file that is not there is a failure' not status 0
ok 'and named' has err nowhere
pseq each --from list args item
ok 'items from two places are an error' status 2
printf 'a\0b\nc\0\0d' >nuls
pseq_from nuls each --no-tag -j 1 -0 args
ok '-0: items end in a NUL' same out <<'END'
<a>
<b
c>
<>
<d>
END
pseq_from /dev/null each args
ok 'no items is nothing to do' status 4

# one LINE ITEM...: the command as it is given, its output in out
one() { pseq each --no-tag -j 1 "$@"; }
one 'args x {} y' 'i t'
ok '{} stands for the item' line out '<x><i t><y>'
one 'args {}{} -{}- {}.log' 'i t'
ok 'also within a word' line out '<i ti t><-i t-><i t.log>'
one 'args "a {} b" {};' 'i t'
ok 'within double quotes' line out '<a i t b><i t>'
one "args 'a {} b';" 'i t'
ok 'within single quotes' line out '<a i t b>'
one 'args \{\} \{};' 'i'
ok 'but not when quoted with a backslash' sh -c 'test -s out'
one 'args "$item" {};' 'i t'
ok 'the item is the variable item' line out '<i t><i t>'
one 'args $(args {}) "$(args "{}")";' 'i'
ok 'within a substitution of the shell' line out '<<i>><<i>>'
one 'cat <<E
{} in
E' 'a b'
ok 'in a here-document' sh -c 'test -s out || test -s err'
one 'args "it'"'"'s {}";' 'i t'
ok 'a quote within quotes is none' line out "<it's i t>"
one 'args x # {}' 'i t'
ok 'a comment is the shell'"'"'s' line out '<x>'
one 'echo a; args' x
ok 'without {} the item is the last word' line out '<x>'
one '' x
ok 'an empty command is an error or runs the item' not status 0
one -n 2 args a b c
ok '-n 2: two items a command' same out <<'END'
<a><b>
<c>
END
one -n 2 'args x {} y' a b c
ok '{} is all of them' same out <<'END'
<x><a><b><y>
<x><c><y>
END
one -n 2 'for i in {}; do args "$i"; done' a 'b c'
ok 'also in the shell' same out <<'END'
<a>
<b c>
END
one -n 2 'args x{}' a b
ok 'but only as a word' status 2
one -n 2 'args "{}"' a b
ok 'not in quotes' status 2
one -n0 'args x' a b
ok '-n0: nothing is appended' same out <<'END'
<x>
<x>
END
one -n0 'args {}' a
ok 'but {} is still the item' line out '<a>'
one -n 3 args a b
ok '-n: the last command gets what is left' line out '<a><b>'
one args -x --help -- -
ok 'items that look like options are items' same out <<'END'
<-x>
<--help>
<-->
<->
END
one -- -n a
ok 'after -- a command may begin with a dash' has err '-n'

pseq each -j 1 'test {} != b' a b c
ok 'a failure makes status 1' status 1
ok 'the others are run' has err '3 lanes: 2 ok, 1 failed'
ok 'the failure has its item' has err 'b'
one -n0 --retry 2 'echo x >>tries; test "$(wc -l <tries)" -ge 3' a
ok '--retry tries again' status 0
ok 'so often' test "$(wc -l <tries)" -eq 3
one -n0 --timeout 200ms 'sleep 60' a
ok '--timeout ends a command' has err timeout
for bad in '--timeout 5' '--timeout x' '--retry -1' '--retry x' '-n -1' \
    '-n x' '-j 0' '--output what' '--color maybe' '--nothing'; do
	# shellcheck disable=SC2086 # two words
	pseq each $bad true a
	ok "$bad is an error" status 2
done
pseq each --no-tag -j 3 --keep-order 'sleep 0.{}; echo {}' 3 2 1
ok '--keep-order' same out <<'END'
3
2
1
END
pseq each -x -j 1 'args {}' a
ok '-x shows the command' has out '$ args '
pseq each --output group -j 2 'echo {}1; sleep 0.1; echo {}2' a b
ok '--output group' sh -c 'test "$(cut -c 1 out | uniq | wc -l)" -eq 2'
pseq each --output none args a
ok '--output none' test ! -s out
pseq each -q args a
ok '--quiet' test ! -s out -a ! -s err
pseq each -q 'echo {}; exit 1' a
ok 'but not when it fails' line out 'a | a'
pseq each --no-tag 'cat' /dev/null <list
ok 'commands do not read our standard input' test ! -s out
pseq_from list each --no-tag -j 1 'cat; args'
ok 'not even where items are read from it' count out 4 '^<'
one 'exit 3' a
ok 'a builtin is run by the shell' has err 'exit 3'
one 'no-such-thing' a
ok 'what is not there is exit 127' has err 'exit 127'
one 'echo $UNSET_HERE' a
ok 'the shell is the same as in jobs' status 1
one "$(printf 'echo 1\necho {}')" b
ok 'a command may have lines' same out <<'END'
1
b
END
printf 'a\r\nb\n' >crlf
pseq_from crlf each --no-tag -j 1 'printf %s {} | od -An -tx1;'
ok 'bytes of a line are unchanged' has out '61 0d'
{ head -c 200000 /dev/zero | tr '\0' x; echo; echo b; } >long
limit=10 pseq_from long each --no-tag -j 1 'args'
ok 'an item too long for the system fails alone' has err '2 lanes: 1 ok, 1 failed'
ok 'as start' has err start
pseq each
ok 'without a command there is an error' status 2
done_testing
