#!/usr/bin/env python3
"""Prints messages of the running kernel as C# constants for Captured.cs. Run as root: unshare -n ./capture.py"""
import socket, struct, subprocess, sys

GROUPS = (1, 5, 7, 8, 9, 11, 19, 32)  # link, v4 address, v4 route, v4 rule, v6 address, v6 route, v6 rule, nexthop


def ip(*words, check=True):
    return subprocess.run(("ip",) + words, check=check, capture_output=True)


def sock(groups=()):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    s.bind((0, 0))
    for g in groups:
        s.setsockopt(270, 1, g)
    for option in (10, 11, 12):  # capped and extended acknowledgements, strict checking
        s.setsockopt(270, option, 1)
    s.settimeout(0.3)
    return s


def messages(s):
    try:
        while True:
            data = s.recv(65536)
            while data:
                length, kind = struct.unpack_from("=IH", data)
                yield kind, data[:length]
                if kind in (2, 3):
                    return
                data = data[(length + 3) & ~3:]
    except socket.timeout:
        return


def request(kind, flags, body):
    s = sock()
    s.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 7, 0) + body)
    return list(messages(s))


def show(name, data, comment):
    text = data.hex()
    print(f"    /// <summary>{comment}</summary>\n    public const string {name} =")
    lines = [text[i:i + 96] for i in range(0, len(text), 96)]
    print(" +\n".join(f'        "{line}"' for line in lines) + ";\n")


ip("link", "add", "cap0", "address", "02:00:00:00:00:01", "type", "veth", "peer", "name", "cap1")
ip("link", "add", "capbr", "type", "bridge", "stp_state", "1", "forward_delay", "400")
watch = sock(GROUPS)


def after(*words):
    ip(*words)
    return list(messages(watch))


def pick(found, kind, needle=b""):
    return next(m for k, m in found if k == kind and needle in m)


found = after("link", "set", "cap1", "up")
found += after("link", "set", "cap0", "up")
show("LinkUp", pick(found, 16, b"cap0\0"), "ip link set cap0 up (veth, carrier).")
found = after("link", "set", "cap1", "master", "capbr")
show("BridgePort", next(m for k, m in found if k == 16 and m[16] == 7), "What a bridge says of a new port.")
found = after("addr", "add", "192.0.2.7/24", "brd", "+", "dev", "cap0", "valid_lft", "600", "preferred_lft", "300")
show("AddressV4", pick(found, 20), "ip addr add 192.0.2.7/24 brd + dev cap0 valid_lft 600 preferred_lft 300.")
show("LocalRoute", next(m for k, m in found if k == 24 and m[20] == 255), "The local route that came with it.")
index = socket.if_nametoindex("cap0")
body = struct.pack("=BBBBi", 10, 64, 2, 0, index) + struct.pack("=HH16s", 20, 2, socket.inet_pton(10, "2001:db8::7"))
request(20, 0x605, body + struct.pack("=HHB3x", 5, 11, 99))
show("AddressV6", pick(list(messages(watch)), 20), "2001:db8::7/64 on cap0 without detection, protocol 99.")
found = after("addr", "add", "198.51.100.1", "peer", "198.51.100.2/32", "dev", "cap0")
show("AddressPeer", pick(found, 20), "ip addr add 198.51.100.1 peer 198.51.100.2/32 dev cap0.")
found = after("route", "add", "default", "via", "192.0.2.1", "dev", "cap0", "metric", "77", "proto", "99",
              "src", "192.0.2.7", "mtu", "1400", "table", "1000")
show("RouteV4", pick(found, 24),
     "ip route add default via 192.0.2.1 dev cap0 metric 77 proto 99 src 192.0.2.7 mtu 1400 table 1000.")
found = after("route", "add", "203.0.113.0/24", "nexthop", "via", "192.0.2.1", "dev", "cap0", "weight", "2",
              "nexthop", "via", "192.0.2.2", "dev", "cap0")
show("MultipathV4", pick(found, 24), "ip route add 203.0.113.0/24 with two nexthops.")
found = after("-6", "route", "add", "2001:db8:1::/48", "nexthop", "via", "2001:db8::1", "dev", "cap0",
              "nexthop", "via", "2001:db8::2", "dev", "cap0")
show("MultipathV6", pick(found, 24), "ip -6 route add 2001:db8:1::/48 with two nexthops.")
found = after("route", "add", "10.1.0.0/16", "via", "inet6", "fe80::1", "dev", "cap0")
show("RouteVia", pick(found, 24), "ip route add 10.1.0.0/16 via inet6 fe80::1 dev cap0.")
found = after("-6", "route", "add", "default", "via", "fe80::1", "dev", "cap0", "expires", "1800", "pref", "high")
show("RouteV6", pick(found, 24), "ip -6 route add default via fe80::1 dev cap0 expires 1800 pref high.")
found = after("route", "replace", "10.1.0.0/16", "via", "192.0.2.9", "dev", "cap0")
show("RouteReplaced", pick(found, 24), "ip route replace 10.1.0.0/16 via 192.0.2.9 dev cap0.")
found = after("rule", "add", "from", "192.0.2.0/24", "fwmark", "0x5/0xff", "lookup", "1000", "priority", "500",
              "suppress_prefixlength", "0", "iif", "cap0")
show("RuleAdded", pick(found, 32),
     "ip rule add from 192.0.2.0/24 fwmark 0x5/0xff lookup 1000 priority 500 suppress_prefixlength 0 iif cap0.")
body = struct.pack("=BBBBBBBBI", 2, 32, 0, 0, 254, 99, 0, 1, 0)
body += struct.pack("=HH4s", 8, 1, bytes([10, 9, 9, 9])) + struct.pack("=HH4s", 8, 5, bytes([172, 31, 0, 1]))
show("Refused", request(24, 0x605, body)[0][1], "A route through a gateway that is not on a link.")
show("Acknowledged", request(18, 0x5, struct.pack("=BBHiII", 0, 0, 0, index, 0, 0))[-1][1], "An acknowledgement.")
show("Done", request(22, 0x301, bytes(8))[-1][1], "The end of a dump.")
neighbours = sock((3,))  # RTNLGRP_NEIGH
ip("neigh", "add", "fe80::1", "lladdr", "02:00:00:00:00:07", "dev", "cap0", "nud", "stale", "router")
ip("neigh", "replace", "fe80::1", "dev", "cap0", "nud", "failed")
stale, failed = [m for k, m in messages(neighbours) if k == 28][:2]
show("NeighborStale", stale, "ip neigh add fe80::1 lladdr 02:00:00:00:00:07 dev cap0 nud stale router.")
show("NeighborFailed", failed, "ip neigh replace fe80::1 dev cap0 nud failed.")
found = after("link", "del", "cap0")
show("LinkGone", next(m for k, m in found if k == 17 and m[16] == 0 and b"cap0\0" in m), "ip link del cap0.")
bridge = struct.pack("=BBHiII", 0, 0, 0, socket.if_nametoindex("capbr"), 0, 0)
show("Bridge", request(18, 0x1, bridge)[0][1], "A bridge made with stp_state 1 forward_delay 400.")
