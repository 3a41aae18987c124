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
 * struct echo - an option of the request that the reply repeats
 * @from: its bytes: in the request, or where its pieces are put together
 * @next: where the next piece goes; NULL if @from has all of it
 */
struct echo {
	const u8 *from;
	u8 *next;
};

/**
 * struct reply - a reply in the making
 * @conf: configuration of the port
 * @req: the request and what was decided
 * @out: next byte
 * @top: behind the room for a reply
 * @left: bytes that optional options may still take
 * @kept: of what is not in @left, bytes that are kept for option 108
 * @id_size: of what is not in @left, bytes that are kept for option 61
 * @uuid_size: of what is not in @left, bytes that are kept for option 97
 * @id: option 61
 * @uuid: option 97 if @uuid_size is not 0
 * @name: value of option 81 if it is to be repeated
 * @listed: codes of the pieces of option 55 so far
 * @have: bit per code that is configured and not dealt with
 */
struct reply {
	const struct vdhcp_conf *conf;
	struct vdhcp_dhcp4 *req;
	u8 *out;
	u8 *top;
	int left;
	u16 kept;
	u16 id_size;
	u16 uuid_size;
	u16 listed;
	struct echo id;
	struct echo uuid;
	struct echo name;
	u64 have[4];
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

static void clear_bit_of(u64 *map, u8 code)
{
	map[code / 64] &= ~BIT_ULL(code % 64);
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

/* A configured option that has not been dealt with, if it fits. */
static bool put_configured(struct reply *reply, u8 code)
{
	const u8 *tlv;
	u16 len;

	clear_bit_of(reply->have, code);
	if (code == VDHCP_OPT_IPV6_ONLY)
		reply->left += reply->kept;
	tlv = find(reply->conf, code, &len);
	if (!tlv || !fits(reply, len))
		return false;
	copy(reply, tlv, len);
	return true;
}

/* A configured option, once, if there is one and it fits. */
static bool put(struct reply *reply, u8 code)
{
	return has_bit(reply->have, code) && put_configured(reply, code);
}

/* Bytes that an option takes when it is repeated piece by piece. */
static u16 repeat_size(const struct vdhcp_opt_ref *opt)
{
	return opt->total ? opt->total + 2 * opt->pieces : 0;
}

/*
 * Prepare to repeat an option, with @header bytes before the value of each
 * piece. Room for what came in pieces is taken from below @top, its new value.
 */
static u8 *expect(struct echo *echo, const struct vdhcp_dhcp4 *req,
		  const struct vdhcp_opt_ref *opt, unsigned int header, u8 *top)
{
	if (opt->pieces <= 1) {
		echo->from = req->frame->dhcp + opt->first.at - header;
		return top;
	}
	top -= opt->total + header * opt->pieces;
	echo->from = top;
	echo->next = top;
	return top;
}

/*
 * Above all that the reply may come to, and in its order, so that each can be
 * moved down to where it belongs. Only the name has no room of its own: where
 * the reply reaches up to it, it does not fit.
 */
static void expect_all(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;
	u8 *top = reply->top;

	if (reply->uuid_size)
		top = expect(&reply->uuid, req, &req->uuid, 2, top);
	if (reply->id_size)
		top = expect(&reply->id, req, &req->client_id, 2, top);
	if (req->reply != VDHCP_NAK && !reply->conf->port->host_len &&
	    req->fqdn.total >= 3 && req->fqdn.total <= 255)
		expect(&reply->name, req, &req->fqdn, 0, top);
}

static void gather(struct echo *echo, const struct vdhcp_tlv *tlv, unsigned int header,
		   const u8 *above)
{
	const u8 *from = tlv->value - header, *end = tlv->value + tlv->len;
	u8 *to = echo->next;

	/* Where the reply is already, only what does not fit would go. */
	if (!to || to < above)
		return;
	/* The usual case by far is a few bytes. */
	while (from != end)
		*to++ = *from++;
	echo->next = to;
}

static void repeat(struct reply *reply, const struct echo *echo, u16 size)
{
	if (size)
		memmove(reply->out, echo->from, size);
	reply->out += size;
}

/* Routers and routes: 121 before 249 before 3 (RFC 3442, MS-DHCPE). */
static void put_routes(struct reply *reply)
{
	bool prl = reply->req->prl.total;
	bool want121 = !prl || reply->req->prl_flags & VDHCP_PRL_ROUTES;
	bool want249 = reply->req->prl_flags & VDHCP_PRL_MS_ROUTES;
	bool want3 = !prl || reply->req->prl_flags & VDHCP_PRL_ROUTER;
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
	clear_bit_of(reply->have, VDHCP_OPT_CLASSLESS_ROUTE);
	clear_bit_of(reply->have, VDHCP_OPT_MS_CLASSLESS_ROUTE);
	clear_bit_of(reply->have, VDHCP_OPT_ROUTER);
	if (instead)
		clear_bit_of(reply->have, VDHCP_OPT_STATIC_ROUTE);
}

/* What was asked for, in the order of asking (RFC 2132 section 9.8). */
static void put_list(struct reply *reply, const u8 *codes, u8 len)
{
	unsigned int i, n = vdhcp_prl_codes(reply->listed, len);

	for (i = 0; i < n; i++)
		if (has_bit(reply->have, codes[i]))
			put_configured(reply, codes[i]);
	reply->listed += len;
}

/*
 * Everything in the request that came in pieces, in one walk over it: however
 * many options a client splits, they cost reading the request once more.
 */
static void put_pieces(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv;
	unsigned int i;

	for (i = 0; i < req->n_fields; i++) {
		vdhcp_cursor_init(&cur, req->frame->dhcp, &req->field[i]);
		while (vdhcp_cursor_next(&cur, &tlv) > 0) {
			if (tlv.code == VDHCP_OPT_PARAMETER_LIST)
				put_list(reply, tlv.value, tlv.len);
			else if (tlv.code == VDHCP_OPT_CLIENT_ID)
				gather(&reply->id, &tlv, 2, reply->out);
			else if (tlv.code == VDHCP_OPT_UUID)
				gather(&reply->uuid, &tlv, 2, reply->out);
			else if (tlv.code == VDHCP_OPT_FQDN)
				gather(&reply->name, &tlv, 0, reply->out);
		}
	}
}

/* All that the request itself says what to send. */
static void put_requested(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;

	if (req->prl.pieces > 1 || reply->id.next || reply->uuid.next || reply->name.next)
		put_pieces(reply);
	else if (req->prl.pieces)
		put_list(reply, req->frame->dhcp + req->prl.first.at, req->prl.first.len);
}

static void put_asked(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = reply->req;
	unsigned int i;

	if (!req->send_ipv6_only)
		clear_bit_of(reply->have, VDHCP_OPT_IPV6_ONLY);
	put_requested(reply);
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
	u8 *header = reply->out, flags = req->fqdn_flags;
	unsigned int size;

	if (req->fqdn.total < 3)
		return;
	size = req->fqdn.total - 3;
	if (conf->port->host_len)
		size = name_size(conf, flags & VDHCP_FQDN_E);
	/* No name is that long, so this option is never split. */
	if (!fits(reply, 3 + size > 255 ? VDHCP_BOOTP_MAX : 5 + size))
		return;
	/* First, as it may wait where the header goes. */
	if (conf->port->host_len)
		write_name(conf, flags & VDHCP_FQDN_E, header + 5);
	else
		memmove(header + 5, reply->name.from + 3, size);
	header[0] = VDHCP_OPT_FQDN;
	header[1] = 3 + size;
	header[2] = (flags & VDHCP_FQDN_E) | VDHCP_FQDN_N |
		    (flags & VDHCP_FQDN_S ? VDHCP_FQDN_O : 0);
	header[3] = 255;
	header[4] = 255;
	reply->out += 5 + size;
	reply->left -= 5 + size;
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
	expect_all(reply);
	if (reply->id.next)
		put_pieces(reply);
}

static void write_grant(struct reply *reply)
{
	const struct vdhcp_subnet_conf *subnet = reply->conf->subnet;
	const struct vdhcp_dhcp4 *req = reply->req;
	bool lease = req->type.v[0] != VDHCP_INFORM;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reply->have); i++)
		reply->have[i] = subnet->opts.have[i] | reply->conf->port->opts.have[i];
	if (lease)
		copy(reply, subnet->lease, subnet->lease_len);
	/* Before any router (RFC 2132 section 3.3). */
	if (lease ? !!req->yiaddr : !req->prl.total || req->prl_flags & VDHCP_PRL_MASK)
		put_addr(reply, VDHCP_OPT_SUBNET_MASK, subnet->mask);
	/* RFC 4578 section 2.3 wants it back, unless a router needs the room. */
	reply->uuid_size = req->uuid.total == 17 ? repeat_size(&req->uuid) : 0;
	if (reply->uuid_size && !fits(reply, reply->uuid_size + 6))
		reply->uuid_size = 0;
	reply->left -= reply->uuid_size;
	expect_all(reply);
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
		.top = start + VDHCP_BOOTP_MAX,
	};
	int must;
	u16 len;

	reply.id_size = repeat_size(&req->client_id);
	must = reply.id_size + (req->send_rapid ? 2 : 0) + 1;
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
	repeat(&reply, &reply.id, reply.id_size);
	repeat(&reply, &reply.uuid, reply.uuid_size);
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
