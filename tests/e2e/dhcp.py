# SPDX-License-Identifier: GPL-2.0
"""Frames for ask.py: DHCP in UDP in IPv4 in Ethernet, right or wrong as requested."""
import socket
import struct

TYPES = ("discover", "offer", "request", "decline", "ack", "nak", "release", "inform")
COOKIE = bytes((99, 130, 83, 99))
BROADCAST_MAC = b"\xff" * 6
BROADCAST = "255.255.255.255"


class Usage(Exception):
    """The question is wrong."""


def mac_bytes(text):
    """Convert 00:00:5e:00:53:01 to six bytes."""
    return bytes.fromhex(text.replace(":", ""))


def mac_text(raw):
    """Convert six bytes to 00:00:5e:00:53:01."""
    return ":".join("%02x" % byte for byte in raw)


def ip_bytes(text):
    """Convert 192.0.2.1 to four bytes."""
    return socket.inet_aton(text)


def checksum(data):
    """The internet checksum; 0 for data that includes its own checksum."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def pseudo(src, dst, length):
    """The pseudo header, which the UDP checksum covers as well."""
    return src + dst + struct.pack("!BBH", 0, socket.IPPROTO_UDP, length)


def option(code, value):
    """One option of up to 255 bytes."""
    return bytes((code, len(value))) + value


def options(kind, key):
    """The options field of a message."""
    out = b""
    if kind in TYPES:
        out += option(53, bytes((TYPES.index(kind) + 1,)))
    elif kind == "type":
        out += option(53, bytes.fromhex(key("value")))
    for name, code in (("addr", 50), ("server", 54)):
        if key.has(name):
            out += option(code, ip_bytes(key(name)))
    if key.has("max"):
        out += option(57, struct.pack("!H", int(key("max"))))
    if key.has("rapid"):
        key("rapid")
        out += option(80, b"")
    if key.has("prl"):
        out += option(55, bytes(int(code) for code in key("prl").split(",")))
    # opt=CODE:HEX, any number of times; rawopts=HEX is copied.
    for text in key.all("opt"):
        code, _, value = text.partition(":")
        out += option(int(code), bytes.fromhex(value))
    out += bytes.fromhex(key("rawopts", ""))
    return out + bytes.fromhex(key("end", "ff"))


def message(kind, mac, key):
    """A DHCP message, or a similar one."""
    reply = kind in ("offer", "ack", "nak")
    head = struct.pack(
        "!BBBBIHH4s4s4s4s16s",
        int(key("op", "2" if reply else "1")), int(key("htype", "1")), int(key("hlen", "6")),
        int(key("hops", "0")), int(key("xid")), int(key("secs", "0")),
        int(key("flags", "0"), 0), ip_bytes(key("ciaddr", "0.0.0.0")),
        ip_bytes(key("yiaddr", "0.0.0.0")), ip_bytes(key("siaddr", "0.0.0.0")),
        ip_bytes(key("giaddr", "0.0.0.0")), mac_bytes(key("chaddr", mac_text(mac))))
    body = head + bytes(192) + bytes.fromhex(key("cookie", COOKIE.hex())) + options(kind, key)
    # Clients pad messages to the size of a BOOTP message.
    body += bytes(max(int(key("size", "300")) - len(body), 0))
    return body[:int(key("keep", str(len(body))))]


def udp(src, dst, payload, key):
    """UDP with a checksum that is good, bad, none or partial."""
    length = 8 + len(payload) + int(key("udplen", "0"))
    # The checksum covers no bytes beyond the length field.
    covered = payload[:length - 8]
    head = struct.pack("!HHHH", int(key("sport", "68")), int(key("dport", "67")), length, 0)
    want = key("udpsum", "good")
    if want == "none":
        value = 0
    elif want == "partial":
        value = ~checksum(pseudo(src, dst, length)) & 0xffff
    else:
        value = checksum(pseudo(src, dst, length) + head + covered) or 0xffff
        if want == "bad":
            value ^= 0x5555
    return head[:6] + struct.pack("!H", value) + payload


def ipv4(src, dst, payload, key):
    """IPv4 with the requested options, flags and errors."""
    extra = bytes.fromhex(key("ipopts", ""))
    hlen = 20 + len(extra)
    frag = int(key("frag", "0"), 0)
    # frag is the field with flags and offset; from and upto select the fragment.
    payload = payload[int(key("from", "0")):int(key("upto", str(len(payload))))]
    # ihl and ipver may say something else than what the header is. The checksum is good for a
    # receiver that believes ihl.
    ihl = int(key("ihl", str(hlen // 4)))
    first = int(key("ipver", "4")) << 4 | ihl
    head = struct.pack("!BBHHHBBH4s4s", first, 0,
                       hlen + len(payload) + int(key("iplen", "0")), int(key("ipid", "1")), frag,
                       64, socket.IPPROTO_UDP, 0, src, dst) + extra
    value = checksum((head + payload)[:max(4 * ihl, hlen)])
    if key("ipsum", "good") == "bad":
        value ^= 0x5555
    return head[:10] + struct.pack("!H", value) + head[12:] + payload


def ethernet(dst, src, ethertype, payload, key):
    """Ethernet with VLAN tags (TCI, or ad/TCI for 802.1ad), padding and trailing bytes."""
    head = mac_bytes(key("ethdst", mac_text(dst))) + mac_bytes(key("ethsrc", mac_text(src)))
    for tag in key("vlan", "").split(","):
        if tag:
            proto, tci = ("", *tag.split("/"))[-2:]
            head += struct.pack("!HH", 0x88a8 if proto == "ad" else 0x8100, int(tci, 0))
    if key.has("snap"):
        # The length field may be wrong.
        head += struct.pack("!H", int(key("snap"))) + bytes.fromhex("aaaa03000000")
    frame = head + struct.pack("!H", ethertype) + payload
    frame += bytes.fromhex(key("trail", "")) * int(key("trailtimes", "1"))
    cut = int(key("cut", "0"))
    if cut:
        return frame[:cut]
    return frame + bytes(max(60 - len(frame), 0))


def hide_port(frame, port_at):
    """
    Replace a UDP port by a number that becomes the port again when the checksum over the rest of
    the frame is written there. Frames have an even length.
    """
    head, port, rest = frame[:port_at], frame[port_at:port_at + 2], frame[port_at + 2:]
    value = (~struct.unpack("!H", port)[0] & 0xffff) + checksum(rest)
    return head + struct.pack("!H", (value & 0xffff) + (value >> 16)) + rest


def build(kind, mac, peer, key):
    """The frame of a question."""
    reply = kind in ("offer", "ack", "nak")
    for name, port in (("sport", "67"), ("dport", "68")):
        if reply and not key.has(name):
            key.give(name, port)
    src = ip_bytes(key("src", "0.0.0.0"))
    dst = ip_bytes(key("dst", BROADCAST))
    ethdst = BROADCAST_MAC if dst == b"\xff" * 4 else peer
    payload = udp(src, dst, message(kind, mac, key), key)
    return ethernet(ethdst, mac, 0x0800, ipv4(src, dst, payload, key), key)


def arp(mac, key):
    """An ARP request for TARGET, from `sender` or from no address."""
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1)
    body += mac_bytes(key("sha", mac_text(mac))) + ip_bytes(key("sender", "0.0.0.0"))
    body += bytes(6) + ip_bytes(key("target"))
    return ethernet(BROADCAST_MAC, mac, 0x0806, body, key)


def marker(mac, key):
    """A broadcast without a reply; when it arrives, earlier frames have arrived."""
    src = ip_bytes("0.0.0.0")
    dst = ip_bytes(BROADCAST)
    head = struct.pack("!HHHH", 9, 40000 + int(key("number")), 8, 0)
    return ethernet(BROADCAST_MAC, mac, 0x0800, ipv4(src, dst, head, key), key)


def show_options(data):
    """Options as {code: hex}; split options are joined."""
    out = {}
    at = 0
    while at < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        if at + 1 >= len(data) or at + 2 + data[at + 1] > len(data):
            out["broken"] = data[at:].hex()
            break
        code = str(data[at])
        out[code] = out.get(code, "") + data[at + 2:at + 2 + data[at + 1]].hex()
        at += 2 + data[at + 1]
    return out


def show_dhcp(ip, udp_at, out):
    """Read a DHCP message into a dictionary."""
    sport, dport, length, want = struct.unpack("!HHHH", ip[udp_at:udp_at + 8])
    total = struct.unpack("!H", ip[2:4])[0]
    segment = ip[udp_at:udp_at + length]
    bootp = segment[8:]
    out.update(sport=sport, dport=dport, udpsum="none", length=len(bootp))
    if length != total - udp_at:
        out["udplen"] = "not all of the datagram"
    if want:
        right = checksum(pseudo(ip[12:16], ip[16:20], length) + segment) == 0
        out["udpsum"] = "good" if right else "bad"
    if len(bootp) < 240 or bootp[236:240] != COOKIE:
        out["type"] = "no-dhcp"
        return
    opts = show_options(bootp[240:])
    kind = opts.get("53", "")
    number = int(kind, 16) if len(kind) == 2 else 0
    out.update(
        type=TYPES[number - 1] if 1 <= number <= len(TYPES) else "type-" + kind,
        xid=struct.unpack("!I", bootp[4:8])[0], flags=struct.unpack("!H", bootp[10:12])[0],
        hops=bootp[3],
        chaddr=mac_text(bootp[28:34]), options=opts)
    for name, at in (("ciaddr", 12), ("yiaddr", 16), ("siaddr", 20), ("giaddr", 24)):
        out[name] = socket.inet_ntoa(bootp[at:at + 4])
    for name, at, end in (("sname", 44, 108), ("file", 108, 236)):
        if any(bootp[at:end]):
            out[name] = bootp[at:end].split(b"\0")[0].decode("latin-1")


def show(frame, tci):
    """A received frame as a flat dictionary; None for other frames."""
    out = {"ethdst": mac_text(frame[:6]), "ethsrc": mac_text(frame[6:12])}
    at = 12
    ethertype = struct.unpack("!H", frame[at:at + 2])[0]
    if ethertype == 0x8100:
        tci = struct.unpack("!H", frame[at + 2:at + 4])[0]
        at += 4
        ethertype = struct.unpack("!H", frame[at:at + 2])[0]
    if tci is not None:
        out["vlan"] = tci & 0xfff
        out["priority"] = tci >> 13
    body = frame[at + 2:]
    if ethertype == 0x0806 and len(body) >= 28 and body[6:8] == b"\0\2":
        out.update(type="arp-reply", sha=mac_text(body[8:14]), spa=socket.inet_ntoa(body[14:18]))
        return out
    if ethertype != 0x0800 or len(body) < 28 or body[9] != socket.IPPROTO_UDP:
        return None
    hlen = (body[0] & 15) * 4
    if body[6] & 0x1f or body[7] or struct.unpack("!H", body[hlen:hlen + 2])[0] not in (67, 68):
        return None
    out.update(src=socket.inet_ntoa(body[12:16]), dst=socket.inet_ntoa(body[16:20]),
               ipsum="bad" if checksum(body[:hlen]) else "good", ttl=body[8])
    show_dhcp(body, hlen, out)
    return out
