"""What the gathering room takes and gives. Everything here is plain data: no network, no disk, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["paper", "patent", "news", "grant"]
Precision = Literal["day", "month", "year"]
State = Literal["live", "withdrawn", "retracted", "deleted"]

KINDS: tuple[Kind, ...] = ("paper", "patent", "news", "grant")


@dataclass(frozen=True, slots=True)
class Window:
    """A span of whole days, both ends included."""

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.from_on > self.to_on:
            raise ValueError(f"a window cannot end ({self.to_on}) before it begins ({self.from_on})")

    @property
    def key(self) -> str:
        """`2024-01-01_2024-01-31`: the name of the window's folder in the landing."""
        return f"{self.from_on}_{self.to_on}"


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as it was received.

    `capture_id` depends on source, request and bytes only, so that fetching the same thing again gives the same id.
    `path` is relative to the landing root and points at the gzip-compressed body. `part` names the feed, site or query of the
    source that was asked.
    """

    capture_id: str
    source: str
    url: str
    status: int
    headers: dict[str, str]
    fetched_at: datetime
    sha256: str
    size: int
    path: str
    sequence: int
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or organisation as the record names it. `country` is an ISO 3166 alpha-2 code where the record states one."""

    role: Literal["author", "inventor", "assignee", "organisation"]
    name: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A classification code. `scheme` is one of arxiv, cpc, ipc, uspc, category."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class Document:
    """A record that describes one published work, as one source tells it at one time.

    Three dates are never mixed: `published_on` (what the record says), `available_on` (first day the public could know
    it) and the capture's `fetched_at`. Both dates are None where the source gives none: such a document is kept and
    stands outside every as-of. `updated_on` is the day of the version described. `identifiers` maps a scheme (doi, arxiv, family, url)
    to a normalised value.
    """

    source: str
    source_id: str
    kind: Kind
    title: str
    abstract: str
    published_on: date | None
    date_precision: Precision
    available_on: date | None
    updated_on: date | None = None
    lang: str | None = None
    url: str | None = None
    licence: str | None = None
    state: State = "live"
    identifiers: dict[str, str] = field(default_factory=dict)
    actors: tuple[Actor, ...] = ()
    codes: tuple[Code, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def document_id(self) -> str:
        """`source:source_id`, the identity of the document over all its versions."""
        return f"{self.source}:{self.source_id}"


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that could not be read. `reason` is a short fixed word, `detail` one sentence for a person."""

    source: str
    position: int
    record_id: str | None
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser found in one response. Order is the order of the response."""

    documents: tuple[Document, ...] = ()
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How one crawl of one source over one window went.

    `complete` is True when every page of the window was landed, apart from those of the parts named in `behind`; only then
    may the cursor move. A part is one feed, site or query of the source; its own cursor stays where it was. `problems` are
    sentences, one per trouble met. `captures` are in landing order.
    """

    source: str
    window: Window
    complete: bool
    captures: tuple[Capture, ...]
    problems: tuple[str, ...]
    seconds: float
    behind: tuple[str, ...] = ()
