# shellcheck shell=sh
# sourced, after lib.sh, by tests that sit at a terminal
if test ! -x "$child/pty"; then
	echo '1..0 # SKIP there is no libvterm, so no terminal to sit at'
	exit 0
fi

# at COMMAND... <SCRIPT: plays it (see tests/pty/play.c) with the command on a
# terminal of its own, 24 x 80 or $size; leaves status and err.  100: it could
# not be played, and err shows the screen.
at() {
	timeout -k 1 "${limit:-60}" "$child/pty" -s "${size:-24x80}" - "$@" \
		2>err
	echo $? >status
}
