// SPDX-License-Identifier: GPL-2.0
/* The document: a configuration as JSON, and all checks that need no kernel. */
#include <assert.h>
#include <errno.h>
#include <linux/vdhcp.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "canon.h"
#include "clean.h"
#include "document.h"
#include "near.h"
#include "port.h"
#include "request.h"
#include "value.h"

/* First size of the buffer for a file. */
#define SIZE_MIN 65536

/* A file of this size is refused; a document with 100,000 ports has 20 MiB. */
#define DOCUMENT_MIB 256

static int parse_json(const struct document *document, json_t **root)
{
	json_error_t error = { 0 };

	arena_begin();
	*root = json_loadb(document->text, document->len, JSON_REJECT_DUPLICATES, &error);
	arena_stop();
	if (*root)
		return STATUS_OK;
	return fail_usage("%s:%d:%d: %s", document->name, error.line, error.column, error.text);
}

/* Reads the whole file, because jansson is slower with a file than with a text. */
static int read_file(FILE *file, struct document *document)
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
	} while (document->len == size && size < DOCUMENT_MIB << 20);
	if (document->len == size)
		return fail_usage("\"%s\" is too long for a document, which is shorter than %d MiB",
				  document->name, DOCUMENT_MIB);
	return STATUS_OK;
}

/* The digest includes the version, because another version may read the text differently. */
static void make_digest(struct document *document)
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
	err = read_file(file, document);
	if (!err)
		make_digest(document);
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

/* Writes the label of an object for errors: its name, or its place in the list. */
static void label_object(const struct table *table, const char *list, size_t place,
			 const json_t *object, char *buf)
{
	const struct attr *attrs = table->object->set.attrs;
	const char *name = json_string_value(json_object_get(object, attrs[0].key));
	json_int_t number = json_integer_value(json_object_get(object, attrs[1].key));

	if (!name || !*name || strlen(name) > attrs[0].max || !clean_check(name, strlen(name)))
		snprintf(buf, LABEL_SIZE, "%s[%zu]", list, place);
	else if (attrs[1].flags & ATTR_ID && number)
		snprintf(buf, LABEL_SIZE, "%s %s %s %" JSON_INTEGER_FORMAT,
			 table->object->set.object, name, attrs[1].key, number);
	else
		snprintf(buf, LABEL_SIZE, "%s %s", table->object->set.object, name);
}

/* Checks that the document has the subnets of a port's addresses. */
static int check_subnets(const struct table *subnets, const struct nlmsghdr *port)
{
	const struct attr *attr = attrs_find_nla(&port_object.set, VDHCP_A_PORT_ADDRESS,
						 VDHCP_A_ADDRESS_SUBNET);
	struct nlattr *nest, *nla;
	int rem;

	nlmsg_for_each_attr(nest, (struct nlmsghdr *)port, GENL_HDRLEN, rem) {
		nla = attr_find_nested(attr, nest);
		if (nla && !table_has(subnets, attr_text(nla)))
			return fail_value(attr->key, "no such subnet \"%s\" in the document",
					  attr_text(nla));
	}
	return STATUS_OK;
}

/**
 * struct loading - a document that is being parsed
 * @config: result
 * @msg: object that is being parsed
 * @scratch: buffer for the canonical form
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
		return fail_type(NULL, "a JSON object", object);
	request_reset(loading->msg, table->object->add);
	err = canon_load(&table->object->set, object, loading->msg);
	if (!err && table == &loading->config->ports)
		err = check_subnets(&loading->config->subnets, nlmsg_hdr(loading->msg));
	return err ?: table_add(table, nlmsg_hdr(loading->msg), loading->scratch);
}

static int check_unique(const struct table *table)
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
		return fail_type(key, "an array", list);
	json_array_foreach(list, i, object) {
		label_object(table, key, i, object, label);
		fail_about(label);
		err = load_object(loading, table, object);
		fail_about(NULL);
		if (err)
			return err;
	}
	table_sort(table);
	return check_unique(table);
}

static int load_root(struct loading *loading, const char *name, json_t *root)
{
	struct near near;
	const char *key;
	json_t *value;

	if (!json_is_object(root))
		return fail_usage("%s: expected an object with \"subnets\" and \"ports\"", name);
	json_object_foreach(root, key, value) {
		if (!strcmp(key, "subnets") || !strcmp(key, "ports"))
			continue;
		near_begin(&near, key);
		near_try(&near, "subnets");
		near_try(&near, "ports");
		return fail_usage("\"%s\" is not a key of the document%s, "
				  "which has \"subnets\" and \"ports\"", key, near_text(&near));
	}
	return load_list(loading, &loading->config->subnets, root, "subnets") ?:
	       load_list(loading, &loading->config->ports, root, "ports");
}

/**
 * document_parse() - make a configuration of a document
 * @document: document
 * @config: result, sorted; empty before
 *
 * Return: a status.
 */
int document_parse(const struct document *document, struct config *config)
{
	struct loading loading = { .config = config };
	json_t *root = NULL;
	int err;

	err = parse_json(document, &root);
	if (err)
		goto free_arena;
	loading.msg = request_new(VDHCP_CMD_SUBNET_NEW);
	if (loading.msg)
		loading.scratch = request_new(VDHCP_CMD_SUBNET_NEW);
	err = loading.scratch ? load_root(&loading, document->name, root) : STATUS_SYSTEM;
	request_free(loading.scratch);
	request_free(loading.msg);
free_arena:
	arena_free();
	return err;
}
