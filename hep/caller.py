"""Who calls: the address behind our own proxies."""

from __future__ import annotations

import re
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

# 203.0.113.9:4711 or [2001:db8::1]:443, as some proxies write a caller.
WITH_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[\d.]+))(?::\d+)?$")


def caller_address(request: HttpRequest) -> str | None:
    """Past as many proxies as are ours (`TRUSTED_PROXIES`), else who is connected; None: unknown.

    Limits, failed sign-ins and the audit log all count by it.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    behind = settings.TRUSTED_PROXIES
    told = _address(hops[-min(behind, len(hops))]) if behind else None
    return told or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    found = WITH_PORT.match(text.strip())
    bare = (found["v6"] or found["v4"]) if found else text.strip()
    try:
        return str(ip_address(bare))
    except ValueError:
        return None
