#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What the dearest requests cost: work.py WORK VECTORS

Each vector asks twice of one configuration: the plain DISCOVER of dhclient, and
the dearest request known, by work_search.py or by hand. Callgrind counts what the
engine executes, which does not depend on the machine's speed or load.

The bound has the form that follows from the loops in DESIGN.md. Its numbers do
not: they were chosen somewhat above what was counted, to notice what gets dearer.
"""
import os
import re
import sys

import work_search

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import ktap  # noqa: E402

# What every answer takes, what a byte of options can add, and what an option that
# is configured and asked for.
ANSWER = 4000
BYTE = 12
OPTION = 66


def bound(name):
    # Those that have a key of their own are twelve at most.
    options = 12 + len(set(re.findall(r"option (\d+)", work_search.CONFIGS[name])))
    return ANSWER + BYTE * work_search.ROOM + OPTION * options


def main():
    counts = work_search.count_files(sys.argv[1], sys.argv[2])
    names = sorted({name for name, _ in counts})
    minimal = min(counts[name, 0] for name in names)
    results = ktap.Ktap(len(names))
    for name in names:
        plain, dear = counts[name, 0], counts[name, 1]
        good = plain < dear <= bound(name)
        results.result(good, name, f"{dear} instructions of {bound(name)}, "
                       f"{dear / plain:.1f} times its plain DISCOVER of {plain}, "
                       f"{dear / minimal:.1f} times the least one of {minimal}")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
