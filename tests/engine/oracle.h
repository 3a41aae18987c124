/* SPDX-License-Identifier: GPL-2.0 */
/* Checks that hold for every reply. */
#ifndef VDHCP_TESTS_ORACLE_H
#define VDHCP_TESTS_ORACLE_H

#include "config.h"
#include "drive.h"

#define ORACLE_OPTIONS_MAX 800

/**
 * struct oracle_option - one TLV
 * @code: option code
 * @len: bytes at @v
 * @v: value
 */
struct oracle_option {
	u8 code;
	u8 len;
	const u8 *v;
};

/**
 * struct oracle_message - a DHCP message, parsed without the engine
 * @bootp: the message
 * @len: bytes of it, with padding
 * @n: entries of @options
 * @options: options in order, those of overloaded fields included
 * @ended: the options field was closed by END
 * @after: offset of the byte after END
 */
struct oracle_message {
	const u8 *bootp;
	u32 len;
	u32 n;
	struct oracle_option options[ORACLE_OPTIONS_MAX];
	bool ended;
	u32 after;
};

const char *oracle_parse(const u8 *bootp, u32 len, struct oracle_message *m);
u32 oracle_pieces(const struct oracle_message *m, u8 code);
bool oracle_value(const struct oracle_message *m, u8 code, struct bytes *out);

/* They return NULL, or what is wrong. */
const char *oracle_reply(const u8 *frame, u32 len, struct oracle_message *m);
const char *oracle_answer(const struct config *cfg, const struct drive_input *in,
			  const struct drive *result, const u8 *reply);
const char *oracle_configured(const struct config *cfg, const struct oracle_message *req,
			      const struct oracle_message *rep);

#endif /* VDHCP_TESTS_ORACLE_H */
