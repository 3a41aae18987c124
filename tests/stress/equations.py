#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Compare vdhcp's counters with those of the kernel and of traffic.c.

    equations.py DIR KINDS
    equations.py kinds          print KINDS, from the YAML

DIR has the counters: traffic, stats.json (vdhcpctl -j stats), nft.json (a counter before
vdhcp's hook and one after it), links.json and qdiscs.json (ip and tc -s -j). Each equation
must hold exactly. Prints a line for each that does not, and then exits with 1.
"""
import json
import os
import re
import sys

# Among so many frames each kind must occur, except for those that taps refuse, at least on
# some kernels.
MANY = 20000
REFUSED = ("cut-ethernet", "gso-udp-l4")
# Some frames of these kinds must be answered, if so many replies are expected.
EXPECTED = 40
ANSWERED = ("1-tag", "priority-tag", "trailing", "df", "evil-bit", "ip-options", "ttl-0",
            "no-udp-sum", "many-options", "long-options", "options-in-pieces", "overload",
            "non-linear", "split", "partial-sum", "hdr-len")

HERE = os.path.dirname(os.path.abspath(__file__))


def kinds():
    """The kind of each verdict. Not for the VM, where YAML takes half a minute."""
    import yaml  # pylint: disable=import-outside-toplevel
    with open(os.path.join(HERE, "../../uapi/keys.yaml"), encoding="utf-8") as file:
        verdicts_of = yaml.safe_load(file)["verdicts"]
    return {name: verdict["kind"] for name, verdict in verdicts_of.items()}


def load(where, name):
    """Read a JSON file of DIR."""
    with open(os.path.join(where, name), encoding="utf-8") as file:
        return json.load(file)


def nft_packets(said):
    """Packets before vdhcp's hook and after it."""
    found = {item["rule"]["chain"]: part["counter"]["packets"]
             for item in said["nftables"] if "rule" in item
             for part in item["rule"]["expr"] if "counter" in part}
    return found["before"], found["after"]


def traffic(where):
    """
    Frames that traffic wrote and read, and for each kind the frames and their replies. There
    are no kinds if it sent DISCOVERs only.
    """
    with open(os.path.join(where, "traffic"), encoding="utf-8") as file:
        text = file.read()
    words = re.search(r"written (\d+) refused (\d+) received (\d+)", text).groups()
    of_kind = re.findall(r"^kind (\S+) (\d+) (\d+)$", text, re.MULTILINE)
    return ([int(word) for word in words],
            {kind: (int(frames), int(answers)) for kind, frames, answers in of_kind})


def verdicts(where, kind_of):
    """Counters of vdhcp: each verdict, and sums by kind."""
    stats = load(where, "stats.json")
    stats = (stats[0] if isinstance(stats, list) else stats)["verdicts"]
    sums = dict.fromkeys(("reply", "consumed", "drop", "pass"), 0)
    assert set(kind_of) == set(stats), "vdhcpctl and keys.yaml disagree"
    for name, count in stats.items():
        sums[kind_of[name]] += count
    return stats, sums


def show_mixture(written, of_kind):
    """Print frames and replies of each kind, in lines of a hundred characters."""
    line = "# of %d:" % written
    for kind, (frames, answers) in of_kind.items():
        word = " %s %d%s" % (kind, frames, "/%d" % answers if answers else "")
        if len(line) + len(word) > 100:
            print(line)
            line = "#   "
        line += word
    print(line)


class Book:
    """Reports errors and remembers that there were any."""

    def __init__(self):
        self.broken = False

    def wrong(self, text):
        """Report an error."""
        self.broken = True
        print(text)

    def equation(self, text, left, right):
        """Report an equation that does not hold."""
        if left != right:
            self.wrong("%s: %d is not %d (by %d)" % (text, left, right, left - right))


def check_mixture(book, written, of_kind, sums):
    """Report kinds of frames and verdicts that did not occur."""
    for kind, count in sums.items():
        if not count:
            book.wrong("no frame was counted as %s, so that was not tested" % kind)
    for kind, (frames, answers) in of_kind.items():
        if not frames and written > MANY and kind not in REFUSED:
            book.wrong("no frame was %s, so that was not tested" % kind)
        if not answers and frames * sums["reply"] > EXPECTED * written and kind in ANSWERED:
            book.wrong("no frame that was %s was answered" % kind)


def main():
    """Check all equations and the mixture of frames."""
    where = sys.argv[1]
    if where == "kinds":
        print(json.dumps(kinds()))
        return 0
    (written, refused, received), of_kind = traffic(where)
    stats, sums = verdicts(where, load(".", sys.argv[2]))
    before, after = nft_packets(load(where, "nft.json"))
    links = [link["stats64"] for link in load(where, "links.json")
             if link["link_type"] == "ether"]
    taken = sum(link["rx"]["packets"] for link in links)
    sent = sum(link["tx"]["packets"] for link in links)
    full = sum(link["tx"]["dropped"] for link in links)
    queues = [queue for queue in load(where, "qdiscs.json") if queue.get("root")]
    queued = sum(queue["drops"] for queue in queues)
    kept = sum(queue["qlen"] for queue in queues)
    endless = of_kind["ends-in-tag"][0] if of_kind else 0
    ended = sums["reply"] + sums["consumed"] + sums["drop"]
    tx_dropped = stats["tx-dropped"]
    print("# written %d refused %d at the hook %d replies %d consumed %d dropped %d passed %d "
          "after %d received %d tx-dropped %d full %d queue drops %d" %
          (written, refused, before, sums["reply"], sums["consumed"], sums["drop"], sums["pass"],
           after, received, tx_dropped, full, queued))

    book = Book()
    book.equation("frames written = frames that the taps took", written, taken)
    # The core drops a frame that ends in its tag before any hook, and counts it nowhere.
    book.equation("frames written = frames at the hook + frames that end in a tag",
                  written, before + endless)
    # vdhcp consumes a frame, or the frame is seen after the hook.
    book.equation("frames at the hook = verdicts that end a frame + frames after the hook",
                  before, ended + after)
    # A reply was read from the tap, or the tap or its queue was full.
    book.equation("replies + tx-dropped = frames read + frames that found a tap or queue full",
                  sums["reply"] + tx_dropped, received + full + queued)
    book.equation("frames that the taps sent = frames read from them", sent, received)
    book.equation("frames still in a queue", kept, 0)
    # When two processors send into one queue, one may transmit for both and alone sees
    # that the tap is full; see xmit.c.
    if not 0.9 * (full + queued) <= tx_dropped <= full + queued:
        book.wrong("tx-dropped is %d, but %d found a tap or queue full" %
                   (tx_dropped, full + queued))
    if of_kind:
        show_mixture(written, of_kind)
        check_mixture(book, written, of_kind, sums)
    elif not sums["reply"]:
        book.wrong("no frame was answered")
    if sums["pass"] > after:
        book.wrong("%d passed, but only %d came after the hook" % (sums["pass"], after))
    return 1 if book.broken else 0


if __name__ == "__main__":
    sys.exit(main())
