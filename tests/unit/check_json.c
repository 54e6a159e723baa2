/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "unit.h"

/* { "k": text }, as it is written */
static const char *
text_of(struct buf *b, const char *text, size_t len)
{
	buf_clear(b);
	json_open(b, '{');
	json_text(b, "k", text, len);
	json_close(b, '}');
	return buf_str(b);
}

START_TEST(texts_are_escaped)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} cases[] = {
		{ "", 0, "{\"k\":\"\"}" },
		{ "plain text", 10, "{\"k\":\"plain text\"}" },
		{ "\"q\" \\", 5, "{\"k\":\"\\\"q\\\" \\\\\"}" },
		{ "a\nb\tc\r", 6, "{\"k\":\"a\\nb\\tc\\r\"}" },
		{ "\0\x1f\x7f", 3, "{\"k\":\"\\u0000\\u001f\x7f\"}" },
		{ "gr\xc3\xbc\xc3\x9f", 6, "{\"k\":\"gr\xc3\xbc\xc3\x9f\"}" },
		{ "\xf0\x9f\x98\x80", 4, "{\"k\":\"\xf0\x9f\x98\x80\"}" },
		{ "a\xff" "b", 3, "{\"k\":\"a\xef\xbf\xbd" "b\","
		    "\"k_b64\":\"Yf9i\"}" },
		{ "\xff", 1, "{\"k\":\"\xef\xbf\xbd\",\"k_b64\":\"/w==\"}" },
		{ "\xff\xfe", 2, "{\"k\":\"\xef\xbf\xbd\xef\xbf\xbd\","
		    "\"k_b64\":\"//4=\"}" },
		/* a surrogate, an overlong form, a character cut off */
		{ "\xed\xa0\x80", 3, "{\"k\":\"\xef\xbf\xbd\xef\xbf\xbd"
		    "\xef\xbf\xbd\",\"k_b64\":\"7aCA\"}" },
		{ "\xc0\x80", 2, "{\"k\":\"\xef\xbf\xbd\xef\xbf\xbd\","
		    "\"k_b64\":\"wIA=\"}" },
		{ "x\xc3", 2, "{\"k\":\"x\xef\xbf\xbd\",\"k_b64\":\"eMM=\"}" },
	};
	struct buf b = { 0 };

	ck_assert_str_eq(text_of(&b, cases[_i].text, cases[_i].len),
	    cases[_i].want);
	buf_fini(&b);
}
END_TEST

/* another reader finds what was written, whatever the bytes */
START_TEST(any_bytes_can_be_read)
{
	struct buf b = { 0 };
	unsigned seed = 7;

	for (int i = 0; i < 2000; i++) {
		char text[24];
		size_t n = 0, want = (size_t)i % sizeof(text);
		json_error_t err;
		json_t *j;

		while (n < want) {
			seed = seed * 1103515245 + 12345;
			text[n++] = (char)(seed >> 16);
		}
		text_of(&b, text, n);
		j = json_loadb(b.data, b.len, JSON_ALLOW_NUL, &err);
		ck_assert_msg(j != NULL, "%s in %s", err.text, buf_str(&b));
		if (!json_object_get(j, "k_b64")) {
			json_t *k = json_object_get(j, "k");

			ck_assert_uint_eq(json_string_length(k), n);
			ck_assert_mem_eq(json_string_value(k), text, n);
		}
		json_decref(j);
	}
	buf_fini(&b);
}
END_TEST

START_TEST(commas_stand_between)
{
	struct buf b = { 0 };

	json_open(&b, '{');
	json_word(&b, "type", "x");
	json_key(&b, "list");
	json_open(&b, '[');
	json_element(&b, "a", 1);
	json_element(&b, "b,", 2);
	json_open(&b, '{');
	json_close(&b, '}');
	json_close(&b, ']');
	json_key(&b, "object");
	json_open(&b, '{');
	json_name(&b, "\"", 1);
	json_element(&b, "{", 1);
	json_name(&b, "c", 1);
	json_base64(&b, "abc", 3);
	json_close(&b, '}');
	json_flag(&b, "yes", true);
	json_flag(&b, "no", false);
	json_str(&b, "none", NULL);
	json_str(&b, "empty", "");
	json_str(&b, "s", "t");
	json_close(&b, '}');
	buf_addc(&b, '\n');
	json_open(&b, '{');
	ck_assert_str_eq(buf_str(&b), "{\"type\":\"x\",\"list\":[\"a\",\"b,\","
	    "{}],\"object\":{\"\\\"\":\"{\",\"c\":\"YWJj\"},\"yes\":true,"
	    "\"s\":\"t\"}\n{");
	buf_fini(&b);
}
END_TEST

START_TEST(numbers_are_exact)
{
	struct buf b = { 0 };

	json_open(&b, '{');
	json_int(&b, "a", INT64_MIN);
	json_int(&b, "b", -1);
	json_uint(&b, "c", UINT64_MAX);
	json_uint(&b, "d", 0);
	json_seconds(&b, "e", 0);
	json_seconds(&b, "f", 1763629200.123456);
	json_seconds(&b, "g", 0.9999996);
	json_seconds(&b, "h", -0.5);
	json_seconds(&b, "i", 1e300);
	json_close(&b, '}');
	ck_assert_str_eq(buf_str(&b), "{\"a\":-9223372036854775808,\"b\":-1,"
	    "\"c\":18446744073709551615,\"d\":0,\"e\":0.000000,"
	    "\"f\":1763629200.123456,\"g\":1.000000,\"h\":-0.500000,"
	    "\"i\":1000000000000.000000}");
	buf_fini(&b);
}
END_TEST

void
unit_json(Suite *s)
{
	TCase *tc = tcase_create("json");

	tcase_add_loop_test(tc, texts_are_escaped, 0, 13);
	tcase_add_test(tc, any_bytes_can_be_read);
	tcase_add_test(tc, commas_stand_between);
	tcase_add_test(tc, numbers_are_exact);
	suite_add_tcase(s, tc);
}
