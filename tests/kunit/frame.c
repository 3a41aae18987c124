// SPDX-License-Identifier: GPL-2.0
/* Frames of a guest, and how the engine alone answers them. */
#include "frame.h"

static struct vtest_frame *build_frame(struct kunit *test, const struct frame_desc *desc)
{
	struct vtest_frame *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->len = frame_build(desc, f->data, sizeof(f->data));
	return f;
}

/**
 * vtest_frame_dhcp() - make a broadcast message of a client
 * @test: owner of the memory
 * @type: enum vdhcp_type
 *
 * Return: the frame, sealed.
 */
struct vtest_frame *vtest_frame_dhcp(struct kunit *test, u8 type)
{
	u8 options[] = { VDHCP_OPT_MESSAGE_TYPE, 1, type,
			 VDHCP_OPT_PARAMETER_LIST, 8, 1, 3, 6, 12, 15, 26, 51, 121 };
	struct frame_desc desc;

	frame_desc_request(&desc, vtest_mac);
	desc.options.data = options;
	desc.options.len = sizeof(options);
	/* No padding, so that options can be appended. */
	desc.message_min = 0;
	return build_frame(test, &desc);
}

/**
 * vtest_frame_arp() - make an ARP request of a guest
 * @test: owner of the memory
 * @tpa: target address
 *
 * Return: the frame.
 */
struct vtest_frame *vtest_frame_arp(struct kunit *test, __be32 tpa)
{
	struct frame_desc desc;

	frame_desc_request(&desc, vtest_mac);
	desc.arp = true;
	desc.num[FRAME_ARP_SPA] = VTEST_ADDR;
	desc.num[FRAME_ARP_TPA] = be32_to_cpu(tpa);
	return build_frame(test, &desc);
}

/**
 * vtest_frame_option() - add an option; call vtest_frame_seal() afterwards
 * @f: a DHCP message without padding
 * @code: the option
 * @len: bytes at @value
 * @value: its value
 */
void vtest_frame_option(struct vtest_frame *f, u8 code, u8 len, const void *value)
{
	f->len += frame_put_option(f->data + f->len - 1, code, len, value);
	f->data[f->len - 1] = VDHCP_OPT_END;
}

/**
 * vtest_frame_grow() - add zeros after the options; call vtest_frame_seal() afterwards
 * @f: a DHCP message without padding
 * @len: new length of the IPv4 packet
 */
void vtest_frame_grow(struct vtest_frame *f, u16 len)
{
	f->len = max_t(u16, f->len, VDHCP_ETH_HLEN + len);
}

/**
 * vtest_frame_ip_options() - add IPv4 NOP options; call vtest_frame_seal() afterwards
 * @f: a DHCP message without padding
 * @len: bytes of them, a multiple of 4
 */
void vtest_frame_ip_options(struct vtest_frame *f, u8 len)
{
	u8 *p = f->data + VDHCP_ETH_HLEN + VDHCP_IP4_HLEN;

	memmove(p + len, p, f->len - (p - f->data));
	memset(p, 1, len);
	vtest_ip(f)->ver_ihl += len / 4;
	f->len += len;
}

/**
 * vtest_frame_pad() - add bytes after the packet
 * @f: the frame
 * @len: how many
 */
void vtest_frame_pad(struct vtest_frame *f, u16 len)
{
	memset(f->data + f->len, 0xee, len);
	f->len += len;
	f->pad += len;
}

/**
 * vtest_frame_tag() - put a VLAN tag into a frame
 * @f: the frame, sealed
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 * @tci: the tag
 */
void vtest_frame_tag(struct vtest_frame *f, u16 proto, u16 tci)
{
	u8 *p = f->data + 2 * VDHCP_ETH_ALEN;

	memmove(p + 4, p, f->len - 2 * VDHCP_ETH_ALEN);
	put_unaligned_be16(proto, p);
	put_unaligned_be16(tci, p + 2);
	f->len += 4;
}

/**
 * vtest_frame_seal() - set lengths and checksums
 * @f: a DHCP message
 */
void vtest_frame_seal(struct vtest_frame *f)
{
	frame_seal((u8 *)vtest_ip(f), f->len - f->pad - VDHCP_ETH_HLEN);
}

/* What vtest_compile() returns is within this. */
struct vtest_conf {
	struct vdhcp_conf conf;
	struct vdhcp_addresses addresses;
};

/* As the hook does it. All addresses are of the same subnet here. */
static void select_client(struct vdhcp_txn *txn, const struct vdhcp_conf *conf)
{
	const struct vdhcp_listed_mac *listed = vdhcp_engine_listed_mac(txn);

	if (!listed)
		return;
	txn->conf.mac = listed->mac;
	txn->conf.addr = container_of(conf, struct vtest_conf, conf)->
			 addresses.entry[listed->index].ip4;
}

/**
 * vtest_drive() - answer one frame with the engine alone
 * @conf: configuration of the port, from vtest_compile()
 * @vlan: VLAN ID of the port, 0 for untagged
 * @in: the frame
 * @result: filled in
 */
void vtest_drive(const struct vdhcp_conf *conf, u16 vlan,
		 const struct vtest_input *in, struct vtest_drive *result)
{
	struct vdhcp_txn txn;

	result->message = VDHCP_MESSAGES;
	result->notes = 0;
	result->len = 0;
	memset(result->reply, 0xa5, sizeof(result->reply));
	memset(&txn, 0xa5, sizeof(txn));
	vdhcp_txn_init(&txn);
	txn.conf = *conf;
	txn.conf.vlan = vlan;
	txn.frame.csum_ok = in->csum_ok || in->partial;
	txn.frame.csum_at = in->partial ? in->csum_at - VDHCP_ETH_HLEN : VDHCP_CSUM_NONE;
	txn.frame.gso = false;
	result->verdict = vdhcp_txn_parse(&txn, in->data, in->len, in->hw_tag);
	if (result->verdict != VDHCP_VERDICT_CONTINUE)
		return;
	select_client(&txn, conf);
	result->verdict = vdhcp_engine_answer(&txn, result->reply, &result->len);
	result->tag = txn.frame.tag;
	result->message = txn.message;
	result->notes = txn.notes;
}

/**
 * vtest_compile() - compile the configuration of a port
 * @test: owner of the memory
 * @subnet: the subnet, or NULL
 * @port: the port
 * @refused: 0, or 1, 2, 3 if the subnet, the port, or both together are refused
 * @cfg_err: why
 *
 * Return: the configuration, in blocks of exactly its size; NULL if refused.
 */
struct vdhcp_conf *vtest_compile(struct kunit *test, const struct vdhcp_subnet_spec *subnet,
				 const struct vdhcp_port_spec *port, u8 *refused,
				 struct vdhcp_cfg_err *cfg_err)
{
	struct vtest_conf *compiled = kunit_kzalloc(test, sizeof(*compiled), GFP_KERNEL);
	const struct vdhcp_addresses *list = &port->addresses;
	struct vdhcp_conf *conf = &compiled->conf;
	void *room = kunit_kzalloc(test, max(VDHCP_SUBNET_CONF_MAX, VDHCP_PORT_CONF_MAX),
				   GFP_KERNEL);
	void *copy;
	u8 i;

	KUNIT_ASSERT_NOT_NULL(test, compiled);
	KUNIT_ASSERT_NOT_NULL(test, room);
	conf->mtu = 1500;
	*refused = 0;
	if (subnet) {
		if (vdhcp_subnet_compile(subnet, room, cfg_err)) {
			*refused = 1;
			return NULL;
		}
		copy = kunit_kmalloc(test, ((struct vdhcp_subnet_conf *)room)->size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		conf->subnet = memcpy(copy, room, ((struct vdhcp_subnet_conf *)room)->size);
	}
	if (vdhcp_port_compile(port, room, cfg_err)) {
		*refused = 2;
		return NULL;
	}
	copy = kunit_kmalloc(test, ((struct vdhcp_port_conf *)room)->size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	conf->port = memcpy(copy, room, ((struct vdhcp_port_conf *)room)->size);
	for (i = 0; subnet && i < list->n; i++) {
		if (vdhcp_port_fits(conf->port, vdhcp_port_mac_of(conf->port, i),
				    list->entry[i].ip4, conf->subnet, cfg_err)) {
			*refused = 3;
			return NULL;
		}
	}
	vdhcp_conf_set_client(conf);
	compiled->addresses = *list;
	return conf;
}
