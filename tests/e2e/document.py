#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write a document of many ports for `vdhcpctl sync`.

    document.py PORTS [SALT [EVERY]]

Ports v0, v1, ... are in /24 subnets of 198.18.0.0/15 (RFC 2544), 200 in each. SALT (0)
changes each port, with EVERY only each EVERYth port: `document.py 10000 1 100` differs
from `document.py 10000` in one port of a hundred.
"""
import json
import sys

PER_SUBNET = 200


def subnet(number):
    """A typical subnet of a cloud."""
    base = 0xc6120000 + (number << 8)
    net = "%d.%d.%d" % (base >> 24, base >> 16 & 255, base >> 8 & 255)
    return {"name": "n%d" % number, "cidr": net + ".0/24", "gateway": net + ".1",
            "dns": [net + ".2", net + ".3"], "mtu": 1450, "lease": 86400,
            "domain": "example.org",
            "routes": [{"dst": "169.254.169.254/32", "via": net + ".2"}]}


def port(number, salt):
    """A port; the salt changes its host name."""
    base = 0xc6120000 + (number // PER_SUBNET << 8) + 10 + number % PER_SUBNET
    return {"dev": "v%d" % number, "mac": "02:00:5e:%02x:%02x:%02x" %
            (number >> 16 & 255, number >> 8 & 255, number & 255),
            "addr": "%d.%d.%d.%d" % (base >> 24, base >> 16 & 255, base >> 8 & 255, base & 255),
            "subnet": "n%d" % (number // PER_SUBNET),
            "hostname": "vm%d-%d" % (number, salt)}


def main():
    """Print the document, one object per line."""
    args = [int(word) for word in sys.argv[1:]]
    count = args[0]
    salt = args[1] if len(args) > 1 else 0
    every = args[2] if len(args) > 2 else 1
    subnets = [subnet(n) for n in range((count + PER_SUBNET - 1) // PER_SUBNET)]
    ports = [port(n, salt if n % every == 0 else 0) for n in range(count)]
    print('{"subnets":[\n' + ",\n".join(map(json.dumps, subnets)) + '\n],"ports":[\n' +
          ",\n".join(map(json.dumps, ports)) + "\n]}")


if __name__ == "__main__":
    main()
