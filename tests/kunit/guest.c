// SPDX-License-Identifier: GPL-2.0
/* A guest with a DHCP client, and a listener to its events. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include <event.h>
#include "guest.h"
#include "put.h"

struct vtest_dev *vtest_guest;

/**
 * vtest_guest_init() - make a device with a port in mode serve, and a netlink client
 * @test: the test; the client is test->priv and does not listen yet
 *
 * Return: 0 or a negative errno.
 */
int vtest_guest_init(struct kunit *test)
{
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	int err;

	err = vtest_client_init(test);
	if (err)
		return err;
	vtest_guest = vtest_dev_new(&init_net, VTEST_DEV, ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vtest_guest);
	subnet->present |= BIT_ULL(VDHCP_A_SUBNET_SERVER_ID);
	subnet->server_id = cpu_to_be32(VTEST_SERVER);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(VTEST_DEV, 0, "s1", spec, &cfg_err)));
	return 0;
}

/**
 * vtest_listen() - let the client listen to events
 * @test: the test
 */
void vtest_listen(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, vtest_client_join(test->priv, VDHCP_EVENT_GROUP), 0);
}

/**
 * vtest_take_event() - receive an event
 * @test: the test
 * @err: without an event: -EAGAIN, or -ENOBUFS if events were missed
 *
 * Return: the event, valid until the test ends, or NULL.
 */
struct sk_buff *vtest_take_event(struct kunit *test, int *err)
{
	struct vtest_answer answer;
	struct sk_buff *event;

	vtest_answer_init(&answer);
	*err = vtest_receive(test->priv, &answer);
	event = skb_dequeue(&answer.objects);
	vtest_answer_free(&answer);
	return event ? vtest_keep(event) : NULL;
}

/**
 * vtest_expect_event() - receive an event that must be the next one
 * @test: the test, which ends if the next event is another one or no event waits
 * @kind: expected event
 *
 * Return: the event, valid until the test ends.
 */
struct sk_buff *vtest_expect_event(struct kunit *test, enum vdhcp_event kind)
{
	struct sk_buff *event;
	int err;

	event = vtest_take_event(test, &err);
	KUNIT_ASSERT_NOT_NULL_MSG(test, event, "error %d", err);
	KUNIT_EXPECT_EQ(test, vtest_cmd(event), VDHCP_CMD_EVENT_NTF);
	KUNIT_ASSERT_NOT_NULL(test, vtest_attr(event, VDHCP_A_EVENT_EVENT));
	KUNIT_ASSERT_EQ(test, nla_get_u32(vtest_attr(event, VDHCP_A_EVENT_EVENT)), (u32)kind);
	return event;
}

/**
 * vtest_expect_none() - expect that no event waits and none was missed
 * @test: the test
 */
void vtest_expect_none(struct kunit *test)
{
	struct sk_buff *event;
	int err;

	event = vtest_take_event(test, &err);
	KUNIT_EXPECT_NULL(test, event);
	KUNIT_EXPECT_EQ(test, err, -EAGAIN);
}

/**
 * vtest_event_u32() - read an attribute of one or four bytes
 * @test: the test, which ends if the event does not have it
 * @event: the event
 * @type: number of the attribute
 *
 * Return: the value; addresses and transaction ids are in network order.
 */
u32 vtest_event_u32(struct kunit *test, const struct sk_buff *event, int type)
{
	const struct nlattr *attr = vtest_attr(event, type);

	KUNIT_ASSERT_NOT_NULL_MSG(test, attr, "attribute %d", type);
	return nla_len(attr) == sizeof(u8) ? nla_get_u8(attr) : nla_get_u32(attr);
}

/**
 * vtest_say_form() - let the guest send a frame
 * @test: the test
 * @f: the frame
 * @form: layout of the skb
 */
void vtest_say_form(struct kunit *test, const struct vtest_frame *f, enum vtest_form form)
{
	struct sk_buff *skb = vtest_skb_new(f->data, f->len, form, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_dev_receive(vtest_guest, skb);
}

/**
 * vtest_say() - let the guest send a frame as a linear skb
 * @test: the test
 * @f: the frame
 */
void vtest_say(struct kunit *test, const struct vtest_frame *f)
{
	vtest_say_form(test, f, VTEST_LINEAR);
}

/* Edits of messages, for vtest_msg(), which seals the frame. */

static void add_addr_option(struct vtest_frame *f, u8 code, u32 addr)
{
	__be32 value = cpu_to_be32(addr);

	vtest_frame_option(f, code, sizeof(value), &value);
}

void vtest_discover(struct vtest_frame *f)
{
}

void vtest_rapid(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_RAPID_COMMIT, 0, "");
}

void vtest_selecting(struct vtest_frame *f)
{
	add_addr_option(f, VDHCP_OPT_SERVER_ID, VTEST_SERVER);
	add_addr_option(f, VDHCP_OPT_REQUESTED_ADDRESS, VTEST_ADDR);
}

void vtest_selecting_other(struct vtest_frame *f)
{
	add_addr_option(f, VDHCP_OPT_SERVER_ID, VTEST_SERVER);
	add_addr_option(f, VDHCP_OPT_REQUESTED_ADDRESS, VTEST_OTHER_ADDR);
}

void vtest_other_server(struct vtest_frame *f)
{
	add_addr_option(f, VDHCP_OPT_SERVER_ID, VTEST_GATEWAY);
	add_addr_option(f, VDHCP_OPT_REQUESTED_ADDRESS, VTEST_ADDR);
}

void vtest_rebooting(struct vtest_frame *f)
{
	add_addr_option(f, VDHCP_OPT_REQUESTED_ADDRESS, VTEST_ADDR);
}

void vtest_rebooting_other(struct vtest_frame *f)
{
	add_addr_option(f, VDHCP_OPT_REQUESTED_ADDRESS, VTEST_OTHER_ADDR);
}

void vtest_rebinding(struct vtest_frame *f)
{
	vtest_bootp(f)->ciaddr = cpu_to_be32(VTEST_ADDR);
	vtest_ip(f)->saddr = cpu_to_be32(VTEST_ADDR);
}

void vtest_rebinding_other(struct vtest_frame *f)
{
	vtest_bootp(f)->ciaddr = cpu_to_be32(VTEST_OTHER_ADDR);
}

void vtest_renewing(struct vtest_frame *f)
{
	vtest_rebinding(f);
	vtest_ip(f)->daddr = cpu_to_be32(VTEST_SERVER);
}

void vtest_renewing_other(struct vtest_frame *f)
{
	vtest_rebinding_other(f);
	vtest_ip(f)->daddr = cpu_to_be32(VTEST_SERVER);
}

void vtest_releasing(struct vtest_frame *f)
{
	vtest_renewing(f);
	add_addr_option(f, VDHCP_OPT_SERVER_ID, VTEST_SERVER);
}

void vtest_spoof_source(struct vtest_frame *f)
{
	memcpy(vtest_eth(f)->src, vtest_other_mac, ETH_ALEN);
}

void vtest_spoof_chaddr(struct vtest_frame *f)
{
	memcpy(vtest_bootp(f)->chaddr, vtest_other_mac, ETH_ALEN);
}

void vtest_from_server(struct vtest_frame *f)
{
	vtest_udp(f)->dest = cpu_to_be16(VDHCP_PORT_CLIENT);
}

/**
 * vtest_msg() - make a message of the guest
 * @test: owner of the memory
 * @type: enum vdhcp_type
 * @edit: called before the frame is sealed, such as the functions above
 *
 * Return: the frame, sealed, with the transaction id %VTEST_XID.
 */
struct vtest_frame *vtest_msg(struct kunit *test, u8 type, void (*edit)(struct vtest_frame *f))
{
	struct vtest_frame *f = vtest_frame_dhcp(test, type);

	edit(f);
	vtest_frame_seal(f);
	return f;
}

/**
 * vtest_msg_xid() - make a message of the guest in another transaction
 * @test: owner of the memory
 * @type: enum vdhcp_type
 * @edit: see vtest_msg()
 * @xid: transaction id
 *
 * Return: the frame, sealed.
 */
struct vtest_frame *vtest_msg_xid(struct kunit *test, u8 type,
				  void (*edit)(struct vtest_frame *f), u32 xid)
{
	struct vtest_frame *f = vtest_msg(test, type, edit);

	vtest_bootp(f)->xid = cpu_to_be32(xid);
	vtest_frame_seal(f);
	return f;
}
