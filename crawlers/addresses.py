"""Which network addresses a crawl may connect to: public ones, and hosts named explicitly. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def is_public(address: str) -> bool:
    """Whether `address`, in digits, lies in the public internet, also behind the forms in which IPv6 hides IPv4."""
    try:
        ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if hidden is None and ip in _NAT64:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
    return ip.is_global and not ip.is_multicast


def is_literal(host: str) -> bool:
    """Whether a host is an address in digits, so that no name needs to be looked up."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def refusal(url: str, allowed_hosts: Collection[str]) -> str | None:
    """Return why `url` must not be fetched, judged by the address alone, or None. Names are judged when they are looked up."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return f"{url!r} is no address"
    if parts.scheme not in {"http", "https"} or not host:
        return f"{url!r} is not an http(s) address"
    if parts.username or parts.password:
        return f"the address at {host} carries a user name"
    if host in allowed_hosts or not is_literal(host) or is_public(host):
        return None
    return f"{host} is not a public address"
