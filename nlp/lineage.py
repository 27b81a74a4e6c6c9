"""What became of the topics at a refit: which keep their identifier, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from nlp.records import LineageEvent

CONTINUED_SHARE = 0.4  # a topic goes on where its best successor holds at least this share of its documents
MOVED_SHARE = 0.5  # an unmatched topic was merged where one successor holds at least half of it
SPLIT_SHARE = 0.2  # a further successor with this share came out of it


@dataclass(frozen=True, slots=True)
class Alignment:
    """`topic_ids`: one identifier per new topic, the old one where it continues. `events`: what became of every topic."""

    topic_ids: tuple[str, ...]
    events: tuple[LineageEvent, ...]


def align(
    old_ids: Sequence[str],
    old_topics: npt.NDArray[np.int64],
    fresh_ids: Sequence[str],
    new_topics: npt.NDArray[np.int64],
) -> Alignment:
    """Match new topics with old ones on the same documents.

    `old_topics` and `new_topics`, shape (documents,), hold positions in `old_ids` and `fresh_ids` (the identifiers the
    new topics get when they do not continue an old one), or -1. Matching is the one-to-one assignment of greatest total
    share (Hungarian algorithm), where the share is that of the older topic's documents.

    Raises:
        ValueError: the two assignments differ in length.
    """
    shares = overlap_shares(old_topics, len(old_ids), new_topics, len(fresh_ids))
    pairs = _match(shares)
    topic_ids = [old_ids[pairs[new]] if new in pairs else fresh for new, fresh in enumerate(fresh_ids)]
    events = [LineageEvent("continued", old_ids[old], old_ids[old], _share(shares, old, new)) for new, old in pairs.items()]
    for new, topic_id in enumerate(topic_ids):
        if new in pairs:
            continue
        parent = int(shares[:, new].argmax()) if len(old_ids) else -1
        if parent >= 0 and shares[parent, new] >= SPLIT_SHARE:
            events.append(LineageEvent("split", old_ids[parent], topic_id, _share(shares, parent, new)))
        else:
            events.append(LineageEvent("born", None, topic_id, 0.0))
    for old, topic_id in enumerate(old_ids):
        if old in pairs.values():
            continue
        heir = int(shares[old].argmax()) if len(fresh_ids) else -1
        if heir >= 0 and shares[old, heir] >= MOVED_SHARE:
            events.append(LineageEvent("merged", topic_id, topic_ids[heir], _share(shares, old, heir)))
        else:
            events.append(LineageEvent("retired", topic_id, None, 0.0))
    return Alignment(tuple(topic_ids), tuple(sorted(events, key=_order)))


def trace(
    old_ids: Sequence[str],
    before: npt.NDArray[np.int64],
    new_ids: Sequence[str],
    after: npt.NDArray[np.int64],
    *,
    heirs: Mapping[str, str],
    parents: Mapping[str, str],
) -> tuple[LineageEvent, ...]:
    """What a refit that keeps identifiers did, with the shares of documents that went along.

    `before` and `after`, shape (documents,), hold positions in `old_ids` and `new_ids`, or -1. An older identifier among the
    new ones goes on; else it was merged into its heir, or retired. A new one came out of its parent, or was born.

    Raises:
        ValueError: the two assignments differ in length, an heir is not among the new topics, or a parent not among the old.
    """
    shares = overlap_shares(before, len(old_ids), after, len(new_ids))
    old, new = ({topic_id: place for place, topic_id in enumerate(ids)} for ids in (old_ids, new_ids))
    if not (set(heirs.values()) <= new.keys() and set(parents.values()) <= old.keys()):
        raise ValueError("an heir must be among the new topics, and a parent among the old")
    events = []
    for topic_id in old_ids:
        heir = topic_id if topic_id in new else heirs.get(topic_id)
        if heir is None:
            events.append(LineageEvent("retired", topic_id, None, 0.0))
        else:
            fate: Literal["continued", "merged"] = "continued" if heir == topic_id else "merged"
            events.append(LineageEvent(fate, topic_id, heir, _share(shares, old[topic_id], new[heir])))
    for topic_id in new_ids:
        if topic_id in parents:
            events.append(LineageEvent("split", parents[topic_id], topic_id, _share(shares, old[parents[topic_id]], new[topic_id])))
        elif topic_id not in old:
            events.append(LineageEvent("born", None, topic_id, 0.0))
    return tuple(sorted(events, key=_order))


def overlap_shares(
    old_topics: npt.NDArray[np.int64], old_count: int, new_topics: npt.NDArray[np.int64], new_count: int
) -> npt.NDArray[np.float64]:
    """Share of each old topic's documents that each new topic holds, shape (old_count, new_count); rows sum to at most 1."""
    if old_topics.shape != new_topics.shape:
        raise ValueError(f"{len(old_topics)} documents before and {len(new_topics)} after cannot be compared")
    counts = np.zeros((old_count, new_count))
    both = (old_topics >= 0) & (new_topics >= 0)
    np.add.at(counts, (old_topics[both], new_topics[both]), 1.0)
    sizes = np.bincount(old_topics[old_topics >= 0], minlength=old_count).astype(float)
    return np.asarray(counts / np.maximum(sizes, 1.0)[:, None])


def _match(shares: npt.NDArray[np.float64]) -> dict[int, int]:
    """New topic -> old topic, for pairs that go on."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-shares)
    return {
        int(new): int(old)
        for old, new in sorted(zip(rows, columns, strict=True), key=lambda pair: int(pair[1]))
        if shares[old, new] >= CONTINUED_SHARE
    }


def _share(shares: npt.NDArray[np.float64], old: int, new: int) -> float:
    return round(float(shares[old, new]), 6)


def _order(event: LineageEvent) -> tuple[str, str, str]:
    return (event.event, event.from_topic_id or "", event.to_topic_id or "")
