/* SPDX-License-Identifier: GPL-2.0 */
/* What the hook does with a frame, without a kernel around it. */
#ifndef VDHCP_TESTS_DRIVE_H
#define VDHCP_TESTS_DRIVE_H

#include <engine.h>

/**
 * struct drive - one frame's way through the engine
 * @verdict: enum vdhcp_verdict or VDHCP_NOT_OURS
 * @notes: bit per enum vdhcp_note
 * @message: enum vdhcp_message, or -1 if the frame did not get that far
 * @len: bytes of the reply, 0 if there is none
 * @host: where an event of it would find option 12 in the message, 0 if nowhere
 * @vendor: the same of option 60
 */
struct drive {
	int verdict;
	u8 notes;
	int message;
	u16 len;
	struct vdhcp_span host;
	struct vdhcp_span vendor;
};

/**
 * drive_frame() - answer one frame
 * @conf: configuration of the port
 * @frame: from the Ethernet header on
 * @len: bytes of it
 * @csum_ok: the UDP checksum needs no look
 * @out: room for the reply, VDHCP_FRAME_MAX bytes
 * @result: filled in
 */
void drive_frame(const struct vdhcp_conf *conf, const u8 *frame, u32 len, bool csum_ok,
		 u8 *out, struct drive *result);

/**
 * drive_checked() - the same, watched
 * @conf: configuration of the port
 * @frame: from the Ethernet header on
 * @len: bytes of it
 * @csum_ok: the UDP checksum needs no look
 * @out: room for the reply, VDHCP_FRAME_MAX bytes
 * @result: filled in
 *
 * Request and reply stand in blocks of exactly their length, so that a
 * sanitizer sees one byte too many; the request must be what it was, and the
 * reply must not depend on what the buffer held, nor on alignment.
 *
 * Return: NULL, or what is wrong.
 */
const char *drive_checked(const struct vdhcp_conf *conf, const u8 *frame, u32 len,
			  bool csum_ok, u8 *out, struct drive *result);

#endif /* VDHCP_TESTS_DRIVE_H */
