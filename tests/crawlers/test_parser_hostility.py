"""Whatever bytes arrive, a parser answers with documents and rejects of the fixed vocabulary, never with an exception."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.parsers import uspto_xml
from crawlers.reading import PARSERS, parse
from crawlers.records import Parsed
from crawlers.rejects import REASONS

FIXTURES = [
    (one.name.partition("-")[0], next(one.glob("input.*")).read_bytes()) for one in sorted((Path(__file__).parent / "fixtures").iterdir())
]
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><OAI-PMH><error code="&z;">&h;</error></OAI-PMH>""" % b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("b"), ord("i"))
)
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><item><title>a&x;b</title><guid>urn:1</guid></item></channel></rss>"""
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Checking your browser</body></html>"


def assert_decent(parsed: Parsed) -> None:
    assert all(one.reason in REASONS for one in parsed.rejects)
    assert all(one.detail and "\n" not in one.detail for one in parsed.rejects)
    for one in parsed.documents:
        assert one.source_id
        (one.title + one.abstract + one.source_id).encode()  # no lone surrogates
        assert not set(one.title) & {"\x00", "\n", "\r", "\t", "\x1b"}


# Sources that answer in XML, and those whose documents are web pages.
XML = ("arxiv_oai", "arxiv_api", "pubmed", "epo_ops", "uspto_xml", "feeds")
PAGES = ("sitemaps", "ministries", "articles", *(name for name in PARSERS if name.startswith("articles_")))


@pytest.mark.parametrize("source", PARSERS)
@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
def test_an_empty_body_is_one_reject(source: str, body: bytes) -> None:
    parsed = parse(source, body)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), ["empty_body"])


@pytest.mark.parametrize("source", [name for name in PARSERS if name not in PAGES])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_web_page_where_data_was_due_is_one_reject(source: str, mark: bytes) -> None:
    parsed = parse(source, mark + PAGE)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), ["html_page"])


@pytest.mark.parametrize("source", XML)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<?xml version="1.0"?><a>\x00</a>', "not_xml"),
        (b'<?xml version="1.0"?><a><b>cut', "truncated"),
        (b'<?xml version="1.0"?><a b="c', "truncated"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe\xfd</a>', "bad_encoding"),
        (b'<?xml version="1.0"?><menu><dish/></menu>', "unknown_format"),
        (b'<?xml version="1.0"?><a></b></a>\n\n\n\n', "not_xml"),
    ],
)
def test_a_useless_body_is_one_reject_with_its_reason(source: str, body: bytes, reason: str) -> None:
    parsed = parse(source, body)
    assert parsed.documents == ()
    assert [one.reason for one in parsed.rejects] == [reason]


@pytest.mark.parametrize("source", PARSERS)
def test_entities_are_never_expanded(source: str) -> None:
    for body in (BOMB, EXTERNAL):
        parsed = parse(source, body)
        assert_decent(parsed)
        text = repr(parsed)
        assert "aaaaaaaaaaaaaaaaaaaa" not in text
        assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in text


@pytest.mark.parametrize("source", PARSERS)
@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" * 100_000 + b"</rss>" * 100_000,
        b"<rss><channel>" + b"<item><title>" * 50_000,
        b"<rss " + b" ".join(b'a%d="x"' % number for number in range(50_000)) + b"><channel/></rss>",
    ],
    ids=["nested", "never closed", "one endless tag"],
)
def test_what_would_take_minutes_is_refused(source: str, body: bytes) -> None:
    parsed = parse(source, body)
    assert parsed.documents == ()
    if source == "feeds":  # feedparser needs more than four minutes for the last of them
        assert [one.reason for one in parsed.rejects] == ["too_large"]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spoiled_fixtures_never_raise(data: st.DataObject) -> None:
    source, body = data.draw(st.sampled_from(FIXTURES))
    spoiled = bytearray(body)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, max(0, len(spoiled) - 1)))
        length = data.draw(st.integers(0, 40))
        spoiled[start : start + length] = data.draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from([b"<", b">", b"&#0;", b"&amp;", b"]]>", b"<![CDATA[", b"\x00", b"\x1b", b"&#xD800;"]),
            )
        )
    headers = {"Content-Type": data.draw(st.sampled_from(["text/xml; charset=gb2312", "application/xml; charset=nonsense", "text/html"]))}
    assert_decent(parse(source, bytes(spoiled), "https://fixture.example.org/", headers))


@settings(max_examples=60, deadline=None)
@given(source=st.sampled_from(sorted(PARSERS)), body=st.binary(max_size=200))
def test_noise_never_raises(source: str, body: bytes) -> None:
    parsed = parse(source, body)
    assert_decent(parsed)
    assert parsed.documents or parsed.rejects


def zipped(name: str, body: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return buffer.getvalue()


WEEK = (Path(__file__).parent / "fixtures" / "uspto_xml-week" / "input.xml").read_bytes()


def test_a_zipped_week_reads_like_the_plain_one() -> None:
    assert parse("uspto_xml", zipped("ipg190305.xml", WEEK)) == parse("uspto_xml", WEEK)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (zipped("ipg190305.xml", WEEK)[:-40], "bad_archive"),
        (b"PK\x03\x04nothing", "bad_archive"),
        (zipped("readme.pdf", b"x"), "unknown_format"),
    ],
)
def test_a_broken_archive_is_one_reject(body: bytes, reason: str) -> None:
    parsed = parse("uspto_xml", body)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), [reason])


def test_an_archive_that_swells_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uspto_xml, "MAX_FILE_BYTES", 100_000)
    parsed = parse("uspto_xml", zipped("ipg190305.xml", WEEK + b"\n" * 200_000))
    assert parsed.rejects[-1].reason == "too_large"


def test_a_document_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uspto_xml, "MAX_DOCUMENT_BYTES", 10_000)
    parsed = parse("uspto_xml", WEEK + b"<?xml version='1.0'?><us-patent-grant>" + b"<x/>\n" * 10_000)
    assert len(parsed.documents) == 2
    assert parsed.rejects[-1].reason == "too_large"


def test_a_cut_feed_keeps_what_is_whole() -> None:
    body = next(body for source, body in FIXTURES if source == "feeds" and b"Atom" in body)
    whole = parse("feeds", body).documents
    cut = parse("feeds", body[: body.rindex(b"<title>") + 12])
    assert cut.documents == whole[:2]
    assert [one.reason for one in cut.rejects] == ["truncated"]
