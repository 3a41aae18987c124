/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pump.c and flood.c share.
 */
#ifndef PUMP_H
#define PUMP_H

#include <linux/if_ether.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	(65536 + ETH_HLEN + 8)

/**
 * struct ends - what frames are carried between
 * @host: the tap on the host
 * @guest: the guest's card
 * @hdr: bytes before each frame
 * @deaf: the guest leaves what it is sent unread
 * @mac: the card's
 * @mask: signals that only ppoll() lets through are not in it
 */
struct ends {
	int host;
	int guest;
	size_t hdr;
	bool deaf;
	uint8_t mac[ETH_ALEN];
	sigset_t mask;
};

extern volatile sig_atomic_t stop;

void count(const uint8_t *buf, size_t len, size_t hdr, bool from_guest);
void counts_out(void);

/* flood.c: its commands come from NAME.in, the answers go to NAME.out. */
int flood_open(const char *name);
void flood_command(struct ends *ends);

#endif
