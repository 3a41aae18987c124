# SPDX-License-Identifier: GPL-2.0
"""Tests of vdhcpctl. Argument: the directory that run.sh built into; then names to pick tests."""
import json
import os
import subprocess
import tempfile

import cases
from fakekernel import CMD, ENUMS, F_INTR, F_MULTI, Kernel, attr, run
from keys_gen import KEYS
from suite import check, main, skip, test


def words_of(words):
    return words if isinstance(words, list) else words.split()


class Refusing(Kernel):
    """Refuses one command; tables are empty."""

    def __init__(self, **ack):
        super().__init__()
        self.ack = ack

    def answer(self, req):
        return [req.done()] if req.dump else [req.ack(**self.ack)]


# What is sent

@test
def requests(ctl):
    tables = [(["subnet", "add", "s"], "SUBNET_NEW", [("name", "s")], cases.SUBNET),
              (["subnet", "set", "s"], "SUBNET_SET", [("name", "s")], cases.SUBNET_SET),
              (["port", "add", "tap0"], "PORT_NEW", [("dev", "tap0")], cases.PORT)]
    for first, cmd, key, table in tables:
        for words, attrs in table:
            got = run(ctl, first + words_of(words))
            check("%s %.60s" % (" ".join(first), words), (got.sent, got.out, got.err, got.status),
                  ([(cmd, key + attrs)], "", "", 0))


def keys_of_words():
    """(object, name, key, nest) of each key of the command line but the names of objects."""
    for obj, keys in KEYS.items():
        for name, key in keys.items():
            if "words" in key:
                yield from ((obj, word, inner, key["attributes"][0])
                            for word, inner in key["words"].items())
            elif key["kind"] != "id":
                yield obj, name, key, None


@test
def every_key(ctl):
    """Each key sends the value of its kind, and a number above its bound is refused."""
    for obj, name, key, nest in keys_of_words():
        first = {"subnet": ["subnet", "add", "s"], "port": ["port", "add", "tap0"]}[obj]
        words, attrs = cases.case_of(key)
        got = run(ctl, first + [name] + words)
        want = [next((n, first[2]) for n, k in KEYS[obj].items() if k["kind"] == "id")]
        check("%s %s" % (obj, name), (got.sent, got.err, got.status),
              ([(obj.upper() + "_NEW", want + ([(nest, attrs)] if nest else attrs))], "", 0))
        if key["kind"] in cases.NUMBERS:
            got = run(ctl, first + [name, str(key["high"] + 1)])
            check("%s %s, too high" % (obj, name), (got.sent, got.err, got.status),
                  ([], 'Error: "%d" is out of range, allowed is %d to %d (key "%s").\n' % (
                      key["high"] + 1, key.get("low", 0), key["high"], name), 1))


@test
def every_command(_):
    """The tables know all commands of the header, so that a new one is not forgotten."""
    have = {"INFO_GET", "SUBNET_SET", "BATCH_BEGIN", "BATCH_COMMIT", "EVENT_NTF", "STATS_RESET"} | \
        {c.split("+")[0] for _, c, _ in cases.COMMANDS}
    check("commands", have, set(CMD.values()))


@test
def commands(ctl):
    for words, cmd, attrs in cases.COMMANDS:
        got = run(ctl, words_of(words))
        check(words, (got.sent, got.err, got.status), ([(cmd, attrs)], "", 0))


@test
def socket_options(ctl):
    """EXT_ACK, CAP_ACK and GET_STRICT_CHK are on; a namespace is entered before the socket."""
    check("options", run(ctl, ["flush"]).notes, [11, 10, 12])
    for option in ("-n", "-netns", "--net"):
        got = run(ctl, [option, "/dev/null", "flush"])
        check(option, (got.notes, got.status), (["setns", 11, 10, 12], 0))
    got = run(ctl, ["-n", "/dev/null", "flush"], env={"VDHCPCTL_TEST_SETNS": "1"})
    check("setns fails", (got.status, got.err, got.sent),
          (2, 'Error: cannot enter network namespace "/dev/null": Operation not permitted.\n', []))
    for name in ("none.such", "/none/such"):
        got = run(ctl, ["-n", name, "flush"])
        check("no namespace", (got.status, got.err, got.sent),
              (2, 'Error: cannot open network namespace "%s": No such file or directory.\n' % name,
               []))


# What is said

@test
def usage_errors(ctl):
    for words, message in cases.ERRORS:
        got = run(ctl, words_of(words))
        check("%.60s" % words, (got.status, got.err, got.out, got.sent),
              (1, "Error: %s\n" % message, "", []))


@test
def long_request(ctl):
    words = ["subnet", "add", "s"]
    for code in range(1, 80):
        words += ["option", str(code), "string", "a" * 1024]
    got = run(ctl, words)
    check("too long", (got.status, got.err, got.sent),
          (1, 'Error: the request is too large (limit 65536 bytes) (key "option").\n', []))


@test
def refusals(ctl):
    for words, ack, message in cases.REFUSALS:
        got = run(ctl, words_of(words), Refusing(**ack))
        check(words, (got.status, got.err, got.out), (2, "Error: %s\n" % message, ""))
    got = run(ctl, ["-j", "subnet", "show", "x"], Refusing(err=2, text="no such subnet"))
    check("json", (got.status, got.out), (2, ""))


@test
def warnings(ctl):
    got = run(ctl, ["flush"], Refusing(err=0, text="by the way"))
    check("flush", (got.status, got.err), (0, "Warning: vdhcp: by the way.\n"))
    got = run(ctl, ["port", "add", "tap0"], Refusing(err=0, text="by the way"))
    check("port add", (got.status, got.err), (0, "Warning: vdhcp: by the way.\n"))


@test
def no_module(ctl):
    kernel = Kernel()
    kernel.family = False
    message = ("Error: there is no /lib/modules/6.1.0-99-amd64 for the running kernel: boot a kernel "
               'that is installed, or if this is a container, run "modprobe vdhcp" on its host.\n')
    got = run(ctl, ["subnet"], kernel)
    check("subnet", (got.status, got.out, got.err), (2, "", message))
    got = run(ctl, ["version"], kernel)
    check("version", (got.status, got.out, got.err), (2, "vdhcpctl 1.2.3\n", message))
    got = run(ctl, ["-j", "version"], kernel)
    check("version -j", (got.status, got.out), (2, '[{"tool":"1.2.3"}]\n'))
    for option in ("-V", "-Version", "--V", "--version", "-version", "-v"):
        got = run(ctl, [option], kernel)
        check(option, (got.status, got.out, got.err), (0, "vdhcpctl 1.2.3\n", ""))


@test
def help_anywhere(ctl):
    """An option for help or for the version wins wherever it stands: nothing is sent."""
    for words in ("port del tap7 --help", "port del --help tap7", "port add -h", "flush -h",
                  "port set tap0 rate 3 -h", "subnet show -h", "sync /none.json -h"):
        got = run(ctl, words.split(), Kernel())
        check(words, (got.status, "Usage:" in got.out, got.err, got.sent), (0, True, "", []))
    for words in ("flush --version", "port del tap7 -V", "-V flush"):
        got = run(ctl, words.split(), Kernel())
        check(words, (got.status, got.out, got.err, got.sent), (0, "vdhcpctl 1.2.3\n", "", []))


@test
def version(ctl):
    def info(version, abi):
        kernel = Kernel()
        kernel.info = [("version", version), ("abi", abi)]
        return kernel
    kernel = info("1.2.3", 2)
    got = run(ctl, ["version"], kernel)
    check("same", (got.status, got.out, got.err, kernel.infos),
          (0, "vdhcpctl 1.2.3, module 1.2.3 abi 2\n", "", 1))
    warning = ("Warning: vdhcpctl is version 1.2.3 and the module is version 1.2.4; install "
               "vdhcp-tools and vdhcp-dkms of one version.\n")
    abi = ("Warning: the module has version 3 of the netlink interface, vdhcpctl has "
           "version 2.\n")
    got = run(ctl, ["-j", "v"], info("1.2.4", 3))
    check("newer", (got.status, got.out, got.err),
          (0, '[{"tool":"1.2.3","module":"1.2.4","abi":3}]\n', warning + abi))
    got = run(ctl, ["subnet"], info("1.2.4", 1))
    check("other interface", (got.status, got.err.startswith(
        warning + "Error: the module has version 1 of the netlink interface, vdhcpctl has "
        "version 2; load ")), (2, True))
    got = run(ctl, ["subnet"], info("1.2.4", 2))
    check("other command", (got.status, got.err), (0, warning))
    kernel = info("1.2.4", 2)
    got = run(ctl, ["-b", "-"], kernel, stdin=b"subnet\nport\nflush\nversion\n")
    check("once", (got.status, got.err, kernel.infos), (0, warning, 1))

    class Old(Kernel):
        def answer_info(self, req):
            return [req.ack(95, "not known")]
    got = run(ctl, ["subnet"], Old())
    check("no info", (got.status, got.err), (0, ""))
    got = run(ctl, ["version"], Old())
    check("no info, version", (got.status, got.err), (2, "Error: vdhcp: not known.\n"))


@test
def help_texts(ctl):
    for words in ("help", "-h", "--help", "he", "help help", "subnet help", "port h",
                  "stats help", "help subnet", "help p", "help stats", "sync help", "help sync",
                  "dump help", "help dump", "version help", "help version", "flush help",
                  "help flush", "help batch", "monitor help", "help monitor"):
        got = run(ctl, words.split())
        check(words, (got.status, got.err, "Usage:" in got.out, got.sent), (0, "", True, []))
    for obj, name, _, _ in keys_of_words():
        check("help of %s %s" % (obj, name),
              "\n  %s " % name in run(ctl, [obj, "help"]).out, True)
    got = run(ctl, ["help", "spoofed-sorce"])
    check("no topic", (got.status, got.out, got.err), (1, "",
          'Error: "spoofed-sorce" is neither a command nor a verdict (did you mean '
          '"spoofed-source"?); "vdhcpctl help" lists the commands, "vdhcpctl help verdicts" the '
          'verdicts.\n'))
    got = run(ctl, [])
    check("no words", (got.status, got.out, got.err.startswith("Usage:")), (1, "", True))


@test
def clean_output(ctl):
    """No word, name or text of the kernel takes over the terminal or hides what it says."""
    class Refusing(Kernel):
        def answer(self, req):
            return [req.ack(22, "device a\x1b[2Jb is \u202emacvtap")]

    for evil, shown in (("\x1b[31m", "?[31m"), ("\u202ecba", "???cba"), ("a\nError: b", "a?Error: b"),
                        ("\x9b", "??")):
        for words, want in ((["port", "add", evil, "color", "1"], '"color" is not a key'),
                            ([evil], '"%s" is not a command' % shown),
                            (["help", evil], '"%s" is neither' % shown),
                            (["subnet", "add", "s", evil, "1"], '"%s" is not a key' % shown),
                            (["dump", "-" + evil], 'unknown option "-%s"' % shown),
                            (["sync", "/nowhere/" + evil], 'open "/nowhere/%s"' % shown)):
            got = run(ctl, words)
            check("%r: status" % words, got.status, 1)
            check("%r: one line" % words, (got.err.count("\n"), got.err.isprintable()),
                  (1, False))
            check("%r: clean" % words, got.err[:-1].isprintable(), True)
            check("%r: %r" % (words, got.err), want in got.err, True)
    got = run(ctl, ["port", "add", "tap0", "mode", "deny"], Refusing())
    check("a text of the kernel", (got.status, got.err),
          (2, "Error: vdhcp: device a?[2Jb is ???macvtap.\n"))
    with tempfile.NamedTemporaryFile("w", suffix="\x1b[31m") as file:
        file.write("port add tap0\nports\n")
        file.flush()
        got = run(ctl, ["-b", file.name], Refusing())
    check("the name of a batch", "\x1b" in got.err, False)
    port = [("dev", "a\u202eb"), ("vlan", 0), ("mode", 1), ("guard", 1), ("rate", 100),
            ("state", [("ifindex", 7), ("device", 6), ("master", "x\x1b"),
                       ("master-kind", "\u202ebridge")])]
    got = run(ctl, ["port"], Kernel([port]))
    check("a port", got.out, "port 'a???b' mode serve guard on rate 100\n"
          "    attached to ifindex 7, up, in ???bridge x?\n")
    port[-1] = ("state", [("device", 1)])
    got = run(ctl, ["port"], Kernel([port]))
    check("a device", got.out.split("\n")[1], "    waiting for device a???b")


@test
def altnames(ctl):
    """The name of a device replaces an alternative name, before the kernel gets it."""
    long = "tap-2f1d6a4c-9f0e-4c57-8f6e-0d7a1f6b6a11"
    for words, name in (("port add %s mode deny", "PORT_NEW"), ("port set %s rate 1", "PORT_SET"),
                        ("port replace %s mode deny", "PORT_NEW"), ("port del %s", "PORT_DEL"),
                        ("-j port show %s", "PORT_GET"), ("port -j %s", "PORT_GET"),
                        ("stats %s", "STATS_GET")):
        for alias in (long, "short"):
            got = run(ctl, (words % alias).split(),
                      env={"VDHCPCTL_TEST_ALTNAME": alias + "=tap7"})
            check(words % alias, (got.status, got.err, [(r.name, dict(r.attrs)["dev"])
                                                        for r in got.requests]),
                  (0, "", [(name, "tap7")]))
        got = run(ctl, (words % "tap8").split(), env={"VDHCPCTL_TEST_ALTNAME": "x=tap7"})
        check(words % "tap8", dict(got.requests[0].attrs)["dev"], "tap8")
    got = run(ctl, ["port", "add", long, "mode", "deny"],
              env={"VDHCPCTL_TEST_ALTNAME": "x=tap7"})
    check("no device has it", (got.status, got.err, got.sent),
          (1, 'Error: "%s" is 40 bytes long, allowed are 15 (key "dev").\n' % long, []))


@test
def endless(ctl):
    """A file without an end is refused, and does not use up the memory."""
    got = run(ctl, ["sync", "/dev/zero", "--dry-run"])
    check("sync", (got.status, got.err), (1, 'Error: "/dev/zero" is too long for a document, '
                                             "which is shorter than 256 MiB.\n"))
    got = run(ctl, ["-b", "/dev/zero"])
    check("batch", (got.status, got.err), (2, 'Error: cannot read "/dev/zero": File too large.\n'))


# What is shown

SUBNET = [
    ("name", "s"), ("network", "192.0.2.0"), ("prefix-len", 24), ("gateway", "192.0.2.1"),
    ("server-id", "192.0.2.1"), ("server-mac", "02:00:c0:00:02:01"), ("dns", "192.0.2.2"),
    ("dns", "192.0.2.3"), ("mtu", 1450),
    ("route", [("dst", "198.51.100.0"), ("dst-len", 24), ("via", "192.0.2.9")]),
    ("route", [("dst", "203.0.113.7"), ("dst-len", 32), ("via", "0.0.0.0")]),
    ("domain", "example.org"), ("search", "a.example"), ("search", "b.example"),
    ("ntp", "192.0.2.4"), ("lease", 4294967295), ("t1", 60), ("t2", 120), ("rapid-commit", 0),
    ("next-server", "192.0.2.6"), ("boot-file", "boot\\x64\\it's a.efi"), ("ipv6-only", 300),
    ("captive-portal", "https://portal.example/api?x=1"), ("send-router", 2),
    ("option", [("code", 66), ("data", b"tftp.example.org"), ("form", 1)]),
    ("option", [("code", 43), ("data", "0102ff"), ("form", 2)]),
    ("option", [("code", 42), ("data", "c0000201c0000202"), ("form", 3)]),
    ("option", [("code", 23), ("data", "40"), ("form", 4)]),
    ("option", [("code", 22), ("data", "05dc"), ("form", 5)]),
    ("option", [("code", 2), ("data", "fffffffe"), ("form", 6)]),
    ("state", [("server-id", "192.0.2.1"), ("server-mac", "02:00:c0:00:02:01"), ("ports", 2)]),
]

SUBNET_WORDS = (
    "s cidr 192.0.2.0/24 gateway 192.0.2.1 dns 192.0.2.2,192.0.2.3 mtu 1450 lease infinite"
    " t1 60 t2 120 domain example.org search a.example,b.example ntp 192.0.2.4"
    " server-id 192.0.2.1 server-mac 02:00:c0:00:02:01 route 198.51.100.0/24 via 192.0.2.9"
    " route 203.0.113.7/32 rapid-commit off next-server 192.0.2.6"
    " boot-file 'boot\\x64\\it'\"'\"'s a.efi' ipv6-only 300"
    " captive-portal 'https://portal.example/api?x=1' send-router always"
    " option 66 string tftp.example.org option 43 hex 0102ff option 42 ip 192.0.2.1,192.0.2.2"
    " option 23 u8 64 option 22 u16 1500 option 2 u32 4294967294")

SUBNET_JSON = {
    "name": "s", "cidr": "192.0.2.0/24", "gateway": "192.0.2.1",
    "dns": ["192.0.2.2", "192.0.2.3"], "mtu": 1450, "lease": 4294967295, "t1": 60, "t2": 120,
    "domain": "example.org", "search": ["a.example", "b.example"], "ntp": ["192.0.2.4"],
    "server-id": "192.0.2.1", "server-mac": "02:00:c0:00:02:01",
    "routes": [{"dst": "198.51.100.0/24", "via": "192.0.2.9"},
               {"dst": "203.0.113.7/32", "via": "0.0.0.0"}],
    "rapid-commit": False, "next-server": "192.0.2.6", "boot-file": "boot\\x64\\it's a.efi",
    "ipv6-only": 300, "captive-portal": "https://portal.example/api?x=1",
    "send-router": "always",
    "options": [{"code": 66, "string": "tftp.example.org"}, {"code": 43, "hex": "0102ff"},
                {"code": 42, "ip": ["192.0.2.1", "192.0.2.2"]}, {"code": 23, "u8": 64},
                {"code": 22, "u16": 1500}, {"code": 2, "u32": 4294967294}]}

SUBNET_STATE = {"server-id": "192.0.2.1", "server-mac": "02:00:c0:00:02:01", "ports": 2}

PORT = [("dev", "tap0"), ("mac", "02:00:00:00:00:01"),
        ("address", [("addr", "192.0.2.5"), ("subnet", "s")]),
        ("mode", 1), ("guard", 1), ("rate", 100), ("state", [("ifindex", 7)])]
SUBPORT = [("dev", "tap0"), ("vlan", 7), ("mode", 3), ("guard", 0), ("hostname", "vm5"),
           ("option", [("code", 67), ("data", b"boot.ipxe"), ("form", 1)]), ("state", [])]
PORT_TEXT = ("port tap0 mac 02:00:00:00:00:01 addr 192.0.2.5 subnet s mode serve guard on rate 100\n"
             "    attached to ifindex 7\n")
SUBPORT_TEXT = ("port tap0 vlan 7 hostname vm5 mode deny guard off option 67 string boot.ipxe\n"
                "    waiting for device tap0\n")
PORT_JSON = {"dev": "tap0", "vlan": 0, "mac": "02:00:00:00:00:01",
             "addresses": [{"addr": "192.0.2.5", "subnet": "s"}], "mode": "serve", "guard": True, "rate": 100}
SUBPORT_JSON = {"dev": "tap0", "vlan": 7, "hostname": "vm5", "mode": "deny", "guard": False,
                "options": [{"code": 67, "string": "boot.ipxe"}]}


def compact(value):
    return json.dumps(value, separators=(",", ":")) + "\n"


def shown(ctl, words, objects):
    got = run(ctl, words.split(), Kernel(objects))
    check(words + ": status", (got.status, got.err), (0, ""))
    return got.out


@test
def show_subnet(ctl):
    text = ("subnet %s\n    answers as 192.0.2.1 02:00:c0:00:02:01, 2 ports\n" % SUBNET_WORDS)
    check("text", shown(ctl, "subnet show", [SUBNET]), text)
    check("one", shown(ctl, "subnet show s", [SUBNET]), text)
    check("json", shown(ctl, "-j subnet show", [SUBNET]), compact([SUBNET_JSON]))
    check("json -s", shown(ctl, "-j -s subnet show s", [SUBNET]),
          compact([dict(SUBNET_JSON, state=SUBNET_STATE)]))
    check("two", shown(ctl, "-json subnet", [SUBNET, SUBNET]), compact([SUBNET_JSON] * 2))
    check("pretty", shown(ctl, "-j -p subnet", [SUBNET, SUBNET]),
          json.dumps([SUBNET_JSON] * 2, indent=4) + "\n")
    check("none", shown(ctl, "subnet", []), "")
    check("none in json", shown(ctl, "-j subnet", []), "[]\n")
    check("none in pretty json", shown(ctl, "-j -p subnet", []), "[]\n")


@test
def show_again(ctl):
    """What is shown can be given back, in a batch and in a shell."""
    want = run(ctl, ["-b", "-"], stdin=b"subnet add " + SUBNET_WORDS.encode()).sent[1:]
    shell = subprocess.run(["sh", "-c", "printf '%s\\n' subnet add " + SUBNET_WORDS], check=True,
                           capture_output=True, text=True).stdout
    check("shell", run(ctl, shell.splitlines()).sent, want)
    attrs = [(n, v) for n, v in want[0][1]]
    check("same attributes", sorted(map(repr, attrs)), sorted(
        repr((n, [(m, w.hex() if isinstance(w, bytes) else w) for m, w in v]
              if isinstance(v, list) else v)) for n, v in SUBNET if n != "state"))


@test
def show_port(ctl):
    check("text", shown(ctl, "port", [PORT, SUBPORT]), PORT_TEXT + SUBPORT_TEXT)
    check("json", shown(ctl, "-j port", [PORT, SUBPORT]), compact([PORT_JSON, SUBPORT_JSON]))
    check("json -s", shown(ctl, "-j -s port", [PORT, SUBPORT]),
          compact([dict(PORT_JSON, state={"ifindex": 7}), dict(SUBPORT_JSON, state={})]))
    several = [("dev", "tap0"), ("address", [("addr", "192.0.2.5"), ("subnet", "s")]),
               ("address", [("addr", "198.51.100.5"), ("subnet", "t"),
                            ("mac", "02:00:00:00:00:06")]), ("state", [])]
    check("several addresses", shown(ctl, "port", [several]).splitlines()[0],
          "port tap0 addr 192.0.2.5 subnet s addr 198.51.100.5 subnet t for 02:00:00:00:00:06")
    check("several addresses in json", json.loads(shown(ctl, "-j port", [several])),
          [{"dev": "tap0", "vlan": 0, "addresses": [
              {"addr": "192.0.2.5", "subnet": "s"},
              {"addr": "198.51.100.5", "subnet": "t", "mac": "02:00:00:00:00:06"}]}])
    check("one port of a subnet", shown(ctl, "subnet", [
        [("name", "s"), ("state", [("server-id", "192.0.2.1"), ("ports", 1),
                                   ("server-mac", "02:00:c0:00:02:01")])]]),
        "subnet s\n    answers as 192.0.2.1 02:00:c0:00:02:01, 1 port\n")


class OnlySubports(Kernel):
    """tap0 has no untagged port."""

    def answer(self, req):
        if not req.dump:
            return [req.ack(2, "no such port", "dev")]
        other = [("dev", "tap1"), ("vlan", 7)]
        return [req.reply(o, F_MULTI) for o in (SUBPORT, other)] + [req.done()]


@test
def show_subports(ctl):
    got = run(ctl, ["port", "show", "tap0"], OnlySubports())
    check("fallback", (got.status, got.out, got.err), (0, SUBPORT_TEXT, ""))
    check("requests", got.sent, [("PORT_GET", [("dev", "tap0")]), ("PORT_GET+DUMP", [])])
    got = run(ctl, ["-j", "port", "show", "tap9"], OnlySubports())
    check("nothing", (got.status, got.out, got.err),
          (2, "", 'Error: vdhcp: no such port "tap9".\n'))
    got = run(ctl, ["port", "show", "tap0", "vlan", "0"], OnlySubports())
    check("vlan given", (got.status, got.sent), (2, [("PORT_GET", [("dev", "tap0"), ("vlan", 0)])]))


@test
def show_odd(ctl):
    """What a kernel should not send does not break anything."""
    odd = [
        ([("code", 66), ("data", b"\xff\xfe"), ("form", 1)], {"code": 66, "hex": "fffe"}),
        ([("code", 66), ("data", b"a\0b"), ("form", 1)], {"code": 66, "hex": "610062"}),
        ([("code", 66), ("data", b"\x1b[31m"), ("form", 1)], {"code": 66, "hex": "1b5b33316d"}),
        ([("code", 66), ("data", "\x9b31m".encode()), ("form", 1)],
         {"code": 66, "hex": "c29b33316d"}),
        ([("code", 66), ("data", "gr\xfcn".encode()), ("form", 1)],
         {"code": 66, "string": "gr\xfcn"}),
        ([("code", 66), ("data", "\u20ac\U0001f427".encode()), ("form", 1)],
         {"code": 66, "string": "\u20ac\U0001f427"}),
        ([("code", 66), ("data", b"\xc0\xaf"), ("form", 1)], {"code": 66, "hex": "c0af"}),
        ([("code", 66), ("data", b"\xed\xa0\x80"), ("form", 1)], {"code": 66, "hex": "eda080"}),
        ([("code", 66), ("data", b"\xf4\x90\x80\x80"), ("form", 1)],
         {"code": 66, "hex": "f4908080"}),
        ([("code", 66), ("data", b"a\xe2\x82"), ("form", 1)], {"code": 66, "hex": "61e282"}),
        ([("code", 42), ("data", b"abc"), ("form", 3)], {"code": 42, "hex": "616263"}),
        ([("code", 23), ("data", b"ab"), ("form", 4)], {"code": 23, "hex": "6162"}),
        ([("code", 23), ("data", b"ab"), ("form", 77)], {"code": 23, "hex": "6162"}),
        ([("code", 23), ("data", b"ab")], {"code": 23, "hex": "6162"}),
        ([("code", 23), ("data", b"")], {"code": 23, "hex": ""}),
    ]
    for value, want in odd:
        out = shown(ctl, "-j subnet", [[("name", "s"), ("option", value)]])
        check("option %r" % value, json.loads(out), [{"name": "s", "options": [want]}])
    out = shown(ctl, "subnet", [[("name", "s"), ("option", [("code", 9), ("data", b"")])]])
    check("empty option", out, "subnet s option 9 hex ''\n")
    out = shown(ctl, "-j subnet", [[("name", b"a\xff\x1bb\0"), ("domain", b"no end"),
                                    ("mtu", b"x"), ("server-mac", b"abc"), (99, b"new"),
                                    ("send-router", 9), ("network", "192.0.2.0"),
                                    ("route", [("dst-len", 3)]), ("option", [("code", 1)]),
                                    ("state", [("ports", b"x")])]])
    check("attributes", json.loads(out),
          [{"name": "a??b", "domain": "", "send-router": "9", "routes": [], "options": []}])


# Dumps

class Torn(Kernel):
    """The table changes while it is read, a few times."""

    def __init__(self, times, where):
        super().__init__()
        self.times, self.where, self.count = times, where, 0

    def answer(self, req):
        self.count += 1
        torn = F_INTR if self.count <= self.times else 0
        return [req.reply([("name", "n%d" % self.count)],
                          F_MULTI | (torn if self.where == "entry" else 0)),
                req.done(torn if self.where == "done" else 0)]


@test
def dumps(ctl):
    for where in ("entry", "done"):
        got = run(ctl, ["subnet"], Torn(3, where))
        check("torn in " + where, (got.status, got.out, len(got.sent)), (0, "subnet n4\n", 4))
        got = run(ctl, ["-j", "subnet"], Torn(99, where))
        check("always torn", (got.status, got.out, got.err, len(got.sent)),
              (2, "", "Error: the table changed 8 times while it was read, try again.\n", 8))
    many = [[("name", "n%d" % i), ("domain", "x" * 200)] for i in range(2000)]
    out = shown(ctl, "-j subnet", many)
    check("many", [o["name"] for o in json.loads(out)], ["n%d" % i for i in range(2000)])
    huge = [("name", "s")] + [("option", [("code", 1 + i), ("data", b"x" * 1024), ("form", 1)])
                              for i in range(58)]
    check("huge", len(json.loads(shown(ctl, "-j subnet show s", [huge]))[0]["options"]), 58)

    class Packed(Kernel):
        """Several messages in one datagram, with strangers between them."""

        def answer(self, req):
            stranger = req.reply([("name", "no")])
            stranger = stranger[:8] + b"\xff" * 4 + stranger[12:]
            return [b"XXXX" + bytes(40),
                    req.reply([("name", "a")], F_MULTI) + stranger +
                    req.reply([("name", "b")], F_MULTI), stranger,
                    req.reply([("name", "c")], F_MULTI) + req.done()]
    check("packed", run(ctl, ["subnet"], Packed()).out, "subnet a\nsubnet b\nsubnet c\n")

    class Failing(Kernel):
        def answer(self, req):
            return [req.reply([("name", "a")], F_MULTI), req.done(err=12, text="no room")]
    got = run(ctl, ["-j", "subnet"], Failing())
    check("failing", (got.status, got.out, got.err), (2, "", "Error: vdhcp: no room.\n"))


# Counters

def stats_of(dev, verdicts, messages, notes=()):
    out = [("dev", dev)] if dev else []
    for name, values in (("verdict", verdicts), ("message", messages), ("note", notes)):
        numbers = {k.lower().replace("_", "-"): v for k, v in ENUMS["vdhcp_" + name].items()}
        full = {number: 0 for number in numbers.values()}
        full.update({numbers.get(k, k): v for k, v in dict(values).items()})
        out += [(name, [(name, number), ("packets", packets)])
                for number, packets in full.items()]
    return out


STATS = stats_of("tap0", {"offer": 2, "ack-selecting": 1, "release": 3, "fragment": 5,
                          "pass-unicast": 12345678901, 57: 4},
                 {"discover": 2, "request": 1}, {"option-left-out": 1, 9: 1})
STATS_TEXT = """stats tap0
    received                 12345678916
    answered                          3
        offer                         2
        ack-selecting                 1
    unanswered                        3
        release                       3
    dropped                           5
        fragment                      5
    passed                   12345678901
        pass-unicast         12345678901
    unknown                           4
        verdict-57                    4
    DHCP messages                     3
        discover                      2
        request                       1
    notes                             2
        option-left-out               1
        note-9                        1
"""


@test
def stats(ctl):
    check("text", shown(ctl, "stats tap0", [STATS]), STATS_TEXT)
    check("nothing", shown(ctl, "stats", [stats_of(None, {}, {})]),
          "stats of all ports\n    received                          0\n")
    everything = shown(ctl, "-s stats", [stats_of(None, {}, {})])
    names = [n.lower().replace("_", "-") for e in ("verdict", "message", "note")
             for n in ENUMS["vdhcp_" + e]]
    check("zeros", [n for n in names if "        %s " % n not in everything], [])
    out = json.loads(shown(ctl, "-j stats tap0", [STATS]))[0]
    sums = {"received": 12345678916, "answered": 3, "unanswered": 3, "dropped": 5,
            "passed": 12345678901, "unknown": 4}
    check("json keys", list(out), ["dev", "vlan"] + list(sums) + ["messages", "verdicts", "notes"])
    check("sums", {key: out[key] for key in sums}, sums)
    check("received is the sum", (sum(out["verdicts"].values()), sum(list(sums.values())[1:])),
          (sums["received"],) * 2)
    check("json values", (out["vlan"], out["messages"]["discover"], out["verdicts"]["offer"],
                          out["verdicts"]["denied"], out["verdicts"]["verdict-57"],
                          out["verdicts"]["pass-unicast"], out["notes"]["note-9"]),
          (0, 2, 2, 0, 4, 12345678901, 1))
    check("all verdicts", len(out["verdicts"]), len(ENUMS["vdhcp_verdict"]) + 1)
    out = json.loads(shown(ctl, "-j stats", [stats_of(None, {"offer": 1}, {})]))[0]
    check("totals", (list(out), out["verdicts"]["offer"], out["received"]), (
        ["received", "answered", "unanswered", "dropped", "passed", "messages", "verdicts",
         "notes"], 1, 1))
    out = json.loads(shown(ctl, "-j stats all", [STATS, STATS]))
    check("all", [o["dev"] for o in out], ["tap0", "tap0"])
    odd = [("dev", "tap0"), ("verdict", [("packets", b"x"), ("verdict", 1)]),
           ("message", [("message", 1)])]
    check("odd", json.loads(shown(ctl, "-j stats tap0", [odd])),
          [{"dev": "tap0", "vlan": 0, "received": 0, "answered": 0, "unanswered": 0,
            "dropped": 0, "passed": 0, "messages": {}, "verdicts": {}, "notes": {}}])


# Batches

BATCH = b"""# a comment
subnet add s cidr 192.0.2.0/24   # another
\t
subnet add t domain 'a b' boot-file x"y z"'!' search it"'"s
subnet add u captive-portal https://portal.example/#x \\
   mtu 1500
port add tap0\r
port del ''""" + b"tap0"


class Second(Kernel):
    """Refuses subnets whose name is "no"."""

    def answer(self, req):
        if ("name", "no") in req.attrs:
            return [req.ack(17, "exists", "name")]
        return super().answer(req)


@test
def batch(ctl):
    want = [("BATCH_BEGIN", [("mode", 1)]),
            ("SUBNET_NEW", [("name", "s"), ("network", "192.0.2.0"), ("prefix-len", 24)]),
            ("SUBNET_NEW", [("name", "t"), ("domain", "a b"), ("boot-file", "xy z!"),
                            ("search", "it's")]),
            ("SUBNET_NEW", [("name", "u"), ("captive-portal", "https://portal.example/#x"),
                            ("mtu", 1500)]),
            ("PORT_NEW", [("dev", "tap0")]), ("PORT_DEL", [("dev", "tap0")])]
    got = run(ctl, ["-batch", "-"], stdin=BATCH)
    check("stdin", (got.status, got.err, got.sent, got.notes), (0, "", want, [11, 10, 12]))
    with tempfile.NamedTemporaryFile() as file:
        file.write(BATCH)
        file.flush()
        got = run(ctl, ["-b", file.name])
        check("file", (got.status, got.err, got.sent), (0, "", want))
    check("empty", run(ctl, ["-b", "-"], stdin=b"").status, 0)
    check("no commands", run(ctl, ["-b", "-"], stdin=b"\n#\n \\\n\n").sent, [])

    lines = b"subnet add a\n\nsubnet add b mtu \\\n 1\nsubnet add no\nsubnet add c\n"
    got = run(ctl, ["-b", "-"], Second(), stdin=lines)
    usage = 'Error: "1" is out of range, allowed is 68 to 65535 (key "mtu").\n' \
        "Command failed -:3\n"
    check("stops", (got.status, got.err, [a[0][1] for _, a in got.sent]), (1, usage, [1, "a"]))
    got = run(ctl, ["-force", "-b", "-"], Second(), stdin=lines)
    check("-force", (got.status, got.err, [a[0][1] for _, a in got.sent]),
          (1, usage + 'Error: vdhcp: exists (key "name").\nCommand failed -:5\n',
           ["a", "no", "c"]))
    got = run(ctl, ["-b", "-"], Second(), stdin=b"subnet add no\n")
    check("kernel", (got.status, got.err),
          (2, 'Error: vdhcp: exists (key "name").\nCommand failed -:1\n'))
    got = run(ctl, ["-b", "-"], stdin=b"port add 'tap0\n")
    check("quote", (got.status, got.err),
          (1, "Error: the quotation mark (') is not closed.\nCommand failed -:1\n"))
    got = run(ctl, ["-b", "/"])
    check("directory", (got.status, got.err), (2, 'Error: cannot read "/": Is a directory.\n'))
    got = run(ctl, ["-j", "-b", "-"], Kernel([PORT]), stdin=b"port\nport show tap0\n")
    check("json", got.out, compact([PORT_JSON]) * 2)


# The system below

@test
def output_fails(ctl):
    with open("/dev/full", "w") as full:
        got = run(ctl, ["subnet"], Kernel([SUBNET]), stdout=full)
    check("/dev/full", (got.status, got.err),
          (2, "Error: cannot write the output: No space left on device.\n"))


def no_memory(ctl, preload):
    """Each allocation fails once: no crash, no wrong result that is called right."""
    info = [("version", "1.2.3"), ("abi", 2)]
    table = [("-j -s subnet", SUBNET), ("subnet show s", SUBNET), ("-j -p subnet show s", SUBNET),
             ("subnet add s dns 192.0.2.1,192.0.2.2 option 66 string a", SUBNET),
             ("port set tap0 hostname none", SUBNET), ("-b -", SUBNET), ("version", info),
             ("-j stats", STATS)]
    for words, obj in table:
        def attempt(env=None):
            return run(ctl, words.split(), Kernel([obj]), env=env,
                       stdin=b"subnet add s search a,b\nsubnet\n")
        good = attempt()
        number = harmless = 0
        while True:
            number += 1
            got = attempt({"LD_PRELOAD": preload, "NOMEM_AT": str(number)})
            if got.status == 0 and (got.out, got.sent) != (good.out, good.sent):
                check("%s, allocation %d" % (words, number), got.out, good.out)
            if got.status not in (0, 2) or (got.status and not got.err):
                check("%s, allocation %d" % (words, number), (got.status, got.err), "an error")
            # There are not that many allocations in a row whose failure does no harm.
            harmless = 0 if got.status else harmless + 1
            if harmless == 20:
                break
        check("no memory: " + words, (good.status, number > 20), (0, True))


def real(ctl):
    """The program that is installed, on this machine."""
    got = subprocess.run([ctl, "subnet"], capture_output=True, text=True)
    if got.returncode == 0:
        skip("real", "the module is loaded here")
        return
    check("real", (got.returncode, "vdhcp" in got.stderr or "netlink" in got.stderr), (2, True))
    got = subprocess.run([ctl, "-V"], capture_output=True, text=True)
    check("real -V", (got.returncode, got.stdout), (0, "vdhcpctl 1.2.3\n"))


if __name__ == "__main__":
    main(also=((no_memory, "plain/vdhcpctl", "nomem.so"), (real, "real/vdhcpctl")))
