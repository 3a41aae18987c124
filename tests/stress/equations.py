#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Hold what vdhcp counted against what others counted.

    equations.py DIR KINDS
    equations.py kinds          what KINDS has to be, from the YAML

DIR has what each of them said: traffic, stats.json (vdhcpctl -j stats), nft.json (a
counter behind vdhcp's hook), links.json and qdiscs.json (ip and tc -s -j). An equation
is exact, or it is broken. Prints a line for each that is, and exits with 1.
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def kinds():
    """The kind of each verdict. Not in the VM: it would take it half a minute."""
    import yaml  # pylint: disable=import-outside-toplevel
    with open(os.path.join(HERE, "../../uapi/vdhcp.yaml"), encoding="utf-8") as file:
        spec = yaml.safe_load(file)
    entries = next(d for d in spec["definitions"] if d["name"] == "verdict")["entries"]
    return {entry["name"]: entry["doc"].split(":")[0] for entry in entries}


def load(where, name):
    """What one of them said."""
    with open(os.path.join(where, name), encoding="utf-8") as file:
        return json.load(file)


def nft_packets(said):
    """Of the one counter there is."""
    found = [part["counter"]["packets"] for item in said["nftables"] if "rule" in item
             for part in item["rule"]["expr"] if "counter" in part]
    assert len(found) == 1, said
    return found[0]


def main():
    """Three equations, and that there was something to count."""
    where = sys.argv[1]
    if where == "kinds":
        print(json.dumps(kinds()))
        return 0
    with open(os.path.join(where, "traffic"), encoding="utf-8") as file:
        words = re.search(r"written (\d+) refused (\d+) received (\d+)", file.read())
    written, refused, received = (int(word) for word in words.groups())
    stats = load(where, "stats.json")
    stats = stats[0] if isinstance(stats, list) else stats
    sums = dict.fromkeys(("reply", "quiet", "drop", "pass"), 0)
    kind_of = load(".", sys.argv[2])
    assert set(kind_of) == set(stats["verdicts"]), "vdhcpctl and vdhcp.yaml disagree"
    for name, count in stats["verdicts"].items():
        sums[kind_of[name]] += count
    behind = nft_packets(load(where, "nft.json"))
    links = [link["stats64"]["tx"] for link in load(where, "links.json")
             if link["link_type"] == "ether"]
    sent = sum(tx["packets"] for tx in links)
    full = sum(tx["dropped"] for tx in links)
    queues = [queue for queue in load(where, "qdiscs.json") if queue.get("root")]
    queued = sum(queue["drops"] for queue in queues)
    kept = sum(queue["qlen"] for queue in queues)
    ended = sums["reply"] + sums["quiet"] + sums["drop"]
    print("# written %d refused %d replies %d quiet %d dropped %d passed %d behind %d "
          "received %d full %d queue drops %d" %
          (written, refused, sums["reply"], sums["quiet"], sums["drop"], sums["pass"], behind,
           received, full, queued))

    broken = 0

    def equation(text, left, right):
        nonlocal broken
        if left != right:
            broken += 1
            print("%s: %d is not %d (by %d)" % (text, left, right, left - right))

    # A frame ends with vdhcp, or it is seen behind it.
    equation("frames written = verdicts that end a frame + frames behind the hook",
             written, ended + behind)
    # The queue of the device took what is counted as a reply; then the tap has
    # had it read, or had no room for it.
    equation("replies = frames read from the taps + frames that found a tap full",
             sums["reply"], received + full)
    equation("frames that the taps sent = frames read from them", sent, received)
    equation("tx-dropped = frames that found the queue of a device full",
             stats["verdicts"]["tx-dropped"], queued)
    equation("frames still in a queue", kept, 0)
    for kind, count in sums.items():
        if not count:
            broken += 1
            print("no frame was counted as a %s: nothing was tested" % kind)
    if sums["pass"] > behind:
        broken += 1
        print("%d passed, but only %d came behind the hook" % (sums["pass"], behind))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
