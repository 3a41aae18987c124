# SPDX-License-Identifier: GPL-2.0
"""What the test files share: checks, results, and the programs that run.sh built."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from ktap import Ktap  # noqa: E402

# Checks of the current test.
COUNT = {"passed": 0, "failed": 0}
TESTS = []
REASONS = []


def test(func):
    """For a function that takes the path of a vdhcpctl."""
    TESTS.append(func)
    return func


def check(name, have, want):
    if have == want:
        COUNT["passed"] += 1
        return
    COUNT["failed"] += 1
    print("# %s\n#   want %r\n#   have %r" % (name, want, have))


def skip(name, reason):
    REASONS.append("%s: %s" % (name, reason))


def run_test(results, name, func, files):
    """Calls func, and prints one result for all its checks."""
    COUNT.update(passed=0, failed=0)
    REASONS.clear()
    func(*files)
    total = COUNT["passed"] + COUNT["failed"]
    if REASONS and not total:
        results.skip(name, "; ".join(REASONS))
        return
    if not total:
        print("# %s: nothing to check" % name)
        return
    for reason in REASONS:
        print("# skipped: " + reason)
    results.result(not COUNT["failed"], name, "%d checks" % total)


def main(builds=("plain", "sanitized"), also=()):
    """Arguments: the directory that run.sh built into, then names to pick tests.

    The variable CLI_BUILD picks one build. also: functions that run once, with the first
    build; each with the names of the files it takes.
    """
    out, picks = sys.argv[1], sys.argv[2:]
    only = os.environ.get("CLI_BUILD")
    results = Ktap()
    for build in builds:
        for func in TESTS:
            if func.__name__ in (picks or [func.__name__]) and only in (None, build):
                run_test(results, "%s (%s)" % (func.__name__, build), func,
                         [os.path.join(out, build, "vdhcpctl")])
    for func, *files in also:
        if func.__name__ in (picks or [func.__name__]) and only in (None, builds[0]):
            run_test(results, func.__name__, func, [os.path.join(out, file) for file in files])
    sys.exit(1 if results.end() and results.failed else 0)
