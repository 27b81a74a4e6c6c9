"""Which network addresses a crawl may connect to: public ones, and hosts named explicitly. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

_UNICAST = ipaddress.IPv6Network("2000::/3")  # the only block that IANA gives out addresses from
_DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")  # RFC 9637, newer than what the standard library knows
_LAST_IS_IPV4 = tuple(
    ipaddress.IPv6Network(one)
    for one in (
        "::/96",  # RFC 4291, section 2.5.5.1: IPv4-compatible
        "::ffff:0:0:0/96",  # RFC 2765: translated
        "64:ff9b::/96",  # RFC 6052: NAT64
    )
)
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # RFC 5214: third quarter of an address whose last is IPv4
_SPECIAL = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        "192.0.0.0/24",  # RFC 6890: protocol assignments, and a cloud's metadata at .192
        "168.63.129.16/32",  # the host of a virtual machine in Azure
    )
)


def is_public(address: str) -> bool:
    """Whether `address`, in digits, lies in the public internet, also behind the forms in which IPv6 hides IPv4."""
    try:
        ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL)
    if hidden := _hidden(ip):
        return is_public(str(hidden))
    return ip in _UNICAST and ip.is_global and ip not in _DOCUMENTATION


def _hidden(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that packets to `ip` end up at, where there is one."""
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    is_embedded = any(ip in network for network in _LAST_IS_IPV4) or (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if is_embedded else None


def is_literal(host: str) -> bool:
    """Whether a host is an address in digits, so that no name needs to be looked up."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def refusal(url: str, allowed_hosts: Collection[str]) -> str | None:
    """Return why `url` must not be fetched, judged by the address alone, or None. Names are judged when they are looked up.

    Whatever is not refused has a scheme, a host and a port that `urlsplit` can read.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # read only to learn whether it is one
    except ValueError:
        return f"{url!r} is no address"
    if parts.scheme not in {"http", "https"} or not host:
        return f"{url!r} is not an http(s) address"
    if ":" not in host and not all(0 < len(label) < 64 for label in host.removesuffix(".").split(".")):
        return f"{host!r} is not the name of a host"
    if "@" in parts.netloc:
        return f"the address at {host} carries a user name"
    if host in allowed_hosts or not is_literal(host) or is_public(host):
        return None
    return f"{host} is not a public address"
