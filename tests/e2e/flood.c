// SPDX-License-Identifier: GPL-2.0
/*
 * A guest that attacks: frames are written right into the tap, as fast as it takes them.
 * Each line is a command, and gets a line with its result when it is done:
 *
 *	flood KIND COUNT [rx]	send COUNT frames; 0: until the next line comes. Without
 *				"rx" no frames are received meanwhile.
 *		discover	a DISCOVER that is answered
 *		chaddr, source, both	a DISCOVER with an invented MAC address, a new one each time
 *		request		a REQUEST without an address, which is refused
 *		offer		an OFFER, which only a server may send
 *		other		a frame of the same length to another UDP port
 *		nothing		frames are built and not sent
 *	probe COUNT		send DISCOVERs, each when the OFFER before has arrived; the
 *				result has times in ns
 *	rx off, rx on		stop receiving what the host sends, and start again
 *
 * No two frames of one process are the same, and all checksums are right.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <frame/frame.h>
#include "tapvm.h"

#define AT_SOURCE	FRAME_MAC_LEN
#define AT_IP		FRAME_ETH_LEN
#define AT_UDP		(AT_IP + FRAME_IP_LEN)
#define AT_BOOTP	(AT_UDP + FRAME_UDP_LEN)
#define AT_XID		(AT_BOOTP + FRAME_XID_AT)
#define AT_CHADDR	(AT_BOOTP + FRAME_CHADDR_AT)
#define AT_OPTIONS	(AT_BOOTP + FRAME_OPTIONS_AT)
#define FRAME_SIZE	(AT_BOOTP + FRAME_MESSAGE_MIN)
#define HDR_MAX		16
#define CHECK_EVERY	64	/* frames between two checks for commands and replies */
#define REPLY_MS	20000
#define PROBES_MAX	100000

enum flood_kind { DISCOVER, CHADDR, SOURCE, BOTH, REQUEST, OFFER, OTHER, NOTHING, KINDS };

static const char * const names[KINDS] = {
	[DISCOVER] = "discover", [CHADDR] = "chaddr", [SOURCE] = "source", [BOTH] = "both",
	[REQUEST] = "request", [OFFER] = "offer", [OTHER] = "other",
	[NOTHING] = "nothing",
};

/**
 * struct template - a frame that is sent many times, with changes
 * @buf: virtio header and frame
 * @hdr: bytes of the virtio header
 * @sum: sum for the UDP checksum, without the bytes that change
 * @kind: which kind of frame
 */
struct template {
	uint8_t buf[HDR_MAX + FRAME_SIZE];
	size_t hdr;
	uint32_t sum;
	enum flood_kind kind;
};

static int in = -1, out = -1;
static uint32_t number;

static void init_template(struct template *frame, const struct tapvm *vm, enum flood_kind kind)
{
	uint8_t type[] = { 53, 1, kind == OFFER ? FRAME_OFFER :
				  kind == REQUEST ? FRAME_REQUEST : FRAME_DISCOVER };
	uint8_t *p = frame->buf + vm->hdr;
	struct frame_desc desc;

	memset(frame, 0, sizeof(*frame));
	frame->hdr = vm->hdr;
	frame->kind = kind;
	frame_desc_request(&desc, vm->mac);
	desc.options = (struct frame_span){ type, sizeof(type) };
	if (kind == OFFER) {
		desc.num[FRAME_UDP_SPORT] = FRAME_PORT_SERVER;
		desc.num[FRAME_UDP_DPORT] = FRAME_PORT_CLIENT;
		desc.num[FRAME_OP] = 2;
	} else if (kind == OTHER) {
		desc.num[FRAME_UDP_DPORT] = 9;
	}
	/* vary_frame() writes what changes, and the checksum. */
	desc.num[FRAME_XID] = 0;
	desc.num[FRAME_UDP_CSUM] = 0;
	if (kind == CHADDR || kind == BOTH)
		memset(desc.chaddr, 0, sizeof(desc.chaddr));
	if (frame_build(&desc, p, FRAME_SIZE) != FRAME_SIZE)
		errx(1, "the frame has not %u bytes", (unsigned int)FRAME_SIZE);
	frame->sum = frame_sum(p + AT_UDP, FRAME_SIZE - AT_UDP,
			       frame_pseudo_sum(p + AT_IP, FRAME_SIZE - AT_UDP));
}

/* Makes the next frame: another transaction, and another MAC address if the kind says so. */
static void vary_frame(struct template *frame)
{
	uint8_t *p = frame->buf + frame->hdr, mac[ETH_ALEN] = { 0x02, 0x5e };
	uint32_t sum = frame->sum;

	frame_put32(mac + 2, ++number);
	frame_put32(p + AT_XID, number);
	sum = frame_sum(p + AT_XID, 4, sum);
	if (frame->kind == CHADDR || frame->kind == BOTH) {
		memcpy(p + AT_CHADDR, mac, ETH_ALEN);
		sum = frame_sum(mac, ETH_ALEN, sum);
	}
	if (frame->kind == SOURCE || frame->kind == BOTH)
		memcpy(p + AT_SOURCE, mac, ETH_ALEN);
	frame_put16(p + AT_UDP + FRAME_UDP_SUM_AT, frame_fold(sum) ?: 0xffff);
}

static bool send_next(struct template *frame, const struct tapvm *vm)
{
	size_t len = frame->hdr + FRAME_SIZE;

	vary_frame(frame);
	if (frame->kind == NOTHING)
		return false;
	if (write(vm->host, frame->buf, len) != (ssize_t)len)
		return false;
	count_frame(frame->buf, len, frame->hdr, true);
	return true;
}

static uint64_t read_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Forwards a frame from the host to the guest's card. Returns its length, 0 for no frame. */
static size_t receive_frame(const struct tapvm *vm, uint8_t *buf, size_t size)
{
	ssize_t len = read(vm->host, buf, size);

	if (len < (ssize_t)vm->hdr)
		return 0;
	count_frame(buf, len, vm->hdr, false);
	if (write(vm->guest, buf, len) < 0 && errno == EBADFD)
		warn("guest's card");
	return len;
}

/* Does the next command or a signal wait? */
static bool must_stop(const struct tapvm *vm)
{
	struct pollfd fd = { .fd = in, .events = POLLIN };
	struct timespec zero = { 0 };

	return ppoll(&fd, 1, &zero, &vm->mask) > 0 || stop;
}

static void send_flood(const struct tapvm *vm, enum flood_kind kind, unsigned long want, bool rx)
{
	static uint8_t buf[FRAME_MAX];
	unsigned long i, sent = 0;
	struct template frame;
	uint64_t from;

	init_template(&frame, vm, kind);
	from = read_clock();
	for (i = 0; !want || i < want; i++) {
		if (!(i % CHECK_EVERY)) {
			if (stop || (must_stop(vm) && (!want || stop)))
				break;
			while (rx && receive_frame(vm, buf, sizeof(buf)))
				;
		}
		sent += send_next(&frame, vm);
	}
	from = read_clock() - from;
	write_counts();
	/* Consume the line that ended the flood. */
	if (!want && !stop && read(in, buf, sizeof(buf)) < 0)
		warn("commands");
	dprintf(out, "sent=%lu failed=%lu ns=%llu\n", sent, i - sent, (unsigned long long)from);
}

/* Is this the reply to the frame that was sent last? */
static bool is_reply(const uint8_t *p, size_t len, const struct template *frame)
{
	struct frame_view view;

	return len >= AT_OPTIONS && frame_parse(p, (uint32_t)len, &view) &&
	       view.udp == AT_UDP && view.dst_port == FRAME_PORT_CLIENT &&
	       !memcmp(p + AT_XID, frame->buf + frame->hdr + AT_XID, 4);
}

/* Sends a frame and receives until its reply arrives. Returns false if there is none. */
static bool wait_reply(const struct tapvm *vm, struct template *frame)
{
	struct pollfd fd = { .fd = vm->host, .events = POLLIN };
	static uint8_t buf[FRAME_MAX];
	size_t len;

	if (!send_next(frame, vm))
		return false;
	for (;;) {
		len = receive_frame(vm, buf, sizeof(buf));
		if (len && is_reply(buf + vm->hdr, len - vm->hdr, frame))
			return true;
		if (!len && poll(&fd, 1, REPLY_MS) <= 0)
			return false;
	}
}

static int compare_times(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void send_probes(const struct tapvm *vm, unsigned long want)
{
	static uint64_t took[PROBES_MAX];
	struct template frame;
	unsigned long got;
	uint64_t from;

	if (want > PROBES_MAX)
		want = PROBES_MAX;
	init_template(&frame, vm, DISCOVER);
	for (got = 0; got < want && !(got % CHECK_EVERY == 0 && must_stop(vm)); got++) {
		from = read_clock();
		if (!wait_reply(vm, &frame))
			break;
		took[got] = read_clock() - from;
	}
	write_counts();
	qsort(took, got, sizeof(*took), compare_times);
	dprintf(out, "asked=%lu answered=%lu p50=%llu p99=%llu max=%llu\n", want, got,
		got ? (unsigned long long)took[got / 2] : 0,
		got ? (unsigned long long)took[got * 99 / 100] : 0,
		got ? (unsigned long long)took[got - 1] : 0);
}

/* Opens a FIFO for reading and writing, because that does not wait for the other end. */
static int open_fifo(const char *name, const char *end)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s.%s", name, end);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

int open_commands(const char *name)
{
	in = open_fifo(name, "in");
	out = open_fifo(name, "out");
	return in;
}

void run_command(struct tapvm *vm)
{
	char line[256], what[16] = "", more[8] = "";
	unsigned long n = 0;
	ssize_t len = read(in, line, sizeof(line) - 1);
	int words, kind;

	if (len <= 0)
		err(1, "commands");
	line[len] = 0;
	words = sscanf(line, "flood %15s %lu %7s", what, &n, more);
	if (words >= 2) {
		for (kind = 0; kind < KINDS && strcmp(what, names[kind]); kind++)
			;
		if (kind < KINDS) {
			send_flood(vm, kind, n, !strcmp(more, "rx"));
			return;
		}
	} else if (sscanf(line, "probe %lu", &n) == 1) {
		send_probes(vm, n);
		return;
	} else if (!strcmp(line, "rx off\n") || !strcmp(line, "rx on\n")) {
		vm->no_rx = !strcmp(line, "rx off\n");
		dprintf(out, "done\n");
		return;
	}
	dprintf(out, "error: no such command: %s", line);
}
