# SPDX-License-Identifier: GPL-2.0
"""Tests of what is shown of a port's state, and of the counters for Prometheus."""
import json
import os

from prometheus_client.parser import text_string_to_metric_families

from fakekernel import ENUMS, F_MULTI, Kernel, run
from suite import check, main, test

PORT = [("dev", "tap0"), ("mode", 1), ("guard", 1), ("rate", 100)]
FIRST = "port tap0 mode serve guard on rate 100\n"
SUMS = [("answered", 10), ("unanswered", 2), ("dropped", 0), ("passed", 12345678901)]
SUMS_TEXT = "    answered 10, unanswered 2, dropped 0, passed 12345678901\n"
SUMS_JSON = dict(SUMS)
WRONG_MAC = "02:00:00:00:00:99"
DROPPED = [("answered", 0), ("unanswered", 0), ("dropped", 12), ("passed", 0)]
DROPPED_TEXT = "    answered 0, unanswered 0, dropped 12, passed 0\n"
ZEROS = [("answered", 0), ("unanswered", 0), ("dropped", 0), ("passed", 0)]
ZEROS_TEXT = "    answered 0, unanswered 0, dropped 0, passed 0\n"


def verdict(name):
    return ENUMS["vdhcp_verdict"][name.upper().replace("-", "_")]


def device(name):
    return ENUMS["vdhcp_device"][name.upper().replace("-", "_")]


class Module(Kernel):
    """A dump of it can fail at its end."""
    dump_error = 0

    def answer(self, req):
        if req.dump and self.dump_error:
            return [req.reply(self.objects[0], F_MULTI), req.done(err=self.dump_error)]
        return super().answer(req)


def shown(ctl, words, objects):
    got = run(ctl, words.split(), Module(objects))
    check(words + ": status", (got.status, got.err), (0, ""))
    return got.out


STATES = [
    # A module of ABI 1 tells nothing of the device.
    ([], "    waiting for device tap0\n", {}),
    ([("ifindex", 7)], "    attached to ifindex 7\n", {"ifindex": 7}),
    ([("unsupported", "macvtap"), ("bound", 0)],
     "    device tap0 is not supported: macvtap, not bound\n    never asked\n",
     {"unsupported": "macvtap", "bound": False}),
    ([("device", device("unsupported")), ("unsupported", "macvtap")],
     "    device tap0 is not supported: macvtap\n",
     {"device": "unsupported", "unsupported": "macvtap"}),
    ([("device", device("no-hook"))],
     "    not attached to device tap0: the kernel refused its hook\n", {"device": "no-hook"}),
    ([("bound", 0), ("device", device("absent"))] + ZEROS,
     "    waiting for device tap0, not bound\n    never asked\n" + ZEROS_TEXT,
     {"bound": False, "device": "absent", **dict(ZEROS)}),
    # What was counted came from a guest that asked, even if nothing could be read.
    ([("bound", 0), ("device", device("absent"))] + SUMS,
     "    waiting for device tap0, not bound\n" + SUMS_TEXT,
     {"bound": False, "device": "absent", **SUMS_JSON}),
    ([("ifindex", 7), ("last-asked", 12345), ("last-verdict", verdict("ack-renewing")),
      ("bound", 1), ("device", device("up")), ("master", "br0"), ("master-kind", "bridge")] + SUMS,
     "    attached to ifindex 7, up, in bridge br0, bound\n"
     "    last asked 12.3 s ago: answered with ack-renewing\n" + SUMS_TEXT,
     {"ifindex": 7, "device": "up", "master": "br0", "master-kind": "bridge",
      "last-asked": 12345, "last-verdict": "ack-renewing", "bound": True, **SUMS_JSON}),
    # A guest with another MAC asked, though none of its messages was read.
    ([("ifindex", 7), ("bound", 0), ("wrong-mac", WRONG_MAC), ("wrong-mac-ago", 3149),
      ("wrong-mac-count", 12)] + DROPPED,
     "    attached to ifindex 7, not bound\n"
     "    wrong MAC: 12 frames dropped, the last 3.1 s ago with " + WRONG_MAC + "\n" + DROPPED_TEXT,
     {"ifindex": 7, "bound": False, "wrong-mac": WRONG_MAC, "wrong-mac-ago": 3149,
      "wrong-mac-count": 12, **dict(DROPPED)}),
    ([("ifindex", 7), ("last-asked", 99), ("wrong-mac", WRONG_MAC), ("wrong-mac-ago", 0),
      ("wrong-mac-count", 1)] + SUMS,
     "    attached to ifindex 7\n    last asked 0.0 s ago\n"
     "    wrong MAC: 1 frame dropped, the last 0.0 s ago with " + WRONG_MAC + "\n" + SUMS_TEXT,
     {"ifindex": 7, "last-asked": 99, "wrong-mac": WRONG_MAC, "wrong-mac-ago": 0,
      "wrong-mac-count": 1, **SUMS_JSON}),
    ([("ifindex", 7), ("device", device("down"))], "    attached to ifindex 7, down\n",
     {"ifindex": 7, "device": "down"}),
    ([("ifindex", 7), ("device", device("no-carrier")), ("master", "x0")],
     "    attached to ifindex 7, no carrier, in device x0\n",
     {"ifindex": 7, "device": "no-carrier", "master": "x0"}),
    ([("ifindex", 7), ("device", 99)], "    attached to ifindex 7, device-99\n",
     {"ifindex": 7, "device": "device-99"}),
    ([("last-asked", 99), ("last-verdict", verdict("release")), ("bound", 0)],
     "    waiting for device tap0, not bound\n"
     "    last asked 0.0 s ago: not answered, release\n",
     {"last-asked": 99, "last-verdict": "release", "bound": False}),
    ([("ifindex", 7), ("last-asked", 100), ("last-verdict", verdict("spoofed-chaddr"))],
     "    attached to ifindex 7\n    last asked 0.1 s ago: dropped, spoofed-chaddr\n",
     {"ifindex": 7, "last-asked": 100, "last-verdict": "spoofed-chaddr"}),
    ([("ifindex", 7), ("last-asked", 86400000), ("last-verdict", verdict("pass-mode"))],
     "    attached to ifindex 7\n    last asked 86400.0 s ago: passed on, pass-mode\n",
     {"ifindex": 7, "last-asked": 86400000, "last-verdict": "pass-mode"}),
    ([("ifindex", 7), ("last-asked", 1), ("last-verdict", 999)],
     "    attached to ifindex 7\n    last asked 0.0 s ago: verdict verdict-999\n",
     {"ifindex": 7, "last-asked": 1, "last-verdict": "verdict-999"}),
    ([("ifindex", 7), ("last-asked", 1)],
     "    attached to ifindex 7\n    last asked 0.0 s ago\n", {"ifindex": 7, "last-asked": 1}),
]


@test
def port_state(ctl):
    for state, text, want in STATES:
        port = PORT + [("state", state)]
        check("text", shown(ctl, "port show tap0", [port]), FIRST + text)
        have = json.loads(shown(ctl, "-s -j port show tap0", [port]))[0]
        check("json", have.get("state"), want)
        have = json.loads(shown(ctl, "-j port show tap0", [port]))[0]
        check("without -s", "state" in have, False)
    keys = {k for _, _, want in STATES for k in want}
    check("all keys are tested", {n.lower().replace("_", "-")
                                  for n in ENUMS["vdhcp_a_port_state"]} - {"pad"}, keys)


@test
def wrong_mac(ctl):
    state = [("wrong-mac", WRONG_MAC), ("wrong-mac-ago", 5000), ("wrong-mac-count", 3)]
    port = PORT + [("mac", "02:00:00:00:00:05"), ("state", [("ifindex", 7)] + state)]
    out = shown(ctl, "port show tap0", [port])
    check("the configured MAC is named", out.splitlines()[-1],
          "    wrong MAC: 3 frames dropped, the last 5.0 s ago with 02:00:00:00:00:99"
          " (configured: 02:00:00:00:00:05)")
    # A module that sends one of the three attributes sends all of them.
    for left_out in state:
        rest = [attr for attr in state if attr != left_out]
        out = shown(ctl, "port show tap0", [PORT + [("state", [("ifindex", 7)] + rest)]])
        check("without " + left_out[0], out, FIRST + "    attached to ifindex 7\n")


# Many ports

def port_of(dev, state=(), **keys):
    address = [(name, keys.pop(name)) for name in ("addr", "subnet") if name in keys]
    return [("dev", dev), ("vlan", keys.pop("vlan", 0)), ("mode", keys.pop("mode", 1)),
            ("guard", 1), ("rate", 100)] + list(keys.items()) + \
        ([("address", address)] if address else []) + [("state", list(state))]


UP = [("ifindex", 7), ("device", 6)]
MANY = [
    port_of("tap10", UP + [("bound", 1), ("last-asked", 12345),
                           ("last-verdict", verdict("ack-renewing"))],
            mac="00:00:5e:00:53:0a", addr="192.0.2.10", subnet="net1"),
    port_of("tap2", [("bound", 0), ("device", 1)], mac="00:00:5e:00:53:02", addr="192.0.2.2",
            subnet="net1"),
    port_of("tap1", [("bound", 0), ("device", 2), ("unsupported", "macvtap")], vlan=5,
            mac="00:00:5e:00:53:01", addr="198.51.100.1", subnet="a longer name"),
    port_of("tap1", UP + [("bound", 0), ("last-asked", 7200000),
                          ("last-verdict", verdict("pass-mode"))], mode=2),
    port_of("eth-x", [("bound", 0), ("device", 3)], addr="192.0.2.77", subnet="net1",
            mac="00:00:5e:00:53:77"),
]
BRIEF = """\
DEV    VLAN  STATE          GUEST    ADDRESS       SUBNET         MAC                ASKED  VERDICT
eth-x  -     no-hook        unbound  192.0.2.77    net1           00:00:5e:00:53:77  -      -
tap1   -     up             pass     -             -              -                  2h     pass-mode
tap1   5     unfit:macvtap  unbound  198.51.100.1  a longer name  00:00:5e:00:53:01  -      -
tap2   -     waiting        unbound  192.0.2.2     net1           00:00:5e:00:53:02  -      -
tap10  -     up             bound    192.0.2.10    net1           00:00:5e:00:53:0a  12.3s  ack-renewing
5 ports: 1 bound, 3 unbound; 1 waiting for its device, 2 with an unfit device
"""
FILTERS = [
    ("subnet net1", ["eth-x 0", "tap2 0", "tap10 0"]),
    ("subnet net", []),
    ("mac 00:00:5E:00:53:02", ["tap2 0"]),
    ("addr 192.0.2.10", ["tap10 0"]),
    ("addr 192.0.2.1", []),
    ("dev tap*", ["tap1 0", "tap1 5", "tap2 0", "tap10 0"]),
    ("dev tap1", ["tap1 0", "tap1 5"]),
    ("dev tap? vlan 5", ["tap1 5"]),
    ("vlan 0 dev tap1", ["tap1 0"]),
    ("waiting", ["tap2 0"]),
    ("unfit", ["eth-x 0", "tap1 5"]),
    ("unbound", ["eth-x 0", "tap1 5", "tap2 0"]),
    ("unbound subnet net1 waiting", ["tap2 0"]),
    ("asked-within 12", ["tap10 0"]),
    ("asked-within 11", []),
    ("asked-within 2h", ["tap1 0", "tap10 0"]),
]


@test
def many_ports(ctl):
    for words in ("-br port", "-brief port show", "port show -br", "port list -br"):
        check(words, shown(ctl, words, MANY), BRIEF)
    check("none", shown(ctl, "port -br", []),
          "0 ports: 0 bound, 0 unbound; 0 waiting for their device, 0 with an unfit device\n")
    out = shown(ctl, "port show tap2 -br", MANY[1:2])
    check("one", [line.split()[0] for line in out.splitlines()], ["DEV", "tap2", "1"])
    for words, want in FILTERS:
        have = json.loads(shown(ctl, "-j port show " + words, MANY))
        check(words, ["%s %d" % (p["dev"], p["vlan"]) for p in have], want)
        lines = shown(ctl, "port show %s -br" % words, MANY).splitlines()
        check(words + ", brief", ["%s %s" % (w[0], w[1].replace("-", "0")) for w in
                                  map(str.split, lines[1:-1])], want)
        check(words + ", total", lines[-1].split()[0], str(len(want)))
    check("text", [line.split()[1] for line in shown(ctl, "port", MANY).splitlines()
                   if line.startswith("port")], ["eth-x", "tap1", "tap1", "tap2", "tap10"])
    for words, want in (("waiting x", '"x" is not a filter of port show'),
                        ("unbound waitin", '(did you mean "waiting"?)'),
                        ("mac", '"mac" needs a value'), ("addr 1", "is not an IPv4 address"),
                        ("vlan 4095", "out of range"), ("asked-within x", "is not a duration")):
        got = run(ctl, ("port show " + words).split(), Module(MANY))
        check(words, (got.status, want in got.err, got.sent), (1, True, []))


# Counters

def stats_of(dev, vlan, **counts):
    out = [("dev", dev)] if dev else []
    out += [("vlan", vlan)] if vlan else []
    for name in ("verdict", "message", "note"):
        for key, number in list(ENUMS["vdhcp_" + name].items()) + [("99", 99)]:
            out.append((name, [(name, number),
                               ("packets", counts.get(key.lower(), 0))]))
    return out


def parse(text):
    """{family: type} and {(sample, labels): value}; the parser refuses what is malformed."""
    families, samples = {}, {}
    for family in text_string_to_metric_families(text):
        check("%s comes once" % family.name, family.name in families, False)
        check("%s has a help" % family.name, bool(family.documentation), True)
        families[family.name] = family.type
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            check("%s comes once" % (key,), key in samples, False)
            samples[key] = sample.value
    return families, samples


FAMILIES = {"vdhcp_info": "gauge", "vdhcp_messages": "counter", "vdhcp_packets": "counter",
            "vdhcp_notes": "counter"}


def labels(**pairs):
    return tuple(sorted(pairs.items()))


class Counting(Kernel):
    """Each answer has higher counters; a port comes and one goes meanwhile."""
    def answer(self, req):
        self.round = getattr(self, "round", -1) + 1
        if not req.dump:
            return [req.reply(stats_of(None, 0, offer=100 + 25 * self.round, discover=100 +
                                       25 * self.round)), req.ack()]
        devs = ("tap0", "tap1", "tap2") if self.round else ("tap0", "tap2", "tap9")
        return [req.reply(stats_of(dev, 0, offer=7 + 3 * self.round * (dev == "tap2")), F_MULTI)
                for dev in devs] + [req.done()]


@test
def rates(ctl):
    got = run(ctl, "stats -w 1".split(), Counting())
    check("rates", (got.status, got.err, got.out), (0, "", """\
stats of all ports, packets per second in the last 1 s
    received                       25.0
    answered                       25.0
        offer                      25.0
    DHCP messages                  25.0
        discover                   25.0
"""))
    got = run(ctl, "-j stats -w 2s".split(), Counting())
    have = json.loads(got.out)[0]
    check("json", (have["received"], have["answered"], have["verdicts"]["offer"],
                   have["verdicts"]["bootp"]), (12.5, 12.5, 12.5, 0.0))
    got = run(ctl, "stats -w 1 all".split(), Counting())
    check("of ports", (got.status, [line for line in got.out.splitlines() if "stats" in line]),
          (0, ["stats tap2, packets per second in the last 1 s"]))
    got = run(ctl, "-s stats -w 1 all".split(), Counting())
    check("of all ports", [line.split(",")[0] for line in got.out.splitlines()
                           if "stats" in line], ["stats tap0", "stats tap2"])
    for words in ("-w", "-w 0", "-w x", "-w 1 all x"):
        got = run(ctl, ["stats"] + words.split(), Counting())
        check(words, (got.status, got.sent), (1, []))


@test
def reset(ctl):
    for words, attrs in (("-reset", []), ("--reset all", []), ("-reset tap0", [("dev", "tap0")]),
                         ("reset tap0 vlan 7", [("dev", "tap0"), ("vlan", 7)])):
        got = run(ctl, ["stats"] + words.split())
        check(words, (got.status, got.out, got.err, got.sent),
              (0, "", "", [("STATS_RESET", attrs)]))
    for words in ("-reset tap0 x", "-reset all x"):
        got = run(ctl, ["stats"] + words.split())
        check(words, (got.status, got.sent), (1, []))
    got = run(ctl, ["-b", "-"], stdin=b"stats -reset\nport add tap0 mode deny\n")
    check("in a batch", (got.status, [r.name for r in got.requests]),
          (0, ["BATCH_BEGIN", "STATS_RESET", "PORT_NEW"]))


@test
def empty_ports(ctl):
    """Ports without packets are left out of the list of all, and of nothing else."""
    objects = [stats_of("tap0", 0), stats_of("tap1", 0, offer=1), stats_of("tap2", 0)]
    for words, want in (("stats all", ["tap1"]), ("-s stats all", ["tap0", "tap1", "tap2"])):
        out = shown(ctl, words, objects)
        check(words, [line.split()[1] for line in out.splitlines() if "stats" in line], want)
    check("json", len(json.loads(shown(ctl, "-j stats all", objects))), 3)
    check("one", shown(ctl, "stats tap0", objects[:1]).split()[:2], ["stats", "tap0"])


class Host(Module):
    """Has counters and ports."""

    def __init__(self, stats, ports=()):
        super().__init__(stats)
        self.ports = list(ports)

    def answer(self, req):
        if req.name.startswith("PORT"):
            return [req.reply(port, F_MULTI) for port in self.ports] + [req.done()]
        return super().answer(req)


GAUGES = {"vdhcp_ports": "gauge", "vdhcp_ports_bound": "gauge"}


@test
def prometheus(ctl):
    total = stats_of(None, 0, offer=3, fragment=12345678901, discover=4, option_left_out=1)
    for words in ("stats --prometheus", "stats prometheus", "stats -prometheus",
                  "stats show prometheus"):
        got = run(ctl, words.split(), Host([total], MANY))
        check(words, (got.status, got.err, [r.name for r in got.requests]),
              (0, "", ["STATS_GET", "PORT_GET+DUMP"]))
        families, samples = parse(got.out)
        check("families", families, {**FAMILIES, **GAUGES})
        # Counters that are 0 are left out.
        check("samples", samples, {
            ("vdhcp_info", labels(version="1.2.3")): 1,
            ("vdhcp_packets_total", labels(verdict="offer", kind="reply")): 3,
            ("vdhcp_packets_total", labels(verdict="fragment", kind="drop")): 12345678901,
            ("vdhcp_messages_total", labels(message="discover")): 4,
            ("vdhcp_notes_total", labels(note="option-left-out")): 1,
            ("vdhcp_ports", labels(subnet="net1", state="up")): 1,
            ("vdhcp_ports", labels(subnet="net1", state="absent")): 1,
            ("vdhcp_ports", labels(subnet="net1", state="no-hook")): 1,
            ("vdhcp_ports", labels(subnet="a longer name", state="unsupported")): 1,
            ("vdhcp_ports", labels(subnet="", state="up")): 1,
            ("vdhcp_ports_bound", labels(subnet="net1")): 1,
            ("vdhcp_ports_bound", labels(subnet="a longer name")): 0,
            ("vdhcp_ports_bound", labels(subnet="")): 0,
        })
    newer = stats_of(None, 0)
    newer[-1] = ("note", [("note", 99), ("packets", 5)])
    newer.append(("verdict", [("verdict", 999), ("packets", 6)]))
    samples = parse(run(ctl, ["stats", "prometheus"], Host([newer])).out)[1]
    check("newer", (samples.get(("vdhcp_notes_total", labels(note="note-99"))),
                    samples.get(("vdhcp_packets_total",
                                 labels(verdict="verdict-999", kind="unknown")))), (5, 6))


@test
def prometheus_of_ports(ctl):
    """The series of a port are bounded, because a host may have thousands of ports."""
    stats = [stats_of("tap10", 0, offer=1, ack_renewing=2, bootp=4, discover=8),
             stats_of("tap1", 5, release=2), stats_of('a"b\\c', 0, offer=3),
             stats_of("gr\xfcn", 0, offer=7), stats_of("x", 0, offer=9), stats_of("tap2", 0)]
    stats[4][0] = ("dev", b"a\xff\0")
    host = Host(stats, MANY)
    got = run(ctl, ["stats", "prometheus", "all"], host)
    check("all", (got.status, got.err), (0, ""))
    families, samples = parse(got.out)
    check("families", families, {"vdhcp_info": "gauge", "vdhcp_port_packets": "counter",
                                 "vdhcp_port_bound": "gauge", **GAUGES})
    check("samples", {key: value for key, value in samples.items() if "port_" in key[0]}, {
        ("vdhcp_port_packets_total", labels(dev=dev, vlan=vlan, subnet=subnet, kind=kind)): value
        for dev, vlan, subnet, kind, value in (
            ("tap10", "0", "net1", "reply", 3), ("tap10", "0", "net1", "drop", 4),
            ("tap1", "5", "a longer name", "consumed", 2), ('a"b\\c', "0", "", "reply", 3),
            ("gr\xfcn", "0", "", "reply", 7), ("a?", "0", "", "reply", 9))} | {
        ("vdhcp_port_bound", labels(dev="tap10", vlan="0", subnet="net1")): 1})
    got = run(ctl, "stats prometheus tap1 vlan 5".split(), Host(stats[1:2], MANY))
    check("one", (got.status, got.err, got.sent[0]),
          (0, "", ("STATS_GET", [("dev", "tap1"), ("vlan", 5)])))
    check("its samples", parse(got.out)[1], {
        ("vdhcp_info", labels(version="1.2.3")): 1,
        ("vdhcp_packets_total", labels(dev="tap1", vlan="5", subnet="a longer name",
                                       verdict="release", kind="consumed")): 2,
        ("vdhcp_messages_total", labels(dev="tap1", vlan="5", subnet="a longer name",
                                        message="release")): 2})
    got = run(ctl, ["stats", "prometheus", "all"], Host([]))
    check("no ports", (got.status, got.err), (0, ""))
    failing = Module([stats_of("tap0", 0)])
    failing.dump_error = 12
    got = run(ctl, ["stats", "prometheus", "all"], failing)
    check("dump", (got.status, got.out, bool(got.err)), (2, "", True))
    message = 'Error: -json cannot be used with "stats prometheus".\n'
    got = run(ctl, ["-j", "stats", "prometheus"], Module([]))
    check("json", (got.status, got.out, got.err, got.sent), (1, "", message, []))
    got = run(ctl, ["stats", "prometheus", "all", "-j"], Module([]))
    check("json after the words", (got.status, got.out, got.err), (1, "", message))
    got = run(ctl, "stats prometheus tap0 x".split(), Module([]))
    check("usage", (got.status, got.out, got.sent), (1, "", []))
    got = run(ctl, "stats prometheus all x".split(), Module([]))
    check("too many", (got.status, got.err, got.sent),
          (1, 'Error: unexpected argument "x".\n', []))
    odd = Host([stats_of(None, 0)])
    odd.info = [("version", 'a"b\\c\nd'), ("abi", 2)]
    samples = parse(run(ctl, ["stats", "prometheus"], odd).out)[1]
    check("version", ("vdhcp_info", labels(version='a"b\\c\nd')) in samples, True)


@test
def no_memory(ctl):
    """Each allocation fails once: the whole page, or an error."""
    if "sanitized" in ctl:
        return
    kernel = Host([stats_of("tap%d" % i, 0, offer=i) for i in range(3)], MANY)
    good = run(ctl, "stats prometheus all".split(), kernel)
    preload = os.path.join(os.path.dirname(os.path.dirname(ctl)), "nomem.so")
    failed = number = harmless = 0
    while harmless < 20:
        number += 1
        got = run(ctl, "stats prometheus all".split(), kernel,
                  env={"LD_PRELOAD": preload, "NOMEM_AT": str(number)})
        if got.status == 0:
            check("allocation %d, whole" % number, got.out == good.out, True)
            harmless += 1
            continue
        check("allocation %d" % number, (got.status, got.out, "out of memory" in got.err),
              (2, "", True))
        failed, harmless = failed + 1, 0
    check("allocations", failed > 5, True)


if __name__ == "__main__":
    main()
