#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""stack.py DIRECTORY: measure the stack of the packet path

DIRECTORY contains the module, built by GCC with -fcallgraph-info=su,da. Frame
sizes are the compiler's. Calls are the compiler's and those in the object code,
so that inline assembly and tail calls are included. Only vdhcp's own functions
count, not the kernel functions that they call.

It fails for a frame of 384 bytes or more, a path of 1024 bytes or more,
recursion, a frame without a bound, a call through a pointer that is not listed
below, and a function of vdhcp whose address is taken.
"""
import os
import re
import subprocess
import sys

# Sizes must be below these limits.
FUNCTION_LIMIT = 384
PATH_LIMIT = 1024
ENTRY = "vdhcp_hook"

# Targets of calls through a pointer or a trampoline, which the compiler does not know.
THROUGH = {
    # A static call, patched to the only probe, or to the iterator below.
    "__SCT__tp_func_vdhcp_request": [
        "__traceiter_vdhcp_request", "trace_event_raw_event_vdhcp_request",
        "perf_trace_vdhcp_request", "__bpf_trace_vdhcp_request"],
    # It walks the list of probes; only vdhcp's own count.
    "__traceiter_vdhcp_request": [
        "trace_event_raw_event_vdhcp_request", "perf_trace_vdhcp_request",
        "__bpf_trace_vdhcp_request"],
}

UNIT = re.compile(r'graph: { title: "([^"]+)"')
NODE = re.compile(r'node: { title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: { sourcename: "([^"]+)" targetname: "([^"]+)"')
FRAME = re.compile(r"(\d+) bytes \(([a-z,]+)\)")
LABEL = re.compile(r"^[0-9a-f]+ <(.+)>:$")
TARGET = re.compile(r"\t(?:call|j[a-z]+) +[0-9a-f]+ <([^>+]+)>$")
ADDRESS = re.compile(r"\tlea .*# [0-9a-f]+ <([^>+]+)>$")
POINTER = re.compile(r"\t(?:call|jmp) +\*")
RELOC = re.compile(r"R_X86_64_(\w+)\t([^\s+-]+)([+-]0x[0-9a-f]+)?$")


class Graph:
    """vdhcp's functions: title -> bytes of its frame, and the calls among them."""

    def __init__(self, top):
        self.frame, self.calls, self.wrong = {}, {}, []
        for directory, _, files in sorted(os.walk(top)):
            for name in sorted(files):
                if name.endswith(".ci") and not name.endswith(".mod.ci"):
                    self.read(os.path.join(directory, name))
        self.through = {name: self.resolve(names) for name, names in THROUGH.items()}

    def read(self, path):
        with open(path, encoding="ascii") as file:
            text = file.read()
        # The larger copy counts if an inline function is in two files.
        for title, label in NODE.findall(text):
            found = FRAME.search(label)
            if not found:
                continue
            self.frame[title] = max(int(found[1]), self.frame.get(title, 0))
            if found[2] not in ("static", "dynamic,bounded"):
                self.wrong.append(f"{short(title)}: its frame is {found[2]}")
        for source, target in EDGE.findall(text):
            self.calls.setdefault(source, set()).add(target)
        self.add_code(path[:-len("ci")] + "o", UNIT.search(text)[1])

    def add_code(self, path, unit):
        """Calls in the object code that are not in the compiler's graph."""
        symbols = table(path)
        current = None
        lines = disassemble(path)
        for line, after in zip(lines, [*lines[1:], ""]):
            label, reloc = LABEL.match(line), RELOC.search(line)
            # objdump prints no usable target where the linker inserts it.
            here = not RELOC.search(after)
            target, address = TARGET.search(line), ADDRESS.search(line)
            if label:
                current = self.title(unit, label[1])
            elif reloc:
                self.relocation(current, unit, symbols, reloc)
            elif target and here:
                self.add(current, self.title(unit, target[1]))
            elif address and here:
                self.add(current, ("address", self.title(unit, address[1])))
            elif POINTER.search(line):
                self.add(current, "__indirect_call")

    def relocation(self, current, unit, symbols, found):
        kind, symbol, offset = found[1], found[2], int(found[3] or "0", 16)
        if symbol.startswith("__x86_indirect_thunk"):
            self.add(current, "__indirect_call")
            return
        if kind in ("PLT32", "PC32"):
            offset += 4
        if symbol.startswith("."):
            symbol = symbols.get((symbol, offset))
        if not symbol:
            return
        target = self.title(unit, symbol)
        # A function may take its own address.
        self.add(current, target if kind == "PLT32" or target == current else
                 ("address", target))

    def resolve(self, names):
        """Titles of functions that must exist exactly once."""
        titles = [title for title in self.frame if short(title) in names]
        if sorted(map(short, titles)) != sorted(names):
            self.wrong.append(f"these functions must exist exactly once: {' '.join(names)}")
        return titles

    def title(self, unit, name):
        name = re.sub(r"\.cold$", "", name)
        local = f"{unit}:{name}"
        return local if local in self.frame else name

    def add(self, source, target):
        if source and source != target:
            self.calls.setdefault(source, set()).add(target)


def short(title):
    return title.rpartition(":")[2]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def disassemble(path):
    return run("objdump", "-dr", "--no-show-raw-insn", path).splitlines()


def table(path):
    """Functions by section and offset."""
    found = {}
    for line in run("objdump", "-t", path).splitlines():
        words = line.split()
        if len(words) >= 5 and "F" in words[1:3]:
            found[(words[-3], int(words[0], 16))] = words[-1]
    return found


def callees(graph, title):
    """The functions of vdhcp that @title calls, and errors found."""
    found, wrong = set(), []
    for target in graph.calls.get(title, ()):
        if isinstance(target, tuple):
            if target[1] in graph.frame:
                wrong.append(f"{short(title)}: takes the address of {short(target[1])}")
        elif target == "__indirect_call":
            if short(title) not in graph.through:
                wrong.append(f"{short(title)}: calls through a pointer")
            found.update(graph.through.get(short(title), ()))
        else:
            found.update(graph.through.get(target, ()))
            found.update({target} & set(graph.frame))
    return found, wrong


def measure(graph, title, above, best):
    """Fill @best with the deepest path from @title: bytes, then titles."""
    if title in above:
        graph.wrong.append("recursion: " + " > ".join(map(short, [*above, title])))
        return (0, ())
    if title not in best:
        deepest = (0, ())
        targets, wrong = callees(graph, title)
        graph.wrong += wrong
        for target in sorted(targets):
            deepest = max(deepest, measure(graph, target, [*above, title], best))
        best[title] = (deepest[0] + graph.frame[title], (title, *deepest[1]))
    return best[title]


def to(graph, title, wanted, best):
    """The deepest path from @title to a call of the kernel's function @wanted."""
    if title not in best:
        deepest = (0, (wanted,)) if wanted in graph.calls.get(title, ()) else None
        for target in sorted(callees(graph, title)[0]):
            below = to(graph, target, wanted, best)
            if below and (not deepest or below > deepest):
                deepest = below
        best[title] = deepest and (deepest[0] + graph.frame[title], (title, *deepest[1]))
    return best[title]


def show(graph, what, path):
    print(f"{what}: {path[0]} bytes")
    for title in path[1]:
        print(f"  {graph.frame.get(title, 0):4} {short(title)}")


def main():
    graph = Graph(os.path.abspath(sys.argv[1]))
    if ENTRY not in graph.frame:
        sys.exit(f"no function {ENTRY} in {sys.argv[1]}")
    best = {}
    deepest = measure(graph, ENTRY, [], best)
    # The search for a path would not end if there were recursion.
    sent = None
    if not any(line.startswith("recursion") for line in graph.wrong):
        sent = to(graph, ENTRY, "dev_queue_xmit", {}) or \
            to(graph, ENTRY, "__dev_queue_xmit", {})
        if not sent:
            graph.wrong.append("no path from the hook to dev_queue_xmit")
    widest = max(best, key=lambda title: graph.frame[title])
    print(f"{len(best)} functions on the path, the largest frame is "
          f"{short(widest)}'s {graph.frame[widest]} bytes")
    show(graph, "deepest path", deepest)
    if sent:
        show(graph, "deepest path to the device", sent)
    for title in best:
        if graph.frame[title] >= FUNCTION_LIMIT:
            graph.wrong.append(f"{short(title)}: {graph.frame[title]} bytes, "
                               f"not below {FUNCTION_LIMIT}")
    if deepest[0] >= PATH_LIMIT:
        graph.wrong.append(f"the deepest path is not below {PATH_LIMIT} bytes")
    for line in sorted(set(graph.wrong)):
        print(f"WRONG: {line}")
    return 1 if graph.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
