/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Steps of the protocols. Only engine.c calls them; the packet path calls the
 * functions of engine.h.
 *
 * Every protocol has three steps: filter (mode, guard, addressee), decide (the
 * verdict) and build (the bytes of the reply).
 */
#ifndef VDHCP_ENGINE_PROTOCOLS_H
#define VDHCP_ENGINE_PROTOCOLS_H

#include "engine.h"

/* frame.c */
enum vdhcp_verdict vdhcp_frame_validate_ip4(const struct vdhcp_frame *frame);
enum vdhcp_verdict vdhcp_frame_validate(struct vdhcp_frame *frame);

/* arp.c */
enum vdhcp_verdict vdhcp_arp_filter(const struct vdhcp_txn *txn);
u16 vdhcp_arp_build(const struct vdhcp_txn *txn, u8 *out);

/* dhcp4.c */
enum vdhcp_verdict vdhcp_dhcp4_filter(struct vdhcp_txn *txn);
enum vdhcp_verdict vdhcp_dhcp4_filter_server(struct vdhcp_txn *txn);
enum vdhcp_verdict vdhcp_dhcp4_parse(struct vdhcp_txn *txn);
enum vdhcp_verdict vdhcp_dhcp4_decide(struct vdhcp_txn *txn);
bool vdhcp_dhcp4_has_option(const struct vdhcp_txn *txn, u8 code,
			    struct vdhcp_span *value);

/* dhcp4_reply.c */
u16 vdhcp_dhcp4_build(struct vdhcp_txn *txn, u8 *out);

/* dhcp4_headers.c */
void vdhcp_dhcp4_build_headers(const struct vdhcp_txn *txn, u8 *out, u16 len);

#endif /* VDHCP_ENGINE_PROTOCOLS_H */
