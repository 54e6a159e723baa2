/* SPDX-License-Identifier: ISC */
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "lang/lang.h"
#include "model/plan.h"
#include "unit.h"

static char *said;		/* what the last load reported */
static size_t nsaid;

static struct plan *
load_as(const char *text, const char *const *set, size_t nset)
{
	struct lang_options opt = { .set_name = set, .nset_name = nset };
	struct plan *p;

	free(said);
	opt.out = open_memstream(&said, &nsaid);
	p = lang_load_bytes("x.job", text, strlen(text), &opt, NULL);
	fclose(opt.out);
	return p;
}

static struct plan *
load(const char *text)
{
	struct plan *p = load_as(text, NULL, 0);

	ck_assert_msg(p != NULL, "%s", said);
	return p;
}

/* a job of one sequence "a" */
static struct plan *
load_steps(const char *steps)
{
	static char text[8192];

	snprintf(text, sizeof(text), "[sequence a]\n%s", steps);
	return load(text);
}

/* a text as one would write it, with {sym} for variables */
static const char *
show(const struct plan *p, const struct text *t)
{
	static char buf[1024];
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *one = &t->piece[i];

		if (one->kind == PIECE_TEXT)
			n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s",
			    one->text);
		else if (one->kind == PIECE_ENV)
			n += (size_t)snprintf(buf + n, sizeof(buf) - n,
			    "<env %s>", one->text);
		else if (one->kind == PIECE_ITEMS)
			n += (size_t)snprintf(buf + n, sizeof(buf) - n,
			    "<items>");
		else
			n += (size_t)snprintf(buf + n, sizeof(buf) - n,
			    "<%s%s%s>", p->symbols.name[one->sym],
			    one->text ? "." : "", one->text ? one->text : "");
	}
	return buf;
}

static const char *
show_words(const struct plan *p, const struct texts *t)
{
	static char buf[1024];
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < t->n; i++)
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "[%s]",
		    show(p, &t->text[i]));
	return buf;
}

/* --- values ---------------------------------------------------------------- */

START_TEST(a_block_is_taken_as_it_is)
{
	struct plan *p = load_steps(
	    "run =\n"
	    "\n"
	    "    cat <<END\n"
	    "      two more ; # and = kept\n"
	    "\n"
	    "    # kept\n"
	    "    END\n"
	    "# dropped\n"
	    "    python3 -c 'x = 1'\n"
	    "\n"
	    "\n"
	    "say = next\n");

	ck_assert_str_eq(p->seq[0].step[0].command.text,
	    "cat <<END\n  two more ; # and = kept\n\n# kept\nEND\n"
	    "python3 -c 'x = 1'");
	ck_assert_str_eq(p->seq[0].step[0].label, "cat <<END…");
	lang_free(p);
}
END_TEST

START_TEST(a_value_goes_on_while_lines_are_indented)
{
	struct plan *p = load_steps(
	    "run = foo \\\n"
	    "    --bar ; baz # = x\n"
	    "      more\n");

	ck_assert_str_eq(p->seq[0].step[0].command.text,
	    "foo \\\n--bar ; baz # = x\n  more");
	lang_free(p);
}
END_TEST

START_TEST(nothing_is_cut)
{
	static char text[70000], want[60000];
	struct plan *p;

	memset(want, 'x', sizeof(want) - 1);
	memcpy(want, "a ; b # c = \"d\" : e ", 20);
	snprintf(text, sizeof(text), "[sequence a]\nrun = %s\n", want);
	p = load(text);
	ck_assert_str_eq(p->seq[0].step[0].command.text, want);
	lang_free(p);
}
END_TEST

START_TEST(crlf_and_a_byte_order_mark_are_accepted)
{
	struct plan *p = load("\xef\xbb\xbf[sequence a]\r\nrun =\r\n"
	    "  a;\r\n  b;\r\nsay = x\r\n");

	ck_assert_str_eq(p->seq[0].step[0].command.text, "a;\nb;");
	ck_assert_str_eq(show(p, &p->seq[0].step[1].text), "x");
	lang_free(p);
}
END_TEST

START_TEST(texts_are_cut_into_literals_and_variables)
{
	struct plan *p = load("[vars]\nx = 1\n[sequence a]\n"
	    "say = a $${x} ${x}$x $ ${env.HOME} \"${j.a.0.b}\" 'it'\n"
	    "run = f\ncapture j = json\n");

	ck_assert_str_eq(show(p, &p->seq[0].step[0].text),
	    "a ${x} <x>$x $ <env HOME> \"<j.a.0.b>\" 'it'");
	lang_free(p);
}
END_TEST

START_TEST(words_are_quoted_as_in_a_shell)
{
	struct plan *p = load("[vars]\nx = 1\n[sequence a]\n"
	    "each i = a, \"b  ${x}\" 'c ${x}' d\\ e \"\" f\"g\"${x}\n"
	    "    \"h\\\"\\i\",j\nrun = f\n");

	ck_assert_str_eq(show_words(p, &p->seq[0].each[0].words),
	    "[a][b  <x>][c ${x}][d e][][fg<x>][h\"\\i][j]");
	lang_free(p);
}
END_TEST

/* --- commands --------------------------------------------------------------- */

START_TEST(plain_commands_need_no_shell)
{
	static const char *const direct[] = {
		"/bin/true", "ls -l /tmp", "sleep 5", "make -j8 X=1 a,b:c@d%e",
		"gzip -k {}", " ls\t-l ",
	};
	static const char *const shell[] = {
		"", " ", "a|b", "a; b", "a && b", "a > b", "a < b", "echo a",
		"cd /tmp", "exit 3", ". x", "test -f x", "[ -f x ]", "X=1 ls",
		"ls *", "ls ?", "ls $x", "ls `x`", "ls \"x\"", "ls 'x'",
		"ls \\x", "ls ~", "ls # x", "ls\nls", "if a", "! ls", "{ ls }",
		"ls {a,b}", "(ls)", "true", "wait", "export", "ulimit -n 3",
	};

	for (size_t i = 0; i < countof(direct); i++)
		ck_assert_msg(lang_is_direct(direct[i]), "%s", direct[i]);
	for (size_t i = 0; i < countof(shell); i++)
		ck_assert_msg(!lang_is_direct(shell[i]), "%s", shell[i]);
}
END_TEST

START_TEST(a_shell_of_ones_own_is_used)
{
	struct plan *p = load("[job]\nshell = bash -c\n[sequence a]\n"
	    "shell = ksh\nrun = ls -l\nrun = ls\nshell = none\nrun = ls\nshell = zsh\n"
	    "say = x\n");
	const struct step *s = p->seq[0].step;

	ck_assert_str_eq(s[0].command.text, "ls -l");
	ck_assert_str_eq(show_words(p, &s[0].shell), "[ksh]");
	ck_assert_str_eq(s[1].command.text, "ls");
	ck_assert_str_eq(show_words(p, &s[1].shell), "[bash][-c]");
	ck_assert_str_eq(show_words(p, &s[2].shell), "[zsh]");
	ck_assert_uint_eq(s[3].shell.n, 0);
	lang_free(p);
}
END_TEST

static const char *
item_text(struct arena *a, const char *command)
{
	struct command c;

	lang_command_item(a, command, 7, "item", true, &c);
	return c.text ? c.text : "direct";
}

START_TEST(braces_become_the_item)
{
	struct arena a = { 0 };
	struct command c;

	ck_assert_str_eq(item_text(&a, "a; b {}"), "a; b \"${item}\"");
	ck_assert_str_eq(item_text(&a, "a; b \"x {} y\""),
	    "a; b \"x ${item} y\"");
	ck_assert_str_eq(item_text(&a, "a; b 'x {} y'"),
	    "a; b 'x '\"${item}\"' y'");
	ck_assert_str_eq(item_text(&a, "a; b \\{} '\\{}'"),
	    "a; b \\{} '\\'\"${item}\"''");
	ck_assert_str_eq(item_text(&a, "a; b"), "a; b \"${item}\"");
	ck_assert_str_eq(item_text(&a, "a # don't\nb {}"),
	    "a # don't\nb \"${item}\"");
	ck_assert_str_eq(item_text(&a, "echo \"it's\" {}"),
	    "echo \"it's\" \"${item}\"");
	ck_assert_str_eq(item_text(&a, "e \"$(b \"{}\" .x)\" {} \"$(b {})\""),
	    "e \"$(b \"${item}\" .x)\" \"${item}\" \"$(b \"${item}\")\"");
	ck_assert_str_eq(item_text(&a, "e \"`b {}`{}\" $(((1))){}"),
	    "e \"`b \"${item}\"`${item}\" $(((1)))\"${item}\"");

	lang_command_item(&a, "gzip -k x{}y {}", 7, "item", true, &c);
	ck_assert_uint_eq(c.argv.n, 4);
	ck_assert_uint_eq(c.argv.text[2].n, 3);
	ck_assert_int_eq(c.argv.text[2].piece[1].kind, PIECE_VAR);
	ck_assert_uint_eq(c.argv.text[3].n, 1);
	lang_command_item(&a, "gzip -k", 7, "item", true, &c);
	ck_assert_uint_eq(c.argv.n, 3);
	lang_command_item(&a, "gzip -k", 7, "item", false, &c);
	ck_assert_uint_eq(c.argv.n, 2);

	ck_assert_int_eq(lang_command_items(&a, "a; b {} c", true, &c), 0);
	ck_assert_str_eq(c.text, "a; b \"$@\" c");
	ck_assert_uint_eq(c.args.n, 1);
	ck_assert_int_eq(lang_command_items(&a, "a; b", true, &c), 0);
	ck_assert_str_eq(c.text, "a; b \"$@\"");
	ck_assert_int_eq(lang_command_items(&a, "a; b x{}", true, &c), -1);
	ck_assert_int_eq(lang_command_items(&a, "cp x{} y", true, &c), -1);
	ck_assert_int_eq(lang_command_items(&a, "cp {} y", true, &c), 0);
	ck_assert_int_eq(c.argv.text[1].piece[0].kind, PIECE_ITEMS);
	ck_assert(lang_has_braces("a {}"));
	ck_assert(!lang_has_braces("a \\{}"));
	arena_fini(&a);
}
END_TEST

/* --- steps and headers ------------------------------------------------------ */

START_TEST(steps_take_the_defaults_of_their_header)
{
	struct plan *p = load_steps(
	    "timeout = 30s\nretry = 2 every 3s\nenv A = 1\nenv B = 2\n"
	    "dir = /tmp\nquiet = yes\nas = root\n"
	    "run = f\n\n"
	    "run = g\ntimeout = none\nretry = none\nenv A = none\n"
	    "env B = none of it\nenv C = none\ndir = none\nquiet = no\n"
	    "as = none\n\n"
	    "say = x\n\n"
	    "sleep = 1s..2s\n");
	const struct step *s = p->seq[0].step;

	ck_assert(s[0].timeout.given && s[0].timeout.value == 30);
	ck_assert(s[0].has_retry && s[0].retry.every.value == 3);
	ck_assert(s[0].has_dir && s[0].has_as && s[0].quiet);
	ck_assert_uint_eq(s[0].nenv, 2);
	ck_assert(!s[1].timeout.given && !s[1].has_retry);
	ck_assert(!s[1].has_dir && !s[1].has_as && !s[1].quiet);
	ck_assert_uint_eq(s[1].nenv, 2);
	ck_assert_str_eq(s[1].env[0].name, "B");
	ck_assert_str_eq(show(p, &s[1].env[0].value), "none of it");
	ck_assert_str_eq(s[1].env[1].name, "C");
	ck_assert_str_eq(show(p, &s[1].env[1].value), "none");
	ck_assert(!s[2].timeout.given && !s[2].has_retry && s[2].nenv == 0);
	ck_assert(s[3].timeout.given && s[3].has_retry);
	ck_assert(s[3].low.value == 1 && s[3].high.value == 2);
	lang_free(p);
}
END_TEST

START_TEST(figures_have_their_defaults)
{
	struct plan *p = load_steps("run = f\nretry = forever max 1m jitter 5%"
	    " backoff 1.5 on 3 timeout\n\nrun = g\nvisits = forever\n"
	    "timeout = ${env.T}\n");
	const struct step *s = p->seq[0].step;

	ck_assert(s[0].retry.tries.value >= HUGE_VAL);
	ck_assert(s[0].retry.every.value == 1 && !s[0].retry.every.given);
	ck_assert(s[0].retry.backoff.value == 1.5);
	ck_assert(s[0].retry.max.value == 60 && s[0].retry.max.given);
	ck_assert(s[0].retry.jitter.value == 5);
	ck_assert_uint_eq(s[0].retry.on.n, 2);
	ck_assert(s[0].grace.fixed && s[0].grace.value == 5);
	ck_assert(s[0].visits.value == 1000);
	ck_assert(s[1].visits.value >= HUGE_VAL);
	ck_assert(s[1].timeout.given && !s[1].timeout.fixed);
	lang_free(p);
}
END_TEST

START_TEST(reactions_are_read)
{
	struct plan *p = load("[sequence a]\nstep = one\nrun = f\n"
	    "on 1-3,7 signal TERM KILL timeout = call r x=\"a b\" y = c "
	    "then goto one\n"
	    "on any = fail disk ${message} is full\n"
	    "on line = ^a -> b (\\d+) -> set n\n"
	    "on stderr-line = x -> kill then retry\n"
	    "say = ${n}\n"
	    "[routine r]\nparams = x, y=1\nreturn =\n");
	const struct step *s = &p->seq[0].step[0];
	const struct reaction *r = &s->on[0].reaction;

	ck_assert_uint_eq(s->non, 2);
	ck_assert_uint_eq(s->on[0].when.n, 5);
	ck_assert_int_eq(s->on[0].when.match[0].lo, 1);
	ck_assert_int_eq(s->on[0].when.match[0].hi, 3);
	ck_assert_int_eq(s->on[0].when.match[2].kind, MATCH_SIGNAL);
	ck_assert_int_eq(s->on[0].when.match[4].status, ST_TIMEOUT);
	ck_assert_int_eq(r->kind, DO_CALL);
	ck_assert_int_eq(r->then, DO_GOTO);
	ck_assert_uint_eq(r->target.index, 0);
	ck_assert_uint_eq(r->call.routine.index, 1);
	ck_assert_uint_eq(r->call.narg, 2);
	ck_assert_str_eq(show(p, &r->call.arg[0].value), "a b");
	ck_assert_str_eq(show(p, &r->call.arg[1].value), "c");
	ck_assert_str_eq(show(p, &s->on[1].reaction.message),
	    "disk <message> is full");
	ck_assert_str_eq(s->on[1].reaction.text,
	    "fail disk ${message} is full");
	ck_assert_uint_eq(s->non_line, 2);
	ck_assert_str_eq(s->on_line[0].pattern, "^a -> b (\\d+)");
	ck_assert_int_eq(s->on_line[0].reaction.kind, DO_SET);
	ck_assert_int_eq(s->on_line[1].reaction.kind, DO_KILL);
	ck_assert_int_eq(s->on_line[1].reaction.then, DO_RETRY);
	ck_assert_uint_eq(s->on_line[1].streams, STREAM_ERR);
	ck_assert(p->seq[0].counted);
	lang_free(p);
}
END_TEST

START_TEST(lists_are_read)
{
	struct plan *p = load("[vars]\nn = 9\n[sequence a]\n"
	    "each id ip lines = machines.txt\n"
	    "each x range = 001..${n}..2\n"
	    "each f files = *.wav, a/**\n"
	    "each v var = n\n"
	    "run = f\n"
	    "[sequence b]\nafter = a\neach l lines = -\n"
	    "run = f\n[sequence c]\neach o output = ls | sort\nrun = f\n"
	    "[sequence d]\nparallel = 50%\nmax-fail = 3\npriority = n * 2\n"
	    "run = f\n");
	const struct each *e = p->seq[0].each;

	ck_assert_uint_eq(p->seq[0].neach, 4);
	ck_assert_int_eq(e[0].kind, EACH_LINES);
	ck_assert_uint_eq(e[0].nsym, 2);
	ck_assert_str_eq(show(p, &e[0].text), "machines.txt");
	ck_assert_int_eq(e[1].kind, EACH_RANGE);
	ck_assert_str_eq(show(p, &e[1].lo), "001");
	ck_assert_str_eq(show(p, &e[1].hi), "<n>");
	ck_assert_str_eq(show(p, &e[1].step), "2");
	ck_assert_str_eq(show_words(p, &e[2].words), "[*.wav][a/**]");
	ck_assert_int_eq(e[3].kind, EACH_VAR);
	ck_assert_int_eq(p->seq[1].each[0].kind, EACH_STDIN);
	ck_assert_uint_eq(p->seq[1].nafter, 1);
	ck_assert_str_eq(p->seq[2].each[0].command.text, "ls | sort");
	ck_assert(p->seq[3].parallel.width.percent);
	ck_assert_int_eq(p->seq[3].priority->op, EX_MUL);
	lang_free(p);
}
END_TEST

START_TEST(steps_have_labels_and_identities)
{
	struct plan *p = load_steps("run = ls -l\nrun = ls -l\n"
	    "run = ls -l#2\nrun = ls -l\nstep = ls\nrun = f\nrun = ls\n"
	    "sleep = 5s\nput = a -> b\nset x = y\nreturn =\n"
	    "run =\n  # why\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "éé;\n");
	const struct step *s = p->seq[0].step;

	ck_assert_str_eq(s[0].identity, "ls -l");
	ck_assert_str_eq(s[1].identity, "ls -l#2");
	ck_assert_str_eq(s[2].identity, "ls -l#2#2");
	ck_assert_str_eq(s[3].identity, "ls -l#3");
	ck_assert_str_eq(s[3].label, "ls -l");
	ck_assert_str_eq(s[4].identity, "ls");
	ck_assert_str_eq(s[5].identity, "ls#2");
	ck_assert_str_eq(s[6].label, "sleep 5s");
	ck_assert_str_eq(s[7].label, "put a -> b");
	ck_assert_str_eq(s[8].label, "set x = y");
	ck_assert_str_eq(s[9].label, "return");
	ck_assert_str_eq(s[10].label,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé…");
	ck_assert(!p->seq[0].counted);
	lang_free(p);
}
END_TEST

START_TEST(computed_names_are_kept_as_texts)
{
	struct plan *p = load("[vars]\nos output = uname\n[sequence a]\n"
	    "step = part-1\ncall = facts-${os} k=1\ngoto = part-${os}\n"
	    "[routine facts-linux]\nparams = k\nreturn =\n");
	const struct step *s = p->seq[0].step;

	ck_assert_uint_eq(s[0].call.routine.index, NOWHERE);
	ck_assert_str_eq(show(p, &s[0].call.routine.text), "facts-<os>");
	ck_assert_uint_eq(s[0].call.narg, 1);
	ck_assert_uint_eq(s[1].target.index, NOWHERE);
	ck_assert(p->seq[0].counted);
	lang_free(p);
}
END_TEST

/* --- expressions ------------------------------------------------------------ */

static void
dump(const struct plan *p, const struct expr *e, char *out)
{
	static const char *const name[] = {
		[EX_DEFINED] = "defined", [EX_EXISTS] = "exists",
		[EX_NOT] = "not", [EX_NEGATE] = "-", [EX_AND] = "and",
		[EX_OR] = "or", [EX_EQ] = "==", [EX_NE] = "!=", [EX_LT] = "<",
		[EX_LE] = "<=", [EX_GT] = ">", [EX_GE] = ">=",
		[EX_MATCH] = "=~", [EX_NOMATCH] = "!~", [EX_ADD] = "+",
		[EX_SUB] = "-", [EX_MUL] = "*", [EX_DIV] = "/",
		[EX_MOD] = "%",
	};
	size_t n;

	switch (e->op) {
	case EX_NUMBER:
		sprintf(out, e->is_int ? "%.0f" : "%g", e->d);
		return;
	case EX_TEXT:
		sprintf(out, "'%s'", show(p, &e->text));
		return;
	case EX_VAR:
		sprintf(out, "%s%s", e->var.kind == PIECE_ENV ? "env." :
		    p->symbols.name[e->var.sym], e->var.text ?
		    e->var.text : "");
		return;
	case EX_RESULT:
	case EX_CODE:
		sprintf(out, "%s(%u)", e->op == EX_CODE ? "code" : "result",
		    e->step);
		return;
	default:
		n = (size_t)sprintf(out, "(%s ", name[e->op]);
		dump(p, e->a, out + n);
		n = strlen(out);
		if (e->b) {
			out[n++] = ' ';
			dump(p, e->b, out + n);
		}
		strcat(out, ")");
	}
}

static const char *
expr(const char *text)
{
	static char out[1024], job[1024];
	struct plan *p;

	snprintf(job, sizeof(job), "[vars]\nx = 1\ny = 2\n[sequence a]\n"
	    "step = 2nd-one\nrun = f\nwhen = %s\n\nrun = g\n"
	    "capture j = json\ncapture k = pairs\n", text);
	p = load(job);
	dump(p, p->seq[0].step[0].when, out);
	lang_free(p);
	return out;
}

START_TEST(expressions_bind_as_one_expects)
{
	ck_assert_str_eq(expr("x + 2 * y - 1 > 3 and not y or x"),
	    "(or (and (> (- (+ x (* 2 y)) 1) 3) (not y)) x)");
	ck_assert_str_eq(expr("(x + 2) * -y % 1.5"),
	    "(% (* (+ x 2) (- y)) 1.5)");
	ck_assert_str_eq(expr("2nd-one.code == 3 and 2nd-one.result != \"ok\""),
	    "(and (== code(0) 3) (!= result(0) 'ok'))");
	ck_assert_str_eq(expr("x =~ \"^\\d+\\\"$\" or ${y} !~ \"a\""),
	    "(or (=~ x) (!~ y))");
	ck_assert_str_eq(expr("defined x and defined ${k_foo} and exists /a/b"),
	    "(and (and (defined x) (defined k_foo)) (exists '/a/b'))");
	ck_assert_str_eq(expr("(exists \"/a b\") and env.HOME == 'x'"),
	    "(and (exists '/a b') (== env.HOME 'x'))");
	ck_assert_str_eq(expr("j.a.0 == \"${x} y\" and not not lanes"),
	    "(and (== ja.0 '<x> y') (not (not lanes)))");
	ck_assert_str_eq(expr("9223372036854775807 - 1"),
	    "(- 9223372036854775808 1)");
}
END_TEST

/* --- the job ---------------------------------------------------------------- */

START_TEST(the_job_has_a_name_and_a_place)
{
	struct plan *p = load("[job]\ndescription = about\n"
	    "  two lines\ndir = sub\nchildren = 7\ndepth = 9\n"
	    "timeout = 1h\nallow-empty = yes\nparallel = auto\n"
	    "log = failed\nkeep = 30d\n"
	    "max-fail = 10%\non-fail = stop\n[sequence a]\nrun = f\n");
	char *cwd = getcwd(NULL, 0);

	ck_assert_str_eq(p->name, "x");
	ck_assert_str_eq(p->job_dir, cwd);
	ck_assert_uint_eq(strlen(p->dir), strlen(cwd) + 4);
	ck_assert_str_eq(p->description, "about\ntwo lines");
	ck_assert(p->children.width.n == 7 && p->depth == 9);
	ck_assert(p->timeout.value == 3600 && p->allow_empty);
	ck_assert(p->log == LOG_FAILED && p->keep == 0);
	ck_assert_double_eq(p->keep_s, 30 * 86400);
	ck_assert(p->parallel.width.automatic && p->max_fail.width.percent);
	ck_assert_int_eq(p->on_fail, ON_FAIL_STOP);
	free(cwd);
	lang_free(p);
}
END_TEST

START_TEST(sequences_come_before_routines)
{
	struct plan *p = load("[routine r]\nrun = f\n[sequence b]\nrun = f\n"
	    "[sequence a]\nalways = r\nrun = f\n");

	ck_assert_uint_eq(p->nseq, 3);
	ck_assert_str_eq(p->seq[0].name, "b");
	ck_assert_str_eq(p->seq[1].name, "a");
	ck_assert_str_eq(p->seq[2].name, "r");
	ck_assert_uint_eq(p->seq[1].always, 2);
	ck_assert_uint_eq(p->seq[1].rescue, NOWHERE);
	ck_assert_uint_eq(p->nsteps, 3);
	lang_free(p);
}
END_TEST

START_TEST(only_some_variables_are_for_the_command_line)
{
	static const char *const good[] = { "x", "h", "p" };
	static const char *const bad[] = { "relase", "item", "lane" };
	static const char job[] = "[vars]\nx = 1\nrelease required = which\n"
	    "[sequence a]\neach item = 1 2\nvar h = 2\nset s = 1\ncall = r\n"
	    "[routine r]\nparams = p=1\nreturn =\n";
	struct plan *p = load_as(job, good, 3);

	ck_assert_ptr_nonnull(p);
	ck_assert(p->settable[map_find(&p->symbols, "p", 1)]);
	ck_assert(!p->settable[map_find(&p->symbols, "s", 1)]);
	lang_free(p);
	ck_assert_ptr_null(load_as(job, bad, 3));
	ck_assert_str_eq(said,
	    "pseq: error: no variable 'relase' that -v could set\n"
	    "pseq: note: did you mean 'release'?\n"
	    "pseq: error: no variable 'item' that -v could set\n"
	    "pseq: error: 'lane' is pseq's own and cannot be set\n");
}
END_TEST

/* --- files ------------------------------------------------------------------ */

static struct plan *
load_files(char *const *file, size_t n)
{
	struct lang_options opt = { 0 };
	struct plan *p;

	free(said);
	opt.out = open_memstream(&said, &nsaid);
	p = lang_load(file, n, &opt, NULL);
	fclose(opt.out);
	return p;
}

static void
put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(files_are_joined_and_included)
{
	char dir[] = "/tmp/pseq-lang-XXXXXX", job[64], inc[64], two[64];
	char *files[] = { job, two };
	struct plan *p;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(job, sizeof(job), "%s/deploy.job", dir);
	snprintf(inc, sizeof(inc), "%s/common.inc", dir);
	snprintf(two, sizeof(two), "%s/two.job", dir);
	put_file(job, "[job]\ninclude = common.inc\n[sequence a]\nrun = f\n"
	    "set y = ${x}\n");
	put_file(inc, "[vars]\nx = 1\n[sequence i]\nrun = f\n");
	put_file(two, "[job]\ninclude = common.inc\n[sequence t]\n"
	    "call = r\n[routine r]\nreturn =\n");
	p = load_files(files, 2);
	ck_assert_msg(p != NULL, "%s", said);
	ck_assert_str_eq(p->name, "deploy");
	ck_assert_str_eq(p->job_dir, dir);
	ck_assert_str_eq(p->seq[0].name, "i");
	ck_assert_str_eq(p->seq[1].name, "a");
	ck_assert_str_eq(p->seq[2].name, "t");
	lang_free(p);
	unlink(job);
	unlink(inc);
	unlink(two);
	rmdir(dir);
}
END_TEST

START_TEST(what_cannot_be_read_is_said)
{
	char *missing[] = { "/nonexistent/x.job" }, *dir[] = { "/tmp" };
	char *zero[] = { "/dev/zero" }, *empty[] = { "/dev/null" };

	ck_assert_ptr_null(load_files(missing, 1));
	ck_assert_str_eq(said, "pseq: error: cannot read "
	    "'/nonexistent/x.job': No such file or directory\n");
	ck_assert_ptr_null(load_files(dir, 1));
	ck_assert_str_eq(said,
	    "pseq: error: cannot read '/tmp': it is a directory\n");
	ck_assert_ptr_null(load_files(zero, 1));
	ck_assert_str_eq(said, "pseq: error: cannot read '/dev/zero': "
	    "it is larger than 64 MiB\n");
	ck_assert_ptr_null(load_files(empty, 1));
	ck_assert_ptr_nonnull(strstr(said, "nothing to run"));
}
END_TEST

START_TEST(a_line_may_have_a_mebibyte)
{
	enum { MANY = 1024 * 1024 };
	char *text = mem_alloc(MANY + 64);
	int head = sprintf(text, "[sequence a]\nsay = ");
	struct plan *p;

	memset(text + head, 'x', MANY);
	strcpy(text + head + MANY - 6, "\n");
	p = load(text);
	ck_assert_uint_eq(p->seq[0].step[0].text.piece[0].len, MANY - 6);
	lang_free(p);
	strcpy(text + head + MANY - 6, "y\n");
	ck_assert_ptr_null(load_as(text, NULL, 0));
	ck_assert_ptr_nonnull(strstr(said, "longer than 1 MiB"));
	ck_assert_uint_lt(nsaid, 1000);
	free(text);
}
END_TEST

/* every diagnostic, whole text compared, caret included */
START_TEST(every_mistake_is_reported_as_it_should)
{
	char *cwd = getcwd(NULL, 0);
	glob_t g;

	ck_assert_int_eq(chdir("tests/bad"), 0);
	ck_assert_int_eq(glob("*.job", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		static char want[1 << 20];
		char *file[] = { g.gl_pathv[i] }, path[256];
		size_t n = strlen(file[0]);
		FILE *f;

		snprintf(path, sizeof(path), "%.*s.err", (int)n - 4, file[0]);
		ck_assert_ptr_null(load_files(file, 1));
		/* after a change of the words, to be looked through */
		if (getenv("BAD_UPDATE"))
			put_file(path, said);
		f = fopen(path, "r");
		ck_assert_msg(f != NULL, "%s is missing", path);
		want[fread(want, 1, sizeof(want) - 1, f)] = '\0';
		fclose(f);
		ck_assert_msg(!strcmp(said, want), "%s:\n%s", path, said);
	}
	globfree(&g);
	ck_assert_int_eq(chdir(cwd), 0);
	free(cwd);
}
END_TEST

/* the tables agree with each other: what is later is not there yet */
START_TEST(no_word_is_now_and_later)
{
	for (size_t i = 0; i < lang_nlater; i++)
		for (size_t k = 0; k < lang_nkeys; k++)
			ck_assert_str_ne(lang_later[i].name,
			    lang_keys[k].name);
	for (size_t i = 0; i < lang_nkeys; i++) {
		ck_assert_uint_gt(strlen(lang_keys[i].help), 3);
		ck_assert(lang_keys[i].at != 0);
	}
}
END_TEST

void
unit_lang(Suite *s)
{
	TCase *tc = tcase_create("lang");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_block_is_taken_as_it_is);
	tcase_add_test(tc, a_value_goes_on_while_lines_are_indented);
	tcase_add_test(tc, nothing_is_cut);
	tcase_add_test(tc, crlf_and_a_byte_order_mark_are_accepted);
	tcase_add_test(tc, texts_are_cut_into_literals_and_variables);
	tcase_add_test(tc, words_are_quoted_as_in_a_shell);
	tcase_add_test(tc, plain_commands_need_no_shell);
	tcase_add_test(tc, a_shell_of_ones_own_is_used);
	tcase_add_test(tc, braces_become_the_item);
	tcase_add_test(tc, steps_take_the_defaults_of_their_header);
	tcase_add_test(tc, figures_have_their_defaults);
	tcase_add_test(tc, reactions_are_read);
	tcase_add_test(tc, lists_are_read);
	tcase_add_test(tc, steps_have_labels_and_identities);
	tcase_add_test(tc, computed_names_are_kept_as_texts);
	tcase_add_test(tc, expressions_bind_as_one_expects);
	tcase_add_test(tc, the_job_has_a_name_and_a_place);
	tcase_add_test(tc, sequences_come_before_routines);
	tcase_add_test(tc, only_some_variables_are_for_the_command_line);
	tcase_add_test(tc, files_are_joined_and_included);
	tcase_add_test(tc, what_cannot_be_read_is_said);
	tcase_add_test(tc, a_line_may_have_a_mebibyte);
	tcase_add_test(tc, every_mistake_is_reported_as_it_should);
	tcase_add_test(tc, no_word_is_now_and_later);
	suite_add_tcase(s, tc);
}
