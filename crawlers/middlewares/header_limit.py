"""A limit on the headers of a response, which Twisted and Scrapy read without one until the request times out."""

from __future__ import annotations

from typing import Any

from twisted.web._newclient import HEADER, STATUS

MOST_HEADER_BYTES = 256 * 1024


def limited(factory: Any) -> Any:
    """Return a class like `factory`, a factory of HTTP client protocols, whose connections break when the headers do not end."""

    class LimitedFactory(factory):  # type: ignore[misc]
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
            protocol = super().buildProtocol(addr)
            read, waiting = protocol.dataReceived, 0

            def read_and_count(data: bytes) -> None:
                nonlocal waiting
                read(data)
                is_in_headers = getattr(protocol._parser, "state", None) in {STATUS, HEADER}
                waiting = waiting + len(data) if is_in_headers else 0
                if waiting > MOST_HEADER_BYTES:
                    protocol.transport.abortConnection()

            protocol.dataReceived = read_and_count
            return protocol

    return LimitedFactory
