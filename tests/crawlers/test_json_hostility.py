"""Whatever bytes arrive where JSON is due, each parser answers with documents and rejects of the fixed vocabulary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.reading import PARSERS, parse
from crawlers.records import Parsed
from crawlers.rejects import REASONS

FIXTURES = Path(__file__).parent / "fixtures"


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8-sig"), strict=False)
    except ValueError:
        return False  # a fixture that holds a trap of the format itself
    return True


_WHOLE = [(one.name.partition("-")[0], one / "input.json") for one in sorted(FIXTURES.iterdir()) if (one / "input.json").is_file()]
INPUTS = [(source, path.read_bytes()) for source, path in _WHOLE if source in PARSERS]
SOURCES = sorted({source for source, _ in INPUTS})
OWN_WORDS = {"feeds_json", "pubmed", "gdelt"}  # two read XML too and call these bodies by its words; `{}` is gdelt's empty answer
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Checking your browser</body></html>"


def assert_decent(parsed: Parsed) -> None:
    assert all(one.reason in REASONS for one in parsed.rejects)
    assert all(one.detail and "\n" not in one.detail for one in parsed.rejects)
    for one in parsed.documents:
        assert one.source_id
        (one.title + one.abstract + one.source_id).encode()  # no lone surrogates
        assert not set(one.title) & {"\x00", "\n", "\r", "\t", "\x1b"}
        json.dumps(one.extras)
        assert all(isinstance(value, str) and value for value in one.identifiers.values())


@pytest.mark.parametrize("source", [one for one in SOURCES if one not in OWN_WORDS])
@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        (b"", {"empty_body"}),
        (b" \r\n\t ", {"empty_body"}),
        (b"\xef\xbb\xbf", {"empty_body", "truncated", "not_json"}),
        (PAGE, {"html_page"}),
        (b"\xef\xbb\xbf" + PAGE, {"html_page"}),
        (b"Resource not found.", {"not_json", "unknown_format", "source_error"}),
        (b'{"results": [', {"truncated"}),
        (b'{"a": "cut', {"truncated"}),
        (b'{"a": 1}}', {"not_json"}),
        (b"[" * 100_000, {"too_large", "truncated"}),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {"too_large"}),
        (b"{}", {"unknown_format"}),
        (b'{"menu": ["soup"]}', {"unknown_format"}),
        (b"null", {"unknown_format", "not_a_document"}),
        (b"true", {"unknown_format", "not_a_document"}),
        (b'"text"', {"unknown_format", "not_a_document"}),
        (b"1" * 10_000, {"unknown_format", "not_a_document"}),
    ],
)
def test_a_useless_body_is_one_reject_with_its_reason(source: str, body: bytes, reasons: set[str]) -> None:
    parsed = parse(source, body)
    assert parsed.documents == ()
    assert [one.reason in reasons for one in parsed.rejects] == [True], parsed.rejects


@pytest.mark.parametrize(
    ("source", "body"), [one for one in INPUTS if _is_json(one[1])], ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_field_may_be_missing_or_of_another_type(source: str, body: bytes) -> None:
    for other in (None, 7, "x", [], {}, [None], True, "\ud800", -(10**30), {"text": [[]]}):
        for spoiled in _each_replaced(json.loads(body.decode("utf-8-sig"), strict=False), other):
            assert_decent(parse(source, json.dumps(spoiled).encode()))


def _each_replaced(value: Any, other: Any) -> Any:
    """Yield `value` once for every field name in it, with all fields of that name replaced."""
    names: set[str] = set()
    _collect(value, names)
    for name in sorted(names):
        yield _replaced(value, name, other)


def _collect(value: Any, names: set[str]) -> None:
    if isinstance(value, dict):
        names.update(value)
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _collect(child, names)


def _replaced(value: Any, name: str, other: Any) -> Any:
    if isinstance(value, dict):
        return {key: other if key == name else _replaced(child, name, other) for key, child in value.items()}
    return [_replaced(child, name, other) for child in value] if isinstance(value, list) else value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spoiled_answers_never_raise(data: st.DataObject) -> None:
    source, body = data.draw(st.sampled_from(INPUTS))
    spoiled = bytearray(body)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, max(0, len(spoiled) - 1)))
        length = data.draw(st.integers(0, 40))
        piece = st.sampled_from([b"{", b"}", b"]", b'"', b",", b"\x00", b"\\ud800", b"1e999", b"NaN", b"null", b"[[[[", b"-0", b"\xff"])
        spoiled[start : start + length] = data.draw(st.one_of(st.binary(max_size=12), piece))
    assert_decent(parse(source, bytes(spoiled), "https://fixture.example.org/works/W1", {"Content-Type": "application/json"}))


@settings(max_examples=60, deadline=None)
@given(source=st.sampled_from(SOURCES), body=st.binary(max_size=200))
def test_noise_never_raises(source: str, body: bytes) -> None:
    parsed = parse(source, body)
    assert_decent(parsed)
    assert parsed.documents or parsed.rejects
