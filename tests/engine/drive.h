/* SPDX-License-Identifier: GPL-2.0 */
/* Runs the engine on a frame, without a kernel around it. */
#ifndef VDHCP_TESTS_DRIVE_H
#define VDHCP_TESTS_DRIVE_H

#include "config.h"

/**
 * struct drive_input - a frame as a device hands it over
 * @data: the frame, from the Ethernet header on
 * @len: bytes of it
 * @hw_tag: VLAN tag that the device took out of the frame; proto 0 for none
 * @csum_ok: the UDP checksum was verified by the device
 * @partial: the checksum at @csum_at is partial
 * @csum_at: offset in @data
 */
struct drive_input {
	const u8 *data;
	u32 len;
	struct vdhcp_tag hw_tag;
	bool csum_ok;
	bool partial;
	u32 csum_at;
};

/**
 * struct drive - what the engine did with a frame
 * @verdict: the verdict
 * @notes: bit per enum vdhcp_note
 * @message: enum vdhcp_message, or -1 if the message was not parsed
 * @len: bytes of the reply, 0 if there is none
 * @tag: VLAN tag of the reply, proto 0 for none
 * @host: place of option 12 in the message if there is a reply to DHCP
 * @vendor: the same of option 60
 */
struct drive {
	enum vdhcp_verdict verdict;
	u8 notes;
	int message;
	u16 len;
	struct vdhcp_tag tag;
	struct vdhcp_span host;
	struct vdhcp_span vendor;
};

/**
 * drive_frame() - answer one frame
 * @port: the compiled configuration of the only port
 * @in: the frame
 * @out: buffer for the reply, VDHCP_FRAME_MAX bytes
 * @result: filled in
 */
void drive_frame(const struct compiled *port, const struct drive_input *in, u8 *out,
		 struct drive *result);

/**
 * drive_checked() - answer one frame, and check what the engine reads and writes
 * @port: the compiled configuration of the only port
 * @in: the frame
 * @out: buffer for the reply, VDHCP_FRAME_MAX bytes
 * @result: filled in
 *
 * Request and reply are in blocks of exactly their length, so that a sanitizer
 * sees one byte too many; the request must not change, and the reply must not
 * depend on what the buffer held, nor on alignment.
 *
 * Return: NULL, or what is wrong.
 */
const char *drive_checked(const struct compiled *port, const struct drive_input *in,
			  u8 *out, struct drive *result);

#endif /* VDHCP_TESTS_DRIVE_H */
