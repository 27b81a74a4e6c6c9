"""R8: whatever form an address takes, and wherever it comes from, nothing connects to a host that is not public."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.addresses import is_public, refusal
from tests.crawlers.wild import WildServer, answer, atom, crawl_apart, feeds

ALLOWED = "127.0.0.77"  # the crawl may talk to this one, and to no other loopback address
# hosts that lead to this machine, to its neighbours or to a cloud's metadata
FORMS = """
127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.254 0.0.0.0 0 00000000 2130706433 017700000001 0x7f000001 0X7F.0.0.1 0x7f.1 0177.0.0.1
0177.0.0.0x1 127.0.0.01 127.0.0.1. 127.0.0.1.. localhost LOCALHOST localhost. a.localhost a.b.localhost. localhost.localdomain
ip6-localhost ip6-loopback
[::1] [::] [0:0:0:0:0:0:0:1] [::0001] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:0001] [::127.0.0.1] [::7f00:1]
[::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:1::1] [2001:0:0:0:0:0:80ff:fffe]
[fe80::1] [fe80::1%25lo] [fe80::5efe:7f00:1] [2600::5efe:7f00:1] [fc00::1] [fd00:ec2::254] [fec0::1] [ff02::1] [100::1]
[2001:db8::1] [3fff::1]
10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 0xA9FEA9FE 2852039166 0251.0376.0251.0376 169.254.43518
[::ffff:169.254.169.254] [::ffff:a9fe:a9fe] 100.64.0.1 100.100.100.200 192.0.0.192 168.63.129.16 198.18.0.1 192.0.2.1 224.0.0.1 240.0.0.1
255.255.255.255 metadata.google.internal metadata instance-data
１２７.０.０.１ ①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ 127%2E0%2E0%2E1 %31%32%37.0.0.1
user@127.0.0.1 user:word@127.0.0.1 @127.0.0.1 public.example@127.0.0.1 127.0.0.77@127.0.0.1 127.0.0.77%40127.0.0.1 127.0.0.77:80@127.0.0.1
rebinding.example six.example mapped.example mixed.example unlucky.example
"""
HOSTS = FORMS.split()
# names that the test's own resolver knows: what it answers first, and what for ever after
NAMES = {
    "rebinding.example": [["93.184.216.34"], ["127.0.0.1"]],
    "six.example": [["::1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "mixed.example": [["127.0.0.1", "10.0.0.1", "::1", "fd00:ec2::254"]],
    "unlucky.example": [[]],
    "metadata.google.internal": [["169.254.169.254"]],
    "metadata": [["169.254.169.254"]],
    "instance-data": [["fd00:ec2::254"]],
    "localhost.localdomain": [["127.0.0.1"]],
    "ip6-localhost": [["::1"]],
    "ip6-loopback": [["::1"]],
    "a.localhost": [["127.0.0.1", "::1"]],
    "a.b.localhost.": [["127.0.0.1"]],
}
RESOLVER = f"""
import socket
true_getaddrinfo, names = socket.getaddrinfo, {NAMES!r}

def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    if host not in names:
        return true_getaddrinfo(host, port, family, type, proto, flags)
    answers = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
    if not answers:
        raise socket.gaierror("unknown")
    families = [(socket.AF_INET6, (one, port, 0, 0)) if ":" in one else (socket.AF_INET, (one, port)) for one in answers]
    return [(family, socket.SOCK_STREAM, 6, "", address) for family, address in families]

socket.getaddrinfo = getaddrinfo
"""


class Listener:
    """Waits on one port of every address of this machine, IPv4 and IPv6, and counts who comes."""

    def __init__(self) -> None:
        self.visitors: list[Any] = []
        self._sockets = [socket.create_server(("0.0.0.0", 0), backlog=64)]  # noqa: S104 - the point of it
        self.port = self._sockets[0].getsockname()[1]
        if socket.has_ipv6:
            with suppress(OSError):
                self._sockets.append(socket.create_server(("::", self.port), family=socket.AF_INET6, backlog=64))
        for one in self._sockets:
            threading.Thread(target=self._accept, args=(one,), daemon=True).start()

    def stop(self) -> None:
        for one in self._sockets:
            one.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, address = listening.accept()
            except OSError:
                return
            self.visitors.append(address)
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.stop()


@pytest.fixture
def redirector() -> Iterator[WildServer]:
    made = WildServer(ALLOWED)
    yield made
    made.stop()


def test_the_forms_are_many() -> None:
    assert len(HOSTS) == len(set(HOSTS))
    assert len(HOSTS) >= 60


@pytest.mark.parametrize("way", ["straight", "redirected", "redirected thrice"])
def test_no_form_of_a_denied_address_is_connected_to(way: str, tmp_path: Path, listener: Listener, redirector: WildServer) -> None:
    targets = [f"http://{host}:{listener.port}/x" for host in HOSTS]
    if way != "straight":
        statuses = (301, 302, 303, 307, 308)
        for number, target in enumerate(targets):
            steps = [f"{redirector.url}/{number}/{step}" for step in range(1 if way == "redirected" else 3)]
            for step, there in enumerate([*steps[1:], target]):
                where = {"Location": there.encode().decode("latin-1")}
                redirector.on(f"/{number}/{step}", answer(b"", statuses[number % 5], where))
        targets = [f"{redirector.url}/{number}/0" for number in range(len(HOSTS))]
    redirector.on("/good", atom("1"))
    source = feeds(*targets, f"{redirector.url}/good")
    changes = {"DOWNLOAD_TIMEOUT": 2}
    crawled = crawl_apart(source, tmp_path, allow_hosts=[ALLOWED], changes=changes, first=RESOLVER)
    assert listener.visitors == []
    assert crawled.result.complete, "the allowed host is gathered"
    assert len(crawled.result.behind) == len(HOSTS)
    refused = sum("not a public address" in problem for problem in crawled.result.problems)
    assert refused >= 60, crawled.result.problems
    for host in ("127.0.0.1", *(["::1"] if len(listener._sockets) > 1 else [])):
        with socket.create_connection((host, listener.port)) as proof:
            assert proof.recv(1) == b""
    assert len(listener.visitors) == len(listener._sockets), "the listener did not listen"


def test_answers_of_both_families_are_used_and_the_private_among_them_left_out(tmp_path: Path) -> None:
    """A name with a public and a private answer is asked at the public one; here both families stand in for that."""
    server = WildServer("127.0.0.78")
    server.on("/feed", atom("1"))
    names = {"both.example": [["10.0.0.1", "::1", "127.0.0.78"]]}
    judged = f"""{RESOLVER.replace(repr(NAMES), repr(names))}
import crawlers.middlewares.resolving as resolving
true_is_public = resolving.is_public
resolving.is_public = lambda address: address == "127.0.0.78" or true_is_public(address)
"""
    url = f"http://both.example:{server.port}/feed"
    assert crawl_apart(feeds(url), tmp_path, allow_hosts=(), first=judged).result.complete
    server.stop()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "data:text/plain,x",
        "javascript:1",
        "//127.0.0.1/",
        "http://",
        "http:///x",
        "http://[::1",
        "http://example.org:99999/",
        "http://example.org:port/",
        "http://a@example.org/",
        "http://@example.org/",
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_unread(url: str) -> None:
    assert refusal(url, ()) is not None


@given(st.ip_addresses(v=4))
def test_what_hides_a_private_address_is_as_private(ip: Any) -> None:
    digits = f"{int(ip) >> 16:x}:{int(ip) & 0xFFFF:x}"
    for form in (
        f"::ffff:{digits}",
        f"::{digits}",
        f"64:ff9b::{digits}",
        f"::ffff:0:{digits}",
        f"2002:{digits}::1",
        f"2600::5efe:{digits}",
    ):
        assert is_public(form) == is_public(str(ip)), form


@given(st.ip_addresses(v=6))
def test_only_global_unicast_is_public(ip: Any) -> None:
    if is_public(str(ip)) and not str(ip).startswith(("64:ff9b:", "::")):
        assert int(ip) >> 125 == 1
