// SPDX-License-Identifier: GPL-2.0
/* The document: a configuration as JSON, checked as far as it can be without the kernel. */
#include <assert.h>
#include <errno.h>
#include <linux/vdhcp.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "config.h"

/* How much of a file is read at first. */
#define SIZE_MIN 65536

/* What jansson says can quote the file, and so hold anything. */
static const char *cleaned(char *text)
{
	char *c;

	if (!out_is_clean(text, strlen(text)))
		for (c = text; *c; c++)
			if (*c < ' ' || *c > '~')
				*c = '?';
	return text;
}

static int parse(const struct document *document, json_t **root)
{
	json_error_t error = { 0 };

	arena_begin();
	*root = json_loadb(document->text, document->len, JSON_REJECT_DUPLICATES, &error);
	arena_stop();
	if (*root)
		return STATUS_OK;
	return fail_usage("%s:%d:%d: %s", document->name, error.line, error.column,
			  cleaned(error.text));
}

/* All of it, as jansson is faster with a text than with a file. */
static int slurp(FILE *file, struct document *document)
{
	size_t size = 0;
	char *bigger;

	do {
		size = size ? 2 * size : SIZE_MIN;
		bigger = realloc(document->text, size);
		if (!bigger)
			return fail_memory();
		document->text = bigger;
		errno = 0;
		document->len += fread(document->text + document->len, 1, size - document->len,
				       file);
		if (ferror(file))
			return fail_system("cannot read \"%s\": %s", document->name,
					   strerror(errno));
	} while (document->len == size);
	return STATUS_OK;
}

/* Another version might read the same text in another way. */
static void digest(struct document *document)
{
	static const char reader[] = VDHCP_VERSION;
	SHA2_CTX sha;

	static_assert(SHA256_DIGEST_LENGTH == VDHCP_DIGEST_LEN, "digests are SHA-256");
	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)reader, sizeof(reader));
	SHA256Update(&sha, (const uint8_t *)document->text, document->len);
	SHA256Final(document->digest, &sha);
}

/**
 * document_read() - read the text of a document
 * @document: result, to be freed with document_free() in any case
 * @name: name of the file, "-" is stdin
 *
 * Return: a status.
 */
int document_read(struct document *document, const char *name)
{
	FILE *file = stdin;
	int err;

	*document = (struct document){ .name = name };
	if (strcmp(name, "-") != 0)
		file = fopen(name, "re");
	if (!file && errno == ENOMEM)
		return fail_memory();
	if (!file)
		return fail_usage("cannot open \"%s\": %s", name, strerror(errno));
	err = slurp(file, document);
	if (!err)
		digest(document);
	if (file != stdin)
		fclose(file);
	return err;
}

/**
 * document_free() - free the text of a document
 * @document: document
 */
void document_free(struct document *document)
{
	free(document->text);
	document->text = NULL;
}

/* How errors call an object: by its name, if it has one, else by its place. */
static void name_object(const struct table *table, const char *list, size_t place,
			const json_t *object, char *buf)
{
	const struct attr *attrs = table->object->set.attrs;
	const char *name = json_string_value(json_object_get(object, attrs[0].key));
	json_int_t number = json_integer_value(json_object_get(object, attrs[1].key));

	if (!name || !*name || strlen(name) > attrs[0].max || !out_is_clean(name, strlen(name)))
		snprintf(buf, LABEL_SIZE, "%s[%zu]", list, place);
	else if (attrs[1].flags & ATTR_ID && number)
		snprintf(buf, LABEL_SIZE, "%s %s %s %" JSON_INTEGER_FORMAT,
			 table->object->set.object, name, attrs[1].key, number);
	else
		snprintf(buf, LABEL_SIZE, "%s %s", table->object->set.object, name);
}

/* A port's subnet has to be in the document, too. */
static int check_subnet(const struct table *subnets, const struct nlmsghdr *port)
{
	const struct nlattr *nla = attr_find(port, VDHCP_A_PORT_SUBNET);

	if (!nla || table_find(subnets, attr_text(nla)))
		return STATUS_OK;
	return fail_value("subnet", "subnet \"%s\" is not in the document", attr_text(nla));
}

/**
 * struct loading - a document that is being read
 * @config: what becomes of it
 * @msg: the object that is being read
 * @scratch: to work in
 */
struct loading {
	struct config *config;
	struct nl_msg *msg;
	struct nl_msg *scratch;
};

static int load_object(struct loading *loading, struct table *table, const json_t *object)
{
	int err;

	if (!json_is_object(object))
		return fail_usage("this is not an object");
	request_reset(loading->msg);
	err = attrs_load(&table->object->set, object, loading->msg);
	if (!err && table == &loading->config->ports)
		err = check_subnet(&loading->config->subnets, nlmsg_hdr(loading->msg));
	return err ?: table_add(table, nlmsg_hdr(loading->msg), loading->scratch);
}

static int check_twice(const struct table *table)
{
	char label[LABEL_SIZE];
	size_t i;

	for (i = 1; i < table->count; i++)
		if (!table_order(table, i - 1, table, i))
			return fail_usage("%s is in the document twice",
					  table_label(table, i, label));
	return STATUS_OK;
}

static int load_list(struct loading *loading, struct table *table, const json_t *root,
		     const char *key)
{
	const json_t *list = json_object_get(root, key);
	char label[LABEL_SIZE];
	json_t *object;
	int err = STATUS_OK;
	size_t i;

	if (!list)
		return STATUS_OK;
	if (!json_is_array(list))
		return fail_usage("\"%s\" of the document is not an array", key);
	json_array_foreach(list, i, object) {
		name_object(table, key, i, object, label);
		fail_about(label);
		err = load_object(loading, table, object);
		fail_about(NULL);
		if (err)
			return err;
	}
	table_sort(table);
	return check_twice(table);
}

static int load_root(struct loading *loading, const char *name, json_t *root)
{
	const char *key;
	json_t *value;

	if (!json_is_object(root))
		return fail_usage("%s is not an object with \"subnets\" and \"ports\"", name);
	json_object_foreach(root, key, value)
		if (strcmp(key, "subnets") != 0 && strcmp(key, "ports") != 0)
			return fail_usage("\"%s\" is not a key of the document, "
					  "which has \"subnets\" and \"ports\"", key);
	return load_list(loading, &loading->config->subnets, root, "subnets") ?:
	       load_list(loading, &loading->config->ports, root, "ports");
}

/**
 * config_load() - make a configuration of a document
 * @config: result, sorted
 * @document: the document
 *
 * Return: a status.
 */
int config_load(struct config *config, const struct document *document)
{
	struct loading loading = { .config = config };
	json_t *root = NULL;
	int err;

	err = parse(document, &root);
	if (err)
		goto free_arena;
	loading.msg = kernel_request(VDHCP_CMD_SUBNET_NEW);
	if (loading.msg)
		loading.scratch = kernel_request(VDHCP_CMD_SUBNET_NEW);
	err = loading.scratch ? load_root(&loading, document->name, root) : STATUS_SYSTEM;
	nlmsg_free(loading.scratch);
	nlmsg_free(loading.msg);
free_arena:
	arena_free();
	return err;
}
