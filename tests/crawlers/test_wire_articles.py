"""The article parser against every saved page. The pages are private; without them this is skipped."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawlers.parsers.article_charset import decode_page
from crawlers.parsers.articles import read_article
from crawlers.reading import parse
from crawlers.records import Parsed
from tests.crawlers.article_score import f1, score

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire"
BENCHMARK_F1 = 0.97  # trafilatura 2.3.1 measures .9721 over these 60 pages, and so do we
DATES_RIGHT = 0.93  # 72 of 77
CHARSETS_RIGHT = 46  # of 50

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the saved pages do not lie beside the project"),
]

# Days that the pages show, read by eye; their indexes state none.
SHOWN_DAYS = {
    "163_1": "2019-09-07", "baijiahao_1": "2019-10-08", "cjddsb_1": "2019-09-23", "cjn_1": "2020-10-04", "cmse_1": "2012-06-24",
    "csdn_1": "2014-08-24", "ednchina_1": "2019-09-25", "gsc_1": "2019-05-18", "gzggw_1": "2016-11-22", "hexun_1": "2019-09-26",
    "huanqiu_1": "2020-06-05", "ifeng_1": "2019-11-25", "mingridapan_1": "2019-09-26", "njxfhn_1": "2019-09-11", "other_1": "2007-08-20",
    "people_1": "2019-06-15", "shanxi_1": "2019-09-18", "sina_1": "2019-11-25", "stcn_1": "2019-09-26", "sxmu_1": "2018-05-17",
    "thepaper_1": "2019-09-24", "xds_1": "2019-09-26", "xinhuanet_1": "2019-12-10", "zsnews_1": "2019-03-06", "zyyfy_1": "2019-10-31",
    "bloomberg-original": "2022-04-26", "cached-httppeoplesdailyngcomfeed": "2023-06-20",
    "cached-httpsdatatherapy": "2019-03-13", "cached-httpswebarchiveorgweb20220422": "2021-05-14",
    "cached-httpswebarchiveorgwebhttpswwwfinanz": "2016-08-04", "cached-httpswebarchiveorgwebhttpswwwlanacion": "2016-03-31",
    "cached-httpswebarchiveorgwebhttpswwwpagina12": "2021-04-29", "cached-httpswebarchiveorgwebhttpswwwthestar": "2019-08-23",
    "cached-httpswebarchiveorgwebhttptelegraf": "2019-10-11", "cached-httpswwwindiatimes": "2022-08-14",
    "cached-httpuniradio": "2022-07-26",
}  # fmt: skip
# Where our day differs from the stated one, and why. Nothing else may differ.
EXPLAINED_DAYS = {
    "baike.baidu.com.tanya": "an encyclopedia states no day of publication; the index takes its last change, we a day beside the title",
    "creativecommons.org": "the page tells no day at all",
    "galore.de.buch": "the title says 30.11., and no year stands anywhere",
    "nationalgeographic.co.uk.goats": "the index takes the day of the change, the page says it was published three days before",
    "tennismagazin.de-viertelfinale": "the page says 3 February in every place, the index the day after",
}
NO_ARTICLES = {
    "cached-httpsupstractcomxfdf95bf448e1f2a8refrss": "not_a_document",  # the front page of an aggregator
    "cached-httpswebarchiveorgweb20210412063445id_": "not_a_document",  # a form for e-mail alerts
    "cached-httpswebarchiveorgwebhttpswwwelimpulso": "not_a_document",  # all articles of one tag
    "cached-httpswwwexamplecom": "not_a_document",
    "cached-httpswwwgpogov": "not_a_document",  # drawn by a script, without a word of text
}


def pages(source: str) -> Iterator[tuple[str, Any, str, bytes]]:
    for line in (WIRE / source / "recordings.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        if facts["file"].endswith(".gz"):
            body = gzip.decompress((WIRE / source / facts["file"]).read_bytes())
            yield facts["file"].removesuffix(".gz").removesuffix(".html"), facts.get("expect") or {}, facts.get("url", ""), body


def stated_day(file: str, expect: Any) -> str:
    shown = next((day for name, day in SHOWN_DAYS.items() if file.startswith(name)), "")
    return (expect.get("date") or expect.get("publishing_date") or shown)[:10]


def bare(title: str) -> str:
    return re.sub(r"\W", "", title).lower()


def test_the_text_is_as_good_as_the_librarys_own() -> None:
    import trafilatura

    truth = json.loads((WIRE / "articles_benchmark" / "ground-truth.json").read_text(encoding="utf-8"))
    ours, theirs = [], []
    for file, _, url, body in pages("articles_benchmark"):
        true = truth[file]["articleBody"]
        ours.append(score(true, read_article("articles", body, url=url).text))
        theirs.append(score(true, trafilatura.extract(body.decode("utf-8"), include_comments=False) or ""))
    assert len(ours) == 60
    assert f1(ours) >= BENCHMARK_F1
    assert abs(f1(ours) - f1(theirs)) < 0.01


def test_dates_are_right_on_nine_of_ten_dated_pages() -> None:
    right, wrong = [], []
    for source in ("articles_fundus", "articles_trafilatura", "articles_chinese", "articles_mediacloud"):
        for file, expect, url, body in pages(source):
            day = stated_day(file, expect)
            if day:
                (one,) = parse(source, body, url).documents
                (right if str(one.published_on) == day else wrong).append(file)
    assert set(wrong) == set(EXPLAINED_DAYS)
    assert len(right) >= DATES_RIGHT * (len(right) + len(wrong))
    assert len(right) + len(wrong) == 77


def test_titles_are_the_stated_ones() -> None:
    for file, expect, url, body in pages("articles_fundus"):
        (one,) = parse("articles_fundus", body, url).documents
        assert bare(one.title) == bare(expect["title"]), file
        if file != "fr_LeMonde_2023_09_01":  # the index names the paper, its page the journalist
            assert {bare(name) for name in expect["authors"]} == {bare(actor.name) for actor in one.actors}, file
    alike = [
        bare(parse("articles_trafilatura", body, url).documents[0].title) == bare(expect["title"])
        for _, expect, url, body in pages("articles_trafilatura")
        if expect.get("title")
    ]
    assert sum(alike) >= 30, len(alike)
    within = [
        bare(parse("articles_chinese", body, url).documents[0].title) in bare(expect["html_title"])
        for _, expect, url, body in pages("articles_chinese")
    ]
    assert sum(within) >= 24, len(within)


def test_every_page_is_an_article_or_says_what_it_is_instead() -> None:
    for source in ("articles_benchmark", "articles_fundus", "articles_trafilatura", "articles_chinese", "articles_mediacloud"):
        for file, _, url, body in pages(source):
            parsed: Parsed = parse(source, body, url)
            reason = next((why for name, why in NO_ARTICLES.items() if file.startswith(name)), None)
            assert [one.reason for one in parsed.rejects] == ([reason] if reason else []), file
            for one in parsed.documents:
                assert (one.source, one.kind) == ("articles", "news"), file
                assert len(one.abstract) <= 1000, file
                assert one.title, file


def test_what_must_be_in_the_text_is_and_what_must_not_is_not() -> None:
    missing = unwanted = wanted = others = 0
    for _, expect, url, body in pages("articles_trafilatura"):
        text = read_article("articles", body, url=url).text
        wanted += len(expect.get("with", ()))
        others += len(expect.get("without", ()))
        missing += sum(piece not in text for piece in expect.get("with", ()))
        unwanted += sum(piece in text for piece in expect.get("without", ()))
    assert (missing / wanted, unwanted / others) <= (0.1, 0.1)


def true_codec(name: str) -> str | None:
    """Python's codec for a folder name of the index: "windows-1250-czech" is windows-1250; EUC-TW is in no Python."""
    name = re.sub(r"^(windows-125\d|iso-8859-\d+)-.*", r"\1", name.lower())
    return {"euc-tw": None, "ibm855": "cp855", "ibm866": "cp866", "maccyrillic": "mac-cyrillic", "tis-620": "cp874"}.get(name, name)


def test_most_character_sets_are_recognised() -> None:
    right = []
    for line in (WIRE / "charset" / "recordings.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        body, codec = (WIRE / "charset" / facts["file"]).read_bytes(), true_codec(facts["expect"]["true_encoding"])
        if codec and decode_page(body).text == body.decode(codec, errors="replace").removeprefix("\ufeff"):
            right.append(facts["file"])
    assert len(right) >= CHARSETS_RIGHT
    assert any(file.startswith("GB2312") for file in right)
