// SPDX-License-Identifier: GPL-2.0
/*
 * DHCPv4 (RFC 2131): filtering messages, parsing a request and deciding on it.
 * The reply is built in dhcp4_reply.c.
 */
#include "protocols.h"

static const struct vdhcp_bootp *get_bootp(const struct vdhcp_txn *txn)
{
	return (const struct vdhcp_bootp *)txn->frame.payload;
}

/* Neither "this" network, loopback, multicast nor broadcast (RFC 6890). */
static bool is_unicast(__be32 addr)
{
	u8 first = be32_to_cpu(addr) >> 24;

	return first && first != 127 && first < 224;
}

/* Is the frame broadcast, multicast, or for our server identifier? */
static bool is_to_us(const struct vdhcp_txn *txn)
{
	const struct vdhcp_subnet_conf *subnet = txn->conf.subnet;
	__be32 daddr = txn->frame.daddr;

	return daddr == subnet->server_id || !is_unicast(daddr) ||
	       (subnet->broadcast && daddr == subnet->broadcast) ||
	       txn->frame.eth->dst[0] & 1;
}

/* With guard, a message leaves only if all receivers read it alike. */
static enum vdhcp_verdict pass_message(const struct vdhcp_txn *txn,
				       enum vdhcp_verdict verdict)
{
	enum vdhcp_verdict drop = VDHCP_VERDICT_CONTINUE;

	if (txn->conf.port->guard)
		drop = vdhcp_frame_validate_ip4(&txn->frame);
	return drop == VDHCP_VERDICT_CONTINUE ? verdict : drop;
}

/* A message that no port answers, because of its encapsulation. */
static enum vdhcp_verdict drop_message(const struct vdhcp_txn *txn,
				       enum vdhcp_verdict verdict)
{
	return txn->conf.port->guard ? verdict : VDHCP_VERDICT_NOT_OURS;
}

/* A message to another server. To know whose it is, it has to be parsed. */
static enum vdhcp_verdict filter_unicast(struct vdhcp_txn *txn)
{
	const struct vdhcp_port_conf *port = txn->conf.port;

	if (port->unicast == VDHCP_UNICAST_OWN)
		return VDHCP_VERDICT_CONTINUE;
	if (port->unicast == VDHCP_UNICAST_DROP)
		return VDHCP_VERDICT_DROP_UNICAST;
	if (!vdhcp_conf_is_own_mac(&txn->conf, txn->frame.eth->src)) {
		/* A broken frame does not prove that the MAC is wrong. */
		if (vdhcp_frame_validate_ip4(&txn->frame) ==
		    VDHCP_VERDICT_CONTINUE)
			txn->wrong_mac = txn->frame.eth->src;
		return VDHCP_VERDICT_SPOOFED_SOURCE;
	}
	return pass_message(txn, VDHCP_VERDICT_PASS_UNICAST);
}

/**
 * vdhcp_dhcp4_filter_server() - decide on a message by its destination
 * @txn: the transaction, with the subnet of the client, in mode serve
 *
 * Return: a verdict, or %VDHCP_VERDICT_CONTINUE if the port may answer the
 * message.
 */
enum vdhcp_verdict vdhcp_dhcp4_filter_server(struct vdhcp_txn *txn)
{
	txn->to_other = !is_to_us(txn);
	return txn->to_other ? filter_unicast(txn) : VDHCP_VERDICT_CONTINUE;
}

/**
 * vdhcp_dhcp4_filter() - decide whether a client message is for this port
 * @txn: the transaction
 *
 * Return: a verdict, %VDHCP_VERDICT_NOT_OURS, or %VDHCP_VERDICT_CONTINUE if
 * the port may answer the message.
 */
enum vdhcp_verdict vdhcp_dhcp4_filter(struct vdhcp_txn *txn)
{
	const struct vdhcp_port_conf *port = txn->conf.port;

	if (port->mode == VDHCP_MODE_DENY)
		return VDHCP_VERDICT_DENIED;
	if (!vdhcp_txn_is_in_vlan(txn))
		return drop_message(txn, VDHCP_VERDICT_UNKNOWN_VLAN);
	if (port->mode != VDHCP_MODE_SERVE)
		return pass_message(txn, VDHCP_VERDICT_PASS_MODE);
	if (port->other_mac == VDHCP_OTHER_MAC_PASS &&
	    !vdhcp_conf_is_own_mac(&txn->conf, txn->frame.eth->src))
		return pass_message(txn, VDHCP_VERDICT_PASS_OTHER_MAC);
	if (txn->frame.snap)
		return drop_message(txn, VDHCP_VERDICT_SNAP);
	/* If the port lists MACs, chaddr will say which subnet it is. */
	txn->to_other = false;
	return port->n_macs ? VDHCP_VERDICT_CONTINUE :
			      vdhcp_dhcp4_filter_server(txn);
}

/* Append a piece of a short option. @opt->total shows if it is too long. */
static void collect_small(struct vdhcp_opt_small *opt,
			  const struct vdhcp_tlv *tlv)
{
	unsigned int i;

	for (i = 0; i < tlv->len && opt->total + i < sizeof(opt->v); i++)
		opt->v[opt->total + i] = tlv->value[i];
	opt->total += tlv->len;
	opt->seen = true;
}

static void collect_ref(struct vdhcp_opt_ref *opt, const struct vdhcp_tlv *tlv,
			const u8 *payload)
{
	if (!opt->pieces++) {
		opt->first.at = tlv->value - payload;
		opt->first.len = tlv->len;
	}
	opt->total += tlv->len;
}

static void collect_prl(struct vdhcp_dhcp4 *req, const struct vdhcp_tlv *tlv,
			const u8 *payload)
{
	static const u8 flag_of[256] = {
		[VDHCP_OPT_SUBNET_MASK] = VDHCP_PRL_MASK,
		[VDHCP_OPT_ROUTER] = VDHCP_PRL_ROUTER,
		[VDHCP_OPT_IPV6_ONLY] = VDHCP_PRL_IPV6_ONLY,
		[VDHCP_OPT_CLASSLESS_ROUTE] = VDHCP_PRL_ROUTES,
		[VDHCP_OPT_MS_CLASSLESS_ROUTE] = VDHCP_PRL_MS_ROUTES,
	};
	const u8 *code = tlv->value;
	const u8 *end = code + vdhcp_prl_count(req->prl.total, tlv->len);
	u8 flags = req->prl_flags;

	/* An empty piece requests nothing. */
	if (!tlv->len)
		return;
	while (code != end)
		flags |= flag_of[*code++];
	req->prl_flags = flags;
	collect_ref(&req->prl, tlv, payload);
}

static void collect_fqdn(struct vdhcp_dhcp4 *req, const struct vdhcp_tlv *tlv,
			 const u8 *payload)
{
	/* The flags are in the first piece that is not empty. */
	if (!req->fqdn.total && tlv->len)
		req->fqdn_flags = tlv->value[0];
	collect_ref(&req->fqdn, tlv, payload);
}

static void collect_option(struct vdhcp_txn *txn, const struct vdhcp_tlv *tlv,
			   bool in_options)
{
	const u8 *payload = txn->frame.payload;
	struct vdhcp_dhcp4 *req = &txn->dhcp4;

	switch (tlv->code) {
	case VDHCP_OPT_MESSAGE_TYPE:
		collect_small(&req->type, tlv);
		break;
	case VDHCP_OPT_REQUESTED_ADDRESS:
		collect_small(&req->requested, tlv);
		break;
	case VDHCP_OPT_SERVER_ID:
		collect_small(&req->server_id, tlv);
		break;
	case VDHCP_OPT_MAX_SIZE:
		collect_small(&req->max_size, tlv);
		break;
	case VDHCP_OPT_RAPID_COMMIT:
		collect_small(&req->rapid, tlv);
		break;
	case VDHCP_OPT_OVERLOAD:
		/* In file or sname, option 52 would refer to its own field. */
		if (in_options)
			collect_small(&req->overload, tlv);
		break;
	case VDHCP_OPT_PARAMETER_LIST:
		collect_prl(req, tlv, payload);
		break;
	case VDHCP_OPT_CLIENT_ID:
		collect_ref(&req->client_id, tlv, payload);
		break;
	case VDHCP_OPT_FQDN:
		collect_fqdn(req, tlv, payload);
		break;
	case VDHCP_OPT_UUID:
		collect_ref(&req->uuid, tlv, payload);
		break;
	case VDHCP_OPT_RELAY_AGENT:
		/* A guest is not a relay, so option 82 is ignored. */
		txn->notes |= 1 << VDHCP_NOTE_RELAY_AGENT_IGNORED;
		break;
	default:
		break;
	}
}

/* Options that collect_option() handles. Others are skipped without a call. */
static const bool is_collected[256] = {
	[VDHCP_OPT_MESSAGE_TYPE] = true,
	[VDHCP_OPT_REQUESTED_ADDRESS] = true,
	[VDHCP_OPT_SERVER_ID] = true,
	[VDHCP_OPT_MAX_SIZE] = true,
	[VDHCP_OPT_RAPID_COMMIT] = true,
	[VDHCP_OPT_OVERLOAD] = true,
	[VDHCP_OPT_PARAMETER_LIST] = true,
	[VDHCP_OPT_CLIENT_ID] = true,
	[VDHCP_OPT_FQDN] = true,
	[VDHCP_OPT_UUID] = true,
	[VDHCP_OPT_RELAY_AGENT] = true,
};

static enum vdhcp_verdict parse_field(struct vdhcp_txn *txn, u16 at, u16 len)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;
	struct vdhcp_span *field = &req->field[req->n_fields];
	bool in_options = !req->n_fields;
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv;
	int ret;

	field->at = at;
	field->len = len;
	req->n_fields++;
	vdhcp_cursor_init(&cur, txn->frame.payload, field);
	while ((ret = vdhcp_cursor_next(&cur, &tlv)) > 0) {
		if (++req->n_options > VDHCP_OPTIONS_MAX)
			return VDHCP_VERDICT_TOO_MANY_OPTIONS;
		if (is_collected[tlv.code])
			collect_option(txn, &tlv, in_options);
	}
	return ret ? VDHCP_VERDICT_BAD_OPTIONS : VDHCP_VERDICT_CONTINUE;
}

/* Parse options, then file, then sname (RFC 3396 section 5). */
static enum vdhcp_verdict parse_options(struct vdhcp_txn *txn)
{
	const struct vdhcp_opt_small *overload = &txn->dhcp4.overload;
	enum vdhcp_verdict verdict;
	u8 fields = 0;

	verdict = parse_field(txn, VDHCP_BOOTP_LEN,
			      txn->frame.payload_len - VDHCP_BOOTP_LEN);
	if (overload->total == 1 && overload->v[0] <= 3)
		fields = overload->v[0];
	if (verdict == VDHCP_VERDICT_CONTINUE && fields & 1)
		verdict = parse_field(txn, offsetof(struct vdhcp_bootp, file),
				      sizeof(get_bootp(txn)->file));
	if (verdict == VDHCP_VERDICT_CONTINUE && fields & 2)
		verdict = parse_field(txn, offsetof(struct vdhcp_bootp, sname),
				      sizeof(get_bootp(txn)->sname));
	return verdict;
}

static enum vdhcp_message type_to_message(u8 type)
{
	switch (type) {
	case VDHCP_DISCOVER:
		return VDHCP_MESSAGE_DISCOVER;
	case VDHCP_REQUEST:
		return VDHCP_MESSAGE_REQUEST;
	case VDHCP_DECLINE:
		return VDHCP_MESSAGE_DECLINE;
	case VDHCP_RELEASE:
		return VDHCP_MESSAGE_RELEASE;
	case VDHCP_INFORM:
		return VDHCP_MESSAGE_INFORM;
	default:
		return VDHCP_MESSAGE_OTHER;
	}
}

/* Is the message one of the guest, and for the guest itself? */
static enum vdhcp_verdict validate_message(const struct vdhcp_txn *txn)
{
	const struct vdhcp_bootp *bootp = get_bootp(txn);

	if (txn->frame.payload_len < VDHCP_BOOTP_LEN)
		return VDHCP_VERDICT_TOO_SHORT;
	if (txn->frame.payload_len > VDHCP_BOOTP_MAX)
		return VDHCP_VERDICT_TOO_LONG;
	if (bootp->op != VDHCP_BOOTREQUEST)
		return VDHCP_VERDICT_BAD_OP;
	/* Before chaddr, because a relay sends that of another client. */
	if (bootp->giaddr)
		return VDHCP_VERDICT_RELAYED;
	if (bootp->htype != VDHCP_HTYPE_ETHERNET ||
	    bootp->hlen != VDHCP_ETH_ALEN)
		return VDHCP_VERDICT_BAD_HARDWARE;
	if (get_unaligned_be32(&bootp->cookie) != VDHCP_COOKIE)
		return VDHCP_VERDICT_NO_COOKIE;
	if (memcmp(bootp->chaddr, txn->conf.mac, VDHCP_ETH_ALEN))
		return VDHCP_VERDICT_SPOOFED_CHADDR;
	return VDHCP_VERDICT_CONTINUE;
}

/* An option whose length is not that of an address counts as absent. */
static bool has_addr(const struct vdhcp_opt_small *opt, __be32 *addr)
{
	*addr = 0;
	if (opt->total != sizeof(*addr))
		return false;
	memcpy(addr, opt->v, sizeof(*addr));
	return true;
}

/* Does the message name no other address than the client's? */
static bool is_about_client(const struct vdhcp_txn *txn)
{
	__be32 ciaddr = get_bootp(txn)->ciaddr, addr;

	if (ciaddr && ciaddr != txn->conf.addr)
		return false;
	return !has_addr(&txn->dhcp4.requested, &addr) ||
	       addr == txn->conf.addr;
}

/**
 * vdhcp_dhcp4_parse() - parse a request
 * @txn: the transaction, with a validated frame; @txn->dhcp4 is filled in, and
 *	@txn->message and @txn->notes are set even if parsing fails; if the
 *	message passes, it is not parsed and @txn->message is left as it is
 *
 * Return: a verdict that drops the frame or lets it pass, or
 * %VDHCP_VERDICT_CONTINUE.
 */
enum vdhcp_verdict vdhcp_dhcp4_parse(struct vdhcp_txn *txn)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;
	enum vdhcp_verdict verdict;

	memset(req, 0, sizeof(*req));
	txn->message = VDHCP_MESSAGE_OTHER;
	verdict = validate_message(txn);
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;
	verdict = parse_options(txn);
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;
	if (txn->to_other && is_about_client(txn)) {
		txn->message = VDHCP_MESSAGES;
		return VDHCP_VERDICT_PASS_UNICAST;
	}
	if (!req->type.seen)
		return VDHCP_VERDICT_BOOTP;
	if (req->type.total != 1)
		return VDHCP_VERDICT_BAD_MESSAGE_TYPE;
	txn->message = type_to_message(req->type.v[0]);
	if (txn->message == VDHCP_MESSAGE_OTHER)
		return VDHCP_VERDICT_UNKNOWN_MESSAGE_TYPE;
	return VDHCP_VERDICT_CONTINUE;
}

/**
 * vdhcp_dhcp4_has_option() - check whether the request has an option
 * @txn: the transaction, with a parsed request
 * @code: option code
 * @value: see vdhcp_txn_has_option()
 *
 * Return: true if it does.
 */
bool vdhcp_dhcp4_has_option(const struct vdhcp_txn *txn, u8 code,
			    struct vdhcp_span *value)
{
	const struct vdhcp_dhcp4 *req = &txn->dhcp4;
	const u8 *payload = txn->frame.payload;
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv;
	unsigned int i;

	for (i = 0; i < req->n_fields; i++) {
		vdhcp_cursor_init(&cur, payload, &req->field[i]);
		while (vdhcp_cursor_next(&cur, &tlv) > 0) {
			if (tlv.code != code)
				continue;
			value->at = tlv.value - payload;
			value->len = tlv.len;
			return true;
		}
	}
	return false;
}

static bool wants_ipv6_only(const struct vdhcp_txn *txn)
{
	return txn->conf.subnet->ipv6_only &&
	       txn->dhcp4.prl_flags & VDHCP_PRL_IPV6_ONLY;
}

/* RFC 2131 section 4.1, for replies to a guest that has no address yet. */
static void set_reply_dst(struct vdhcp_txn *txn)
{
	bool wants_broadcast = get_bootp(txn)->flags &
			       cpu_to_be16(VDHCP_FLAG_BROADCAST);
	struct vdhcp_dhcp4 *req = &txn->dhcp4;

	if (req->ciaddr) {
		req->dst = req->ciaddr;
	} else if (wants_broadcast || !req->yiaddr) {
		req->dst = cpu_to_be32(0xffffffff);
		req->broadcast = true;
	} else {
		req->dst = req->yiaddr;
	}
}

static enum vdhcp_verdict ack_request(struct vdhcp_txn *txn,
				      enum vdhcp_verdict verdict)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;

	req->reply = VDHCP_ACK;
	req->yiaddr = txn->conf.addr;
	req->send_ipv6_only = wants_ipv6_only(txn);
	set_reply_dst(txn);
	return verdict;
}

/* A NAK is broadcast unless a relay is involved (RFC 2131 section 4.3.2). */
static enum vdhcp_verdict nak_request(struct vdhcp_txn *txn,
				      enum vdhcp_verdict verdict)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;

	req->reply = VDHCP_NAK;
	req->ciaddr = 0;
	req->yiaddr = 0;
	req->dst = cpu_to_be32(0xffffffff);
	req->broadcast = true;
	return verdict;
}

static enum vdhcp_verdict handle_discover(struct vdhcp_txn *txn)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;

	/* No address with option 108 (RFC 8925 section 3.3). */
	req->send_ipv6_only = wants_ipv6_only(txn);
	req->reply = VDHCP_OFFER;
	if (!req->send_ipv6_only) {
		req->yiaddr = txn->conf.addr;
		if (txn->conf.subnet->rapid_commit && req->rapid.seen &&
		    !req->rapid.total) {
			req->reply = VDHCP_ACK;
			req->send_rapid = true;
		}
	}
	set_reply_dst(txn);
	return req->send_rapid ? VDHCP_VERDICT_ACK_RAPID_COMMIT :
				 VDHCP_VERDICT_OFFER;
}

/* Renewing or rebinding: the client has put its address into ciaddr. */
static enum vdhcp_verdict handle_bound(struct vdhcp_txn *txn)
{
	bool rebinding = txn->frame.daddr != txn->conf.subnet->server_id;
	__be32 addr = txn->conf.addr;

	if (get_bootp(txn)->ciaddr != addr)
		return nak_request(txn, rebinding ?
				   VDHCP_VERDICT_NAK_REBINDING :
				   VDHCP_VERDICT_NAK_RENEWING);
	txn->dhcp4.ciaddr = addr;
	return ack_request(txn, rebinding ? VDHCP_VERDICT_ACK_REBINDING :
					    VDHCP_VERDICT_ACK_RENEWING);
}

/* Derive the state of the client (RFC 2131 table 4), and decide. */
static enum vdhcp_verdict handle_request(struct vdhcp_txn *txn)
{
	__be32 server_id, addr, own_addr = txn->conf.addr;
	const struct vdhcp_dhcp4 *req = &txn->dhcp4;
	bool selecting, names_addr;

	/* Some clients echo siaddr, so 0.0.0.0 counts as absent. */
	selecting = has_addr(&req->server_id, &server_id) && server_id;
	names_addr = has_addr(&req->requested, &addr);
	if (selecting && server_id != txn->conf.subnet->server_id)
		return VDHCP_VERDICT_OTHER_SERVER;
	/* Option 50 takes precedence over ciaddr. */
	if (!names_addr && get_bootp(txn)->ciaddr)
		return handle_bound(txn);
	if (!names_addr)
		return nak_request(txn, VDHCP_VERDICT_NAK_NO_ADDRESS);
	if (selecting) {
		/* A client must not request an OFFER of 0.0.0.0 (RFC 8925). */
		if (!addr && wants_ipv6_only(txn))
			return VDHCP_VERDICT_REQUEST_IPV6_ONLY;
		return addr == own_addr ?
		       ack_request(txn, VDHCP_VERDICT_ACK_SELECTING) :
		       nak_request(txn, VDHCP_VERDICT_NAK_SELECTING);
	}
	return addr == own_addr ?
	       ack_request(txn, VDHCP_VERDICT_ACK_INIT_REBOOT) :
	       nak_request(txn, VDHCP_VERDICT_NAK_INIT_REBOOT);
}

/* The reply has parameters, but no address (RFC 2131 section 4.3.5). */
static enum vdhcp_verdict handle_inform(struct vdhcp_txn *txn)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;

	req->ciaddr = get_bootp(txn)->ciaddr;
	req->dst = req->ciaddr ? req->ciaddr : txn->frame.saddr;
	if (!req->dst)
		return VDHCP_VERDICT_INFORM_NO_ADDRESS;
	req->reply = VDHCP_ACK;
	return VDHCP_VERDICT_ACK_INFORM;
}

/*
 * The guest claims an address that is not its own from another server. A guest
 * that was moved to this port does so when it renews, and it listens to
 * that server alone, so a REQUEST is refused in its name.
 */
static enum vdhcp_verdict refuse_unicast(struct vdhcp_txn *txn)
{
	if (txn->dhcp4.type.v[0] != VDHCP_REQUEST)
		return VDHCP_VERDICT_SPOOFED_CIADDR;
	txn->dhcp4.src = txn->frame.daddr;
	return nak_request(txn, VDHCP_VERDICT_NAK_MOVED);
}

/**
 * vdhcp_dhcp4_decide() - decide on a request
 * @txn: the transaction, with a parsed request; the members of @txn->dhcp4 that
 *	describe the reply are set
 *
 * No state is kept, so a retransmission gets the same reply as the first
 * message. The port identifies the client: no field of the request selects the
 * address.
 *
 * Return: the verdict.
 */
enum vdhcp_verdict vdhcp_dhcp4_decide(struct vdhcp_txn *txn)
{
	struct vdhcp_dhcp4 *req = &txn->dhcp4;
	__be32 addr;

	req->src = txn->conf.subnet->server_id;
	if (txn->to_other)
		return refuse_unicast(txn);
	switch (req->type.v[0]) {
	case VDHCP_DISCOVER:
		return handle_discover(txn);
	case VDHCP_REQUEST:
		return handle_request(txn);
	case VDHCP_INFORM:
		return handle_inform(txn);
	case VDHCP_DECLINE:
		has_addr(&req->requested, &addr);
		return addr == txn->conf.addr ?
		       VDHCP_VERDICT_DECLINE : VDHCP_VERDICT_DECLINE_FOREIGN;
	case VDHCP_RELEASE:
		has_addr(&req->server_id, &addr);
		return addr == txn->conf.subnet->server_id ?
		       VDHCP_VERDICT_RELEASE : VDHCP_VERDICT_RELEASE_FOREIGN;
	default:
		return VDHCP_VERDICT_UNKNOWN_MESSAGE_TYPE;
	}
}
