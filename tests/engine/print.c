// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include "frame_text.h"

/* Bytes in one line of hex. */
#define ROW 24

static const char *const names[256] = {
	[1] = "subnet mask", [2] = "time offset", [3] = "router", [6] = "name server",
	[12] = "host name", [13] = "boot file size", [15] = "domain", [17] = "root path",
	[26] = "MTU", [28] = "broadcast", [33] = "static route", [42] = "NTP",
	[43] = "vendor specific", [50] = "requested address", [51] = "lease",
	[52] = "overload", [53] = "message type", [54] = "server identifier",
	[55] = "parameter list", [56] = "message", [57] = "maximum size", [58] = "T1",
	[59] = "T2", [60] = "vendor class", [61] = "client identifier",
	[66] = "TFTP server", [67] = "boot file", [80] = "rapid commit", [81] = "FQDN",
	[82] = "relay agent", [97] = "UUID", [108] = "IPv6-only wait",
	[114] = "captive portal", [119] = "domain search", [121] = "classless routes",
	[150] = "TFTP server address", [249] = "classless routes (MS)",
	[252] = "proxy autodiscovery",
};

const char *option_name(u8 code)
{
	return names[code] ? names[code] : "option";
}

static void print_hex(FILE *to, const u8 *p, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		if (i && !(i % ROW))
			fputs(" \\\n     ", to);
		if (!(i % ROW))
			fputc(' ', to);
		fprintf(to, "%02x", p[i]);
	}
}

static void print_mac(FILE *to, const u8 *p)
{
	fprintf(to, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}

static void print_addr(FILE *to, const u8 *p)
{
	fprintf(to, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
}

/* Explains the bytes of an option. */
static void print_comment(FILE *to, u8 code, const u8 *v, u32 len)
{
	static const char *const types[] = {
		"", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
	};
	u32 i;

	/* A long value ends on a continued line, which cannot have a comment. */
	if (len > ROW)
		return;
	fprintf(to, "  # %s", option_name(code));
	switch (code) {
	case 53:
		if (len == 1 && v[0] < ARRAY_SIZE(types))
			fprintf(to, ": %s", types[v[0]]);
		break;
	case 26:
		if (len == 2)
			fprintf(to, ": %u", get_unaligned_be16(v));
		break;
	case 51:
	case 58:
	case 59:
	case 108:
		if (len == 4)
			fprintf(to, ": %u s", get_unaligned_be32(v));
		break;
	case 1:
	case 3:
	case 6:
	case 28:
	case 42:
	case 54:
	case 150:
		for (i = 0; i + 4 <= len; i += 4) {
			fputs(i ? ", " : ": ", to);
			print_addr(to, v + i);
		}
		break;
	case 12:
	case 15:
	case 56:
	case 66:
	case 67:
	case 114:
		fputs(": ", to);
		for (i = 0; i < len; i++)
			fputc(isprint(v[i]) ? v[i] : '.', to);
		break;
	}
}

static u32 count_zeros(const u8 *p, u32 len)
{
	u32 n = 0;

	while (n < len && !p[n])
		n++;
	return n;
}

static void print_options(FILE *to, const u8 *p, u32 len)
{
	u32 at = 0, n;

	while (at < len) {
		if (p[at] == VDHCP_OPT_PAD) {
			n = count_zeros(p + at, len - at);
			fprintf(to, "  pad %u\n", n);
			at += n;
			continue;
		}
		if (p[at] == VDHCP_OPT_END) {
			fputs("  end\n", to);
			at++;
			break;
		}
		if (at + 2 > len || at + 2 + p[at + 1] > len)
			break;
		fprintf(to, "  %u %u", p[at], p[at + 1]);
		print_hex(to, p + at + 2, p[at + 1]);
		print_comment(to, p[at], p + at + 2, p[at + 1]);
		fputc('\n', to);
		at += 2u + p[at + 1];
	}
	n = count_zeros(p + at, len - at);
	if (at + n == len) {
		fprintf(to, "  pad %u\n", n);
	} else {
		fputs("  hex", to);
		print_hex(to, p + at, len - at);
		fputc('\n', to);
	}
}

static void print_text_field(FILE *to, const char *name, const u8 *p, u32 len)
{
	u32 i, used = len;

	while (used && !p[used - 1])
		used--;
	for (i = 0; i < used && isprint(p[i]) && p[i] != '"'; i++)
		;
	fprintf(to, "  %s", name);
	if (!used)
		fputs(" zero", to);
	else if (i == used)
		fprintf(to, " text \"%.*s\"", (int)used, p);
	else
		print_hex(to, p, len);
	fputc('\n', to);
}

static void print_message(FILE *to, const u8 *b, u32 len)
{
	fprintf(to, "  bootp op %u htype %u hlen %u hops %u xid %08x secs %u flags %04x\n",
		b[0], b[1], b[2], b[3], get_unaligned_be32(b + 4),
		get_unaligned_be16(b + 8), get_unaligned_be16(b + 10));
	fputs("  addr ciaddr ", to);
	print_addr(to, b + 12);
	fputs(" yiaddr ", to);
	print_addr(to, b + 16);
	fputs(" siaddr ", to);
	print_addr(to, b + 20);
	fputs(" giaddr ", to);
	print_addr(to, b + 24);
	fputs("\n  chaddr ", to);
	print_mac(to, b + 28);
	print_hex(to, b + 34, 10);
	fputc('\n', to);
	print_text_field(to, "sname", b + 44, 64);
	print_text_field(to, "file", b + 108, 128);
	fprintf(to, "  cookie %08x\n", get_unaligned_be32(b + 236));
	print_options(to, b + VDHCP_BOOTP_LEN, len - VDHCP_BOOTP_LEN);
}

static void print_csum(FILE *to, u32 is, u32 sum)
{
	u32 good = frame_fold(sum);

	if (is == good || (!good && is == 0xffff))
		fputs("good", to);
	else
		fprintf(to, "%04x", is);
}

static void print_ip(FILE *to, const u8 *ip, u32 len)
{
	const u8 *udp = ip + VDHCP_IP4_HLEN;
	u8 head[VDHCP_IP4_HLEN];
	u32 udp_len = len - VDHCP_IP4_HLEN, sum;

	memcpy(head, ip, sizeof(head));
	put_unaligned_be16(0, head + 10);
	fprintf(to, "  ip version %u ihl %u tos %u len %u id %u frag %04x ttl %u proto %u csum ",
		ip[0] >> 4, ip[0] & 15, ip[1], get_unaligned_be16(ip + 2),
		get_unaligned_be16(ip + 4), get_unaligned_be16(ip + 6), ip[8], ip[9]);
	print_csum(to, get_unaligned_be16(ip + 10), frame_sum(head, sizeof(head), 0));
	fputs(" \\\n     src ", to);
	print_addr(to, ip + 12);
	fputs(" dst ", to);
	print_addr(to, ip + 16);

	sum = frame_pseudo_sum(ip, get_unaligned_be16(udp + 4));
	sum = frame_sum(udp, 6, sum);
	sum = frame_sum(udp + 8, udp_len - 8, sum);
	fprintf(to, "\n  udp src %u dst %u len %u csum ", get_unaligned_be16(udp),
		get_unaligned_be16(udp + 2), get_unaligned_be16(udp + 4));
	/* 0 means that there is no checksum, even if the sum is 0. */
	if (get_unaligned_be16(udp + 6))
		print_csum(to, get_unaligned_be16(udp + 6), sum);
	else
		fputs("zero", to);
	fputc('\n', to);
	print_message(to, udp + VDHCP_UDP_HLEN, udp_len - VDHCP_UDP_HLEN);
}

static void print_arp(FILE *to, const u8 *a)
{
	fprintf(to, "  arp htype %u ptype %04x hlen %u plen %u op %u sha ",
		get_unaligned_be16(a), get_unaligned_be16(a + 2), a[4], a[5],
		get_unaligned_be16(a + 6));
	print_mac(to, a + 8);
	fputs(" spa ", to);
	print_addr(to, a + 14);
	fputs(" \\\n     tha ", to);
	print_mac(to, a + 18);
	fputs(" tpa ", to);
	print_addr(to, a + 24);
	fputc('\n', to);
}

/* Prints a frame so that frame_text_line() reads the same bytes from the text. */
void frame_text_print(FILE *to, const u8 *frame, u32 len)
{
	const u8 *l3 = frame + VDHCP_ETH_HLEN;
	u32 type = len < VDHCP_ETH_HLEN ? 0 : get_unaligned_be16(frame + 12);
	bool ip, arp;

	ip = type == VDHCP_ETHERTYPE_IPV4 && l3[0] == 0x45 &&
	     len >= VDHCP_ETH_HLEN + VDHCP_HEADERS + VDHCP_BOOTP_LEN;
	arp = type == VDHCP_ETHERTYPE_ARP && len == VDHCP_ETH_HLEN + VDHCP_ARP_LEN;
	if (!ip && !arp) {
		fputs("  raw", to);
		print_hex(to, frame, len);
		fputc('\n', to);
		return;
	}
	fputs("  eth dst ", to);
	print_mac(to, frame);
	fputs(" src ", to);
	print_mac(to, frame + 6);
	fprintf(to, " type %04x\n", type);
	if (ip)
		print_ip(to, l3, len - VDHCP_ETH_HLEN);
	else
		print_arp(to, l3);
	fprintf(to, "  total %u\n", len);
}
