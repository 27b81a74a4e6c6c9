"""R14: a source that changes without a word is flagged, and what could no longer be read is not published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.landing import open_window
from crawlers.records import Window
from crawlers.validators import FILE, Validator, write_validators
from flows.night import open_work
from flows.settings import Settings
from flows.sources import read_register
from flows.stages.cursors import covered_days
from flows.stages.parse import parse

FIRST = date(2024, 5, 1)
CALM_NIGHTS = 4


def page(night: int, *, rename: tuple[str, str] = ("", ""), count: int = 25) -> bytes:
    records = "".join(
        f"""<record><header><identifier>oai:arXiv.org:2405.{night:02d}{number:03d}</identifier><datestamp>{FIRST}</datestamp></header>
        <metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2405.{night:02d}{number:03d}</id><created>{FIRST}</created>
        <title>Paper {number} of night {night}</title><abstract>What it says.</abstract><categories>cs.LG</categories>
        <comments>{number} pages</comments></arXiv></metadata></record>"""
        for number in range(count)
    ).replace(f"{rename[0]}>", f"{rename[1]}>" if rename[0] else ">")
    envelope = '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    return f"{envelope}<ListRecords>{records}</ListRecords></OAI-PMH>".encode()


def load(data_dir: Path, bodies: list[bytes], **settings: object) -> tuple[list[str], int, date]:
    """One night a body: land it, parse it. Returns the last night's problems, the documents held and the cursor."""
    chosen = Settings(data_dir=data_dir, sources=("arxiv_oai",), **settings)  # type: ignore[arg-type]
    source = read_register(chosen)["arxiv_oai"]
    for number, body in enumerate(bodies):
        day = FIRST + timedelta(days=number)
        fetched_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        opened = open_window(chosen.landing, source.name, Window(day, day), fetched_at)
        opened.land((1,), "https://example.org/oai", 200, {"Content-Type": "text/xml"}, body, fetched_at)
        opened.close(True)
        with open_work(chosen, "scan", day, now=lambda: datetime(2024, 6, 1), say=lambda _: None) as run:
            parse(run, [source])
            (count,) = run.connection.execute("SELECT count(*) FROM core.documents").fetchall()[0]
            outcome = list(run.problems), int(count), covered_days(run.connection)[source.name]
    return outcome


CALM = [page(night) for night in range(CALM_NIGHTS)]
HELD = 25 * CALM_NIGHTS
LAST_CALM_DAY = FIRST + timedelta(days=CALM_NIGHTS - 1)


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        (page(9, rename=("abstract", "summary")), "0 of 25 documents have an abstract, and 100% had."),
        (page(9, rename=("title", "heading")), "25 of its records could not be read, and only 0 could."),
        (page(9, count=0), "It gave no document, and every earlier window gave many."),
    ],
    ids=["a field renamed", "the title renamed", "zero items"],
)
def test_what_is_no_longer_read_is_set_aside(tmp_path: Path, body: bytes, sign: str) -> None:
    problems, held, covered_to_on = load(tmp_path, [*CALM, body])
    assert f"arxiv_oai: {sign}" in problems
    assert any("was set aside" in problem for problem in problems)
    assert (held, covered_to_on) == (HELD, LAST_CALM_DAY), "nothing of it may be published, and the cursor must stay"


def test_what_was_set_aside_is_asked_for_again_without_conditions(tmp_path: Path) -> None:
    load(tmp_path, CALM)
    note = Validator('"v1"', "", "", str(FIRST), str(FIRST), "0" * 24)
    write_validators(tmp_path / "landing", "arxiv_oai", {"https://example.org/oai": note})
    load(tmp_path, [*CALM, page(9, count=0)])
    assert not (tmp_path / "landing" / "arxiv_oai" / FILE).exists(), "an unchanged answer would be one that nobody read"


def test_a_field_nobody_reads_is_flagged_and_the_documents_count(tmp_path: Path) -> None:
    problems, held, covered_to_on = load(tmp_path, [*CALM, page(9, rename=("comments", "remarks"))])
    assert [problem for problem in problems if "remarks" in problem] == problems
    assert len(problems) == 1
    assert (held, covered_to_on) == (HELD + 25, LAST_CALM_DAY + timedelta(days=1))


def test_a_change_may_be_accepted(tmp_path: Path) -> None:
    body = page(9, rename=("abstract", "summary"))
    load(tmp_path, [*CALM, body])
    problems, held, covered_to_on = load(tmp_path, [*CALM, body], accept_drift=("arxiv_oai",))
    assert not any("set aside" in problem for problem in problems)
    assert (held, covered_to_on) == (HELD + 25, LAST_CALM_DAY + timedelta(days=1))
