/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers, durations and addresses as words, and errors about them. */
#ifndef VDHCPCTL_VALUE_H
#define VDHCPCTL_VALUE_H

#include <jansson.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "err.h"

#define MAC_LEN 6
#define MAC_STRLEN 18

/* Size of the longest number as a word, with sign and NUL. */
#define NUMBER_STRLEN 32

/* Size of a network as a word, with NUL; the kernel may send any length. */
#define PREFIX_STRLEN (INET_ADDRSTRLEN + 12)

int fail_value(const char *label, const char *fmt, ...) __printf(2, 3);
int fail_type(const char *label, const char *want, const json_t *value);
int check_added(const char *label, int err);

const char *number_word(const json_t *value, char *buf);
int read_number(const char *label, const char *word, uint32_t min, uint32_t max, uint32_t *value);
int read_seconds(const char *label, const char *word, uint32_t min, uint32_t max,
		 uint32_t *value);
int read_ip(const char *label, const char *word, struct in_addr *ip);
int read_prefix(const char *label, const char *word, uint32_t min, bool bare, struct in_addr *ip,
		uint8_t *len);
int read_mac(const char *label, const char *word, uint8_t *mac);
const char *show_ip(const void *data, char *buf);
const char *show_prefix(const void *data, unsigned int len, char *buf);
const char *show_mac(const void *data, char *buf);

#endif /* VDHCPCTL_VALUE_H */
