# SPDX-License-Identifier: GPL-2.0
"""What gen.py writes for people and for test programs: schema, man pages, lists for Python.

The JSON schema and vdhcp.json(5) describe a value by its kind. A kind that one of the tables
below lacks stops gen.py.
"""
import json
import pprint
import re
import textwrap

# Not in a text: what tools/clean.c does not print.
CONTROL = ("[^\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e"
           "\\u2066-\\u2069\\ufeff]*")
BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IP = f"{BYTE}(\\.{BYTE}){{3}}"
UNIT = "[0-9]+[smhd]?"
U32_MAX = 0xffffffff
# Raw options: codes, and the numbers among the forms.
CODES = (1, 254)
FORM_MAX = {"u8": 0xff, "u16": 0xffff, "u32": U32_MAX}
TITLE = "vdhcp configuration"
ABOUT = (
    'What "vdhcpctl sync" takes and "vdhcpctl dump" prints: all subnets and ports of a network '
    "namespace. Names must be unique, a port's subnets must be in the document, and option codes "
    "must be unique within an object; a schema cannot say that.")
TOP_MAX = {"prefix-len": 0xff, "u16": 0xffff, "vlan": 0xffff, "u32": U32_MAX, "seconds": U32_MAX,
           "duration": U32_MAX}
TEXTS = ("id", "name", "text", "domain", "domains")
# The words for off and on, on the command line.
SWITCH = ("off", "on")


class Key:
    """A key with its entry in keys.yaml and its attribute in vdhcp.yaml."""

    def __init__(self, spec, attrs, name, entry):
        self.name, self.entry, self.kind = name, entry, entry["kind"]
        self.attrs = entry.get("attributes", [name])
        self.plural = entry.get("plural", name)
        self.fixed = entry.get("fixed", False)
        self.help = entry.get("help")
        self.default = entry.get("default")
        described = attrs[self.attrs[0]]
        self.words = []
        if "words" in entry:
            nested = attributes(spec, described["nested-attributes"])
            self.words = [Key(spec, nested, *item) for item in entry["words"].items()
                          if item[1]["kind"] != "reserved"]
        self.limit_values(spec, described)

    def limit_values(self, spec, described):
        """Least and highest number or length; names of an enum."""
        self.low, self.high = bounds(spec, described, self.kind)
        self.values = entries(spec, described["enum"]) if "enum" in described else []

    def sentence(self):
        """The help and the default as a sentence."""
        text, absent = self.help, self.entry.get("absent", self.default)
        if absent and self.kind == "bool":
            absent = "true"
        if "plural" in self.entry:
            # The rest is about words of the command line.
            text = text.split(";")[0]
        elif absent:
            text += f"; if absent, {absent}"
        return text[0].upper() + text[1:] + "."


def bounds(spec, attr, kind):
    """Least and highest value of a number or length of a text; None if there is no highest."""
    checks = attr.get("checks", {})
    top = TOP_MAX.get(kind)
    high = checks.get("max-len", checks.get("max", top)) if top or kind in TEXTS else None
    return checks.get("min", 0), constants(spec).get(high, high)


def default_word(entry):
    """The default of a key as a word of the command line, or None."""
    if "default" not in entry:
        return None
    return SWITCH[entry["default"]] if entry["kind"] == "bool" else str(entry["default"])


def constants(spec):
    """The constants of the spec by name."""
    return {d["name"]: d["value"] for d in spec["definitions"] if d["type"] == "const"}


def entries(spec, enum):
    """The names of an enum."""
    found = next(d for d in spec["definitions"] if d["name"] == enum)
    return [entry["name"] for entry in found["entries"]]


def attributes(spec, name):
    """An attribute set by name of the attribute."""
    found = next(s for s in spec["attribute-sets"] if s["name"] == name)
    return {attr["name"]: attr for attr in found["attributes"]}


def keys_of(spec, keys, obj):
    """The keys of an object that users can give, in the order of the document."""
    attrs = attributes(spec, obj)
    return [Key(spec, attrs, *item) for item in keys[obj].items()
            if item[1]["kind"] != "reserved"]


# The schema

def text_schema(high):
    """Text of at most so many characters, without those that are not printed."""
    return {"type": "string", "minLength": 1, "maxLength": high, "pattern": f"^{CONTROL}$"}


def number_schema(low, high):
    """A whole number."""
    return {"type": "integer", "minimum": low, "maximum": high}


def time_schema(key, pattern):
    """Seconds as a number, or text with a unit."""
    return {"oneOf": [number_schema(key.low, key.high), {"type": "string", "pattern": pattern}]}


def refer(name):
    """A definition; as draft 7 ignores what is next to "$ref", it stands alone."""
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]}


def array(name):
    """An array of a definition."""
    return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}}


SCHEMA = {
    "id": lambda key: text_schema(key.high),
    "name": lambda key: text_schema(key.high),
    "text": lambda key: text_schema(key.high),
    "domain": lambda key: text_schema(key.high),
    "domains": lambda key: {"type": "array", "items": text_schema(key.high)},
    "cidr": lambda key: {"type": "string", "pattern": f"^{IP}/(3[0-2]|[12][0-9]|[1-9])$"},
    "address": lambda key: refer("ip"),
    "addresses": lambda key: array("ip"),
    "mac": lambda key: {"type": "string", "pattern": "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$"},
    "u16": lambda key: number_schema(key.low, key.high),
    "u32": lambda key: number_schema(key.low, key.high),
    "vlan": lambda key: number_schema(key.low, key.high),
    "seconds": lambda key: time_schema(key, f"^({UNIT}|infinite)$"),
    "duration": lambda key: time_schema(key, f"^{UNIT}$"),
    "bool": lambda key: {"type": "boolean"},
    "enum": lambda key: {"enum": key.values},
    "routes": lambda key: array("route"),
    "options": lambda key: array("option"),
}
# How a value is written, for the description.
WRITTEN = {
    "seconds": ' In seconds, or text with a unit (30s, 90m, 12h, 2d) or "infinite".',
    "duration": " In seconds, or text with a unit (30s, 90m, 12h, 2d).",
}


def property_schema(key):
    """The schema of one key."""
    about = (key.sentence() if key.help else "") + WRITTEN.get(key.kind, "")
    return {**({"description": about} if about else {}), **SCHEMA[key.kind](key)}


def bindings_schema(spec, key, others):
    """
    The schema of a list with a key for each entry. The keys of one entry may stand among @others,
    those of the object, instead, but for keys that @others have as well; returns all of these
    properties, and what may not come together.
    """
    entry = {word.plural: property_schema(word) for word in key.words}
    listed = {"description": key.sentence(), "type": "array",
              "maxItems": constants(spec)[key.plural + "-max"],
              "items": {"type": "object", "additionalProperties": False, "minProperties": 1,
                        "properties": entry}}
    single = {name: {**schema, "description": schema["description"].rstrip(".") +
                     f'; instead of "{key.plural}", for one entry.'}
              for name, schema in entry.items() if name not in others}
    return {key.plural: listed, **single}, {
        "required": [key.plural], "anyOf": [{"required": [name]} for name in single]}


def object_schema(spec, keys, obj):
    """The schema of an object."""
    properties, conflicts, required = {}, [], []
    for key in keys_of(spec, keys, obj):
        if key.kind == "bindings":
            found, conflict = bindings_schema(spec, key, keys[obj])
            properties.update(found)
            conflicts.append(conflict)
        else:
            properties[key.plural] = property_schema(key)
        if key.fixed and key.default is None:
            required.append(key.name)
    out = {"type": "object", "additionalProperties": False, "required": required,
           "properties": properties}
    if conflicts:
        out["not"] = {"anyOf": conflicts} if len(conflicts) > 1 else conflicts[0]
    return out


def option_schema(spec):
    """The schema of a raw option."""
    most = constants(spec)["option-max"]
    forms = {
        "string": text_schema(most),
        "hex": {"type": "string",
                "pattern": f"^[0-9A-Fa-f]{{2}}(:?[0-9A-Fa-f]{{2}}){{0,{most - 1}}}$"},
        "ip": {"type": "array", "minItems": 1, "maxItems": most // 4,
               "items": {"$ref": "#/definitions/ip"}},
        **{form: number_schema(0, high) for form, high in FORM_MAX.items()},
    }
    return {"description": "Raw DHCP option: its code, and its value in one form.",
            "type": "object", "additionalProperties": False, "required": ["code"],
            "minProperties": 2, "maxProperties": 2,
            "properties": {"code": number_schema(*CODES),
                           **{form: forms[form] for form in entries(spec, "option-form")}}}


def schema(spec, keys):
    """uapi/vdhcp.schema.json"""
    route = {"type": "object", "additionalProperties": False, "required": ["dst"],
             "properties": {
                 "dst": {"description": 'Network, host or "default".', "type": "string",
                         "pattern": f"^(default|{IP}(/(3[0-2]|[12]?[0-9]))?)$"},
                 "via": {"description": "Gateway; on the link if 0.0.0.0 or absent.",
                         **refer("ip")}}}
    out = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "SPDX-License-Identifier: GPL-2.0. Generated by uapi/gen.py.",
        "title": TITLE, "description": ABOUT,
        "type": "object", "additionalProperties": False,
        "properties": {"subnets": array("subnet"), "ports": array("port")},
        "definitions": {"ip": {"type": "string", "pattern": f"^{IP}$"},
                        "route": route, "option": option_schema(spec),
                        **{obj: object_schema(spec, keys, obj) for obj in ("subnet", "port")}},
    }
    return json.dumps(out, indent="\t").split("\n")


# The man pages

def joined(values, macro, word):
    """Names in a list: ".Dq a", "or", ".Dq b"."""
    if len(values) == 1:
        return [f"{macro} {values[0]}"]
    return [f"{macro} {value} ," for value in values[:-2]] + \
        [f"{macro} {values[-2]}", word, f"{macro} {values[-1]}"]


def bar(values):
    """Words of the command line that exclude each other."""
    return " Ns | Ns ".join(f"Cm {value}" for value in values)


ARGUMENT = {
    "id": lambda key: f"Ar {key.name.upper()}",
    "name": lambda key: "Ar NAME",
    "cidr": lambda key: "Ar NET Ns / Ns Ar LEN",
    "address": lambda key: "Ar ADDR",
    "addresses": lambda key: "Ar ADDR Ns Op , Ns Ar ...",
    "mac": lambda key: "Ar MAC",
    "u16": lambda key: "Ar N",
    "u32": lambda key: "Ar N",
    "vlan": lambda key: "Ar N",
    "seconds": lambda key: "Ar SECONDS",
    "duration": lambda key: "Ar SECONDS",
    "text": lambda key: "Ar TEXT",
    "domain": lambda key: "Ar TEXT",
    "domains": lambda key: "Ar TEXT Ns Op , Ns Ar ...",
    "bool": lambda key: bar(["on", "off"]),
    "enum": lambda key: bar(key.values),
    "routes": lambda key: "Ar DST Oo Cm via Ar ADDR Oc",
    "options": lambda key: "Ar CODE FORM VALUE",
}


def ctl_text(key):
    """The text of a key that has none for vdhcpctl(8)."""
    text, option = key.help.split(";")[0], key.entry.get("option")
    text += f" (option {option})" if option else ""
    absent = key.entry.get("absent", default_word(key.entry))
    return text[0].upper() + text[1:] + (f"; {absent} if not set." if absent else ".")


def ctl_list(spec, keys, obj):
    """The keys of an object for vdhcpctl(8)."""
    out = []
    for key in keys_of(spec, keys, obj):
        for word in key.words or [key]:
            # The name of a subnet is no key of the command line.
            if word.kind != "id" or "man" in word.entry:
                text = word.entry.get("man") or ctl_text(word)
                out += [f".It Cm {word.name} {ARGUMENT[word.kind](word)}"]
                out += text.rstrip("\n").split("\n")
    return out


def at_least(key):
    """The least value of a time, if it has one."""
    return f" of {key.low} second{'s' if key.low > 1 else ''} or more" if key.low else ""


def bindings_text(spec, keys, obj, key):
    """The text on a list with a key for each entry."""
    what = {"address": "an address", "name": "the name of a subnet of the document",
            "mac": "a MAC address"}
    out = [f"Array of at most {constants(spec)[key.plural + '-max']} objects with one or more of"]
    for i, word in enumerate(key.words):
        end = {len(key.words) - 1: ".", len(key.words) - 2: " and"}.get(i, ",")
        out += [f".Em {word.plural}", f"({what[word.kind]}){end}"]
    names = [word.plural for word in key.words if word.plural not in keys[obj]]
    return out + ["Instead of the array,"] + joined(names, ".Em", "and") + [
        "may stand among the other keys of the object; they are read as an array of one.",
        "This version of the module accepts one IPv4 address for each MAC address."]


JSON = {
    "id": lambda key: [f"Text of at most {key.high} bytes"],
    "cidr": lambda key: ["Network, as", ".Dq 192.0.2.0/24"],
    "address": lambda key: ["Address."],
    "addresses": lambda key: ["Array of addresses."],
    "mac": lambda key: ["MAC address, as", ".Dq 02:00:c0:00:02:01 ."],
    "u16": lambda key: [f"Number, {key.low} to {key.high}."],
    "u32": lambda key: [f"Number, {key.low} to {key.high}."],
    "vlan": lambda key: [f"Number, {key.low} to {key.high}; "
                         f"{key.default} is the untagged port, and the default."],
    "seconds": lambda key: [f"Time{at_least(key)}, or", ".Dq infinite ."],
    "duration": lambda key: [f"Time{at_least(key)}."],
    "text": lambda key: ["Text."],
    "domain": lambda key: ["Text."],
    "domains": lambda key: ["Array of texts."],
    "bool": lambda key: [".Dv true", "or", ".Dv false ."],
    "enum": lambda key: joined(key.values, ".Dq", "or"),
    "routes": lambda key: [
        "Array of objects with", ".Em dst ,", "a network or", ".Dq default ,", "and", ".Em via ,",
        "an address; without it, or with 0.0.0.0, the destination is on the link."],
    "options": lambda key: [
        "Array of objects with", ".Em code ,",
        f"a number from {CODES[0]} to {CODES[1]}, and one of",
        ".Em string", "(text),", ".Em hex", "(text, digits in pairs),", ".Em ip",
        "(array of addresses),", ".Em u8 ,", ".Em u16", "and", ".Em u32", "(number)."],
}


def end_sentence(lines, extra=""):
    """End a text with @extra and a full stop, unless it has one."""
    last = lines[-1]
    if last.endswith("."):
        return lines
    if not last.startswith("."):
        return lines[:-1] + [f"{last}{extra}."]
    return lines[:-1] + ([f"{last} ;", extra.removeprefix("; ") + "."] if extra
                         else [f"{last} ."])


def json_list(spec, keys, obj):
    """The keys of an object for vdhcp.json(5)."""
    out = []
    for key in keys_of(spec, keys, obj):
        if "json" in key.entry:
            text = key.entry["json"].rstrip("\n").split("\n")
        elif key.kind == "bindings":
            text = bindings_text(spec, keys, obj, key)
        else:
            text = JSON[key.kind](key)
        out += [f".It Em {key.plural}"] + end_sentence(
            text, "; required" if key.fixed and key.default is None else "")
    return out


def replace_list(lines, what, made):
    """Replace a generated list of a man page, between its two comments."""
    first = lines.index(f'.\\" {what}: generated by uapi/gen.py')
    last = lines.index('.\\" end of the generated keys', first)
    lines[first + 1:last] = made


def page(path, make):
    """A generator that replaces the lists of keys in a man page."""
    def replace(spec, keys):
        lines = path.read_text(encoding="utf-8").splitlines()
        for obj in ("subnet", "port"):
            replace_list(lines, f"keys of a {obj}", make(spec, keys, obj))
        return lines
    return replace


def verdicts(spec, keys):
    """Name, entry in keys.yaml and meaning of each verdict, in the order of the numbers."""
    enum = next(d for d in spec["definitions"] if d["name"] == "verdict")
    return [(entry["name"], keys["verdicts"][entry["name"]], entry["doc"])
            for entry in enum["entries"]]


def sentences(text):
    """Lines of a man page with one sentence each."""
    lines = re.sub(r"([.:]) (?=[A-Z])", r"\1\n", " ".join(text.split())).split("\n")
    return [part for line in lines for part in textwrap.wrap(line, 95, break_on_hyphens=False)]


def verdict_list(spec, keys, kind):
    """The verdicts of a kind for vdhcp-verdicts(7)."""
    out = []
    for name, verdict, doc in verdicts(spec, keys):
        if verdict["kind"] != kind:
            continue
        out += [f".It Cm {name}", *sentences(doc), ".Pp", ".Em What to do :",
                *sentences(verdict["action"])]
        if "event" in verdict:
            out += [".Pp", "Reported as event", f".Cm {verdict['event']} ."]
    return out


def verdict_lists(path):
    """A generator that replaces the lists of vdhcp-verdicts(7)."""
    def replace(spec, keys):
        lines = path.read_text(encoding="utf-8").splitlines()
        for kind in keys["kinds"]:
            replace_list(lines, f"verdicts of kind {kind}", verdict_list(spec, keys, kind))
        return lines
    return replace


# The lists for test programs

def wire(attr):
    """What holds the value of an attribute: its type, or for bytes what they are."""
    kind = attr["type"]
    if kind == "binary":
        return {"ipv4": "ip", "mac": "mac"}.get(attr.get("display-hint"), "hex")
    return {"string": "text", "nest": "nest " + attr.get("nested-attributes", "")}.get(kind, kind)


def described(key):
    """A key as a dictionary; what it does not have is left out."""
    out = {"kind": key.kind, "json": key.plural, "attributes": key.attrs,
           "low": key.low or None, "high": key.high, "values": key.values,
           "default": key.default, "shown": key.entry.get("shown"),
           "fixed": key.fixed,
           "words": {word.name: described(word) for word in key.words}}
    return {name: value for name, value in out.items()
            if value is not None and value is not False and value not in ([], {})}


def reserved(spec, keys):
    """(set, attribute) of what this version refuses whatever it holds."""
    out = [(obj, name) for obj in ("subnet", "port") for name, entry in keys[obj].items()
           if entry["kind"] == "reserved"]
    for obj in ("subnet", "port"):
        for name, entry in keys[obj].items():
            nested = attributes(spec, obj)[name]["nested-attributes"] if "words" in entry else None
            out += [(nested, attr) for attr in (attributes(spec, nested) if nested else ())
                    if entry["words"].get(attr, {"kind": "reserved"})["kind"] == "reserved"]
    return out


def python(spec, keys):
    """tests/lib/keys_gen.py"""
    def assign(name, about, value):
        text = pprint.pformat(value, width=95, sort_dicts=False, compact=True)
        return ["", *(f"# {line}" for line in textwrap.wrap(about, 96)), f"{name} = {text}"]

    return ["# SPDX-License-Identifier: GPL-2.0",
            '"""Generated by uapi/gen.py from uapi/vdhcp.yaml and uapi/keys.yaml; change those '
            'instead."""',
            *assign("CONSTS", "Constants of the interface.", constants(spec)),
            *assign("KEYS", "The keys of each object, in the order of the document: kind, name "
                    "in the document, attributes, bounds, values of an enum, default.",
                    {obj: {key.name: described(key) for key in keys_of(spec, keys, obj)}
                     for obj in ("subnet", "port")}),
            *assign("ATTRIBUTES", "What each attribute of each set holds, in the order of their "
                    "numbers, which begin at 1.",
                    {s["name"]: {attr["name"]: wire(attr) for attr in s["attributes"]}
                     for s in spec["attribute-sets"]}),
            *assign("RESERVED", "Attributes that this version refuses, with their sets.",
                    reserved(spec, keys))]
