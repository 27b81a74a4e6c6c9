"""What makes reading an archive hard: repeated stories, new versions, continuations, withdrawn and undated documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from crawlers.replay.corpus import Record
from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_timeline import PRACTICE_TODAY

_EXACT_COPIES, _NEAR_COPIES, _REVISED, _WITHDRAWN, _CONTINUATIONS, _UNDATED = 12, 24, 20, 2, 8, 5
_SETTLED_BY = PRACTICE_TODAY - timedelta(days=400)  # so that what follows a document still lies before the last day
_TITLE_TAILS = ("", " - report", " (updated)", ", agency says")
_WITHDRAWAL = "This paper has been withdrawn by the authors."


def add_distractors(records: list[Record], ordinary_ids: set[str], outlets: list[str], dice: Dice) -> list[Record]:
    """`records` and what follows from some of them. Ids do not change; only records of `ordinary_ids` lose their date."""
    news = [record for record in records if record.kind == "news" and record.lang == "en" and _is_settled(record)]
    papers = [record for record in records if record.kind == "paper" and _is_settled(record)]
    patents = [record for record in records if record.kind == "patent" and _is_settled(record)]
    copied = dice.sample(news, _EXACT_COPIES + _NEAR_COPIES)
    copies = [_copy(story, place, outlets, dice) for place, story in enumerate(copied, start=1)]
    changed = dice.sample(papers, _REVISED + _WITHDRAWN)
    versions = [_revise(paper, dice) for paper in changed[:_REVISED]] + [_withdraw(paper, dice) for paper in changed[_REVISED:]]
    continuations = [_continue(patent, place, dice) for place, patent in enumerate(dice.sample(patents, _CONTINUATIONS), start=1)]
    background = [record for record in records if record.kind == "news" and record.id in ordinary_ids]
    without_date = {record.id for record in dice.sample(background, _UNDATED)}
    kept = [replace(record, published=None, available_on=None) if record.id in without_date else record for record in records]
    return [*kept, *copies, *versions, *continuations]


def _is_settled(record: Record) -> bool:
    return record.published is not None and record.published <= _SETTLED_BY


def _copy(story: Record, place: int, outlets: list[str], dice: Dice) -> Record:
    """The story in another outlet: word for word, or with another title and its last sentence cut."""
    outlet = dice.pick([name for name in outlets if name != story.source])
    title, abstract = story.title, story.abstract
    if place > _EXACT_COPIES:
        title += dice.pick(_TITLE_TAILS)
        sentences = abstract.split(". ")
        abstract = ". ".join(sentences[:-1]) + "." if len(sentences) > 2 else abstract
    return replace(
        story,
        source=outlet,
        id=f"tag:practice.invalid,{_day(story):%Y}:{outlet}/copy-{place:03d}",
        url=f"https://practice.invalid/{outlet}/copy-{place:03d}",
        title=title,
        abstract=abstract,
        published=_day(story) + timedelta(days=dice.between(0, 2)),
        available_on=None,
    )


def _revise(paper: Record, dice: Dice) -> Record:
    """The second version of a preprint: one sentence more."""
    more = "本版修正了若干笔误。" if paper.lang == "zh" else " This version corrects the discussion and adds a reference."
    day = _day(paper) + timedelta(days=dice.between(30, 300))
    return replace(paper, abstract=paper.abstract + more, updated=day, available_on=day)


def _withdraw(paper: Record, dice: Dice) -> Record:
    day = _day(paper) + timedelta(days=dice.between(30, 300))
    return replace(paper, updated=day, available_on=day, extras={**paper.extras, "comments": _WITHDRAWAL})


def _continue(patent: Record, place: int, dice: Dice) -> Record:
    """A continuation: the same disclosure under a later number."""
    day = _day(patent) + timedelta(weeks=dice.between(20, 50))
    number = f"{95000000 + place}"
    parent = patent.id.removeprefix("US").partition("-")[0]
    extras = {**patent.extras, "continuation_of": parent, "application_number": f"{28000000 + place}"}
    return replace(
        patent,
        id=f"US{number}-{day:%Y%m%d}",
        url=f"https://practice.invalid/patents/US{number}",
        published=day,
        available_on=None,
        extras=extras,
    )


def _day(record: Record) -> date:
    if record.published is None:
        raise ValueError(f"{record.id!r} has no date to continue from.")
    return record.published
