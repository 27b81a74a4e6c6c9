"""The traps of the USPTO's weekly files, by their names in the list of sources, and the walk over both products."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import Document, Window
from crawlers.run import crawl
from crawlers.sources import Feed, load_sources

FIXTURES = Path(__file__).parent / "fixtures"
WINDOW = Window(date(2024, 3, 1), date(2024, 3, 31))
OWNER = "<addressbook><orgname>Nordic Cells AB</orgname><address><country>SE</country></address></addressbook>"
PERSON = "<addressbook><last-name>Berg</last-name><first-name>Siv</first-name><address><country>SE</country></address></addressbook>"
OLD_PARTIES = f'<parties><applicants><applicant app-type="applicant-inventor">{PERSON}</applicant></applicants></parties>'
NEW_PARTIES = f"<us-parties><inventors><inventor>{PERSON}</inventor></inventors></us-parties>"
CODES = "<section>H</section><class>01</class><subclass>M</subclass><main-group>10</main-group><subgroup>0562</subgroup>"
IPC = f"<classifications-ipcr><classification-ipcr>{CODES}</classification-ipcr></classifications-ipcr>"
CPC = f"<classifications-cpc><main-cpc><classification-cpc>{CODES}</classification-cpc></main-cpc></classifications-cpc>"


def grant(
    number: str = "09999901", kind: str = "B2", *, dtd: str = "v4.5 2014-04-03", parties: str = NEW_PARTIES, more: str = "", rest: str = ""
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-{dtd.replace(" ", "-")}.dtd" [ ]>
<us-patent-grant lang="EN" dtd-version="{dtd}" country="US"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>{kind}</kind><date>20240305</date></document-id>
</publication-reference><application-reference appl-type="utility"><document-id><country>US</country><doc-number>17000001</doc-number>
</document-id></application-reference>{more}<invention-title>A cell</invention-title>{parties}
<assignees><assignee>{OWNER}</assignee></assignees></us-bibliographic-data-grant>{rest}</us-patent-grant>
""".encode()


def only(body: bytes) -> Document:
    (document,) = parse("uspto_xml", body).documents
    return document


@pytest.mark.parametrize(
    ("number", "kind", "known_as"),
    [
        ("08930553", "B2", "US8930553B2"),
        ("D0800123", "S1", "USD800123S1"),
        ("PP034567", "P2", "USPP34567P2"),
        ("RE049123", "E1", "USRE49123E1"),
        ("H0002300", "H1", "USH2300H1"),
        ("12600001", "B1", "US12600001B1"),
    ],
)
def test_zero_padding_and_design_plant_and_reissue_numbers(number: str, kind: str, known_as: str) -> None:
    """The identity keeps the number as the file writes it; the address is the one people read it under."""
    one = only(grant(number, kind))
    assert one.source_id == f"US{number}{kind}"
    assert one.url == f"https://patents.google.com/patent/{known_as}/en"


def test_nested_claims_are_counted_once() -> None:
    claims = """<claims><claim num="1"><claim-text>1. A cell, <claim-text>having
    <claim-text>a lid.</claim-text></claim-text></claim-text></claim>
    <claim num="2"><claim-text>2. The cell of <claim-ref idref="1">claim 1</claim-ref>.</claim-text></claim></claims>"""
    assert only(grant(rest=claims)).extras["claims_count"] == 2


def test_tables_stay_out_of_title_and_abstract() -> None:
    table = '<table frame="none"><tgroup cols="1"><tbody><row><entry>42</entry></row></tbody></tgroup></table>'
    one = only(grant(rest=f"<abstract><p>A dry cell.</p></abstract><description><p>Text<tables>{table}</tables></p></description>"))
    assert (one.title, one.abstract) == ("A cell", "A dry cell.")


@pytest.mark.parametrize(
    ("dtd", "parties", "codes"),
    [
        ("v4.0 2004-12-02", OLD_PARTIES, ""),
        ("v4.1 2005-08-25", OLD_PARTIES, IPC),
        ("v4.2 2006-08-23", OLD_PARTIES, IPC),
        ("v4.3 2012-12-04", NEW_PARTIES, IPC),
        ("v4.4 2013-05-16", NEW_PARTIES, IPC + CPC),
        ("v4.5 2014-04-03", NEW_PARTIES, IPC + CPC),
        ("v4.6 2021-08-30", NEW_PARTIES, IPC + CPC),
        ("v4.7 2022-02-17", NEW_PARTIES, IPC + CPC),
    ],
)
def test_red_book_4_0_to_4_7(dtd: str, parties: str, codes: str) -> None:
    one = only(grant(dtd=dtd, parties=parties, more=codes))
    assert [(actor.role, actor.name, actor.country) for actor in one.actors] == [
        ("inventor", "Siv Berg", "SE"),
        ("assignee", "Nordic Cells AB", "SE"),
    ]
    assert [(code.scheme, code.code) for code in one.codes] == [
        (scheme, "H01M10/0562") for scheme, said in (("cpc", CPC), ("ipc", IPC)) if said in codes
    ]


@pytest.mark.parametrize(
    ("case", "source_id"),
    [("application_2001", "US20010009901A1"), ("sgml", "US06999901B1"), ("greenbook", "US03999901A")],
    ids=["PAP 2001", "SGML", "green book"],
)
def test_the_older_generations_are_read(case: str, source_id: str) -> None:
    body = next((FIXTURES / f"uspto_xml-{case}").glob("input.*")).read_bytes()
    first = parse("uspto_xml", body).documents[0]
    assert (first.source_id, bool(first.title), first.published_on is not None) == (source_id, True, True)


def test_pct_application_numbers_with_slashes_stay_whole() -> None:
    filed = """<pct-or-regional-filing-data><document-id><country>WO</country><doc-number>PCT/SE2022/050123</doc-number>
    <date>20220204</date></document-id></pct-or-regional-filing-data>"""
    one = only(grant(more=filed))
    assert one.extras["pct_application"] == "PCT/SE2022/050123"
    assert one.identifiers == {"application": "US17000001"}


def test_a_week_is_many_documents_glued_together() -> None:
    numbers = ["09999901", "09999902", "09999903"]
    assert [one.source_id for one in parse("uspto_xml", b"".join(map(grant, numbers))).documents] == [f"US{one}B2" for one in numbers]


def listing(server: Any, product: str, *names: str) -> bytes:
    files = [
        {
            "fileName": name,
            "fileDataFromDate": "2024-03-05",
            "fileDataToDate": "2024-03-05",
            "fileDownloadURI": f"{server.url}/{product}/{name}",
        }
        for name in names
    ]
    return json.dumps({"count": 1, "bulkDataProductBag": [{"productFileBag": {"fileDataBag": files}}]}).encode()


def zipped(name: str, body: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, body)
    return buffer.getvalue()


def test_grants_and_applications_are_two_parts_of_one_crawl(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.in_order("/products/PTGRXML", listing(server, "PTGRXML", "ipg240305.zip"))
    server.in_order("/products/APPXML", listing(server, "APPXML", "ipa240307.zip", "gone.zip"))
    server.on("/PTGRXML/ipg240305.zip", zipped("ipg240305.xml", grant() + grant("09999902")))
    server.on("/APPXML/ipa240307.zip", zipped("ipa240307.xml", grant("20240077001", "A1").replace(b"-grant", b"-application")))
    feeds = tuple(Feed(name, f"{server.url}/products/{product}") for name, product in (("grants", "PTGRXML"), ("applications", "APPXML")))
    source = replace(load_sources()["uspto_xml"], endpoint=f"{server.url}/products", feeds=feeds)
    report = crawl(source, WINDOW, tmp_path, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True)
    assert (report.complete, report.behind) == (True, ("applications",)), "one file of one product is missing, so that product fell behind"
    found = [one.source_id for capture in report.captures for one in parse("uspto_xml", read_body(tmp_path, capture)).documents]
    assert sorted(found) == ["US09999901B2", "US09999902B2", "US20240077001A1"]

    later = Window(WINDOW.from_on, WINDOW.to_on + timedelta(days=1))
    server.asked.clear()
    again = crawl(source, later, tmp_path, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True)
    assert again.behind == ("applications",)
    assert [one.target for one in server.asked if one.target.endswith(".zip")] == ["/APPXML/gone.zip"], "a file already held is left alone"

    server.asked.clear()
    server.on("/APPXML/gone.zip", zipped("ipa240306.xml", grant("20240077002", "A1").replace(b"-grant", b"-application")))
    since = {"applications": WINDOW.from_on - timedelta(days=1)}
    healed = crawl(source, later, tmp_path, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True, since=since)
    assert healed.behind == ()
    asked = {one.target for one in server.asked if one.target.endswith(".zip")}
    assert asked == {"/APPXML/ipa240307.zip", "/APPXML/gone.zip"}, "a part that fell behind is asked for everything again"
