// SPDX-License-Identifier: GPL-2.0
/*
 * DHCPv4: writing a reply. What the operator configured is copied as it was
 * compiled; what the client sent is repeated byte for byte where an RFC says
 * so; every other byte is set here.
 */
#include "option.h"

/*
 * What a reply carries whatever was asked for, options 61 and 80 aside: type,
 * server and either lease (3 options) and mask, or the message of a NAK.
 */
#define MUST_MAX 34

static const char nak_text[] = "address not available";

static_assert(3 + 6 + 18 + 6 <= MUST_MAX, "a grant");
static_assert(3 + 6 + 2 + sizeof(nak_text) - 1 <= MUST_MAX, "a NAK");

/**
 * struct reply - a reply in the making
 * @conf: configuration of the port
 * @req: the request and what was decided
 * @out: next byte
 * @left: bytes that optional options may still take
 * @kept: of what is not in @left, bytes that are kept for option 108
 * @uuid: of what is not in @left, bytes that are kept for option 97
 * @asked: bit per code in the parameter request list
 * @done: bit per code that is dealt with
 */
struct reply {
	const struct vdhcp_conf *conf;
	struct vdhcp_dhcp4 *req;
	u8 *out;
	int left;
	u16 kept;
	u16 uuid;
	u64 asked[4];
	u64 done[4];
};

/* Options of a reply to a client that asks for nothing (RFC 2131 section 4.3.1). */
static const u8 basic[] = {
	VDHCP_OPT_CLASSLESS_ROUTE, VDHCP_OPT_ROUTER, VDHCP_OPT_DNS, VDHCP_OPT_HOST_NAME,
	VDHCP_OPT_DOMAIN_NAME, VDHCP_OPT_MTU, VDHCP_OPT_BROADCAST, VDHCP_OPT_NTP,
	VDHCP_OPT_SEARCH,
};

/* Sent whether asked for or not; clients that do not know them ignore them. */
static const u8 always[] = { VDHCP_OPT_MTU, VDHCP_OPT_CAPTIVE_PORTAL };

static bool has_bit(const u64 *map, u8 code)
{
	return map[code / 64] & BIT_ULL(code % 64);
}

static void set_bit_of(u64 *map, u8 code)
{
	map[code / 64] |= BIT_ULL(code % 64);
}

/* The port's option wins over the subnet's. */
static const u8 *find(const struct vdhcp_conf *conf, u8 code, u16 *len)
{
	const u8 *tlv = vdhcp_opts_find(&conf->port->opts, code, len);

	return tlv ? tlv : vdhcp_opts_find(&conf->subnet->opts, code, len);
}

static void copy(struct reply *reply, const void *bytes, u16 len)
{
	memcpy(reply->out, bytes, len);
	reply->out += len;
	reply->left -= len;
}

static void put_byte(struct reply *reply, u8 code, u8 value)
{
	const u8 tlv[] = { code, 1, value };

	copy(reply, tlv, sizeof(tlv));
}

static void put_addr(struct reply *reply, u8 code, __be32 addr)
{
	const u8 header[] = { code, sizeof(addr) };

	copy(reply, header, sizeof(header));
	copy(reply, &addr, sizeof(addr));
}

static bool fits(struct reply *reply, int len)
{
	if (len <= reply->left)
		return true;
	reply->req->notes |= 1 << VDHCP_NOTE_OPTION_LEFT_OUT;
	return false;
}

/* A configured option, once, if there is one and it fits. */
static bool put(struct reply *reply, u8 code)
{
	const u8 *tlv;
	u16 len;

	if (has_bit(reply->done, code))
		return false;
	set_bit_of(reply->done, code);
	if (code == VDHCP_OPT_IPV6_ONLY)
		reply->left += reply->kept;
	tlv = find(reply->conf, code, &len);
	if (!tlv || !fits(reply, len))
		return false;
	copy(reply, tlv, len);
	return true;
}

/**
 * struct walk - place among the pieces of an option of the request
 * @cur: place in the field
 * @field: next field to look at; past the last one when a single piece was seen
 */
struct walk {
	struct vdhcp_cursor cur;
	u8 field;
};

/* Next piece of option @code; one piece, the common case, needs no search. */
static bool next_piece(const struct vdhcp_dhcp4 *req, u8 code, const struct vdhcp_many *opt,
		       struct walk *walk, struct vdhcp_tlv *tlv)
{
	const u8 *base = req->frame->dhcp;

	if (opt->pieces <= 1) {
		tlv->code = code;
		tlv->len = opt->first.len;
		tlv->value = base + opt->first.at;
		return opt->pieces && !walk->field++;
	}
	for (;;) {
		while (vdhcp_cursor_next(&walk->cur, tlv) > 0)
			if (tlv->code == code)
				return true;
		if (walk->field == req->n_fields)
			return false;
		walk->cur.p = base + req->field[walk->field].at;
		walk->cur.left = req->field[walk->field].len;
		walk->field++;
	}
}

/* Bytes that an option takes when it is repeated piece by piece. */
static u16 repeat_size(const struct vdhcp_many *opt)
{
	return opt->total ? opt->total + 2 * opt->pieces : 0;
}

static void repeat(struct reply *reply, u8 code, const struct vdhcp_many *opt)
{
	struct walk walk = { .field = 0 };
	struct vdhcp_tlv tlv;

	while (next_piece(reply->req, code, opt, &walk, &tlv))
		copy(reply, tlv.value - 2, tlv.len + 2);
}

/* Routers and routes: 121 before 249 before 3 (RFC 3442, MS-DHCPE). */
static void put_routes(struct reply *reply)
{
	bool prl = reply->req->prl.total;
	bool want121 = !prl || has_bit(reply->asked, VDHCP_OPT_CLASSLESS_ROUTE);
	bool want249 = has_bit(reply->asked, VDHCP_OPT_MS_CLASSLESS_ROUTE);
	bool want3 = !prl || has_bit(reply->asked, VDHCP_OPT_ROUTER);
	bool sent121 = want121 && put(reply, VDHCP_OPT_CLASSLESS_ROUTE);
	/* Who asked for 121 and has it ignores 3 and 33. */
	bool instead = sent121 && prl;

	if (want249)
		put(reply, VDHCP_OPT_MS_CLASSLESS_ROUTE);
	/* Who asked for routes and has none in 121 needs a router all the same. */
	if ((want121 || want249) && !sent121)
		want3 = true;
	if (want3 && (!instead || reply->conf->subnet->router_always))
		put(reply, VDHCP_OPT_ROUTER);
	/* From here on they are dealt with, written or not. */
	set_bit_of(reply->done, VDHCP_OPT_CLASSLESS_ROUTE);
	set_bit_of(reply->done, VDHCP_OPT_MS_CLASSLESS_ROUTE);
	set_bit_of(reply->done, VDHCP_OPT_ROUTER);
	if (instead)
		set_bit_of(reply->done, VDHCP_OPT_STATIC_ROUTE);
}

static void read_asked(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;
	struct walk walk = { .field = 0 };
	struct vdhcp_tlv tlv;
	unsigned int i;

	while (next_piece(req, VDHCP_OPT_PARAMETER_LIST, &req->prl, &walk, &tlv))
		for (i = 0; i < tlv.len; i++)
			set_bit_of(reply->asked, tlv.value[i]);
}

/* What was asked for, in the order of asking (RFC 2132 section 9.8). */
static void put_asked(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;
	struct walk walk = { .field = 0 };
	struct vdhcp_tlv tlv;
	unsigned int i;

	if (!req->send_ipv6_only)
		set_bit_of(reply->done, VDHCP_OPT_IPV6_ONLY);
	while (next_piece(req, VDHCP_OPT_PARAMETER_LIST, &req->prl, &walk, &tlv))
		for (i = 0; i < tlv.len; i++)
			put(reply, tlv.value[i]);
	if (!req->prl.total)
		for (i = 0; i < ARRAY_SIZE(basic); i++)
			put(reply, basic[i]);
	for (i = 0; i < ARRAY_SIZE(always); i++)
		put(reply, always[i]);
}

/* A host name as labels without a root; @out has room for one byte more. */
static void write_labels(u8 *out, const u8 *name, u8 len)
{
	u8 *length = out;
	unsigned int i;

	*length = 0;
	for (i = 0; i < len; i++) {
		out[i + 1] = name[i];
		if (name[i] == '.') {
			length = out + i + 1;
			*length = 0;
		} else {
			++*length;
		}
	}
}

/* Labels with a root as text, each label after a dot. */
static void write_dotted(u8 *out, const u8 *labels, u8 len)
{
	unsigned int i, next = 0;

	for (i = 0; i + 1 < len; i++) {
		out[i] = labels[i];
		if (i == next) {
			next = i + 1 + labels[i];
			out[i] = '.';
		}
	}
}

/* The guest's full name in the encoding the client uses; its length. */
static u16 name_size(const struct vdhcp_conf *conf, bool wire)
{
	u16 domain = conf->port->host_fqdn ? 0 : conf->subnet->domain_len;

	if (wire)
		return 1 + conf->port->host_len + (conf->port->host_fqdn ? 1 : domain);
	return conf->port->host_len + (domain ? domain - 1 : 0);
}

static void write_name(const struct vdhcp_conf *conf, bool wire, u8 *out)
{
	const struct vdhcp_port_conf *port = conf->port;
	u8 domain = port->host_fqdn ? 0 : conf->subnet->domain_len;
	const u8 *host = vdhcp_port_hostname(port);

	if (wire) {
		write_labels(out, host, port->host_len);
		out += 1 + port->host_len;
		memcpy(out, conf->subnet->domain, domain);
		if (port->host_fqdn)
			*out = 0;
	} else {
		memcpy(out, host, port->host_len);
		write_dotted(out + port->host_len, conf->subnet->domain, domain);
	}
}

/*
 * Option 81 (RFC 4702 section 4). There is no DNS behind us: S is never set,
 * O tells a client that wanted us to update that we overrode it, N that no
 * update is made. The name is the configured one, else the client's own.
 */
static void put_fqdn(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;
	const struct vdhcp_conf *conf = reply->conf;
	struct walk walk = { .field = 0 };
	u8 *header = reply->out;
	unsigned int size, at = 0;
	struct vdhcp_tlv tlv;
	u8 flags = 0;

	if (req->fqdn.total < 3)
		return;
	/* The first byte of all pieces, of which some may be empty. */
	while (next_piece(req, VDHCP_OPT_FQDN, &req->fqdn, &walk, &tlv) && !tlv.len)
		;
	flags = tlv.value[0];
	size = req->fqdn.total - 3;
	if (conf->port->host_len)
		size = name_size(conf, flags & VDHCP_FQDN_E);
	/* No name is that long, so this option is never split. */
	if (!fits(reply, 3 + size > 255 ? VDHCP_BOOTP_MAX : 5 + size))
		return;
	header[0] = VDHCP_OPT_FQDN;
	header[1] = 3 + size;
	header[2] = (flags & VDHCP_FQDN_E) | VDHCP_FQDN_N |
		    (flags & VDHCP_FQDN_S ? VDHCP_FQDN_O : 0);
	header[3] = 255;
	header[4] = 255;
	reply->out += 5 + size;
	reply->left -= 5 + size;
	if (conf->port->host_len) {
		write_name(conf, flags & VDHCP_FQDN_E, header + 5);
		return;
	}
	walk.field = 0;
	walk.cur.left = 0;
	while (next_piece(req, VDHCP_OPT_FQDN, &req->fqdn, &walk, &tlv)) {
		for (size = 0; size < tlv.len; size++, at++)
			if (at >= 3)
				header[2 + at] = tlv.value[size];
	}
}

/* Most bytes of DHCP that the client takes (RFC 2132 section 9.10). */
static int max_size(const struct vdhcp_conf *conf, const struct vdhcp_dhcp4 *req)
{
	unsigned int max = VDHCP_IP4_MIN_MAX;

	if (req->max_size.total == 2)
		max = clamp_t(unsigned int, get_unaligned_be16(req->max_size.v),
			      VDHCP_IP4_MIN_MAX, VDHCP_IP4_MAX);
	max = min_t(unsigned int, max, conf->mtu);
	return max_t(int, max - VDHCP_HEADERS, VDHCP_BOOTP_MIN);
}

static void write_nak(struct reply *reply)
{
	static const u8 header[] = { VDHCP_OPT_MESSAGE, sizeof(nak_text) - 1 };

	copy(reply, header, sizeof(header));
	copy(reply, nak_text, sizeof(nak_text) - 1);
}

static void write_grant(struct reply *reply)
{
	const struct vdhcp_subnet_conf *subnet = reply->conf->subnet;
	const struct vdhcp_dhcp4 *req = reply->req;
	bool lease = req->type.v[0] != VDHCP_INFORM;

	read_asked(reply);
	if (lease)
		copy(reply, subnet->lease, subnet->lease_len);
	/* Before any router (RFC 2132 section 3.3). */
	if (lease ? !!req->yiaddr : !req->prl.total || has_bit(reply->asked, VDHCP_OPT_SUBNET_MASK))
		put_addr(reply, VDHCP_OPT_SUBNET_MASK, subnet->mask);
	/* RFC 4578 section 2.3 wants it back, unless a router needs the room. */
	reply->uuid = req->uuid.total == 17 ? repeat_size(&req->uuid) : 0;
	if (reply->uuid && !fits(reply, reply->uuid + 6))
		reply->uuid = 0;
	reply->left -= reply->uuid;
	put_routes(reply);
	put_asked(reply);
	put_fqdn(reply);
}

/* The fixed part; what is not set here is zero. */
static void write_fixed(const struct vdhcp_conf *conf, const struct vdhcp_dhcp4 *req,
			struct vdhcp_bootp *out)
{
	const struct vdhcp_bootp *in = (const struct vdhcp_bootp *)req->frame->dhcp;
	const u8 *file;
	u16 len;

	memset(out, 0, VDHCP_BOOTP_LEN);
	out->op = VDHCP_BOOTREPLY;
	out->htype = in->htype;
	out->hlen = in->hlen;
	out->xid = in->xid;
	out->flags = in->flags;
	out->ciaddr = req->ciaddr;
	out->yiaddr = req->yiaddr;
	memcpy(out->chaddr, in->chaddr, sizeof(out->chaddr));
	put_unaligned_be32(VDHCP_COOKIE, &out->cookie);
	if (req->reply == VDHCP_NAK)
		return;
	out->siaddr = conf->subnet->next_server;
	file = find(conf, VDHCP_OPT_BOOT_FILE, &len);
	/* With the NUL that ends it; a longer one is in option 67 alone. */
	if (file && len - 2 < (int)sizeof(out->file))
		memcpy(out->file, file + 2, len - 2);
}

/* Ethernet, IPv4 and UDP around @len bytes of DHCP. */
static void write_headers(const struct vdhcp_conf *conf, const struct vdhcp_dhcp4 *req,
			  u8 *out, u16 len)
{
	struct vdhcp_eth *eth = (struct vdhcp_eth *)out;
	struct vdhcp_ip4 *ip = (struct vdhcp_ip4 *)(out + VDHCP_ETH_HLEN);
	struct vdhcp_udp *udp = (struct vdhcp_udp *)(out + VDHCP_ETH_HLEN + VDHCP_IP4_HLEN);
	u32 sum;

	if (req->broadcast)
		memset(eth->dst, 0xff, VDHCP_ETH_ALEN);
	else
		memcpy(eth->dst, conf->port->mac, VDHCP_ETH_ALEN);
	memcpy(eth->src, conf->subnet->server_mac, VDHCP_ETH_ALEN);
	eth->type = cpu_to_be16(VDHCP_ETHERTYPE_IPV4);

	ip->ver_ihl = 0x45;
	ip->tos = 0;
	ip->tot_len = cpu_to_be16(VDHCP_HEADERS + len);
	ip->id = 0;
	ip->frag = cpu_to_be16(VDHCP_IP4_DF);
	ip->ttl = 64;
	ip->protocol = VDHCP_IP4_UDP;
	ip->check = 0;
	ip->saddr = conf->subnet->server_id;
	ip->daddr = req->dst;
	ip->check = vdhcp_fold(vdhcp_sum(ip, VDHCP_IP4_HLEN, 0));

	udp->source = cpu_to_be16(VDHCP_PORT_SERVER);
	udp->dest = cpu_to_be16(VDHCP_PORT_CLIENT);
	udp->len = cpu_to_be16(VDHCP_UDP_HLEN + len);
	udp->check = 0;
	sum = (__force u32)cpu_to_be16(VDHCP_IP4_UDP) + (__force u32)udp->len;
	sum = vdhcp_sum(&ip->saddr, 2 * sizeof(ip->saddr), sum);
	udp->check = vdhcp_fold(vdhcp_sum(udp, VDHCP_UDP_HLEN + len, sum));
	/* 0 would say that there is no checksum (RFC 768). */
	if (!udp->check)
		udp->check = (__force __be16)0xffff;
}

/**
 * vdhcp_dhcp4_write() - write the reply that was decided on
 * @conf: configuration of the port, the same as for deciding
 * @req: the request; notes are added
 * @out: room for %VDHCP_FRAME_MAX bytes
 *
 * Options that do not fit into what the client can take are left out, the
 * later the sooner: routes and routers come first, then what was asked for in
 * the order of asking, then what goes out unasked.
 *
 * Return: bytes written, from the Ethernet header on, every one of them set;
 * 0 if not even what a reply must carry fits.
 */
u16 vdhcp_dhcp4_write(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req, u8 *out)
{
	u8 *start = out + VDHCP_ETH_HLEN + VDHCP_HEADERS;
	struct reply reply = {
		.conf = conf,
		.req = req,
		.out = start + VDHCP_BOOTP_LEN,
	};
	int must = repeat_size(&req->client_id) + (req->send_rapid ? 2 : 0) + 1;
	u16 len;

	/* An OFFER of no address means nothing without it (RFC 8925 section 3.3). */
	reply.kept = req->send_ipv6_only ? 6 : 0;
	reply.left = max_size(conf, req) - VDHCP_BOOTP_LEN - must - reply.kept;
	if (reply.left < MUST_MAX)
		return 0;
	write_fixed(conf, req, (struct vdhcp_bootp *)start);
	put_byte(&reply, VDHCP_OPT_MESSAGE_TYPE, req->reply);
	put_addr(&reply, VDHCP_OPT_SERVER_ID, conf->subnet->server_id);
	if (req->reply == VDHCP_NAK)
		write_nak(&reply);
	else
		write_grant(&reply);
	if (req->client_id.total)
		repeat(&reply, VDHCP_OPT_CLIENT_ID, &req->client_id);
	if (reply.uuid)
		repeat(&reply, VDHCP_OPT_UUID, &req->uuid);
	if (req->send_rapid) {
		*reply.out++ = VDHCP_OPT_RAPID_COMMIT;
		*reply.out++ = 0;
	}
	*reply.out++ = VDHCP_OPT_END;

	len = reply.out - start;
	if (len < VDHCP_BOOTP_MIN) {
		memset(reply.out, 0, VDHCP_BOOTP_MIN - len);
		len = VDHCP_BOOTP_MIN;
	}
	write_headers(conf, req, out, len);
	return VDHCP_ETH_HLEN + VDHCP_HEADERS + len;
}
