// SPDX-License-Identifier: GPL-2.0
/*
 * tap DEV < FRAMES: write frames at the tap DEV as a guest does, and count what the
 * host executes for them. For a processor whose clock counts instructions, as that
 * of QEMU with -icount does. Lines are "NAME HEX"; one line comes back for each,
 * "NAME INSTRUCTIONS", for the frame's way in and all that it brings about: a frame is
 * processed, and answered, before write() returns. One that is not answered is an error.
 */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../stress/frames.h"

#define ROUNDS	300
#define FRAME	1600

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static size_t parse(const char *hex, uint8_t *frame)
{
	size_t len = 0;
	unsigned int byte;

	while (len < FRAME && sscanf(hex + 2 * len, "%2x", &byte) == 1)
		frame[len++] = (uint8_t)byte;
	return len;
}

int main(int argc, char **argv)
{
	static char line[2 * FRAME + 300], hex[2 * FRAME + 1];
	uint8_t frame[FRAME], reply[FRAME];
	char name[256];
	int fd;

	if (argc != 2)
		errx(2, "usage: tap DEV < FRAMES");
	fd = open_tap(argv[1], TAP_PLAIN);
	if (fd < 0)
		err(1, "tap %s", argv[1]);
	set_up(argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		uint64_t least = UINT64_MAX, took;
		unsigned int i, replies;
		ssize_t len;
		size_t size;

		if (sscanf(line, "%255s %3200s", name, hex) != 2)
			errx(1, "no frame: %s", line);
		size = parse(hex, frame);
		/* The least is without an interrupt, and with all caches of the kernel's warm. */
		for (i = 0; i < ROUNDS; i++) {
			took = now();
			if (write(fd, frame, size) != (ssize_t)size)
				err(1, "write");
			took = now() - took;
			/* What else the host sends is shorter, ARP and IPv6. */
			for (replies = 0; (len = read(fd, reply, sizeof(reply))) > 0;)
				replies += len >= 300;
			if (len < 0 && errno != EAGAIN)
				err(1, "read");
			if (replies != 1)
				errx(1, "%s: %u replies in round %u", name, replies, i);
			if (took < least)
				least = took;
		}
		printf("%s %llu\n", name, (unsigned long long)least);
		fflush(stdout);
	}
	return 0;
}
