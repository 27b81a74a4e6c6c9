"""The replayed weekly patent files: listing, zips and documents read back as they were."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest

from crawlers.parsers.uspto_xml import parse
from crawlers.replay.corpus import Record
from crawlers.replay.wire_uspto import FILES_PATH, PatentArchive
from crawlers.replay.wire_uspto_xml import publication_number

HOST = "http://127.0.0.1:1"
TODAY = date(2024, 3, 31)
TUESDAY = date(2024, 3, 12)


def patent(identifier: str, day: date, **changes: Any) -> Record:
    values: dict[str, Any] = {
        "source": "uspto",
        "kind": "patent",
        "id": identifier,
        "title": "Pump & valve <new>",
        "abstract": "A pump comprises a valve.",
        "published": day,
        "authors": ("Grace B. Hopper",),
        "assignees": ("Pumps & Co.", "Valves AG"),
        "countries": ("US", "DE"),
        "categories": ("G06F11/30", "H04B7/18504"),
        "lang": "en",
    }
    return Record(**(values | changes))


def files(archive: PatentArchive, today: date = TODAY, **dates: str) -> list[dict[str, Any]]:
    listing = json.loads(archive.listing(list(dates.items()), HOST, today).body)
    bag: list[dict[str, Any]] = listing["bulkDataProductBag"][0]["productFileBag"]["fileDataBag"]
    return bag


def test_a_patent_survives_the_wire() -> None:
    original = patent("US07568112-20090728", TUESDAY, extras={"claims": ["A pump."], "application_number": "13648029"})
    archive = PatentArchive([original])
    (entry,) = files(archive)
    answer = archive.file(entry["fileDownloadURI"].removeprefix(HOST), TODAY)
    parsed = parse(answer.body)
    (document,) = parsed.documents
    assert parsed.rejects == ()
    assert (document.source_id, document.title, document.abstract) == ("US07568112B2", original.title, original.abstract)
    assert (document.published_on, document.extras["claims_count"]) == (TUESDAY, 1)
    assert document.identifiers["application"] == "US13648029"
    assert [actor.name for actor in document.actors if actor.role == "inventor"] == ["Grace B. Hopper"]
    assert [(one.name, one.country) for one in document.actors if one.role == "assignee"] == [("Pumps & Co.", "US"), ("Valves AG", "DE")]
    assert [code.code for code in document.codes if code.scheme == "cpc"] == ["G06F11/30", "H04B7/18504"]
    assert entry["fileSize"] == len(answer.body)


def test_each_patent_stands_in_the_file_of_the_next_tuesday_and_in_no_other() -> None:
    days = [date(2024, 3, 5), date(2024, 3, 6), date(2024, 3, 12), date(2024, 3, 13)]
    archive = PatentArchive([patent(f"US1000000{place}", day) for place, day in enumerate(days)])
    found = {
        entry["fileName"]: [
            document.source_id for document in parse(archive.file(entry["fileDownloadURI"][len(HOST) :], TODAY).body).documents
        ]
        for entry in files(archive)
    }
    assert found == {
        "ipg240305.zip": ["US10000000B2"],
        "ipg240312.zip": ["US10000001B2", "US10000002B2"],
        "ipg240319.zip": ["US10000003B2"],
    }


def test_the_listing_keeps_to_its_window_and_to_today() -> None:
    archive = PatentArchive([patent(f"US1000000{day}", date(2024, 3, day)) for day in (5, 12, 19)])

    def names(**dates: str) -> list[str]:
        return [entry["fileName"] for entry in files(archive, date(2024, 3, 12), **dates)]

    assert names() == ["ipg240305.zip", "ipg240312.zip"]
    assert names(fileDataFromDate="2024-03-06") == ["ipg240312.zip"]
    assert names(fileDataFromDate="2024-03-05", fileDataToDate="2024-03-11") == ["ipg240305.zip"]
    assert names(fileDataFromDate="2024-03-13", fileDataToDate="2024-03-30") == []
    assert archive.file(f"{FILES_PATH}/2024/ipg240319.zip", date(2024, 3, 18)).status == 404
    assert archive.listing([("fileDataToDate", "soon")], HOST, TODAY).status == 400


def test_equal_weeks_give_equal_bytes_in_any_order() -> None:
    patents = [patent(f"US1000000{number}", TUESDAY) for number in range(5)]
    path = f"{FILES_PATH}/2024/ipg240312.zip"
    body = PatentArchive(patents).file(path, TODAY).body
    assert PatentArchive(reversed(patents)).file(path, TODAY).body == body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.namelist() == ["ipg240312.xml"]
        assert archive.read("ipg240312.xml").count(b"<?xml ") == 5


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("US07568112-20090728", ("US", "07568112", "B2")),
        ("US10524735", ("US", "10524735", "B2")),
        ("USD872098", ("US", "D872098", "S1")),
        ("USRE039011-20060314", ("US", "RE039011", "E1")),
        ("USPP016273-20060221", ("US", "PP016273", "P3")),
        ("US 2001/0005404 A1", ("US", "2001/0005404", "A1")),
        ("GB 190113488 A", ("GB", "190113488", "A")),
        ("EP 0259054 B9 20031217", ("EP", "0259054", "B9")),
        ("IN 1442CH2015 A", ("IN", "1442CH2015", "A")),
    ],
)
def test_publication_numbers_of_the_corpora(identifier: str, number: tuple[str, str, str]) -> None:
    assert publication_number(patent(identifier, TUESDAY)) == number


@pytest.mark.parametrize(
    ("identifier", "changes", "reason"),
    [
        ("LAR-14673-1", {}, "no patent publication number"),
        ("US10000001", {"published": None}, "no publication date"),
        ("US10000001", {"categories": ("E04B",)}, "E04B"),
    ],
)
def test_what_the_format_cannot_carry_is_refused_by_name(identifier: str, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=rf"{identifier}.*{reason}"):
        PatentArchive([patent(identifier, TUESDAY, **changes)])


def test_one_number_cannot_stand_for_two_patents() -> None:
    with pytest.raises(ValueError, match=r"US10000001.*US10000001-20240312"):
        PatentArchive([patent("US10000001-20240312", TUESDAY), patent("US10000001", date(2024, 3, 19))])
