// SPDX-License-Identifier: GPL-2.0
/*
 * A guest that is up to no good, or in a hurry: frames made right at the tap, as
 * fast as it takes them. One command a line, one line back when it is done:
 *
 *	flood KIND COUNT [hear]	COUNT frames; with 0 until the next line comes.
 *				Nothing is read meanwhile unless it is to hear.
 *		discover	what the guest may send
 *		chaddr, source, both	the same with an invented MAC in each frame
 *		request		a REQUEST of no address, which is refused
 *		offer		what only a server may send
 *		other		as long, and to another UDP port
 *		nothing		made, and not sent
 *	probe COUNT		DISCOVER and OFFER in turns; times are in ns
 *	deaf, hear		leave unread what the host sends, or read it again
 *
 * No two frames of one process are the same, and their checksums are right.
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
#include <frame.h>
#include "pump.h"

#define AT_SOURCE	FRAME_MAC_LEN
#define AT_IP		FRAME_ETH_LEN
#define AT_UDP		(AT_IP + FRAME_IP_LEN)
#define AT_BOOTP	(AT_UDP + FRAME_UDP_LEN)
#define AT_XID		(AT_BOOTP + FRAME_XID_AT)
#define AT_CHADDR	(AT_BOOTP + FRAME_CHADDR_AT)
#define AT_OPTIONS	(AT_BOOTP + FRAME_OPTIONS_AT)
#define FRAME_SIZE	(AT_BOOTP + FRAME_MESSAGE_MIN)
#define HDR_MAX		16
#define LOOK		64	/* frames between two looks at everything else */
#define PATIENCE	20000	/* ms until an answer is late */
#define PROBES_MAX	100000

enum kind { DISCOVER, CHADDR, SOURCE, BOTH, REQUEST, OFFER, OTHER, NOTHING, KINDS };

static const char * const names[KINDS] = {
	[DISCOVER] = "discover", [CHADDR] = "chaddr", [SOURCE] = "source", [BOTH] = "both",
	[REQUEST] = "request", [OFFER] = "offer", [OTHER] = "other",
	[NOTHING] = "nothing",
};

/**
 * struct frame - what is sent over and over
 * @buf: header of the tap's, and frame
 * @hdr: bytes of the former
 * @sum: of what UDP's checksum covers, without what changes
 * @kind: what it is
 */
struct frame {
	uint8_t buf[HDR_MAX + FRAME_SIZE];
	size_t hdr;
	uint32_t sum;
	enum kind kind;
};

static int in = -1, out = -1;
static uint32_t number;

static void begin(struct frame *frame, const struct ends *ends, enum kind kind)
{
	uint8_t type[] = { 53, 1, kind == OFFER ? FRAME_OFFER :
				  kind == REQUEST ? FRAME_REQUEST : FRAME_DISCOVER };
	uint8_t *p = frame->buf + ends->hdr;
	struct frame_desc desc;

	memset(frame, 0, sizeof(*frame));
	frame->hdr = ends->hdr;
	frame->kind = kind;
	frame_desc_request(&desc, ends->mac);
	desc.options = (struct frame_span){ type, sizeof(type) };
	if (kind == OFFER) {
		desc.num[FRAME_UDP_SPORT] = FRAME_PORT_SERVER;
		desc.num[FRAME_UDP_DPORT] = FRAME_PORT_CLIENT;
		desc.num[FRAME_OP] = 2;
	} else if (kind == OTHER) {
		desc.num[FRAME_UDP_DPORT] = 9;
	}
	/* vary() fills in what it changes, and the checksum. */
	desc.num[FRAME_XID] = 0;
	desc.num[FRAME_UDP_CSUM] = 0;
	if (kind == CHADDR || kind == BOTH)
		memset(desc.chaddr, 0, sizeof(desc.chaddr));
	if (frame_build(&desc, p, FRAME_SIZE) != FRAME_SIZE)
		errx(1, "a frame of another size");
	frame->sum = frame_sum(p + AT_UDP, FRAME_SIZE - AT_UDP,
			       frame_pseudo_sum(p + AT_IP, FRAME_SIZE - AT_UDP));
}

/* The next one: another transaction, and whatever else is to differ. */
static void vary(struct frame *frame)
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

static bool send_next(struct frame *frame, const struct ends *ends)
{
	size_t len = frame->hdr + FRAME_SIZE;

	vary(frame);
	if (frame->kind == NOTHING)
		return false;
	if (write(ends->host, frame->buf, len) != (ssize_t)len)
		return false;
	count(frame->buf, len, frame->hdr, true);
	return true;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* A frame from the host, which the guest's card gets too; 0 if there is none. */
static size_t hear(const struct ends *ends, uint8_t *buf, size_t size)
{
	ssize_t len = read(ends->host, buf, size);

	if (len < (ssize_t)ends->hdr)
		return 0;
	count(buf, len, ends->hdr, false);
	if (write(ends->guest, buf, len) < 0 && errno == EBADFD)
		warn("guest's card");
	return len;
}

/* The next command is there, or it is time to end. */
static bool called(const struct ends *ends)
{
	struct pollfd fd = { .fd = in, .events = POLLIN };
	struct timespec zero = { 0 };

	return ppoll(&fd, 1, &zero, &ends->mask) > 0 || stop;
}

static void flood(const struct ends *ends, enum kind kind, unsigned long want, bool hears)
{
	static uint8_t buf[FRAME_MAX];
	unsigned long i, sent = 0;
	struct frame frame;
	uint64_t from;

	begin(&frame, ends, kind);
	from = now();
	for (i = 0; !want || i < want; i++) {
		if (!(i % LOOK)) {
			if (stop || (called(ends) && (!want || stop)))
				break;
			while (hears && hear(ends, buf, sizeof(buf)))
				;
		}
		sent += send_next(&frame, ends);
	}
	from = now() - from;
	counts_out();
	/* The line that ended it. */
	if (!want && !stop && read(in, buf, sizeof(buf)) < 0)
		warn("commands");
	dprintf(out, "sent=%lu failed=%lu ns=%llu\n", sent, i - sent, (unsigned long long)from);
}

/* Is it the answer to the frame sent last? */
static bool answers(const uint8_t *p, size_t len, const struct frame *frame)
{
	struct frame_view view;

	return len >= AT_OPTIONS && frame_parse(p, (uint32_t)len, &view) &&
	       view.udp == AT_UDP && view.dst_port == FRAME_PORT_CLIENT &&
	       !memcmp(p + AT_XID, frame->buf + frame->hdr + AT_XID, 4);
}

/* Send one, and read until its answer is there. */
static bool probe_once(const struct ends *ends, struct frame *frame)
{
	struct pollfd fd = { .fd = ends->host, .events = POLLIN };
	static uint8_t buf[FRAME_MAX];
	size_t len;

	if (!send_next(frame, ends))
		return false;
	for (;;) {
		len = hear(ends, buf, sizeof(buf));
		if (len && answers(buf + ends->hdr, len - ends->hdr, frame))
			return true;
		if (!len && poll(&fd, 1, PATIENCE) <= 0)
			return false;
	}
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void probe(const struct ends *ends, unsigned long want)
{
	static uint64_t took[PROBES_MAX];
	struct frame frame;
	unsigned long got;
	uint64_t from;

	if (want > PROBES_MAX)
		want = PROBES_MAX;
	begin(&frame, ends, DISCOVER);
	for (got = 0; got < want && !(got % LOOK == 0 && called(ends)); got++) {
		from = now();
		if (!probe_once(ends, &frame))
			break;
		took[got] = now() - from;
	}
	counts_out();
	qsort(took, got, sizeof(*took), by_size);
	dprintf(out, "asked=%lu answered=%lu p50=%llu p99=%llu max=%llu\n", want, got,
		got ? (unsigned long long)took[got / 2] : 0,
		got ? (unsigned long long)took[got * 99 / 100] : 0,
		got ? (unsigned long long)took[got - 1] : 0);
}

/* The FIFOs have both ends open here, so that nobody has to wait for the other. */
static int fifo(const char *name, const char *end)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s.%s", name, end);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

int flood_open(const char *name)
{
	in = fifo(name, "in");
	out = fifo(name, "out");
	return in;
}

void flood_command(struct ends *ends)
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
			flood(ends, kind, n, !strcmp(more, "hear"));
			return;
		}
	} else if (sscanf(line, "probe %lu", &n) == 1) {
		probe(ends, n);
		return;
	} else if (!strcmp(line, "deaf\n") || !strcmp(line, "hear\n")) {
		ends->deaf = line[0] == 'd';
		dprintf(out, "done\n");
		return;
	}
	dprintf(out, "error: no such command: %s", line);
}
