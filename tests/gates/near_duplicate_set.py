"""A noisy set with a known answer: real documents, retold the way sources retell them, among others that only look alike.

Everything is drawn with a seed from the private corpus; only this construction lies in the repository.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from crawlers.records import Document, Kind

HAN = re.compile("[\u3400-\u9fff]")
COPIES = (0, 0, 1, 1, 2, 3)
"""How often an original is retold: a third stand alone, as most documents do."""

AGENCIES = ("Reuters", "AP", "AFP", "Xinhua", "dpa", "Bloomberg")
CITIES = ("LONDON", "BEIJING", "NEW YORK", "BERLIN", "TOKYO", "SAN FRANCISCO")
MIRRORS = ("crossref", "europepmc", "openalex", "mirror", "wire", "outlet")
COLUMNS = (
    "Week in review: the stories you may have missed",
    "The morning briefing on science and technology news",
    "Letters to the editor",
    "每周前沿动态综述与专家点评",
)
TRAPPED = 800
"""Of the texts drawn, so many are kept for look-alikes."""


@dataclass(frozen=True, slots=True)
class Told:
    """A document and the work it truly tells of. `noises` names what was done to it; empty for an original, `trap` for a look-alike."""

    document: Document
    work: str
    noises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """One real text."""

    kind: Kind
    lang: str
    title: str
    abstract: str
    published: date


STRATA = (
    ("papers_arxiv_dev_1995_2017", "length(abstract) > 300", 1700),
    ("papers_conf_dev", "length(abstract) > 300", 600),
    ("patents_dev", "length(abstract) > 200", 900),
    ("news_en_dev", "length(abstract) > 200", 280),
    ("news_en_dev", "abstract = '' AND length(title) - length(replace(title, ' ', '')) >= 6", 500),
    ("grants_dev", "length(abstract) > 300", 200),
)
CHINESE = ("papers_bilingual_cs_2018_2023Q1", 500)


def make_set(corpus: Path, seed: int) -> list[Told]:
    """About 9,000 documents in about 5,000 works, in a shuffled order. The same seed gives the same set."""
    dice = random.Random(seed)  # noqa: S311 - a construction, no secret
    drawn = draw_originals(corpus, dice)
    dice.shuffle(drawn)
    others, originals = drawn[:TRAPPED], drawn[TRAPPED:]
    words = sorted({word for one in originals if one.lang == "en" for word in one.abstract.split()[:40]})
    told: list[Told] = []
    for number, one in enumerate(originals):
        work = f"w{number}"
        told.append(Told(document(f"o{number}", "original", one.kind, one.title, one.abstract, one.published), work, ()))
        for copy in range(dice.choice(COPIES)):
            title, abstract, noises = retell(one, words, dice)
            day = one.published + timedelta(days=dice.randint(0, 2 if one.kind == "news" else 400))
            told.append(Told(document(f"c{number}-{copy}", dice.choice(MIRRORS), one.kind, title, abstract, day), work, noises))
    told.extend(look_alikes(others, dice))
    dice.shuffle(told)
    return told


def draw_originals(corpus: Path, dice: random.Random) -> list[Original]:
    """Texts whose folded title occurs once in the whole corpus: natural doubles would make the answer wrong."""
    files = sorted({name for name, _, _ in STRATA} | {CHINESE[0]})
    seen: Counter[str] = Counter()
    for name in files:
        seen.update(folded(title) for (title,) in rows(f"SELECT title FROM '{corpus / name}.parquet'"))
    found: list[Original] = []
    for name, condition, count in STRATA:
        candidates = [
            Original(kind, "en", title, abstract, published or date(2014, 1, 1))
            for kind, title, abstract, published in rows(
                f"SELECT kind, title, abstract, published FROM '{corpus / name}.parquet' "
                f"WHERE {condition} AND coalesce(published > DATE '1990-01-01', true) ORDER BY ALL"
            )
            if seen[folded(title)] == 1
        ]
        found += dice.sample(candidates, min(count, len(candidates)))
    name, count = CHINESE
    chinese = []
    for published, extras in rows(f"SELECT published, extras FROM '{corpus / name}.parquet' ORDER BY ALL"):
        told = json.loads(extras)
        if len(told.get("abstract_zh") or "") > 100 and HAN.search(told.get("title_zh") or ""):
            kind: Kind = "news" if len(chinese) % 2 else "paper"
            chinese.append(Original(kind, "zh", told["title_zh"], told["abstract_zh"], published))
    return found + dice.sample(chinese, count)


def rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def document(name: str, source: str, kind: Kind, title: str, abstract: str, day: date) -> Document:
    return Document(source, name, kind, title, abstract, day, "day", day)


def retell(one: Original, words: Sequence[str], dice: random.Random) -> tuple[str, str, tuple[str, ...]]:
    """One to three of the noises that fit the text, each at most once, in the order in which sources add them."""
    if not one.abstract:
        title, noise = retell_title(one.title, words, dice)
        return title, "", (noise,)
    chosen = set(dice.sample(("edit", "truncate", "syndicate", "retitle", "markup"), dice.randint(1, 3)))
    title, abstract = one.title, one.abstract
    if "edit" in chosen:
        abstract = edit(abstract, dice.uniform(0.03, 0.10), words, dice)
        title = edit(title, 0.05, words, dice)
    if "truncate" in chosen:
        abstract = truncate(abstract, dice.uniform(0.4, 0.85), dice)
    if "retitle" in chosen:
        title = retitle(title, abstract, dice)
    if "syndicate" in chosen:
        title, abstract = syndicate(title, abstract, one.kind, dice)
    if "markup" in chosen:
        abstract = mark_up(abstract, dice)
    return title, abstract, tuple(sorted(chosen))


def units_of(text: str) -> tuple[list[str], str]:
    """The words of a text, or the signs of a Chinese one, and what stands between them."""
    return (list(text), "") if HAN.search(text) else (text.split(), " ")


def edit(text: str, rate: float, words: Sequence[str], dice: random.Random) -> str:
    """Delete, swap or substitute that share of the words."""
    units, between = units_of(text)
    pool = units if between == "" else words
    place, edited = 0, []
    while place < len(units):
        act = dice.choice(("delete", "swap", "substitute")) if dice.random() < rate else "keep"
        if act == "swap" and place + 1 < len(units):
            edited += [units[place + 1], units[place]]
            place += 1
        elif act == "substitute":
            edited.append(dice.choice(pool))
        elif act != "delete":
            edited.append(units[place])
        place += 1
    return between.join(edited)


def truncate(text: str, share: float, dice: random.Random) -> str:
    units, between = units_of(text)
    return between.join(units[: max(1, round(share * len(units)))]) + dice.choice(("", "...", " …", " [...]", "……"))


def retitle(title: str, abstract: str, dice: random.Random) -> str:
    """A shorter, a reworded or a wholly new title."""
    units, between = units_of(title)
    body, between_body = units_of(abstract)
    new = (
        lambda: between.join(units[: max(3, len(units) // 2)]),
        lambda: between.join(units[len(units) // 2 :] + units[: len(units) // 2]),
        lambda: between_body.join(body[: 12 if between_body else 18]),
        lambda: dice.choice(("Study: ", "Explained: ", "News: ")) + between.join(units[:-1]),
    )
    return dice.choice(new)()


def syndicate(title: str, abstract: str, kind: Kind, dice: random.Random) -> tuple[str, str]:
    if HAN.search(abstract):
        header = dice.choice(("新华社北京1月3日电（记者 王小明）", "【环球科技综合报道】", "来源：科技日报　"))
        return title, header + abstract + dice.choice(("（完）", "（责任编辑：李华）", ""))
    if kind == "news":
        agency, city = dice.choice(AGENCIES), dice.choice(CITIES)
        byline = f"By Jane Doe, {agency} Staff Writer. "
        header = dice.choice((f"{city} ({agency}) - ", f"{city}, Nov 3 ({agency}) -- ", byline, f"({agency}) "))
        rights = f" © 2020 {agency}. All rights reserved."
        footer = dice.choice(("", " Read the full story on our site.", rights, " Click here to subscribe to our newsletter."))
        return title + dice.choice(("", f" - {agency}", f" | {agency} News")), header + abstract + footer
    header = dice.choice(("Abstract: ", "ABSTRACT ", "Summary. ", "PROBLEM TO BE SOLVED: " if kind == "patent" else "Background. "))
    rights = (" © 2019 Elsevier B.V. All rights reserved.", " Published by the society under licence CC BY 4.0.")
    footer = dice.choice(("", *rights, " Comment: 12 pages, 5 figures."))
    return title, header + abstract + footer


def mark_up(text: str, dice: random.Random) -> str:
    wrapped: tuple[Callable[[str], str], ...] = (
        lambda inner: f"<p>{inner}</p>",
        lambda inner: f"<jats:p>{inner.replace(', ', ',&nbsp;')}</jats:p>",
        lambda inner: f"<div class='body'><b>{inner[:20]}</b>{inner[20:]}<br/></div>",
        lambda inner: inner.replace(" and ", " &amp;amp; ").replace("-", "&#8211;"),
    )
    return dice.choice(wrapped)(text)


def retell_title(title: str, words: Sequence[str], dice: random.Random) -> tuple[str, str]:
    """What happens to a story of which only the headline is known."""
    return dice.choice(
        (
            (title.upper(), "case"),
            (f"{title} - {dice.choice(AGENCIES)}", "syndicate"),
            (f"{dice.choice(AGENCIES)}: {title}", "syndicate"),
            (edit(title, 0.10, words, dice), "edit"),
            (title.replace(" and ", " & ").replace("'", "’"), "markup"),
        )
    )


def look_alikes(others: Sequence[Original], dice: random.Random) -> Iterator[Told]:
    """Works of their own that share a title, a part number, a boilerplate or a column. `others` stand nowhere else in the set."""
    papers = [one for one in others if one.kind == "paper" and one.lang == "en"]
    patents = [one for one in others if one.kind == "patent"]
    dice.shuffle(papers)
    dice.shuffle(patents)
    for number, (one, other) in enumerate(zip(papers[::2], papers[1::2], strict=False)):
        if number % 2:  # one title, two texts
            yield trap(f"title-{number}-a", one, one.title, one.abstract)
            yield trap(f"title-{number}-b", other, one.title, other.abstract)
        else:  # two parts of a series: the titles differ by their numbers, the texts open alike
            opening = one.abstract.split(". ")[0]
            yield trap(f"part-{number}-1", one, f"{one.title}. Part I", one.abstract)
            yield trap(f"part-{number}-2", other, f"{one.title}. Part II", f"{opening}. {other.abstract}")
    for number, (one, other) in enumerate(zip(patents[::2], patents[1::2], strict=False)):  # one attorney's words, two inventions
        boilerplate = " ".join(one.abstract.split()[:25])
        yield trap(f"boilerplate-{number}-a", one, one.title, one.abstract)
        yield trap(f"boilerplate-{number}-b", other, other.title, f"{boilerplate} {other.abstract}")
    bodies = iter(papers)
    for number, column in enumerate(COLUMNS):  # a column comes every week under one name, with a text or without
        for week in range(12):
            body = next(bodies)
            day = date(2020, 1, 6) + timedelta(days=7 * week)
            yield trap(f"column-{number}-{week}", replace(body, kind="news", published=day), column, "" if number % 2 else body.abstract)
    for show in range(40):  # one headline but for its number
        for episode in range(4):
            headline = f"Show number {show + 1} of the science podcast, episode {episode + 11}"
            one = Original("news", "en", headline, "", date(2020, 3, 1 + episode))
            yield trap(f"episode-{show}-{episode}", one, one.title, "")


def trap(name: str, one: Original, title: str, abstract: str) -> Told:
    return Told(document(name, "original", one.kind, title, abstract, one.published), f"trap-{name}", ("trap",))
