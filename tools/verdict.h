/* SPDX-License-Identifier: GPL-2.0 */
/* What a verdict is called and of what kind it is. */
#ifndef VDHCPCTL_VERDICT_H
#define VDHCPCTL_VERDICT_H

#include <stddef.h>
#include <stdint.h>

/**
 * enum kind - what became of a packet, in general
 * @KIND_NONE: a newer module's verdict, nothing is known of it
 * @KIND_reply: it was answered
 * @KIND_consumed: it was taken note of, no reply is due
 * @KIND_drop: it was dropped
 * @KIND_pass: it went on to the network
 *
 * In small letters as they stand in VDHCP_VERDICT_LIST().
 */
enum kind { KIND_NONE, KIND_reply, KIND_consumed, KIND_drop, KIND_pass };

/* Room for the name of anything that is numbered, known or not: "verdict-4294967295". */
#define NAME_SIZE 32

const char *name_of(const char *const *names, size_t count, const char *what, uint32_t number,
		    char *buf);
const char *verdict_name(uint32_t verdict, char *buf);
enum kind verdict_kind(uint32_t verdict);

#endif /* VDHCPCTL_VERDICT_H */
