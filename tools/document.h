/* SPDX-License-Identifier: GPL-2.0 */
/* The document: a configuration as JSON. */
#ifndef VDHCPCTL_DOCUMENT_H
#define VDHCPCTL_DOCUMENT_H

#include "config.h"

/**
 * struct document - text of a document
 * @name: name of the file, "-" is stdin
 * @text: text, not terminated
 * @len: bytes in @text
 * @digest: SHA-256 of the version of vdhcpctl and the text
 */
struct document {
	const char *name;
	char *text;
	size_t len;
	uint8_t digest[VDHCP_DIGEST_LEN];
};

int document_read(struct document *document, const char *name);
int document_parse(const struct document *document, struct config *config);
void document_free(struct document *document);

#endif /* VDHCPCTL_DOCUMENT_H */
