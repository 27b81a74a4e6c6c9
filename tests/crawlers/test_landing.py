from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.landing import capture_id, list_windows, open_window, read_body, read_manifest
from crawlers.records import Capture, Window

WINDOW = Window(date(2024, 1, 1), date(2024, 1, 31))
THEN = datetime(2024, 2, 1, 3, 4, 5, tzinfo=UTC)
HEADERS = {"Content-Type": "text/xml", "Set-Cookie": "secret=1", "X-API-KEY": "secret"}


def gather(root: Path, pages: dict[int, bytes], *, complete: bool = True, close: bool = True) -> tuple[Capture, ...]:
    opened = open_window(root, "feeds", WINDOW, THEN)
    for number, body in pages.items():
        opened.land((number,), f"https://example.org/{number}?q=1", 200, HEADERS, body, THEN)
    return opened.close(complete).captures if close else ()


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_what_is_landed_is_read_back(tmp_path: Path) -> None:
    captures = gather(tmp_path, {1: b"one", 0: b"zero"})
    manifest = read_manifest(tmp_path, "feeds", WINDOW)
    assert manifest is not None
    assert (manifest.captures, manifest.complete, manifest.window) == (captures, True, WINDOW)
    assert [read_body(tmp_path, capture) for capture in captures] == [b"zero", b"one"]
    assert captures[0].path == f"feeds/2024-01-01_2024-01-31/0000-{captures[0].capture_id}.gz"
    assert list(list_windows(tmp_path, "feeds")) == [WINDOW]


def test_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    gather(tmp_path / "a", {0: b"zero", 1: b"one", 2: b"two"})
    gather(tmp_path / "b", {2: b"two", 0: b"zero", 1: b"one"})
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_secrets_are_not_stored(tmp_path: Path) -> None:
    gather(tmp_path, {0: b"zero"})
    assert not any(b"secret" in content for content in tree(tmp_path).values())


def test_an_unfinished_window_is_invisible_and_cleared_by_the_next_crawl(tmp_path: Path) -> None:
    gather(tmp_path, {0: b"zero", 5: b"five"}, close=False)
    assert read_manifest(tmp_path, "feeds", WINDOW) is None
    assert list(list_windows(tmp_path, "feeds")) == []
    captures = gather(tmp_path, {0: b"zero"})
    assert len(captures) == 1
    assert not list(tmp_path.rglob("*.partial"))


def test_a_second_crawl_adds_and_never_takes_away(tmp_path: Path) -> None:
    first = gather(tmp_path, {0: b"zero", 1: b"one"})
    second = gather(tmp_path, {0: b"zero", 1: b"changed"}, complete=False)
    manifest = read_manifest(tmp_path, "feeds", WINDOW)
    assert manifest is not None
    assert second[:2] == first
    assert [read_body(tmp_path, capture) for capture in second] == [b"zero", b"one", b"changed"]
    assert manifest.complete, "it was complete once"


def test_a_broken_second_crawl_does_not_say_that_a_part_has_caught_up(tmp_path: Path) -> None:
    open_window(tmp_path, "feeds", WINDOW, THEN).close(True, behind=["a"])
    kept = open_window(tmp_path, "feeds", WINDOW, THEN).close(False, since={"a": date(2023, 12, 1)})
    assert (kept.complete, kept.behind, kept.since) == (True, ("a",), {})


def test_a_refusal_is_not_repeated_from_the_journal(tmp_path: Path) -> None:
    died = open_window(tmp_path, "feeds", WINDOW, THEN)
    for number, status in enumerate((200, 500)):
        died.land((number,), "https://example.org/", status, HEADERS, b"body %d" % number, THEN)
    next_one = open_window(tmp_path, "feeds", WINDOW, THEN)
    assert next_one.answered((0,), "https://example.org/") is not None
    assert next_one.answered((1,), "https://example.org/") is None


def test_the_same_crawl_again_changes_nothing(tmp_path: Path) -> None:
    gather(tmp_path, {0: b"zero", 1: b"one"})
    before = tree(tmp_path)
    gather(tmp_path, {0: b"zero", 1: b"one"})
    assert tree(tmp_path) == before


def test_a_crash_while_closing_leaves_the_old_window_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = gather(tmp_path, {0: b"zero"})

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("crawlers.landing._write_durably", fail)
        with pytest.raises(OSError, match="no space"):
            gather(tmp_path, {0: b"new"})
    manifest = read_manifest(tmp_path, "feeds", WINDOW)
    assert manifest is not None
    assert manifest.captures == first
    assert read_body(tmp_path, first[0]) == b"zero"


def test_the_id_depends_on_request_and_bytes_but_not_on_the_host() -> None:
    here = capture_id("feeds", "http://127.0.0.1:4000/f?x=1", b"body")
    assert here == capture_id("feeds", "https://example.org/f?x=1", b"body")
    others = {
        capture_id("feeds", "https://example.org/f?x=2", b"body"),
        capture_id("feeds", "https://example.org/f?x=1", b"bodY"),
        capture_id("news", "https://example.org/f?x=1", b"body"),
    }
    assert len(others | {here}) == 4
    assert len(here) == 24


def test_damage_is_told_in_a_sentence(tmp_path: Path) -> None:
    (capture,) = gather(tmp_path, {0: b"zero"})
    (tmp_path / capture.path).write_bytes(b"junk")
    with pytest.raises(ValueError, match="cannot be read"):
        read_body(tmp_path, capture)
    (tmp_path / "feeds" / WINDOW.key / "manifest.json").write_text('{"captures": [')
    with pytest.raises(ValueError, match="is damaged"):
        read_manifest(tmp_path, "feeds", WINDOW)
