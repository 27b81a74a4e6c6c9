from __future__ import annotations

import pytest

from crawlers.addresses import is_public, refusal

PRIVATE = """127.0.0.1 10.0.0.8 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 ::1 :: fe80::1%eth0
fc00::1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 2002:7f00:1:: ff02::1 example.org"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]:8080/",
        "http://[::ffff:127.0.0.1]/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://u:p@example.org/",
        "http://[::1",
        "http:///x",
    ],
)
def test_addresses_that_must_not_be_fetched(url: str) -> None:
    assert refusal(url, ()) is not None


def test_names_pass_until_they_are_looked_up_and_named_hosts_pass() -> None:
    assert refusal("https://example.org/x", ()) is None
    assert refusal("http://127.0.0.1:8000/x", ("127.0.0.1",)) is None
    assert refusal("http://127.0.0.2:8000/x", ("127.0.0.1",)) is not None
