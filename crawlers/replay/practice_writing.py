"""From a plan to a record: who wrote it, where it stands, under which id."""

from __future__ import annotations

from collections import Counter

from crawlers.replay.corpus import Record
from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_people import Organisation, Person, Society
from crawlers.replay.practice_stages import StageWording
from crawlers.replay.practice_text import Writer, is_press_release
from crawlers.replay.practice_timeline import Plan
from crawlers.replay.practice_vocabulary import Technology, Vocabulary

_LICENCE = "simulated"
_FIRST_PATENT = 90000001  # numbers the real office will not reach in this century
_FIRST_APPLICATION = 27000001


class Archivist:
    """Turns plans into records. Call it in the order of days: ids and newcomers follow that order."""

    def __init__(self, vocabulary: Vocabulary, society: Society, wording: StageWording, dice: Dice) -> None:
        self._people = vocabulary.people
        self._society, self._dice = society, dice
        self._writer = Writer(vocabulary, wording, dice)
        self._issued: Counter[str] = Counter()

    def record(self, plan: Plan) -> Record:
        """One finished document, public from its day on."""
        technology = plan.leading
        organisations = self._society.organisations_for(plan.stream, plan.lang, technology)
        if plan.stream == "news":
            return self._news(plan, organisations, technology)
        authors = self._society.authors_for(organisations, self._dice.between(2, 5), technology)
        title, abstract = self._write(plan, organisations, authors[0])
        names = tuple(author.name for author in authors)
        if plan.stream == "paper":
            return self._paper(plan, title, abstract, names, organisations)
        return self._patent(plan, title, abstract, names[:3], organisations)

    def _write(self, plan: Plan, organisations: list[Organisation], person: Person) -> tuple[str, str]:
        rivals = [one for one in self._society.organisations if one.form == "company" and bool(one.name_zh) == (plan.lang == "zh")]
        rival = self._dice.pick([one for one in rivals if one not in organisations])
        return self._writer.write(plan, organisations[0], rival, person)

    def _paper(self, plan: Plan, title: str, abstract: str, authors: tuple[str, ...], organisations: list[Organisation]) -> Record:
        number = self._next(f"{plan.day:%y%m}")
        paper_id = f"practice/{plan.day:%y%m}{number:03d}"
        return Record(
            source="arxiv",
            kind="paper",
            id=f"arxiv:{paper_id}",
            title=title,
            abstract=abstract,
            published=plan.day,
            available_on=plan.day,
            url=f"https://practice.invalid/papers/{paper_id}",
            authors=authors,
            orgs=tuple(one.name for one in organisations),
            countries=_countries(organisations),
            categories=self._codes(plan, "arxiv"),
            lang=plan.lang,
            licence=_LICENCE,
            extras={"simulated": True},
        )

    def _patent(self, plan: Plan, title: str, abstract: str, inventors: tuple[str, ...], organisations: list[Organisation]) -> Record:
        place = self._next("patent")
        number = f"US{_FIRST_PATENT + place - 1}"
        claim = f"{title}, substantially as described."
        return Record(
            source="uspto",
            kind="patent",
            id=f"{number}-{plan.day:%Y%m%d}",
            title=title,
            abstract=abstract,
            published=plan.day,
            available_on=plan.day,
            url=f"https://practice.invalid/patents/{number}",
            authors=inventors,
            assignees=tuple(one.name for one in organisations),
            countries=_countries(organisations),
            categories=self._codes(plan, "cpc"),
            lang=plan.lang,
            licence=_LICENCE,
            extras={"simulated": True, "claims": [claim], "application_number": f"{_FIRST_APPLICATION + place - 1}"},
        )

    def _news(self, plan: Plan, organisations: list[Organisation], technology: Technology | None) -> Record:
        outlet = self._dice.pick([one["name"] for one in self._people["outlets"] if one["lang"] == plan.lang])
        author = self._society.journalist_for(outlet, plan.lang)
        speaker = self._society.authors_for(organisations, 1, technology)[0]
        title, abstract = self._write(plan, organisations, speaker)
        place = f"{plan.day:%Y}-{self._next(f'{outlet}{plan.day.year}'):04d}"
        sections = self._people["sections_zh" if plan.lang == "zh" else "sections"]
        by_line = organisations[0].name if is_press_release(plan) else (author.name_zh or author.name)
        return Record(
            source=outlet,
            kind="news",
            id=f"tag:practice.invalid,{plan.day:%Y}:{outlet}/{place}",
            title=title,
            abstract=abstract,
            published=plan.day,
            available_on=plan.day,
            url=f"https://practice.invalid/{outlet}/{place}",
            authors=(by_line,),
            orgs=tuple(one.name for one in organisations),
            countries=_countries(organisations),
            categories=(sections[plan.track],),
            lang=plan.lang,
            licence=_LICENCE,
            extras={"simulated": True},
        )

    def _codes(self, plan: Plan, scheme: str) -> tuple[str, ...]:
        """The codes of the technology, or two of the track's; now and then another one of the track besides."""
        usual = self._people["codes"][plan.track][scheme]
        technology = plan.leading
        own = list(technology.arxiv if scheme == "arxiv" else technology.cpc) if technology else self._dice.sample(usual, 2)
        codes = own[:1] if self._dice.chance(0.3) else own
        if self._dice.chance(0.3):
            codes = [*codes, self._dice.pick(usual)]
        return tuple(dict.fromkeys(codes))

    def _next(self, series: str) -> int:
        self._issued[series] += 1
        return self._issued[series]


def _countries(organisations: list[Organisation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.country for one in organisations))
