/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that generate frames share. */
#ifndef STRESS_GENERATE_H
#define STRESS_GENERATE_H

#include <frame/frame.h>
#include <linux/virtio_net.h>

#include "frames.h"

#define VNET_LEN	sizeof(struct virtio_net_hdr)
#define ANY		0xffffffff

/* Subnets of the configuration; reconfig.py has the same number. */
#define SUBNETS		8

bool one_in(struct rng *rng, uint32_t n);
void fill_random(struct rng *rng, uint8_t *p, size_t len);
void put_mac(uint8_t *p, unsigned int guest);

/**
 * struct message - what a DHCP message says
 * @type: option 53, 0 for none
 * @ciaddr: field
 * @src: IPv4 source
 * @dst: IPv4 destination
 * @requested: option 50, 0 for none
 * @server: option 54, 0 for none
 * @rapid: option 80
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
 * struct generator - a frame that is being generated
 * @frame: the frame
 * @rng: random numbers
 * @guest: number of the guest that sends it
 * @tap: enum tap_flags of the tap
 * @eth: offset of the Ethernet header
 * @l3: offset of the bytes after the EtherType
 * @udp: offset of the UDP header, 0 if there is none
 * @end: offset of the end of the message, whatever the headers say
 * @tags: VLAN tags
 * @tag: VLAN tag of a reply, protocol and TCI; 0 for none
 * @open: the UDP checksum is partial, and the virtio header says so
 * @bad_ip_sum: the IPv4 checksum is wrong
 * @bad_udp_sum: the UDP checksum is wrong
 * @no_udp_sum: there is no UDP checksum, which is allowed
 * @unanswerable: the frame must not be answered, whatever the configuration is
 * @mutated: random bytes are changed at the end
 * @number: transaction id, 0 for none
 */
struct generator {
	struct tap_write *frame;
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
	bool unanswerable;
	bool mutated;
	uint32_t number;
};

static inline void set_kind(struct generator *g, unsigned int kind)
{
	g->frame->kinds |= 1ull << kind;
}

void put_ethernet(struct generator *g, unsigned int type);
void put_dhcp(struct generator *g);
void cut_short(struct generator *g);
size_t any_length(struct generator *g);
void put_vnet(struct generator *g);
void put_cuts(struct generator *g);

#endif
