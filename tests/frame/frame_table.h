/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of the frames with which a guest may try to pass for a DHCP server, or to get
 * DHCP out of its host: tags, encapsulations, IPv4 headers, fragments and partial
 * checksums. And the rule, which says what may leave the host. User space only.
 */
#ifndef VDHCP_TESTS_FRAME_TABLE_H
#define VDHCP_TESTS_FRAME_TABLE_H

#include "frame.h"

#define TABLE_FRAME_MAX	600
#define TABLE_TRAILER	8	/* bytes at the end that no checksum changes */

/**
 * struct table_case - a frame of the table
 * @number: of the case
 * @n_tags: VLAN tags
 * @tags: VLAN tags, outermost first
 * @snap: IPv4 is in 802.2 SNAP
 * @l3: offset of IPv4
 * @partial: the checksum at @csum_at is partial
 * @csum_at: offset in @frame
 * @total: IPv4 total length that is right
 * @len: bytes of @frame
 * @frame: the frame, which ends in %TABLE_TRAILER bytes with the number
 */
struct table_case {
	u32 number;
	u32 n_tags;
	struct frame_tag tags[FRAME_TAGS_MAX];
	bool snap;
	u32 l3;
	bool partial;
	u32 csum_at;
	u32 total;
	u32 len;
	u8 frame[TABLE_FRAME_MAX];
};

enum table_mode { TABLE_SERVE, TABLE_PASS, TABLE_DENY };

/**
 * struct table_port - a port of the guest's device
 * @vlan: VLAN ID
 * @mode: mode
 * @guard: guard is on
 */
struct table_port {
	u16 vlan;
	enum table_mode mode;
	bool guard;
};

enum table_fate { TABLE_LEAVES, TABLE_STAYS, TABLE_ANSWERED, TABLE_FATES };

bool table_get(u32 number, const u8 *mac, struct table_case *c);
enum table_fate table_rule(const struct table_case *c, const struct table_port *ports,
			   u32 n_ports);
void table_describe(const struct table_case *c, char *text, u32 size);

#endif /* VDHCP_TESTS_FRAME_TABLE_H */
