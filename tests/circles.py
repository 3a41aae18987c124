#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: tests/circles.py DIRECTORY...

Prints each circle of object files (*.o) below the directories: a calls or refers to
b, b to c, and c to a. An object file refers to another if one of its undefined
symbols is defined there. Prints nothing if there is no circle.
"""
import os
import subprocess
import sys


def object_files(directories):
    for directory in directories:
        for place, _, names in os.walk(directory):
            for name in names:
                # What the linker and modpost made consists of other files.
                if name.endswith(".o") and not name.endswith(".mod.o"):
                    yield os.path.join(place, name)


def symbols(path):
    """Sets of the global symbols that a file defines, and of those it refers to."""
    lines = subprocess.run(["nm", "--extern-only", "--format=posix", path], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    fields = [line.split() for line in lines]
    return ({f[0] for f in fields if f[1] not in "UwvV"}, {f[0] for f in fields if f[1] == "U"})


def references(paths):
    """{file: {other file: one symbol}}."""
    table = {path: symbols(path) for path in paths}
    # A file that was linked from others defines what they define: it is not one of ours.
    owners = {}
    for path, (defined, _) in table.items():
        for symbol in defined:
            owners.setdefault(symbol, []).append(path)
    whole = {path for path, (defined, _) in table.items()
             if defined and all(len(owners[symbol]) > 1 for symbol in defined) and
             len({p for symbol in defined for p in owners[symbol]}) > 2}
    graph = {}
    for path, (_, undefined) in table.items():
        if path in whole:
            continue
        graph[path] = {owner: symbol for symbol in sorted(undefined)
                       for owner in owners.get(symbol, ()) if owner not in whole}
    return graph


def circles(graph):
    """Strongly connected components of more than one file (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            part = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(part) > 1:
                found.append(sorted(part))
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def main():
    if not sys.argv[1:] or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    graph = references(sorted(set(object_files(sys.argv[1:]))))
    if not graph:
        sys.exit("no object files in " + " ".join(sys.argv[1:]))
    for part in circles(graph):
        print("circle of %d files:" % len(part))
        for path in part:
            for other in sorted(set(graph[path]) & set(part)):
                print("  %s -> %s (%s)" % (os.path.basename(path), os.path.basename(other),
                                           graph[path][other]))


if __name__ == "__main__":
    main()
