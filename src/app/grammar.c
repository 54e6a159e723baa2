/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "app/grammar.h"
#include "base/map.h"
#include "base/mem.h"
#include "model/status.h"

const struct grammar_scope grammar_scopes[] = {
	{ "Names", "vars|secrets", false, 0, false },
	{ "Limits", "limits", false, 0, true },
	{ "Job", "job", false, AT_JOB, false },
	{ "Hosts", "hosts", true, AT_HOSTS, false },
	{ "Machine", "host", true, AT_HOST, false },
	{ "Via", "via", true, AT_VIA, false },
	{ "Channel", "channel", true, AT_CHANNEL, false },
	{ "Sequence", "sequence", true, AT_SEQUENCE | AT_STEP, false },
	{ "Routine", "routine", true, AT_ROUTINE | AT_STEP, false },
};
const size_t grammar_nscopes = countof(grammar_scopes);

const char *const grammar_values[VALUES] = {
	[VALUE_COMMAND] = "Command", [VALUE_TEXT] = "Text",
	[VALUE_EXPRESSION] = "Expression", [VALUE_REACTION] = "Reaction",
	[VALUE_CHOICE] = "Choice", [VALUE_WORDS] = "Words",
};

/* the next word of lower-case letters that stands for itself */
static bool
next_word(const char **s, const char **word, size_t *len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";

	for (;;) {
		*s += strcspn(*s, letters);
		*word = *s;
		*len = strspn(*s, letters);
		*s += *len;
		if (*len == 0)
			return false;
		if (*len > 1 && (*word)[-1] != '{')
			return true;
	}
}

enum grammar_value
grammar_value(const struct key *k)
{
	static const struct {
		const char *word;
		enum grammar_value value;
	} known[] = {
		{ "COMMAND", VALUE_COMMAND }, { "EXPRESSION", VALUE_EXPRESSION },
		{ "REACTION", VALUE_REACTION }, { "TEXT", VALUE_TEXT },
		{ "MESSAGE", VALUE_TEXT },
	};
	/* a byte before the first word can be looked at */
	char value[160] = " ";
	const char *s = value, *word;
	size_t len;

	for (size_t i = 0; i < countof(known); i++)
		if (strstr(k->value, known[i].word))
			return known[i].value;
	strncat(value, k->value, sizeof(value) - 2);
	return next_word(&s, &word, &len) ? VALUE_CHOICE : VALUE_WORDS;
}

static void
add(struct buf *b, const char *word, size_t len, const char *sep)
{
	if (b->len > 0)
		buf_adds(b, sep);
	buf_add(b, word, len);
}

void
grammar_keys(struct buf *b, const struct grammar_scope *scope,
    enum grammar_value value, bool actions, const char *sep)
{
	for (size_t i = 0; i < lang_nkeys; i++) {
		const struct key *k = &lang_keys[i];

		if (k->at & scope->at && grammar_value(k) == value &&
		    !(k->flags & KEY_ACTION) == !actions)
			add(b, k->name, strlen(k->name), sep);
	}
}

static void
add_all(struct buf *b, const struct map *words, const char *sep)
{
	for (uint32_t i = 0; i < words->n; i++)
		add(b, words->name[i], strlen(words->name[i]), sep);
}

static void
collect(struct map *words, const char *list)
{
	char text[160] = " ";
	const char *s = text, *word;
	size_t len;

	strncat(text, list, sizeof(text) - 2);
	while (next_word(&s, &word, &len))
		map_add(words, word, len);
}

void
grammar_choices(struct buf *b, const char *sep)
{
	struct map words = { 0 };

	for (size_t i = 0; i < lang_nkeys; i++)
		if (grammar_value(&lang_keys[i]) == VALUE_CHOICE)
			collect(&words, lang_keys[i].value);
	add_all(b, &words, sep);
	map_fini(&words);
}

void
grammar_sources(struct buf *b, const char *sep)
{
	struct map words = { 0 };

	for (size_t i = 0; i < lang_nkeys; i++)
		collect(&words, lang_keys[i].sources);
	collect(&words, lang_var_sources);
	collect(&words, lang_secret_sources);
	collect(&words, lang_limit_sources);
	add_all(b, &words, sep);
	map_fini(&words);
}

void
grammar_results(struct buf *b, const char *sep)
{
	for (int i = 0; i < ST_N; i++)
		add(b, status_name((enum status)i),
		    strlen(status_name((enum status)i)), sep);
	for (size_t i = 0; lang_matches[i]; i++)
		add(b, lang_matches[i], strlen(lang_matches[i]), sep);
}

void
grammar_reactions(struct buf *b, const char *sep)
{
	for (size_t i = 0; lang_reaction(i); i++)
		add(b, lang_reaction(i), strlen(lang_reaction(i)), sep);
}
