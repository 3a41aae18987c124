# SPDX-License-Identifier: GPL-2.0
"""Documents: the schema, random ones, and what is to be read back after a sync."""
import json
import os

import jsonschema

import cases
from fakekernel import TOP
from keys_gen import CONSTS, KEYS

with open(os.path.join(TOP, "uapi/vdhcp.schema.json"), encoding="utf-8") as schema_file:
    SCHEMA = json.load(schema_file)
jsonschema.Draft7Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

U32 = 4294967295
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
NAMES = ["a", "b", "net-1", "net.2", "s_3", "x" * 63, "Net:4", "z"]
DEVICES = ["tap0", "tap1", "tap10", "tap2", "veth-a", "abcdefghijklmno", "t"]
TEXTS = ["example.org", "it's", "with blank", "q\"uote", "\u20ac\U0001f427", "#x", "y" * 255]


def valid(document):
    return VALIDATOR.is_valid(document)


def ip(rng):
    return "192.0.2.%d" % rng.randrange(256)


def mac(rng):
    text = "00:00:5e:00:53:%02x" % rng.randrange(256)
    return text.upper() if rng.random() < 0.3 else text


def route(rng):
    out = {"dst": rng.choice(["198.51.100.0/24", "203.0.113.7/32", "203.0.113.9", "0.0.0.0/0",
                              "default", "192.0.2.128/25"])}
    if rng.random() < 0.7:
        out["via"] = rng.choice(["192.0.2.9", "0.0.0.0"])
    return out


def option(rng, code):
    form = rng.choice(["string", "hex", "ip", "u8", "u16", "u32"])
    value = {"string": lambda: rng.choice(TEXTS),
             "hex": lambda: rng.choice(["00", "0102fF", "01:02:ff", "ab" * rng.randrange(1, 1025)]),
             "ip": lambda: [ip(rng) for _ in range(rng.randrange(1, 5))],
             "u8": lambda: rng.randrange(1 << 8), "u16": lambda: rng.randrange(1 << 16),
             "u32": lambda: rng.randrange(1 << 32)}[form]()
    return {"code": code, form: value}


def options(rng):
    return [option(rng, code) for code in rng.sample(range(1, 255), rng.randrange(4))]


def seconds(rng, key):
    least = key.get("low", 0)
    return rng.choice([least, U32, rng.randrange(least, 100000),
                       "%d%s" % (rng.randrange(max(least, 1), 1000), rng.choice("smhd"))])


def number(rng, key):
    low, high = key.get("low", 0), key["high"]
    return rng.choice([low, high, float(low), rng.randrange(low, high + 1)])


def some(rng, make):
    return [make(rng) for _ in range(rng.randrange(4))]


def some_text(rng):
    return rng.choice(TEXTS)


# A value for a key of each kind. The names of objects, VLANs and addresses of ports depend on
# the rest of the document.
MAKE = {
    "address": lambda rng, key: ip(rng),
    "addresses": lambda rng, key: some(rng, ip),
    "bool": lambda rng, key: rng.random() < 0.5,
    "domain": lambda rng, key: some_text(rng),
    "domains": lambda rng, key: some(rng, some_text),
    "duration": seconds,
    "enum": lambda rng, key: rng.choice(key["values"]),
    "mac": lambda rng, key: mac(rng),
    "options": lambda rng, key: options(rng),
    "routes": lambda rng, key: some(rng, route),
    "seconds": lambda rng, key: rng.choice(["infinite", seconds(rng, key)]),
    "text": lambda rng, key: some_text(rng),
    "u16": number,
    "u32": number,
}
OTHERS = ("id", "cidr", "vlan", "bindings")


def addresses(rng, names):
    """Keys of a port with addresses, in one of both forms; only one subnet has the old one."""
    def one():
        out = {"addr": ip(rng)} if not names or rng.random() < 0.8 else {}
        if names and (not out or rng.random() < 0.7):
            out["subnet"] = rng.choice(names)
        return out
    form = rng.randrange(4)
    if form == 0:
        return {}
    if form == 1:
        return one()
    return {"addresses": [one() for _ in range(rng.choice([0, 1, 1, 2, 3,
                                                           CONSTS["addresses-max"]]))]}


def object_of(rng, keys, obj):
    """An object with these keys, and with some of the others."""
    out = dict(keys)
    for key in KEYS[obj].values():
        if key["kind"] not in OTHERS and rng.random() < 0.4:
            out[key["json"]] = MAKE[key["kind"]](rng, key)
    items = list(out.items())
    rng.shuffle(items)
    return dict(items)


def random_document(rng):
    names = rng.sample(NAMES, rng.randrange(len(NAMES)))
    places = [(dev, vlan) for dev in DEVICES for vlan in (None, 0, 7, 4094)]
    subnets, ports, seen = [], [], set()
    for name in names:
        cidr = rng.choice(["192.0.2.0/24", "198.51.100.0/25", "203.0.113.7/32", "128.0.0.0/1"])
        subnets.append(object_of(rng, {"name": name, "cidr": cidr}, "subnet"))
    for dev, vlan in rng.sample(places, rng.randrange(len(places))):
        keys = {"dev": dev} if vlan is None else {"dev": dev, "vlan": vlan}
        keys.update(addresses(rng, names))
        if (dev, vlan or 0) not in seen:
            ports.append(object_of(rng, keys, "port"))
        seen.add((dev, vlan or 0))
    out = {"subnets": subnets, "ports": ports}
    if rng.random() < 0.1:
        del out[rng.choice(["subnets", "ports"] if not ports else ["ports"])]
    return out


def normal_route(given):
    dst = given["dst"].replace("default", "0.0.0.0/0")
    return {"dst": dst if "/" in dst else dst + "/32", "via": given.get("via", "0.0.0.0")}


def normal_option(given):
    return dict(given, hex=given["hex"].replace(":", "").lower()) if "hex" in given else given


def normal_value(kind, value):
    """A value as a dump has it."""
    if kind == "mac":
        return value.lower()
    if value == "infinite":
        return U32 if kind == "seconds" else value
    if kind in ("seconds", "duration") and isinstance(value, str):
        return int(value[:-1]) * UNITS[value[-1]]
    if kind == "routes":
        return [normal_route(r) for r in value]
    if kind == "options":
        return sorted(map(normal_option, value), key=lambda opt: opt["code"])
    return value


def normal_object(obj, given):
    """An object as a dump has it: with its defaults, and without empty lists."""
    given, out = dict(given), {}
    for key in KEYS[obj].values():
        entry = {word: given.pop(word) for word in key.get("words", ()) if word in given}
        if entry:
            given[key["json"]] = [entry]
        value = given.pop(key["json"], None)
        if value is None and key.get("shown") and "default" in key:
            value = bool(key["default"]) if key["kind"] == "bool" else key["default"]
        if value is not None and value != []:
            out[key["json"]] = normal_value(key["kind"], value)
    assert not given, "keys that are not in keys_gen.py"
    return out


def normal(document):
    """What "vdhcpctl dump" prints when the document has taken effect."""
    return {
        "subnets": sorted((normal_object("subnet", s) for s in document.get("subnets", [])),
                          key=lambda s: s["name"]),
        "ports": sorted((normal_object("port", p) for p in document.get("ports", [])),
                        key=lambda p: (p["dev"], p["vlan"]))}


# What neither the schema nor the tool may take: a document, and what the tool says.
S = {"name": "s", "cidr": "192.0.2.0/24"}
INVALID = []


def bad(document, message):
    INVALID.append((document, message))


def bad_subnet(message, **keys):
    bad({"subnets": [dict(S, **{k.replace("_", "-"): v for k, v in keys.items()})]},
        "subnet s: " + message)


def bad_port(message, **keys):
    bad({"ports": [dict({"dev": "tap3"}, **keys)]}, "port tap3: " + message)


bad([], '-: expected an object with "subnets" and "ports".')
bad({"networks": []}, '"networks" is not a key of the document, which has "subnets" and "ports".')
bad({"subents": []}, '"subents" is not a key of the document (did you mean "subnets"?),'
    ' which has "subnets" and "ports".')
bad({"subnets": {}}, 'expected an array, found an object (key "subnets").')
bad({"ports": None}, 'expected an array, found null (key "ports").')
bad({"subnets": [S, "s"]}, "subnets[1]: expected a JSON object, found a string.")
bad({"subnets": [{"cidr": "192.0.2.0/24"}]}, 'subnets[0]: key "name" is missing.')
bad({"subnets": [{"name": "s"}]}, 'subnet s: key "cidr" is missing.')
bad({"subnets": [dict(S, name=7)]}, 'subnets[0]: expected a string, found a number (key "name").')
bad({"subnets": [dict(S, name="")]}, 'subnets[0]: the value is empty (key "name").')
bad({"subnets": [dict(S, name="a" * 64)]},
    'subnets[0]: "%s" is 64 bytes long, allowed are 63 (key "name").' % ("a" * 64))
bad({"subnets": [dict(S, name="a\x1b")]},
    'subnets[0]: the text has control characters or changes its direction (key "name").')
bad({"subnets": [dict(S, name="a\u202eb")]},
    'subnets[0]: the text has control characters or changes its direction (key "name").')
bad({"ports": [{}]}, 'ports[0]: key "dev" is missing.')
bad({"ports": [{"dev": "abcdefghijklmnop"}]},
    'ports[0]: "abcdefghijklmnop" is 16 bytes long, allowed are 15 (key "dev").')
bad({"ports": [{"dev": "tap3", "vlan": 100, "mac": "x"}]},
    'port tap3 vlan 100: "x" is not a MAC address, such as 02:00:00:00:00:05 (key "mac").')
bad({"ports": [{"dev": "tap3", "vlan": 4095}]},
    'port tap3 vlan 4095: "4095" is out of range, allowed is 0 to 4094 (key "vlan").')
bad_port('expected a number, found a string (key "vlan").', vlan="7")
bad_port('expected a number, found a fraction (key "vlan").', vlan=0.5)
bad_port('"color" is not a key of a port.', color="red")
bad_port('"option" is not a key of a port (did you mean "options"?).', option=[])
bad_port('"state" is not a key of a port.', state={})
bad_port('expected serve, pass or deny, found "server" (did you mean "serve"?) (key "mode").',
         mode="server")
bad_port('expected a string, found a number (key "mode").', mode=1)
bad_port('expected true or false, found a string (key "guard").', guard="on")
bad_port('expected true or false, found a number (key "guard").', guard=1)
bad_port('"1000001" is out of range, allowed is 0 to 1000000 (key "rate").', rate=1000001)
bad_port('expected a number, found true (key "rate").', rate=True)
bad_port('"192.0.2.256" is not an IPv4 address (key "addr").', addr="192.0.2.256")
bad_port('expected a string, found null (key "hostname").', hostname=None)
bad_port('the value is empty (key "hostname").', hostname="")
bad_port('expected an array, found an object (key "options").', options={})
bad_subnet('"resolver" is not a key of a subnet.', resolver=[])
bad_subnet('"route" is not a key of a subnet (did you mean "routes"?).', route=[])
bad_subnet('"192.0.2.0" is not a network in the form ADDRESS/LENGTH (key "cidr").',
           cidr="192.0.2.0")
bad_subnet('"0" is out of range, allowed is 1 to 32 (key "cidr").', cidr="0.0.0.0/0")
bad_subnet('expected a string, found an array (key "gateway").', gateway=["192.0.2.1"])
bad_subnet('"010.0.0.3" is not an IPv4 address (key "gateway").', gateway="010.0.0.3")
bad_subnet('expected an array, found a string (key "dns").', dns="192.0.2.1")
bad_subnet('expected a string, found a number (key "dns").', dns=["192.0.2.1", 5])
bad_subnet('"192.0.2.1,192.0.2.2" is not an IPv4 address (key "dns").',
           dns=["192.0.2.1,192.0.2.2"])
bad_subnet('"67" is out of range, allowed is 68 to 65535 (key "mtu").', mtu=67)
bad_subnet('"-1" is out of range, allowed is 68 to 65535 (key "mtu").', mtu=-1)
bad_subnet('expected a number, found a string (key "mtu").', mtu="1450")
bad_subnet('"59" is out of range, allowed is 60 to 4294967295 (key "lease").', lease=59)
bad_subnet('"4294967296" is out of range, allowed is 60 to 4294967295 (key "lease").',
           lease=4294967296)
for given in ("12x", "", "forever", "-1", "1 h"):
    bad_subnet(cases.DURATION % (given, "lease") if given != "-1" else
               '"-1" is out of range, allowed is 60 to 4294967295 (key "lease").', lease=given)
bad_subnet(cases.DURATION % ("infinite", "ipv6-only"), ipv6_only="infinite")
bad_subnet('expected a number or a string such as "12h", found null (key "t1").', t1=None)
bad_subnet('"a%s" is 256 bytes long, allowed are 255 (key "domain").' % ("a" * 255),
           domain="a" * 256)
bad_subnet('the value is empty (key "search").', search=["a.example", ""])
bad_subnet('"02-00-00-00-00-01" is not a MAC address, such as 02:00:00:00:00:05'
           ' (key "server-mac").',
           server_mac="02-00-00-00-00-01")
bad_subnet('expected true or false, found null (key "rapid-commit").', rapid_commit=None)
bad_subnet('expected auto or always, found "never" (key "send-router").', send_router="never")
bad_subnet('expected an object with "dst" and "via", found a string (key "route").',
           routes=["198.51.100.0/24"])
bad_subnet('"dst" is missing (key "route").', routes=[{"via": "192.0.2.1"}])
bad_subnet('expected a string for "dst", found a number (key "route").', routes=[{"dst": 1}])
bad_subnet('expected a string for "via", found null (key "route").',
           routes=[{"dst": "198.51.100.0/24", "via": None}])
bad_subnet('"" is not an IPv4 address (key "route").', routes=[{"dst": "default", "via": ""}])
bad_subnet('"metric" is not a key of a route, which has "dst" and "via" (key "route").',
           routes=[{"dst": "default", "metric": 1}])
bad_subnet('"33" is out of range, allowed is 0 to 32 (key "route").',
           routes=[{"dst": "198.51.100.0/33"}])
for given, text in (
        ("x", 'expected an object with "code" and a value, found a string (key "option").'),
        ({"string": "x"}, '"code" is missing (key "option").'),
        ({"code": "66", "string": "x"},
         'expected a number for "code", found a string (key "option").'),
        ({"code": 0, "u8": 1}, '"0" is out of range, allowed is 1 to 254 (key "option").'),
        ({"code": 255, "u8": 1}, '"255" is out of range, allowed is 1 to 254 (key "option").'),
        ({"code": 66}, 'the value is missing, one of string, hex, ip, u8, u16, u32 (key "option 66").'),
        ({"code": 66, "text": "x"},
         '"text" is not a form: string, hex, ip, u8, u16, u32 (key "option 66").'),
        ({"code": 66, "u8": 1, "u16": 1}, 'there is more than one value (key "option 66").'),
        ({"code": 66, "string": ""}, 'the value is empty (key "option 66").'),
        ({"code": 66, "string": 1}, 'expected a string, found a number (key "option 66").'),
        ({"code": 66, "string": "a\tb"},
         'the text has control characters or changes its direction, use "hex" (key "option 66").'),
        ({"code": 66, "string": "a" * 1025},
         'the value is longer than 1024 bytes (key "option 66").'),
        ({"code": 43, "hex": "012"}, '"012" has an odd number of digits (key "option 43").'),
        ({"code": 43, "hex": ""}, 'the value is empty (key "option 43").'),
        ({"code": 43, "hex": "01:"}, '"01:" is not hexadecimal (key "option 43").'),
        ({"code": 43, "hex": "00" * 1025},
         'the value is longer than 1024 bytes (key "option 43").'),
        ({"code": 42, "ip": "192.0.2.1"},
         'expected an array of addresses, found a string (key "option 42").'),
        ({"code": 42, "ip": []}, 'the value is empty (key "option 42").'),
        ({"code": 42, "ip": [1]},
         'expected a string in the array, found a number (key "option 42").'),
        ({"code": 42, "ip": ["192.0.2.1,192.0.2.2"]},
         '"192.0.2.1,192.0.2.2" is not an IPv4 address (key "option 42").'),
        ({"code": 42, "ip": ["192.0.2.1"] * 257},
         'the value is longer than 1024 bytes (key "option 42").'),
        ({"code": 23, "u8": 256},
         '"256" is out of range, allowed is 0 to 255 (key "option 23").'),
        ({"code": 23, "u8": "1"}, 'expected a number, found a string (key "option 23").'),
        ({"code": 22, "u16": -1},
         '"-1" is out of range, allowed is 0 to 65535 (key "option 22").'),
        ({"code": 2, "u32": 1.5}, 'expected a number, found a fraction (key "option 2").')):
    bad_subnet(text, options=[given])

# The addresses of a port in ways that both must refuse.
A = {"addr": "192.0.2.5", "subnet": "s"}
BAD_ADDRESSES = [
    {"addresses": [A], "addr": "192.0.2.5"}, {"addresses": [A], "subnet": "s"},
    {"addresses": [], "subnet": "s"}, {"addresses": [{}]}, {"addresses": ["192.0.2.5"]},
    {"addresses": A}, {"addresses": [dict(A, mac="02:00:00:00:00:0g")]},
    {"addresses": [{"addr": "192.0.2.5", "for": "02:00:00:00:00:01"}]},
    {"addresses": [dict(A, addr="192.0.2.256")]}, {"addresses": [dict(A, addr=None)]},
    {"addresses": [dict(A, subnet="")]}, {"addresses": [dict(A, subnet="s" * 64)]},
    {"addresses": [A] * (CONSTS["addresses-max"] + 1)}, {"addresses": None}, {"address": [A]},
]

# What only the tool can tell.
TOOL_ONLY = [
    ({"subnets": [dict(S, cidr="192.0.2.5/24")]},
     'subnet s: "192.0.2.5/24" has host bits set, the network is 192.0.2.0/24 (key "cidr").'),
    ({"subnets": [S, {"name": "t", "cidr": "192.0.2.0/24"}, S]},
     "subnet s is in the document twice."),
    ({"ports": [{"dev": "tap3"}, {"dev": "tap3", "vlan": 7}, {"dev": "tap3", "vlan": 0}]},
     "port tap3 is in the document twice."),
    ({"ports": [{"dev": "tap3", "vlan": 7}, {"dev": "tap3", "vlan": 7}]},
     "port tap3 vlan 7 is in the document twice."),
    ({"subnets": [S], "ports": [{"dev": "tap3", "subnet": "t"}]},
     'port tap3: no such subnet "t" in the document (key "subnet").'),
    ({"subnets": [dict(S, options=[{"code": 66, "u8": 1}, {"code": 66, "u8": 2}])]},
     'subnet s: "option 66" is given twice.'),
    ({"subnets": [dict(S, domain="\u20ac" * 86)]},
     'subnet s: "%s" is 258 bytes long, allowed are 255 (key "domain").' % ("\u20ac" * 86)),
]

# Text that is not the JSON of a document, and where it goes wrong.
BROKEN = [
    (b"", "1:0"), (b"{", "1:1"), (b'{"subnets": [],}', "1:16"),
    (b'{"subnets": [\n {"name": "s" "cidr": 1}]}', "2:20"),
    (b"{} x", "1:4"), (b'{"ports": [{"dev": "tap\\u0000"}]}', "1:30"),
    (b'{"ports": [{"dev": "\xff"}]}', "1:20"),
    (b'{"subnets": [{"name": "s", "mtu": 1, "mtu": 2}]}', "1:42"),
]
