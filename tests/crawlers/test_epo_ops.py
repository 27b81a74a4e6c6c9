"""Signing in, searches that are too large, quotas and the traffic light, over loopback and by themselves; and the traps of the records."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.landing import read_body
from crawlers.parsers.epo_ops_record import application_key
from crawlers.reading import parse
from crawlers.records import Document, Parsed, Window
from crawlers.run import crawl
from crawlers.sources import load_sources
from crawlers.spiders.epo_ops import EpoOpsSpider
from crawlers.spiders.epo_ops_searches import PAGE, REACHABLE, Search, spacing_seconds

BASE = "/3.2/rest-services"
SEARCH = f"{BASE}/published-data/search/biblio,abstract"
SIGN_IN = "/3.2/auth/accesstoken"
WEEK = Window(date(2026, 1, 5), date(2026, 1, 11))
NO_HITS = b'<fault xmlns="http://ops.epo.org"><code>SERVER.EntityNotFound</code><message>No results found</message></fault>'
DEAD_TOKEN = b"<error><code>400</code><message>invalid_access_token</message></error>"
QUOTA = b"<error><code>403</code><message>violation of Fair Use policy</message></error>"
GOLDEN = (Path(__file__).parent / "fixtures" / "epo_ops-search" / "input.xml").read_bytes()


def page(first: int, last: int, total: int, numbers: Any = None) -> bytes:
    described = "".join(
        f'<exchange-document country="EP" doc-number="{number}" kind="A1"><bibliographic-data>'
        '<invention-title lang="en">T</invention-title></bibliographic-data></exchange-document>'
        for number in (numbers or range(first, last + 1))
    )
    return f"""<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org">
    <ops:biblio-search total-result-count="{total}"><ops:range begin="{first}" end="{last}"/>
    <ops:search-result><exchange-documents>{described}</exchange-documents></ops:search-result>
    </ops:biblio-search></ops:world-patent-data>""".encode()


def token(value: str) -> bytes:
    return b'{"access_token": "%s", "expires_in": "1199", "token_type": "BearerToken"}' % value.encode()


def gather(server: Any, root: Path, *queries: str, window: Window = WEEK) -> Any:
    source = replace(load_sources({"epo_ops": f"{server.url}{BASE}"})["epo_ops"], queries=queries)
    return crawl(source, window, root, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True)


def asked(server: Any) -> list[tuple[str, str]]:
    """(query, Range) of every search asked for."""
    arguments = (parse_qs(urlsplit(one.target).query) for one in server.asked if one.target.startswith(SEARCH))
    return [(one["q"][0], one["Range"][0]) for one in arguments]


def test_a_token_and_a_key_that_the_server_repeats_are_masked(
    tmp_path: Path, scripted_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPO_OPS_KEY", "c0nsumer:s3cret-of-it")
    server = scripted_server()
    server.on(SIGN_IN, token("t0ken-one"))
    said = b" ".join((b"t0ken-one", b"s3cret-of-it", b"c0nsumer", b64encode(b"c0nsumer:s3cret-of-it")))
    server.on(SEARCH, page(1, 2, 2) + b"<!-- %s -->" % said)
    report = gather(server, tmp_path, "cl=H01M")
    assert report.complete, report.problems
    (body,) = (read_body(tmp_path, one) for one in report.captures)
    assert body.endswith(b"<!-- [key] [key] [key] [key] -->")


def test_a_dead_token_is_renewed_once_and_no_secret_is_kept(
    tmp_path: Path, scripted_server: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPO_OPS_KEY", "k3y:s3cret")
    server = scripted_server()
    server.on(SIGN_IN, token("t0ken-one"), token("t0ken-two"))
    server.in_order(SEARCH, page(1, 100, 150), reply(DEAD_TOKEN, 400), page(101, 150, 150))
    report = gather(server, tmp_path, "cl=H01M")
    assert (report.complete, report.problems, report.behind) == (True, (), ())
    assert [len(parse("epo_ops", read_body(tmp_path, one)).documents) for one in report.captures] == [100, 50]
    sign_ins = [one for one in server.asked if one.target == SIGN_IN]
    assert [(one.method, one.body) for one in sign_ins] == [("POST", b"grant_type=client_credentials")] * 2
    assert {one.headers["authorization"] for one in sign_ins} == {f"Basic {b64encode(b'k3y:s3cret').decode()}"}
    used = [one.headers["authorization"] for one in server.asked if one.target.startswith(SEARCH)]
    assert used == ["Bearer t0ken-one", "Bearer t0ken-one", "Bearer t0ken-two"]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*.json*")) + "".join(report.problems).encode()
    landed = b"".join(read_body(tmp_path, one) for one in report.captures)
    assert not [secret for secret in (b"t0ken", b"s3cret", b"k3y") if secret in kept + landed]


def test_a_token_that_is_refused_again_leaves_the_query_behind(
    tmp_path: Path, scripted_server: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPO_OPS_KEY", "k3y:s3cret")
    server = scripted_server()
    server.on(SIGN_IN, token("t0ken"))
    server.in_order(SEARCH, reply(DEAD_TOKEN, 400))
    report = gather(server, tmp_path, "cl=H01M")
    assert (report.complete, report.behind, report.captures) == (False, ("cl=H01M",), ())
    assert len(asked(server)) == 2


@pytest.mark.parametrize(("key", "status"), [("k3y:s3cret", 401), ("k3y-alone", 200)])
def test_a_key_that_does_not_sign_in_is_said_without_the_key(
    tmp_path: Path, scripted_server: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, key: str, status: int
) -> None:
    monkeypatch.setenv("EPO_OPS_KEY", key)
    server = scripted_server()
    server.on(SIGN_IN, reply(b"<error><code>401</code><message>ClientId is Invalid</message></error>", status))
    report = gather(server, tmp_path, "cl=H01M")
    assert (report.complete, len(report.problems), asked(server)) == (False, 1, [])
    assert "k3y" not in report.problems[0]


def ops_holding(server: Any, hits: Callable[[str], int]) -> None:
    """Make `server` answer every search with as many publications of its own as `hits(cql)`, page by page."""
    starts: dict[str, int] = {}

    def next_reply(target: str) -> Any:
        arguments = parse_qs(urlsplit(target).query)
        if "q" not in arguments:
            return SimpleNamespace(body=b"", status=404, headers={}, delay=0.0, cut=0)
        cql, (first, last) = arguments["q"][0], map(int, arguments["Range"][0].split("-"))
        total = hits(cql)
        start = starts.setdefault(cql, len(starts) * 10_000)
        body = page(first, min(last, total), min(total, 10_000), range(start + first, start + min(last, total) + 1)) if total else NO_HITS
        return SimpleNamespace(body=body, status=200 if total else 404, headers={}, delay=0.0, cut=0)

    server.next_reply = next_reply


def test_total_capped_at_10_000_and_the_range_ceiling(tmp_path: Path, scripted_server: Any) -> None:
    """OPS says 10,000 for any more, and pages to 2,000: days are halved, then the sections are asked for apart."""

    def hits(cql: str) -> int:
        first, last = re.findall(r"\d{8}", cql)
        if "not (" in cql:
            return 0
        if "ic=" in cql:
            return 50
        return 50_000 if first <= "20260108" <= last else 120

    server = scripted_server()
    ops_holding(server, hits)
    report = gather(server, tmp_path, "cl=H01M or cl=H02S", window=Window(date(2026, 1, 5), date(2026, 1, 8)))
    assert (report.complete, report.problems) == (True, ())
    said = asked(server)
    within = '(cl=H01M or cl=H02S) and pd within "20260{}"'
    assert sorted(cql for cql, places in said if "ic=" not in cql and places == "1-100") == [
        within.format(days) for days in ("105 20260106", "105 20260108", "107 20260107", "107 20260108", "108 20260108")
    ]
    assert sorted(cql.rpartition(" and ")[2] for cql, _ in said if " and ic=" in cql) == [f"ic={one}" for one in "ABCDEFGH"]
    assert sum("not (ic=A or ic=B" in cql for cql, _ in said) == 1, "what has no code of the IPC is asked for too"
    assert {int(places.split("-")[1]) - int(places.split("-")[0]) for _, places in said} == {PAGE - 1}


def test_a_search_that_cannot_be_split_further_falls_behind_after_2000(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    ops_holding(server, lambda cql: 2500 if "ic=A" in cql or "ic=" not in cql else 0)
    report = gather(server, tmp_path, "cl=H01M", "cl=B25J", window=Window(WEEK.from_on, WEEK.from_on))
    assert report.behind == ("cl=B25J", "cl=H01M")
    assert all("2500 hits and 2000 of them" in problem for problem in report.problems if "and ic=A " in problem)
    assert max(int(places.split("-")[1]) for _, places in asked(server)) == REACHABLE


def test_search_result_order_changes_between_pages(tmp_path: Path, scripted_server: Any) -> None:
    """What came twice does no harm; that something else did not come at all is seen by the count."""
    server = scripted_server()
    server.in_order(SEARCH, page(1, 100, 102), page(101, 102, 102, [100, 101]))
    report = gather(server, tmp_path, "cl=H01M")
    assert (report.complete, report.behind) == (False, ("cl=H01M",))
    assert "102 hits and 101 of them could be had" in report.problems[0]


def test_no_hits_are_a_404_and_no_fault(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    server.in_order(SEARCH, reply(NO_HITS, 404))
    report = gather(server, tmp_path, "cl=H01M")
    assert (report.complete, report.problems, len(report.captures)) == (True, (), 1)
    assert parse("epo_ops", NO_HITS) == Parsed()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"Resource not found.", 404),
        (b"<html><body>down</body></html>", 200),
        (b"<fault><code>CLIENT.InvalidQuery</code><message>The request was invalid</message></fault>", 400),
        (b"<fault><code>429</code><message>Fair use limit exceeded</message></fault>", 200),
        (page(1, 1, 1)[:-40], 200),
        (page(1, 1, 0).replace(b'total-result-count="0"', b""), 200),
    ],
    ids=["plain 404", "web page", "bad query", "fault in 200", "cut", "no total"],
)
def test_what_is_no_search_page_leaves_the_query_behind(tmp_path: Path, scripted_server: Any, reply: Any, body: bytes, status: int) -> None:
    server = scripted_server()
    server.in_order(SEARCH, reply(body, status))
    report = gather(server, tmp_path, "cl=H01M")
    assert (report.complete, report.behind, len(report.captures)) == (False, ("cl=H01M",), 1)


def test_a_used_up_quota_closes_the_source_for_this_crawl(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    server.in_order(SEARCH, page(1, 1, 1), reply(QUOTA, 403, {"X-Rejection-Reason": "IndividualQuotaPerHour"}))
    queries = [f"cl=H0{number}" for number in range(1, 5)]
    report = gather(server, tmp_path, *queries)
    assert report.complete, "the first query is done; the others fell behind, each by itself"
    assert report.behind == tuple(queries[1:])
    assert "IndividualQuotaPerHour" in report.problems[0]
    assert len(asked(server)) == 2


@pytest.mark.parametrize(
    ("said", "retry_after", "seconds"),
    [
        ("idle (images=green:200, inpadoc=green:60, other=green:1000, retrieval=green:200, search=green:30)", "", 2.0),
        ("busy (images=green:100, search=yellow:15)", "", 8.0),
        ("overloaded (images=green:50, search=red:5)", "", 48.0),
        ("overloaded (images=green:50, search=black:0)", "", 60.0),
        ("overloaded (images=green:50, search=black:0)", "90000", 90.0),
        ("overloaded (images=red:1)", "", 0.0),
        ("", "5", 0.0),
    ],
)
def test_the_traffic_light_sets_the_pace(said: str, retry_after: str, seconds: float) -> None:
    assert spacing_seconds(said, retry_after) == pytest.approx(seconds)


def test_a_red_light_holds_the_host() -> None:
    held: list[tuple[str, float]] = []
    pauses = SimpleNamespace(hold=lambda host, seconds: held.append((host, seconds)))
    spider = SimpleNamespace(source=load_sources()["epo_ops"], pauses=pauses)
    for light in (b"idle (search=green:30)", b"overloaded (search=red:5)"):
        EpoOpsSpider._slow_down(spider, SimpleNamespace(headers={"X-Throttling-Control": light}, url="https://ops.epo.org/3.2/x"))  # type: ignore[arg-type]
    assert held == [("ops.epo.org", 48.0)]


def test_no_search_has_more_terms_than_ops_takes() -> None:
    for query in load_sources()["epo_ops"].queries:
        for one in (whole := Search(query, date(2026, 1, 1), date(2026, 1, 1)), *whole.parts()):
            assert max(one.cql.count("cl="), one.cql.count("ic=")) <= 10
            assert one.cql.count("=") + 2 <= 20


def golden() -> dict[str, Document]:
    return {one.source_id: one for one in parse("epo_ops", GOLDEN).documents}


def test_english_is_preferred_and_every_language_kept() -> None:
    first, chinese = golden()["EP4900001A1"], golden()["CN121000002A"]
    assert (first.title, first.lang) == ("SOLID ELECTROLYTE OF Li3N", "en")
    assert set(first.extras["titles"]) == {"de", "fr", "en"}
    assert set(first.extras["abstracts"]) == {"fr", "en"}
    assert (chinese.title, chinese.extras["abstract_lang"]) == ("Sodium ion battery", "zh")
    assert chinese.extras["titles"]["zh"] == "一种钠离子电池"


def test_a_publication_without_title_is_still_one() -> None:
    """Like JP2005533465A."""
    one = golden()["JP2026500003A"]
    assert (one.title, one.abstract, one.lang, one.identifiers["family"]) == ("", "", None, "docdb:90000003")


def test_docdb_epodoc_and_original_numbers_are_told_apart() -> None:
    assert golden()["EP4900001A1"].extras["numbers"] == {
        "publication": {"docdb": "EP.4900001.A1", "epodoc": "EP4900001"},
        "application": {"docdb": "EP.24190001.A", "epodoc": "EP20240190001", "original": "24190001"},
    }


def test_a1_and_b2_are_two_publications_of_one_application_and_one_family() -> None:
    first, second = golden()["EP4900001A1"], golden()["EP4900001B2"]
    assert first.identifiers == second.identifiers == {"family": "docdb:90000001", "application": "docdb:EP.24190001.A"}
    assert (first.published_on, second.published_on) == (date(2026, 1, 7), date(2026, 1, 28))


def test_correction_kinds_say_what_they_correct() -> None:
    assert golden()["EP4900001A9"].extras["relations"] == [{"relation": "corrects", "publication": "EP4900001A", "on": "2026-01-21"}]
    assert "relations" not in golden()["EP4900001B2"].extras


def test_the_inpadoc_family_is_not_the_simple_one() -> None:
    (member,) = parse("epo_ops", (Path(__file__).parent / "fixtures" / "epo_ops-family" / "input.xml").read_bytes()).documents
    assert (member.extras["inpadoc_family"], member.identifiers["family"]) == ("WO.2026000007.A1", "docdb:90000007")


@pytest.mark.parametrize(
    ("docdb", "key"),
    [
        ("US.202418700004.A", "US18700004"),
        ("US.96425907.A", "docdb:US.96425907.A"),
        ("US.2008086599.W", "docdb:US.2008086599.W"),
        ("EP.24190001.A", "docdb:EP.24190001.A"),
        ("..", ""),
        ("", ""),
    ],
)
def test_an_application_of_the_us_office_is_named_as_it_names_it(docdb: str, key: str) -> None:
    assert application_key(docdb) == key


def test_an_answer_too_large_to_be_read_in_time_is_refused() -> None:
    member = b'<exchange-document country="EP" doc-number="1" kind="A1"/>'
    many = b"<exchange-documents>%s</exchange-documents>"
    assert [one.reason for one in parse("epo_ops", many % (member * 10_001)).rejects] == ["too_large"]
    assert [one.reason for one in parse("epo_ops", many % (b"<a/>" * 300_001)).rejects] == ["too_large"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_single_element_is_read_like_a_list(count: int) -> None:
    people = '<inventor data-format="original"><inventor-name><name>Kim, {}, </name></inventor-name></inventor>'
    codes = "<classification-ipcr><text>H01M  10/    {}            A I  </text></classification-ipcr>"
    body = f"""<exchange-documents><exchange-document country="KR" doc-number="20260000009" kind="A"><bibliographic-data>
    <classifications-ipcr>{"".join(codes.format(one) for one in ("05", "36")[:count])}</classifications-ipcr>
    <parties><inventors>{"".join(people.format(one) for one in ("A", "B")[:count])}</inventors></parties>
    </bibliographic-data></exchange-document></exchange-documents>"""
    (one,) = parse("epo_ops", body.encode()).documents
    assert [actor.name for actor in one.actors] == ["Kim, A", "Kim, B"][:count]
    assert [code.code for code in one.codes] == ["H01M10/05", "H01M10/36"][:count]


@pytest.mark.parametrize(
    "number", ["EP.1.A1", "EP.1.A2", "EP.1.A3", "EP.1.B1", "EP.1.B2", "CN.1.C", "CN.1.U", "JP.1.A", "KR.1.B1", "WO.1.A1"]
)
def test_every_kind_of_publication_is_a_document_of_its_own(number: str) -> None:
    country, digits, kind = number.split(".")
    (one,) = parse("epo_ops", f'<exchange-document country="{country}" doc-number="{digits}" kind="{kind}"/>'.encode()).documents
    assert (one.source_id, one.extras["kind_code"]) == (number.replace(".", ""), kind)
