"""Names that lead to private addresses lead nowhere. What is judged is what is connected to: nothing is looked up twice.

Twisted asks the resolver for every connection, for hosts written in digits as well, so that no form of an address and no
difference between two readings of one can pass by here. IPv4 and IPv6 answers are judged alike.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.addresses import is_public

ALLOWED_PRIVATE_HOSTS = "ALLOWED_PRIVATE_HOSTS"  # our setting: hosts that may be private, such as a replay server on loopback
# Twisted drops the reason of a failed look-up, so it is kept here: name -> private address. One crawl lives in one process.
_refused_names: dict[str, str] = {}


def refused_address(name: str) -> str | None:
    """Return the private address that `name` stood for when it was last looked up, None where it had a public one."""
    return _refused_names.get(name)


@implementer(IHostnameResolver)
class GuardedResolver:
    """The system's own resolver without its private answers."""

    def __init__(self, reactor: Any, allowed: Collection[str]) -> None:
        self.reactor = reactor
        self.allowed = frozenset(allowed)
        self.system = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Build the resolver for all crawls of this process."""
        return cls(reactor, crawler.settings.getlist(ALLOWED_PRIVATE_HOSTS))

    def install_on_reactor(self) -> None:
        """Take the place of the system's resolver."""
        self.reactor.installNameResolver(self)

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *where: Any, **how: Any) -> Any:  # noqa: N802, N803 - Twisted's names
        """Pass on the addresses of `hostName` that may be connected to."""
        judge = resolutionReceiver if hostName in self.allowed else _Judge(resolutionReceiver, hostName)
        return self.system.resolveHostName(judge, hostName, *where, **how)


@implementer(IResolutionReceiver)
class _Judge:
    def __init__(self, receiver: Any, name: str) -> None:
        self._receiver = receiver
        self._name = name
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        if is_public(address.host):
            _refused_names.pop(self._name, None)
            self._receiver.addressResolved(address)
        else:
            _refused_names[self._name] = address.host
