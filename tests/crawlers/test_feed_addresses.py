from __future__ import annotations

import pytest

from crawlers.parsers.feed_links import canonical


@pytest.mark.parametrize(
    ("link", "base", "address"),
    [
        ("https://A.example.org/x?utm_source=rss&id=7&fbclid=1", None, "https://a.example.org/x?id=7"),
        ("https://a.example.org/x?b=%20&a=1", None, "https://a.example.org/x?b=%20&a=1"),
        ("/p/1#top", "https://a.example.org/feed/x.xml", "https://a.example.org/p/1#top"),
        ("p/1", None, None),
        ("tag:a.example.org,2020:1", "https://a.example.org/", None),
        ("javascript:alert(1)", "https://a.example.org/", None),
        ("http://[::1", None, None),
        ("https://a.example.org/" + "x" * 3000, None, None),
        (None, None, None),
    ],
)
def test_links_become_addresses_or_nothing(link: str | None, base: str | None, address: str | None) -> None:
    assert canonical(link, base) == address
