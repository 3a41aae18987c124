// SPDX-License-Identifier: GPL-2.0
/* Checksums (RFC 1071), one 16-bit word at a time. */
#include "frame.h"

/**
 * frame_sum() - add bytes to a sum
 * @data: the bytes
 * @len: how many, at most 64 KiB, so that the sum does not overflow
 * @sum: sum of what comes before, an even number of bytes
 *
 * Return: the sum, to be given to frame_fold().
 */
u32 frame_sum(const void *data, u32 len, u32 sum)
{
	const u8 *p = data;

	for (; len > 1; p += 2, len -= 2)
		sum += frame_get16(p);
	return len ? sum + ((u32)p[0] << 8) : sum;
}

/**
 * frame_fold() - make a checksum of a sum
 * @sum: from frame_sum()
 *
 * Return: the checksum; 0 if the summed bytes hold their own checksum.
 */
u16 frame_fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

/**
 * frame_pseudo_sum() - sum of the pseudo header that the UDP checksum covers
 * @ip: IPv4 header
 * @udp_len: length of UDP header and payload
 *
 * Return: the sum.
 */
u32 frame_pseudo_sum(const u8 *ip, u32 udp_len)
{
	return frame_sum(ip + FRAME_IP_SRC_AT, 8, FRAME_PROTO_UDP + udp_len);
}

/**
 * frame_put_ip_sum() - write the checksum of an IPv4 header
 * @ip: the header; if its length field is below 20, 20 bytes are summed
 */
void frame_put_ip_sum(u8 *ip)
{
	u32 len = (ip[0] & 15u) * 4;

	frame_put16(ip + FRAME_IP_SUM_AT, 0);
	frame_put16(ip + FRAME_IP_SUM_AT,
		    frame_fold(frame_sum(ip, len < FRAME_IP_LEN ? FRAME_IP_LEN : len, 0)));
}

/**
 * frame_put_udp_sum() - write the UDP checksum
 * @ip: IPv4 header with the addresses
 * @udp: UDP header
 * @len: bytes of the frame from @udp on; the sum ends there if the length field says more
 */
void frame_put_udp_sum(const u8 *ip, u8 *udp, u32 len)
{
	u32 said = frame_get16(udp + FRAME_UDP_LEN_AT);
	u16 check;

	frame_put16(udp + FRAME_UDP_SUM_AT, 0);
	check = frame_fold(frame_sum(udp, said < len ? said : len, frame_pseudo_sum(ip, said)));
	/* 0 means "no checksum"; 0xffff is the same number in one's complement. */
	frame_put16(udp + FRAME_UDP_SUM_AT, check ? check : 0xffff);
}

/**
 * frame_put_partial_sum() - write the checksum of the pseudo header alone
 * @ip: IPv4 header with the addresses
 * @udp: UDP header
 *
 * Linux hands packets over like this if the device computes checksums.
 */
void frame_put_partial_sum(const u8 *ip, u8 *udp)
{
	u32 len = frame_get16(udp + FRAME_UDP_LEN_AT);

	frame_put16(udp + FRAME_UDP_SUM_AT, (u16)~frame_fold(frame_pseudo_sum(ip, len)));
}

/**
 * frame_seal() - set lengths and checksums of an IPv4 packet with UDP
 * @ip: IPv4 header; its header length field is right
 * @len: bytes of the packet
 */
void frame_seal(u8 *ip, u32 len)
{
	u32 hlen = (ip[0] & 15u) * 4;

	frame_put16(ip + FRAME_IP_LEN_AT, len);
	frame_put16(ip + hlen + FRAME_UDP_LEN_AT, len - hlen);
	frame_put_ip_sum(ip);
	frame_put_udp_sum(ip, ip + hlen, len - hlen);
}
