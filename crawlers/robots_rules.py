"""What a robots.txt allows one crawler, by RFC 9309. Pure, on bytes, in time linear in file and address.

Where the RFC leaves room the reading is that of Google's published parser (github.com/google/robotstxt): a missing colon and
common misspellings are understood, an allowed `index.html` allows its folder, a line ends after 16,663 bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

LIMIT_BYTES = 500 * 1024  # section 2.5: at least this much must be read
_LINE_BYTES = 2083 * 8 - 1
_UTF8_MARK = b"\xef\xbb\xbf"
_END_OF_LINE = re.compile(rb"\r\n|\r|\n")
_TOKEN = re.compile(rb"[A-Za-z_-]*")
_KINDS = {
    b"user-agent": "agent",
    b"useragent": "agent",
    b"user agent": "agent",
    b"allow": "allow",
    b"disallow": "disallow",
    b"dissallow": "disallow",
    b"dissalow": "disallow",
    b"disalow": "disallow",
    b"diasllow": "disallow",
    b"disallaw": "disallow",
}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, section 2.3
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_FOLDER_PAGE = b"/index.html"


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line; `parts` are the pieces of its pattern between the stars."""

    is_allowed: bool
    octets: int
    parts: tuple[bytes, ...]
    to_the_end: bool

    def matches(self, path: bytes) -> bool:
        """Whether the pattern describes the beginning of `path`, or all of it when it ends in a dollar sign."""
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        if not rest:
            return not self.to_the_end or len(path) == len(first)
        place = len(first)
        last = rest.pop() if self.to_the_end else b""
        for part in rest:
            found = path.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        return path.endswith(last) and len(path) - len(last) >= place


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of the groups that speak to one crawler."""

    rules: tuple[Rule, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the crawler may fetch `url`: the rule with the most octets decides, allow in a tie (section 2.2.2)."""
        path = _path_of(url)
        if path == b"/robots.txt":
            return True
        matching = [(rule.octets, rule.is_allowed) for rule in self.rules if rule.matches(path)]
        return max(matching)[1] if matching else True


FORBID_ALL = Rules((Rule(False, 1, (b"/",), False),))
ALLOW_ALL = Rules()


def read_rules(body: bytes, agent: str) -> Rules:
    """Return the rules of `body` for the crawler whose product token is `agent`, whatever the bytes are.

    Groups that name the same crawler count as one; those for `*` count only when none names it. What stands behind
    LIMIT_BYTES is not read, and neither is the line cut there.
    """
    ours = agent.encode().lower()
    named: list[Rule] = []
    common: list[Rule] = []
    is_named = False
    open_lists: list[list[Rule]] = []
    in_rules = True
    for kind, value in _records(body):
        if kind == "agent":
            if in_rules:
                open_lists, in_rules = [], False
            if value == b"*" or value[:2] in {b"* ", b"*\t"}:
                open_lists.append(common)
            elif ours and _token_of(value) == ours:
                is_named = True
                open_lists.append(named)
            continue
        in_rules = True
        for rules in open_lists:
            rules.extend(_rules_of(value, kind == "allow"))
    return Rules(tuple(named if is_named else common))


def product_token(user_agent: str) -> str:
    """Return the name a User-Agent header goes by in robots.txt: its first letters, dashes and underscores (section 2.2.1)."""
    return _token_of(user_agent.encode()).decode()


def _token_of(value: bytes) -> bytes:
    found = _TOKEN.match(value)
    return found[0].lower() if found else b""


def _records(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (agent | allow | disallow, value). Other records, Sitemap among them, neither count nor end a group."""
    if len(body) > LIMIT_BYTES:
        body = body[:LIMIT_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r"), 0)]
    for line in _END_OF_LINE.split(body.removeprefix(_UTF8_MARK)):
        text = line[:_LINE_BYTES].partition(b"#")[0].strip(b" \t")
        name, colon, value = text.partition(b":")
        if not colon:
            words = text.split()
            name, value = (words[0], words[1]) if len(words) == 2 else (b"", b"")
        if kind := _KINDS.get(name.strip(b" \t").lower()):
            yield kind, value.strip(b" \t")


def _rules_of(value: bytes, is_allowed: bool) -> Iterator[Rule]:
    if not value:
        return
    yield _rule(value, is_allowed)
    if is_allowed and value.endswith(_FOLDER_PAGE):
        yield _rule(value.removesuffix(_FOLDER_PAGE) + b"/$", is_allowed)


def _rule(value: bytes, is_allowed: bool) -> Rule:
    to_the_end = value.endswith(b"$")
    pattern = _same_spelling(value[:-1] if to_the_end else value).replace(b"$", b"%24")
    return Rule(is_allowed, len(pattern) + to_the_end, tuple(pattern.split(b"*")), to_the_end)


def _path_of(url: str) -> bytes:
    parts = urlsplit(url)
    query = f"?{parts.query}" if "?" in url.partition("#")[0] else ""
    path = (parts.path or "/") + query
    return _same_spelling(path.encode()).replace(b"$", b"%24").replace(b"*", b"%2A")


def _same_spelling(text: bytes) -> bytes:
    """Return `text` with one spelling for what RFC 9309 (section 2.2.2) takes for the same.

    Letters outside ASCII are percent-encoded, unreserved ones are not, hexadecimal digits are upper case. Behind a question
    mark a colon and a slash mean the same whether they are encoded or not.
    """
    encoded = _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], text)
    path, mark, query = _ESCAPE.sub(_shortest, encoded).partition(b"?")
    return path + mark + query.replace(b"%3A", b":").replace(b"%2F", b"/")


def _shortest(escape: re.Match[bytes]) -> bytes:
    octet = int(escape[1], 16)
    return bytes([octet]) if octet in _UNRESERVED else escape[0].upper()
