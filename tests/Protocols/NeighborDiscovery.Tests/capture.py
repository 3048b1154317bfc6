#!/usr/bin/env python3
"""Prints a router advertisement of dnsmasq as hexadecimal. Run as root: unshare -n -m ./capture.py"""
import socket, struct, subprocess, time


def ip(*words):
    subprocess.run(("ip",) + words, check=True)


ip("link", "add", "cap0", "type", "veth", "peer", "name", "cap1")
for name in ("cap0", "cap1"):
    with open(f"/proc/sys/net/ipv6/conf/{name}/accept_dad", "w") as f:
        f.write("0")
    ip("link", "set", name, "up")
ip("addr", "add", "2001:db8:7::1/64", "dev", "cap1", "nodad")
time.sleep(1)
server = subprocess.Popen([
    "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=cap1", "--bind-interfaces",
    "--enable-ra", "--dhcp-range=2001:db8:7::,ra-stateless,64,3600", "--ra-param=cap1,mtu:1400,high,60,1800",
    "--dhcp-option=option6:dns-server,[2001:db8:7::53],[fd00::53]", "--dhcp-leasefile=/dev/null", "--pid-file=",
    "--dhcp-option=option6:domain-search,example.org,corp.example.com"])
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
s.settimeout(1)
index = socket.if_nametoindex("cap0")
try:
    for _ in range(10):
        s.sendto(bytes([133] + [0] * 7), ("ff02::2", 0, 0, index))
        try:
            while True:
                data, sender = s.recvfrom(2000)
                if data[0] == 134 and sender[3] == index:
                    print(sender[0], data.hex())
                    raise SystemExit
        except socket.timeout:
            pass
finally:
    server.terminate()
    server.wait()
