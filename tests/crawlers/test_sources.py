from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from crawlers.reading import PARSERS, parse
from crawlers.sources import load_sources
from crawlers.spiders.register import SPIDERS


def test_every_source_can_be_crawled_and_read() -> None:
    formats = {name for name in PARSERS if name == "feeds_json" or name.startswith("articles")}  # of saved files, no sources
    assert set(load_sources()) == set(PARSERS) - formats == set(SPIDERS)


def test_the_register_is_polite_and_sourced() -> None:
    for source in load_sources().values():
        assert source.pace_seconds >= 1 / 3, source.name  # the fastest any of them allows without a key: E-utilities
        assert source.terms_url.startswith("https://"), source.name
        addresses = [feed.url for feed in source.feeds] or [source.endpoint]
        assert all(urlsplit(address).scheme == "https" for address in addresses), source.name
    assert load_sources()["arxiv_oai"].pace_seconds == 3.0


def test_feeds_have_names_and_both_languages() -> None:
    feeds = load_sources()["feeds"].feeds
    assert len({feed.url for feed in feeds}) == len(feeds) >= 12
    assert {"en", "zh"} <= {feed.lang for feed in feeds}


def test_an_endpoint_can_be_moved_to_a_replay_server() -> None:
    moved = load_sources({"arxiv_oai": "http://127.0.0.1:1/oai", "feeds": "http://127.0.0.1:1/a.xml http://127.0.0.1:1/b.xml"})
    assert moved["arxiv_oai"].endpoint == "http://127.0.0.1:1/oai"
    assert [feed.url for feed in moved["feeds"].feeds] == ["http://127.0.0.1:1/a.xml", "http://127.0.0.1:1/b.xml"]


def test_wrong_names_and_addresses_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"no source 'arxiv_oia'\. Did you mean 'arxiv_oai'"):
        parse("arxiv_oia", b"")
    with pytest.raises(ValueError, match="no source 'zzz'"):
        load_sources({"zzz": "http://127.0.0.1/"})
    with pytest.raises(ValueError, match=r"must be an http\(s\) address"):
        load_sources({"feeds": "file:///etc/passwd"})
