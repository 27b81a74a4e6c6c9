"""Which changes come first, and how a change is said in a sentence. Pure: the same data gives the same words."""

from __future__ import annotations

from collections.abc import Sequence

from flows.reports.records import Change, Evidence, Finding, Standing

FINDING_COUNT = 5
EVIDENCE_PER_CLAIM = 3
# Two of a track are enough on the first page while other tracks have something to say.
_PER_TRACK = 2
# A part that moved less than this many points of 100 explains nothing.
_NOTABLE_POINTS = 0.05
# What a change of a component means in the world: (when it went up, when it went down). Others are named without a gloss.
_MEANING = {
    "vitality": ("its works became fresher than those of the others", "its works aged compared with those of the others"),
    "freshness": ("more of its works are of the last months, by more independent teams", "fewer of its works are of the last months"),
    "code_growth": ("the fields it stands in grew", "the fields it stands in grew less"),
    "field_momentum": ("newcomers entered its field faster", "fewer newcomers entered its field"),
}


def choose_changes(changes: Sequence[Change], top: int = 20) -> tuple[Change, ...]:
    """The five changes most worth a decision maker's minute.

    Order: technologies new among the first `top`; moves beyond both 80 % rank intervals; new stages; then those with the most new works:
    a move that may be chance is no news, works are. Only technologies that stand, or stood, among the first `top` are considered.
    Among clear moves and new stages the larger move (in ratios of places: 4 to 2 weighs as much as 20 to 10), then the better place
    comes first.
    """
    in_view = [change for change in changes if _is_in_view(change, top)]
    has_past = any(change.before is not None for change in changes)
    ordered = sorted(in_view, key=lambda change: _weight(change, has_past))
    chosen: list[Change] = []
    for limit in (_PER_TRACK, len(ordered)):
        for change in ordered:
            same_track = sum(other.now.track == change.now.track for other in chosen)
            if len(chosen) < FINDING_COUNT and change not in chosen and same_track < limit:
                chosen.append(change)
    return tuple(chosen)


def tell(change: Change, evidence: Sequence[Evidence], *, has_past: bool) -> Finding:
    """A change with its two sentences and its documents. `has_past` False = there is nothing to compare with."""
    return Finding(change, say_change(change, has_past), say_reason(change), tuple(evidence[:EVIDENCE_PER_CLAIM]))


def say_change(change: Change, has_past: bool) -> str:
    """What happened to the technology's place or stage, as the rest of a sentence that begins with its name."""
    now, before = change.now, change.before
    if before is None:
        return f"enters the ranking at place {now.rank}." if has_past else f"stands at place {now.rank}."
    stage = f" and moves from {before.stage} to {now.stage}" if change.is_stage_new else ""
    gained = f", with {change.new_works} new work{'' if change.new_works == 1 else 's'}" if change.new_works > 0 else ""
    if change.places == 0:
        return f"keeps place {now.rank}{stage}{gained}."
    if not change.is_clear:
        return f"stands at place {now.rank} ({before.rank} before; the 80 % intervals overlap, so it may be chance){stage}{gained}."
    verb = "rises" if change.places > 0 else "falls"
    return f"{verb} from place {before.rank} to {now.rank}, beyond both 80 % intervals{',' if stage else ''}{stage}{gained}."


def say_reason(change: Change) -> str:
    """The additive parts behind the score, and what each part gained or lost since the as-of compared with."""
    now, before = change.now, change.before
    if before is None:
        parts = sorted((part for part in now.parts if part.points >= _NOTABLE_POINTS), key=lambda part: (-part.points, part.component))
        named = " + ".join(f"{component_name(part.component)} {part.points:.1f}" for part in parts)
        return f"Its score of {now.score:.1f} is {named} points." if named else f"Its score is {now.score:.1f}."
    difference = now.score - before.score
    head = f"Score {before.score:.1f} → {now.score:.1f} ({signed(difference)})"
    moved = [entry for entry in change.part_changes() if abs(entry[2] - entry[1]) >= _NOTABLE_POINTS]
    if not moved:
        held = "; its parts did not move" + (", others overtook or fell back" if change.places else "")
        return f"{head}{held}."
    return f"{head}: " + "; ".join(_say_part(*entry) for entry in moved) + "."


def say_headline(findings: Sequence[Finding]) -> str:
    """The first finding in one line without a full stop: what an index, a feed and the subject of a mail show of an edition."""
    return f"{findings[0].change.now.name} {findings[0].what.rstrip('.')}" if findings else "nothing to rank yet"


def component_name(component: str) -> str:
    """`field_momentum` as a reader sees it: `field momentum`."""
    return component.replace("_", " ")


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, a true minus, and no sign at zero."""
    rounded = round(value, digits) + 0.0
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def tie_groups(standings: Sequence[Standing]) -> tuple[tuple[Standing, ...], ...]:
    """The standings in order of rank, cut where order begins to mean something.

    A group holds those whose 80 % rank interval overlaps that of the group's first: none of them can be told apart from it.
    """
    groups: list[list[Standing]] = []
    for standing in sorted(standings, key=lambda entry: (entry.rank, entry.technology_id)):
        if groups and standing.rank_low <= groups[-1][0].rank_high:
            groups[-1].append(standing)
        else:
            groups.append([standing])
    return tuple(tuple(group) for group in groups)


def _say_part(component: str, before: float, now: float) -> str:
    meaning = _MEANING.get(component)
    gloss = f"{meaning[0] if now > before else meaning[1]} — " if meaning else ""
    return f"{gloss}{component_name(component)} {signed(now - before)} to {now:.1f} points"


def _is_in_view(change: Change, top: int) -> bool:
    return change.now.rank <= top or (change.before is not None and change.before.rank <= top)


def _weight(change: Change, has_past: bool) -> tuple[int, float, int, str]:
    """Sort key: kind of change, then its size (ratio of places, or new works, largest first), then place."""
    now, before = change.now, change.before
    if before is None:
        return (0 if has_past else 3, 0.0, now.rank, now.technology_id)
    ratio = max(now.rank, before.rank) / min(now.rank, before.rank)
    if change.is_clear:
        return (1, -ratio, now.rank, now.technology_id)
    if change.is_stage_new:
        return (2, -ratio, now.rank, now.technology_id)
    return (3, -change.new_works, now.rank, now.technology_id)
