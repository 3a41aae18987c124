// SPDX-License-Identifier: GPL-2.0
/*
 * An independent parser of DHCP messages, and checks of what RFC 2131, 2132,
 * 3396, 3442, 4039, 6842 and 8925 require of every reply. Nothing here calls the
 * engine.
 */
#include "frame_text.h"
#include "oracle.h"

static const char *parse_field(struct oracle_message *m, const u8 *p, u32 len, bool *ended,
			       u32 *after)
{
	u32 at = 0;

	*ended = false;
	while (at < len && !*ended) {
		if (p[at] == 0) {
			at++;
		} else if (p[at] == 255) {
			at++;
			*ended = true;
		} else {
			if (len - at < 2 || len - at - 2 < p[at + 1])
				return "an option is cut off";
			if (m->n == ORACLE_OPTIONS_MAX)
				return "more options than there can be";
			m->options[m->n].code = p[at];
			m->options[m->n].len = p[at + 1];
			m->options[m->n++].v = p + at + 2;
			at += 2u + p[at + 1];
		}
	}
	*after = at;
	return NULL;
}

/* Parses the options of a message, in the order of RFC 3396 section 5. */
const char *oracle_parse(const u8 *bootp, u32 len, struct oracle_message *m)
{
	struct bytes overload;
	const char *wrong;
	bool ended;
	u32 after;

	m->bootp = bootp;
	m->len = len;
	m->n = 0;
	if (len < 240)
		return "shorter than a DHCP message";
	wrong = parse_field(m, bootp + 240, len - 240, &m->ended, &m->after);
	m->after += 240;
	if (wrong || !oracle_value(m, 52, &overload) || overload.len != 1)
		return wrong;
	if (overload.data[0] == 1 || overload.data[0] == 3)
		wrong = parse_field(m, bootp + 108, 128, &ended, &after);
	if (!wrong && (overload.data[0] == 2 || overload.data[0] == 3))
		wrong = parse_field(m, bootp + 44, 64, &ended, &after);
	return wrong;
}

u32 oracle_pieces(const struct oracle_message *m, u8 code)
{
	u32 i, n = 0;

	for (i = 0; i < m->n; i++)
		n += m->options[i].code == code;
	return n;
}

/* Joins the pieces of an option; returns false if there is none. */
bool oracle_value(const struct oracle_message *m, u8 code, struct bytes *out)
{
	u32 i;

	out->len = 0;
	for (i = 0; i < m->n; i++)
		if (m->options[i].code == code)
			bytes_add(out, m->options[i].v, m->options[i].len);
	return oracle_pieces(m, code);
}

/* Checks Ethernet, IPv4 and UDP of a reply. */
static const char *check_headers(const u8 *f, u32 len)
{
	const u8 *ip = f + 14, *udp = f + 34;

	if (len < 14 + 28 + 300)
		return "shorter than 300 bytes of DHCP";
	if (len > VDHCP_FRAME_MAX)
		return "longer than a frame";
	if (get_unaligned_be16(f + 12) != 0x0800 || ip[0] != 0x45 || ip[1])
		return "not plain IPv4";
	if (get_unaligned_be16(ip + 2) != len - 14)
		return "IPv4 length is not the frame's";
	if (get_unaligned_be16(ip + 4) || get_unaligned_be16(ip + 6) != 0x4000)
		return "IPv4 id is not 0 or flags are not DF";
	if (ip[8] != 64 || ip[9] != 17)
		return "TTL is not 64 or protocol not UDP";
	if (frame_fold(frame_sum(ip, 20, 0)))
		return "IPv4 checksum is wrong";
	if (get_unaligned_be16(udp) != 67 || get_unaligned_be16(udp + 2) != 68)
		return "UDP ports are not 67 and 68";
	if (get_unaligned_be16(udp + 4) != len - 34)
		return "UDP length is not IPv4's";
	if (!get_unaligned_be16(udp + 6))
		return "no UDP checksum";
	if (frame_fold(frame_sum(udp, len - 34, frame_pseudo_sum(ip, len - 34))))
		return "UDP checksum is wrong";
	return NULL;
}

/* Checks that pieces of one option are adjacent, and that no option is sent twice. */
static const char *no_twice(const struct oracle_message *m)
{
	u32 i, k;

	for (i = 0; i < m->n; i++) {
		for (k = i + 1; k < m->n; k++) {
			if (m->options[k].code != m->options[i].code)
				continue;
			if (m->options[k - 1].code != m->options[k].code)
				return "an option stands in two places";
			/* The client chose the pieces of its identifier. */
			if (m->options[i].code == 61 || m->options[i].code == 97)
				continue;
			if (m->options[k - 1].len != 255 || !m->options[k].len)
				return "an option is split before it is full";
		}
	}
	return NULL;
}

const char *oracle_reply(const u8 *f, u32 len, struct oracle_message *m)
{
	static const u8 never[] = { 50, 52, 55, 57, 82, 90, 116, 118, 145 };
	const char *wrong = check_headers(f, len);
	struct bytes b;
	u32 i;

	if (!wrong)
		wrong = oracle_parse(f + 42, len - 42, m);
	if (wrong)
		return wrong;
	if (!m->ended)
		return "no END";
	for (i = m->after; i < m->len; i++)
		if (m->bootp[i])
			return "something follows END";
	if (m->len > 300 && m->after != m->len)
		return "padded although longer than 300 bytes";
	if (m->bootp[0] != 2 || m->bootp[1] != 1 || m->bootp[2] != 6 || m->bootp[3] ||
	    m->bootp[8] || m->bootp[9] || get_unaligned_be32(m->bootp + 236) != 0x63825363)
		return "op, htype, hlen, hops, secs or cookie is wrong";
	for (i = 0; i < 4; i++)
		if (m->bootp[24 + i])
			return "giaddr in a reply";
	for (i = 44; i < 108; i++)
		if (m->bootp[i])
			return "sname in a reply";
	if (!m->n || m->options[0].code != 53 || m->options[0].len != 1)
		return "option 53 is not first";
	if (m->n < 2 || m->options[1].code != 54 || m->options[1].len != 4)
		return "option 54 is not second";
	if (memcmp(m->options[1].v, f + 26, 4))
		return "option 54 is not the source address";
	for (i = 0; i < sizeof(never); i++)
		if (oracle_value(m, never[i], &b))
			return "an option that no reply carries";
	return no_twice(m);
}

static bool is_zero(const u8 *p, u32 len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}

static u32 get_max_size(const struct config *cfg, const struct oracle_message *req)
{
	u32 top = cfg->mtu < 1500 ? cfg->mtu : 1500, size = 576;
	struct bytes b;

	if (oracle_value(req, 57, &b) && b.len == 2)
		size = get_unaligned_be16(b.data);
	if (size < 576)
		size = 576;
	if (size > top)
		size = top;
	return size < 328 ? 328 : size;
}

static const char *client_id(const struct oracle_message *req,
			     const struct oracle_message *rep)
{
	struct bytes asked, got;

	if (!oracle_value(req, 61, &asked) || !asked.len)
		return oracle_pieces(rep, 61) ? "option 61 from nowhere" : NULL;
	if (!oracle_value(rep, 61, &got) || got.len != asked.len ||
	    memcmp(got.data, asked.data, got.len))
		return "option 61 is not the client's";
	return NULL;
}

/* Returns the address that a MAC has in a configuration, NULL if the MAC is not the port's. */
static const u8 *addr_of(const struct config *cfg, const u8 *mac)
{
	const struct vdhcp_addresses *list = &cfg->port.addresses;
	const struct vdhcp_address *a;

	for (a = list->entry; a < list->entry + list->n; a++)
		if (!memcmp(mac, a->has_mac ? a->mac : cfg->port.mac, 6))
			return (const u8 *)&a->ip4;
	return NULL;
}

/*
 * Checks the addresses of a reply. @request begins with the Ethernet header and has no VLAN
 * tags.
 */
static const char *check_addresses(const struct config *cfg, const u8 *request,
				   const struct oracle_message *req, const u8 *reply,
				   const struct oracle_message *rep)
{
	const u8 *ip = request + 14, *station = request + 6;
	const u8 *own = addr_of(cfg, req->bootp + 28);
	static const u8 all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const u8 *q = req->bootp, *p = rep->bootp, *want;
	u8 type = rep->options[0].v[0], asked[4] = { 0 };
	bool inform = false, broadcast;
	struct bytes b;

	if (oracle_value(req, 53, &b) && b.len == 1)
		inform = b.data[0] == 8;
	if (memcmp(p + 4, q + 4, 4) || memcmp(p + 10, q + 10, 2) || memcmp(p + 28, q + 28, 16))
		return "xid, flags or chaddr is not the client's";
	if (type == 6) {
		if (!is_zero(p + 12, 16) || !is_zero(p + 108, 128))
			return "addresses or file in a NAK";
		want = all;
		return memcmp(reply + 30, all, 4) || memcmp(reply, all, 6) ?
		       "a NAK that is not broadcast" : NULL;
	}
	if (inform) {
		if (!is_zero(p + 16, 4) || memcmp(p + 12, q + 12, 4))
			return "yiaddr or ciaddr in the answer to INFORM";
		want = is_zero(q + 12, 4) ? ip + 12 : q + 12;
		if (memcmp(reply + 30, want, 4) || memcmp(reply, station, 6))
			return "the answer to INFORM goes elsewhere";
		return NULL;
	}
	if (!is_zero(p + 16, 4) && memcmp(p + 16, own, 4))
		return "yiaddr is not that of the client";
	if (is_zero(p + 16, 4) && (type != 2 || !oracle_pieces(rep, 108)))
		return "no yiaddr";
	if (!is_zero(p + 12, 4) && (type == 2 || memcmp(p + 12, own, 4)))
		return "ciaddr is wrong";
	memcpy(asked, p + 12, 4);
	broadcast = is_zero(asked, 4) && (q[10] & 0x80 || is_zero(p + 16, 4));
	want = !is_zero(asked, 4) ? p + 12 : broadcast ? all : p + 16;
	if (memcmp(reply + 30, want, 4) ||
	    memcmp(reply, broadcast ? all : station, 6))
		return "the reply goes elsewhere";
	return NULL;
}

static const char *check_contents(const struct config *cfg, const struct oracle_message *req,
				  const struct oracle_message *rep)
{
	u8 type = rep->options[0].v[0];
	struct bytes b, prl;
	bool inform, wants_108;
	u32 i;

	inform = oracle_value(req, 53, &b) && b.data[0] == 8;
	oracle_value(req, 55, &prl);
	wants_108 = memchr(prl.data, 108, prl.len);
	if (type != 2 && type != 5 && type != 6)
		return "not a server's message";
	if (oracle_value(rep, 51, &b) != (type != 6 && !inform) || (b.len && b.len != 4))
		return "option 51 where it should not be, or none";
	if ((type == 6 || inform) && (oracle_pieces(rep, 58) || oracle_pieces(rep, 59)))
		return "option 58 or 59 without a lease";
	if (type != 6 && !inform && !oracle_value(rep, 1, &b) && !is_zero(rep->bootp + 16, 4))
		return "no option 1";
	if (oracle_value(rep, 108, &b) && (type == 6 || inform || !wants_108))
		return "option 108 that was not asked for";
	if (oracle_pieces(rep, 80) &&
	    (!oracle_pieces(req, 80) || type != 5 || !oracle_value(req, 53, &b) ||
	     b.data[0] != 1))
		return "option 80 out of place";
	if (oracle_pieces(rep, 81) && (!oracle_pieces(req, 81) || type == 6))
		return "option 81 that was not asked for";
	if (type == 6)
		for (i = 0; i < rep->n; i++)
			if (!strchr("\x35\x36\x38\x3d", rep->options[i].code))
				return "an option that no NAK carries";
	if (rep->len + 28 > get_max_size(cfg, req))
		return "longer than the client takes";
	/* RFC 3442: a client that requested 121 and gets it is not sent 3 or 33. */
	if (cfg->subnet.send_router == VDHCP_SEND_ROUTER_AUTO && oracle_pieces(rep, 121) &&
	    memchr(prl.data, 121, prl.len) &&
	    (oracle_pieces(rep, 3) || oracle_pieces(rep, 33)))
		return "option 3 or 33 in addition to a requested 121";
	return client_id(req, rep);
}

/* Is @span the first piece of an option, or empty if there is no such option? */
static bool first_piece(const struct oracle_message *req, u8 code,
			const struct vdhcp_span *span)
{
	u32 i;

	for (i = 0; i < req->n; i++)
		if (req->options[i].code == code)
			return req->bootp + span->at == req->options[i].v &&
			       span->len == req->options[i].len;
	return !span->at && !span->len;
}

static const char *check_arp(const u8 *request, const u8 *reply, u32 len)
{
	if (len != 42 || get_unaligned_be16(reply + 12) != 0x0806 ||
	    get_unaligned_be32(reply + 14) != 0x00010800 ||
	    get_unaligned_be32(reply + 18) != 0x06040002)
		return "not an ARP reply";
	if (memcmp(reply, request + 6, 6) || memcmp(reply + 6, reply + 22, 6) ||
	    memcmp(reply + 32, request + 6, 6))
		return "ARP reply of or to the wrong station";
	if (memcmp(reply + 28, request + 38, 4) || memcmp(reply + 38, request + 28, 4))
		return "ARP reply for another address";
	return NULL;
}

/*
 * Copies the request without its VLAN tags, and finds the tag of the reply: that
 * of the VLAN, else the innermost priority tag. Returns NULL, or why there must
 * be no reply.
 */
static const char *strip_tags(const struct config *cfg, const struct drive_input *in, u8 *out,
			      u32 *len, struct vdhcp_tag *tag)
{
	bool hw_vlan = in->hw_tag.tci & 0xfff;
	struct frame_view view;

	if (!frame_parse(in->data, in->len, &view))
		return "answered a frame that ends in its headers";
	if (view.n_vids + hw_vlan > 1)
		return "answered a frame of a VLAN within a VLAN";
	if (view.n_tags + !!in->hw_tag.proto > 8)
		return "answered a frame with more than eight tags";
	if (in->partial && view.udp && in->csum_at != view.udp + FRAME_UDP_SUM_AT)
		return "answered a frame whose checksum is written elsewhere than into UDP";
	*tag = in->hw_tag;
	if (view.n_vids)
		*tag = (struct vdhcp_tag){ htons(view.vlan.proto), view.vlan.tci };
	else if (view.n_tags && !hw_vlan)
		*tag = (struct vdhcp_tag){ htons(FRAME_TYPE_8021Q), view.last.tci };
	if ((tag->tci & 0xfff) != cfg->vlan ||
	    (cfg->vlan && tag->proto != htons(FRAME_TYPE_8021Q)))
		return "answered a frame of another VLAN";
	memcpy(out, in->data, FRAME_ETH_TYPE_AT);
	frame_put16(out + FRAME_ETH_TYPE_AT, view.type);
	memcpy(out + FRAME_ETH_LEN, in->data + view.l3, in->len - view.l3);
	*len = in->len - view.l3 + FRAME_ETH_LEN;
	return NULL;
}

/* Checks the reply to the frame @in; returns NULL, or what is wrong. */
const char *oracle_answer(const struct config *cfg, const struct drive_input *in,
			  const struct drive *result, const u8 *reply)
{
	static struct oracle_message req, rep;
	static u8 request[16384];
	const u8 *ip = request + 14, *udp;
	struct vdhcp_tag tag;
	u32 len, request_len;
	const char *wrong;

	if (!result->len)
		return NULL;
	wrong = strip_tags(cfg, in, request, &request_len, &tag);
	if (wrong)
		return wrong;
	if (tag.proto != result->tag.proto || (tag.proto && tag.tci != result->tag.tci))
		return "the reply has another VLAN tag";
	if (!addr_of(cfg, request + 6))
		return "answered a frame from another MAC";
	if (cfg->port.mode != VDHCP_MODE_SERVE)
		return "answered on a port that does not serve";
	if (result->verdict == VDHCP_VERDICT_ARP_REPLY)
		return check_arp(request, reply, result->len);
	if (request_len < 14 + 28 + 240)
		return "answered a short frame";
	udp = ip + (ip[0] & 15) * 4;
	len = get_unaligned_be16(udp + 4) - 8u;
	if (udp + 8 + len > request + request_len)
		return "answered a frame whose UDP is cut off";
	if (oracle_parse(udp + 8, len, &req))
		return "answered a malformed message";
	wrong = oracle_reply(reply, result->len, &rep);
	if (!wrong && (req.bootp[0] != 1 || !addr_of(cfg, req.bootp + 28)))
		wrong = "answered a message of another client";
	if (!wrong && !is_zero(req.bootp + 24, 4))
		wrong = "answered a relayed message";
	if (!wrong)
		wrong = check_addresses(cfg, request, &req, reply, &rep);
	if (!wrong)
		wrong = check_contents(cfg, &req, &rep);
	if (!wrong)
		wrong = oracle_configured(cfg, &req, &rep);
	if (!wrong && (!first_piece(&req, 12, &result->host) ||
		       !first_piece(&req, 60, &result->vendor)))
		wrong = "an event would tell of another host name or vendor class";
	return wrong;
}
