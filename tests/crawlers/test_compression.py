"""R5: bodies that unfold without end, arrive without end, or end too early; the crawl keeps its memory and its other hosts."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.landing import read_body, read_manifest
from crawlers.middlewares.decoding import CutBodyError, TooLargeError, decoded
from crawlers.reading import PARSERS, parse
from tests.crawlers.wild import WINDOW, WildServer, answer, atom, chunked, crawl_apart, feeds, trickle

MEBIBYTE = 1024 * 1024
PAGE = atom(*(f"entry-{number}" for number in range(200)))


def bare_deflate(body: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(body) + squeezer.flush()


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", lambda body: brotli.compress(body, quality=4)),
    "zstd": ("zstd", zstd.compress),
}


@pytest.mark.parametrize("form", PACKED)
def test_a_whole_body_is_unfolded_and_every_cut_is_noticed(form: str) -> None:
    name, pack = PACKED[form]
    packed = pack(PAGE)
    assert decoded(packed, [name], MEBIBYTE) == (PAGE, ())
    for length in range(1, len(packed)):
        with pytest.raises(CutBodyError):
            decoded(packed[:length], [name], MEBIBYTE)


@pytest.mark.parametrize("form", ["gzip", "br", "zstd"])
def test_damage_inside_never_passes_for_the_page(form: str) -> None:
    name, pack = PACKED[form]
    packed = bytearray(pack(PAGE))
    for place in range(12, len(packed) - 8, 7):
        spoiled = bytes(packed[:place]) + bytes([packed[place] ^ 0x55]) + bytes(packed[place + 1 :])
        try:
            body = decoded(spoiled, [name], MEBIBYTE)[0]
        except (CutBodyError, TooLargeError):
            continue
        assert form != "gzip", "gzip carries a checksum"
        assert len(body) <= MEBIBYTE


@pytest.mark.parametrize(
    ("packed", "encodings"),
    [
        (gzip.compress(zlib.compress(PAGE)), ["deflate", "gzip"]),
        (gzip.compress(gzip.compress(PAGE)), ["gzip", "gzip"]),
        (gzip.compress(PAGE), ["gzip", "gzip"]),  # announced twice, applied once
        (gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]), ["gzip"]),
        (gzip.compress(PAGE) + b"\x00" * 20, ["gzip"]),
        (zstd.compress(PAGE[:50]) + zstd.compress(PAGE[50:]), ["zstd"]),
        (gzip.compress(PAGE), [" X-GZIP "]),
        (gzip.compress(PAGE), ["identity", "gzip"]),
        (PAGE, []),
        (PAGE, ["identity"]),
        (PAGE, [""]),
        (PAGE, ["gzip"]),  # announced and not applied
        (PAGE, ["deflate"]),
        (PAGE, ["br"]),
        (PAGE, ["zstd"]),
    ],
)
def test_double_and_false_announcements(packed: bytes, encodings: list[str]) -> None:
    assert decoded(packed, encodings, MEBIBYTE) == (PAGE, ())


def test_an_unknown_encoding_is_left_and_nothing_below_it_is_touched() -> None:
    assert decoded(b"xyz", ["gzip", "compress"], MEBIBYTE) == (b"xyz", ("gzip", "compress"))
    assert decoded(b"", ["gzip"], MEBIBYTE) == (b"", ())


@pytest.mark.parametrize("form", PACKED)
def test_a_bomb_is_refused_within_its_limit(form: str) -> None:
    name, pack = PACKED[form]
    bomb = pack(b" " * (64 * MEBIBYTE))
    assert len(bomb) < MEBIBYTE / 4
    with pytest.raises(TooLargeError):
        decoded(bomb, [name], MEBIBYTE)
    with pytest.raises(TooLargeError):
        decoded(gzip.compress(bomb), [name, "gzip"], MEBIBYTE)
    with pytest.raises(TooLargeError):
        decoded(bomb, [name] * 100, MEBIBYTE)


def test_a_zstd_window_larger_than_the_web_allows_is_refused() -> None:
    stream = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    wide = stream.compress(PAGE) + stream.flush()
    with pytest.raises(CutBodyError):
        decoded(wide, ["zstd"], MEBIBYTE)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=200), names=st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd", "identity", "x"]), max_size=4))
def test_noise_ends_in_bytes_or_in_one_of_two_errors(body: bytes, names: list[str]) -> None:
    with suppress(CutBodyError, TooLargeError):
        assert len(decoded(body, names, 10_000)[0]) <= 10_000


@pytest.mark.real
def test_recorded_bodies(shared: Path) -> None:
    folder = shared / "wire" / "compression"
    pages = {
        "html-br.bin": ["br"],
        "html-gzip-deflate-gzip.bin": ["gzip", "deflate", "gzip"],
        "html-gzip-deflate.bin": ["gzip", "deflate"],
        "html-gzip.bin": ["gzip"],
        "html-rawdeflate.bin": ["deflate"],
        "html-zlibdeflate.bin": ["deflate"],
        "html-zstd-static-content-size.bin": ["zstd"],
        "html-zstd-static-no-content-size.bin": ["zstd"],
        "html-zstd-streaming-no-content-size.bin": ["zstd"],
    }
    unfolded = {name: decoded((folder / name).read_bytes(), encodings, MEBIBYTE)[0] for name, encodings in pages.items()}
    assert {len(body) for body in unfolded.values()} == {74837, 74840}
    assert len({body for body in unfolded.values() if len(body) == 74837}) == 1
    assert decoded((folder / "feed-sample1.xml.gz").read_bytes(), ["gzip"], MEBIBYTE)[0] == (folder / "feed-sample1.xml").read_bytes()
    with pytest.raises(CutBodyError):
        decoded((folder / "unexpected-eof.gz").read_bytes(), ["gzip"], MEBIBYTE)


@pytest.fixture
def server() -> Iterator[Any]:
    servers: list[WildServer] = []

    def make(host: str) -> WildServer:
        servers.append(WildServer(host))
        return servers[-1]

    yield make
    for one in servers:
        one.stop()


HEAD = b"HTTP/1.1 200 X\r\n"


def short(connection: socket.socket) -> None:
    """Announce more than is sent, and hang up."""
    connection.sendall(HEAD + b"Content-Length: 9000\r\n\r\n" + PAGE[:100])
    connection.shutdown(socket.SHUT_RDWR)


def hostile(server: WildServer, bomb_mebibytes: int) -> dict[str, str]:
    """Lay out everything a server can do to a body; returns what the crawl must say of each."""
    too_large, cut, late, broken = "is larger than allowed", "ended before the length", "did not answer in time", "broke the connection"
    expected = {}
    for form, (name, pack) in PACKED.items():
        if form != "bare deflate":
            bomb = pack(b" " * (bomb_mebibytes * MEBIBYTE))
            server.on(f"/bomb-{name}", answer(bomb, headers={"Content-Encoding": name}))
            server.on(f"/nested-{name}", chunked(gzip.compress(bomb), {"Content-Encoding": f"{name}, gzip"}))
            server.on(f"/cut-{name}", chunked(pack(PAGE)[:-9], {"Content-Encoding": name}))
            expected |= {f"/bomb-{name}": too_large, f"/nested-{name}": too_large, f"/cut-{name}": cut}
    server.on("/layers", answer(PAGE, headers={"Content-Encoding": ", ".join(["gzip"] * 500)}))
    server.on("/announced", trickle(HEAD + b"Content-Length: 99999999999\r\n\r\n", b" " * 65536, 0))
    server.on("/endless", trickle(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n", 0))
    server.on("/until-closed", trickle(HEAD + b"\r\n", b" " * 65536, 0))
    server.on("/slow-body", trickle(HEAD + b"Content-Length: 9000\r\n\r\n", b" ", 0.1))
    server.on("/slow-head", trickle(HEAD, b"A: b\r\n", 0.1))
    server.on("/endless-head", trickle(HEAD, b"A: " + b"b" * 8000 + b"\r\n", 0))
    server.on("/endless-line", trickle(HEAD + b"A: ", b"b" * 65536, 0))
    server.on("/endless-100", trickle(b"", b"HTTP/1.1 100 X\r\n\r\n" * 500, 0))
    server.on("/short", short)
    expected |= {"/layers": too_large, "/announced": too_large, "/endless": too_large, "/until-closed": too_large}
    expected |= {"/slow-body": late, "/slow-head": late, "/endless-head": broken, "/endless-line": broken, "/endless-100": broken}
    return expected | {"/short": cut}


def survive(server: Any, root: Path, bomb_mebibytes: int, timeout: int) -> int:
    """Crawl a hostile host beside a good one; returns the most memory it took, in KiB."""
    bad, good = server("127.0.0.1"), server("127.0.0.2")
    good.on("/feed", PAGE)
    expected = hostile(bad, bomb_mebibytes)
    addresses = [*(f"{bad.url}{path}" for path in expected), f"{good.url}/feed"]
    crawled = crawl_apart(feeds(*addresses), root, allow_hosts=("127.0.0.1", "127.0.0.2"), changes={"DOWNLOAD_TIMEOUT": timeout})
    said = {problem.split(" ")[0].removeprefix(bad.url): problem for problem in crawled.result.problems}
    assert set(said) == set(expected)
    assert [f"{path}: {said[path]}" for path, words in expected.items() if words not in said[path]] == []
    assert crawled.result.complete, "the good host is gathered"
    assert set(crawled.result.behind) == {f"{bad.url}{path}" for path in expected}
    manifest = read_manifest(root, "feeds", WINDOW)
    assert manifest is not None
    assert [read_body(root, one) for one in manifest.captures] == [PAGE]
    return crawled.peak_kib


def test_a_hostile_host_costs_little_memory_and_no_other_host(server: Any, tmp_path: Path) -> None:
    assert survive(server, tmp_path, bomb_mebibytes=128, timeout=1) < 192 * 1024


@pytest.mark.slow
def test_a_hostile_host_with_gibibytes(server: Any, tmp_path: Path) -> None:
    assert survive(server, tmp_path, bomb_mebibytes=1024, timeout=10) < 192 * 1024


@pytest.fixture
def listener() -> Iterator[Any]:
    """A port that counts who comes, and its number."""
    visitors: list[Any] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def count() -> None:
        while True:
            try:
                connection, address = listening.accept()
            except OSError:
                return
            visitors.append(address)
            connection.close()

    threading.Thread(target=count, daemon=True).start()
    yield visitors, listening.getsockname()[1]
    listening.close()


ENTITIES = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))


@pytest.mark.parametrize("source", PARSERS)
def test_entities_fetch_nothing_and_unfold_nothing(source: str, listener: Any) -> None:
    visitors, port = listener
    outside = f"http://127.0.0.1:{port}/x"
    documents = [
        f'<!DOCTYPE a SYSTEM "{outside}"><a/>',
        f'<!DOCTYPE a PUBLIC "-//A//B" "{outside}"><a/>',
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{outside}">]><a>&x;</a>',
        f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{outside}"> %x;]><a/>',
        f'<!DOCTYPE a [<!ENTITY l0 "lol">{ENTITIES}]><a>&l11;</a>',
        f'<!DOCTYPE a [<!ENTITY x "{"y" * 20_000}">]><a>{"&x;" * 2_000}</a>',
        f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{outside}"/></a>',
        f'<?xml-stylesheet href="{outside}"?><a/>',
    ]
    shapes = {"rss": "<rss><channel>{}</channel></rss>", "OAI-PMH": "<OAI-PMH>{}</OAI-PMH>", "plain": "{}"}
    for text in documents:
        for name, shape in shapes.items():
            body = text.replace("<!DOCTYPE a", f"<!DOCTYPE {name if name != 'plain' else 'a'}")
            start = body.find("<a")
            whole = '<?xml version="1.0"?>' + body[:start] + shape.format(body[start:])
            found = repr(parse(source, whole.encode(), outside, {}))
            assert "lollollol" not in found
            assert "yyyyyyyyyyyy" not in found or whole.count("y" * 100) > 1
            assert len(found) < 10 * len(whole) + MEBIBYTE
    assert visitors == []
    with socket.create_connection(("127.0.0.1", port)) as proof:
        assert proof.recv(1) == b""
    assert len(visitors) == 1, "the listener did not listen"
