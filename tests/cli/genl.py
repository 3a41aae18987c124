#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Generic netlink, byte by byte; run, it prints the generation of the configuration."""
import socket
import struct

NETLINK_GENERIC = 16
GENL_ID_CTRL, CTRL_GETFAMILY = 16, 3
CTRL_FAMILY_ID, CTRL_FAMILY_NAME = 1, 2
INFO_GET, INFO_GENERATION = 1, 3
REQUEST, ACK, DUMP = 1, 4, 0x300
BIG = 32768


def attr(kind, payload, length=None):
    """One attribute, which may lie about its length."""
    head = struct.pack("=HH", 4 + len(payload) if length is None else length, kind & 0xffff)
    return head + payload + bytes(-len(payload) % 4)


def find(message, kind):
    """Payload of a top-level attribute of a message."""
    at = 20
    while at + 4 <= len(message):
        size, number = struct.unpack_from("=HH", message, at)
        if number == kind:
            return message[at + 4:at + size]
        at += (size + 3) & ~3
    raise KeyError(kind)


class Family:
    """A socket, and the number of the family."""

    def __init__(self, name):
        self.sequence = 0
        self.sock = None
        self.open()
        reply = self.ask(GENL_ID_CTRL, CTRL_GETFAMILY,
                         attr(CTRL_FAMILY_NAME, name.encode() + b"\0"))
        self.id = struct.unpack("=H", find(reply, CTRL_FAMILY_ID))[0]

    def open(self):
        """Another socket; a batch ends with the old one."""
        if self.sock:
            self.sock.close()
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind((0, 0))
        self.sock.settimeout(60)

    def message(self, data, flags, kind=None):
        """A message with a number of its own."""
        self.sequence += 1
        return struct.pack("=IHHII", 16 + len(data), kind or self.id, flags, self.sequence,
                           0) + data

    def ask(self, kind, command, attributes=b""):
        """Send one request that is right, return its answer."""
        head = struct.pack("=BBH", command, 1, 0)
        self.sock.send(self.message(head + attributes, REQUEST, kind))
        return self.sock.recv(BIG)


if __name__ == "__main__":
    vdhcp = Family("vdhcp")
    print(struct.unpack("=I", find(vdhcp.ask(vdhcp.id, INFO_GET), INFO_GENERATION))[0])
