# SPDX-License-Identifier: GPL-2.0
"""What the files of tests share: counting, and running what run.sh built."""
import os
import sys

COUNT = {"passed": 0, "failed": 0, "skipped": 0}
TESTS = []


def test(func):
    """For a function that takes the path of a vdhcpctl."""
    TESTS.append(func)
    return func


def check(name, have, want):
    if have == want:
        COUNT["passed"] += 1
        return
    COUNT["failed"] += 1
    print("FAIL %s\n  want %r\n  have %r" % (name, want, have))


def skip(name, why):
    COUNT["skipped"] += 1
    print("SKIP %s: %s" % (name, why))


def main(builds=("plain", "sanitized"), also=()):
    """Arguments: the directory that run.sh built into; then names to pick tests.

    also: functions that run once, each with the names of the files it takes.
    """
    out, picks = sys.argv[1], sys.argv[2:]
    for build in builds:
        for func in TESTS:
            if picks and func.__name__ not in picks:
                continue
            failed = COUNT["failed"]
            func(os.path.join(out, build, "vdhcpctl"))
            if COUNT["failed"] != failed:
                print("FAILED %s (%s)" % (func.__name__, build))
    for func, *files in also:
        if not picks or func.__name__ in picks:
            func(*(os.path.join(out, file) for file in files))
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % COUNT)
    sys.exit(1 if COUNT["failed"] else 0)
