// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl dump: print the kernel's configuration as a document. */
#include <stdio.h>
#include <string.h>

#include "clean.h"
#include "cmd.h"
#include "config.h"
#include "request.h"
#include "text.h"

#define INDENT 4

/* Warns about bytes that the document does not hold, and a later sync would lose. */
static void check_text(const struct attr *attr, const struct nlattr *nla, const char *label)
{
	const char *text = attr->type == &type_text ? attr_text(nla) : "";

	if (!clean_check(text, strlen(text)))
		warn("%s: \"%s\" has bytes that a document cannot hold, \"?\" replaces them",
		     label, attr->key);
}

static void check_texts(const struct table *table, size_t i)
{
	const struct nlmsghdr *hdr = table_item(table, i);
	const struct attr_set *set = &table->object->set;
	const struct nlattr *nla, *nested;
	char label[LABEL_SIZE];
	const struct attr *attr;
	int rem;

	table_label(table, i, label);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		attr_for_each(attr, set) {
			nested = attr->nest ? attr_find_nested(attr, nla) : NULL;
			if (nested)
				check_text(attr, nested, label);
			else if (!attr->nest && attr->nla == nla_type(nla))
				check_text(attr, nla, label);
		}
	}
}

/* Prints one object a line, so that two documents can be compared line by line. */
static void print_table(struct out *out, const char *key, const struct table *table)
{
	size_t i;

	fprintf(out->file, "\"%s\":[", key);
	for (i = 0; i < table->count; i++) {
		check_texts(table, i);
		fputs(i ? ",\n" : "\n", out->file);
		out_object_begin(out, NULL);
		attrs_print(&table->object->set, out, table_item(table, i));
		out_object_end(out);
	}
	fputs(table->count ? "\n]" : "]", out->file);
}

static int print_pretty(const char *text, FILE *file)
{
	json_t *root = json_loads(text, 0, NULL);
	int err = -1;

	if (root)
		err = json_dumpf(root, file, JSON_INDENT(INDENT));
	json_decref(root);
	if (err)
		return fail_memory();
	putc('\n', file);
	return STATUS_OK;
}

static int make_text(const struct config *config, struct text *text)
{
	struct out lines = { .json = true, .lines = true, .joined = true };
	int err;

	lines.file = text_open(text);
	if (!lines.file)
		return fail_memory();
	out_list_begin(&lines);
	putc('{', lines.file);
	print_table(&lines, "subnets", &config->subnets);
	putc(',', lines.file);
	print_table(&lines, "ports", &config->ports);
	fputs("}\n", lines.file);
	err = out_list_end(&lines, STATUS_OK);
	if ((ferror(lines.file) | fclose(lines.file)) && !err)
		err = fail_memory();
	return err;
}

static int print_config(const struct config *config, const struct out *out)
{
	struct text text = { 0 };
	int err;

	err = make_text(config, &text);
	if (!err && out->pretty)
		err = print_pretty(text.data, out->file);
	else if (!err)
		fwrite(text.data, 1, text.len, out->file);
	text_free(&text);
	return err;
}

/**
 * cmd_dump() - vdhcpctl dump
 * @ctx: context
 * @args: words after it
 *
 * Return: a status.
 */
int cmd_dump(struct ctx *ctx, struct args *args)
{
	struct config config;
	int err;

	if (args_end(args))
		return STATUS_USAGE;
	config_init(&config);
	err = config_read(ctx, &config) ?: print_config(&config, &ctx->out);
	config_free(&config);
	return err;
}
