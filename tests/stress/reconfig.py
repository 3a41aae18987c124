#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Random changes of the configuration for `vdhcpctl -force -batch -`.

    reconfig.py write SEED SECONDS PREFIX COUNT      commands that change one object each
    reconfig.py whole SEED SECONDS DIR DOCUMENTS     sync, dump, show, stats and flush
    reconfig.py documents SEED DOCUMENTS DIR PREFIX COUNT    write DIR/N.json for "whole"

Ports are on PREFIX0 to PREFIX(COUNT - 1). Most have the MAC address and the address that
frames.c uses for the device, so that its frames are answered.
"""
import json
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../e2e"), os.path.join(HERE, "../cli")]

# As in frames.c.
SUBNETS = 8
VLANS = (0, 0, 0, 7, 100, 4094)
# Rare, because no port exists for a while afterwards.
FLUSH = 0.01


def net(number):
    """First three bytes of the addresses of a subnet."""
    return "198.18.%d" % number


def words_of_subnet(rng, number):
    """Keys and values, without cidr."""
    out = []
    choices = {
        "gateway": lambda: rng.choice([net(number) + ".1", "192.0.2.1"]),
        "server-id": lambda: rng.choice([net(number) + ".254", "169.254.169.254"]),
        "dns": lambda: ",".join("192.0.2.%d" % n for n in range(rng.randrange(1, 9))),
        "mtu": lambda: rng.choice([68, 576, 1450, 9000]),
        "lease": lambda: rng.choice(["infinite", 60, 3600]),
        "search": lambda: "lab.example.org,example.org",
        "boot-file": lambda: "x" * rng.randrange(1, 127),
        "rapid-commit": lambda: rng.choice(["on", "off"]),
        "ipv6-only": lambda: 300,
        "send-router": lambda: rng.choice(["auto", "always"]),
    }
    for key in rng.sample(sorted(choices), rng.randrange(5)):
        out += [key, choices[key]()]
    for n in range(rng.choice([0, 0, 1, 30])):
        out += ["route", "203.0.113.%d/32" % n, "via", net(number) + ".9"]
    return out


def words_of_port(rng, device):
    """Keys and values; most match the guest of the device."""
    number = rng.randrange(SUBNETS)
    guest = device if rng.random() < 0.9 else rng.randrange(200)
    out = ["mac", "00:00:5e:00:53:%02x" % guest, "addr", "%s.%d" % (net(number), 10 + guest),
           "subnet", "s%d" % number]
    for key, chance, make in (
            ("rate", 0.8, lambda: rng.choice([0, 0, 0, 1, 100, 1000000])),
            ("mode", 0.2, lambda: rng.choice(["serve", "pass", "deny"])),
            ("guard", 0.3, lambda: rng.choice(["on", "off"])),
            ("hostname", 0.3, lambda: "vm%d" % device)):
        if rng.random() < chance:
            out += [key, make()]
    if rng.random() < 0.2:
        out += ["option", rng.randrange(224, 249), "hex", "ab" * rng.randrange(1, 600)]
    return out


def change(rng, prefix, count):
    """A command that changes one object."""
    number, device = rng.randrange(SUBNETS), rng.randrange(count)
    port = ["port", None, "%s%d" % (prefix, device)]
    vlan = rng.choice(VLANS)
    if vlan:
        port += ["vlan", vlan]
    subnet = ["subnet", None, "s%d" % number]
    cidr = ["cidr", "%s.0/%d" % (net(number), 24 if rng.random() < 0.95 else 30)]
    verb = rng.choices(["port add", "port replace", "port set", "port del", "subnet add",
                        "subnet replace", "subnet set", "subnet del"],
                       [8, 8, 6, 3, 4, 1, 3, 1])[0]
    what, verb = verb.split()
    line = port if what == "port" else subnet
    line[1] = verb
    if verb == "set" and what == "port" and rng.random() < 0.7:
        line += rng.choice([["mode", "serve"], ["mode", "pass"], ["mode", "deny"],
                            ["guard", "off"], ["guard", "on"], ["rate", 0], ["rate", 100],
                            ["hostname", "none"]])
    elif verb != "del" and what == "port":
        line += words_of_port(rng, device)
    elif verb != "del":
        line += (cidr if verb != "set" else []) + words_of_subnet(rng, number)
    return " ".join(str(word) for word in line)


def whole(rng, where, documents):
    """A command that reads or changes the whole configuration."""
    if rng.random() < FLUSH:
        return "flush"
    return rng.choices(["sync %s/%d.json --max-remove 100%%" % (where, rng.randrange(documents)), "dump",
                        "port show", "subnet show", "stats", "stats all"],
                       [6, 2, 1, 1, 1, 1])[0]


def stream(seconds, command):
    """Print commands until the time is over or the reader is gone."""
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            sys.stdout.write("".join(command() + "\n" for _ in range(20)))
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def write_documents(rng, documents, where, prefix, count):
    """Write documents; some differ little from the one before, some completely."""
    import random_documents  # pylint: disable=import-outside-toplevel
    last = None
    for number in range(documents):
        subnets = [random_documents.subnet(rng, n)
                   for n in rng.sample(range(SUBNETS), rng.randrange(1, SUBNETS))]
        if last and rng.random() < 0.5:
            subnets = last["subnets"]
        ports = []
        for device in rng.sample(range(count), rng.randrange(count + 1)):
            for vlan in sorted(rng.sample([0, 7, 100], rng.choice([1, 1, 1, 2]))):
                port = random_documents.port(rng, "%s%d" % (prefix, device), vlan, subnets)
                if "mac" in port and rng.random() < 0.9:
                    port["mac"] = "00:00:5e:00:53:%02x" % device
                    address = port.get("addresses", [port])[0]
                    net_of = address["addr"].rsplit(".", 1)[0]
                    address["addr"] = "%s.%d" % (net_of, 10 + device)
                ports.append(port)
        last = {"subnets": subnets, "ports": ports}
        with open("%s/%d.json" % (where, number), "w", encoding="utf-8") as file:
            json.dump(last, file)


def main():
    """Run the command in the first word."""
    what, seed, *words = sys.argv[1:]
    rng = random.Random("%s %s" % (what, seed))
    if what == "write":
        stream(float(words[0]), lambda: change(rng, words[1], int(words[2])))
    elif what == "whole":
        stream(float(words[0]), lambda: whole(rng, words[1], int(words[2])))
    elif what == "documents":
        write_documents(rng, int(words[0]), words[1], words[2], int(words[3]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
