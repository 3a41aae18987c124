// SPDX-License-Identifier: GPL-2.0
/* Which keys of an object changed, from what to what. */
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "text.h"

/* Writes the values of a key, as the command line takes them; "none" without a value. */
static int write_value(struct text *text, const struct attr_set *set, const struct attr *attr,
		       const struct nlmsghdr *hdr)
{
	struct out words = { .file = text_open(text) };
	int err;

	text->len = 0;
	if (!words.file)
		return fail_memory();
	out_object_begin(&words, NULL);
	attrs_print_one(set, attr, &words, hdr);
	out_object_end(&words);
	err = words.failed | ferror(words.file);
	err |= fclose(words.file);
	if (err || !text->data)
		return fail_memory();
	text->data[strcspn(text->data, "\n")] = '\0';
	return STATUS_OK;
}

/* Removes the key before a value that is written after its key anyhow. */
static const char *skip_key(const struct text *text, const struct attr *attr)
{
	const char *value = text->data + strspn(text->data, " ");
	size_t len = strlen(attr->key);

	if (!*value)
		return "none";
	if (attr->flags & ATTR_REPEAT || attr->nest || strncmp(value, attr->key, len) != 0 ||
	    value[len] != ' ')
		return value;
	return value + len + 1;
}

static void print_change(struct out *out, const char *label, const char *key, const char *from,
			 const char *to)
{
	if (!out->json) {
		out_text(out, "    ");
		out_text(out, "%s: ", key);
		fputs(from, out->file);
		out_text(out, " -> ");
		fputs(to, out->file);
		out_text(out, "\n");
		return;
	}
	out_object_begin(out, NULL);
	out_str(out, "object", NULL, label);
	out_str(out, "key", NULL, key);
	out_str(out, "from", NULL, from);
	out_str(out, "to", NULL, to);
	out_object_end(out);
}

/**
 * change_print() - print which keys of an object changed, from what to what
 * @out: printer, in JSON with an array open
 * @set: keys of the object
 * @label: kind and name of the object
 * @from: the object before
 * @to: the object after
 *
 * Return: a status.
 */
int change_print(struct out *out, const struct attr_set *set, const char *label,
		 const struct nlmsghdr *from, const struct nlmsghdr *to)
{
	struct text before = { 0 }, after = { 0 };
	const struct attr *attr;
	int err = STATUS_OK;

	attr_for_each(attr, set) {
		if (attr->flags & ATTR_ID || (attr->nest && !attr_is_first_nested(set, attr)))
			continue;
		err = write_value(&before, set, attr, from) ?:
		      write_value(&after, set, attr, to);
		if (err)
			break;
		if (strcmp(before.data, after.data) != 0)
			print_change(out, label, attr->list ?: attr_json_key(attr),
				     skip_key(&before, attr), skip_key(&after, attr));
	}
	text_free(&before);
	text_free(&after);
	return err;
}
