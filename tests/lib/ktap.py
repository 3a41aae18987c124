# SPDX-License-Identifier: GPL-2.0
"""Results as KTAP, with "N passed, N failed, N skipped" as the last line; see ktap.sh."""


class Ktap:
    """Prints one result after the other, and counts them."""

    def __init__(self, plan=None):
        self.passed = self.failed = self.skipped = 0
        self.plan = plan
        print("KTAP version 1")
        if plan is not None:
            print(f"1..{plan}")

    def _line(self, word, name, diagnostic):
        number = self.passed + self.failed + self.skipped
        name = name.replace("#", "")
        print(f"{word} {number} - {name}" + (f" # {diagnostic}" if diagnostic else ""), flush=True)

    def result(self, good, name, diagnostic=""):
        """One test: passed if good."""
        if good:
            self.passed += 1
        else:
            self.failed += 1
        self._line("ok" if good else "not ok", name, diagnostic)

    def skip(self, name, reason):
        """One test that cannot run here."""
        self.skipped += 1
        self._line("ok", name, f"SKIP {reason}")

    def end(self):
        """Prints the last line; returns the exit status, 0 if a test passed and none failed."""
        number = self.passed + self.failed + self.skipped
        if self.plan is None:
            print(f"1..{number}")
        elif self.plan != number:
            print(f"# {number} tests ran, {self.plan} were planned")
            self.failed += 1
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed or not self.passed else 0
