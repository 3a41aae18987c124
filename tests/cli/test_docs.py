# SPDX-License-Identifier: GPL-2.0
"""The pages, README, completion and what is installed say what the tool says."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from fakekernel import ENUMS, TOP, Kernel, run
from keys_gen import KEYS
from suite import check, main, skip, test

PAGES = {"vdhcpctl.8": "man8", "vdhcp.json.5": "man5", "vdhcp-verdicts.7": "man7"}
INSTALLED = {
    "sbin/vdhcpctl": 0o755,
    "share/man/man8/vdhcpctl.8": 0o644,
    "share/man/man5/vdhcp.json.5": 0o644,
    "share/man/man7/vdhcp-verdicts.7": 0o644,
    "share/bash-completion/completions/vdhcpctl": 0o644,
    "share/ynl/specs/vdhcp.yaml": 0o644,
    "share/vdhcp/vdhcp.schema.json": 0o644,
    "lib/systemd/system/vdhcp.service": 0o644,
}


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def names(enum):
    return {n.lower().replace("_", "-") for n in ENUMS["vdhcp_" + enum]}


def plain(page):
    """The words of a page, without what is for the formatter."""
    text = re.sub(r"\\[-&e]", lambda m: "-" if m[0] == "\\-" else "", read("tools/man/" + page))
    return set(re.findall(r"[\w-]+", text))


def items(page, section, macro):
    """What the items of a list are called: ".It Em t1 , t2" are two."""
    body = re.split(r"^\.S[sh] ", read("tools/man/" + page), flags=re.M)
    body = [b for b in body if b.startswith(section + "\n")][0]
    found = set()
    for line in re.findall(r"^\.It %s (.*)" % macro, body, re.M):
        words = line.split(" , ") if macro == "Em" else line.split()[:1]
        found |= set(words)
    return found


def keys_of(ctl, obj):
    """Keys and their values, as help lists them."""
    return dict(re.findall(r"^  ([a-z][a-z0-9-]*) (.+)$",
                           run(ctl, [obj, "help"]).out.split("Keys:\n")[1], re.M))


@test
def keys(ctl):
    for obj, table in KEYS.items():
        have = keys_of(ctl, obj)
        check("keys of %s are found" % obj, len(have) > 8, True)
        page = items("vdhcpctl.8", "Keys of a %s" % obj, "Cm")
        check("keys of %s in vdhcpctl(8)" % obj, page - {"dev"}, set(have))
        # A key of one entry of a list, such as "addr", is in the list's item.
        names_of = {word: key["json"] for name, key in table.items()
                    for word in key.get("words", [name])}
        first = next(name for name, key in table.items() if key["kind"] == "id")
        page = items("vdhcp.json.5", "Keys of a %s" % obj, "Em")
        check("keys of %s in vdhcp.json(5)" % obj, page, {names_of[k] for k in have} | {first})
        for key, arg in have.items():
            for value in re.findall(r"[a-z][\w-]*", arg if "|" in arg else ""):
                check("%s %s in vdhcpctl(8)" % (key, value), value in plain("vdhcpctl.8"), True)


@test
def objects(ctl):
    out = run(ctl, ["help"]).out
    part = out.split("may be abbreviated:\n")[1].split("\n\n")[0]
    have = set(re.findall(r"^  ([a-z]+)", part, re.M))
    check("objects are found", len(have) > 6, True)
    page = read("tools/man/vdhcpctl.8")
    body = page.split(".Sh OBJECTS AND COMMANDS")[1].split("\n.Ss ")[0]
    check("objects in vdhcpctl(8)", set(re.findall(r"^\.It Cm ([a-z]+)", body, re.M)), have)
    for obj, commands in re.findall(r"^  ([a-z]+) ([a-z|]+\|[a-z|]+) ", part, re.M):
        for command in commands.split("|"):
            check("%s %s in vdhcpctl(8)" % (obj, command), bool(re.search(
                r"^\.It Cm %s (Op Cm )?%s\b" % (obj, command), page, re.M)), True)
    for option in re.findall(r"-([A-Za-z]+)", out.split("or two:\n")[1].split("\n\n")[0]):
        check("-%s in vdhcpctl(8)" % option, option in
              {w for line in re.findall(r"^\.It Fl (.*)", page, re.M)
               for w in line.replace(",", " ").split()}, True)


@test
def events(_):
    page = read("tools/man/vdhcpctl.8").split(".Ss Events\n")[1].split("\n.S")[0]
    check("events", set(re.findall(r"^\.It ([a-z-]+)$", page, re.M)),
          names("event") | {"unloaded", "loaded", "not-configured"})
    words = plain("vdhcpctl.8")
    for what in ("change", "a_event", "a_port_state"):
        check("%s in vdhcpctl(8)" % what, names(what) - words - {"pad"}, set())
    for kind in ("reply", "consumed", "drop", "pass"):
        check("kind %s" % kind, kind in words, True)


@test
def verdicts(ctl):
    """Each verdict has a page: what it means, and what to do."""
    page = read("tools/man/vdhcp-verdicts.7")
    check("verdicts in vdhcp-verdicts(7)", set(re.findall(r"^\.It Cm ([a-z0-9-]+)$", page, re.M)),
          names("verdict"))
    texts = dict(re.findall(r"^\.It Cm (\S+)\n(.*?)(?=^\.It |^\.El)", page, re.M | re.S))
    kinds = {"ANSWERED": "answered", "CONSUMED": "consumed without an answer",
             "DROPPED": "dropped", "PASSED": "passed to the network"}
    listed = run(ctl, ["help", "verdicts"])
    check("help verdicts", (listed.status, listed.err), (0, ""))
    check("the list", set(re.findall(r"^  ([a-z0-9-]+) ", listed.out, re.M)), names("verdict"))
    for name in sorted(names("verdict")):
        got = run(ctl, ["help", name])
        check("help " + name, (got.status, got.err, got.sent), (0, "", []))
        section = re.findall(r"^\.Sh (\w+)$", page.split("\n.It Cm %s\n" % name)[0], re.M)[-1]
        head, meaning, action = re.match(
            r"(.*)\n\n(.*?)\n\nWhat to do:\n(.*?)(?:\n\nReported as event .*)?\n$", got.out,
            re.S).groups()
        check("head of " + name, head, "Verdict %s: the packet is %s." % (name, kinds[section]))
        flat = " ".join(texts[name].split())
        for what, text in (("meaning", meaning), ("action", action)):
            check("%s of %s" % (what, name), len(text) > 20, True)
            check("%s of %s in the page" % (what, name), " ".join(text.split()) in flat, True)
        check("event of " + name, re.findall(r'event "(.*?)"', got.out),
              re.findall(r"Reported as event\n\.Cm (\S+)", texts[name]))
    check("the length of lines", max(map(len, listed.out.split("\n"))) <= 110, True)


@test
def pages_are_clean(_):
    if not shutil.which("man"):
        skip("pages", "no man")
        return
    for page in PAGES:
        got = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                              os.path.join(TOP, "tools/man", page)], capture_output=True, text=True,
                             env=dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ=""), check=False)
        check("warnings of " + page, (got.returncode, got.stderr), (0, ""))
        check("text of " + page, len(got.stdout) > 1000, True)


def commands_of(text):
    """Command lines of vdhcpctl in a text; a backslash joins two lines."""
    text = re.sub(r"\\e?\n\s*", "", text)
    return [line.split("  #")[0] for line in re.findall(r"^vdhcpctl (.*)$", text, re.M)]


@test
def examples(ctl):
    """What the texts tell to type is understood."""
    count = 0
    for path in ("README.md", "tools/man/vdhcpctl.8"):
        for line in commands_of(read(path)):
            if re.search(r"\b(monitor|sync|dump|help)\b|-b |[\[>|(]|\.\.\.", line):
                continue        # the first never ends, others want a file
            got = run(ctl, line.replace("TAP", "tap0").split(), Kernel())
            check("%s: vdhcpctl %s" % (path, line), (got.status, got.err), (0, ""))
            count += 1
    check("examples are found", count > 12, True)


@test
def readme(_):
    """README fits on a few screens and uses the names that vdhcpctl prints."""
    text = read("README.md")
    check("README.md has 220 lines at most", text.count("\n") <= 220, True)
    table = text.split("## 3 a.m.")[1].split("\n## ")[0]
    verdicts = set(re.findall(r"`(?:dropped|not answered|passed on), ([a-z-]+)`", table))
    check("verdicts are found", len(verdicts) > 5, True)
    check("verdicts of the table", verdicts - names("verdict"), set())
    for link in re.findall(r"\]\(([^):]+)\)", text):
        check("link " + link, os.path.exists(os.path.join(TOP, link)), True)


@test
def paths(_):
    """Files that the pages for developers name exist."""
    for page in ("CONTRIBUTING.md", "docs/DESIGN.md", "docs/INSTALL.md"):
        found = set(re.findall(r"`((?:docs|kmod|packaging|tests|tools|uapi)/[a-z0-9_./-]+)`",
                               read(page)))
        check("paths in %s" % page, len(found) > 2, True)
        check("missing paths of %s" % page,
              {f for f in found if not os.path.exists(os.path.join(TOP, f))}, set())


@test
def document(ctl):
    """The document of the page is one."""
    text = read("tools/man/vdhcp.json.5").split(".Bd -literal\n")[1].split("\n.Ed")[0]
    data = json.loads(text)
    check("example", sorted(data), ["ports", "subnets"])
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        got = run(ctl, ["sync", file.name, "--dry-run"], Kernel())
    check("sync", (got.status, got.err), (0, ""))
    with open(os.path.join(TOP, "uapi/vdhcp.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    import jsonschema
    check("schema", [e.message for e in jsonschema.Draft7Validator(schema).iter_errors(data)], [])


@test
def install(_):
    for prefix in (None, "/opt/vdhcp"):
        with tempfile.TemporaryDirectory() as dest:
            words = ["make", "-s", "-C", TOP, "install", "DESTDIR=" + dest]
            got = subprocess.run(words + (["PREFIX=" + prefix] if prefix else []),
                                 capture_output=True, text=True, check=False)
            check("make install", (got.returncode, got.stdout), (0, ""))
            top = dest + (prefix or "/usr")
            have = {os.path.relpath(os.path.join(place, name), top):
                    os.stat(os.path.join(place, name)).st_mode & 0o7777
                    for place, _, files in os.walk(dest) for name in files}
            check("installed below %s" % (prefix or "/usr"), have, INSTALLED)
            with open(top + "/lib/systemd/system/vdhcp.service", encoding="utf-8") as unit:
                check("vdhcpctl in the unit", set(re.findall(r"/[a-z/]*/vdhcpctl\b", unit.read())),
                      {(prefix or "/usr") + "/sbin/vdhcpctl"})
            if prefix:
                continue
            out = subprocess.run([top + "/sbin/vdhcpctl", "-V"], capture_output=True, text=True,
                                 check=False).stdout
            version = re.search(r"^VDHCP_VERSION \?= (.*)", read("Kbuild"), re.M)[1]
            check("it runs", out, "vdhcpctl %s\n" % version)


if __name__ == "__main__":
    # Nothing here depends on how the tool was built.
    main(["plain"])
