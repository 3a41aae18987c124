/* SPDX-License-Identifier: GPL-2.0 */
/* What tapvm.c and flood.c share. */
#ifndef TAPVM_H
#define TAPVM_H

#include <linux/if_ether.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	(65536 + ETH_HLEN + 8)

/**
 * struct tapvm - two taps, between which frames are carried
 * @host: file descriptor of the tap on the host
 * @guest: file descriptor of the guest's card
 * @hdr: bytes of the virtio header before each frame, or 0
 * @no_rx: frames to the guest stay unread in the host's tap
 * @mac: MAC address of the card
 * @mask: signal mask for ppoll(), which lets SIGTERM and SIGINT through
 */
struct tapvm {
	int host;
	int guest;
	size_t hdr;
	bool no_rx;
	uint8_t mac[ETH_ALEN];
	sigset_t mask;
};

extern volatile sig_atomic_t stop;

void count_frame(const uint8_t *buf, size_t len, size_t hdr, bool from_guest);
void write_counts(void);

/* flood.c: reads commands from NAME.in and writes results to NAME.out. */
int open_commands(const char *name);
void run_command(struct tapvm *vm);

#endif
