/* SPDX-License-Identifier: GPL-2.0 */
/* Frames of a guest, and how the engine alone answers them. */
#ifndef VDHCP_KUNIT_FRAME_H
#define VDHCP_KUNIT_FRAME_H

#include <engine.h>
#include <frame/frame.h>
#include "fixture.h"

#define VTEST_FRAME_MAX	2048

/**
 * struct vtest_frame - a frame from the Ethernet header on
 * @len: bytes of it
 * @pad: bytes after the IPv4 packet
 * @data: the frame, see the accessors below
 */
struct vtest_frame {
	u16 len;
	u16 pad;
	u8 data[VTEST_FRAME_MAX];
};

static inline struct vdhcp_eth *vtest_eth(struct vtest_frame *f)
{
	return (struct vdhcp_eth *)f->data;
}

static inline struct vdhcp_ip4 *vtest_ip(struct vtest_frame *f)
{
	return (struct vdhcp_ip4 *)(f->data + VDHCP_ETH_HLEN);
}

static inline struct vdhcp_udp *vtest_udp(struct vtest_frame *f)
{
	return (struct vdhcp_udp *)(f->data + VDHCP_ETH_HLEN +
				    (vtest_ip(f)->ver_ihl & 0xf) * 4);
}

static inline struct vdhcp_bootp *vtest_bootp(struct vtest_frame *f)
{
	return (struct vdhcp_bootp *)(vtest_udp(f) + 1);
}

static inline struct vdhcp_arp *vtest_arp(struct vtest_frame *f)
{
	return (struct vdhcp_arp *)(f->data + VDHCP_ETH_HLEN);
}

struct vtest_frame *vtest_frame_dhcp(struct kunit *test, u8 type);
struct vtest_frame *vtest_frame_arp(struct kunit *test, __be32 tpa);
void vtest_frame_option(struct vtest_frame *f, u8 code, u8 len, const void *value);
void vtest_frame_grow(struct vtest_frame *f, u16 len);
void vtest_frame_ip_options(struct vtest_frame *f, u8 len);
void vtest_frame_pad(struct vtest_frame *f, u16 len);
void vtest_frame_tag(struct vtest_frame *f, u16 proto, u16 tci);
void vtest_frame_seal(struct vtest_frame *f);

/**
 * struct vtest_input - a frame as a device passes it to the stack
 * @data: the frame, from the Ethernet header on
 * @len: bytes of it
 * @hw_tag: VLAN tag that the device took out of the frame
 * @csum_ok: the UDP checksum was verified by the device
 * @partial: the checksum at @csum_at is partial
 * @csum_at: offset in @data
 */
struct vtest_input {
	const u8 *data;
	u16 len;
	struct vdhcp_tag hw_tag;
	bool csum_ok;
	bool partial;
	u16 csum_at;
};

/**
 * struct vtest_drive - result of the engine for a frame
 * @verdict: the verdict
 * @message: enum vdhcp_message, VDHCP_MESSAGES if it was not parsed
 * @notes: bit per enum vdhcp_note
 * @len: bytes at @reply, 0 if there is none
 * @tag: VLAN tag of the reply
 * @reply: the reply
 */
struct vtest_drive {
	enum vdhcp_verdict verdict;
	u8 message;
	u8 notes;
	u16 len;
	struct vdhcp_tag tag;
	u8 reply[VDHCP_FRAME_MAX];
};

void vtest_drive(const struct vdhcp_conf *conf, u16 vlan,
		 const struct vtest_input *in, struct vtest_drive *result);
struct vdhcp_conf *vtest_compile(struct kunit *test, const struct vdhcp_subnet_spec *subnet,
				 const struct vdhcp_port_spec *port, u8 *refused,
				 struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_KUNIT_FRAME_H */
