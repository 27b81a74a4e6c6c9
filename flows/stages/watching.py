"""Watch: does a window look as its source's earlier windows did? What changed upstream must be noticed before it is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawlers.landing import Manifest
from crawlers.records import Document
from crawlers.shapes import FieldSeen, changed_fields, read_shape
from crawlers.yields import count_fields, judge_yield
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run

REMEMBERED_WINDOWS = 10
SAMPLED_BODIES = 8


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a window looked like. `changes` are sentences on its shape, `faults` on its yield: with a fault it must not be loaded."""

    shape: tuple[FieldSeen, ...]
    fields: Mapping[str, int]
    changes: tuple[str, ...]
    faults: tuple[str, ...]


def sight(run: Run, manifest: Manifest, bodies: Iterable[bytes], documents: Iterable[Document], reject_count: int) -> Sighting:
    """Compare a window with those remembered of its source."""
    shape, fields = read_shape(bodies), count_fields(documents)
    earlier = _remembered(run, manifest)
    changes = changed_fields((field for _, seen in earlier for field in seen), shape)
    # Without a response there is nothing to judge: all of the source was unchanged since the last window (304).
    is_judged = bool(manifest.captures) and manifest.source not in run.settings.accept_drift
    faults = [] if not is_judged else judge_yield([counts for counts, _ in earlier], fields, reject_count=reject_count)
    return Sighting(shape, fields, tuple(changes), tuple(faults))


def remember(run: Run, manifest: Manifest, sighting: Sighting) -> None:
    """Keep what the window looked like, and of each source only the newest windows. Must run in the window's transaction."""
    span = {"source": manifest.source, "from_on": manifest.window.from_on, "to_on": manifest.window.to_on}
    for table in ("meta.window_fields", "meta.window_shapes"):
        run.connection.execute(f"DELETE FROM {table} WHERE source = ? AND from_on = ? AND to_on = ?", list(span.values()))
    fields = [{**span, "field": field, "document_count": count} for field, count in sighting.fields.items()]
    append(run.connection, "meta.window_fields", fields, run.run_id)
    shape: list[dict[str, Any]] = [
        {**span, "path": one.path, "type": one.type, "seen_count": one.seen_count, "parent_count": one.parent_count}
        for one in sighting.shape
    ]
    append(run.connection, "meta.window_shapes", shape, run.run_id)
    for table in ("meta.window_fields", "meta.window_shapes"):
        run.connection.execute(
            f"""
            DELETE FROM {table} WHERE source = $source AND (from_on, to_on) NOT IN (
                SELECT (from_on, to_on) FROM (SELECT DISTINCT from_on, to_on FROM {table} WHERE source = $source)
                ORDER BY to_on DESC, from_on DESC LIMIT {REMEMBERED_WINDOWS})
            """,
            {"source": manifest.source},
        )


def sample(count: int) -> frozenset[int]:
    """Which of `count` captures to look at: the first, the last, and some between, always the same."""
    return frozenset(round(step * (count - 1) / max(SAMPLED_BODIES - 1, 1)) for step in range(min(count, SAMPLED_BODIES)))


def _remembered(run: Run, manifest: Manifest) -> list[tuple[dict[str, int], list[FieldSeen]]]:
    """Field counts and shape of each remembered window of the source that ended before this one does."""
    found: dict[tuple[object, object], tuple[dict[str, int], list[FieldSeen]]] = {}
    before = [manifest.source, manifest.window.to_on]
    for from_on, to_on, field, count in run.connection.execute(
        "SELECT from_on, to_on, field, document_count FROM meta.window_fields WHERE source = ? AND to_on < ? ORDER BY ALL", before
    ).fetchall():
        found.setdefault((from_on, to_on), ({}, []))[0][field] = count
    for from_on, to_on, *seen in run.connection.execute(
        "SELECT from_on, to_on, path, type, seen_count, parent_count FROM meta.window_shapes WHERE source = ? AND to_on < ? ORDER BY ALL",
        before,
    ).fetchall():
        found.setdefault((from_on, to_on), ({}, []))[1].append(FieldSeen(*seen))
    return list(found.values())
