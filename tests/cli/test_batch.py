# SPDX-License-Identifier: GPL-2.0
"""Tests of vdhcpctl -batch: what is sent when, and what a failure stops. See suite.py."""
import json
import os
import tempfile
import threading
import time

from fakekernel import Kernel, run
from model import EINVAL, ENOMEM, Model
from suite import check, main, test

REFUSED = (EINVAL, "bad", "dev")


def batch(ctl, lines, kernel, words=("-b", "-")):
    return run(ctl, list(words), kernel, stdin=lines.encode())


def refusing(*ports):
    kernel = Model()
    kernel.refuse = {(port, 0): REFUSED for port in ports}
    return kernel


def sent(got):
    return [(name.lower(), attrs[0][1] if attrs else None) for name, attrs in got.sent]


@test
def pipelined(ctl):
    kernel = Model()
    lines = ["port add t%d" % i for i in range(1000)]
    got = batch(ctl, "\n".join(lines), kernel)
    check("all", (got.status, got.err, len(kernel.tables["port"])), (0, "", 1000))
    check("order", sent(got), [("batch_begin", 1)] + [("port_new", "t%d" % i)
                                                      for i in range(1000)])
    check("packed", len(kernel.datagrams) <= 3 + 8, True)
    check("window", max(len(d) for d in kernel.datagrams) <= 128 * 64, True)
    check("all are acknowledged", {r.flags for r in got.requests}, {5})
    long = "subnet replace s" + "".join(" option %d string %s" % (c, "a" * 1024)
                                        for c in range(1, 60))
    got = batch(ctl, "\n".join([long] * 5), kernel)
    check("long ones", (got.status, len(got.sent)), (0, 6))
    check("replace", sent(batch(ctl, "port replace t1 mode deny\n", kernel)),
          [("batch_begin", 1), ("port_new", "t1")])
    check("replaced", ("mode", 3) in kernel.tables["port"]["t1", 0], True)


@test
def sync_ends(ctl):
    """A sync that fails half-way does not take the lines after it into its batch."""
    kernel = refusing("t3")
    document = {"ports": [{"dev": "t%d" % i, "mode": "deny"} for i in range(2000)]}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        lines = "port add a\nsync %s\nport add b\nport del a\n" % file.name
        # So that it hears of the refusal before it comes to the commit.
        got = run(ctl, ["-force", "-b", "-"], kernel, stdin=lines.encode(), sndbuf=4096)
    check("status", (got.status, got.err.splitlines()[-1]), (2, "Command failed -:2"))
    check("others took effect", sorted(kernel.tables["port"]), [("b", 0)])


@test
def no_chain(ctl):
    """Nothing takes effect if the kernel has not agreed to refuse what comes after a failure."""
    class NoChain(Model):
        def answer(self, req):
            return [req.ack(ENOMEM)] if req.name == "BATCH_BEGIN" else super().answer(req)
    kernel = NoChain()
    got = batch(ctl, "port add t1\nport add t2\n", kernel)
    check("error", (got.status, got.err),
          (2, "Error: vdhcp: Cannot allocate memory.\nCommand failed -:1\n"))
    check("effect", (sent(got), kernel.tables["port"]), ([("batch_begin", 1)], {}))


@test
def chain(ctl):
    """Nothing takes effect after a line that failed, and only that line is reported."""
    kernel = refusing("t7", "t9")
    lines = "# ports\n" + "".join("port add t%d\n" % i for i in range(500))
    got = batch(ctl, lines, kernel)
    check("error", (got.status, got.err),
          (2, 'Error: vdhcp: bad (key "dev").\nCommand failed -:9\n'))
    check("effect", sorted(kernel.tables["port"]), [("t%d" % i, 0) for i in range(7)])
    check("no more is sent", len(got.sent) <= 1 + 128, True)
    kernel = refusing("t400")
    got = batch(ctl, lines, kernel)
    check("later", (got.status, got.err, len(kernel.tables["port"])),
          (2, 'Error: vdhcp: bad (key "dev").\nCommand failed -:402\n', 400))

    class Unprivileged(Kernel):
        def answer(self, req):
            return [req.ack(1)]
    got = batch(ctl, "\nport add t0\nport add t1\n", Unprivileged())
    check("unprivileged", (got.status, got.err), (
        2, "Error: vdhcp: Operation not permitted, this takes CAP_NET_ADMIN.\n"
        "Command failed -:2\n"))


@test
def force(ctl):
    kernel = refusing("t1", "t200")
    lines = "".join("port add t%d\n" % i for i in range(300))
    got = batch(ctl, lines, kernel, ["-force", "-b", "-"])
    check("errors", (got.status, got.err), (2, "".join(
        'Error: vdhcp: bad (key "dev").\nCommand failed -:%d\n' % n for n in (2, 201))))
    check("others", len(kernel.tables["port"]), 298)
    check("no chain", sent(got)[0], ("port_new", "t0"))
    got = batch(ctl, "port add t5 x\nport add t1\nflux\nport add t6\n", refusing("t1"),
                ["-force", "-b", "-"])
    check("first status", (got.status, got.err), (
        1, 'Error: "x" is not a key of port, see "vdhcpctl port help".\nCommand failed -:1\n'
        'Error: vdhcp: bad (key "dev").\nCommand failed -:2\n'
        'Error: "flux" is not a command: subnet, port, sync, dump, stats, monitor, version, '
        "flush, batch, help.\nCommand failed -:3\n"))
    got = batch(ctl, "port add t1\nport x\n", refusing("t1"), ["-force", "-b", "-"])
    check("first status", got.status, 2)


@test
def others_wait(ctl):
    """What reads, and what is wrong, comes after the lines before it."""
    kernel = Model()
    got = batch(ctl, "port add t0\nport show t0\nport add t1\ndump\nport del t0\nport\n", kernel)
    check("reads", (got.status, got.err), (0, ""))
    check("sees", [line[:8] for line in got.out.splitlines() if "t" in line and "wait" not in line],
          ["port t0 ", '{"subnet', '{"dev":"', '{"dev":"', "port t1 "])
    for line, status in (("port show", 2), ("dump", 2), ("version", 2), ("stats", 2),
                         ("subnet x", 2), ("port add", 2), ("port add t5 mtu 1", 2),
                         ("port add 't", 2), ("sync /nonexistent", 2)):
        kernel = refusing("t1")
        got = batch(ctl, "port add t0\nport add t1\n%s\nport add t2\n" % line, kernel)
        check(line, (got.status, got.out, got.err, sorted(kernel.tables["port"])), (
            status, "", 'Error: vdhcp: bad (key "dev").\nCommand failed -:2\n', [("t0", 0)]))
    kernel = Model()
    got = batch(ctl, "port add t0\nport add t1 mtu 1\nport add t2\n", kernel)
    check("usage", (got.status, got.err, sorted(kernel.tables["port"])), (
        1, 'Error: "mtu" is not a key of port, see "vdhcpctl port help".\nCommand failed -:2\n',
        [("t0", 0)]))

    class Warning(Model):
        def answer(self, req):
            if req.name == "PORT_NEW":
                return [req.ack(0, "by the way")]
            return super().answer(req)
    got = batch(ctl, "port add t0\nport\n", Warning())
    check("warning", (got.status, got.err), (0, "Warning: vdhcp: by the way.\n"))


@test
def sync_inside(ctl):
    """A document in the middle of a batch: the lines after it are a chain again."""
    kernel = refusing("t3")
    path = os.path.join(os.path.dirname(ctl), "batch.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"ports": [{"dev": "t9"}]}')
    got = batch(ctl, "port add t1\nsync %s\nport add t2\nport add t3\nport add t4\n" % path, kernel)
    check("result", (got.status, got.err, sorted(kernel.tables["port"])), (
        2, 'Error: vdhcp: bad (key "dev").\nCommand failed -:4\n', [("t2", 0), ("t9", 0)]))
    check("chains", [key for name, key in sent(got) if name == "batch_begin"], [1, 2, 1])


@test
def promptly(ctl):
    """A line takes effect before the next one is written."""
    done = threading.Event()

    class Watching(Model):
        def answer(self, req):
            out = super().answer(req)
            if len(self.tables["port"]) == 3:
                done.set()
            return out
    kernel = Watching()
    reader, writer = os.pipe()
    seen = []

    def write():
        os.write(writer, b"port add t0\nport add t1\nport add t2\nport ad")
        seen.append(done.wait(10))
        os.write(writer, b"d t3")
        os.close(writer)
    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(reader) as file:
        got = run(ctl, ["-b", "-"], kernel, stdin=file)
    thread.join()
    check("in time", (seen, got.status, sorted(kernel.tables["port"])),
          ([True], 0, [("t%d" % i, 0) for i in range(4)]))


@test
def speed(ctl):
    """Ten thousand lines take no longer than the kernel."""
    if "plain" not in ctl:
        return
    lines = "".join("port add t%d mac 00:00:5e:00:53:01 addr 192.0.2.1\n" % i
                    for i in range(10000))
    start = time.monotonic()
    got = batch(ctl, lines, Kernel())
    check("count", (got.status, len(got.sent)), (0, 10001))
    check("seconds", time.monotonic() - start < 30, True)


if __name__ == "__main__":
    main()
