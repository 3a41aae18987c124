# SPDX-License-Identifier: GPL-2.0
"""Tests of vdhcpctl monitor, which runs until a signal or a closed output ends it."""
import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import time

from fakekernel import CMD, CTRL, ENUMS, FAMILY, Kernel, Request, attr, encode, run
from suite import check, main, test

GROUP = 9
NTF = {v: k for k, v in CMD.items()}["EVENT_NTF"]
ADD_MEMBERSHIP = 1
TIMEOUT = 20


def number_of(enum, name):
    return ENUMS["vdhcp_" + enum][name.upper().replace("-", "_")]


def event(number, kind, *attrs):
    """A datagram with an event."""
    kind = kind if isinstance(kind, int) else number_of("event", kind)
    body = struct.pack("=BBH", NTF, 1, 0) + \
        encode("event", [("number", number), ("event", kind)] + list(attrs))
    return struct.pack("=IHHII", 16 + len(body), FAMILY, 0, 0, 0) + body


def family(req, groups=True):
    body = struct.pack("=BBH", 1, 2, 0) + attr(2, b"vdhcp\0") + attr(1, struct.pack("=H", FAMILY))
    if groups:
        other = attr(1, attr(1, b"other\0") + attr(2, struct.pack("=I", 4)))
        events = attr(2, attr(1, b"events\0") + attr(2, struct.pack("=I", GROUP)))
        body += attr(7, other + events)
    return req.message(CTRL, body)


class Result:
    def __init__(self, status, out, err, joined):
        self.status, self.out, self.err, self.joined = status, out, err, joined
        self.lines = out.splitlines()

    def texts(self):
        """The lines without the time."""
        return [re.sub(r"^\d\d:\d\d:\d\d\.\d{3} ", "", line) for line in self.lines]

    def objects(self):
        return [json.loads(line) for line in self.lines]


def connect(ours):
    """Speaks for the kernel until vdhcpctl has joined; returns the group."""
    while True:
        data = ours.recv(1 << 16)
        if data[:3] == b"opt" and data[3] == ADD_MEMBERSHIP and data[4] != CTRL:
            return data[4]
        if not data:
            return None
        if data[:3] == b"opt":
            continue
        req = Request(data)
        ours.send(family(req) if req.type == CTRL else
                  req.reply([("version", "1.2.3"), ("abi", 2)]))
        ours.send(req.ack())


def speak(ours, datagrams):
    """What connect() returns; None if vdhcpctl left early. A function speaks by itself."""
    try:
        group = connect(ours)
        for datagram in datagrams:
            if isinstance(datagram, float):
                time.sleep(datagram)
            elif callable(datagram):
                datagram(ours)
            else:
                ours.send(datagram)
        return group
    except (BrokenPipeError, ConnectionResetError):
        return None


def read_lines(file, want, deadline):
    """At least as many lines as wanted, if they come in time."""
    out = b""
    while out.count(b"\n") < want and time.monotonic() < deadline:
        if select.select([file], [], [], 0.1)[0]:
            more = os.read(file.fileno(), 1 << 16)
            if not more:
                break
            out += more
    return out


def monitor(ctl, words, datagrams, want, end=signal.SIGTERM, stdout=None, env=None):
    """Runs it until it printed as many lines as wanted, then ends it; a number is a pause."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(TIMEOUT)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    full = dict(os.environ, VDHCPCTL_TEST_FD=str(theirs.fileno()), TZ="UTC",
                ASAN_OPTIONS="exitcode=99", **(env or {}))
    with subprocess.Popen([ctl] + words, env=full, pass_fds=[theirs.fileno()],
                          stdin=subprocess.DEVNULL, stdout=stdout or subprocess.PIPE,
                          stderr=subprocess.PIPE) as child:
        try:
            theirs.close()
            group = speak(ours, datagrams)
            out = read_lines(child.stdout, want, time.monotonic() + TIMEOUT) if want else b""
            if end == "close":      # the output of the command is closed
                child.stdout.close()
                child.stdout = None
            elif end and out.count(b"\n") >= want:      # else it has ended by itself
                child.send_signal(end)
            more, err = child.communicate(timeout=TIMEOUT)
        except BaseException:
            child.kill()
            raise
    ours.close()
    out += more or b""
    return Result(child.returncode, out.decode(), err.decode(), group)


PORT = [("dev", "tap0"), ("vlan", 100)]
GUEST = PORT + [("mac", "00:00:5e:00:53:05"), ("addr", "192.0.2.5")]
XID = ("xid", bytes.fromhex("0a0b0c0d"))


def verdict(name):
    return ("verdict", number_of("verdict", name))


EVENTS = [
    (event(1, "attached", ("dev", "tap0"), ("ifindex", 7)),
     "attached device tap0 ifindex 7",
     {"number": 1, "event": "attached", "dev": "tap0", "ifindex": 7}),
    (event(2, "ack", *GUEST, verdict("ack-selecting"), ("first", 1), ("hostname", b"vm5"),
           ("vendor-class", b"MSFT 5.0"), XID, ("time", 1250)),
     "ack port tap0 vlan 100 addr 192.0.2.5 mac 00:00:5e:00:53:05 hostname vm5"
     " vendor-class 'MSFT 5.0' ack-selecting first 1.2ms",
     {"number": 2, "event": "ack", "dev": "tap0", "vlan": 100, "addr": "192.0.2.5",
      "mac": "00:00:5e:00:53:05", "hostname": "vm5", "vendor-class": "MSFT 5.0",
      "verdict": "ack-selecting", "first": True, "xid": "0x0a0b0c0d", "time": 1250}),
    (event(3, "ack", ("dev", "tap1"), ("vlan", 0), verdict("ack-renewing"), ("first", 0)),
     "ack port tap1 ack-renewing",
     {"number": 3, "event": "ack", "dev": "tap1", "vlan": 0, "verdict": "ack-renewing",
      "first": False}),
    (event(4, "nak", *GUEST, verdict("nak-init-reboot"), XID),
     "nak port tap0 vlan 100 addr 192.0.2.5 mac 00:00:5e:00:53:05 nak-init-reboot",
     {"number": 4, "event": "nak", "dev": "tap0", "vlan": 100, "addr": "192.0.2.5",
      "mac": "00:00:5e:00:53:05", "verdict": "nak-init-reboot", "xid": "0x0a0b0c0d"}),
    (event(5, "decline", *GUEST, verdict("decline")),
     "WARNING decline port tap0 vlan 100 mac 00:00:5e:00:53:05:"
     " address 192.0.2.5 is in use by another host",
     {"number": 5, "event": "decline", "dev": "tap0", "vlan": 100, "mac": "00:00:5e:00:53:05",
      "addr": "192.0.2.5", "verdict": "decline"}),
    (event(6, "release", *GUEST, verdict("release")),
     "release port tap0 vlan 100 addr 192.0.2.5 mac 00:00:5e:00:53:05",
     {"number": 6, "event": "release", "dev": "tap0", "vlan": 100, "addr": "192.0.2.5",
      "mac": "00:00:5e:00:53:05", "verdict": "release"}),
    (event(7, "spoofed-mac", *PORT, ("mac", "00:00:5e:00:53:66"), verdict("spoofed-chaddr"),
           ("suppressed", 41)),
     "WARNING spoofed-mac port tap0 vlan 100 mac 00:00:5e:00:53:66 is not the port's:"
     " spoofed-chaddr (41 more suppressed)",
     {"number": 7, "event": "spoofed-mac", "dev": "tap0", "vlan": 100,
      "mac": "00:00:5e:00:53:66", "verdict": "spoofed-chaddr", "suppressed": 41}),
    (event(8, "rogue-server", *PORT, verdict("rogue-server"), ("suppressed", 0)),
     "WARNING rogue-server port tap0 vlan 100: the guest sent a DHCP server message",
     {"number": 8, "event": "rogue-server", "dev": "tap0", "vlan": 100,
      "verdict": "rogue-server", "suppressed": 0}),
    (event(9, "rate-limited", *PORT, verdict("rate-limited"), ("suppressed", 3)),
     "rate-limited port tap0 vlan 100 (3 more suppressed)",
     {"number": 9, "event": "rate-limited", "dev": "tap0", "vlan": 100,
      "verdict": "rate-limited", "suppressed": 3}),
    (event(10, "config", ("change", 1), ("subnet", "net1"), ("generation", 5)),
     "config added subnet net1 generation 5",
     {"number": 10, "event": "config", "change": "added", "subnet": "net1", "generation": 5}),
    (event(11, "config", ("change", 3), *PORT, ("generation", 6)),
     "config removed port tap0 vlan 100 generation 6",
     {"number": 11, "event": "config", "change": "removed", "dev": "tap0", "vlan": 100,
      "generation": 6}),
    (event(12, "config", ("change", 5), ("generation", 7), ("subnets", 1), ("ports", 300)),
     "config committed subnets 1 ports 300 generation 7",
     {"number": 12, "event": "config", "change": "committed", "generation": 7, "subnets": 1,
      "ports": 300}),
    (event(13, "detached", ("dev", "tap0"), ("ifindex", 7)),
     "detached device tap0 ifindex 7",
     {"number": 13, "event": "detached", "dev": "tap0", "ifindex": 7}),
    (event(14, "not-attached", ("dev", "tap0"), ("ifindex", 8),
           ("reason", "device tap0 is macvtap: no guest on it can be served")),
     "WARNING not-attached device tap0 ifindex 8: device tap0 is macvtap: no guest on it can be"
     " served",
     {"number": 14, "event": "not-attached", "dev": "tap0", "ifindex": 8,
      "reason": "device tap0 is macvtap: no guest on it can be served"}),
    # A newer module.
    (event(15, 99, ("dev", "tap0"), ("verdict", 999), ("change", 98), (77, b"new")),
     "event-99 change-98 port tap0",
     {"number": 15, "event": "event-99", "change": "change-98", "dev": "tap0",
      "verdict": "verdict-999"}),
]


@test
def text(ctl):
    got = monitor(ctl, ["monitor"], [e[0] for e in EVENTS], len(EVENTS))
    check("end", (got.status, got.err, got.joined), (0, "", GROUP))
    for have, (_, want, _) in zip(got.texts(), EVENTS):
        check("line", have, want)
    check("all lines", len(got.lines), len(EVENTS))
    check("time", bool(re.match(r"\d\d:\d\d:\d\d\.\d{3} attached", got.out)), True)


@test
def json_lines(ctl):
    for words in (["-j", "monitor"], ["-j", "-p", "monitor"], ["monitor", "-j"],
                  ["monitor", "all", "--json"]):
        got = monitor(ctl, words, [e[0] for e in EVENTS], len(EVENTS), signal.SIGINT)
        check("end", (got.status, got.err), (0, ""))
        have = got.objects()
        for obj, (_, _, want) in zip(have, EVENTS):
            stamp = obj.pop("timestamp")
            check("timestamp", bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
                                                 stamp)), True)
            check("object", obj, want)
        check("all objects", len(have), len(EVENTS))
    names = {w["event"] for _, _, w in EVENTS}
    check("all events are tested", {n.lower().replace("_", "-") for n in ENUMS["vdhcp_event"]} -
          names, set())
    keys = {k for _, _, w in EVENTS for k in w}
    check("all attributes are tested",
          {n.lower().replace("_", "-") for n in ENUMS["vdhcp_a_event"]} - {"pad"} - keys, set())


@test
def bytes_of_guests(ctl):
    """What a guest sends cannot take over a terminal, or break a line."""
    for raw, clean in ((b"vm\x1b[31m", "vm?[31m"), (b"a\nb", "a?b"), (b"a\0b", "a?b"),
                       (b"vm5\0\0", "vm5"), (b"", ""), (b"\xff\xfe", "??"),
                       ("a\u202eb".encode(), "a???b"), ("\u2066".encode(), "???"),
                       ("\u061c".encode(), "??"), ("\u2028".encode(), "???"),
                       ("\u2027\u2030".encode(), "\u2027\u2030"),
                       ("gr\xfcn".encode(), "gr\xfcn"), (b"x" * 300, "x" * 255)):
        got = monitor(ctl, ["-j", "monitor"], [event(1, "ack", ("hostname", raw))], 1)
        check("json %r" % raw, (got.objects()[0]["hostname"], len(got.lines)), (clean, 1))
        got = monitor(ctl, ["monitor"], [event(1, "ack", ("vendor-class", raw))], 1)
        plain = re.sub("[\xfc\u2027\u2030]", "", clean)
        quoted = clean if plain.isalnum() and plain == clean else "'%s'" % clean
        check("text %r" % raw, got.texts(), ["ack vendor-class " + quoted])


@test
def filters(ctl):
    def numbers(words, want):
        datagrams = [
            event(1, "ack", ("dev", "tap0"), ("vlan", 0)),
            event(2, "ack", ("dev", "tap0"), ("vlan", 7)),
            event(3, "ack", ("dev", "tap1"), ("vlan", 7)),
            event(4, "config", ("change", 4), ("generation", 2)),
            event(5, "attached", ("dev", "tap0"), ("ifindex", 7)),
            event(6, "nak", ("dev", "tap0")),
            event(7, "release", ("dev", "tap0"), ("vlan", 7))]
        got = monitor(ctl, ["-j", "monitor"] + words, datagrams, len(want))
        check(" ".join(words), [o["number"] for o in got.objects()], want)
    numbers([], [1, 2, 3, 4, 5, 6, 7])
    numbers(["all"], [1, 2, 3, 4, 5, 6, 7])
    numbers(["port", "tap0"], [1, 2, 5, 6, 7])
    numbers(["port", "tap0", "vlan", "0"], [1, 5, 6])
    numbers(["po", "tap0", "vlan", "7", "-j"], [2, 5, 7])
    numbers(["port", "tap9"], [])


LOST = b"LOST"
MISSED = "-- lost %d event%s (socket buffer overrun); read the state again (vdhcpctl port show)"


@test
def overruns(ctl):
    def acks(*numbers):
        return [event(n, "ack", ("dev", "tap%d" % n)) for n in numbers]

    def lines(datagrams, want, words=()):
        got = monitor(ctl, ["monitor"] + list(words), datagrams, len(want))
        check("end", (got.status, got.err), (0, ""))
        return got.texts()

    def shown(*numbers):
        return ["ack port tap%d" % n for n in numbers]

    def missed(count):
        return [MISSED % (count, "" if count == 1 else "s")]

    want = shown(1, 2, 12) + missed(9)
    check("gap", lines(acks(1) + [LOST] + acks(2, 12), want), want)
    want = shown(1, 3) + missed(1)
    check("one", lines(acks(1) + [LOST] + acks(3), want), want)
    # Two CPUs send at the same time.
    want = shown(5, 7, 6, 8, 10, 9)
    check("order", lines(acks(5, 7, 6, 8, 10, 9), want), want)
    want = shown(5, 20, 19, 21) + missed(13)
    check("order after a gap", lines(acks(5) + [LOST] + acks(20, 19, 21), want), want)
    want = shown(5, 9)
    check("gap without overrun", lines(acks(5, 9), want), want)
    # The second overrun comes before the first one was told.
    want = shown(1, 4) + missed(2) + shown(10) + missed(5)
    check("twice", lines(acks(1) + [LOST] + acks(4) + [LOST] + acks(10), want), want)
    many = list(range(50, 50 + 100))
    got = lines(acks(1) + [LOST] + acks(*many), shown(1, *many) + missed(48))
    check("without a pause", (got.count(missed(48)[0]), len(got), got[-1]),
          (1, 102, "ack port tap149"))
    want = missed(48) + shown(50)
    check("filtered", sorted(lines(acks(1) + [LOST] + acks(50), want, ["port", "tap50"])), want)
    # Nothing follows that tells how many.
    some = MISSED.replace("%d ", "") % "s"
    want = shown(1) + [some]
    check("silence", lines(acks(1) + [LOST], want), want)
    want = shown(1) + [some] + shown(4) + missed(2)
    check("after a silence", lines(acks(1) + [LOST, 1.3] + acks(4), want), want)
    got = monitor(ctl, ["-j", "monitor"], [LOST], 1)
    check("silence in json", [(o["event"], "missed" in o) for o in got.objects()],
          [("overrun", False)])
    got = monitor(ctl, ["-j", "monitor"], acks(1) + [LOST] + acks(5), 3)
    last = got.objects()[-1]
    check("json", (last.pop("timestamp")[:2], last), ("20", {"event": "overrun", "missed": 3}))


def requests(ours, name):
    """Reads until a request of this name comes, and the joins before it."""
    joined = []
    while True:
        data = ours.recv(1 << 16)
        if data[:3] == b"opt":
            if data[3] == ADD_MEMBERSHIP:
                joined.append(data[4])
            continue
        kind, = struct.unpack_from("=H", data, 4)
        if kind == CTRL:
            if name == "CTRL":
                return struct.unpack_from("=I", data, 8)[0], joined
            continue
        # Request knows one number of the family.
        req = Request(data[:4] + struct.pack("=H", FAMILY) + data[6:])
        if req.name == name:
            return req, joined


def family_note(cmd, number, name=b"vdhcp", seq=0):
    """A message of nlctrl about a family."""
    groups = attr(7, attr(1, attr(1, b"events\0") + attr(2, struct.pack("=I", GROUP + 1))))
    body = struct.pack("=BBH", cmd, 2, 0) + attr(2, name + b"\0") + \
        attr(1, struct.pack("=H", number)) + groups
    return struct.pack("=IHHII", 16 + len(body), CTRL, 0, seq, 0) + body


def done(seq):
    return struct.pack("=IHHIIi", 20, 3, 2, seq, 1, 0)


NEW, DEL = 1, 2
UNLOADED = "-- the module was unloaded; waiting for it to be loaded"
LOADED = "-- the module was loaded; read the state again (vdhcpctl port show)"


def renumbered(data, number):
    return data[:4] + struct.pack("=H", number) + data[6:]


@test
def reload(ctl):
    """The module is unloaded and loaded again: both are told, and events go on."""
    later = renumbered(event(1, "ack", ("dev", "tap1")), FAMILY + 1)
    groups = []

    def join(ours):
        while not groups:
            data = ours.recv(1 << 16)
            if data[:3] == b"opt" and data[3] == ADD_MEMBERSHIP and data[4] != CTRL:
                groups.append(data[4])
    datagrams = [event(7, "ack", ("dev", "tap0")), family_note(DEL, 77, b"other"),
                 family_note(DEL, FAMILY), family_note(NEW, 78, b"other"),
                 family_note(NEW, FAMILY + 1), join, later]
    got = monitor(ctl, ["monitor"], datagrams, 4)
    check("text", (got.status, got.err, got.texts(), groups), (0, "", [
        "ack port tap0", UNLOADED, LOADED, "ack port tap1"], [GROUP + 1]))
    groups.clear()
    got = monitor(ctl, ["-j", "monitor"], datagrams, 4)
    check("json", [(o["event"], sorted(o)) for o in got.objects()][1:3],
          [("unloaded", ["event", "timestamp"]), ("loaded", ["event", "timestamp"])])
    got = monitor(ctl, ["monitor"], [family_note(DEL, FAMILY), family_note(DEL, FAMILY)], 1)
    check("once", got.texts(), [UNLOADED])
    # The numbers of the new module begin again.
    groups.clear()
    got = monitor(ctl, ["monitor"], [
        event(70, "ack", ("dev", "tap0")), family_note(DEL, FAMILY), family_note(NEW, FAMILY + 1),
        join, later, LOST, renumbered(event(4, "nak", ("dev", "tap1")), FAMILY + 1)], 6)
    check("numbers", got.texts()[3:], ["ack port tap1", "nak port tap1", MISSED % (2, "s")])


@test
def reload_in_overrun(ctl):
    """Messages about the family were lost, too: a dump of families tells."""
    def families(*notes):
        def answer(ours):
            seq, _ = requests(ours, "CTRL")
            for number, name in notes:
                ours.send(family_note(NEW, number, name, seq))
            ours.send(done(seq))
        return answer
    some = MISSED.replace("%d ", "") % "s"
    got = monitor(ctl, ["monitor"], [LOST, families((16, b"nlctrl"))], 2)
    check("gone", got.texts(), [some, UNLOADED])
    got = monitor(ctl, ["monitor"], [LOST, families((16, b"nlctrl"), (FAMILY + 1, b"vdhcp")),
                                     renumbered(event(1, "nak", ("dev", "tap1")), FAMILY + 1)], 4)
    check("another", got.texts(), [some, UNLOADED, LOADED, "nak port tap1"])
    got = monitor(ctl, ["monitor"], [event(1, "ack"), LOST, families((FAMILY, b"vdhcp")),
                                     event(3, "nak", ("dev", "tap0"))], 3)
    check("the same", got.texts(), ["ack", "nak port tap0", MISSED % (1, "")])


@test
def unconfigured(ctl):
    """A port that is not configured is waited for, and the user learns that."""
    def ports(*objects, flags=0):
        def answer(ours):
            req, _ = requests(ours, "PORT_GET+DUMP")
            for obj in objects:
                ours.send(req.reply(obj, 2))
            ours.send(req.done(flags))
        return answer
    tap0, tap7 = [("dev", "tap0"), ("mode", 1)], [("dev", "tap0"), ("vlan", 7), ("mode", 1)]
    ack = event(1, "ack", ("dev", "tap0"), ("vlan", 7))
    text = "-- port tap0%s is not configured; waiting for it"
    for words, objects, want in (
            ("port tap0", [], text % ""), ("port tap0", [tap7], None), ("port tap0", [tap0], None),
            ("port tap0 vlan 7", [tap0], text % " vlan 7"), ("port tap0 vlan 7", [tap7], None),
            ("port tap0 vlan 0", [tap7], text % "")):
        got = monitor(ctl, ["monitor"] + words.split(), [ports(*objects), ack], 2 if want and
                      "vlan 0" not in words else 1)
        lines = ([want] if want else []) + \
            (["ack port tap0 vlan 7"] if "vlan 0" not in words else [])
        check("%s, %d" % (words, len(objects)), got.texts(), lines or [])
    got = monitor(ctl, "-j monitor port tap0 vlan 7".split(), [ports()], 1)
    check("json", {k: v for k, v in got.objects()[0].items() if k != "timestamp"},
          {"event": "not-configured", "dev": "tap0", "vlan": 7})
    got = monitor(ctl, "monitor port tap0".split(), [ports(flags=0x10), ports(tap0), ack], 1)
    check("torn", got.texts(), ["ack port tap0 vlan 7"])
    # A module that was loaded again has no ports.
    got = monitor(ctl, "monitor port tap0".split(), [
        ports(tap0), family_note(DEL, FAMILY), family_note(NEW, FAMILY + 1),
        lambda ours: reload_ports(ours)], 3)
    check("after a reload", got.texts(), [UNLOADED, LOADED, text % ""])


def reload_ports(ours):
    req, joined = requests(ours, "PORT_GET+DUMP")
    check("joined again", joined, [CTRL, GROUP + 1])
    ours.send(req.done())


@test
def endings(ctl):
    for end in (signal.SIGINT, signal.SIGTERM, "close"):
        got = monitor(ctl, ["monitor"], [], 0, end)
        check("nothing happened, %s" % end, (got.status, got.out, got.err), (0, "", ""))
        got = monitor(ctl, ["-j", "monitor"], [EVENTS[1][0]], 1, end)
        check("%s" % end, (got.status, len(got.lines), got.err), (0, 1, ""))
    got = monitor(ctl, ["-s", "monitor"], [], 0)
    check("-s", (got.status, got.out, got.err), (0, "", "monitor: listening\n"))


@test
def events_of_others(ctl):
    """What is no event, or comes from another process."""
    good = event(1, "ack", ("dev", "tap0"))
    other = struct.pack("=IHHII", 20, FAMILY, 0, 0, 0) + struct.pack("=BBH", 1, 1, 0)
    stranger = struct.pack("=IHHII", 20, 99, 0, 0, 0) + struct.pack("=BBH", NTF, 1, 0)
    odd = event(1, "ack", ("mac", b"abc"))
    got = monitor(ctl, ["monitor"], [b"XXXX" + good[4:], other, stranger, good[:18], odd,
                                     good + event(2, "nak", ("dev", "tap0"))], 2)
    check("lines", (got.status, got.texts(), got.err), (0, ["ack port tap0", "nak port tap0"], ""))


@test
def refused(ctl):
    class Groups(Kernel):
        """Has the group of events, or has not."""
        groups = True

        def control(self, req):
            return [family(req, self.groups), req.ack()]
    for errno, message in ((1, "listening to events takes CAP_NET_ADMIN"),
                           (3, "cannot listen to events: No such process")):
        got = run(ctl, ["monitor"], Groups(), env={"VDHCPCTL_TEST_JOIN": str(errno)})
        check("errno %d" % errno, (got.status, got.out, got.err),
              (2, "", "Error: %s.\n" % message))
    old = Groups()
    old.groups = False
    got = run(ctl, ["monitor"], old)
    check("old module", (got.status, got.err),
          (2, "Error: the loaded module has no events, it is too old.\n"))
    none = Kernel()
    none.family = False
    got = run(ctl, ["monitor"], none)
    check("no module", (got.status, "modprobe" in got.err), (2, True))
    for words, message in (
            ("monitor tap0", '"tap0" is not a word of monitor: all, port'),
            ("monitor port", 'DEV is missing, see "vdhcpctl monitor help"'),
            ("monitor port a234567890123456",
             '"a234567890123456" is longer than a device name can be (15 bytes)'),
            ("monitor port tap0 vlan", '"vlan" needs a value: N'),
            ("monitor port tap0 vlan 4095",
             '"4095" is out of range, allowed is 0 to 4094 (key "vlan")'),
            ("monitor port tap0 tap1", 'unexpected argument "tap1"'),
            ("monitor all -x", 'unknown option "-x", see "vdhcpctl -help"')):
        got = run(ctl, words.split())
        check(words, (got.status, got.out, got.err, got.sent),
              (1, "", "Error: %s.\n" % message, []))
    got = run(ctl, ["monitor", "help"])
    check("help", (got.status, "Usage:" in got.out, got.sent), (0, True, []))


@test
def output_fails(ctl):
    with open("/dev/full", "w") as full:
        got = monitor(ctl, ["monitor"], [EVENTS[1][0]], 0, None, stdout=full)
    check("/dev/full", (got.status, got.err),
          (2, "Error: cannot write the output: No space left on device.\n"))


@test
def no_memory(ctl):
    """Each allocation fails once: all lines whole, or an error."""
    if "sanitized" in ctl:
        return
    preload = os.path.join(os.path.dirname(os.path.dirname(ctl)), "nomem.so")
    want = [w for _, _, w in EVENTS]
    failed = number = harmless = 0
    while harmless < 20:
        number += 1
        got = monitor(ctl, ["-j", "monitor"], [e[0] for e in EVENTS], len(EVENTS),
                      env={"LD_PRELOAD": preload, "NOMEM_AT": str(number)})
        if got.status == 0:
            have = [{k: v for k, v in o.items() if k != "timestamp"} for o in got.objects()]
            check("allocation %d, whole" % number, have, want)
            harmless += 1
            continue
        check("allocation %d" % number, (got.status, "out of memory" in got.err), (2, True))
        failed, harmless = failed + 1, 0
    check("allocations", failed > 20, True)


if __name__ == "__main__":
    main()
