"""Whole crawls of PubMed, bioRxiv and arXiv by the real spiders over loopback, against invented servers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import CrawlReport, Window
from crawlers.run import crawl
from crawlers.sources import Source, load_sources
from crawlers.spiders.pubmed import Span, term_of

WINDOW = Window(date(2024, 3, 1), date(2024, 3, 2))
AGENT = "observatory/0.1 (+mailto:crawl@example.org)"


def source(name: str, address: str, *queries: str) -> Source:
    return replace(load_sources({name: address})[name], queries=queries)


def gather(one: Source, root: Path, window: Window = WINDOW) -> CrawlReport:
    return crawl(one, window, root, user_agent=AGENT, allow_hosts=("127.0.0.1",), fast=True)


def found(report: CrawlReport, root: Path) -> list[str]:
    return [one.source_id for capture in report.captures for one in parse(report.source, read_body(root, capture)).documents]


# PubMed


def search(query: str, span: Span) -> str:
    asked = {"db": "pubmed", "retmode": "xml", "tool": "observatory", "term": term_of(query, span), "retmax": "9999"}
    return f"/e/esearch.fcgi?{urlencode(asked, safe=',')}"


def fetch(ids: Sequence[int]) -> str:
    return f"/e/efetch.fcgi?db=pubmed&retmode=xml&tool=observatory&id={','.join(map(str, ids))}"


def id_list(ids: Sequence[int], count: int | None = None) -> bytes:
    listed = "".join(f"<Id>{one}</Id>" for one in ids)
    return f"<eSearchResult><Count>{count or len(ids)}</Count><IdList>{listed}</IdList></eSearchResult>".encode()


def articles(ids: Sequence[int]) -> bytes:
    made = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{one}</PMID><Article><ArticleTitle>T{one}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        for one in ids
    )
    return f"<PubmedArticleSet>{made}</PubmedArticleSet>".encode()


def test_pubmed_gives_every_listed_record_by_batches_and_a_missing_one_at_the_second_asking(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    ids = range(1, 451)
    server.on(search("q", Span(0, WINDOW.from_on, WINDOW.to_on)), id_list(list(reversed(ids))))
    server.on(fetch(ids[:200]), articles(ids[:199]))
    server.on(fetch([200]), articles([200]))
    server.on(fetch(ids[200:400]), articles(ids[200:400]))
    server.on(fetch(ids[400:]), articles(ids[400:]))
    report = gather(source("pubmed", f"{server.url}/e", "q"), tmp_path)
    assert (report.complete, report.problems, report.behind) == (True, (), ())
    assert sorted(map(int, found(report, tmp_path))) == list(ids)


def test_pubmed_splits_days_and_then_ids_where_a_search_counts_more_than_it_lists(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    first, second = Span(0, WINDOW.from_on, WINDOW.from_on), Span(0, WINDOW.to_on, WINDOW.to_on)
    low, high = first.cut()
    assert (low.highest + 1, high.highest) == (high.lowest, first.highest)
    server.on(search("q", Span(0, WINDOW.from_on, WINDOW.to_on)), id_list(range(9999), count=10_003))
    server.on(search("q", first), id_list(range(9999), count=10_000))
    server.on(search("q", low), id_list([1]))
    server.on(search("q", high), id_list([90_000_000]))
    server.on(search("q", second), id_list([2]))
    for one in (1, 2, 90_000_000):
        server.on(fetch([one]), articles([one]))
    report = gather(source("pubmed", f"{server.url}/e", "q"), tmp_path)
    assert (report.complete, report.problems) == (True, ())
    assert found(report, tmp_path) == ["1", "90000000", "2"]


def test_pubmed_says_what_went_wrong_inside_an_answer_of_200(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    whole = [Span(number, WINDOW.from_on, WINDOW.to_on) for number in range(5)]
    server.on(search("good", whole[0]), id_list([7]))
    server.on(search("failing", whole[1]), b"<eSearchResult><ERROR>Search Backend failed</ERROR></eSearchResult>")
    server.on(
        search("a[nofield]", whole[2]),
        b"<eSearchResult><Count>0</Count><IdList/><ErrorList><FieldNotFound>nofield</FieldNotFound></ErrorList></eSearchResult>",
    )
    server.on(search("short", whole[3]), id_list([8], count=2))
    server.on(search("lost", whole[4]), id_list([9]))
    server.on(fetch([7]), articles([7]))
    server.on(fetch([8]), b"<eFetchResult><ERROR>Empty result - nothing to do</ERROR></eFetchResult>")
    server.on(fetch([9]), articles([]))
    report = gather(source("pubmed", f"{server.url}/e", "good", "failing", "a[nofield]", "short", "lost"), tmp_path)
    assert report.behind == ("a[nofield]", "failing", "lost", "short")
    assert found(report, tmp_path) == ["7"]
    told = " ".join(report.problems)
    for words in ("Search Backend failed", "no field nofield", "lists 1 of 2", "Empty result", "1 listed records do not come"):
        assert words in told


# bioRxiv


def rows(*numbers: int, total: str, kind: str = "details") -> bytes:
    prefix = "preprint_" if kind == "pubs" else ""
    made = [
        {f"{prefix}doi": f"10.64898/2024.03.01.{one:06}", f"{prefix}title": f"T{one}", f"{prefix}date": "2024-03-01"} for one in numbers
    ]
    return json.dumps({"messages": [{"status": "ok", "count": len(made), "total": total}], "collection": made}).encode()


def preprints(kind: str, cursor: int, name: str = "biorxiv") -> str:
    return f"/{kind}/{name}/2024-03-01/2024-03-02/{cursor}/json"


NOBODY = b'{"messages":[{"status":"no posts found"}],"collection":[]}'


def test_biorxiv_is_walked_by_the_size_its_pages_have(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on(preprints("details", 0), rows(1, 2, 3, total="7"))
    server.on(preprints("details", 3), rows(4, 5, total="7"))
    server.on(preprints("details", 5), rows(6, 7, total="7"))
    server.on(preprints("pubs", 0), rows(1, 9, total="2", kind="pubs"))
    for kind in ("details", "pubs"):
        server.on(preprints(kind, 0, "medrxiv"), NOBODY)
    report = gather(source("biorxiv", server.url, "biorxiv", "medrxiv"), tmp_path)
    assert (report.complete, report.problems, report.behind) == (True, (), ())
    assert [one[-1] for one in found(report, tmp_path)] == list("123456719")


def test_an_empty_answer_of_biorxiv_with_status_200_is_a_failure(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    answers = {"empty": b"", "nobody": NOBODY, "web_page": b"<html><body>busy</body></html>", "no_rows": rows(total="7")}
    for name, later in {**answers, "well": rows(4, 5, 6, 7, total="7")}.items():
        server.on(preprints("details", 0, name), rows(1, 2, 3, total="7"))
        server.on(preprints("details", 3, name), later)
        server.on(preprints("pubs", 0, name), NOBODY)
    report = gather(source("biorxiv", server.url, *answers, "well"), tmp_path)
    assert (report.complete, report.behind) == (True, tuple(sorted(answers)))
    assert len(found(report, tmp_path)) == 4 * 3 + 7


# arXiv's Atom API


def hits(*numbers: int, start: int, total: int) -> bytes:
    made = "".join(
        f"<entry><id>http://arxiv.org/abs/2403.{one:05}v1</id><title>T</title><published>2024-03-01T00:00:00Z</published></entry>"
        for one in numbers
    )
    return f"<feed><totalResults>{total}</totalResults><startIndex>{start}</startIndex>{made}</feed>".encode()


def slice_of(query: str, start: int, first: str = "20240301", last: str = "20240302") -> str:
    asked = {
        "search_query": f"({query}) AND submittedDate:[{first}0000 TO {last}2359]",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
        "start": start,
        "max_results": 1000,
    }
    return f"/api/query?{urlencode(asked)}"


ERROR = (
    b"<feed><totalResults>1</totalResults><startIndex>0</startIndex><entry><id>https://arxiv.org/api/errors#x</id>"
    b"<title>Error</title><summary>malformed</summary></entry></feed>"
)


def test_arxiv_is_walked_by_slices_or_halves_and_an_error_feed_is_no_hit(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on(slice_of("cat:cs.LG OR cat:cs.AI", 0), hits(1, 2, start=0, total=3))
    server.on(slice_of("cat:cs.LG OR cat:cs.AI", 2), hits(start=2, total=3), hits(3, start=2, total=3))
    server.on(slice_of("many", 0), hits(9, start=0, total=30_001))
    server.on(slice_of("many", 0, last="20240301"), hits(4, start=0, total=1))
    server.on(slice_of("many", 0, first="20240302"), hits(5, start=0, total=1))
    faults = {"bad": ERROR, "emptied": hits(start=0, total=5), "moved": hits(6, start=7, total=9), "busy": b"Rate exceeded."}
    for query, body in faults.items():
        server.on(slice_of(query, 0), body)
    report = gather(source("arxiv_api", f"{server.url}/api/query", "cat:cs.LG OR cat:cs.AI", "many", *faults), tmp_path)
    assert (report.complete, report.behind) == (True, tuple(sorted(faults)))
    told = " ".join(report.problems)
    for words in ("malformed", "stays empty at 0 of 5", "from 7 on instead of those from 0 on", "not_xml"):
        assert words in told
    assert sorted(one[-1] for one in found(report, tmp_path)) == list("1234569")


# arXiv by OAI-PMH


def oai(*records: tuple[str, str], token: str = "", error: str = "") -> bytes:
    made = "".join(
        f"<record><header><identifier>oai:arXiv.org:{one}</identifier><datestamp>{day}</datestamp></header>"
        f"<metadata><arXiv><id>{one}</id><title>T</title></arXiv></metadata></record>"
        for one, day in records
    )
    said = f'<error code="{error}">why</error>' if error else ""
    return f"<OAI-PMH>{said}<ListRecords>{made}<resumptionToken>{token}</resumptionToken></ListRecords></OAI-PMH>".encode()


def oai_first(day: str, set_name: str = "") -> str:
    span = {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": day, "until": "2024-03-02", **({"set": set_name} if set_name else {})}
    return f"/oai?{urlencode(span)}"


IDENTIFY = b"<OAI-PMH><Identify><earliestDatestamp>2024-03-02</earliestDatestamp></Identify></OAI-PMH>"


def test_arxivs_walks_outlive_their_tokens_and_a_set_that_is_refused_falls_behind_alone(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    day, next_day = "2024-03-01", "2024-03-02"
    # The token dies at midnight: the walk goes back to the last datestamp. What comes twice is harmless.
    server.on(oai_first(day, "cs:cs:LG"), oai(("1.1", day), ("1.2", next_day), token="skip1"))
    server.on("/oai?verb=ListRecords&resumptionToken=skip1", oai(error="badResumptionToken"))
    server.on(oai_first(next_day, "cs:cs:LG"), oai(("1.2", next_day), ("1.3", next_day)))
    # It dies again on the same day: that is no midnight.
    server.on(oai_first(day, "dying"), oai(("2.1", day), token="skip2"))
    server.on("/oai?verb=ListRecords&resumptionToken=skip2", oai(error="badResumptionToken"))
    # The window begins before the archive, which is badArgument and not noRecordsMatch.
    server.on("/oai?verb=Identify", IDENTIFY)
    server.on(oai_first(day, "young"), oai(error="badArgument"))
    server.on(oai_first(next_day, "young"), oai(("3.1", next_day)))
    # A day in the future or an old two-part name of a set is badArgument too, and stays it.
    for refused in (day, next_day):
        server.on(oai_first(refused, "cs:LG"), oai(error="badArgument"))
    # A token that comes back would lead round in a circle.
    server.on(oai_first(day, "circle"), oai(("4.1", day), token="skip4"))
    server.on("/oai?verb=ListRecords&resumptionToken=skip4", oai(("4.2", day), token="skip4"))
    report = gather(source("arxiv_oai", f"{server.url}/oai", "cs:cs:LG", "dying", "young", "cs:LG", "circle"), tmp_path)
    assert (report.complete, report.behind) == (True, ("circle", "cs:LG", "dying"))
    # The second answer of the dying walk has the bytes of its first and is landed once.
    assert found(report, tmp_path) == ["1.1", "1.2", "1.2", "1.3", "2.1", "3.1", "4.1", "4.2"]
    assert len(server.times(oai_first(day, "dying"))) == 2
    told = " ".join(report.problems)
    for words in ("badResumptionToken: why", "badArgument: why", "repeats an earlier resumption token"):
        assert words in told
