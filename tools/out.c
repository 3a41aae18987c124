// SPDX-License-Identifier: GPL-2.0
/* Text and JSON through one set of calls. */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "clean.h"
#include "err.h"
#include "out.h"

#define INDENT 4

/* Prints the output of jansson one level deeper, inside of the list. */
static int print_indented(const char *text, size_t len, void *data)
{
	const struct out *out = data;
	size_t i;

	for (i = 0; i < len; i++) {
		putc(text[i], out->file);
		if (out->pretty && text[i] == '\n')
			fprintf(out->file, "%*s", INDENT, "");
	}
	return 0;
}

/* Errors are found when the file is flushed. */
static int print_line(const char *text, size_t len, void *data)
{
	const struct out *out = data;

	(void)fwrite(text, 1, len, out->file);
	return 0;
}

/* Adds a key and a value to the open object, or a value to the open array; false: no memory. */
static bool add_json(struct out *out, const char *key, json_t *value)
{
	struct out_frame *frame = &out->frame[out->depth - 1];
	int err;

	if (frame->array)
		err = json_array_append_new(frame->node, value);
	else
		err = json_object_set_new(frame->node, key, value);
	if (err)
		out->failed = true;
	return !err;
}

/* Prints the separator and the word before a value. */
static void add_word(struct out *out, const char *word)
{
	struct out_frame *frame = &out->frame[out->depth - 1];

	if (!frame->array)
		putc(' ', out->file);
	else if (!frame->empty)
		putc(',', out->file);
	frame->empty = false;
	if (word && !frame->array)
		fprintf(out->file, "%s ", word);
}

/* Prints a value, in quotes if a shell or a batch file would split it. */
static void add_quoted(struct out *out, const char *value)
{
	const char *c = value;

	while (isalnum((unsigned char)*c) || (*c && strchr("@%_+=:,./-", *c)))
		c++;
	if (*value && !*c) {
		fputs(value, out->file);
		return;
	}
	putc('\'', out->file);
	for (; *value; value++) {
		if (*value == '\'')
			fputs("'\"'\"'", out->file);
		else
			putc(*value, out->file);
	}
	putc('\'', out->file);
}

static void push_frame(struct out *out, const char *key, bool array)
{
	json_t *node = NULL;

	if (out->json) {
		node = array ? json_array() : json_object();
		if (!node)
			out->failed = true;
		else if (out->depth && !add_json(out, key, node))
			node = NULL;
	}
	/* The parent owns its children; a frame only borrows them. */
	out->frame[out->depth++] = (struct out_frame){
		.node = node, .array = array, .empty = true,
	};
}

/**
 * out_list_begin() - begin the list of objects that a command prints
 * @out: printer
 */
void out_list_begin(struct out *out)
{
	out->empty = true;
	out->failed = false;
}

/**
 * out_list_end() - end the list of objects
 * @out: printer
 * @err: status of the command; without an object nothing is printed if it failed
 *
 * Return: @err, or the status of printing.
 */
int out_list_end(struct out *out, int err)
{
	if (out->lines)
		return err ?: out->failed ? fail_memory() : STATUS_OK;
	if (out->json && out->empty && !err)
		fputs("[]\n", out->file);
	if (out->json && !out->empty)
		fputs(out->pretty ? "\n]\n" : "]\n", out->file);
	return err ?: out->failed ? fail_memory() : STATUS_OK;
}

/**
 * out_object_begin() - begin an object
 * @out: printer
 * @key: its name in JSON; NULL in the list or in an array
 */
void out_object_begin(struct out *out, const char *key)
{
	push_frame(out, key, false);
}

/**
 * out_object_end() - end the innermost object
 * @out: printer
 *
 * The end of an object of the list prints it, or ends its line in text.
 */
void out_object_end(struct out *out)
{
	json_t *node = out->frame[--out->depth].node;

	if (out->depth)
		return;
	if (!out->json) {
		putc('\n', out->file);
		return;
	}
	if (out->lines) {
		if (!node || out->failed || json_dump_callback(node, print_line, out, JSON_COMPACT))
			out->failed = true;
		else if (!out->joined)
			putc('\n', out->file);
		json_decref(node);
		return;
	}
	putc(out->empty ? '[' : ',', out->file);
	out->empty = false;
	if (out->pretty)
		fprintf(out->file, "\n%*s", INDENT, "");
	if (!node || json_dump_callback(node, print_indented, out,
					out->pretty ? JSON_INDENT(INDENT) : JSON_COMPACT))
		out->failed = true;
	json_decref(node);
}

/**
 * out_array_begin() - begin an array of values or of objects
 * @out: printer
 * @key: its name in JSON
 * @word: word before the values, which text separates by commas; NULL for objects,
 *        which print their own words
 */
void out_array_begin(struct out *out, const char *key, const char *word)
{
	if (!out->json && word)
		fprintf(out->file, " %s ", word);
	push_frame(out, key, true);
}

/**
 * out_array_end() - end the innermost array
 * @out: printer
 */
void out_array_end(struct out *out)
{
	out->depth--;
}

/**
 * out_str() - print a text value
 * @out: printer
 * @key: its name in JSON
 * @word: word before it in text, NULL for none
 * @value: any bytes; if they are not clean text, bytes outside of ASCII are replaced
 */
void out_str(struct out *out, const char *key, const char *word, const char *value)
{
	char *clean = NULL;

	if (!clean_check(value, strlen(value))) {
		clean = strdup(value);
		if (!clean) {
			out->failed = true;
			return;
		}
		clean_text(clean);
		value = clean;
	}
	if (out->json) {
		add_json(out, key, json_string(value));
	} else {
		add_word(out, word);
		add_quoted(out, value);
	}
	free(clean);
}

/**
 * out_num() - print a number
 * @out: printer
 * @key: its name in JSON
 * @word: word before it in text, NULL for none
 * @value: the number
 */
void out_num(struct out *out, const char *key, const char *word, uint64_t value)
{
	if (out->json) {
		add_json(out, key, json_integer((json_int_t)value));
	} else {
		add_word(out, word);
		fprintf(out->file, "%" PRIu64, value);
	}
}

/**
 * out_real() - print a number with a fraction, in JSON only
 * @out: printer
 * @key: its name
 * @value: the number
 */
void out_real(struct out *out, const char *key, double value)
{
	if (out->json)
		add_json(out, key, json_real(value));
}

/**
 * out_bool() - print a truth value
 * @out: printer
 * @key: its name in JSON
 * @word: word before it in text, NULL for none
 * @value: true is "on" in text
 */
void out_bool(struct out *out, const char *key, const char *word, bool value)
{
	if (out->json) {
		add_json(out, key, json_boolean(value));
	} else {
		add_word(out, word);
		fputs(value ? "on" : "off", out->file);
	}
}

/**
 * out_text() - print text; nothing in JSON
 * @out: printer
 * @fmt: format, see clean_vprint()
 */
void out_text(struct out *out, const char *fmt, ...)
{
	va_list ap;

	if (out->json)
		return;
	va_start(ap, fmt);
	clean_vprint(out->file, fmt, ap);
	va_end(ap);
}
