# SPDX-License-Identifier: GPL-2.0
"""A kernel for vdhcpctl to talk to: decodes requests by itself, answers from a script."""
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile

from genl import attr

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(TOP, "tests/lib"))
from keys_gen import ATTRIBUTES  # noqa: E402 pylint: disable=wrong-import-position

F_REQUEST, F_MULTI, F_ACK, F_INTR, F_DUMP = 0x1, 0x2, 0x4, 0x10, 0x300
F_CAPPED, F_TLVS = 0x100, 0x200
ERROR, DONE, CTRL = 2, 3, 16
NESTED = 0x8000
FAMILY = 0x1d


def read_enums():
    """The enums of the headers: {"vdhcp_a_subnet": {"NAME": 1, ...}, ...}."""
    text = ""
    for name in ("vdhcp.h", "vdhcp_netlink.h"):
        with open(os.path.join(TOP, "uapi/linux", name)) as file:
            text += re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    enums = {}
    for name, body in re.findall(r"enum (vdhcp_\w+) \{(.*?)\}", text, re.S):
        number, entries = 0, {}
        for word in filter(None, (w.strip() for w in body.split(","))):
            word, _, value = (p.strip() for p in word.partition("="))
            number = int(value, 0) if value else number
            if not word.startswith("__"):
                entries[word.removeprefix(name.upper() + "_")] = number
            number += 1
        enums[name] = entries
    return enums


ENUMS = read_enums()
CMD = {v: k for k, v in ENUMS["vdhcp_cmd"].items()}

def kind_of(where, name):
    """What an attribute holds: a set of attributes if it is a nest."""
    return ATTRIBUTES[where][name].removeprefix("nest ")


def numbers(where):
    return {k.lower().replace("_", "-"): v
            for k, v in ENUMS["vdhcp_a_" + where.replace("-", "_")].items()}


def encode_value(kind, value):
    if isinstance(value, bytes):
        return value
    if kind == "ip":
        return socket.inet_aton(value)
    if kind == "mac":
        return bytes.fromhex(value.replace(":", ""))
    if kind == "hex":
        return bytes.fromhex(value)
    if kind == "text":
        return value.encode() + b"\0"
    if isinstance(value, list):
        return encode(kind, value)
    return struct.pack({"u8": "=B", "u16": "=H", "u32": "=I", "u64": "=Q"}[kind], value)


def encode(where, attrs):
    """Attributes of a list of (name, value); a number in place of a name is taken as it is."""
    out = b""
    for name, value in attrs:
        number = name if isinstance(name, int) else numbers(where)[name]
        nested = NESTED if isinstance(value, list) else 0
        kind = "u32" if isinstance(name, int) else kind_of(where, name)
        out += attr(number | nested, encode_value(kind, value))
    return out


def decode(where, data, base):
    """A list of (name, value), and one of (offset, name, children) for blaming."""
    attrs, places, pos = [], [], 0
    names = {v: k for k, v in numbers(where).items()}
    while pos < len(data):
        length, number = struct.unpack_from("=HH", data, pos)
        assert 4 <= length <= len(data) - pos, "attribute runs over"
        value = data[pos + 4:pos + length]
        padding = data[pos + length:pos + length + -length % 4]
        assert not any(padding), "padding is not 0"
        name = names[number & ~NESTED]
        kind = kind_of(where, name)
        children = []
        assert bool(number & NESTED) == (kind in ATTRIBUTES), "nested flag of " + name
        if kind in ATTRIBUTES:
            value, children = decode(kind, value, base + pos + 4)
            assert value or name == "state", "nothing in " + name
        elif kind == "ip":
            value = socket.inet_ntoa(value)
        elif kind == "mac":
            assert len(value) == 6
            value = value.hex(":")
        elif kind == "hex":
            value = value.hex()
        elif kind == "flag":
            assert value == b"", "value of a flag"
            value = True
        elif kind == "text":
            assert value[-1:] == b"\0"
            value = value[:-1].decode()
        else:
            value, = struct.unpack({"u8": "=B", "u16": "=H", "u32": "=I"}[kind], value)
        attrs.append((name, value))
        places.append((base + pos, name, children))
        pos += length + -length % 4
    return attrs, places


class Request:
    """A message from vdhcpctl."""

    def __init__(self, data):
        length, self.type, self.flags, self.seq, self.pid = struct.unpack_from("=IHHII", data)
        assert length == len(data), "one message in a datagram"
        self.cmd, self.version, reserved = struct.unpack_from("=BBH", data, 16)
        assert not reserved
        self.data = data
        if self.type == CTRL:
            self.name, self.attrs = "CTRL", data[20:]
            return
        assert self.type == FAMILY and self.version == 1
        self.dump = self.flags & F_DUMP == F_DUMP
        assert self.flags in (F_REQUEST, F_REQUEST | F_ACK, F_REQUEST | F_DUMP), \
            "flags %x" % self.flags
        self.name = CMD[self.cmd] + ("+DUMP" if self.dump else "")
        self.where = CMD[self.cmd].lower().split("_")[0]
        if self.where == "flush":
            self.where = "info"
        self.attrs, self.places = decode(self.where, data[20:], 20)

    def offset(self, path, index=0):
        """Where an attribute begins: "gateway", "option/code"."""
        places = self.places
        for name in path.split("/"):
            found = [p for p in places if p[1] == name]
            place = found[min(index, len(found) - 1)]
            places = place[2]
        return place[0]

    def message(self, kind, payload, flags=0):
        return struct.pack("=IHHII", 16 + len(payload), kind, flags, self.seq, 1) + payload + \
            bytes(-len(payload) % 4)

    def reply(self, attrs, flags=0, where=None):
        body = struct.pack("=BBH", self.cmd, 1, 0) + encode(where or self.where, attrs)
        return self.message(FAMILY, body, flags)

    def ack(self, err=0, text=None, blame=None, index=0, missing=None, nest=None, capped=True):
        tlvs = b""
        if text is not None:
            tlvs += attr(1, text.encode() + b"\0")
        if blame:
            tlvs += attr(2, struct.pack("=I", self.offset(blame, index)))
        if missing:
            tlvs += attr(5, struct.pack("=I", missing))
        if nest:
            tlvs += attr(6, struct.pack("=I", self.offset(nest)))
        body = struct.pack("=i", -err) + self.data[:16]
        if not capped:
            body += self.data[16:]
        flags = (F_CAPPED if capped else 0) | (F_TLVS if tlvs else 0)
        return self.message(ERROR, body + tlvs, flags)

    def done(self, flags=0, err=0, text=None):
        tlvs = attr(1, text.encode() + b"\0") if text else b""
        return self.message(DONE, struct.pack("=i", -err) + tlvs,
                            F_MULTI | flags | (F_TLVS if tlvs else 0))


class Kernel:
    """Default behaviour: everything is acknowledged, all tables are empty."""

    family = True
    info = [("version", "1.2.3"), ("abi", 2), ("generation", 1)]

    def __init__(self, objects=()):
        self.objects = list(objects)
        self.datagrams = []
        self.infos = 0

    def answer_info(self, req):
        self.infos += 1
        return [req.reply(self.info), req.ack()]

    def control(self, req):
        assert req.attrs == attr(2, b"vdhcp\0"), "CTRL_ATTR_FAMILY_NAME"
        if not self.family:
            return [req.ack(2)]
        body = struct.pack("=BBH", 1, 2, 0) + attr(2, b"vdhcp\0") + \
            attr(1, struct.pack("=H", FAMILY))
        return [req.message(CTRL, body), req.ack()]

    def answer(self, req):
        """Datagrams for one request."""
        if req.dump:
            return [req.reply(o, F_MULTI) for o in self.objects] + [req.done()]
        if req.name.endswith("GET"):
            return [req.reply(o) for o in self.objects] + [req.ack()]
        return [req.ack()] if req.flags & F_ACK else []


class Result:
    def __init__(self, status, out, err, requests, notes):
        self.status, self.out, self.err = status, out, err
        self.requests, self.notes = requests, notes

    @property
    def sent(self):
        return [(r.name, r.attrs) for r in self.requests]


def split(data):
    """The messages in a datagram."""
    while data:
        length, = struct.unpack_from("=I", data)
        assert 16 <= length <= len(data)
        yield data[:length]
        data = data[length + -length % 4:]


def serve(sock, kernel, requests, notes):
    """Answers until vdhcpctl hangs up."""
    while True:
        try:
            data = sock.recv(1 << 20)
            if not data:
                return
            if data[:3] == b"opt" or data == b"setns":
                notes.append(data[3] if data[:3] == b"opt" else "setns")
                continue
            for message in split(data):
                req = Request(message)
                if req.type == CTRL:
                    answers = kernel.control(req)
                elif req.name == "INFO_GET":
                    answers = kernel.answer_info(req)
                else:
                    requests.append(req)
                    answers = kernel.answer(req)
                for datagram in answers:
                    sock.send(datagram)
            kernel.datagrams.append(data)
        except (BrokenPipeError, ConnectionResetError):     # it left early
            return


# A machine that has nothing, whatever this one has.
NOWHERE = {"VDHCPCTL_TEST_ROOT": "/nowhere", "VDHCPCTL_TEST_RELEASE": "6.1.0-99-amd64"}


def run(binary, words, kernel=None, stdin=None, env=None, stdout=None, sndbuf=None):
    """Runs vdhcpctl with a kernel; stdin is bytes, or a file that can be read.

    With a small sndbuf it cannot get far ahead of the kernel.
    """
    kernel = kernel or Kernel()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    ours.settimeout(20)
    if sndbuf:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, sndbuf)
    full = dict(os.environ, VDHCPCTL_TEST_FD=str(theirs.fileno()),
                ASAN_OPTIONS="exitcode=99", UBSAN_OPTIONS="print_stacktrace=1",
                **{**NOWHERE, **(env or {})})
    requests, notes = [], []
    # Files, because a pipe would fill up while this process answers the command.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
            tempfile.TemporaryFile() as given:
        if isinstance(stdin, (bytes, type(None))):
            given.write(stdin or b"")
            given.seek(0)
            stdin = given
        with subprocess.Popen([binary] + words, env=full, pass_fds=[theirs.fileno()],
                              stdin=stdin, stdout=stdout or out, stderr=err) as child:
            theirs.close()
            try:
                serve(ours, kernel, requests, notes)
                child.wait(timeout=20)
            except BaseException:   # do not wait for a child that waits for us
                child.kill()
                raise
        ours.close()
        out.seek(0)
        err.seek(0)
        return Result(child.returncode, out.read().decode(errors="surrogateescape"),
                      err.read().decode(errors="surrogateescape"), requests, notes)
