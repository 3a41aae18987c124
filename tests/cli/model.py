# SPDX-License-Identifier: GPL-2.0
"""A kernel that stores objects and runs batches as the module does, without its checks."""
from fakekernel import F_ACK, F_MULTI, Kernel
from keys_gen import KEYS

EPERM, ENOENT, EAGAIN, ENOMEM, EBUSY, EEXIST, EINVAL, ECANCELED = 1, 2, 11, 12, 16, 17, 22, 125

CHAIN, ATOMIC = 1, 2

# What the kernel shows of an object even if it was not given.
DEFAULTS = {obj: [(name, key["values"].index(key["default"]) + 1 if "values" in key
                   else key["default"])
                  for name, key in keys.items() if key.get("shown") and "default" in key]
            for obj, keys in KEYS.items()}


class Refused(Exception):
    """Arguments: those of Request.ack."""


def key_of(attrs):
    have = dict(attrs)
    return (have["dev"], have.get("vlan", 0)) if "dev" in have else have["name"]


def subnets_of(attrs):
    """The subnet of each address of a port, None if it has none."""
    return [dict(nest).get("subnet") for name, nest in attrs if name == "address"]


class Model(Kernel):
    """Does not implement subnet-set and port-set, because no test of it sends them.

    With early, an old generation is refused at the begin of a batch, else at the next request.
    """

    def __init__(self, early=False):
        super().__init__()
        self.early = early
        self.tables = {"subnet": {}, "port": {}}
        self.generation = 1
        self.digest = self.digest_of = None
        self.digests = True     # a module that knows of them
        self.mode = self.staged = None
        self.dead = False
        self.requests = 0       # of the batch
        self.refuse = {}        # key of an object: arguments of Request.ack
        self.moves = []         # names of requests before which the generation changes

    def control(self, req):     # a new connection
        self.mode = None
        return super().control(req)

    def move(self, name):
        if name in self.moves:
            self.moves.remove(name)
            self.generation += 1

    def answer_info(self, req):
        self.move("INFO_GET")
        self.info = self.info[:2] + [("generation", self.generation)] + \
            [(name + "s", len(self.tables[name])) for name in ("subnet", "port")]
        if self.digests and self.digest and self.digest_of == self.generation:
            self.info.append(("digest", self.digest))
        return super().answer_info(req)

    def shown(self, where, attrs):
        given = {name for name, _ in attrs}
        full = [a for a in attrs if a[0] != "replace"]
        full += [d for d in DEFAULTS[where] if d[0] not in given]
        # The tool has to bring keys, and raw options, into an order by itself.
        return sorted((a for a in full if a[0] != "option"), key=lambda a: a[0]) + \
            [a for a in reversed(full) if a[0] == "option"] + [("state", [])]

    def put(self, tables, req):
        key = key_of(req.attrs)
        have = dict(req.attrs)
        if key in tables[req.where] and "replace" not in have:
            raise Refused(EEXIST, req.where + " exists", req.places[0][1])
        for index, name in enumerate(subnets_of(req.attrs)):
            if name not in [None] + list(tables["subnet"]):
                raise Refused(ENOENT, "no such subnet", "address/subnet", index)
        tables[req.where][key] = req.attrs

    def remove(self, tables, req):
        key = key_of(req.attrs)
        if key not in tables[req.where]:
            raise Refused(ENOENT, "no such " + req.where, req.places[0][1])
        if req.where == "subnet" and any(key in subnets_of(p) for p in tables["port"].values()):
            raise Refused(EBUSY, "ports use it", "name")
        del tables[req.where][key]

    def write(self, tables, req):
        if req.attrs and key_of(req.attrs) in self.refuse:
            raise Refused(*self.refuse[key_of(req.attrs)])
        if req.name.endswith("_NEW"):
            self.put(tables, req)
        elif req.name.endswith("_DEL"):
            self.remove(tables, req)
        elif self.mode == ATOMIC:
            raise Refused(EINVAL, "only subnet/port new and del are allowed in an atomic batch")
        else:
            for table in tables.values():
                table.clear()

    def batch(self, req):
        if req.name == "BATCH_BEGIN":
            have = dict(req.attrs)
            self.mode, self.dead, self.requests = have["mode"], False, 0
            self.wanted = have.get("generation")
            self.staged = {name: dict(table) for name, table in self.tables.items()}
            assert (self.mode == ATOMIC) == ("generation" in have)
            if self.early and self.mode == ATOMIC and self.wanted != self.generation:
                self.mode = None
                raise Refused(EAGAIN, "configuration changed since it was read, try again")
            return
        if not self.mode:
            raise Refused(EINVAL, "there is no batch")
        mode, self.mode = self.mode, None
        if mode == ATOMIC:
            if self.dead:
                raise Refused(ECANCELED, "an earlier request of this batch failed")
            if self.wanted != self.generation:
                raise Refused(EAGAIN, "configuration changed since it was read, try again")
            if dict(req.attrs)["requests"] != self.requests:
                raise Refused(ECANCELED, "batch incomplete: the kernel holds %d requests, "
                              "the client sent %d" % (self.requests, dict(req.attrs)["requests"]))
            if "commit" in self.refuse:
                raise Refused(*self.refuse["commit"])
            if self.tables != self.staged:
                self.generation += 1
            self.tables = self.staged
            self.digest, self.digest_of = dict(req.attrs).get("digest"), self.generation

    def request(self, req):
        if req.where == "batch":
            self.batch(req)
            return
        if self.mode and self.dead:
            raise Refused(ECANCELED, "an earlier request of this batch failed")
        self.requests += 1
        try:
            if self.mode == ATOMIC and self.wanted != self.generation:
                raise Refused(EAGAIN, "configuration changed since it was read, try again")
            self.write(self.staged if self.mode == ATOMIC else self.tables, req)
        except Refused:
            self.dead = True
            raise
        if self.mode != ATOMIC:
            self.generation += 1

    def answer(self, req):
        self.move(req.name)
        if req.dump:
            table = self.tables[req.where]
            return [req.reply(self.shown(req.where, table[key]), F_MULTI)
                    for key in sorted(table)] + [req.done()]
        if req.name.endswith("_GET"):
            attrs = self.tables[req.where].get(key_of(req.attrs))
            return [req.reply(self.shown(req.where, attrs)), req.ack()] if attrs else \
                [req.ack(ENOENT, "no such " + req.where)]
        try:
            self.request(req)
        except Refused as refused:
            return [req.ack(*refused.args)]
        return [req.ack()] if req.flags & F_ACK else []
