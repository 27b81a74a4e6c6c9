"""Which changes come first, and how a change is said in a sentence. Pure: the same data gives the same words."""

from __future__ import annotations

from collections.abc import Sequence

from flows.reports.language import ENGLISH, Language, marked
from flows.reports.records import Change, Evidence, Finding, Standing

FINDING_COUNT = 5
EVIDENCE_PER_CLAIM = 3
# Two of a track are enough on the first page while other tracks have something to say.
_PER_TRACK = 2
# A part that moved less than this many points of 100 explains nothing.
_NOTABLE_POINTS = 0.05
# What a change of a component means in the world: (when it went up, when it went down). Others are named without a gloss.
_MEANING = {
    "vitality": (
        marked("its works became fresher than those of the others"),
        marked("its works aged compared with those of the others"),
    ),
    "freshness": (
        marked("more of its works are of the last months, by more independent teams"),
        marked("fewer of its works are of the last months"),
    ),
    "code_growth": (marked("the fields it stands in grew"), marked("the fields it stands in grew less")),
    "field_momentum": (marked("newcomers entered its field faster"), marked("fewer newcomers entered its field")),
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


def tell(change: Change, evidence: Sequence[Evidence], *, has_past: bool, language: Language = ENGLISH) -> Finding:
    """A change with its two sentences and its documents. `has_past` False = there is nothing to compare with."""
    return Finding(change, say_change(change, has_past, language), say_reason(change, language), tuple(evidence[:EVIDENCE_PER_CLAIM]))


def say_change(change: Change, has_past: bool, language: Language = ENGLISH) -> str:
    """What happened to the technology's place or stage, as the rest of a sentence that begins with its name."""
    now, before = change.now, change.before
    if before is None:
        if has_past:
            return language.say("enters the ranking at place %(rank)s.", rank=now.rank)
        return language.say("stands at place %(rank)s.", rank=now.rank)
    stages = {"old": language.term(before.stage), "new": language.term(now.stage)}
    places = {"former": before.rank, "rank": now.rank}
    stage = language.say(" and moves from %(old)s to %(new)s", **stages) if change.is_stage_new else ""
    if change.places == 0:
        told = language.say("keeps place %(rank)s", **places)
    elif not change.is_clear:
        told = language.say(
            "stands at place %(rank)s (%(former)s before; the 80 %% intervals overlap, so it may be chance)",
            **places,
        )
    else:
        stage = language.say(", and moves from %(old)s to %(new)s", **stages) if change.is_stage_new else ""
        if change.places > 0:
            told = language.say("rises from place %(former)s to %(rank)s, beyond both 80 %% intervals", **places)
        else:
            told = language.say("falls from place %(former)s to %(rank)s, beyond both 80 %% intervals", **places)
    new_works = language.ngettext(", with %(count)s new work", ", with %(count)s new works", change.new_works)
    gained = new_works % {"count": change.new_works} if change.new_works > 0 else ""
    return told + stage + gained + language.say(".")


def say_reason(change: Change, language: Language = ENGLISH) -> str:
    """The additive parts behind the score, and what each part gained or lost since the as-of compared with."""
    now, before = change.now, change.before
    if before is None:
        parts = sorted((part for part in now.parts if part.points >= _NOTABLE_POINTS), key=lambda part: (-part.points, part.component))
        named = " + ".join(f"{language.term(part.component)} {part.points:.1f}" for part in parts)
        if not named:
            return language.say("Its score is %(score)s.", score=f"{now.score:.1f}")
        return language.say("Its score of %(score)s is %(parts)s points.", score=f"{now.score:.1f}", parts=named)
    scores = {"former": f"{before.score:.1f}", "score": f"{now.score:.1f}", "change": signed(now.score - before.score)}
    moved = [entry for entry in change.part_changes() if abs(entry[2] - entry[1]) >= _NOTABLE_POINTS]
    if not moved and change.places:
        return language.say("Score %(former)s → %(score)s (%(change)s); its parts did not move, others overtook or fell back.", **scores)
    if not moved:
        return language.say("Score %(former)s → %(score)s (%(change)s); its parts did not move.", **scores)
    parts_moved = language.say("; ").join(_say_part(*entry, language) for entry in moved)
    return language.say("Score %(former)s → %(score)s (%(change)s): %(parts)s.", **scores, parts=parts_moved)


def say_headline(findings: Sequence[Finding], language: Language = ENGLISH) -> str:
    """The first finding in one line without a full stop: what an index, a feed and the subject of a mail show of an edition."""
    if not findings:
        return language.say("nothing to rank yet")
    return language.say("%(name)s %(what)s", name=language.name_of(findings[0].change.now), what=findings[0].what.rstrip(".。"))


def component_name(component: str) -> str:
    """`field_momentum` as a reader sees it: `field momentum`."""
    return ENGLISH.term(component)


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


def _say_part(component: str, before: float, now: float, language: Language) -> str:
    meaning = _MEANING.get(component)
    told = {"part": language.term(component), "change": signed(now - before), "points": f"{now:.1f}"}
    if meaning is None:
        return language.say("%(part)s %(change)s to %(points)s points", **told)
    gloss = language.say(meaning[0] if now > before else meaning[1])
    return language.say("%(meaning)s — %(part)s %(change)s to %(points)s points", meaning=gloss, **told)


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
