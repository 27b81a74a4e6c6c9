"""The shape of a response: which fields it has, where, and of what type. What a source changes without a word shows here first. Pure.

A path names fields from the outside in (`.message.items[].title`); `[]` stands for the entries of a list, `@` for an attribute.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crawlers.parsers.xml_reading import local, read_xml
from crawlers.rejects import UnreadableError

MAX_PATHS = 2_000  # a response whose keys are data (ids as names) has no shape worth keeping beyond this
MAX_DEPTH = 12
_CONTAINERS = frozenset({"map", "list", "element"})


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """How often a field of one type was seen, and how often the thing it belongs to was."""

    path: str
    type: str
    seen_count: int
    parent_count: int


def read_shape(bodies: Iterable[bytes]) -> tuple[FieldSeen, ...]:
    """Return the fields of some responses, by path and type; bodies that are neither JSON nor XML have none."""
    seen: Counter[tuple[str, str]] = Counter()
    parents: Counter[str] = Counter()
    for body in bodies:
        for path, kind in _fields(body):
            if (path, kind) in seen or len(seen) < MAX_PATHS:
                seen[path, kind] += 1
                parents[path] += kind in _CONTAINERS
    return tuple(FieldSeen(path, kind, count, max(parents[_parent(path)], 1)) for (path, kind), count in sorted(seen.items()))


def changed_fields(earlier: Iterable[FieldSeen], now: Iterable[FieldSeen], *, least: int = 20, usual: float = 0.9) -> list[str]:
    """Return one sentence for each field that went away, with the name it may have now, or that changed its type.

    A field counts as usual when `usual` of the things it belongs to had it; both sides must have seen `least` of those
    things, so that a thin night says nothing.
    """
    before, after = _by_path(earlier), _by_path(now)
    sentences = []
    for path, kinds in sorted(before.items()):
        parent_count = _parents(after, _parent(path))
        if _parents_of(kinds) < least or parent_count < least or _share(kinds) < usual:
            continue
        if path not in after:
            fresh = [one for one in sorted(after) if one not in before and _parent(one) == _parent(path) and _share(after[one]) >= usual]
            sentences.append(f"the field {path} is gone" + (f"; {fresh[0]} is new" if fresh else "") + ".")
            continue
        usual_kind = max(kinds, key=lambda one: kinds[one].seen_count)
        now_kind = max(after[path], key=lambda one: after[path][one].seen_count)
        if usual_kind not in after[path] and "null" not in {usual_kind, now_kind}:
            sentences.append(f"the field {path} was a {usual_kind} and is a {now_kind}.")
    return sentences


def _by_path(fields: Iterable[FieldSeen]) -> dict[str, dict[str, FieldSeen]]:
    found: dict[str, dict[str, FieldSeen]] = defaultdict(dict)
    for one in fields:
        known = found[one.path].get(one.type)
        more = (known.seen_count, known.parent_count) if known else (0, 0)
        found[one.path][one.type] = FieldSeen(one.path, one.type, one.seen_count + more[0], one.parent_count + more[1])
    return found


def _parents_of(kinds: dict[str, FieldSeen]) -> int:
    return max(one.parent_count for one in kinds.values())


def _parents(fields: dict[str, dict[str, FieldSeen]], parent: str) -> int:
    return max((_parents_of(kinds) for path, kinds in fields.items() if _parent(path) == parent), default=0)


def _share(kinds: dict[str, FieldSeen]) -> float:
    return sum(one.seen_count for one in kinds.values()) / _parents_of(kinds)


def _parent(path: str) -> str:
    """The thing a field belongs to: for `.a[].b` it is `.a[]`, and for that the list `.a`."""
    return path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]


def _fields(body: bytes) -> Iterator[tuple[str, str]]:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        if start in (b"{", b"["):
            yield from _of_json(json.loads(body.decode("utf-8-sig")), "", 0)
        elif start == b"<":
            yield from _of_xml(read_xml(body))
    except (UnreadableError, ValueError, RecursionError):
        return


def _of_json(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    kind = _JSON_TYPES[type(value)]
    yield path, kind
    if depth >= MAX_DEPTH:
        return
    if kind == "map":
        for name, inner in value.items():
            yield from _of_json(inner, f"{path}.{name}", depth + 1)
    elif kind == "list":
        for inner in value:
            yield from _of_json(inner, f"{path}[]", depth + 1)


_JSON_TYPES = {dict: "map", list: "list", str: "text", int: "number", float: "number", bool: "boolean", type(None): "null"}


def _of_xml(root: Any) -> Iterator[tuple[str, str]]:
    stack = [(root, f".{local(root)}", 1)]
    while stack:
        element, path, depth = stack.pop()
        yield path, "element"
        yield from ((f"{path}.@{name.rpartition('}')[2]}", "text") for name in element.attrib)
        if depth < MAX_DEPTH:
            stack += [(inner, f"{path}.{local(inner)}", depth + 1) for inner in element if local(inner)]
