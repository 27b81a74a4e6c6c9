"""R9: a key is seen by the host it was given for, and by nobody and nothing else, however the server behaves."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.middlewares.keys import KeyMiddleware
from crawlers.sources import load_sources
from tests.crawlers.wild import WildServer, answer, crawl_apart

KEY = "s3cr3t-Key+Of/24=Letters"
ENDPOINT = "https://api.example.org/v1/things"


def middleware(key: str = KEY, header: str = "X-API-KEY") -> KeyMiddleware:
    secrets = (key,) if key else ()
    source = SimpleNamespace(endpoint=ENDPOINT)
    spider = SimpleNamespace(secrets=lambda: secrets, key_header=header, key_value=lambda: key, source=source)
    return KeyMiddleware(SimpleNamespace(spider=spider))


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("https://api.example.org/v1/other", True),
        ("https://api.example.org:443/", True),
        ("https://API.example.org/", True),
        ("http://api.example.org/v1/things", False),
        ("https://api.example.org:8443/", False),
        ("https://example.org/", False),
        ("https://www.api.example.org/", False),
        ("https://api.example.org.evil.example/", False),
        ("https://evil.example/?https://api.example.org/", False),
        ("http://api.example.org:443/", False),
    ],
)
@pytest.mark.parametrize("header", ["X-API-KEY", "Authorization"])
def test_the_key_goes_to_its_own_origin_only(url: str, is_own: bool, header: str) -> None:
    request = Request(url, headers={header: "left over from an earlier hop"})
    middleware(header=header).process_request(request)
    assert request.headers.get(header) == (KEY.encode() if is_own else None)


def test_after_a_redirect_elsewhere_nothing_the_spider_said_is_said_again() -> None:
    headers = {
        "Authorization": "Bearer t",
        "X-ELS-APIKey": "t",
        "Cookie": "t",
        "Accept": "text/xml",
        "User-Agent": "o",
        "If-None-Match": '"e"',
    }
    request = Request("https://store.example/x", headers=headers, meta={"redirect_urls": [ENDPOINT]})
    middleware().process_request(request)
    assert set(request.headers) == {b"Accept", b"User-Agent", b"If-None-Match"}
    back = Request(ENDPOINT, headers=headers, meta={"redirect_urls": [ENDPOINT, "https://store.example/x"]})
    middleware().process_request(back)
    assert b"X-Api-Key" not in back.headers, "another host decides what is asked here, so it is asked without the key"


def test_a_body_is_not_sent_on_to_another_origin() -> None:
    for url in ("https://store.example/x", "http://api.example.org/v1/things"):
        with pytest.raises(IgnoreRequest):
            middleware().process_request(Request(url, method="POST", body=b"client_secret=t", meta={"redirect_urls": [ENDPOINT]}))
    middleware().process_request(Request(f"{ENDPOINT}/", method="POST", body=b"q", meta={"redirect_urls": [ENDPOINT]}))


def test_a_key_that_the_server_repeats_is_masked() -> None:
    told = Response(ENDPOINT, headers={"Location": f"/login?k={KEY}", "ETag": "e"}, body=f'{{"error": "{KEY} is wrong"}}'.encode())
    masked = middleware().process_response(Request(ENDPOINT), told)
    assert KEY.encode() not in masked.body + masked.headers.to_string()
    assert masked.headers["ETag"] == b"e"
    untouched = Response(ENDPOINT, body=b"abc")
    assert middleware(key="").process_response(Request(ENDPOINT), untouched) is untouched


@pytest.fixture
def server() -> Iterator[Any]:
    servers: list[WildServer] = []

    def make(host: str) -> WildServer:
        servers.append(WildServer(host))
        return servers[-1]

    yield make
    for one in servers:
        one.stop()


def zipped(name: str, body: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, body)
    return buffer.getvalue()


def listing(*addresses: str) -> bytes:
    files = [
        {"fileName": f"{number}.zip", "fileDataFromDate": "2024-03-05", "fileDataToDate": "2024-03-05", "fileDownloadURI": address}
        for number, address in enumerate(addresses)
    ]
    return json.dumps({"count": 1, "self": f"/?key={KEY}", "bulkDataProductBag": [{"productFileBag": {"fileDataBag": files}}]}).encode()


@pytest.mark.parametrize("kept_in", ["environment", "secrets folder"])
def test_no_key_is_found_anywhere_after_a_crawl(kept_in: str, tmp_path: Path, server: Any) -> None:
    own, port, host = server("127.0.0.1"), server("127.0.0.1"), server("127.0.0.2")
    week = zipped("ipg240305.xml", b"<us-patent-grant/>")
    for one in (port, host):
        one.on("/week.zip", week)
    targets = {
        "/to-host": f"{host.url}/week.zip",
        "/to-port": f"{port.url}/week.zip",
        "/to-scheme": f"https://127.0.0.1:{own.port}/week.zip",
        "/to-host-with-key": f"{host.url}/week.zip?signature={KEY}",
        "/chain": "/to-host",
    }
    for path, target in targets.items():
        own.on(path, answer(b"", 302, {"Location": target, "Set-Cookie": f"k={KEY}", "ETag": KEY}))
    own.on("/forbidden", answer(f"{KEY} may not".encode(), 403, {"WWW-Authenticate": KEY}))
    own.on("/broken", answer(f"{KEY} broke it".encode(), 500))
    own.on("/echo", answer(zipped("ipg240305.xml", KEY.encode()), 200, {"ETag": KEY, "Content-Language": KEY}))
    addresses = [*targets, "/forbidden", "/broken", "/echo"]
    own.on("/products", answer(listing(*(f"{own.url}{one}" for one in addresses)), 200, {"ETag": f'"{KEY}"', "X-Echo": KEY}))
    source = load_sources({"uspto_xml": f"{own.url}/products"})["uspto_xml"]
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "USPTO_API_KEY").write_text(f"{KEY}\n" if kept_in == "secrets folder" else "another\n")
    environment = {"USPTO_API_KEY": KEY if kept_in == "environment" else ""}
    landing = tmp_path / "landing"
    crawled = crawl_apart(
        source,
        landing,
        allow_hosts=("127.0.0.1", "127.0.0.2"),
        environment=environment,
        secrets_dir=secrets,
        changes={"DOWNLOAD_TIMEOUT": 1, "LOG_LEVEL": "DEBUG"},
    )
    asked = {one.target.partition("?")[0]: one.headers.get("x-api-key") for one in own.seen if one.target.startswith("/")}
    assert {asked[path] for path in ("/products", *addresses)} == {KEY}, "its own host is given the key"
    assert port.seen
    assert host.seen
    spellings = [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), KEY.encode().hex()]
    elsewhere = repr([port.seen, host.seen])
    written = b"".join(path.read_bytes() + path.name.encode() for path in landing.rglob("*") if path.is_file())
    bodies = b"".join(gzip.decompress(path.read_bytes()) for path in landing.rglob("*.gz"))
    for spelling in spellings:
        assert spelling not in elsewhere, "another host was given the key"
        assert spelling.encode() not in written + bodies, "the landing holds the key"
        assert spelling not in crawled.said, "the log or the result holds the key"
        assert not [problem for problem in crawled.result.problems if spelling in problem]
    assert b"[key]" in bodies
