// SPDX-License-Identifier: GPL-2.0
/*
 * tap DEV REPLIES < FRAMES: write frames into the tap DEV as a guest does, and print how
 * many instructions the host executes for each. The processor's clock must count
 * instructions, as that of QEMU does with -icount.
 *
 * A line of FRAMES is "NAME HEX"; the line printed for it is "NAME INSTRUCTIONS". The count
 * covers the whole write(), in which the host receives the frame and sends the reply, if
 * there is one. A frame that does not get exactly REPLIES (0 or 1) replies is an error.
 */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../frame/tap.h"

#define ROUNDS		300
#define FRAME_MAX	1600
/* The host's own ARP and IPv6 packets are shorter than any DHCP reply. */
#define REPLY_MIN	300

static uint64_t read_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static size_t parse_hex(const char *hex, uint8_t *frame)
{
	size_t len = 0;
	unsigned int byte;

	while (len < FRAME_MAX && sscanf(hex + 2 * len, "%2x", &byte) == 1)
		frame[len++] = (uint8_t)byte;
	return len;
}

static unsigned int count_replies(int fd)
{
	uint8_t reply[FRAME_MAX];
	unsigned int replies = 0;
	ssize_t len;

	while ((len = read(fd, reply, sizeof(reply))) > 0)
		replies += len >= REPLY_MIN;
	if (len < 0 && errno != EAGAIN)
		err(1, "read");
	return replies;
}

/*
 * Returns the least of many rounds: the round that no interrupt disturbed, with the
 * kernel's allocator caches filled.
 */
static uint64_t measure_frame(int fd, const char *name, const uint8_t *frame, size_t size,
			      unsigned int expected)
{
	uint64_t least = UINT64_MAX, start, took;
	unsigned int i, replies;

	for (i = 0; i < ROUNDS; i++) {
		start = read_clock();
		if (write(fd, frame, size) != (ssize_t)size)
			err(1, "write");
		took = read_clock() - start;
		replies = count_replies(fd);
		if (replies != expected)
			errx(1, "%s: %u replies in round %u, expected %u", name, replies, i,
			     expected);
		if (took < least)
			least = took;
	}
	return least;
}

int main(int argc, char **argv)
{
	static char line[2 * FRAME_MAX + 300], hex[2 * FRAME_MAX + 1];
	uint8_t frame[FRAME_MAX];
	unsigned int expected;
	char name[256];
	size_t size;
	int fd;

	if (argc != 3 || strspn(argv[2], "01") != 1 || argv[2][1])
		errx(2, "usage: tap DEV 0|1 < FRAMES");
	expected = argv[2][0] - '0';
	fd = open_tap(argv[1], TAP_PLAIN);
	if (fd < 0)
		err(1, "tap %s", argv[1]);
	set_device_up(argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%255s %3200s", name, hex) != 2)
			errx(1, "not a frame: %s", line);
		size = parse_hex(hex, frame);
		printf("%s %llu\n", name,
		       (unsigned long long)measure_frame(fd, name, frame, size, expected));
		fflush(stdout);
	}
	return 0;
}
