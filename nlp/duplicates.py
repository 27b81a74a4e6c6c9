"""Which records tell of the same work: a patent family, a preprint and its journal version, a story told twice.

Two steps, so that the warehouse can do the join: `keys` turns one document into keys that its doubles share, `group`
decides among the documents that share one. The links make a forest with days: a link holds from the day on which all it rests
on was public, and what arrives tomorrow never changes how the past was grouped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from nlp.identifiers import REASONS as IDENTIFIERS
from nlp.identifiers import identifier_keys, relation_keys, retraction_keys
from nlp.resemblance import FEWEST_PAIRS, body_bands, digest, headline_bands, units
from nlp.retelling import Candidate, Comparisons

# Strongest first; the first reason that holds is the one recorded.
REASONS = (*IDENTIFIERS, "exact", "title", "near", "headline")

# Shorter titles ("Quantum computing", "Unmanned aerial vehicle") are shared by strangers.
TITLE_WORDS = 6
# A key that so many documents share marks boilerplate; comparing with the earliest of them keeps the cost linear.
_CROWD = 50


@dataclass(frozen=True, slots=True)
class Membership:
    """The work a document belongs to, and the link that ties it to another document of it: None in all four for the work's first document.

    `similarity` is the larger of Jaccard resemblance and containment (1.0 for a shared identifier or an exact copy). `linked_on` is the
    first day on which the link could be known; None also where a document is undated.
    """

    document_id: str
    work_id: str
    linked_to_document_id: str | None
    reason: str
    similarity: float | None
    linked_on: date | None = None


def keys(
    document_id: str,
    kind: str,
    title: str,
    abstract: str,
    identifiers: Mapping[str, str],
    relations: Iterable[Mapping[str, Any]] = (),
) -> tuple[tuple[str, str], ...]:
    """The (reason, key) pairs under which doubles of a document are found; keys carry the kind, for kinds never mix.

    Identifiers, and what `relations` (maps with `relation` and the identifiers of the other record) ties them to; `exact` and `title`
    (hash of the folded text, where it is long enough to be distinctive; a patent's title never is); `near` (MinHash bands of a text) and
    `headline` (of a title that stands alone). `retracts` names what a notice takes back and joins nothing. Raises ValueError when
    `document_id` is empty.
    """
    if not document_id:
        raise ValueError("a document without an id cannot be compared with others")
    said = [relation for relation in relations if isinstance(relation, Mapping)]
    found = identifier_keys(kind, identifiers)
    if kind == "paper":
        found += relation_keys(identifiers, said) + retraction_keys(said)
    title_units, body_units = units(title), units(abstract)
    has_abstract = len(body_units) >= FEWEST_PAIRS
    if has_abstract or (kind != "patent" and len(title_units) >= TITLE_WORDS):
        found.append(("exact", digest([*title_units, *body_units])))
    if kind != "patent" and len(title_units) >= TITLE_WORDS:
        found.append(("title", digest(title_units)))
    found += [("near", band) for band in body_bands(title_units, body_units)]
    if kind != "patent" and not has_abstract:
        found += [("headline", band) for band in headline_bands(title_units)]
    return tuple((reason, f"{kind}:{key}") for reason, key in found)


def group(documents: Iterable[Candidate], apart: Iterable[tuple[str, str]] = ()) -> list[Membership]:
    """One row per document, in order of (available_on, document_id); the answer does not depend on the order given.

    A document gets at most one link, to one that was there before the link was known. Identifiers tie works together, also ones that
    stood apart until then: the first document of the later work gets the link. `exact`, `title`, `near` and `headline` tie a single
    document to the one that it resembles most. `apart` are pairs of documents that a person keeps out of one work.
    """
    forest = _Forest(documents, apart)
    for event in forest.events():
        forest.take(event)
    return forest.rows()


def find_groups(documents: Iterable[Candidate]) -> dict[str, str]:
    """Document id -> the smallest id among those it shares keys with, directly or over others, in order of the ids.

    No document of one group counts in how another is grouped into works.
    """
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    first: dict[tuple[str, str], str] = {}
    for one in sorted(documents, key=lambda one: one.document_id):
        root[one.document_id] = one.document_id
        for key in (*one.keys, *((reason, key) for _, reason, key in one.learned)):
            met, own = find(first.setdefault(key, one.document_id)), find(one.document_id)
            root[max(met, own)] = min(met, own)
    return {name: find(name) for name in root}


def work_id(root_document_id: str) -> str:
    """`W` and 16 hexadecimal digits of the SHA-256 of the id of the work's first document."""
    return "W" + sha256(root_document_id.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Event:
    """A document appears, or it is learned under which other keys it goes."""

    day: date
    is_learned: bool
    document_id: str
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Link:
    to: str
    reason: str
    similarity: float
    on: date | None


class _Forest:
    """Documents as they appear, each with at most one link."""

    def __init__(self, documents: Iterable[Candidate], apart: Iterable[tuple[str, str]]) -> None:
        ordered = sorted(documents, key=lambda one: (one.available_on or date.max, one.document_id))
        self.documents = {one.document_id: one for one in ordered}
        self.place = {one.document_id: place for place, one in enumerate(ordered)}
        self.links: dict[str, _Link] = {}
        self.members = {one.document_id: [one.document_id] for one in ordered}
        self.holders: dict[tuple[str, str], list[str]] = {}
        self.comparisons = Comparisons()
        self.apart: dict[str, set[str]] = {}
        for one, other in apart:
            self.apart.setdefault(one, set()).add(other)
            self.apart.setdefault(other, set()).add(one)

    def events(self) -> list[_Event]:
        """In order of day; on one day documents appear before anything more is learned of them."""
        found = [_Event(one.available_on or date.max, False, one.document_id, one.keys) for one in self.documents.values()]
        for one in self.documents.values():
            if one.available_on is not None:
                found += [_Event(max(day, one.available_on), True, one.document_id, ((reason, key),)) for day, reason, key in one.learned]
        return sorted(found, key=lambda event: (event.day, event.is_learned, event.document_id, event.keys))

    def take(self, event: _Event) -> None:
        """Link the document of the event, then let it be found under its keys."""
        day = None if event.day == date.max else event.day
        self._tie(event, day)
        if not event.is_learned and event.document_id not in self.links:
            self._resemble(self.documents[event.document_id], event.keys, day)
        for key in event.keys:
            held = self.holders.setdefault(key, [])
            if len(held) < _CROWD and event.document_id not in held:
                held.append(event.document_id)

    def rows(self) -> list[Membership]:
        """The memberships as they stand."""
        found = []
        for name in self.documents:
            link = self.links.get(name)
            columns = (link.to, link.reason, link.similarity, link.on) if link else (None, "first", None, None)
            found.append(Membership(name, work_id(self._root(name)), *columns))
        return found

    def _root(self, name: str) -> str:
        while (link := self.links.get(name)) is not None:
            name = link.to
        return name

    def _tie(self, event: _Event, day: date | None) -> None:
        """Link by identifiers: first the document itself, then whole works that it shows to be one."""
        name = event.document_id
        for reason, holder in self._named_alike(event):
            roots = sorted((self._root(name), self._root(holder)), key=self.place.__getitem__)
            if roots[0] == roots[1] or not self._may_join(*roots):
                continue
            if roots[1] == name or day is not None:  # an undated document joins a work and ties none together: it is outside every as-of
                self._link(roots[1], _Link(holder if self._root(holder) == roots[0] else name, reason, 1.0, day))

    def _named_alike(self, event: _Event) -> Iterator[tuple[str, str]]:
        document = self.documents[event.document_id]
        for reason in IDENTIFIERS:
            for key in sorted(key for key in event.keys if key[0] == reason):
                held = self.holders.get(key, ())
                if reason in ("family", "application") or not self._is_borrowed(document, held):
                    yield from ((reason, other) for other in held)

    def _is_borrowed(self, document: Candidate, held: Iterable[str]) -> bool:
        return any(self.comparisons.is_borrowed(document, self.documents[other]) for other in held)

    def _may_join(self, root: str, other: str) -> bool:
        if not self.apart:
            return True
        members = set(self.members[other])
        return not any(self.apart.get(name, set()) & members for name in self.members[root])

    def _link(self, name: str, link: _Link) -> None:
        root = self._root(link.to)
        self.links[name] = link
        self.members[root] += self.members.pop(name)

    def _resemble(self, document: Candidate, found: Sequence[tuple[str, str]], day: date | None) -> None:
        """Link the document to the one it resembles most, for the strongest reason that holds."""
        met: dict[str, set[str]] = {}
        for key in found:
            met.setdefault(key[0], set()).update(self.holders.get(key, ()))
        for reason in ("exact", "title", "near", "headline"):
            best: tuple[float, int, str] | None = None
            for name in met.get(reason, ()):
                similarity = self.comparisons.similarity(document, self.documents[name], reason)
                rank = (similarity, -self.place[name], name)
                if similarity > 0 and (best is None or rank > best) and self._may_join(self._root(name), document.document_id):
                    best = rank
            if best is not None:
                self._link(document.document_id, _Link(best[2], reason, best[0], day))
                return
