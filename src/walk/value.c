/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "walk/value.h"

struct value *
value_new(const char *text, size_t len)
{
	struct value *v = mem_alloc(sizeof(*v) + len + 1);

	v->refs = 1;
	v->secret = false;
	v->json = NULL;
	v->len = len;
	if (len)
		memcpy(v->text, text, len);
	v->text[len] = '\0';
	return v;
}

struct value *
value_str(const char *text)
{
	return value_new(text, strlen(text));
}

struct value *
value_int(int64_t n)
{
	char buf[24], *end = buf + sizeof(buf), *p = end;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + left % 10);
	while (left /= 10);
	if (n < 0)
		*--p = '-';
	return value_new(p, (size_t)(end - p));
}

struct value *
value_json(const char *text, size_t len, char *buf, size_t size)
{
	json_error_t err;
	json_t *json;
	struct value *v;

	json = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &err);
	if (!json) {
		snprintf(buf, size, "line %d: %s", err.line, err.text);
		return NULL;
	}
	v = value_new(text, len);
	v->json = json;
	return v;
}

static struct value *
from_json(json_t *j)
{
	struct value *v;
	char *text;

	if (json_is_string(j))
		return value_new(json_string_value(j), json_string_length(j));
	if (json_is_null(j))
		return value_str("");
	text = json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT |
	    JSON_PRESERVE_ORDER);
	if (!text)
		return NULL;
	v = value_str(text);
	free(text);
	return v;
}

struct value *
value_part(const struct value *v, const char *path)
{
	json_t *j = v->json;

	while (j && *path) {
		size_t n = strcspn(path, ".");
		char *key = mem_strndup(path, n);
		int64_t i;

		if (json_is_array(j))
			j = num_int(key, &i) == 0 && i >= 0 ?
			    json_array_get(j, (size_t)i) : NULL;
		else
			j = json_object_get(j, key);
		free(key);
		path += n + (path[n] == '.');
	}
	return j ? from_json(j) : NULL;
}

void
value_add_json(struct buf *b, const struct value *v)
{
	char *text = json_dumps(v->json, JSON_ENCODE_ANY | JSON_COMPACT |
	    JSON_PRESERVE_ORDER);

	buf_adds(b, text ? text : "null");
	free(text);
}

struct value *
value_ref(struct value *v)
{
	if (v)
		v->refs++;
	return v;
}

void
value_unref(struct value *v)
{
	if (!v || --v->refs > 0)
		return;
	if (v->json)
		json_decref(v->json);
	if (v->secret)
		explicit_bzero(v->text, v->len);
	free(v);
}
