#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Mutated netlink messages: mutate_netlink.py SPEC COUNT SEED [UID]

Makes valid requests from the YAML spec, so that new attributes are included, and mutates
each in some ways, or not at all: types, lengths, nesting, duplicates and order of
attributes, headers, commands, several messages in one datagram. Some requests form an
atomic batch, which is mostly begun and committed correctly and in which one may be mutated.
With UID, sends as that user without capabilities. Prints as JSON how often the kernel
returned which error, and under COMMITTED how many batches took effect.

Fails if a request is not acknowledged, if a batch is committed that must be refused, if a
committed batch changes nothing, or if a refused one changes something.
"""
import collections
import errno
import json
import os
import random
import socket
import struct
import sys

import yaml

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), place)
                for place in ("../cli", "../lib")]
from genl import ACK, BIG, DUMP, INFO_GENERATION, INFO_GET, REQUEST, Family, attr, find  # noqa: E402 pylint: disable=wrong-import-position
from keys_gen import ATTRIBUTES, KEYS, RESERVED  # noqa: E402 pylint: disable=wrong-import-position

NLMSG_ERROR, NLMSG_DONE = 2, 3
NESTED, NET_BYTEORDER = 0x8000, 0x4000
# Few names, so that requests meet objects of earlier requests.
NAMES = {"name": ["s1", "s2", "s3"], "subnet": ["s1", "s2", "s3"],
         "dev": ["tap1", "tap2", "tap-none"]}
TEXTS = ["vm1", "lab.example.org"]
# Numbers of attributes that can be cleared; those of subnets may be of no port, and vice versa.
CLEAR = [list(ATTRIBUTES[obj]).index(name) + 1 for obj, keys in KEYS.items()
         for key in keys.values() if not key.get("fixed") for name in key["attributes"]]
# Values that go together: addresses in the network, times in their order, a network and a
# length without host bits.
NUMBERS = {"network": [0xc0000200], "prefix-len": [24, 25], "gateway": [0xc0000201],
           "addr": [0xc000020a, 0xc000020b, 0xc000020c], "vlan": [0, 0, 100],
           "lease": [3600], "t1": [600], "t2": [1200],
           "clear": CLEAR, "form": [1], "dst": [0xc6336400], "dst-len": [24],
           "code": [224, 225, 250]}
# Addresses for other attributes.
HOSTS = [0xc0000209, 0xc0000235]
# Attributes without which no object can be added.
NEEDED = {"subnet-new": [name for key in KEYS["subnet"].values() if key.get("fixed")
                         for name in key["attributes"]],
          "port-new": ["dev", "mac", "address"], "address": list(KEYS["port"]["address"]["words"]),
          "batch-begin": ["mode"]}
# How often an attribute may be repeated, if it may.
REPEATS = {"address": [1] * 20 + [2]}
SIZES = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}


class Spec:
    """The family from the YAML, by name."""

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            spec = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.consts = {d["name"]: d for d in spec["definitions"]}
        self.sets = {s["name"]: s["attributes"] for s in spec["attribute-sets"]}
        self.ops = []
        # Share of numbers that are in range.
        self.right = 0.8
        for number, op in enumerate(spec["operations"]["list"], 1):
            if "do" in op:
                wanted = op["do"]["request"].get("attributes", [])
                self.ops.append((number, op["name"], op["attribute-set"], wanted, "dump" in op))

    def number(self, name, a, rng):
        """A value for an integer attribute."""
        if "enum" in a:
            enum = self.consts[a["enum"]]
            return enum.get("value-start", 0) + rng.randrange(len(enum["entries"]))
        checks = a.get("checks", {})
        low = checks.get("min", 0)
        top = checks.get("max", max(low, 8))
        if isinstance(top, str):
            top = self.consts[top]["value"]
        if rng.random() < self.right:
            return rng.choice(NUMBERS.get(name, [max(low, min(1, top)), top]))
        return rng.choice([0, 1, low, top, top + 1,
                           rng.randrange(1 << 64)])

    def payload(self, name, a, rng):
        """Valid bytes for an attribute."""
        kind = a["type"]
        if kind in SIZES:
            size = struct.calcsize(SIZES[kind])
            order = ">" if a.get("byte-order") == "big-endian" else "="
            return struct.pack(order + SIZES[kind],
                               self.number(name, a, rng) & ((1 << 8 * size) - 1))
        if kind == "nest":
            return self.attributes(a["nested-attributes"], None, rng)
        if kind == "string":
            return rng.choice(NAMES.get(name, TEXTS)).encode() + b"\0"
        if kind == "flag":
            return b""
        if a.get("display-hint") == "mac":
            return bytes([0, 0, 0x5e, 0, 0x53, rng.randrange(1, 5)])
        if a.get("display-hint") == "ipv4" and rng.random() < self.right:
            return struct.pack(">I", rng.choice(NUMBERS.get(name, HOSTS)))
        checks = a.get("checks", {})
        size = checks.get("exact-len", rng.randrange(17 if "min-len" in checks else 9))
        if isinstance(size, str):
            size = self.consts[size]["value"]
        return rng.randbytes(size)

    def list(self, name, wanted, needed, rng):
        """Attributes of a set: [number, payload, is nest], the needed ones and some others."""
        out = []
        for number, a in enumerate(self.sets[name], 1):
            if wanted is not None and a["name"] not in wanted:
                continue
            rare = (name, a["name"]) in RESERVED
            if a["name"] not in needed and rng.random() < (0.98 if rare else 0.75):
                continue
            for _ in range(rng.choice(REPEATS.get(a["name"], [1, 1, 2])) if a.get("multi-attr") else 1):
                out.append([number, self.payload(a["name"], a, rng), a["type"] == "nest"])
        return out

    def attributes(self, name, wanted, rng):
        """The same as bytes; a nest has all it can, or what it needs."""
        needed = NEEDED.get(name, [a["name"] for a in self.sets[name]])
        return b"".join(attr(number | (NESTED if nest else 0), data)
                        for number, data, nest in self.list(name, wanted, needed, rng))


def mutate_attributes(attrs, rng):
    """Bytes of a list of [number, payload, is nest], with random errors."""
    lengths = {}
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 4])):
        at = rng.randrange(len(attrs)) if attrs else -1
        what = rng.randrange(12)
        if at < 0 or what == 0:
            attrs.append([rng.randrange(64), rng.randbytes(rng.randrange(40)), False])
        elif what == 1:
            attrs[at][0] = rng.choice([0, rng.randrange(64), 255, 0x3fff, rng.randrange(1 << 14)])
        elif what == 2:
            attrs[at][2] = not attrs[at][2]
        elif what == 3:
            attrs[at][1] = attrs[at][1][:rng.randrange(len(attrs[at][1]) + 1)]
        elif what == 4:
            attrs[at][1] += rng.randbytes(rng.choice([1, 2, 4, 64, 300, 1100]))
        elif what == 5:
            attrs[at][1] = rng.randbytes(len(attrs[at][1]))
        elif what == 6:
            lengths[at] = rng.choice([0, 1, 3, 4, 5, 0xffff, rng.randrange(1 << 16)])
        elif what == 7:
            attrs += [list(attrs[at])] * rng.choice([1, 2, 70])
        elif what == 8:
            rng.shuffle(attrs)
        elif what == 9:
            attrs[at][1] = attr(attrs[at][0] | NESTED, attrs[at][1])
        elif what == 10:
            for _ in range(rng.choice([1, 5, 60])):
                attrs[at][1] = attr(rng.randrange(1, 4) | NESTED, attrs[at][1])
        else:
            attrs[at][0] |= NET_BYTEORDER
    return b"".join(attr(number | (NESTED if nest else 0), data[:60000], lengths.get(i))
                    for i, (number, data, nest) in enumerate(attrs))


class Kernel(Family):
    """A socket to the family, and its answers."""

    def __init__(self, name):
        super().__init__(name)
        self.said = collections.Counter()
        # The other socket may still hold part of a dump.
        self.reader = Family(name)

    def generation(self):
        """The generation of the configuration, as an attribute."""
        return find(self.reader.ask(self.id, INFO_GET), INFO_GENERATION)

    def answered(self, until):
        """Receive until message @until is acknowledged or its dump ends; returns the error."""
        while True:
            data = self.sock.recv(BIG)
            at = 0
            while at + 16 <= len(data):
                size, kind, _, seq, _ = struct.unpack_from("=IHHII", data, at)
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    error = -struct.unpack_from("=i", data, at + 16)[0] if size >= 20 else 0
                    self.said[errno.errorcode.get(error, "OK") if error else "OK"] += 1
                    if seq == until:
                        return error
                at += (size + 3) & ~3


def batch(kernel, spec, rng):
    """An atomic batch with the right generation and, mostly, the right number of requests."""
    ops = {name: (number, of, wanted) for number, name, of, wanted, _ in spec.ops}
    generation = kernel.generation()
    count, mutated = rng.choice([1, 1, 2, 3, 5]), rng.choice([-1, -1, 0, 1])
    wrong = rng.random() < 0.1
    # One refused request ends the batch, so some batches have only needed attributes.
    plain = rng.random() < 0.5
    if plain:
        spec.right, mutated = 1, -1

    def send(name, data):
        kernel.sock.send(kernel.message(struct.pack("=BBH", ops[name][0], 1, 0) + data,
                                        REQUEST | ACK))
        return kernel.answered(kernel.sequence)

    def of(name, number):
        return [a["name"] for a in spec.sets[name]].index(number) + 1

    send("batch-begin", attr(of("batch", "mode"), b"\2") +
         attr(of("batch", "generation"), generation))
    refused = 0
    for n in range(count):
        name = rng.choice(["subnet-new", "port-new"] * 2 + ["subnet-del", "port-del"])
        _, where, wanted = ops[name]
        needed = NEEDED.get(name, wanted[:1])
        attrs = spec.list(where, needed if plain else wanted, needed, rng)
        data = (mutate_attributes(attrs, rng) if n == mutated else
                b"".join(attr(a | (NESTED if nest else 0), value) for a, value, nest in attrs))
        refused |= send(name, data)
    done = not send("batch-commit", attr(of("batch", "requests"), struct.pack("=I", count + wrong)))
    kernel.said["COMMITTED"] += done
    if done and (refused or wrong):
        sys.exit("a batch was committed although one of its requests was refused or missing")
    # No other program changes the configuration.
    if done == (kernel.generation() == generation):
        sys.exit("a batch was committed and changed nothing" if done else
                 "a batch was refused and changed something")


def request(spec, rng):
    """A request: command, attributes as a list, whether it can be a dump."""
    number, name, of, wanted, dump = rng.choice(spec.ops)
    if name in ("flush", "subnet-del", "port-del") and rng.random() < 0.8:
        return request(spec, rng)
    return number, spec.list(of, wanted, NEEDED.get(name, wanted[:1]), rng), dump


def one(kernel, spec, rng):
    """Send a datagram, and wait for an answer if there must be one."""
    spec.right = 0.8
    if rng.random() < 0.05:
        batch(kernel, spec, rng)
        return
    number, attrs, dump = request(spec, rng)
    if rng.random() < 0.02:
        number = rng.randrange(256)
    data = struct.pack("=BBH", number, rng.choice([1, 1, 1, rng.randrange(256)]),
                       rng.choice([0, 0, 0, rng.randrange(1 << 16)]))
    data += mutate_attributes(attrs, rng)
    flags = REQUEST | ACK | (DUMP if dump and rng.random() < 0.3 else 0)
    if rng.random() < 0.05:
        # Netlink itself may drop a message with a wrong header without an answer.
        wrong = bytearray(kernel.message(data, flags))
        at = rng.randrange(16)
        wrong[at] = rng.randrange(256)
        kernel.sock.send(bytes(wrong[:rng.choice([len(wrong), rng.randrange(1, len(wrong))])]))
        data = struct.pack("=BBH", 1, 1, 0)
        flags = REQUEST | ACK
    whole = b""
    for _ in range(rng.choice([0, 0, 0, 0, 3])):
        message = kernel.message(data, REQUEST | ACK)
        whole += message + bytes(-len(message) % 4)
    whole += kernel.message(data, flags)
    kernel.sock.send(whole)
    kernel.answered(kernel.sequence)


def main():
    spec, rng = Spec(sys.argv[1]), random.Random(int(sys.argv[3]))
    if len(sys.argv) > 4:
        os.setgroups([])
        os.setgid(int(sys.argv[4]))
        os.setuid(int(sys.argv[4]))
    kernel = Kernel("vdhcp")
    for n in range(int(sys.argv[2])):
        if n % 200 == 199:
            kernel.open()
        try:
            one(kernel, spec, rng)
        except socket.timeout:
            sys.exit(f"message {n}: no answer; so far: {dict(kernel.said)}")
        except OSError as e:
            # The queue was full, or the datagram was too long.
            kernel.said[errno.errorcode[e.errno]] += 1
            kernel.open()
    print(json.dumps(kernel.said, sort_keys=True))


if __name__ == "__main__":
    main()
