/* SPDX-License-Identifier: GPL-2.0 */
/* A guest with a DHCP client, and a listener to its events. */
#ifndef VDHCP_KUNIT_GUEST_H
#define VDHCP_KUNIT_GUEST_H

#include "skb.h"

#define VTEST_DEV		"vtest0"
#define VTEST_XID		0x3903f326u
#define VTEST_OTHER_ADDR	0xc000020bu	/* not the address of the port */

/* The device of the guest, which tests may replace. */
extern struct vtest_dev *vtest_guest;

int vtest_guest_init(struct kunit *test);

void vtest_listen(struct kunit *test);
struct sk_buff *vtest_take_event(struct kunit *test, int *err);
struct sk_buff *vtest_expect_event(struct kunit *test, enum vdhcp_event kind);
void vtest_expect_none(struct kunit *test);
u32 vtest_event_u32(struct kunit *test, const struct sk_buff *event, int type);

void vtest_discover(struct vtest_frame *f);
void vtest_rapid(struct vtest_frame *f);
void vtest_selecting(struct vtest_frame *f);
void vtest_selecting_other(struct vtest_frame *f);
void vtest_other_server(struct vtest_frame *f);
void vtest_rebooting(struct vtest_frame *f);
void vtest_rebooting_other(struct vtest_frame *f);
void vtest_rebinding(struct vtest_frame *f);
void vtest_rebinding_other(struct vtest_frame *f);
void vtest_renewing(struct vtest_frame *f);
void vtest_renewing_other(struct vtest_frame *f);
void vtest_releasing(struct vtest_frame *f);
void vtest_spoof_source(struct vtest_frame *f);
void vtest_spoof_chaddr(struct vtest_frame *f);
void vtest_from_server(struct vtest_frame *f);

struct vtest_frame *vtest_msg(struct kunit *test, u8 type, void (*edit)(struct vtest_frame *f));
struct vtest_frame *vtest_msg_xid(struct kunit *test, u8 type,
				  void (*edit)(struct vtest_frame *f), u32 xid);
void vtest_say_form(struct kunit *test, const struct vtest_frame *f, enum vtest_form form);
void vtest_say(struct kunit *test, const struct vtest_frame *f);

#endif /* VDHCP_KUNIT_GUEST_H */
