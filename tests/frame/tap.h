/* SPDX-License-Identifier: GPL-2.0 */
/* Taps into which test programs write frames, as QEMU does. User space only. */
#ifndef VDHCP_TESTS_TAP_H
#define VDHCP_TESTS_TAP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * enum tap_flags - how a tap takes frames
 * @TAP_PLAIN: as bytes
 * @TAP_VNET: each after a virtio header, with checksum offload
 * @TAP_FRAGS: those written with writev() as non-linear skbs, through NAPI and GRO
 * @TAP_NO_GRO: GRO is off, so the linear part ends where the first piece does
 */
enum tap_flags { TAP_PLAIN = 0, TAP_VNET = 1, TAP_FRAGS = 2, TAP_NO_GRO = 4 };

struct ifreq;

void enter_netns(const char *netns);
int open_tap(const char *name, unsigned int flags);
int device_ioctl(const char *name, unsigned long request, struct ifreq *ifr);
void set_device_up(const char *name);

#endif /* VDHCP_TESTS_TAP_H */
