"""R7: robots.txt by RFC 9309, from the octets of a rule to what a crawl does with an answer, a redirect or silence."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from crawlers.middlewares.robots import RobotsMiddleware, rules_of
from crawlers.robots_rules import LIMIT_BYTES, product_token, read_rules
from tests.crawlers.wild import WildServer, answer, atom, crawl_apart, feeds, trickle

ALL = "User-agent: *\n"
# (what the RFC says, the file, agent, path, allowed)
STATED: list[tuple[str, str, str, str, bool]] = [
    ("no file, no rules", "", "foobot", "/x", True),
    ("2.2.1 a named group alone counts", "User-agent: *\nDisallow: /\nUser-agent: foobot\nDisallow: /y\n", "foobot", "/x", True),
    ("2.2.1 a named group without rules allows all", "User-agent: *\nDisallow: /\n\nUser-agent: foobot\n", "foobot", "/x", True),
    ("2.2.1 else the groups for all", "User-agent: *\nDisallow: /\nUser-agent: foobot\nDisallow: /y\n", "barbot", "/x", False),
    ("2.2.1 no group, no rules", "User-agent: foobot\nDisallow: /\n", "barbot", "/x", True),
    ("2.2.1 names are compared without case", "User-agent: FooBot\nDisallow: /\n", "foobot", "/x", False),
    ("2.2.1 names are compared whole", "User-agent: foo\nDisallow: /\n", "foobot", "/x", True),
    ("2.2.1 a version is no part of the name", "User-agent: foobot/1.2 (x)\nDisallow: /\n", "foobot", "/x", False),
    ("2.2.1 a second word is no part of the name", "User-agent: foobot news\nDisallow: /\n", "foobot", "/x", False),
    ("2.2.1 groups of one name are merged", "User-agent: a\nDisallow: /x\n\nUser-agent: a\nDisallow: /y\n", "a", "/y", False),
    ("2.2.1 several names share a group", "User-agent: a\nUser-agent: b\nDisallow: /x\n", "a", "/x", False),
    ("2.2.1 a name after a rule begins a group", "User-agent: a\nDisallow: /x\nUser-agent: b\nDisallow: /y\n", "a", "/y", True),
    ("2.2.1 groups for all are merged too", "User-agent: *\nDisallow: /x\n\nUser-agent: *\nDisallow: /y\n", "a", "/x", False),
    ("2.2.4 other records end no group", "User-agent: a\nSitemap: https://s.example\nUser-agent: b\nDisallow: /x\n", "a", "/x", False),
    ("2.2.4 nor does a crawl delay", "User-agent: a\nCrawl-delay: 10\nUser-agent: b\nDisallow: /x\n", "a", "/x", False),
    ("2.2 rules before any name do not count", "Disallow: /\nUser-agent: b\nDisallow: /y\n", "b", "/x", True),
    ("2.2 blank lines end nothing", "User-agent: a\n\n\nDisallow: /x\n", "a", "/x", False),
    ("2.2.2 the most octets win", ALL + "Allow: /x/page\nDisallow: /x\n", "a", "/x/page", True),
    ("2.2.2 whatever the order", ALL + "Disallow: /x/page.gif\nAllow: /x/\n", "a", "/x/page.gif", False),
    ("2.2.2 in a tie allow wins", ALL + "Disallow: /x\nAllow: /x\n", "a", "/x", True),
    ("2.2.2 an empty rule matches nothing", ALL + "Disallow:\n", "a", "/x", True),
    ("2.2.2 paths have a case", ALL + "Disallow: /X\n", "a", "/x", True),
    ("2.2.2 names of records have none", "uSeR-aGeNt: *\ndIsAlLoW: /x\n", "a", "/x", False),
    ("2.2.2 robots.txt is always allowed", ALL + "Disallow: /\n", "a", "/robots.txt", True),
    ("2.2.2 the query belongs to the path", ALL + "Disallow: /x?a=1\n", "a", "/x?a=12", False),
    ("2.2.2 a bare question mark too", ALL + "Disallow: /x?\n", "a", "/x", True),
    ("2.2.2 letters and their octets", ALL + "Disallow: /ツ\n", "a", "/%E3%83%84", False),
    ("2.2.2 octets in either case", ALL + "Disallow: /%e3%83%84\n", "a", "/ツ", False),
    ("2.2.2 encoded unreserved letters", ALL + "Disallow: /%62%61%7A\n", "a", "/baz", False),
    ("2.2.2 and the other way round", ALL + "Disallow: /baz\n", "a", "/%62%61%7A", False),
    ("2.2.2 a reserved letter stays itself", ALL + "Disallow: /a/b\n", "a", "/a%2Fb", True),
    ("2.2.2 an address in a query", ALL + "Disallow: /x?u=https://foo.bar\n", "a", "/x?u=https%3A%2F%2Ffoo.bar", False),
    ("2.2.3 a star stands for anything", ALL + "Disallow: /*.gif\n", "a", "/x/y.gif?z", False),
    ("2.2.3 or for nothing", ALL + "Disallow: /x*y\n", "a", "/xy", False),
    ("2.2.3 first and last", ALL + "Disallow: *.gif*\n", "a", "/x.gif", False),
    ("2.2.3 a dollar sign is the end", ALL + "Disallow: /*.gif$\n", "a", "/x.gif?z", True),
    ("2.2.3 and matches there", ALL + "Disallow: /*.gif$\n", "a", "/x.gif", False),
    ("2.2.3 parts must not overlap", ALL + "Disallow: /ab*ba$\n", "a", "/aba", True),
    ("2.2.3 elsewhere it is a letter", ALL + "Disallow: /a$b\n", "a", "/a$b", False),
    ("2.2.3 a true star is encoded", ALL + "Disallow: /%2A\n", "a", "/*", False),
    ("2.2.3 and is no other letter", ALL + "Disallow: /%2A\n", "a", "/b", True),
    ("2.2.3 a true dollar sign is encoded", ALL + "Disallow: /x%24\n", "a", "/x$", False),
    ("2.2.3 behind a hash stands a comment", ALL + "Disallow: /x # why\n#Disallow: /y\n", "a", "/y", True),
    ("2.2 lines end with CR alone", "User-agent: *\rDisallow: /x\r", "a", "/x", False),
    ("2.2 or with CR LF", "User-agent: *\r\nDisallow: /x\r\n", "a", "/x", False),
    ("2.2 a form feed ends no line", ALL + "Disallow: /\x0cx\n", "a", "/y", True),
    ("2.2 spaces around", " User-agent :  * \n\tDisallow :\t/x \n", "a", "/x", False),
    ("Google: a missing colon", "user-agent a\ndisallow /x\n", "a", "/x", False),
    ("Google: a misspelt record", ALL + "Dissallow: /x\n", "a", "/x", False),
    ("Google: an allowed page allows its folder", ALL + "Allow: /x/index.html\nDisallow: /\n", "a", "/x/", True),
]


@pytest.mark.parametrize(("body", "agent", "path", "is_allowed"), [one[1:] for one in STATED], ids=[one[0] for one in STATED])
def test_stated_decisions(body: str, agent: str, path: str, is_allowed: bool) -> None:
    assert read_rules(body.encode(), agent).allows(f"https://example.org{path}") is is_allowed


def test_protego_is_wrong_on_some_of_them_so_that_we_need_our_own() -> None:
    wrong = [said for said, body, agent, path, allowed in STATED if Protego.parse(body).can_fetch(f"https://e.org{path}", agent) != allowed]
    assert len(wrong) >= 5, wrong


@pytest.mark.parametrize(
    ("status", "body", "is_allowed"),
    [
        (200, b"User-agent: *\nDisallow: /private\n", True),
        (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", False),
        (200, b"<!DOCTYPE html><html><body>hello</body></html>", True),
        (200, b"User-agent: *\nDisallow: /\n" + b"\xff\xfe\x00" * 50, False),
        (200, b"#" * (600 * 1024) + b"\nUser-agent: *\nDisallow: /\n", True),
        (200, b"User-agent: *\nDisallow: /\n" + b"#" * (600 * 1024), False),
        (200, b"User-agent: *\n" + b"#" * (LIMIT_BYTES - 26) + b"\nDisallow: /p\n", True),  # cut behind "/"
        (204, b"", True),
        (404, b"User-agent: *\nDisallow: /\n", True),
        (401, b"", True),
        (403, b"", True),
        (410, b"", True),
        (429, b"", False),
        (500, b"", False),
        (503, b"User-agent: *\nAllow: /\n", False),
        (599, b"", False),
    ],
)
def test_answers_as_rfc_9309_reads_them(status: int, body: bytes, is_allowed: bool) -> None:
    assert rules_of(status, body, "observatory").allows("https://example.org/oai") is is_allowed


def test_the_name_we_go_by() -> None:
    assert product_token("FutureIndustryObservatory/0.1 (a@b.example)") == "futureindustryobservatory"


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=300), path=st.text(max_size=30))
def test_noise_never_raises(body: bytes, path: str) -> None:
    assert read_rules(b"User-agent: *\nDisallow: " + body, "a").allows("https://example.org/" + path.replace("[", "")) in {True, False}


def test_many_stars_take_no_time() -> None:
    rules = read_rules(ALL.encode() + b"Disallow: /" + b"*a" * 8000 + b"$\n", "a")
    assert rules.allows("https://example.org/" + "a" * 7999 + "b" * 9000)


@pytest.fixture
def server() -> Iterator[Any]:
    servers: list[WildServer] = []

    def make(host: str = "127.0.0.1") -> WildServer:
        servers.append(WildServer(host))
        servers[-1].on("/feed", atom("1"))
        return servers[-1]

    yield make
    for one in servers:
        one.stop()


FORBID = b"User-agent: observatory\nDisallow: /feed\n"


def redirected(server: WildServer, hops: int, target: str) -> None:
    steps = ["/robots.txt", *(f"/hop{number}" for number in range(1, hops)), target]
    for here, there in pairwise(steps):
        server.on(here, answer(b"", 302, {"Location": there}))


def test_what_a_crawl_does_with_each_answer(tmp_path: Path, server: Any) -> None:
    made = {
        name: server()
        for name in ("missing", "down", "silent", "five", "six", "abroad", "loop", "private", "page", "huge", "limited", "twice")
    }
    other = server("127.0.0.2")
    other.on("/rules", FORBID)
    made["missing"].on("/robots.txt", answer(FORBID, 404))
    made["down"].on("/robots.txt", answer(b"", 503, {"Retry-After": "0"}))
    made["limited"].on("/robots.txt", answer(b"", 429, {"Retry-After": "0"}))
    made["silent"].on("/robots.txt", trickle(b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n", b"#", 0.2))
    for name, hops in (("five", 5), ("six", 6)):
        redirected(made[name], hops, "/rules")
        made[name].on("/rules", FORBID)
    redirected(made["abroad"], 1, f"{other.url}/rules")
    redirected(made["loop"], 1, "/robots.txt")
    redirected(made["private"], 1, "http://127.0.0.3:9/robots.txt")
    made["page"].on("/robots.txt", b"<html><body>Disallow: /</body></html>")
    made["huge"].on("/robots.txt", b"#" * (600 * 1024) + b"\n" + FORBID)
    made["twice"].on("/robots.txt", b"User-agent: *\nAllow: /\n")
    made["twice"].on("/again", atom("2"))
    addresses = [f"{one.url}/feed" for one in made.values()] + [f"{made['twice'].url}/again"]
    crawl_apart(feeds(*addresses), tmp_path, allow_hosts=("127.0.0.1", "127.0.0.2"), changes={"DOWNLOAD_TIMEOUT": 1})
    asked = {name for name, one in made.items() if one.times("/feed")}
    assert asked == {"missing", "six", "loop", "page", "huge", "twice"}
    assert len(made["five"].times("/rules")) == 1
    assert made["six"].times("/rules") == []
    assert len(made["twice"].times("/robots.txt")) == 1, "one fetch an origin"
    assert len(made["twice"].times("/again")) == 1


def test_rules_are_kept_for_a_day_and_then_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = [], [0.0]

    async def download_async(request: Request) -> Response:
        asked.append(request.url)
        return Response(request.url, body=b"")

    settings = Settings({"ROBOTSTXT_OBEY": True, "USER_AGENT": "observatory/1"})
    middleware = RobotsMiddleware(SimpleNamespace(settings=settings, engine=SimpleNamespace(download_async=download_async)))
    monkeypatch.setattr("crawlers.middlewares.robots.time.monotonic", lambda: now[0])

    async def ask_over_days() -> None:
        for hours in (0, 1, 23, 25, 26):
            now[0] = hours * 3600.0
            await middleware.process_request(Request("https://example.org/x"))
        await middleware.process_request(Request("http://example.org/x"))

    asyncio.run(ask_over_days())
    assert asked == ["https://example.org/robots.txt"] * 2 + ["http://example.org/robots.txt"]


# wire/robots: where we and Protego decide differently, and why
_VALUE = "Protego knows an agent only by the whole value of the line, with version and further words"
_DOLLAR = "Protego takes a final dollar sign for the end and, at once, for a letter"
_DELAY = "Protego ends a group at a crawl delay, RFC 9309 (2.2.4) does not"
EXPLAINED = {
    "many-user-agents.txt": _VALUE,
    "odd_en.wikivoyage.org.robots.txt": _VALUE,
    "odd_simple.wikipedia.org.robots.txt": _VALUE,
    "odd_www.betterhealth.vic.gov.au.robots.txt": _DELAY,
    "rfc9309-example-simple-robots.txt": _DOLLAR,
    "site_docs.google.com.robots.txt": _DOLLAR,
    "site_groups.google.com.robots.txt": _DOLLAR,
    "site_maps.google.com.robots.txt": _DOLLAR,
    "site_www.bbc.co.uk.robots.txt": _DOLLAR,
    "site_www.elsevier.com.robots.txt": _VALUE,
    "site_www.nature.com.robots.txt": _DOLLAR,
    "site_www.niaaa.nih.gov.robots.txt": _DOLLAR,
    "site_www.nichd.nih.gov.robots.txt": _DOLLAR,
    "site_www.nih.gov.robots.txt": _DOLLAR,
    "site_www.theguardian.com.robots.txt": _DOLLAR,
    "site_www.wiley.com.robots.txt": _VALUE,
}
_AGENT_LINE = re.compile(r"(?im)^\s*user-agent\s*:\s*([a-z_-]+)")
_RULE_LINE = re.compile(r"(?im)^\s*(?:dis)?allow\s*:\s*([^#\r\n]+?)\s*$")


@pytest.mark.real
def test_recorded_files_are_read_as_protego_reads_them_but_for_the_explained(shared: Path) -> None:
    files = sorted((shared / "wire" / "robots").glob("*.txt"))
    assert len(files) == 64
    differing = set()
    decisions = 0
    for file in files:
        body = file.read_bytes()
        text = body.decode("utf-8-sig", "ignore")
        theirs = Protego.parse(text)
        agents = ["observatory", *sorted({one.lower() for one in _AGENT_LINE.findall(text)})[:40]]
        patterns = ["/", "/x", "/index.html", *sorted(set(_RULE_LINE.findall(text)))[:200]]
        paths = {path for one in patterns for path in (one.replace("*", "x").rstrip("$"), one.replace("*", "") + "z")}
        for agent in agents:
            ours = read_rules(body, agent)
            for path in sorted(paths):
                decisions += 1
                url = f"https://example.org/{path.removeprefix('/')}"
                if ours.allows(url) != theirs.can_fetch(url, agent):
                    differing.add(file.name)
    assert differing == set(EXPLAINED)
    assert decisions > 40_000


@pytest.mark.real
def test_a_page_instead_of_the_file_forbids_nothing(shared: Path) -> None:
    pages = [one for one in sorted((shared / "wire" / "robots").glob("odd_*")) if b"<html" in one.read_bytes()[:2000].lower()]
    assert len(pages) >= 10
    for page in pages:
        assert rules_of(200, page.read_bytes(), "observatory").allows("https://example.org/anything"), page.name
