#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Names and prose of the sources: style.py names|columns|words FILE...

names    static functions and objects of C files that have a one-word name, or a name that
         another of the files gives to a static, too
columns  lines over 80 columns, except for those that are one text, which stays searchable
words    words and phrases of the project's earlier prose that say less than plain English

Prints one finding a line; a check in lint.sh passes if nothing is printed.
"""
import re
import sys

# At the beginning of a line: inside of a function a static has no name for others.
STATIC = re.compile(r"^static\b(?P<type>[^;={(]*?)\b(?P<name>[a-z]\w*)\s*(?:\(|\[|=|;)",
                    re.MULTILINE)
# Between "static" and the name there may be such attributes, which have parentheses.
ATTRIBUTE = re.compile(r"\b(?:__attribute__|__printf|__aligned|__section)\s*\((?:[^()]|\([^()]*\))*\)")
COLUMNS = 80
TAB = 8
ENDS_IN_TEXT = re.compile(r'"[),;]*$')
PHRASES = [r"what became of", r"whoever", r"all that", r"beside", r"behind", r"anew", r"is told",
           r"nobody", r"somebody", r"of which", r"(?<!there )is none(?! of our business)"]
WORDS = re.compile(r"\b(?:" + "|".join(PHRASES) + r")\b", re.IGNORECASE)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def statics(path):
    """(line, name) of each static; a declaration and its definition are one."""
    text = re.sub(r"/\*.*?\*/|\\\n", blank, read(path), flags=re.DOTALL)
    text = ATTRIBUTE.sub(blank, text)
    found = {}
    for match in STATIC.finditer(text):
        found.setdefault(match["name"], text.count("\n", 0, match.start("name")) + 1)
    return [(line, name) for name, line in found.items()
            if name not in ("assert", "static_assert")]


def names(paths):
    where = {}
    for path in paths:
        for line, name in statics(path):
            where.setdefault(name, []).append(f"{path}:{line}")
    for name, places in sorted(where.items()):
        if len(places) > 1:
            print(f"{places[0]}: static {name} is defined in {', '.join(places[1:])}, too")
        if "_" not in name:
            for place in places:
                print(f"{place}: static {name} has a name of one word")


def columns(paths):
    for path in paths:
        for number, line in enumerate(read(path).split("\n"), 1):
            width = len(line.expandtabs(TAB))
            # A text stays in one piece, so that it can be searched for.
            if width > COLUMNS and not ENDS_IN_TEXT.search(line):
                print(f"{path}:{number}: {width} columns")


def words(paths):
    for path in paths:
        try:
            text = read(path)
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for match in WORDS.finditer(line):
                if match.group() != "is None":
                    print(f"{path}:{number}: \"{match.group()}\"")


if __name__ == "__main__":
    {"names": names, "columns": columns, "words": words}[sys.argv[1]](sys.argv[2:])
