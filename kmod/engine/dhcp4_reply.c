// SPDX-License-Identifier: GPL-2.0
/*
 * DHCPv4: building a reply. Configured options are copied in the form in which
 * they were compiled. Some options of the client are echoed byte for byte,
 * because an RFC requires it. All other bytes are set here.
 */
#include "fqdn.h"
#include "protocols.h"

/*
 * Bytes of the options that every reply has, except 61 and 80: message type,
 * server identifier, and either lease times (3 options) and mask, or the
 * message of a NAK.
 */
#define MANDATORY_MAX 34

static const char nak_text[] = "address not available";

static_assert(3 + 6 + 18 + 6 <= MANDATORY_MAX, "an ACK");
static_assert(3 + 6 + 2 + sizeof(nak_text) - 1 <= MANDATORY_MAX, "a NAK");

/**
 * struct echo - an option of the request that is echoed in the reply
 * @from: bytes of the option, in the request or where its pieces are assembled
 * @next: position for the next piece; NULL if @from is in the request
 */
struct echo {
	const u8 *from;
	u8 *next;
};

/**
 * struct reply - a reply that is being built
 * @txn: the transaction
 * @out: next byte
 * @end: end of the buffer
 * @avail: bytes left for optional options
 * @reserved: bytes set aside for option 108, not included in @avail
 * @id_size: bytes set aside for option 61, not included in @avail
 * @uuid_size: bytes set aside for option 97, not included in @avail
 * @listed: codes in the pieces of option 55 so far
 * @notes: bit per enum vdhcp_note
 * @id: option 61
 * @uuid: option 97; present if @uuid_size is not 0
 * @name: value of option 81, if the client's name is echoed
 * @pending: bit per code that is configured but not handled yet
 */
struct reply {
	struct vdhcp_txn *txn;
	u8 *out;
	u8 *end;
	int avail;
	u16 reserved;
	u16 id_size;
	u16 uuid_size;
	u16 listed;
	u8 notes;
	struct echo id;
	struct echo uuid;
	struct echo name;
	u64 pending[4];
};

/* For a client without a parameter request list (RFC 2131 section 4.3.1). */
static const u8 default_codes[] = {
	VDHCP_OPT_CLASSLESS_ROUTE, VDHCP_OPT_ROUTER, VDHCP_OPT_DNS,
	VDHCP_OPT_HOST_NAME, VDHCP_OPT_DOMAIN_NAME, VDHCP_OPT_MTU,
	VDHCP_OPT_BROADCAST, VDHCP_OPT_NTP, VDHCP_OPT_SEARCH,
};

/* Sent even if not requested; clients ignore options that they do not know. */
static const u8 unsolicited_codes[] = {
	VDHCP_OPT_MTU, VDHCP_OPT_CAPTIVE_PORTAL,
};

static bool is_pending(const struct reply *reply, u8 code)
{
	return reply->pending[code / 64] & BIT_ULL(code % 64);
}

static void clear_pending(struct reply *reply, u8 code)
{
	reply->pending[code / 64] &= ~BIT_ULL(code % 64);
}

/* The port's option overrides the subnet's. */
static const u8 *find_configured(const struct vdhcp_conf *conf, u8 code,
				 u16 *len)
{
	const u8 *tlv = vdhcp_optset_find(&conf->port->opts, code, len);

	return tlv ? tlv : vdhcp_optset_find(&conf->subnet->opts, code, len);
}

static void append_bytes(struct reply *reply, const void *bytes, u16 len)
{
	memcpy(reply->out, bytes, len);
	reply->out += len;
	reply->avail -= len;
}

static void append_u8(struct reply *reply, u8 code, u8 value)
{
	const u8 tlv[] = { code, 1, value };

	append_bytes(reply, tlv, sizeof(tlv));
}

static void append_addr(struct reply *reply, u8 code, __be32 addr)
{
	const u8 header[] = { code, sizeof(addr) };

	append_bytes(reply, header, sizeof(header));
	append_bytes(reply, &addr, sizeof(addr));
}

/* Records a note if the option does not fit. */
static bool has_room(struct reply *reply, int len)
{
	if (len <= reply->avail)
		return true;
	reply->notes |= 1 << VDHCP_NOTE_OPTION_LEFT_OUT;
	return false;
}

/* Append a configured option if it fits. */
static u16 append_configured(struct reply *reply, u8 code)
{
	const u8 *tlv;
	u16 len;

	clear_pending(reply, code);
	if (code == VDHCP_OPT_IPV6_ONLY)
		reply->avail += reply->reserved;
	tlv = find_configured(&reply->txn->conf, code, &len);
	if (!tlv || !has_room(reply, len))
		return 0;
	append_bytes(reply, tlv, len);
	return len;
}

static u16 append_pending(struct reply *reply, u8 code)
{
	return is_pending(reply, code) ? append_configured(reply, code) : 0;
}

/* Bytes of an option that is echoed piece by piece. */
static u16 get_echo_size(const struct vdhcp_opt_ref *opt)
{
	return opt->total ? opt->total + 2 * opt->pieces : 0;
}

/*
 * Prepare the echo of an option, with @header bytes before the value of each
 * piece. An option in several pieces is assembled below @end. Returns the new
 * end.
 */
static u8 *echo_reserve(struct echo *echo, const u8 *payload,
			const struct vdhcp_opt_ref *opt, unsigned int header,
			u8 *end)
{
	if (opt->pieces <= 1) {
		echo->from = payload + opt->first.at - header;
		return end;
	}
	end -= opt->total + header * opt->pieces;
	echo->from = end;
	echo->next = end;
	return end;
}

/*
 * Echoed options are first assembled at the end of the buffer, above the
 * largest possible reply, in the order in which they are appended, so that each
 * can be moved down. Option 81 has no reservation: if the reply grows into it,
 * it is left out.
 */
static void echo_reserve_all(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = &reply->txn->dhcp4;
	const u8 *payload = reply->txn->frame.payload;
	u8 *end = reply->end;

	if (reply->uuid_size)
		end = echo_reserve(&reply->uuid, payload, &req->uuid, 2, end);
	if (reply->id_size)
		end = echo_reserve(&reply->id, payload, &req->client_id, 2,
				   end);
	if (req->reply != VDHCP_NAK && !reply->txn->conf.port->host_len &&
	    req->fqdn.total >= 3 && req->fqdn.total <= 255)
		echo_reserve(&reply->name, payload, &req->fqdn, 0, end);
}

static void echo_collect(struct echo *echo, const struct vdhcp_tlv *tlv,
			 unsigned int header, const u8 *above)
{
	const u8 *from = tlv->value - header, *end = tlv->value + tlv->len;
	u8 *to = echo->next;

	/* The reply has reached this space, so the option is left out. */
	if (!to || to < above)
		return;
	/* A loop is fast, because nearly all pieces are a few bytes long. */
	while (from != end)
		*to++ = *from++;
	echo->next = to;
}

static void echo_append(struct reply *reply, const struct echo *echo, u16 size)
{
	if (size)
		memmove(reply->out, echo->from, size);
	reply->out += size;
}

/* Routers and routes: 121 before 249 before 3 (RFC 3442, MS-DHCPE). */
static void append_routes(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = &reply->txn->dhcp4;
	bool prl = req->prl.total;
	bool want121 = !prl || req->prl_flags & VDHCP_PRL_ROUTES;
	bool want249 = req->prl_flags & VDHCP_PRL_MS_ROUTES;
	bool want3 = !prl || req->prl_flags & VDHCP_PRL_ROUTER;
	const u8 *before = reply->out;
	bool sent121, replaces3;

	if (want121)
		append_pending(reply, VDHCP_OPT_CLASSLESS_ROUTE);
	sent121 = reply->out != before;
	/* A client that requests 121 and gets it ignores 3 and 33. */
	replaces3 = sent121 && prl;
	if (want249)
		append_pending(reply, VDHCP_OPT_MS_CLASSLESS_ROUTE);
	/* A client that requests routes needs a router if 121 is not sent. */
	if ((want121 || want249) && !sent121)
		want3 = true;
	if (want3 && (!replaces3 || reply->txn->conf.subnet->router_always))
		append_pending(reply, VDHCP_OPT_ROUTER);
	/* These are handled now, even if they were not appended. */
	clear_pending(reply, VDHCP_OPT_CLASSLESS_ROUTE);
	clear_pending(reply, VDHCP_OPT_MS_CLASSLESS_ROUTE);
	clear_pending(reply, VDHCP_OPT_ROUTER);
	if (replaces3)
		clear_pending(reply, VDHCP_OPT_STATIC_ROUTE);
}

/* Requested options, in the order of the request (RFC 2132 section 9.8). */
static void append_list(struct reply *reply, const u8 *codes, u8 len)
{
	unsigned int i, n = vdhcp_prl_count(reply->listed, len);

	for (i = 0; i < n; i++)
		if (is_pending(reply, codes[i]))
			append_configured(reply, codes[i]);
	reply->listed += len;
}

/*
 * Handle all split options in one pass, so that the request is read only once
 * more, even if a client splits many options.
 */
static void append_pieces(struct reply *reply)
{
	const struct vdhcp_txn *txn = reply->txn;
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv;
	unsigned int i;

	for (i = 0; i < txn->dhcp4.n_fields; i++) {
		vdhcp_cursor_init(&cur, txn->frame.payload,
				  &txn->dhcp4.field[i]);
		while (vdhcp_cursor_next(&cur, &tlv) > 0) {
			if (tlv.code == VDHCP_OPT_PARAMETER_LIST)
				append_list(reply, tlv.value, tlv.len);
			else if (tlv.code == VDHCP_OPT_CLIENT_ID)
				echo_collect(&reply->id, &tlv, 2, reply->out);
			else if (tlv.code == VDHCP_OPT_UUID)
				echo_collect(&reply->uuid, &tlv, 2, reply->out);
			else if (tlv.code == VDHCP_OPT_FQDN)
				echo_collect(&reply->name, &tlv, 0, reply->out);
		}
	}
}

static void append_requested(struct reply *reply)
{
	const struct vdhcp_opt_ref *prl = &reply->txn->dhcp4.prl;

	if (prl->pieces > 1 || reply->id.next || reply->uuid.next ||
	    reply->name.next)
		append_pieces(reply);
	else if (prl->pieces)
		append_list(reply, reply->txn->frame.payload + prl->first.at,
			    prl->first.len);
}

static void append_options(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = &reply->txn->dhcp4;
	unsigned int i;

	if (!req->send_ipv6_only)
		clear_pending(reply, VDHCP_OPT_IPV6_ONLY);
	append_requested(reply);
	if (!req->prl.total)
		for (i = 0; i < ARRAY_SIZE(default_codes); i++)
			append_pending(reply, default_codes[i]);
	for (i = 0; i < ARRAY_SIZE(unsolicited_codes); i++)
		append_pending(reply, unsolicited_codes[i]);
}

/*
 * Option 81 (RFC 4702 section 4). vdhcp never updates DNS. So S is never set, N
 * is always set, and O is set if the client requested an update. The name is
 * the configured one, or else the client's.
 */
static void append_fqdn(struct reply *reply)
{
	const struct vdhcp_dhcp4 *req = &reply->txn->dhcp4;
	const struct vdhcp_conf *conf = &reply->txn->conf;
	u8 *header = reply->out, flags = req->fqdn_flags;
	unsigned int size;

	if (req->fqdn.total < 3)
		return;
	size = req->fqdn.total - 3;
	if (conf->port->host_len)
		size = vdhcp_fqdn_size(conf, flags & VDHCP_FQDN_E);
	/* A longer name is left out, so this option is never split. */
	if (!has_room(reply, 3 + size > 255 ? VDHCP_BOOTP_MAX : 5 + size))
		return;
	/* Move the name first, because the header may overwrite it. */
	if (conf->port->host_len)
		vdhcp_fqdn_write(conf, flags & VDHCP_FQDN_E, header + 5);
	else
		memmove(header + 5, reply->name.from + 3, size);
	header[0] = VDHCP_OPT_FQDN;
	header[1] = 3 + size;
	header[2] = (flags & VDHCP_FQDN_E) | VDHCP_FQDN_N |
		    (flags & VDHCP_FQDN_S ? VDHCP_FQDN_O : 0);
	header[3] = 255;
	header[4] = 255;
	reply->out += 5 + size;
	reply->avail -= 5 + size;
}

/* The longest DHCP message that the client accepts (RFC 2132 section 9.10). */
static int get_max_size(const struct vdhcp_txn *txn)
{
	const struct vdhcp_opt_small *opt = &txn->dhcp4.max_size;
	unsigned int max = VDHCP_IP4_MIN_MAX;

	if (opt->total == 2)
		max = clamp_t(unsigned int, get_unaligned_be16(opt->v),
			      VDHCP_IP4_MIN_MAX, VDHCP_IP4_MAX);
	max = min_t(unsigned int, max, txn->conf.mtu);
	return max_t(int, max - VDHCP_HEADERS, VDHCP_BOOTP_MIN);
}

static void build_nak(struct reply *reply)
{
	static const u8 header[] = { VDHCP_OPT_MESSAGE, sizeof(nak_text) - 1 };

	append_bytes(reply, header, sizeof(header));
	append_bytes(reply, nak_text, sizeof(nak_text) - 1);
	echo_reserve_all(reply);
	if (reply->id.next)
		append_pieces(reply);
}

/* Build an OFFER or an ACK. */
static void build_ack(struct reply *reply)
{
	const struct vdhcp_subnet_conf *subnet = reply->txn->conf.subnet;
	const struct vdhcp_port_conf *port = reply->txn->conf.port;
	const struct vdhcp_dhcp4 *req = &reply->txn->dhcp4;
	bool lease = req->type.v[0] != VDHCP_INFORM;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reply->pending); i++)
		reply->pending[i] = subnet->opts.have[i] | port->opts.have[i];
	if (lease)
		append_bytes(reply, subnet->lease, subnet->lease_len);
	/* Before any router (RFC 2132 section 3.3). */
	if (lease ? !!req->yiaddr :
	    !req->prl.total || req->prl_flags & VDHCP_PRL_MASK)
		append_addr(reply, VDHCP_OPT_SUBNET_MASK, subnet->mask);
	/* RFC 4578 section 2.3 requires it, but a router is more important. */
	if (req->uuid.total == 17)
		reply->uuid_size = get_echo_size(&req->uuid);
	if (reply->uuid_size && !has_room(reply, reply->uuid_size + 6))
		reply->uuid_size = 0;
	reply->avail -= reply->uuid_size;
	echo_reserve_all(reply);
	append_routes(reply);
	append_options(reply);
	append_fqdn(reply);
}

/* Build the fixed part. Fields that are not set here are zero. */
static void build_fixed(const struct vdhcp_txn *txn, struct vdhcp_bootp *out)
{
	const struct vdhcp_bootp *in =
		(const struct vdhcp_bootp *)txn->frame.payload;
	const struct vdhcp_dhcp4 *req = &txn->dhcp4;
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
	out->siaddr = txn->conf.subnet->next_server;
	file = find_configured(&txn->conf, VDHCP_OPT_BOOT_FILE, &len);
	/* The field ends with NUL; a longer name is only in option 67. */
	if (file && len - 2 < (int)sizeof(out->file))
		memcpy(out->file, file + 2, len - 2);
}

/**
 * vdhcp_dhcp4_build() - build a reply
 * @txn: the transaction, after vdhcp_dhcp4_decide(); may add notes
 * @out: buffer of %VDHCP_FRAME_MAX bytes
 *
 * Options that exceed the client's maximum size are left out. Routes and
 * routers come first, then requested options in the order of the request, then
 * unsolicited options, so unsolicited options are left out first.
 *
 * Return: bytes of the reply, from the Ethernet header on, all of them set; 0
 * if the mandatory options do not fit.
 */
u16 vdhcp_dhcp4_build(struct vdhcp_txn *txn, u8 *out)
{
	u8 *start = out + VDHCP_ETH_HLEN + VDHCP_HEADERS;
	const struct vdhcp_dhcp4 *req = &txn->dhcp4;
	struct reply reply = {
		.txn = txn,
		.out = start + VDHCP_BOOTP_LEN,
		.end = start + VDHCP_BOOTP_MAX,
	};
	int mandatory;
	u16 len;

	reply.id_size = get_echo_size(&req->client_id);
	mandatory = reply.id_size + (req->send_rapid ? 2 : 0) + 1;
	/* An OFFER without an address needs 108 (RFC 8925 section 3.3). */
	reply.reserved = req->send_ipv6_only ? 6 : 0;
	reply.avail = get_max_size(txn) - VDHCP_BOOTP_LEN - mandatory -
		      reply.reserved;
	if (reply.avail < MANDATORY_MAX)
		return 0;
	build_fixed(txn, (struct vdhcp_bootp *)start);
	append_u8(&reply, VDHCP_OPT_MESSAGE_TYPE, req->reply);
	append_addr(&reply, VDHCP_OPT_SERVER_ID, txn->dhcp4.src);
	if (req->reply == VDHCP_NAK)
		build_nak(&reply);
	else
		build_ack(&reply);
	echo_append(&reply, &reply.id, reply.id_size);
	echo_append(&reply, &reply.uuid, reply.uuid_size);
	if (req->send_rapid) {
		*reply.out++ = VDHCP_OPT_RAPID_COMMIT;
		*reply.out++ = 0;
	}
	*reply.out++ = VDHCP_OPT_END;
	txn->notes |= reply.notes;

	len = reply.out - start;
	if (len < VDHCP_BOOTP_MIN) {
		memset(reply.out, 0, VDHCP_BOOTP_MIN - len);
		len = VDHCP_BOOTP_MIN;
	}
	vdhcp_dhcp4_build_headers(txn, out, len);
	return VDHCP_ETH_HLEN + VDHCP_HEADERS + len;
}
