"""Upstream drift shows in the shape of the responses: a field gone, renamed or retyped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.shapes import FieldSeen, changed_fields, read_shape


def page(count: int, **changes: Any) -> bytes:
    """A page of `count` records; a change of None takes the field out, `title=("heading", "x")` renames it."""
    record: dict[str, Any] = {"id": 1, "title": ["x"], "when": {"year": 2024}}
    for name, change in changes.items():
        value = record.pop(name)
        if isinstance(change, tuple):
            record[change[0]] = value
        elif change is not None:
            record[name] = change
    return json.dumps({"items": [record] * count}).encode()


BEFORE = read_shape([page(30), page(30)])


@pytest.mark.parametrize(
    ("now", "sentences"),
    [
        (page(30), []),
        (page(30, title=None), ["the field .items[].title is gone."]),
        (page(30, title=("heading",)), ["the field .items[].title is gone; .items[].heading is new."]),
        (page(30, when="2024"), ["the field .items[].when was a map and is a text."]),
        (page(30, id="1"), ["the field .items[].id was a number and is a text."]),
        (page(5, title=None), []),
        (json.dumps({"items": []}).encode(), []),
    ],
    ids=["same", "gone", "renamed", "map to text", "number to text", "a thin night says nothing", "no items"],
)
def test_a_change_is_told_in_a_sentence(now: bytes, sentences: list[str]) -> None:
    assert changed_fields(BEFORE, read_shape([now])) == sentences


def test_an_optional_field_may_stay_away() -> None:
    sometimes = read_shape([page(30), page(30, title=None)])
    assert changed_fields(sometimes, read_shape([page(30, title=None)])) == []


def test_xml_elements_and_attributes_have_a_shape() -> None:
    entries = b"".join(b'<entry id="1"><title>a</title></entry>' for _ in range(25))
    renamed = entries.replace(b"title>", b"name>")
    assert FieldSeen(".feed.entry.@id", "text", 25, 25) in read_shape([b"<feed>" + entries + b"</feed>"])
    told = changed_fields(read_shape([b"<feed>" + entries + b"</feed>"]), read_shape([b"<feed>" + renamed + b"</feed>"]))
    assert told == ["the field .feed.entry.title is gone; .feed.entry.name is new."]


@given(st.lists(st.binary(max_size=200), max_size=3))
def test_any_bytes_have_a_shape(bodies: list[bytes]) -> None:
    shape = read_shape([*bodies, b"[" * 5000, b'{"a":' * 500])
    assert changed_fields(shape, shape) == []
