/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "model/story.h"
#include "report/embed.h"
#include "report/html.h"
#include "report/page.h"
#include "report/pagelogs.h"
#include "unit.h"

/* --- text within a page ------------------------------------------------- */

static const struct {
	const char *in, *out;
} texts[] = {
	{ "", "\"\"" },
	{ "plain & 'text' >", "\"plain & 'text' >\"" },
	{ "</script>", "\"\\u003c/script>\"" },
	{ "<!--<script>", "\"\\u003c!--\\u003cscript>\"" },
	{ "say \"x\" \\ y", "\"say \\\"x\\\" \\\\ y\"" },
	{ "a\nb\tc\r", "\"a\\nb\\tc\\u000d\"" },
	{ "\033[31m\177", "\"\\u001b[31m\\u007f\"" },
	{ "\302\205\302\240", "\"\\u0085\302\240\"" },
	{ "\u2028\u2029\u202e", "\"\\u2028\\u2029\u202e\"" },
	{ "\u00fc\u6f22\U0001f600", "\"\u00fc\u6f22\U0001f600\"" },
	/* no UTF-8: each byte is one surrogate, that nothing else can be */
	{ "\377a\303", "\"\\udcffa\\udcc3\"" },
	{ "\355\263\277", "\"\\udced\\udcb3\\udcbf\"" },
};

START_TEST(texts_cannot_leave_the_data)
{
	struct buf b = { 0 };

	embed_str(&b, texts[_i].in);
	ck_assert_str_eq(buf_str(&b), texts[_i].out);
	buf_fini(&b);
}
END_TEST

START_TEST(figures_are_short)
{
	struct buf b = { 0 };

	embed_text(&b, "a\0b", 3);
	embed_seconds(&b, 0);
	buf_addc(&b, ' ');
	embed_seconds(&b, 1.5);
	buf_addc(&b, ' ');
	embed_seconds(&b, 100);
	buf_addc(&b, ' ');
	embed_seconds(&b, 0.0000014);
	buf_addc(&b, ' ');
	embed_seconds(&b, -1);
	ck_assert_str_eq(buf_str(&b), "\"a\\u0000b\"0 1.5 100 0.000001 -1");
	buf_clear(&b);
	buf_addc(&b, '{');
	embed_pair(&b, "a", "x");
	embed_pair(&b, "b", "");
	embed_pair(&b, "c", NULL);
	embed_count(&b, "d", 0);
	embed_count(&b, "e", 7);
	ck_assert_str_eq(buf_str(&b), "{\"a\":\"x\",\"e\":7");
	buf_fini(&b);
}
END_TEST

/* those of FIPS 180-4, and lengths round the end of a block */
static const struct {
	const char *text;
	size_t times;
	const char *hex;
} digests[] = {
	{ "", 1, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ "abc", 1, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1" },
	{ "a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9a"
	    "e9b0a925a5258e241c9f1e910f734318" },
	{ "a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209"
	    "f439851db43d0ba5997337df154668eb" },
	{ "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0" },
};

START_TEST(digests_are_those_of_the_standard)
{
	unsigned char digest[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
	struct buf b = { 0 };

	for (size_t i = 0; i < digests[_i].times; i++)
		buf_adds(&b, digests[_i].text);
	sha256(b.data, b.len, digest);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	ck_assert_str_eq(hex, digests[_i].hex);
	buf_fini(&b);
}
END_TEST

/* --- how much of the logs there is room for ------------------------------ */

static uint64_t
from_of(struct story *s, size_t log, size_t logs, size_t lane)
{
	struct html_options o = { .log = log, .logs = logs };
	uint64_t *from = pagelogs_plan(s, &o), at = from[lane];

	free(from);
	return at;
}

START_TEST(lanes_that_failed_keep_more_of_their_logs)
{
	struct story_lane lane[] = {
		{ .id = 1, .log = "a", .log_size = 1000, .over = true },
		{ .id = 2, .log = "b", .log_size = 1000, .over = true,
		    .verdict = LANE_FAILED },
		{ .id = 3, .log = "c", .log_size = 100, .over = true },
		{ .id = 4 },
	};
	struct story s = { .lane = lane, .nlane = 4 };

	/* room for all, but the lane's own */
	ck_assert_uint_eq(from_of(&s, 2000, 9000, 0), 0);
	ck_assert_uint_eq(from_of(&s, 600, 9000, 0), 400);
	ck_assert_uint_eq(from_of(&s, 600, 9000, 2), 0);
	ck_assert_uint_eq(from_of(&s, 600, 9000, 3), 0);
	/* what is left is divided, and what one does not need the other has */
	ck_assert_uint_eq(from_of(&s, 2000, 1500, 1), 0);
	ck_assert_uint_eq(from_of(&s, 2000, 1500, 0), 600);
	ck_assert_uint_eq(from_of(&s, 2000, 1500, 2), 0);
	ck_assert_uint_eq(from_of(&s, 2000, 300, 1), 700);
	ck_assert_uint_eq(from_of(&s, 2000, 300, 0), 1000);
	ck_assert_uint_eq(from_of(&s, 0, 300, 1), 1000);
}
END_TEST

/* --- the page ------------------------------------------------------------ */

static void
count(const struct buf *b, const char *text, unsigned n)
{
	const char *at = b->data, *end = at + b->len;
	unsigned found = 0;

	while ((at = memmem(at, (size_t)(end - at), text, strlen(text)))) {
		found++;
		at++;
	}
	ck_assert_msg(found == n, "%u times, not %u: %s", found, n, text);
}

static void
write_file(char *path, const char *text)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

START_TEST(a_page_holds_a_run_as_data)
{
	static const char evil[] = "</script><script>alert(1)</script>";
	char path[] = "/tmp/check_html.XXXXXX";
	struct story_try try = { .attempt = 1, .ended = 2,
	    .result = result_made(ST_OK, ""), .reaction = "" };
	struct story_step step = { .in = evil, .identity = evil,
	    .label = evil, .command = evil, .entry = 1, .try = &try,
	    .ntry = 1 };
	struct story_lane lane = { .id = 1, .name = evil, .tag = evil,
	    .sequence = evil, .host = evil, .over = true, .ended = 2,
	    .verdict = LANE_FAILED, .result = result_made(ST_ERROR, evil),
	    .facts = evil, .log = path, .log_size = 100, .step = &step,
	    .nstep = 1 };
	struct story_note note = { .text = evil };
	struct story_session session = { .args = NULL, .version = evil,
	    .why = "over" };
	struct story s = { .dir = "/r", .job = evil, .run = evil,
	    .version = evil, .host = evil, .user = evil, .cwd = evil,
	    .why = "over", .lane = &lane, .nlane = 1, .note = &note,
	    .nnote = 1, .session = &session, .nsession = 1 };
	struct html_options o = { .log = 1000, .logs = 1000, .now = 1,
	    .version = "0" };
	struct buf b = { 0 };

	/* shorter than it was said to be: what there is, is shown */
	write_file(path, evil);
	html_report(&b, &s, &o);
	unlink(path);
	/* the data, the log and the program, and nothing of evil */
	count(&b, "<script", 3);
	count(&b, "</script", 3);
	count(&b, "<pre class=\"plain\">&lt;/script>&lt;script>alert(1)&lt;/script>"
	    ", run ", 1);
	count(&b, "<script type=\"application/json\" id=\"log-1\">"
	    "{\"from\":0,\"text\":\"\\u003c/script>\\u003cscript>alert(1)"
	    "\\u003c/script>\"}</script>", 1);
	count(&b, "<title>&lt;/script>&lt;script>alert(1)&lt;/script></title>",
	    1);
	/* all slots were filled, nothing is loaded from anywhere */
	for (const char *const *w = (const char *const []){ "@POLICY@",
	    "@TITLE@", "@STYLE@", "@DATA@", "@SCRIPT@", "@LOGS@", "http://",
	    "https://", "innerHTML", NULL }; *w; w++)
		count(&b, *w, 0);
	buf_fini(&b);
}
END_TEST

START_TEST(a_log_that_is_gone_is_told)
{
	struct story_lane lane = { .id = 7, .name = "a", .tag = "",
	    .sequence = "a", .log = "/nowhere/at/all", .log_size = 5 };
	struct story s = { .dir = "/nowhere", .job = "a", .run = "1",
	    .version = "", .host = "", .user = "", .cwd = "", .why = "",
	    .lane = &lane, .nlane = 1 };
	struct html_options o = { .log = 10, .logs = 10, .version = "0" };
	struct buf b = { 0 };

	html_report(&b, &s, &o);
	count(&b, "id=\"log-7\">{\"error\":\"No such file or directory\"}", 1);
	count(&b, "\"log\":[5,0,\"at/all\"]", 1);
	buf_fini(&b);
}
END_TEST

/* the last lines of a log, none of them cut */
START_TEST(the_end_of_a_log_is_kept)
{
	char path[] = "/tmp/check_html.XXXXXX";
	struct story_lane lane = { .id = 1, .name = "a", .tag = "",
	    .sequence = "a", .log = path, .log_size = 28 };
	struct story s = { .dir = "/r", .job = "a", .run = "1",
	    .version = "", .host = "", .user = "", .cwd = "", .why = "",
	    .lane = &lane, .nlane = 1 };
	struct html_options o = { .log = 16, .logs = 99, .version = "0" };
	struct buf b = { 0 };

	write_file(path, "first 1\nsecond 2\nthird 3\n\377\376\n");
	html_report(&b, &s, &o);
	unlink(path);
	count(&b, "{\"from\":17,\"text\":\"third 3\\n\\udcff\\udcfe\\n\"}", 1);
	count(&b, "\"log\":[28,12,", 1);
	buf_fini(&b);
}
END_TEST

void
unit_html(Suite *s)
{
	TCase *tc = tcase_create("html");

	tcase_add_loop_test(tc, texts_cannot_leave_the_data, 0,
	    countof(texts));
	tcase_add_test(tc, figures_are_short);
	tcase_add_loop_test(tc, digests_are_those_of_the_standard, 0,
	    countof(digests));
	tcase_add_test(tc, lanes_that_failed_keep_more_of_their_logs);
	tcase_add_test(tc, a_page_holds_a_run_as_data);
	tcase_add_test(tc, a_log_that_is_gone_is_told);
	tcase_add_test(tc, the_end_of_a_log_is_kept);
	suite_add_tcase(s, tc);
}
