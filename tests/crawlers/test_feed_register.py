from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from crawlers.sources import load_sources

TRACKS = ("manufacturing", "information", "materials", "energy", "space", "health")


def test_the_register_of_feeds_covers_the_tracks_in_both_languages() -> None:
    feeds = load_sources()["feeds"].feeds
    assert len(feeds) >= 48
    languages, tracks = Counter(feed.lang for feed in feeds), Counter(feed.track for feed in feeds)
    assert set(languages) == {"en", "zh"}
    assert languages["zh"] >= 8
    assert set(tracks) - {None} == set(TRACKS)
    assert min(tracks[track] for track in TRACKS) >= 4


def test_every_feed_stands_once_under_a_name_of_its_own() -> None:
    feeds = load_sources()["feeds"].feeds
    assert len({feed.name for feed in feeds}) == len(feeds), "a name is the part that falls behind"
    assert len({feed.url.rstrip("/") for feed in feeds}) == len(feeds)
    assert {urlsplit(feed.url).scheme for feed in feeds} == {"https"}
    assert all(urlsplit(feed.url).hostname and not urlsplit(feed.url).username for feed in feeds)
