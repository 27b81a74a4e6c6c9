"""When the documents of the practice archive appear, and which planted technologies they speak of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_vocabulary import TRACKS, Technology, Vocabulary

FIRST_DAY = date(2018, 10, 1)
PRACTICE_TODAY = date(2025, 9, 30)
QUARTERS = 28
_STREAM_SHARES = {"paper": 0.54, "patent": 0.20, "news": 0.26}
_TRACK_SHARES = {  # in the order of TRACKS; the tracks of hypes have more news, so that the hypes find room there
    "paper": (0.17, 0.19, 0.155, 0.155, 0.15, 0.18),
    "patent": (0.17, 0.19, 0.155, 0.155, 0.15, 0.18),
    "news": (0.13, 0.29, 0.12, 0.13, 0.15, 0.18),
}
_WORKS_IN_FIRST_QUARTER = 121
_GROWTH_PER_YEAR = 1.055
_BACKGROUND_AT_LEAST = 0.27  # of a quarter's works: planted ones never crowd out the ordinary ones
_CHINESE_SHARE = 0.20  # of papers and news, so that about 15 % of all documents are Chinese
_SECOND_TECHNOLOGY_SHARE = 0.12
_UNNAMED_SHARE = 0.25  # of a young field's papers, again: papers of its people on its ordinary terms alone
_TUESDAY, _SATURDAY = 1, 5

# Per kind: the weight of a quarter against the one before, and for each stream its share of the works and its lag in
# quarters behind the first appearance. Papers lead patents, patents lead news.
_MOVES = {
    "emerging": (1.15, {"paper": (0.58, 0), "patent": (0.21, 2), "news": (0.21, 3)}),
    "early industrialisation": (1.06, {"paper": (0.32, 0), "patent": (0.36, 2), "news": (0.32, 3)}),
    "mature": (1.00, {"paper": (0.50, 0), "patent": (0.29, 0), "news": (0.21, 0)}),
    "fading": (0.92, {"paper": (0.50, 0), "patent": (0.30, 0), "news": (0.20, 0)}),
    "one-organisation": (1.12, {"paper": (0.54, 0), "patent": (0.30, 1), "news": (0.16, 2)}),
    "hype": (1.10, {"news": (1.0, 0)}),
}
_BURST = 5.0  # weight of a burst quarter of a hype against a quiet one
_MAY_ACCOMPANY = ("emerging", "early industrialisation", "mature")


@dataclass(frozen=True, slots=True)
class Plan:
    """One document to be written. `technologies` are named in it, the main one first; empty = background.

    `field` is a technology whose people write a background document about the ordinary terms around it.
    """

    day: date
    quarter: int
    stream: str
    lang: str
    track: str
    technologies: tuple[Technology, ...]
    field: Technology | None = None

    @property
    def leading(self) -> Technology | None:
        """The technology the document is about, or whose field it belongs to without naming it."""
        return self.technologies[0] if self.technologies else self.field


def plan_documents(vocabulary: Vocabulary, dice: Dice) -> list[Plan]:
    """Every document of the world in the order of days."""
    planted = [
        (technology, stream, quarter) for technology in vocabulary.technologies for stream, quarter in _appearances(technology, dice)
    ]
    plans = [
        _plan(dice, quarter, stream, technology.track, (technology, *_companion(technology, vocabulary, stream, quarter, dice)))
        for technology, stream, quarter in planted
    ]
    unnamed = [entry for entry in planted if entry[0].kind == "emerging" and entry[1] == "paper" and dice.chance(_UNNAMED_SHARE)]
    plans += [replace(_plan(dice, quarter, stream, technology.track, ()), field=technology) for technology, stream, quarter in unnamed]
    for quarter in range(QUARTERS):
        total = _WORKS_IN_FIRST_QUARTER * _GROWTH_PER_YEAR ** (quarter / 4)
        for stream, share in _STREAM_SHARES.items():
            taken = Counter(one.track for one, other, when in planted + unnamed if other == stream and when == quarter)
            ordinary = round(max(total * share - taken.total(), total * share * _BACKGROUND_AT_LEAST))
            plans += [_plan(dice, quarter, stream, track, ()) for track in _fill_tracks(stream, taken, ordinary)]
    return sorted(plans, key=lambda plan: plan.day)


def quarter_of(day: date) -> int:
    """Quarters since `FIRST_DAY`."""
    return (day.year - FIRST_DAY.year) * 4 + (day.month - 1) // 3 - 3


def quarter_start(quarter: int) -> date:
    """First day of a quarter counted from `FIRST_DAY`."""
    months = FIRST_DAY.month - 1 + 3 * quarter
    return date(FIRST_DAY.year + months // 12, months % 12 + 1, 1)


def _first_quarter(technology: Technology, stream: str) -> int:
    lag = _MOVES[technology.kind][1][stream][1]
    return min(quarter_of(technology.born_on) + lag, QUARTERS - 3)


def _appearances(technology: Technology, dice: Dice) -> list[tuple[str, int]]:
    """(stream, quarter) of every work, by systematic sampling along the weights: no quarter strays far from its due."""
    ratio, streams = _MOVES[technology.kind]
    found = []
    for stream, (share, _) in streams.items():
        first = _first_quarter(technology, stream)
        weights = [ratio ** (quarter - first) for quarter in range(first, QUARTERS)]
        if technology.kind == "hype":
            weights = [weight * (_BURST if dice.chance(0.35) else 1.0) for weight in weights]
        count = round(technology.works * share)
        step, offset = sum(weights) / count, dice.uniform()
        reached, place = 0.0, 0
        for quarter, weight in enumerate(weights, start=first):
            reached += weight
            while place < count and (place + offset) * step < reached:
                found.append((stream, quarter))
                place += 1
    return found


def _companion(technology: Technology, vocabulary: Vocabulary, stream: str, quarter: int, dice: Dice) -> tuple[Technology, ...]:
    """Now and then a second technology of the same track; never beside one whose isolation is its nature."""
    if technology.kind not in _MAY_ACCOMPANY or not dice.chance(_SECOND_TECHNOLOGY_SHARE):
        return ()
    others = [
        other
        for other in vocabulary.technologies
        if other.track == technology.track
        and other is not technology
        and other.kind in _MAY_ACCOMPANY
        and _first_quarter(other, stream) < quarter
    ]
    return (dice.pick(others),) if others else ()


def _plan(dice: Dice, quarter: int, stream: str, track: str, technologies: tuple[Technology, ...]) -> Plan:
    is_chinese = stream != "patent" and dice.chance(_CHINESE_SHARE)
    return Plan(_draw_day(dice, quarter, stream), quarter, stream, "zh" if is_chinese else "en", track, technologies)


def _draw_day(dice: Dice, quarter: int, stream: str) -> date:
    start = quarter_start(quarter)
    days = [start + timedelta(days=number) for number in range((quarter_start(quarter + 1) - start).days)]
    if stream == "patent":
        days = [day for day in days if day.weekday() == _TUESDAY]
    if stream == "paper":
        days = [day for day in days if day.weekday() < _SATURDAY]
    return dice.pick(days)


def _fill_tracks(stream: str, taken: Counter[str], count: int) -> list[str]:
    """The tracks of `count` works more, each in turn that which lies furthest behind its share, so that no track rises."""
    shares = dict(zip(TRACKS, _TRACK_SHARES[stream], strict=True))
    now, found = Counter(taken), []
    for _ in range(count):
        track = min(TRACKS, key=lambda track: (now[track] + 1) / shares[track])
        now[track] += 1
        found.append(track)
    return found
