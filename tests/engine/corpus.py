#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""corpus.py unpack DIRECTORY FILE | pack DIRECTORY FILE

FILE has the inputs that a fuzzer keeps, one a line, in hex and sorted; a run of ten or
more zero bytes is (COUNT). What follows a # says which mistake the input once found.
A line with such a comment stays whatever is packed.
"""
import re
import sys
from pathlib import Path


def lines(path):
    """Inputs of a file, each with its comment."""
    if not path.exists():
        return {}
    split = (line.partition("#") for line in path.read_text().splitlines())
    return {text.strip(): comment.strip() for text, _, comment in split if text.strip()}


def shrink(data):
    runs = re.compile(rb"\0{10,}")
    text, at = "", 0
    for run in runs.finditer(data):
        text += data[at : run.start()].hex() + f"({len(run[0])})"
        at = run.end()
    return text + data[at:].hex()


def grow(text):
    parts = re.split(r"\((\d+)\)", text)
    return b"".join(
        bytes(int(part)) if i % 2 else bytes.fromhex(part) for i, part in enumerate(parts)
    )


def unpack(directory, path):
    for number, text in enumerate(lines(path)):
        (directory / f"kept-{number:04}").write_bytes(grow(text))


def pack(directory, path):
    kept = {text: comment for text, comment in lines(path).items() if comment}
    for name in directory.iterdir():
        kept.setdefault(shrink(name.read_bytes()), "")
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "".join(
            text + (f"  # {comment}" if comment else "") + "\n"
            for text, comment in sorted(kept.items())
        )
    )
    print(f"{path.name}: {len(kept)} inputs, {path.stat().st_size} bytes")


{"unpack": unpack, "pack": pack}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
