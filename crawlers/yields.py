"""What a window yielded, against what its source yielded before: a parser that finds less than it used to must not pass for news. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from crawlers.records import Document

DOCUMENTS = "document"
_FIELDS = ("title", "abstract", "published_on", "available_on", "url", "actors", "codes", "identifiers")
LEAST_DOCUMENTS = 20  # fewer say nothing about what is usual
USUAL_SHARE = 0.9
LOST_SHARE = 0.1
LEAST_WINDOWS = 3


def count_fields(documents: Iterable[Document]) -> dict[str, int]:
    """Return how many live documents there are (under `document`) and how many of them have each field."""
    counts: Counter[str] = Counter({DOCUMENTS: 0})
    for one in documents:
        if one.state == "live":
            counts[DOCUMENTS] += 1
            counts.update(name for name in _FIELDS if getattr(one, name))
    return dict(counts)


def judge_yield(earlier: Sequence[Mapping[str, int]], now: Mapping[str, int], *, reject_count: int) -> list[str]:
    """Return one sentence for each sign that this window was not read as the source's earlier windows were.

    `earlier` holds the counts of its last windows. The signs: no document at all where every window gave many; a field that
    nearly all documents had and nearly none has now; more rejects than documents where rejects were not the rule.
    """
    known = [one for one in earlier if one.get(DOCUMENTS, 0) >= LEAST_DOCUMENTS]
    if len(known) < LEAST_WINDOWS:
        return []
    count = now.get(DOCUMENTS, 0)
    sentences = []
    if count == 0 and len(known) == len(earlier):
        sentences.append("it gave no document, and every earlier window gave many.")
    if reject_count > count and reject_count >= LEAST_DOCUMENTS:
        sentences.append(f"{reject_count} of its records could not be read, and only {count} could.")
    total = sum(one[DOCUMENTS] for one in known)
    for name in _FIELDS:
        share = sum(one.get(name, 0) for one in known) / total
        if count >= LEAST_DOCUMENTS and share >= USUAL_SHARE and now.get(name, 0) <= LOST_SHARE * count:
            sentences.append(f"{now.get(name, 0)} of {count} documents have {_IN_WORDS[name]}, and {share:.0%} had.")
    return sentences


_IN_WORDS = {
    "title": "a title",
    "abstract": "an abstract",
    "published_on": "a publication date",
    "available_on": "a day of availability",
    "url": "an address",
    "actors": "people or organisations",
    "codes": "classification codes",
    "identifiers": "identifiers",
}
