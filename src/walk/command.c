/* SPDX-License-Identifier: ISC */
/* a step's command as the data of an action */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "walk/inner.h"

#define NONE ((size_t)-1)

/* where in the scratch the parts of a command stand */
struct parts {
	size_t argv, shell, args, env, dir, as, in, out, script;
};

/* a text as one string of the scratch */
static int
add_text(struct walk *w, const struct ctx *c, const struct text *t,
    size_t *at, struct buf *why)
{
	buf_clear(&w->text2);
	if (vars_fill(w, c, t, &w->text2, why) == -1)
		return -1;
	*at = scratch_add(w, w->text2.data, w->text2.len);
	return 0;
}

/* a list of words; one that stands for all items becomes several */
static int
add_words(struct walk *w, const struct ctx *c, const struct texts *words,
    size_t *at, struct buf *why)
{
	size_t one;

	*at = w->nat;
	for (size_t i = 0; i < words->n; i++) {
		const struct text *t = &words->text[i];

		if (c && t->n == 1 && t->piece[0].kind == PIECE_ITEMS) {
			for (size_t k = 0; k < c->nfield; k++)
				scratch_add(w, c->field[k]->text,
				    c->field[k]->len);
		} else if (add_text(w, c, t, &one, why) == -1) {
			return -1;
		}
	}
	scratch_end(w);
	return 0;
}

static int
add_shell(struct walk *w, const struct ctx *c, const struct step *s,
    const struct command *cmd, struct parts *p, struct buf *why)
{
	const struct texts *shell = s && s->shell.n > 0 ? &s->shell :
	    &w->plan->shell;

	if (shell->n > 0) {
		if (add_words(w, c, shell, &p->shell, why) == -1)
			return -1;
	} else {
		p->shell = scratch_add(w, "/bin/sh", 7);
		scratch_add(w, "-eu", 3);
		scratch_end(w);
	}
	return cmd->args.n > 0 ?
	    add_words(w, c, &cmd->args, &p->args, why) : 0;
}

/* a path that is found from the step's directory as well */
static void
add_path(struct walk *w, const struct step *s, const struct buf *path)
{
	char here[4096];

	if (!s->has_dir || path->data[0] == '/' ||
	    !getcwd(here, sizeof(here))) {
		scratch_add(w, path->data, path->len);
		return;
	}
	buf_clear(&w->text2);
	buf_addf(&w->text2, "%s/", here);
	buf_add(&w->text2, path->data, path->len);
	scratch_add(w, w->text2.data, w->text2.len);
}

/* the script goes there, or its interpreter is run here */
static int
add_script(struct walk *w, const struct ctx *c, const struct step *s,
    struct run *r, struct parts *p, struct buf *why)
{
	const struct texts args = { s->words.text + 1, s->words.n - 1 };
	struct buf path = { 0 };
	int rc = vars_fill(w, c, &s->words.text[0], &path, why);
	size_t at;

	if (rc == 0)
		rc = script_load(w, s, buf_str(&path), why);
	if (rc == 0 && r->at) {
		r->script_bytes = w->script.len > 0 ? w->script.data : "";
		r->script_len = w->script.len;
		p->script = scratch_add(w, path.data, path.len);
		rc = add_words(w, c, &args, &p->args, why);
	} else if (rc == 0) {
		p->argv = w->nat;
		script_interpreter(w);
		add_path(w, s, &path);
		rc = add_words(w, c, &args, &at, why);
	}
	buf_fini(&path);
	return rc;
}

/* what a step says beside its command */
static int
add_settings(struct walk *w, const struct ctx *c, const struct step *s,
    struct parts *p, struct buf *why)
{
	if (s->has_dir && add_text(w, c, &s->dir, &p->dir, why) == -1)
		return -1;
	if (s->has_as && add_text(w, c, &s->as, &p->as, why) == -1)
		return -1;
	if (s->stdin_kind == IN_FILE &&
	    add_text(w, c, &s->stdin_text, &p->in, why) == -1)
		return -1;
	if (s->stdout_kind == OUT_FILE &&
	    add_text(w, c, &s->stdout_path, &p->out, why) == -1)
		return -1;
	if (secret_check(w, c, s, why) == -1)
		return -1;
	for (size_t i = 0; i < s->nenv; i++) {
		buf_clear(&w->text2);
		if (vars_fill(w, c, &s->env[i].value, &w->text2, why) == -1)
			return -1;
	}
	return 0;
}

/* standard input that comes from a text or a variable */
static int
input(struct walk *w, const struct ctx *c, const struct step *s,
    struct run *r, struct buf *why)
{
	struct piece p = { .kind = PIECE_VAR, .sym = s->stdin_sym,
	    .pos = s->pos };
	struct value *v;

	buf_clear(&w->text);
	if (s->stdin_kind == IN_TEXT) {
		if (vars_fill(w, c, &s->stdin_text, &w->text, why) == -1)
			return -1;
		buf_addc(&w->text, '\n');
	} else if (s->stdin_kind == IN_VAR) {
		v = vars_piece(w, c, &p, why);
		if (!v)
			return -1;
		buf_add(&w->text, v->text, v->len);
		value_unref(v);
	} else {
		return 0;
	}
	r->in_bytes = buf_str(&w->text);
	r->in_len = w->text.len;
	return 0;
}

static int
limits(struct walk *w, const struct ctx *c, const struct step *s,
    struct run *r, struct buf *why)
{
	if (vars_figure(w, c, &s->timeout, &r->timeout, why) == -1 ||
	    vars_figure(w, c, &s->silent, &r->silent, why) == -1 ||
	    vars_figure(w, c, &s->grace, &r->grace, why) == -1)
		return -1;
	return 0;
}

static void
captures(const struct step *s, struct run *r)
{
	r->capture_max = CAPTURE_MAX;
	for (size_t i = 0; i < s->ncapture; i++)
		switch (s->capture[i].kind) {
		case CAP_JSON:
			r->capture_max = CAPTURE_JSON_MAX;
			r->capture |= STREAM_OUT;
			break;
		case CAP_STDOUT:
		case CAP_PAIRS:
			r->capture |= STREAM_OUT;
			break;
		case CAP_STDERR:
			r->capture |= STREAM_ERR;
			break;
		case CAP_BOTH:
			r->capture |= STREAM_OUT | STREAM_ERR;
			r->capture_both = true;
			break;
		}
}

/* lines are looked at and captured before they go elsewhere */
static void
divert(const struct step *s, struct run *r)
{
	if (s->stdout_kind == OUT_SHOWN)
		return;
	if (s->stdout_kind == OUT_CHANNEL || (r->watch | r->capture) & STREAM_OUT)
		r->divert |= STREAM_OUT;
	else
		r->out_none = s->stdout_kind == OUT_NONE;
}

static const char *
pointer(const char **list, size_t at)
{
	return at == NONE ? NULL : list[at];
}

static void
point(struct walk *w, const struct parts *p, struct run *r)
{
	const char **list = scratch_done(w);

	r->argv = p->argv == NONE ? NULL : list + p->argv;
	r->shell = p->shell == NONE ? NULL : list + p->shell;
	r->args = p->args == NONE ? NULL : list + p->args;
	r->env = list + p->env;
	r->dir = pointer(list, p->dir);
	r->as = pointer(list, p->as);
	r->in_path = pointer(list, p->in);
	r->out_path = pointer(list, p->out);
	r->script = pointer(list, p->script);
}

/*
 * A variable that is too long is not exported, which is told; but the item
 * of `pseq each` must not just be missing from its command.
 */
static int
check_item(const struct ctx *c, const struct command *cmd, struct buf *why)
{
	size_t len = 0;

	if (!c || c->nfield == 0 || cmd->argv.n > 0 || cmd->args.n > 0 ||
	    !strstr(cmd->text, "item"))
		return 0;
	for (size_t i = 0; i < c->nfield; i++)
		len += c->field[i]->len;
	if (len <= VALUE_EXPORT_MAX)
		return 0;
	buf_clear(why);
	buf_addf(why, "the item is too long for a shell command (over %d KiB)",
	    VALUE_EXPORT_MAX / 1024);
	return -1;
}

int
command_make(struct walk *w, const struct ctx *c, const struct step *s,
    const struct command *cmd, struct run *r, struct buf *why)
{
	struct parts p = { NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
	    NONE };
	int rc;

	scratch_begin(w);
	r->grace = 5;
	r->text = cmd->text;
	if (s && s->kind == STEP_SCRIPT)
		rc = add_script(w, c, s, r, &p, why);
	else if (check_item(c, cmd, why) == -1)
		rc = -1;
	/* elsewhere it is the shell's: PATH and builtins are not ours */
	else if (cmd->argv.n > 0 && (!r->at || cmd->as_given))
		rc = add_words(w, c, &cmd->argv, &p.argv, why);
	else
		rc = add_shell(w, c, s, cmd, &p, why);
	if (rc == -1)
		return -1;
	if (s) {
		if (add_settings(w, c, s, &p, why) == -1 ||
		    input(w, c, s, r, why) == -1 ||
		    limits(w, c, s, r, why) == -1)
			return -1;
		captures(s, r);
		for (size_t i = 0; i < s->non_line; i++)
			r->watch |= s->on_line[i].streams;
		divert(s, r);
		r->divert |= secret_streams(w->plan, s);
		if (s->stdin_kind == IN_CHANNEL)
			r->in_channel = s->stdin_channel + 1;
		if (s->stdout_kind == OUT_CHANNEL)
			r->out_channel = s->stdout_channel + 1;
		r->tty = s->tty;
	}
	p.env = w->nat;
	r->nown = env_build(w, c, s);
	point(w, &p, r);
	return 0;
}

/* what copies say beside their paths; those here are ours */
static int
copy_user(struct walk *w, const struct ctx *c, const struct step *s,
    const struct copy *copy, size_t *as, struct buf *why)
{
	*as = NONE;
	if (!copy->at && s->own_as) {
		why_at(w, s->as.pos, why);
		buf_adds(why, "'as' is for copies to and from other hosts: "
		    "this one is made here");
		return -1;
	}
	return copy->at && s->has_as ? add_text(w, c, &s->as, as, why) : 0;
}

int
command_copy(struct walk *w, const struct ctx *c, const struct step *s,
    struct copy *copy, struct buf *why)
{
	const char **list;
	size_t from, to, as;

	scratch_begin(w);
	if (add_words(w, c, &s->words, &from, why) == -1 ||
	    add_text(w, c, &s->text, &to, why) == -1 ||
	    copy_user(w, c, s, copy, &as, why) == -1)
		return -1;
	list = scratch_done(w);
	copy->from = list + from;
	copy->nfrom = s->words.n;
	copy->to = list[to];
	copy->as = pointer(list, as);
	copy->get = s->kind == STEP_GET;
	return 0;
}

static void
show_word(struct buf *b, const char *word)
{
	if (b->len > 0)
		buf_addc(b, ' ');
	if (*word && !strpbrk(word, " \t\n'\"\\$`&|;<>()*?[]#~{}!"))
		buf_adds(b, word);
	else
		buf_addq(b, word);
}

/* the words of a direct command, as one would type them */
const char *
command_show(struct walk *w, const struct run *r)
{
	if (!r->argv && !r->script)
		return r->text;
	buf_clear(&w->text2);
	if (r->script)
		show_word(&w->text2, r->script);
	for (size_t i = 0; r->script && r->args[i]; i++)
		show_word(&w->text2, r->args[i]);
	for (size_t i = 0; !r->script && r->argv[i]; i++)
		show_word(&w->text2, r->argv[i]);
	return buf_str(&w->text2);
}
