"""One record out of a response, in every format the sources have, and no other touched."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.landing import list_windows, open_window, read_body, read_manifest
from crawlers.reading import parse
from crawlers.records import Window
from crawlers.takedown import is_taken_down, take_down, without_records

URL = "https://example.org/records"
CASES = sorted((Path(__file__).parent / "fixtures").iterdir())
CUT_OFF = frozenset({"gdelt-articles"})
"""Responses that end in mid-record: nothing can be cut out of them, so that they are emptied."""


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def written(body: bytes) -> str:
    """What a person can read in a response."""
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return bare("".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist()))
    return bare(body.decode("utf-8", "replace"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_document_can_be_cut_out_alone(case: Path) -> None:
    source, body = case.name.partition("-")[0], next(case.glob("input.*")).read_bytes()
    held = parse(source, body, URL).documents
    emptied = 0
    for document in held:
        others = [one for one in held if one.document_id != document.document_id]
        fresh, is_cut = without_records(source, body, URL, {}, [document.document_id])
        assert fresh is not None
        if not is_cut:
            emptied += 1
            continue
        assert list(parse(source, fresh, URL).documents) == others if others else fresh == b""
        if len(document.abstract) > 40:
            assert bare(document.abstract)[:40] not in written(fresh)
    assert emptied == (len(held) if case.name in CUT_OFF else 0)


def test_nothing_is_written_where_the_document_is_not() -> None:
    case = next(one for one in CASES if one.name == "feeds-rss")
    assert without_records("feeds", next(case.glob("input.*")).read_bytes(), URL, {}, ["feeds:none"]) == (None, True)


def test_the_landing_loses_the_text_keeps_the_window_and_takes_no_old_bytes_again(tmp_path: Path) -> None:
    case = next(one for one in CASES if one.name == "feeds-rss")
    body, now, window = (
        next(case.glob("input.*")).read_bytes(),
        datetime(2024, 1, 2, tzinfo=UTC),
        Window(date(2024, 1, 1), date(2024, 1, 1)),
    )
    held = parse("feeds", body, URL).documents
    gone = held[0]

    def crawl(content: bytes, url: str = URL) -> None:
        opened = open_window(tmp_path, "feeds", window, now)
        opened.land((0,), url, 200, {}, content, now)
        opened.close(complete=True)

    crawl(body)
    open_window(tmp_path, "feeds", Window(date(2024, 1, 2), date(2024, 1, 2)), now).land((0,), URL, 200, {}, body, now)
    told: list[bool] = []
    take_down(tmp_path, "feeds", [gone.document_id], lambda _, is_cut: told.append(is_cut))
    crawl(body)  # delivered again with the very same bytes: known by its id, not stored
    (one,) = list_windows(tmp_path, "feeds")
    manifest = read_manifest(tmp_path, "feeds", one)
    assert manifest is not None
    assert (manifest.complete, told, len(manifest.captures)) == (True, [True], 1)
    (capture,) = manifest.captures
    assert not is_taken_down(capture)
    assert [doc.document_id for doc in parse("feeds", read_body(tmp_path, capture), URL).documents] == [doc.document_id for doc in held[1:]]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in files) == [".gz", ".json"]
    for path in files:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert bare(gone.title) not in bare(content.decode("utf-8", "replace"))


TITLE = "Slow light in cold, heavy glass"


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one", content)
    return buffer.getvalue()


@pytest.mark.parametrize("said", [TITLE, "slow LIGHT in cold heavy glass", "<i>Slow light</i> in cold, heavy glass", "10.1000/slow.1"])
@pytest.mark.parametrize("packed", [False, True])
def test_nothing_is_kept_of_a_response_that_names_it_and_could_not_be_read(said: str, packed: bool) -> None:
    body = f'{{"message": {{"items": [{{"title": "{said}'.encode()
    body = zipped(body) if packed else body
    assert without_records("crossref", body, URL, {}, ["crossref:10.1000/slow.1"], [TITLE]) == (b"", False)
    assert without_records("crossref", body, URL, {}, ["crossref:10.1000/other"], ["Fast light in hot, light glass"]) == (None, True)


def test_nothing_is_kept_of_an_archive_that_cannot_be_opened() -> None:
    week = next(one for one in CASES if one.name == "uspto_xml-week")
    body = zipped(next(week.glob("input.*")).read_bytes())
    assert without_records("uspto_xml", body, URL, {}, ["uspto_xml:none"]) == (None, True)
    assert without_records("uspto_xml", body[:-40], URL, {}, ["uspto_xml:none"]) == (b"", False)


def test_what_is_damaged_is_emptied_and_told(tmp_path: Path) -> None:
    now, window = datetime(2024, 1, 2, tzinfo=UTC), Window(date(2024, 1, 1), date(2024, 1, 1))
    opened = open_window(tmp_path, "feeds", window, now)
    for number in range(3):
        opened.land((number,), f"{URL}/{number}", 200, {}, b"<rss/>" + bytes([65 + number]) * 100, now)
    opened.close(complete=True)
    manifest = read_manifest(tmp_path, "feeds", window)
    assert manifest is not None
    damaged, lost, whole = (tmp_path / one.path for one in manifest.captures)
    damaged.write_bytes(damaged.read_bytes()[:20])
    lost.unlink()
    told: list[tuple[str, bool]] = []
    take_down(tmp_path, "feeds", ["feeds:one"], lambda one, is_cut: told.append((one.capture_id, is_cut)))
    assert told == [(manifest.captures[0].capture_id, False)]
    assert (damaged.exists(), whole.exists()) == (False, True)
    after = read_manifest(tmp_path, "feeds", window)
    assert after is not None
    assert [is_taken_down(one) for one in after.captures] == [True, False, False]
