"""JSON from strangers: every reason by an example, and the getters that bear any type."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.parsers import json_reading
from crawlers.parsers.json_reading import list_at, map_at, read_json, text_at, texts_at, value_at, whole_at
from crawlers.rejects import UnreadableError


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b" \r\n", "empty_body"),
        (b"<!DOCTYPE html><html></html>", "html_page"),
        (b"\xef\xbb\xbf<html>", "html_page"),
        (b"Resource not found.", "not_json"),
        (b'<?xml version="1.0"?><a/>', "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"a": 1} {"b": 2}', "not_json"),
        (b'{"a": "b', "truncated"),
        (b'{"a": [1, 2', "truncated"),
        (b'{"a": tru', "truncated"),
        (b'{"a": -', "truncated"),
        (b'{"a": "\\u12', "truncated"),
        ('{"a": "é'.encode()[:-1], "truncated"),
        ('{"a": "café élève"}'.encode("latin-1"), "bad_encoding"),
        ('{"标题": "新材料与半导体"}'.encode("gb18030"), "bad_encoding"),
        (b"[" * 100_000, "too_large"),
        (b"[" * 101 + b"]" * 101, "too_large"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_large"),
    ],
)
def test_what_cannot_be_read_has_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_json(body)
    assert caught.value.reason == reason
    assert "\n" not in caught.value.detail


def test_a_body_of_endless_pieces_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "MAX_PIECES", 1_000)
    assert len(read_json(b"[" + b"0," * 900 + b"0]")) == 901
    with pytest.raises(UnreadableError, match="more than can be read safely"):
        read_json(b"[" + b"0," * 1_100 + b"0]")


def test_numbers_nobody_can_hold_stay_bounded() -> None:
    found = read_json(b'{"nan": NaN, "inf": -Infinity, "big": 1e999, "digits": ' + b"9" * 6_000 + b', "year": 2031, "share": 0.5}')
    assert (found["nan"], found["inf"], found["big"]) == (None, None, "1e999")
    assert found["digits"] == "9" * 6_000
    assert (found["year"], found["share"]) == (2031, 0.5)


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf\xef\xbb\xbf\n{"a": 1}', '{"a": 1}'.encode("utf-16"), '{"a": 1}'.encode("utf-32-le")],
    ids=["two marks", "utf-16", "utf-32"],
)
def test_marks_and_wide_encodings_are_borne(body: bytes) -> None:
    assert read_json(body) == {"a": 1}


def test_one_broken_character_does_not_cost_the_page() -> None:
    body = json.dumps({"title": "é" * 100}, ensure_ascii=False).encode().replace("é".encode(), b"\xe9", 1)
    assert read_json(body)["title"] == "\ufffd" + "é" * 99


RECORD = {"title": [" A\x00\n\ud800b ", None, ""], "n": 5, "t": "12 ", "yes": True, "one": {"two": ["x", {"three": 3}]}, "lone": "x"}


def test_getters_bear_any_type() -> None:
    assert text_at(RECORD, "title", 0) == "A b"
    assert texts_at(RECORD, "title") == ["A b"]
    assert [text_at(RECORD, name) for name in ("n", "yes", "one", "none")] == ["5", "", "", ""]
    assert [whole_at(RECORD, name) for name in ("n", "t", "yes", "lone")] == [5, 12, None, None]
    assert list_at(RECORD, "lone") == ["x"]
    assert list_at(RECORD, "none") == []
    assert (map_at(RECORD, "one", "two", 1), map_at(RECORD, "lone")) == ({"three": 3}, {})
    assert value_at(RECORD, "one", "two", -1, "three") == 3
    assert value_at(RECORD, "one", "two", 9) is value_at(None, "a") is value_at(RECORD, "n", 0) is None


@given(st.binary(max_size=80) | st.text(alphabet='[]{}",:\\u0dt1e-. ', max_size=60).map(str.encode))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    found: Any = None
    with contextlib.suppress(UnreadableError):
        found = read_json(body)
    json.dumps(found, allow_nan=False)
