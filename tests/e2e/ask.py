#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Send DHCP frames from a guest's card and print the replies.

Reads a question from its arguments, or without arguments questions line by line from
stdin, and answers each with a line of JSON on stdout. Python takes seconds to start under
emulation, so a story starts this once.

    NETNS/DEV WORD [KEY=VALUE]...

NETNS is a path (/run/netns/vm1), or - for the current namespace. WORD is discover,
request, decline, release, inform, offer, ack, nak, bootp, type (with value=HEX),
arp (with target=), marker (with number=), raw (with hex=), listen, flood, loop, rogue.
The last three send until the file of stop= exists. rogue is a DHCP server for everybody else
on the link, and its KEYs are those of its answers. The others send DISCOVERs. flood sends as fast as it can.
loop waits for each OFFER, ends at a DISCOVER that is not answered, and has "worst", the
longest wait in ms, in its answer. KEYs are those of dhcp.py, and:

    barrier=A   after the question send an ARP request for A and stop when its reply
                arrives: a reply that has not arrived by then will not arrive
    wait=S      without barrier: stop after S seconds, or ...
    want=N      ... after N replies
    count=N     send the frame N times
    hide=1      send another UDP destination port, and let the host write the right one over
                it as the checksum of the frame
    xid=N       transaction id; without it each question has a new one

The answer has "sent", "n" (replies), "first" (the first reply, if any) and
"replies" (all of them, up to 8).
"""
import ctypes
import fcntl
import json
import os
import select
import socket
import struct
import sys
import time

import dhcp

SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_VNET_HDR = 15
TP_STATUS_VLAN_VALID = 1 << 4
ETH_P_ALL = 3
SIOCGIFHWADDR = 0x8927
PACKET_OUTGOING = 4
SHOWN = 8


class Key:
    """The KEY=VALUE words of a question; a word that is never read is an error."""

    def __init__(self, words):
        self.words = {}
        for word in words:
            name, sep, value = word.partition("=")
            if not sep:
                raise dhcp.Usage("%s is not KEY=VALUE" % word)
            self.words.setdefault(name, []).append(value)

    def has(self, name):
        """Is the key given and not read yet?"""
        return name in self.words

    def give(self, name, value):
        """Set a value, as if it had been given."""
        self.words[name] = [value]

    def all(self, name):
        """Read all values of a key."""
        return self.words.pop(name, [])

    def __call__(self, name, default=None):
        values = self.all(name)
        if not values and default is None:
            raise dhcp.Usage("%s= is missing" % name)
        return values[-1] if values else default

    def done(self):
        """Raise an error if a word was not read."""
        if self.words:
            raise dhcp.Usage("no such key: " + " ".join(self.words))


class Card:
    """A network card of a guest, with a packet socket on it."""

    libc = ctypes.CDLL(None, use_errno=True)

    def __init__(self, netns, dev):
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            if netns != "-":
                there = os.open(netns, os.O_RDONLY)
                self.enter(there)
                os.close(there)
            self.sock = self.open(dev)
            # Only for sending, because received frames would have a header.
            self.partial = self.open(dev, 0)
            self.partial.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        finally:
            self.enter(home)
            os.close(home)
        ifreq = fcntl.ioctl(self.sock, SIOCGIFHWADDR, struct.pack("16s16x", dev.encode()))
        self.mac = ifreq[18:24]
        # Destination MAC of unicast: that of the last barrier's reply.
        self.peer = dhcp.mac_bytes("02:00:00:00:00:01")

    def enter(self, fd):
        """Enter a network namespace."""
        if self.libc.setns(fd, 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")

    @staticmethod
    def open(dev, protocol=ETH_P_ALL):
        """A packet socket that sees VLAN tags."""
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        sock.bind((dev, protocol))
        sock.setblocking(False)
        return sock

    def drain(self):
        """Drop frames that were received before."""
        try:
            while True:
                self.sock.recv(1)
        except BlockingIOError:
            pass

    def send(self, frame, partial=False, hide=False):
        """Send a frame; `partial` says that its UDP checksum is partial."""
        if hide:
            place = 14 + (frame[14] & 15) * 4 + 2
            self.partial.send(struct.pack("=BBHHHH", 1, 0, 0, 0, place, 0) +
                              dhcp.hide_port(frame, place))
            return
        if not partial:
            self.sock.send(frame)
            return
        at = 14 + 4 * (frame[12:14] == b"\x81\x00")
        start = at + (frame[at] & 15) * 4
        self.partial.send(struct.pack("=BBHHHH", 1, 0, 0, 0, start, 6) + frame)

    def receive(self):
        """Receive a frame, as dhcp.show() describes it; None for other frames."""
        frame, aux, _, addr = self.sock.recvmsg(65536, 256)
        if addr[2] == PACKET_OUTGOING or len(frame) < 14:
            return None
        tci = None
        for level, kind, data in aux:
            if level == SOL_PACKET and kind == PACKET_AUXDATA:
                status, _, _, _, _, vlan, _ = struct.unpack("IIIHHHH", data[:20])
                if status & TP_STATUS_VLAN_VALID:
                    tci = vlan
        return dhcp.show(frame, tci)


def collect(card, barrier, until, want):
    """Collect replies until the barrier, the deadline, or the wanted number."""
    replies = []
    while True:
        left = until - time.monotonic()
        if left <= 0 or (want and len(replies) >= want):
            break
        if not select.select([card.sock], [], [], left)[0]:
            continue
        reply = card.receive()
        if reply is None:
            continue
        if reply["type"] != "arp-reply":
            replies.append(reply)
        elif barrier and reply["spa"] == barrier:
            card.peer = dhcp.mac_bytes(reply["sha"])
            return replies
        elif not barrier:
            replies.append(reply)
    if barrier:
        raise dhcp.Usage("no ARP reply from %s; received before: %s" % (barrier, replies))
    return replies


class Session:
    """State that is kept between questions."""

    def __init__(self):
        self.cards = {}
        self.xid = int.from_bytes(os.urandom(3), "big") << 8

    def card(self, where):
        """The card of NETNS/DEV."""
        netns, _, dev = where.rpartition("/")
        if where not in self.cards:
            self.cards[where] = Card(netns, dev)
        return self.cards[where]

    def ask(self, line):
        """Answer a question."""
        words = line.split()
        if words[1:2] == ["forget"]:
            self.cards.pop(words[0], None)
            return {}
        if len(words) < 2:
            raise dhcp.Usage("not a question: " + line)
        card = self.card(words[0])
        kind = words[1]
        key = Key(words[2:])
        self.xid += 1
        if not key.has("xid"):
            key.give("xid", str(self.xid))
        barrier = key("barrier", "")
        until = time.monotonic() + float(key("wait", "20" if barrier else "5"))
        want = int(key("want", "0"))
        count = int(key("count", "1"))
        partial = key.words.get("udpsum") == ["partial"]
        if kind == "flood":
            return self.flood(card, key, until)
        if kind == "loop":
            return self.loop(card, key, until)
        if kind == "rogue":
            return self.rogue(card, key, until)
        hide = bool(key("hide", ""))
        frame = self.frame(kind, card, key)
        key.all("xid")
        key.done()
        card.drain()
        for _ in range(count if frame else 0):
            card.send(frame, partial, hide)
        if barrier:
            card.send(dhcp.arp(card.mac, Key(["target=" + barrier])))
        replies = collect(card, barrier, until, want)
        return {"asked": kind, "sent": count if frame else 0, "n": len(replies),
                "first": replies[0] if replies else None, "replies": replies[:SHOWN]}

    @staticmethod
    def frame(kind, card, key):
        """Make the frame to send; None to listen only."""
        if kind == "listen":
            return None
        if kind == "raw":
            return bytes.fromhex(key("hex"))
        if kind == "arp":
            return dhcp.arp(card.mac, key)
        if kind == "marker":
            return dhcp.marker(card.mac, key)
        if kind not in dhcp.TYPES + ("bootp", "type"):
            raise dhcp.Usage("no such word: " + kind)
        return dhcp.build(kind, card.mac, card.peer, key)

    @staticmethod
    def flood(card, key, until):
        """Send DISCOVERs as fast as possible until the time is over or `stop` exists."""
        stop = key("stop")
        base = int(key("xid"))
        key.give("xid", str(base))
        sent = got = 0
        frame = bytearray(dhcp.build("discover", card.mac, card.peer, key))
        # No UDP checksum, because it would change with the xid.
        frame[40:42] = b"\0\0"
        while time.monotonic() < until and not (sent % 64 == 0 and os.path.exists(stop)):
            sent += 1
            frame[46:50] = struct.pack("!I", (base + sent) & 0xffffffff)
            card.send(bytes(frame))
            while select.select([card.sock], [], [], 0)[0]:
                reply = card.receive()
                got += bool(reply and reply["type"] == "offer")
        return {"asked": "flood", "sent": sent, "n": got}

    @staticmethod
    def rogue(card, key, until):
        """Answer the clients of others on the link until `stop` exists."""
        stop = key("stop")
        hide = bool(key("hide", ""))
        given = dict(key.words)
        sent = 0
        while time.monotonic() < until and not os.path.exists(stop):
            if not select.select([card.sock], [], [], 0.2)[0]:
                continue
            asked = card.receive()
            kind = {"discover": "offer", "request": "ack"}.get(asked["type"] if asked else "")
            if not kind or asked["chaddr"] == dhcp.mac_text(card.mac):
                continue
            words = Key([])
            words.words = {name: list(values) for name, values in given.items()}
            words.give("xid", str(asked["xid"]))
            words.give("chaddr", asked["chaddr"])
            frame = dhcp.build(kind, card.mac, card.peer, words)
            words.done()
            card.send(frame, hide=hide)
            sent += 1
        return {"asked": "rogue", "sent": sent, "n": 0}

    @staticmethod
    def loop(card, key, until):
        """Send DISCOVERs, each after an OFFER, until `stop` exists or one is not answered."""
        stop = key("stop")
        base = int(key("xid"))
        key.give("xid", str(base))
        frame = bytearray(dhcp.build("discover", card.mac, card.peer, key))
        # No UDP checksum, because it would change with the xid.
        frame[40:42] = b"\0\0"
        card.drain()
        sent = got = 0
        worst = 0.0
        while sent == got and time.monotonic() < until and not os.path.exists(stop):
            sent += 1
            frame[46:50] = struct.pack("!I", (base + sent) & 0xffffffff)
            began = time.monotonic()
            card.send(bytes(frame))
            while got < sent and time.monotonic() < began + 20:
                if select.select([card.sock], [], [], 1)[0]:
                    reply = card.receive()
                    got += bool(reply and reply["type"] == "offer")
            worst = max(worst, time.monotonic() - began)
        return {"asked": "loop", "sent": sent, "n": got, "worst": round(worst * 1000, 1)}


def main():
    """Answer all questions."""
    # On one processor frames arrive in the order in which they are sent.
    os.sched_setaffinity(0, {Card.libc.sched_getcpu()})
    session = Session()
    lines = [" ".join(sys.argv[1:])] if len(sys.argv) > 1 else iter(sys.stdin.readline, "")
    status = 0
    for line in lines:
        try:
            answer = session.ask(line)
        except (dhcp.Usage, OSError, ValueError) as error:
            answer = {"error": "%s: %s" % (line.strip(), error)}
            status = 1
        print(json.dumps(answer, separators=(",", ":")), flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
