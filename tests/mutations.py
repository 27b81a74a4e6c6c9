"""Ways in which a response goes wrong on its way, or is made wrong on purpose: repeatable by seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_STRING = re.compile(rb'"[^"\\]{1,80}"|>[^<>]{1,80}<')
_DAY = re.compile(rb"\d{4}-\d{2}-\d{2}|\b(?:19|20)\d{2}\b")
ODD_DATES = (
    b"0000-00-00",
    b"2024-02-31",
    b"99999-01-01",
    b"-1",
    b"13/13/2013",
    b"2024-W99",
    b"1e309",
    "二〇二四年".encode(),
    b"9999-12-31T25:61:61+99:99",
)
ODD_VALUES = (
    b"null",
    b"[]",
    b"{}",
    b"[null]",
    b"-0",
    b"1e400",
    b"true",
    b'""',
    b'"\\ud800"',
    b'"\\u0000"',
    b"[[[[]]]]",
    b'{"a":{"b":null}}',
)


def truncate(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def flip_bytes(body: bytes, dice: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(dice.randint(1, 20)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def insert_nul(body: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(body))
    return body[:at] + b"\x00" * dice.choice((1, 3, 4096)) + body[at:]


def change_charset(body: bytes, dice: random.Random) -> bytes:
    return body.decode("utf-8", "replace").encode(dice.choice(("utf-16", "utf-16-le", "gb18030", "big5", "utf-7", "cp1252")), "replace")


def nest_deeply(body: bytes, dice: random.Random) -> bytes:
    at, depth = dice.randrange(len(body)), dice.choice((300, 20_000))
    return body[:at] + dice.choice((b"[", b'{"a":', b"<div>", b"<a><b>", b"(")) * depth + body[at:]


def grow_attribute(body: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(body))
    return body[:at] + b' x="' + dice.choice((b"A", b"&amp;", b"&#x41;", b"\xe4\xb8\xad")) * 200_000 + b'"' + body[at:]


def oddly_date(body: bytes, dice: random.Random) -> bytes:
    return _DAY.sub(lambda found: dice.choice(ODD_DATES) if dice.random() < 0.5 else found[0], body)


def retype_values(body: bytes, dice: random.Random) -> bytes:
    return _STRING.sub(lambda found: dice.choice(ODD_VALUES) if found[0][:1] == b'"' and dice.random() < 0.1 else found[0], body)


def empty_texts(body: bytes, dice: random.Random) -> bytes:
    return _STRING.sub(lambda found: found[0][:1] + found[0][-1:] if dice.random() < 0.3 else found[0], body)


def repeat_piece(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body))
    piece = body[start : start + dice.choice((10, 500, 5000))]
    return body[:start] + piece * dice.choice((2, 50)) + body[start:]


def cut_piece(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body))
    return body[:start] + body[start + dice.choice((1, 50, 1000)) :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncate,
    flip_bytes,
    insert_nul,
    change_charset,
    nest_deeply,
    grow_attribute,
    oddly_date,
    retype_values,
    empty_texts,
    repeat_piece,
    cut_piece,
)


def mutate(body: bytes, dice: random.Random) -> bytes:
    """One to three of the ways, one after the other; an empty body stays as it is."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if body:
            body = dice.choice(MUTATIONS)(body, dice)
    return body
