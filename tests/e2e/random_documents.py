#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Random valid documents, and a check that dumps return them.

    random_documents.py write DIR COUNT SEED    write DIR/N.json, and DIR/batch for vdhcpctl
    random_documents.py check DIR COUNT         check the output of vdhcpctl in DIR/said
"""
import json
import os
import random
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), place)
                for place in ("../cli", "../lib")]
import documents  # noqa: E402 pylint: disable=wrong-import-position
from keys_gen import KEYS  # noqa: E402 pylint: disable=wrong-import-position

FORMS = {"string": lambda rng: "text %d" % rng.randrange(1000),
         "hex": lambda rng: "%06x" % rng.randrange(1 << 24),
         "ip": lambda rng: ["192.0.2.%d" % rng.randrange(1, 255)
                            for _ in range(rng.randrange(1, 4))],
         "u8": lambda rng: rng.randrange(1 << 8), "u16": lambda rng: rng.randrange(1 << 16),
         "u32": lambda rng: rng.randrange(1 << 32)}


def maybe(rng, out, key, make):
    """Set a key, at random."""
    if rng.random() < 0.4:
        out[key] = make()


def options(rng):
    """Raw options without a meaning to vdhcp; 249 is routes."""
    out = []
    for code in rng.sample([c for c in range(224, 255) if c != 249], rng.randrange(1, 4)):
        form = rng.choice(sorted(FORMS))
        out.append({"code": code, form: FORMS[form](rng)})
    return out


def names(rng):
    """A random list of domains."""
    return ["%s.example.org" % word for word in rng.sample(["a", "bc", "lab", "x-1"],
                                                           rng.randrange(1, 4))]


def number(rng, key):
    """A random number: often one of the bounds."""
    low, high = key.get("low", 0), key["high"]
    return rng.choice([low, high, rng.randrange(low, high + 1)])


def routes(rng, net):
    """Random routes by a host of a network."""
    return [{"dst": rng.choice(["203.0.113.0/24", "203.0.113.7", "default", "192.0.2.128/25"]),
             **({"via": net + ".9"} if rng.random() < 0.7 else {})}
            for _ in range(rng.randrange(1, 4))]


HOSTS = ["192.0.2.%d" % n for n in range(1, 9)]
# A value that the kernel takes, for a key of each kind; net is the network of the subnet.
MAKE = {
    "address": lambda rng, key, net: net + rng.choice([".1", ".254"]),
    "addresses": lambda rng, key, net: rng.sample(HOSTS, rng.randrange(1, 5)),
    "bool": lambda rng, key, net: rng.random() < 0.5,
    "domain": lambda rng, key, net: "x%d.example.org" % rng.randrange(100),
    "domains": lambda rng, key, net: names(rng),
    "enum": lambda rng, key, net: rng.choice(key["values"]),
    "mac": lambda rng, key, net: "02:00:5E:00:53:%02x" % rng.randrange(256),
    "options": lambda rng, key, net: options(rng),
    "routes": lambda rng, key, net: routes(rng, net),
    "text": lambda rng, key, net: "https://portal.example.org/%d" % rng.randrange(100),
}
MAKE.update({kind: lambda rng, key, net: number(rng, key)
             for kind in ("duration", "seconds", "u16", "u32")})
# Keys that depend on others.
RELATED = {"subnet": ("name", "cidr", "lease", "t1", "t2"),
           "port": ("dev", "vlan", "mac", "address", "mode")}


def others(rng, obj, out, net):
    """Set some of the keys that do not depend on others."""
    for name, key in KEYS[obj].items():
        if name not in RELATED[obj]:
            maybe(rng, out, key["json"], lambda key=key: MAKE[key["kind"]](rng, key, net))


def subnet(rng, number_of):
    """A random subnet, with a network of its own."""
    net = "198.18.%d" % number_of
    out = {"name": "s%d" % number_of, "cidr": net + ".0/24"}
    others(rng, "subnet", out, net)
    if rng.random() < 0.4:
        lease = rng.randrange(60, 100000)
        out["lease"] = rng.choice([lease, "infinite"])
        if out["lease"] != "infinite":
            # The default t1 is half of the lease, and must be below t2.
            maybe(rng, out, "t1", lambda: rng.randrange(1, lease // 4))
            maybe(rng, out, "t2", lambda: rng.randrange(lease // 2 + 1, lease))
    return out


def port(rng, dev, vlan, subnets):
    """A random port in any mode, with its address in one of both forms."""
    out = {"dev": dev, "mode": rng.choice(["serve", "pass", "deny"])}
    if not subnets:
        out["mode"] = "deny"
    if vlan or rng.random() < 0.3:
        out["vlan"] = vlan
    if out["mode"] == "serve" or (subnets and rng.random() < 0.5):
        where = rng.choice(subnets)
        address = {"addr": where["cidr"].replace(".0/24", ".%d" % rng.randrange(10, 250)),
                   "subnet": where["name"]}
        out["mac"] = "00:00:5e:00:53:%02X" % rng.randrange(256)
        out.update(address if rng.random() < 0.3 else {"addresses": [address]})
    if out["mode"] == "serve" and rng.random() < 0.5:
        del out["mode"]
    others(rng, "port", out, "192.0.2")
    return out


def document(rng):
    """A document with subnets and ports in any order."""
    subnets = [subnet(rng, n) for n in rng.sample(range(8), rng.randrange(5))]
    places = [("tap%d" % n, vlan) for n in range(6) for vlan in (0, 7, 100, 4094)]
    ports = [port(rng, *place, subnets) for place in rng.sample(places, rng.randrange(12))]
    return {"subnets": subnets, "ports": ports}


def write(where, count, seed):
    """Write the documents and the batch of commands."""
    rng = random.Random(seed)
    with open(os.path.join(where, "batch"), "w", encoding="utf-8") as batch:
        for number in range(count):
            path = os.path.join(where, "%d.json" % number)
            with open(path, "w", encoding="utf-8") as file:
                json.dump(document(rng), file)
            batch.write("sync {0} --max-remove 100%\ndump\nsync check {0}\n".format(path))


def check(where, count):
    """Each dump must be valid and equal to its document, and its sync "unchanged"."""
    with open(os.path.join(where, "said"), encoding="utf-8") as file:
        said = file.read()
    decoder, at = json.JSONDecoder(), 0
    for number in range(count):
        with open(os.path.join(where, "%d.json" % number), encoding="utf-8") as file:
            want = documents.normal(json.load(file))
        at = said.index("{", at)
        have, at = decoder.raw_decode(said, at)
        assert have == want, "document %d: want %s have %s" % (number, want, have)
        assert documents.valid(have), "document %d: the dump is not valid" % number
        text = "\nsubnets: added 0, changed 0, unchanged %d, removed 0\n" \
            "ports: added 0, changed 0, unchanged %d, removed 0\n" % \
            (len(want["subnets"]), len(want["ports"]))
        assert said.startswith(text, at), "document %d: %s" % (number, said[at:at + 200])
        at += len(text)
    assert not said[at:].strip(), said[at:]


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        check(sys.argv[2], int(sys.argv[3]))
