#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Look for the most expensive request: work_search.py WORK [GENERATIONS [SEED]]

WORK is the driver of that name. A request is a list of options, as many as fit.
The most expensive requests of each generation are changed, and callgrind counts
all of them in one run. Prints the seed, the progress, and for each configuration
the most expensive request as a vector without its reply.
"""
import os
import random
import subprocess
import sys
import tempfile

ROOM = 1472 - 240
OPTIONS_MAX = 64
CODES = [0, 12, 19, 50, 52, 53, 54, 55, 57, 61, 80, 81, 82, 97]
# Codes that take any value, so that as many as can be are configured.
FULL = [*range(83, 90), *range(98, 108), *range(122, 138), *range(139, 145),
        *range(151, 208), *range(212, 249), 250, 251, 253, 254]
CONFIGS = {
    "minimal": "subnet cidr 192.0.2.0/24\n",
    "usual": "subnet cidr 192.0.2.0/24 gateway 192.0.2.1 dns 192.0.2.53 mtu 1450 "
             "domain example.org\nport hostname vm10\n",
    "full": "subnet cidr 192.0.2.0/24 gateway 192.0.2.1 dns 192.0.2.53 mtu 1450 "
            "domain example.org search example.org ntp 192.0.2.3 ipv6-only 1800\n"
            "subnet route 198.51.100.0/24 via 192.0.2.9 boot-file undionly.kpxe\n" +
            "".join(f"subnet option {code} hex 01\n" for code in FULL) +
            "".join(f"port option {code} hex 02\n" for code in FULL[::2]),
}
PRL = bytes([1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42])


def option(code, value=b""):
    return bytes([code, len(value)]) + value


# What dhclient sends, and the denominator of all ratios.
PLAIN = [option(53, b"\1"), option(61, bytes.fromhex("0152540000aabb")),
         option(57, b"\x05\xdc"), option(55, PRL), option(12, b"vm10")]


def random_option(rng):
    code = rng.choice(CODES)
    size = rng.choice([0, 0, 0, 1, 1, 2, 4, 17, rng.randrange(256)])
    if code == 0:
        return bytes(1 + size)
    if code == 53:
        size = 0
    return option(code, bytes(rng.randrange(256) for _ in range(size)))


def whole(request):
    """As much of @request as is taken; its last option and PADs fill it."""
    taken, size, options = [], 0, 0
    for value in request + [request[-1]] * OPTIONS_MAX:
        is_option = value[0] != 0
        if size + len(value) <= ROOM and options + is_option <= OPTIONS_MAX:
            taken.append(value)
            size += len(value)
            options += is_option
    return taken + [bytes(ROOM - size)] if size < ROOM else taken


def start(rng, kind):
    head = [option(53, b"\1"), option(57, b"\x05\xdc")]
    if kind % 4 == 0:
        return whole(head + [option(c) for c in [rng.choice(CODES[1:])] * 620])
    if kind % 4 == 1:
        return whole(head + [option(rng.choice([55, 61, 81, 97]), bytes([i % 255]))
                             for i in range(420)])
    if kind % 4 == 2:
        return whole(head + [option(55, bytes(range(255)))] * 4 + [option(19)])
    return whole(head + [random_option(rng) for _ in range(300)])


def mutate(rng, request, other):
    request = list(request)
    for _ in range(rng.choice([1, 1, 2, 8, 40])):
        at = rng.randrange(1, len(request))
        kind = rng.randrange(5)
        if kind == 0:
            request[at] = random_option(rng)
        elif kind == 1:
            request.insert(at, random_option(rng))
        elif kind == 2 and len(request) > 3:
            del request[at]
        elif kind == 3:
            run = rng.randrange(1, 200)
            request[at:at + run] = [random_option(rng)] * run
        else:
            request = request[:at] + other[at:]
    if len(request) < 2:
        return whole(request + [option(19)])
    return whole(request)


def text(config, request):
    data = b"".join(request)
    lines = [f"  hex {data[at:at + 64].hex()}" for at in range(0, len(data), 64)]
    tail = ["  no-end"] if len(data) >= ROOM else []
    return "\n".join([f"# {config}", "rows P1", "", CONFIGS[config], "request", *lines, *tail,
                      "", "verdict offer", "expect", "  max-size 1472", ""])


def count_files(work, top):
    """Instructions for each frame of the vectors below @top: (name, number)."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--collect-atstart=no",
                        "--combine-dumps=yes", f"--callgrind-out-file={out.name}", work, top],
                       check=True)
        found, at = {}, None
        with open(out.name, encoding="ascii") as file:
            for line in file:
                if line.startswith("desc: Trigger: Client Request: "):
                    name, _, number = line.split(": ")[-1].strip().rpartition("/")
                    at = (name.rpartition("/")[2], int(number))
                elif line.startswith("totals:") and at:
                    found[at] = int(line.split()[1])
                    at = None
        return found


def count(work, vectors):
    """Instructions for the first frame of each of @vectors, 0 if it was refused."""
    with tempfile.TemporaryDirectory() as top:
        for i, vector in enumerate(vectors):
            with open(f"{top}/{i}.vec", "w", encoding="ascii") as file:
                file.write(vector)
        found = count_files(work, top)
        return [found.get((str(i), 0), 0) for i in range(len(vectors))]


def main():
    work = sys.argv[1]
    generations = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
    rng = random.Random(seed)
    print(f"seed {seed}")
    for config in CONFIGS:
        plain = count(work, [text(config, PLAIN)])[0]
        pool = [start(rng, kind) for kind in range(24)]
        best = []
        for _ in range(generations):
            costs = count(work, [text(config, request) for request in pool])
            best = sorted(best + list(zip(costs, pool)), key=lambda pair: -pair[0])[:8]
            pool = [mutate(rng, rng.choice(best)[1], rng.choice(best)[1]) for _ in range(40)]
        print(f"{config}: plain {plain}, dearest {best[0][0]}, "
              f"{best[0][0] / plain:.1f} times, {sum(map(len, best[0][1]))} bytes of options")
        print(text(config, best[0][1]))


if __name__ == "__main__":
    main()
