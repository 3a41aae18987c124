# SPDX-License-Identifier: GPL-2.0
"""Tests of vdhcpctl sync and dump. Arguments: see suite.py."""
import hashlib
import json
import os
import random
import re
import tempfile
import time

import documents
from fakekernel import Kernel, run
from keys_gen import KEYS
from model import EAGAIN, EBUSY, EINVAL, EPERM, Model
from suite import check, main, test

FIRST = {
    "subnets": [{"name": "s1", "cidr": "192.0.2.0/24", "gateway": "192.0.2.1"},
                {"name": "s2", "cidr": "198.51.100.0/24"}],
    "ports": [{"dev": "tap1", "mac": "00:00:5e:00:53:01", "addr": "192.0.2.5", "subnet": "s1"},
              {"dev": "tap1", "vlan": 7, "mode": "pass"},
              {"dev": "tap2", "subnet": "s2"}],
}
# s1 is changed, s2 is removed, s3 is new; tap1 as it was, its vlan changed, tap2 removed.
SECOND = {
    "subnets": [{"name": "s3", "cidr": "203.0.113.0/24"},
                {"name": "s1", "cidr": "192.0.2.0/24", "gateway": "192.0.2.2"}],
    "ports": [{"dev": "tap1", "vlan": 7, "mode": "deny"},
              {"dev": "tap0", "vlan": 3, "subnet": "s3"},
              {"dev": "tap1", "mac": "00:00:5E:00:53:01", "addr": "192.0.2.5", "subnet": "s1",
               "rate": 100, "guard": True}],
}
SECOND_TEXT = "subnets: added 1, changed 1, unchanged 0, removed 1\n" \
    "ports: added 1, changed 1, unchanged 1, removed 1\n"
NOTHING_TEXT = "subnets: added 0, changed 0, unchanged 2, removed 0\n" \
    "ports: added 0, changed 0, unchanged 3, removed 0\n"


def encoded(document):
    return document if isinstance(document, bytes) else json.dumps(document).encode()


def sync(ctl, document, kernel, words="sync -", env=None):
    return run(ctl, words.split(), kernel, stdin=encoded(document), env=env)


def filled(ctl, document):
    kernel = Model()
    got = sync(ctl, document, kernel)
    check("fill", (got.status, got.err), (0, ""))
    return kernel


def dumped(ctl, kernel, words="dump"):
    got = run(ctl, words.split(), kernel)
    check(words, (got.status, got.err), (0, ""))
    document = json.loads(got.out)
    check("schema of the dump", documents.valid(document), True)
    return document


def names(got):
    """What was sent, without what it says."""
    return [(name.lower(), None if name == "BATCH_COMMIT" else attrs[0][1])
            for name, attrs in got.sent if not name.endswith("+DUMP")]


@test
def all_kinds(ctl):
    kernel = filled(ctl, FIRST)
    generation = kernel.generation
    got = sync(ctl, SECOND, kernel, "-s sync -")
    check("sync", (got.status, got.err, got.out),
          (0, "", "subnet s1: changed\n    gateway: 192.0.2.1 -> 192.0.2.2\nsubnet s3: added\n"
           "port tap0 vlan 3: added\nport tap1 vlan 7: changed\n    mode: pass -> deny\n"
           "port tap2: removed\nsubnet s2: removed\n" + SECOND_TEXT))
    check("order", names(got), [
        ("batch_begin", 2), ("subnet_new", "s1"), ("subnet_new", "s3"), ("port_new", "tap0"),
        ("port_new", "tap1"), ("port_del", "tap2"), ("subnet_del", "s2"), ("batch_commit", None)])
    check("begin", got.sent[2], ("BATCH_BEGIN", [("mode", 2), ("generation", generation)]))
    check("subnet", got.sent[3], ("SUBNET_NEW", [
        ("name", "s1"), ("network", "192.0.2.0"), ("prefix-len", 24), ("gateway", "192.0.2.2"),
        ("lease", 86400), ("rapid-commit", 1), ("replace", True)]))
    check("port", got.sent[5], ("PORT_NEW", [
        ("dev", "tap0"), ("vlan", 3), ("address", [("subnet", "s3")]), ("mode", 1), ("guard", 1),
        ("rate", 100), ("replace", True)]))
    check("del", got.sent[7:9], [("PORT_DEL", [("dev", "tap2"), ("vlan", 0)]),
                                 ("SUBNET_DEL", [("name", "s2")])])
    check("acknowledged", [r.name for r in got.requests if r.flags == 5],
          ["BATCH_BEGIN", "BATCH_COMMIT"])
    check("dump", dumped(ctl, kernel), documents.normal(SECOND))
    kernel.digests = False
    got = sync(ctl, SECOND, kernel)
    check("again", (got.status, got.out, names(got)), (0, NOTHING_TEXT, []))
    got = sync(ctl, {}, kernel, "-j sync -")
    zero = {"added": 0, "changed": 0, "unchanged": 0}
    check("json", json.loads(got.out), [{"subnets": dict(zero, removed=2),
                                         "ports": dict(zero, removed=3)}])
    check("empty", dumped(ctl, kernel), {"subnets": [], "ports": []})
    got = sync(ctl, FIRST, kernel, "-j -s sync --dry-run -")
    check("json differences", json.loads(got.out)[0]["differences"],
          ["subnet s1: added", "subnet s2: added", "port tap1: added", "port tap1 vlan 7: added",
           "port tap2: added"])


CHANGED = {"subnets": [{"name": "s1", "cidr": "192.0.2.0/24", "mtu": 1450,
                         "dns": ["192.0.2.3", "192.0.2.4"], "domain": "example.org",
                         "routes": [{"dst": "default", "via": "192.0.2.1"}]},
                        {"name": "s2", "cidr": "198.51.100.0/24"}],
            "ports": [{"dev": "tap1", "mac": "00:00:5e:00:53:01", "addr": "192.0.2.5",
                       "subnet": "s1"},
                      {"dev": "tap2", "mode": "deny"}]}
CHANGES = [("subnet s1", "gateway", "none", "192.0.2.1"), ("subnet s1", "dns", "192.0.2.3,192.0.2.4",
                                                           "192.0.2.3"),
           ("subnet s1", "mtu", "1450", "1400"), ("subnet s1", "domain", "example.org", "none"),
           ("subnet s1", "routes", "route 0.0.0.0/0 via 192.0.2.1",
            "route 198.51.100.0/24 via 192.0.2.1 route 0.0.0.0/0 via 192.0.2.1"),
           ("port tap1", "addresses", "addr 192.0.2.5 subnet s1", "addr 192.0.2.6 subnet s1"),
           ("port tap1", "rate", "100", "5")]


@test
def changes(ctl):
    """With -s, each key that changes is printed with its old and its new value."""
    kernel = filled(ctl, CHANGED)
    subnet = dict(CHANGED["subnets"][0], mtu=1400, dns=["192.0.2.3"], gateway="192.0.2.1")
    del subnet["domain"]
    subnet["routes"] = [{"dst": "198.51.100.0/24", "via": "192.0.2.1"}] + subnet["routes"]
    new = {"subnets": [subnet, CHANGED["subnets"][1]],
           "ports": [dict(CHANGED["ports"][0], addr="192.0.2.6", rate=5),
                     {"dev": "tap3", "mode": "deny"}]}
    want = []
    for label in ("subnet s1", "port tap1"):
        want += [label + ": changed"] + ["    %s: %s -> %s" % c[1:] for c in CHANGES
                                         if c[0] == label]
    for words, status in (("-s sync --check -", 3), ("-s sync - --dry-run", 0)):
        got = sync(ctl, new, kernel, words)
        lines = got.out.splitlines()
        check(words, (got.status, got.err, lines[:-2]), (status, "", want + [
            "port tap3: added", "port tap2: removed"]))
    got = sync(ctl, new, kernel, "-j -s sync --check -")
    check("json", json.loads(got.out)[0]["changes"],
          [dict(zip(("object", "key", "from", "to"), c)) for c in CHANGES])
    got = sync(ctl, new, kernel, "-s sync -")
    check("sync", (got.status, got.out.splitlines()[:3]), (0, want[:3]))


def ports(count, first=0):
    return {"ports": [{"dev": "tap%d" % i, "mode": "deny"} for i in range(first, first + count)]}


TWICE = {
    "subnets": [{"name": "s1", "cidr": "192.0.2.0/24", "gateway": "203.0.113.1",
                 "routes": [{"dst": "10.0.0.0/8", "via": "198.51.100.9"},
                            {"dst": "172.16.0.0/12", "via": "203.0.113.1"},
                            {"dst": "192.168.0.0/16", "via": "192.0.2.9"},
                            {"dst": "198.51.100.0/24"}]},
                {"name": "s2", "cidr": "198.51.100.0/24"},
                {"name": "s3", "cidr": "203.0.113.7/32", "gateway": "192.0.2.1"}],
    "ports": [
        {"dev": "tap0", "mac": "00:00:5e:00:53:01", "addr": "192.0.2.5", "subnet": "s1"},
        {"dev": "tap1", "mac": "00:00:5e:00:53:02", "addr": "192.0.2.5", "subnet": "s1"},
        {"dev": "tap2", "mac": "00:00:5e:00:53:03", "addr": "192.0.2.6", "subnet": "s1"},
        {"dev": "tap3", "vlan": 7, "mac": "00:00:5e:00:53:03", "addr": "192.0.2.7",
         "subnet": "s1"},
        {"dev": "tap4", "mac": "00:00:5e:00:53:04", "addr": "192.0.2.8", "subnet": "s1"},
        {"dev": "tap5", "mac": "00:00:5e:00:53:04", "addr": "192.0.2.8", "subnet": "s1"},
        # The same in another subnet is no warning, and neither is a port without an address.
        {"dev": "tap6", "mac": "00:00:5e:00:53:04", "addr": "198.51.100.8", "subnet": "s2"},
        {"dev": "tap7", "mac": "00:00:5e:00:53:04", "mode": "deny"},
        {"dev": "tap8", "mac": "00:00:5e:00:53:04", "mode": "deny"},
        # One port that has an address twice is for the kernel to refuse.
        {"dev": "tap9", "mode": "deny", "addresses": [{"addr": "192.0.2.99", "subnet": "s1"}] * 2}]}
ROUTERS = """\
Warning: subnet s1: gateway 203.0.113.1 is not in 192.0.2.0/24, so guests reach it only with a \
route to it.
Warning: subnet s1: next hop 198.51.100.9 is not in 192.0.2.0/24, so guests reach it only with \
a route to it.
"""
PAIRS = """\
Warning: address 192.0.2.5 in subnet s1 is that of port tap0 and of port tap1.
Warning: address 192.0.2.8 and MAC 00:00:5e:00:53:04 in subnet s1 are those of port tap4 and of \
port tap5.
Warning: MAC 00:00:5e:00:53:03 in subnet s1 is that of port tap2 and of port tap3 vlan 7.
"""


@test
def warnings(ctl):
    """What is more often a mistake than not is a warning, which names both."""
    kernel = Model()
    got = sync(ctl, TWICE, kernel)
    check("sync", (got.status, got.err), (0, ROUTERS + PAIRS))
    check("it took effect", len(kernel.tables["port"]), 10)
    for words in ("port", "port show -br", "port show subnet s2", "-j port"):
        got = run(ctl, words.split(), kernel)
        check(words, (got.status, got.err), (0, PAIRS))
    for words in ("sync --strict -", "sync strict - --dry-run", "sync - --check --strict"):
        got = sync(ctl, TWICE, kernel, words)
        check(words, (got.status, got.out, got.err, got.sent), (
            1, "", ROUTERS + PAIRS + 'Error: "-" has 5 warnings, which --strict refuses; nothing '
            "was changed.\n", []))
    clean = {"subnets": TWICE["subnets"][1:], "ports": TWICE["ports"][6:9]}
    got = sync(ctl, clean, Model(), "sync --strict -")
    check("none", (got.status, got.err), (0, ""))
    many = {"subnets": [{"name": "s1", "cidr": "192.0.2.0/24"}],
            "ports": [{"dev": "tap%d" % i, "mac": "00:00:5e:00:53:01", "subnet": "s1",
                       "addr": "192.0.2.5"} for i in range(24)]}
    got = sync(ctl, many, Model())
    check("many", (got.status, got.err.count("are those of port"), got.err.splitlines()[-1]),
          (0, 20, "Warning: 3 more warnings like these."))
    words = ["subnet", "add", "s1", "cidr", "192.0.2.0/24", "gateway"]
    got = run(ctl, words + ["203.0.113.1"], Model())
    check("subnet add", (got.status, got.err), (0, ROUTERS.split("\n", 1)[0] + "\n"))
    got = run(ctl, words + ["192.0.2.254"], Model())
    check("on-link", (got.status, got.err), (0, ""))


@test
def removals(ctl):
    """More than half of 20 or more ports are removed only if that is allowed."""
    for have, keep, words, done in (
            (20, 10, "", True), (20, 9, "", False), (19, 0, "", True), (1000, 0, "", False),
            (20, 9, "--max-remove 11", True), (20, 9, "--max-remove 10", False),
            (20, 9, "max-remove 55%", True), (20, 9, "--max-remove 54%", False),
            (20, 0, "--max-remove 100%", True), (3, 2, "--max-remove 0", False),
            (3, 3, "--max-remove 0", True), (3, 2, "--max-remove 0%", False)):
        kernel = filled(ctl, ports(have))
        got = sync(ctl, ports(keep), kernel, ("sync - " + words).strip())
        name = "%d of %d %s" % (keep, have, words)
        check(name + ": left", len(kernel.tables["port"]), keep if done else have)
        check(name, (got.status, got.err), (0, "") if done else (
            1, "Error: the document lacks %d of %d ports, nothing was changed: allowed are %s; "
            "\"--max-remove %d\" removes them.\n" % (
                have - keep, have, words.split()[1] if words else "50%", have - keep)))
    # Other ports in their place are removals, too; looking is always possible.
    kernel = filled(ctl, ports(20))
    check("others", sync(ctl, ports(20, 100), kernel).status, 1)
    check("check", sync(ctl, ports(0), kernel, "sync --check -").status, 3)
    check("dry run", sync(ctl, ports(0), kernel, "sync --dry-run -").status, 0)
    for words, want in (("--max-remove", '"--max-remove" needs a value: N or N%.'),
                        ("--max-remove x", '"x" is not a number of ports, such as 10 or 10%'),
                        ("--max-remove 5%%", '"5%%" is not'), ("--max-remove -1", '"-1" is not')):
        got = run(ctl, ["sync", "-"] + words.split(), kernel, b"{}")
        check(words, (got.status, want in got.err), (1, True))


@test
def known(ctl):
    """The text of the last sync is known by its digest until something changes."""
    kernel = filled(ctl, FIRST)
    text = encoded(FIRST)
    check("digest", kernel.digest, hashlib.sha256(b"1.2.3\0" + text).hexdigest())
    for words in ("sync -", "sync --check -", "sync --dry-run -"):
        got = sync(ctl, text, kernel, words)
        check(words, (got.status, got.err, got.out, got.sent), (0, "", NOTHING_TEXT, []))
    dumps = [("SUBNET_GET+DUMP", []), ("PORT_GET+DUMP", [])]
    got = sync(ctl, text + b"\n", kernel)
    check("another text", (got.status, got.out, got.sent), (0, NOTHING_TEXT, dumps))
    kernel.generation += 1
    got = sync(ctl, text, kernel)
    check("another generation", (got.status, got.out, got.sent), (0, NOTHING_TEXT, dumps))
    run(ctl, ["port", "del", "tap2"], kernel)
    got = sync(ctl, text, kernel)
    check("port gone", names(got), [("batch_begin", 2), ("port_new", "tap2"),
                                    ("batch_commit", None)])
    got = sync(ctl, text, kernel)
    check("known again", (got.out, got.sent), (NOTHING_TEXT, []))
    got = sync(ctl, SECOND, kernel)
    check("another document", got.out, SECOND_TEXT)
    got = sync(ctl, b"", kernel)
    check("no document", (got.status, got.out), (1, ""))


@test
def look_only(ctl):
    kernel = filled(ctl, FIRST)
    for words, status in (("sync - --dry-run", 0), ("sync dry-run -", 0), ("sync -dry-run -", 0),
                          ("sync --check -", 3), ("sync - check", 3),
                          ("sync dry-run - -check", 3)):
        got = sync(ctl, SECOND, kernel, words)
        check(words, (got.status, got.out, got.err, names(got)), (status, SECOND_TEXT, "", []))
        got = sync(ctl, FIRST, kernel, words)
        check(words + ", nothing", (got.status, got.out, names(got)), (0, NOTHING_TEXT, []))
    check("unchanged", dumped(ctl, kernel), documents.normal(FIRST))
    got = sync(ctl, SECOND, kernel, "sync check - -s")
    check("option after the words", (got.status, got.err, "subnet s1: changed\n" in got.out),
          (3, "", True))


@test
def dump(ctl):
    kernel = filled(ctl, FIRST)
    got = run(ctl, ["dump"], kernel)
    check("lines", got.out, """{"subnets":[
{"name":"s1","cidr":"192.0.2.0/24","gateway":"192.0.2.1","lease":86400,"rapid-commit":true},
{"name":"s2","cidr":"198.51.100.0/24","lease":86400,"rapid-commit":true}
],"ports":[
{"dev":"tap1","vlan":0,"mac":"00:00:5e:00:53:01","addresses":[{"addr":"192.0.2.5","subnet":"s1"}],"mode":"serve",\
"guard":true,"rate":100},
{"dev":"tap1","vlan":7,"mode":"pass","guard":true,"rate":100},
{"dev":"tap2","vlan":0,"addresses":[{"subnet":"s2"}],"mode":"serve","guard":true,"rate":100}
]}
""")
    document = json.loads(got.out)
    check("pretty", run(ctl, ["-p", "dump"], kernel).out, json.dumps(document, indent=4) + "\n")
    check("-j -s", run(ctl, ["-j", "-s", "dump"], kernel).out, got.out)
    check("no-op", names(sync(ctl, got.out.encode(), kernel)), [])
    check("empty", run(ctl, ["dump"], Model()).out, '{"subnets":[],"ports":[]}\n')
    kernel.tables["port"][("tap2", 0)] = [("dev", "tap2"), ("hostname", b"a\xffb\0")]
    got = run(ctl, ["dump"], kernel)
    check("odd text", (got.status, json.loads(got.out)["ports"][2]["hostname"], got.err),
          (0, "a?b", "Warning: port tap2: \"hostname\" has bytes that a document cannot hold, "
           "\"?\" replaces them.\n"))
    kernel.tables["port"][("tap2", 0)] = [("dev", "tap2"), ("mac", "00:00:5e:00:53:01"),
                                          ("address", [("subnet", b"a\xffb\0")])]
    got = run(ctl, ["dump"], kernel)
    check("odd text in a nest", (got.status, got.err),
          (0, "Warning: port tap2: \"subnet\" has bytes that a document cannot hold, "
           "\"?\" replaces them.\n"))
    kernel = Model()
    kernel.tables["subnet"]["s"] = [
        ("name", "s"), ("network", "192.0.2.0"), ("prefix-len", 24),
        ("option", [("code", 66), ("data", b"\x1b".hex()), ("form", 1)])]
    got = run(ctl, ["dump"], kernel)
    check("odd option", names(sync(ctl, got.out.encode(), kernel)), [])


@test
def moving(ctl):
    """Another program changes the configuration during sync."""
    for where in ("PORT_GET+DUMP", "BATCH_BEGIN", "SUBNET_NEW", "PORT_NEW", "BATCH_COMMIT"):
        kernel = Model(early=True)
        kernel.moves = [where] * 3
        got = sync(ctl, SECOND, kernel)
        check(where, (got.status, got.err, kernel.moves), (0, "", []))
        check(where + ": result", dumped(ctl, kernel), documents.normal(SECOND))
        kernel = Model()
        kernel.moves = [where] * 1000
        got = sync(ctl, SECOND, kernel)
        text = ("the configuration changed 8 times while it was read, try again"
                if where == "PORT_GET+DUMP" else "gave up after 8 attempts, because another "
                "program keeps changing the configuration; nothing was changed")
        check(where + ": always", (got.status, got.out, got.err), (2, "", "Error: %s.\n" % text))
        count = "SUBNET_GET+DUMP" if "DUMP" in where else "BATCH_BEGIN"
        check(where + ": attempts", sum(name == count for name, _ in got.sent), 8)
        check(where + ": nothing done", kernel.tables, {"subnet": {}, "port": {}})
    kernel = filled(ctl, FIRST)
    kernel.moves = ["PORT_GET+DUMP"] * 3
    check("dump", dumped(ctl, kernel), documents.normal(FIRST))


@test
def refused(ctl):
    """What the kernel says names the object, and nothing takes effect."""
    cases = [
        (("tap0", 3), (EINVAL, "vdhcp: addr is outside of the subnet's cidr",
                        "address/subnet"),
         'port tap0 vlan 3: vdhcp: addr is outside of the subnet\'s cidr (key "subnet").'),
        (("tap2", 0), (EINVAL, "no", "dev"), 'port tap2: vdhcp: no (key "dev").'),
        ("s1", (EINVAL, "gateway is bad", "gateway"),
         'subnet s1: vdhcp: gateway is bad (key "gateway").'),
        ("s2", (EBUSY, "port tap9 uses it", "name"),
         'subnet s2: vdhcp: port tap9 uses it (key "name").'),
        ("commit", (EINVAL, "port tap1: no room"), "vdhcp: port tap1: no room."),
        ("commit", (EPERM,), "vdhcp: Operation not permitted, this takes CAP_NET_ADMIN."),
    ]
    for key, ack, message in cases:
        kernel = filled(ctl, FIRST)
        kernel.refuse = {key: ack}
        got = sync(ctl, SECOND, kernel)
        check("refused %s" % (key,), (got.status, got.out, got.err),
              (2, "", "Error: %s\n" % message))
        check("as before", dumped(ctl, kernel), documents.normal(FIRST))

    class NoBatch(Model):
        def batch(self, req):
            raise AssertionError

        def answer(self, req):
            return [req.ack(EPERM)] if req.name == "BATCH_BEGIN" else super().answer(req)
    got = sync(ctl, FIRST, NoBatch())
    check("begin", (got.status, got.err, names(got)),
          (2, "Error: vdhcp: Operation not permitted, this takes CAP_NET_ADMIN.\n",
           [("batch_begin", 2)]))
    # The first refusal of many counts, and the rest is not sent.
    many = {"ports": [{"dev": "tap%d" % i} for i in range(2000)]}
    kernel = Model()
    kernel.refuse = {("tap%d" % i, 0): (EINVAL, "no %d" % i) for i in range(100, 2000)}
    got = run(ctl, ["sync", "-"], kernel, stdin=encoded(many), sndbuf=8192)
    check("many", (got.status, got.err), (2, "Error: port tap100: vdhcp: no 100.\n"))
    check("stops early", ("batch_commit", None) in names(got), False)

    class Overrun(Model):
        """Answers after the first one are lost; the tool sees the loss before the first answer."""

        def answer(self, req):
            out = super().answer(req)
            return [b"LOST"] + out if out and req.name == "PORT_NEW" else out
    kernel = Overrun()
    kernel.refuse = {("tap%d" % i, 0): (EINVAL, "no %d" % i) for i in range(100, 102)}
    got = run(ctl, ["sync", "-"], kernel, stdin=encoded(many), sndbuf=8192)
    check("overrun", (got.status, got.err), (2, "Error: port tap100: vdhcp: no 100.\n"))

    class Silent(Model):
        """There is no memory for the answer to the commit, which takes effect."""

        def answer(self, req):
            out = super().answer(req)
            if req.name == "BATCH_BEGIN":
                out.append(b"LOST")
            return [] if req.name == "BATCH_COMMIT" else out
    kernel = Silent()
    got = sync(ctl, FIRST, kernel)
    check("nothing heard", (got.status, got.err),
          (2, "Error: cannot receive from the kernel: No buffer space available.\n"))
    check("but done", dumped(ctl, kernel), documents.normal(FIRST))


@test
def invalid(ctl):
    """Nothing is asked of the kernel before the whole document was looked at."""
    for document, message in documents.INVALID + documents.TOOL_ONLY:
        got = sync(ctl, document, Model())
        check("%.60s" % message, (got.status, got.out, got.err, got.sent),
              (1, "", "Error: %s\n" % message, []))
    for document, message in documents.INVALID:
        check("schema: %.60s" % message, documents.valid(document), False)
    for document, message in documents.TOOL_ONLY[:-1]:
        check("schema does not know: %.60s" % message, documents.valid(document), True)
    for text, place in documents.BROKEN:
        got = sync(ctl, text, Model())
        check("%.40r" % text, (got.status, got.err.startswith("Error: -:%s: " % place),
                               got.err if "Error: -:%s: " % place not in got.err else ""),
              (1, True, ""))
    got = sync(ctl, documents.BROKEN[-1][0], Model())
    check("duplicate key is named", '"mtu"' in got.err, True)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(b"{\n[")
        file.flush()
        got = run(ctl, ["sync", file.name])
        check("file", (got.status, got.err.startswith("Error: %s:2:1: " % file.name)), (1, True))
    got = run(ctl, ["sync", "/nonexistent"])
    check("no file", (got.status, got.err),
          (1, 'Error: cannot open "/nonexistent": No such file or directory.\n'))
    got = run(ctl, ["sync", "/"])
    check("directory", (got.status, got.err), (2, 'Error: cannot read "/": Is a directory.\n'))
    got = run(ctl, ["-b", "-"], Model(), stdin=b"sync -\n")
    check("stdin twice", (got.status, got.err),
          (1, 'Error: "-" cannot be used for sync: stdin is the batch file.\n'
           "Command failed -:1\n"))


@test
def addresses(ctl):
    """A port with several addresses, and with one in the old form, which is still read."""
    old, new = ({"subnets": [documents.S], "ports": [dict(keys, dev="tap0")]}
                for keys in (documents.A, {"addresses": [documents.A]}))
    kernel = filled(ctl, old)
    check("old form", dumped(ctl, kernel), documents.normal(new))
    kernel.digests = False
    got = sync(ctl, new, kernel)
    check("same in the new form", (got.status, names(got)), (0, []))
    two = dict(new, ports=[{"dev": "tap0", "addresses": [
        documents.A, {"addr": "198.51.100.5", "subnet": "s", "mac": "02:00:00:00:00:06"},
        {"subnet": "s"}]}])
    got = sync(ctl, two, kernel)
    check("several", (got.status, got.err, got.sent[-2][1][2:5]), (0, "", [
        ("address", [("addr", "192.0.2.5"), ("subnet", "s")]),
        ("address", [("addr", "198.51.100.5"), ("subnet", "s"), ("mac", "02:00:00:00:00:06")]),
        ("address", [("subnet", "s")])]))
    check("dump of several", dumped(ctl, kernel), documents.normal(two))
    for keys in documents.BAD_ADDRESSES:
        document = {"subnets": [documents.S], "ports": [dict(keys, dev="tap0")]}
        check("schema: %.70s" % keys, documents.valid(document), False)
        got = sync(ctl, document, Model())
        check("%.70s" % keys, (got.status, got.out, got.err.startswith("Error: port tap0: "),
                               got.sent), (1, "", True, []))


@test
def without_module(ctl):
    """A dry run checks the whole document before it needs the module."""
    def dry(document, words="sync --dry-run -"):
        kernel = Model()
        kernel.family = False
        return sync(ctl, document, kernel, words)
    for document, message in documents.INVALID + documents.TOOL_ONLY:
        got = dry(document)
        check("%.60s" % message, (got.status, got.err), (1, "Error: %s\n" % message))
    got = dry(b'{"subnets": [')
    check("syntax", (got.status, got.err.startswith("Error: -:1:")), (1, True))
    got = dry(FIRST)
    check("valid", (got.status, got.out, got.err.startswith(
        'Error: "-" is valid (subnets: 2, ports: 3), but cannot be compared: ')), (2, "", True))
    got = dry([], "sync -")
    check("without dry-run", (got.status, "is valid" in got.err, "modules" in got.err),
          (2, False, True))


@test
def schema_keys(ctl):
    """The schema and the tool have the keys of the YAML, which random documents have, too."""
    for name, table in KEYS.items():
        text = run(ctl, [name, "help"]).out.partition("\nKeys:\n")[2]
        first, *rest = table
        # What is one list in a document has a key for each word of an entry.
        words = {word for key in rest for word in table[key].get("words", [key])}
        check("keys of " + name, set(re.findall(r"^  (\S+) ", text, re.M)), words)
        keys = {key["json"] for key in table.values()} | \
            {word["json"] for key in table.values() for word in key.get("words", {}).values()}
        check("schema of " + name, set(documents.SCHEMA["definitions"][name]["properties"]), keys)


@test
def random_documents(ctl):
    """From any configuration to any other, and what is read back is what was given."""
    seed = int(os.environ.get("SEED", str(int(time.time()))))
    print("random documents: SEED=%d" % seed)
    rng = random.Random(seed)
    kernel = Model()
    for number in range(1000 if "plain" in ctl else 100):
        document = documents.random_document(rng)
        check("schema of document %d" % number, documents.valid(document), True)
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(encoded(document))
            file.flush()
            kernel.digests = number % 2
            lines = "sync {0} max-remove 100%\ndump\nsync check {0}\nsync {0}\n".format(file.name)
            got = run(ctl, ["-b", "-"], kernel, stdin=lines.encode())
        kernel.datagrams.clear()
        dump_text = got.out[got.out.find("{"):got.out.rfind("}") + 1] or "{}"
        normal = documents.normal(document)
        # Random addresses are the same now and then, and random gateways anywhere.
        errors = [line for line in got.err.splitlines() if not line.startswith("Warning: ")]
        check("document %d" % number, (got.status, errors, json.loads(dump_text)),
              (0, [], normal))
        check("document %d: schema" % number, documents.valid(json.loads(dump_text)), True)
        check("document %d: once" % number, sum(n == "BATCH_BEGIN" for n, _ in got.sent) <= 1,
              True)
        check("document %d: summary" % number, got.out.splitlines()[-2:], [
            "subnets: added 0, changed 0, unchanged %d, removed 0" % len(normal["subnets"]),
            "ports: added 0, changed 0, unchanged %d, removed 0" % len(normal["ports"])])


@test
def large(ctl):
    """Ten thousand ports go in few datagrams, all of them at once or none."""
    document = {"subnets": [{"name": "s", "cidr": "128.0.0.0/1"}],
                "ports": [{"dev": "tap%d" % i, "mac": "00:00:5e:00:%02x:%02x" % divmod(i, 256),
                           "addr": "192.0.%d.%d" % divmod(i, 256), "subnet": "s"}
                          for i in range(10000 if "plain" in ctl else 1000)]}
    kernel = Model()
    got = sync(ctl, document, kernel)
    count = len(document["ports"])
    check("sync", (got.status, got.err, got.out.splitlines()[1]),
          (0, "", "ports: added %d, changed 0, unchanged 0, removed 0" % count))
    check("datagrams", len(kernel.datagrams) < count / 100 + 20, True)
    check("size", max(map(len, kernel.datagrams)) < 65536, True)
    check("kept", len(kernel.tables["port"]), count)
    got = sync(ctl, document, kernel)
    check("nothing", (got.status, names(got)), (0, []))


def huge_subnet():
    return {"name": "s", "cidr": "192.0.2.0/24",
            "options": [{"code": c, "string": "a" * 1024} for c in range(1, 60)]}


@test
def long_objects(ctl):
    """Objects that are as long as a datagram."""
    kernel = filled(ctl, {"subnets": [huge_subnet(), dict(huge_subnet(), name="t")]})
    check("dump", dumped(ctl, kernel)["subnets"][1], documents.normal(
        {"subnets": [dict(huge_subnet(), name="t")]})["subnets"][0])
    longer = dict(huge_subnet(), options=[{"code": c, "string": "a" * 1024}
                                          for c in range(1, 80)])
    got = sync(ctl, {"subnets": [longer]}, Kernel())
    check("too long", (got.status, got.err, got.sent), (
        1, 'Error: subnet s: the request is too large (limit 65536 bytes) (key "option").\n', []))


@test
def no_memory(ctl):
    """Each allocation fails once: an error, and all of the document is there or nothing."""
    if "plain" not in ctl:      # the sanitizer has an allocator of its own
        return
    preload = os.path.join(os.path.dirname(os.path.dirname(ctl)), "nomem.so")
    rich = documents.random_document(random.Random(5))
    for words, document in (("sync -", rich), ("-s -j sync -", SECOND), ("sync check -", FIRST),
                            ("-p dump", FIRST), ("dump", rich), ("-b -", b"port add t\ndump\n")):
        number = harmless = 0
        while harmless < 20:
            number += 1
            kernel = filled_quietly(ctl, FIRST)
            before, generation = kernel.tables, kernel.generation
            got = sync(ctl, document, kernel, words,
                       {"LD_PRELOAD": preload, "NOMEM_AT": str(number)})
            failed = got.status not in (0, 3)
            if got.status not in (0, 2, 3) or (failed and "emory" not in got.err):
                check("%s, allocation %d" % (words, number), (got.status, got.err), "an error")
            if failed and "sync" in words and not (
                    kernel.tables == before and kernel.generation == generation):
                dump = dumped(ctl, kernel)
                # The answer to the commit may be what there was no memory for.
                if dump != documents.normal(document):
                    check("%s, allocation %d" % (words, number), dump, documents.normal(FIRST))
            harmless = 0 if failed else harmless + 1
        check("no memory: " + words, number > 21, True)


FILLED = {}


def filled_quietly(ctl, document):
    """A kernel that has taken the document, without doing that over and over again."""
    if "tables" not in FILLED:
        FILLED["tables"] = filled(ctl, document).tables
    kernel = Model()
    kernel.tables = {name: dict(table) for name, table in FILLED["tables"].items()}
    return kernel


if __name__ == "__main__":
    main()
