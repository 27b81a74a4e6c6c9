"""A server that may do anything to a connection, and a crawl with some settings changed: for the tests of politeness and safety."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from crawlers.jobs import CrawlJob, CrawlResult, decode_result
from crawlers.records import Window
from crawlers.sources import Feed, Source, load_sources

AGENT = "observatory/0.1 (+mailto:crawl@example.org)"
WINDOW = Window(date(2024, 1, 1), date(2024, 3, 31))
Behaviour = Callable[[socket.socket], None]


@dataclass
class Seen:
    """One request as it arrived; `at` is monotonic seconds."""

    target: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class WildServer:
    """Answers each target with its behaviours in order, the last one for ever; 404 for anything else. Counts connections."""

    host: str = "127.0.0.1"
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    _plans: dict[str, list[Behaviour]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._socket = socket.create_server(
            (self.host, self.port), family=socket.AF_INET6 if ":" in self.host else socket.AF_INET, backlog=64
        )
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def on(self, target: str, *behaviours: Behaviour | bytes) -> None:
        self._plans[target] = [one if callable(one) else answer(one) for one in behaviours]

    def times(self, target: str) -> list[float]:
        return [one.at for one in self.seen if one.target == target]

    def stop(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as stream:
            try:
                while line := stream.readline():
                    target = line.split(b" ")[1].decode("latin-1")
                    headers = {}
                    while (field_line := stream.readline().strip()) != b"":
                        name, _, value = field_line.decode("latin-1").partition(":")
                        headers[name.lower()] = value.strip()
                    body = stream.read(int(headers.get("content-length", 0)))
                    self.seen.append(Seen(target, headers, body, time.monotonic()))
                    plan = self._plans.get(target) or self._plans.get(target.partition("?")[0]) or [answer(b"nothing here", 404)]
                    (plan.pop(0) if len(plan) > 1 else plan[0])(connection)
            except (OSError, IndexError):
                return


def answer(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Send one whole answer."""
    said = {"Content-Type": "application/xml", "Content-Length": str(len(body)), **(headers or {})}
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in said.items()) + "\r\n"
    return lambda connection: connection.sendall(head.encode("latin-1") + body)


def chunked(body: bytes, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Send one answer in a single chunk, whole as far as HTTP can tell."""
    said = {"Content-Type": "application/xml", "Transfer-Encoding": "chunked", **(headers or {})}
    head = "HTTP/1.1 200 X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in said.items()) + "\r\n"
    return lambda connection: connection.sendall(head.encode() + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))


def trickle(head: bytes, piece: bytes, every: float) -> Behaviour:
    """Send `head` and then `piece` for ever, one each `every` seconds."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(every)

    return behave


def atom(*ids: str, previous: str = "") -> bytes:
    """An Atom feed with one entry an id, and the address of the archive page before it."""
    link = f'<link rel="prev-archive" href="{previous}"/>' if previous else ""
    entries = "".join(f"<entry><id>{one}</id><title>{one}</title><updated>2024-02-01T00:00:00Z</updated></entry>" for one in ids)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>f</title>{link}{entries}</feed>'.encode()


def feeds(*urls: str, pace_seconds: float = 0.0, pace_group: str | None = None) -> Source:
    """The feeds source with these addresses, each under its own name."""
    register = load_sources()["feeds"]
    return replace(register, feeds=tuple(Feed(url, url) for url in urls), pace_seconds=pace_seconds, pace_group=pace_group)


_APART = """
import json, sys
import crawlers.settings as settings
hardened = settings.scrapy_settings
changes = json.loads(sys.argv[1])

def peak_kib():  # not ru_maxrss: that begins with what the parent had taken
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

settings.scrapy_settings = lambda **given: {**hardened(**given), **changes}
exec(sys.argv[2])
from crawlers.run import main
code = main()
print(peak_kib(), file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True)
class Crawled:
    """How a crawl apart went; `peak_kib` is the most memory it had."""

    result: CrawlResult
    peak_kib: int
    said: str


def crawl_apart(
    source: Source,
    landing: Path,
    *,
    allow_hosts: Sequence[str] = ("127.0.0.1",),
    fast: bool = True,
    changes: Mapping[str, object] | None = None,
    first: str = "",
    environment: Mapping[str, str] | None = None,
    secrets_dir: Path | None = None,
) -> Crawled:
    """Run the true subprocess of a crawl with some of Scrapy's settings changed and the statement `first` run before."""
    return started(
        source, landing, allow_hosts=allow_hosts, fast=fast, changes=changes, first=first, environment=environment, secrets_dir=secrets_dir
    )()


def started(
    source: Source,
    landing: Path,
    *,
    allow_hosts: Sequence[str] = ("127.0.0.1",),
    fast: bool = True,
    changes: Mapping[str, object] | None = None,
    first: str = "",
    environment: Mapping[str, str] | None = None,
    secrets_dir: Path | None = None,
) -> Callable[[], Crawled]:
    """Begin what `crawl_apart` does; calling what is returned waits for its end."""
    job = CrawlJob(source, WINDOW, landing, AGENT, tuple(allow_hosts), fast, None, os.getpid(), {}, secrets_dir)
    process = subprocess.Popen(
        [sys.executable, "-c", _APART, json.dumps(dict(changes or {})), first],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdin is not None
    process.stdin.write(job.encode())
    process.stdin.close()
    process.stdin = None

    def finish() -> Crawled:
        said, complaints = process.communicate()
        result = decode_result(said)
        assert result is not None, complaints
        return Crawled(result, int(complaints.split()[-1]), said + complaints)

    return finish
