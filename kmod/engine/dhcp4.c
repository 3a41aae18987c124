// SPDX-License-Identifier: GPL-2.0
/*
 * DHCPv4: what a request says and what it deserves (RFC 2131). The reply is
 * written in dhcp4_reply.c.
 */
#include "option.h"

static const struct vdhcp_bootp *bootp_of(const struct vdhcp_dhcp4 *req)
{
	return (const struct vdhcp_bootp *)req->frame->dhcp;
}

/* Collect a piece of a short option; what is too long stays too long. */
static void take_few(struct vdhcp_opt_small *opt, const struct vdhcp_tlv *tlv)
{
	unsigned int i;

	for (i = 0; i < tlv->len && opt->total + i < sizeof(opt->v); i++)
		opt->v[opt->total + i] = tlv->value[i];
	opt->total += tlv->len;
	opt->seen = true;
}

static void take_many(struct vdhcp_opt_ref *opt, const struct vdhcp_tlv *tlv, const u8 *base)
{
	if (!opt->pieces++) {
		opt->first.at = tlv->value - base;
		opt->first.len = tlv->len;
	}
	opt->total += tlv->len;
}

static void take_prl(struct vdhcp_dhcp4 *req, const struct vdhcp_tlv *tlv)
{
	static const u8 asked[256] = {
		[VDHCP_OPT_SUBNET_MASK] = VDHCP_PRL_MASK,
		[VDHCP_OPT_ROUTER] = VDHCP_PRL_ROUTER,
		[VDHCP_OPT_IPV6_ONLY] = VDHCP_PRL_IPV6_ONLY,
		[VDHCP_OPT_CLASSLESS_ROUTE] = VDHCP_PRL_ROUTES,
		[VDHCP_OPT_MS_CLASSLESS_ROUTE] = VDHCP_PRL_MS_ROUTES,
	};
	const u8 *code = tlv->value;
	const u8 *end = code + vdhcp_prl_codes(req->prl.total, tlv->len);
	u8 all = req->prl_flags;

	/* An empty piece asks for nothing. */
	if (!tlv->len)
		return;
	while (code != end)
		all |= asked[*code++];
	req->prl_flags = all;
	take_many(&req->prl, tlv, req->frame->dhcp);
}

static void take_fqdn(struct vdhcp_dhcp4 *req, const struct vdhcp_tlv *tlv)
{
	/* The first byte of all pieces, of which some may be empty. */
	if (!req->fqdn.total && tlv->len)
		req->fqdn_flags = tlv->value[0];
	take_many(&req->fqdn, tlv, req->frame->dhcp);
}

static void take(struct vdhcp_dhcp4 *req, const struct vdhcp_tlv *tlv, bool in_options)
{
	switch (tlv->code) {
	case VDHCP_OPT_MESSAGE_TYPE:
		take_few(&req->type, tlv);
		break;
	case VDHCP_OPT_REQUESTED_ADDRESS:
		take_few(&req->requested, tlv);
		break;
	case VDHCP_OPT_SERVER_ID:
		take_few(&req->server_id, tlv);
		break;
	case VDHCP_OPT_MAX_SIZE:
		take_few(&req->max_size, tlv);
		break;
	case VDHCP_OPT_RAPID_COMMIT:
		take_few(&req->rapid, tlv);
		break;
	case VDHCP_OPT_OVERLOAD:
		/* Within file or sname it would send us round in circles. */
		if (in_options)
			take_few(&req->overload, tlv);
		break;
	case VDHCP_OPT_PARAMETER_LIST:
		take_prl(req, tlv);
		break;
	case VDHCP_OPT_CLIENT_ID:
		take_many(&req->client_id, tlv, req->frame->dhcp);
		break;
	case VDHCP_OPT_FQDN:
		take_fqdn(req, tlv);
		break;
	case VDHCP_OPT_UUID:
		take_many(&req->uuid, tlv, req->frame->dhcp);
		break;
	case VDHCP_OPT_RELAY_AGENT:
		/* A guest is no relay: what it says here means nothing. */
		req->notes |= 1 << VDHCP_NOTE_RELAY_AGENT_IGNORED;
		break;
	default:
		break;
	}
}

/* What take() does something with, so that the rest costs little. */
static const bool known[256] = {
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

static int parse_field(struct vdhcp_dhcp4 *req, u16 at, u16 len)
{
	struct vdhcp_span *field = &req->field[req->n_fields];
	bool in_options = !req->n_fields;
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv;
	int ret;

	field->at = at;
	field->len = len;
	req->n_fields++;
	vdhcp_cursor_init(&cur, req->frame->dhcp, field);
	while ((ret = vdhcp_cursor_next(&cur, &tlv)) > 0) {
		if (++req->n_options > VDHCP_OPTIONS_MAX)
			return VDHCP_VERDICT_TOO_MANY_OPTIONS;
		if (known[tlv.code])
			take(req, &tlv, in_options);
	}
	return ret ? VDHCP_VERDICT_BAD_OPTIONS : VDHCP_CONTINUE;
}

/* Options, then file, then sname (RFC 3396 section 5). */
static int parse_options(struct vdhcp_dhcp4 *req)
{
	int verdict = parse_field(req, VDHCP_BOOTP_LEN, req->frame->len - VDHCP_BOOTP_LEN);
	u8 overload = req->overload.total == 1 && req->overload.v[0] <= 3 ?
		      req->overload.v[0] : 0;

	if (verdict == VDHCP_CONTINUE && overload & 1)
		verdict = parse_field(req, offsetof(struct vdhcp_bootp, file),
				      sizeof(bootp_of(req)->file));
	if (verdict == VDHCP_CONTINUE && overload & 2)
		verdict = parse_field(req, offsetof(struct vdhcp_bootp, sname),
				      sizeof(bootp_of(req)->sname));
	return verdict;
}

static u8 message_of(u8 type)
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

/**
 * vdhcp_dhcp4_parse() - read a request
 * @conf: configuration of the port
 * @frame: a checked frame
 * @req: filled in; @req->message and @req->notes also when this fails
 *
 * Return: a verdict of the drop kind or %VDHCP_CONTINUE.
 */
int vdhcp_dhcp4_parse(const struct vdhcp_conf *conf, const struct vdhcp_frame *frame,
		      struct vdhcp_dhcp4 *req)
{
	const struct vdhcp_bootp *bootp = (const struct vdhcp_bootp *)frame->dhcp;
	int verdict;

	memset(req, 0, sizeof(*req));
	req->frame = frame;
	req->message = VDHCP_MESSAGE_OTHER;
	if (frame->len < VDHCP_BOOTP_LEN)
		return VDHCP_VERDICT_TOO_SHORT;
	if (frame->len > VDHCP_BOOTP_MAX)
		return VDHCP_VERDICT_TOO_LONG;
	if (bootp->op != VDHCP_BOOTREQUEST)
		return VDHCP_VERDICT_BAD_OP;
	if (bootp->htype != VDHCP_HTYPE_ETHERNET || bootp->hlen != VDHCP_ETH_ALEN)
		return VDHCP_VERDICT_BAD_HARDWARE;
	if (get_unaligned_be32(&bootp->cookie) != VDHCP_COOKIE)
		return VDHCP_VERDICT_NO_COOKIE;
	if (memcmp(bootp->chaddr, conf->port->mac, VDHCP_ETH_ALEN))
		return VDHCP_VERDICT_SPOOFED_CHADDR;
	if (bootp->giaddr)
		return VDHCP_VERDICT_RELAYED;
	verdict = parse_options(req);
	if (verdict != VDHCP_CONTINUE)
		return verdict;
	if (!req->type.seen)
		return VDHCP_VERDICT_BOOTP;
	if (req->type.total != 1)
		return VDHCP_VERDICT_BAD_MESSAGE_TYPE;
	req->message = message_of(req->type.v[0]);
	if (req->message == VDHCP_MESSAGE_OTHER)
		return VDHCP_VERDICT_UNKNOWN_MESSAGE_TYPE;
	return VDHCP_CONTINUE;
}

/**
 * vdhcp_dhcp4_option() - look for one more option of a request
 * @req: a parsed request
 * @code: option code
 * @value: where it is in the message; of an option in pieces the first piece
 *
 * For options that no answer depends on, so that parsing does not pay for
 * them. Context: as for the request, which must still be there.
 *
 * Return: true if the option was sent.
 */
bool vdhcp_dhcp4_option(const struct vdhcp_dhcp4 *req, u8 code, struct vdhcp_span *value)
{
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv;
	unsigned int i;

	for (i = 0; i < req->n_fields; i++) {
		vdhcp_cursor_init(&cur, req->frame->dhcp, &req->field[i]);
		while (vdhcp_cursor_next(&cur, &tlv) > 0) {
			if (tlv.code != code)
				continue;
			value->at = tlv.value - req->frame->dhcp;
			value->len = tlv.len;
			return true;
		}
	}
	return false;
}

/* The address in a short option, or 0; of any other length it is absent. */
static bool get_addr(const struct vdhcp_opt_small *opt, __be32 *addr)
{
	*addr = 0;
	if (opt->total != sizeof(*addr))
		return false;
	memcpy(addr, opt->v, sizeof(*addr));
	return true;
}

/* RFC 2131 section 4.1, for replies to a guest that has no address yet. */
static void deliver(struct vdhcp_dhcp4 *req)
{
	bool asked = bootp_of(req)->flags & cpu_to_be16(VDHCP_FLAG_BROADCAST);

	if (req->ciaddr) {
		req->dst = req->ciaddr;
	} else if (asked || !req->yiaddr) {
		req->dst = cpu_to_be32(0xffffffff);
		req->broadcast = true;
	} else {
		req->dst = req->yiaddr;
	}
}

static int grant(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req, int verdict)
{
	req->reply = VDHCP_ACK;
	req->yiaddr = conf->port->addr;
	req->send_ipv6_only = conf->subnet->ipv6_only && (req->prl_flags & VDHCP_PRL_IPV6_ONLY);
	deliver(req);
	return verdict;
}

/* A NAK without a relay is broadcast, whatever else (RFC 2131 section 4.3.2). */
static int refuse(struct vdhcp_dhcp4 *req, int verdict)
{
	req->reply = VDHCP_NAK;
	req->ciaddr = 0;
	req->yiaddr = 0;
	req->dst = cpu_to_be32(0xffffffff);
	req->broadcast = true;
	return verdict;
}

static int discover(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req)
{
	/* RFC 8925 section 3.3: such a client wants no address, nor a commit. */
	req->send_ipv6_only = conf->subnet->ipv6_only && (req->prl_flags & VDHCP_PRL_IPV6_ONLY);
	req->reply = VDHCP_OFFER;
	if (!req->send_ipv6_only) {
		req->yiaddr = conf->port->addr;
		if (conf->subnet->rapid_commit && req->rapid.seen && !req->rapid.total) {
			req->reply = VDHCP_ACK;
			req->send_rapid = true;
		}
	}
	deliver(req);
	return req->send_rapid ? VDHCP_VERDICT_ACK_RAPID_COMMIT : VDHCP_VERDICT_OFFER;
}

/* A client that is bound, or thinks so: the address is in ciaddr. */
static int extend(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req)
{
	bool rebinding = req->frame->daddr != conf->subnet->server_id;

	if (bootp_of(req)->ciaddr != conf->port->addr)
		return refuse(req, rebinding ? VDHCP_VERDICT_NAK_REBINDING :
					       VDHCP_VERDICT_NAK_RENEWING);
	req->ciaddr = conf->port->addr;
	return grant(conf, req, rebinding ? VDHCP_VERDICT_ACK_REBINDING :
					    VDHCP_VERDICT_ACK_RENEWING);
}

/* Which of the states of RFC 2131 table 4 the client is in, and what follows. */
static int request(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req)
{
	__be32 server_id, addr, ours = conf->port->addr;
	bool selecting, names_addr;

	selecting = get_addr(&req->server_id, &server_id);
	names_addr = get_addr(&req->requested, &addr);
	if (selecting && server_id != conf->subnet->server_id)
		return VDHCP_VERDICT_OTHER_SERVER;
	/* Who names an address in option 50 is judged by it, ciaddr or not. */
	if (!names_addr && bootp_of(req)->ciaddr)
		return extend(conf, req);
	if (!names_addr)
		return refuse(req, VDHCP_VERDICT_NAK_NO_ADDRESS);
	if (selecting) {
		/* It was offered 0.0.0.0 and must not request it (RFC 8925). */
		if (!addr && conf->subnet->ipv6_only && (req->prl_flags & VDHCP_PRL_IPV6_ONLY))
			return VDHCP_VERDICT_REQUEST_IPV6_ONLY;
		return addr == ours ? grant(conf, req, VDHCP_VERDICT_ACK_SELECTING) :
				      refuse(req, VDHCP_VERDICT_NAK_SELECTING);
	}
	return addr == ours ? grant(conf, req, VDHCP_VERDICT_ACK_INIT_REBOOT) :
			      refuse(req, VDHCP_VERDICT_NAK_INIT_REBOOT);
}

/* Parameters only; the address is not ours to judge (RFC 2131 section 4.3.5). */
static int inform(struct vdhcp_dhcp4 *req)
{
	req->ciaddr = bootp_of(req)->ciaddr;
	req->dst = req->ciaddr ? req->ciaddr : req->frame->saddr;
	if (!req->dst)
		return VDHCP_VERDICT_INFORM_NO_ADDRESS;
	req->reply = VDHCP_ACK;
	return VDHCP_VERDICT_ACK_INFORM;
}

/**
 * vdhcp_dhcp4_decide() - what a request deserves
 * @conf: configuration of the port, mode serve
 * @req: a parsed request; the fields about the reply are filled in
 *
 * Stateless: a retransmission gets what the first one got. Identity is the
 * port; nothing a client says of itself selects an address.
 *
 * Return: a verdict.
 */
int vdhcp_dhcp4_decide(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req)
{
	__be32 addr;

	switch (req->type.v[0]) {
	case VDHCP_DISCOVER:
		return discover(conf, req);
	case VDHCP_REQUEST:
		return request(conf, req);
	case VDHCP_INFORM:
		return inform(req);
	case VDHCP_DECLINE:
		get_addr(&req->requested, &addr);
		return addr == conf->port->addr ? VDHCP_VERDICT_DECLINE :
						  VDHCP_VERDICT_DECLINE_FOREIGN;
	case VDHCP_RELEASE:
		get_addr(&req->server_id, &addr);
		return addr == conf->subnet->server_id ? VDHCP_VERDICT_RELEASE :
							 VDHCP_VERDICT_RELEASE_FOREIGN;
	default:
		return VDHCP_VERDICT_UNKNOWN_MESSAGE_TYPE;
	}
}
