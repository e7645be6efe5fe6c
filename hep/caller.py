"""Who calls: the address behind our own proxies."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# 203.0.113.9:4711 or [2001:db8::1]:443, as some proxies write a caller.
WITH_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[\d.]+))(?::\d+)?$")


def caller_address(request: HttpRequest) -> str | None:
    """Past as many proxies as are ours (`TRUSTED_PROXIES`), else who is connected; None: unknown.

    The audit log keeps it; limits count by `caller_network`.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    behind = settings.TRUSTED_PROXIES
    told = _address(hops[-min(behind, len(hops))]) if behind else None
    return told or _address(request.META.get("REMOTE_ADDR", ""))


def caller_network(request: HttpRequest) -> str | None:
    """By what limits and failed sign-ins count a caller: an address of IPv4, a /64 of IPv6.

    Every home line and rented server has a /64 of its own, so its addresses are one caller; one
    that only wraps an address of IPv4 counts as that one.
    """
    address = caller_address(request)
    if address is None or ":" not in address:
        return address
    whole = IPv6Address(address.partition("%")[0])
    inside = whole.ipv4_mapped or whole.sixtofour
    return str(inside or IPv6Network((whole, 64), strict=False).network_address)


def _address(text: str) -> str | None:
    found = WITH_PORT.match(text.strip())
    bare = (found["v6"] or found["v4"]) if found else text.strip()
    try:
        return str(ip_address(bare))
    except ValueError:
        return None
