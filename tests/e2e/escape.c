// SPDX-License-Identifier: GPL-2.0
/*
 * escape HOST NEIGHBOUR PORT...: write each frame of tests/frame/frame_table.c into the tap
 * HOST, as a guest does by virtio, and compare what arrives at the tap NEIGHBOUR, and what is
 * answered, with the rule. Both taps exist and are in one bridge.
 *
 * A PORT of HOST is VLAN:MODE:GUARD, as configured. The neighbour's tap has no virtio header,
 * so the host completes partial checksums for it. Prints the number of frames with each fate:
 * "leave N stay N answered N refused N". Newer kernels refuse a partial checksum near the
 * start of the frame.
 */
#include <err.h>
#include <errno.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <frame/frame_table.h>
#include <frame/tap.h>

#define PORTS_MAX	8
#define WRONG_MAX	20
#define MARKER_TYPE	0x88b5
#define WAIT_MS		60000
#define REFUSED_BELOW	34	/* Ethernet and IPv4 header */

static const uint8_t mac[FRAME_MAC_LEN] = { 0, 0, 0x5e, 0, 0x53, 1 };

static struct table_port parse_port(const char *text)
{
	static const char *const modes[] = { "serve", "pass", "deny" };
	char mode[8], guard[4];
	unsigned int vlan, i;

	if (sscanf(text, "%u:%7[a-z]:%3[a-z]", &vlan, mode, guard) != 3)
		errx(2, "%s is not VLAN:MODE:GUARD", text);
	for (i = 0; i < 3; i++)
		if (!strcmp(modes[i], mode))
			return (struct table_port){ (uint16_t)vlan, i, !strcmp(guard, "on") };
	errx(2, "%s is not a mode", mode);
}

/* Returns false if the kernel refuses the place of the partial checksum. */
static bool send_frame(int fd, const uint8_t *frame, size_t len, bool partial, uint32_t csum_at)
{
	uint8_t buf[sizeof(struct virtio_net_hdr) + TABLE_FRAME_MAX];
	struct virtio_net_hdr hdr = { .flags = 0 };

	if (partial) {
		hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr.csum_start = (uint16_t)csum_at;
	}
	memcpy(buf, &hdr, sizeof(hdr));
	memcpy(buf + sizeof(hdr), frame, len);
	if (write(fd, buf, sizeof(hdr) + len) == (ssize_t)(sizeof(hdr) + len))
		return true;
	if (errno != EINVAL || !partial || csum_at >= REFUSED_BELOW)
		err(1, "write, checksum at %u", csum_at);
	return false;
}

static void send_marker(int fd, uint32_t number)
{
	uint8_t frame[60] = { 0 };

	memset(frame, 0xff, FRAME_MAC_LEN);
	memcpy(frame + FRAME_MAC_LEN, mac, FRAME_MAC_LEN);
	frame_put16(frame + FRAME_ETH_TYPE_AT, MARKER_TYPE);
	frame_put32(frame + FRAME_ETH_LEN, number);
	send_frame(fd, frame, sizeof(frame), false, 0);
}

/* Reads until the marker of this number comes. Returns whether the frame came before it. */
static bool has_arrived(int fd, uint32_t number, int wait_ms, bool *marker)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	bool arrived = false;
	uint8_t buf[2048];
	ssize_t len;

	*marker = false;
	while (!*marker && poll(&pfd, 1, wait_ms) == 1) {
		len = read(fd, buf, sizeof(buf));
		if (len < FRAME_ETH_LEN + 4)
			continue;
		if (frame_get16(buf + FRAME_ETH_TYPE_AT) == MARKER_TYPE)
			*marker = frame_get32(buf + FRAME_ETH_LEN) == number;
		else if (!memcmp(buf + len - TABLE_TRAILER, "vdhc", 4))
			arrived |= frame_get32(buf + len - 4) == number;
	}
	return arrived;
}

/*
 * The core removes the first tag, and with it forgets a partial checksum that begins before
 * the end of that tag: skb_vlan_untag() sets CHECKSUM_NONE. Nothing is written then.
 */
static bool is_forgotten(const struct table_case *c)
{
	return c->partial && c->n_tags && c->csum_at < FRAME_ETH_LEN + FRAME_TAG_LEN;
}

/* The bridge forwards only once it has noticed that both taps are open. */
static void wait_for_bridge(int host, int neighbour)
{
	bool marker = false;
	unsigned int i;

	for (i = 0; i < WAIT_MS / 100 && !marker; i++) {
		send_marker(host, UINT32_MAX);
		has_arrived(neighbour, UINT32_MAX, 100, &marker);
	}
	if (!marker)
		errx(1, "the bridge forwards nothing");
	do
		has_arrived(neighbour, UINT32_MAX, 100, &marker);
	while (marker);
}

/* Replies are in the tap when write() of the request returns. */
static bool was_answered(int fd)
{
	uint8_t buf[sizeof(struct virtio_net_hdr) + 2048];
	struct frame_view view;
	bool answered = false;
	ssize_t len;

	while ((len = read(fd, buf, sizeof(buf))) > 0) {
		len -= (ssize_t)sizeof(struct virtio_net_hdr);
		if (len > 0 && frame_parse(buf + sizeof(struct virtio_net_hdr), (uint32_t)len,
					   &view))
			answered |= view.dst_port == FRAME_PORT_CLIENT;
	}
	return answered;
}

int main(int argc, char **argv)
{
	static const char *const fates[] = { "leaves", "stays", "is answered" };
	unsigned int count[TABLE_FATES] = { 0 }, wrong = 0, refused = 0;
	struct table_port ports[PORTS_MAX];
	enum table_fate want, got;
	static struct table_case c;
	int host, neighbour, i;
	bool arrived, marker;
	uint32_t n, n_ports;
	char text[300];

	n_ports = (uint32_t)argc - 3;
	if (argc < 4 || n_ports > PORTS_MAX)
		errx(2, "usage: escape HOST NEIGHBOUR VLAN:MODE:GUARD...");
	for (i = 3; i < argc; i++)
		ports[i - 3] = parse_port(argv[i]);
	host = open_tap(argv[1], TAP_VNET);
	neighbour = open_tap(argv[2], TAP_PLAIN);
	if (host < 0 || neighbour < 0)
		err(1, "taps");
	wait_for_bridge(host, neighbour);
	for (n = 0; table_get(n, mac, &c); n++) {
		was_answered(host);
		if (!send_frame(host, c.frame, c.len, c.partial, c.csum_at)) {
			refused++;
			continue;
		}
		got = was_answered(host) ? TABLE_ANSWERED : TABLE_STAYS;
		send_marker(host, n);
		arrived = has_arrived(neighbour, n, WAIT_MS, &marker);
		if (!marker)
			errx(1, "case %u: the marker did not arrive", n);
		if (arrived && got == TABLE_ANSWERED)
			errx(1, "case %u was answered and left", n);
		got = arrived ? TABLE_LEAVES : got;
		c.partial = c.partial && !is_forgotten(&c);
		want = table_rule(&c, ports, n_ports);
		count[want]++;
		if (got == want || ++wrong > WRONG_MAX)
			continue;
		table_describe(&c, text, sizeof(text));
		printf("%s\n  by the rule it %s, but it %s\n", text, fates[want], fates[got]);
	}
	printf("leave %u stay %u answered %u refused %u\n", count[TABLE_LEAVES],
	       count[TABLE_STAYS], count[TABLE_ANSWERED], refused);
	if (wrong)
		printf("%u frames did not do what the rule says\n", wrong);
	return wrong ? 1 : 0;
}
