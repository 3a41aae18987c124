/* SPDX-License-Identifier: GPL-2.0 */
/* What the makers of frames have in common. */
#ifndef STRESS_MAKE_H
#define STRESS_MAKE_H

#include <frame.h>
#include <linux/virtio_net.h>

#include "frames.h"

#define VNET_LEN	sizeof(struct virtio_net_hdr)
#define ANY		0xffffffff

/* How many of each the configuration has; churn.py has the same numbers. */
#define SUBNETS		8

bool one_in(struct rng *rng, uint32_t n);
void fill(struct rng *rng, uint8_t *p, size_t len);
void put_mac(uint8_t *p, unsigned int guest);

/**
 * struct message - a DHCP message before it is written
 * @type: option 53, 0 for none
 * @ciaddr: and so on: fields and options, 0 for none
 */
struct message {
	unsigned int type;
	uint32_t ciaddr;
	uint32_t src;
	uint32_t dst;
	uint32_t requested;
	uint32_t server;
	bool rapid;
};

uint32_t own_addr(unsigned int guest, unsigned int subnet);
uint32_t server_addr(struct rng *rng, unsigned int subnet);
void choose_message(struct message *msg, struct rng *rng, unsigned int guest);
size_t put_message(uint8_t *p, struct rng *rng, const struct message *msg, unsigned int guest,
		   uint64_t *kinds);

/**
 * struct draft - a frame that is being made; places are offsets in its buffer
 * @frame: it
 * @rng: the random numbers for it
 * @guest: whose it is
 * @tap: what the tap is
 * @eth: the Ethernet header
 * @l3: what is behind it and the tags
 * @udp: the UDP header, 0 if there is none
 * @end: of the message, as the headers would say if they told the truth
 * @tags: how many
 * @tag: that of an answer, protocol and TCI; 0 for none
 * @open: the sum over UDP is left open, and the virtio header says so
 * @bad_ip_sum: what is wrong with the sums
 * @bad_udp_sum: the same
 * @no_udp_sum: there is none, which is right
 * @hopeless: nobody may be answered, whatever the configuration is
 * @spoiled: bytes are changed when it is done
 * @number: of the transaction, 0 if there is none
 */
struct draft {
	struct frame *frame;
	struct rng *rng;
	unsigned int guest;
	unsigned int tap;
	size_t eth;
	size_t l3;
	size_t udp;
	size_t end;
	unsigned int tags;
	uint32_t tag;
	bool open;
	bool bad_ip_sum;
	bool bad_udp_sum;
	bool no_udp_sum;
	bool hopeless;
	bool spoiled;
	uint32_t number;
};

static inline void is_kind(struct draft *d, unsigned int kind)
{
	d->frame->kinds |= 1ull << kind;
}

void put_ethernet(struct draft *d, unsigned int type);
void put_dhcp(struct draft *d);
void cut_short(struct draft *d);
size_t any_length(struct draft *d);
void put_vnet(struct draft *d);
void put_cuts(struct draft *d);

#endif
