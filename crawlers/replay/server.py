"""A loopback archive server: any corpus in the import columns, in the wire formats of arXiv, USPTO and Atom feeds."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from crawlers.records import Kind
from crawlers.replay.answers import TEXT, Answer, not_found
from crawlers.replay.corpus import Record
from crawlers.replay.faults import Fault, FaultCounter, FaultPlan, spoil
from crawlers.replay.wire_arxiv_oai import PaperArchive, wire_id
from crawlers.replay.wire_feeds import Feed, NewsArchive
from crawlers.replay.wire_uspto import FILES_PATH, PRODUCT_PATH, PatentArchive
from crawlers.replay.wire_uspto_xml import grant_xml

_ROBOTS = b"User-agent: *\nDisallow: /_control/\n"
_SLOW_PIECES = 8


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One request as the server met it. `at_s` is on the server's clock, in seconds; `target` is path and query as sent."""

    at_s: float
    method: str
    target: str
    status: int
    headers: dict[str, str]


class ReplayServer:
    """Serves a corpus on 127.0.0.1, as a context manager. `today` is its only calendar: nothing younger is shown."""

    def __init__(
        self,
        records: Iterable[Record],
        today: date,
        *,
        port: int = 0,
        faults: FaultPlan | None = None,
        papers_per_page: int = 2500,
        entries_per_page: int = 50,
        feed_names: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`port` 0 takes a free one. Raises ValueError, naming the record that no wire format here can carry."""
        kinds: dict[Kind, list[Record]] = {"paper": [], "patent": [], "news": [], "grant": []}
        for record in records:
            kinds[record.kind].append(record)
        if kinds["grant"]:
            raise ValueError(f"{kinds['grant'][0].id!r} is a grant, and none of the replayed sources carries grants.")
        self._papers = PaperArchive(kinds["paper"], page_size=papers_per_page)
        self._patents = PatentArchive(kinds["patent"])
        self._news = NewsArchive(kinds["news"], page_size=entries_per_page, names=feed_names)
        self._today = today
        self._faults = FaultCounter(faults or FaultPlan(), Counter())
        self._lock = threading.Lock()
        self._requests: list[RequestSeen] = []
        self._clock, self.pause = clock, pause
        self._http = _Listener(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> ReplayServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def today(self) -> date:
        """The day the archive lives in."""
        return self._today

    @property
    def requests(self) -> tuple[RequestSeen, ...]:
        """Every request answered so far, in the order of arrival; control requests are left out."""
        with self._lock:
            return tuple(self._requests)

    def set_today(self, today: date) -> None:
        """Move the archive to another day; documents public by then appear at once."""
        with self._lock:
            self._today = today

    def set_faults(self, plan: FaultPlan) -> None:
        """Replace the fault plan and count its requests from one again."""
        with self._lock:
            self._faults = FaultCounter(plan, Counter())

    def endpoints(self) -> dict[str, str]:
        """The addresses spiders need: `arxiv_oai` (base address), `uspto_xml` (product listing). Feeds: see `feeds`."""
        return {"arxiv_oai": f"{self.url}/oai", "uspto_xml": f"{self.url}{PRODUCT_PATH}"}

    def feeds(self) -> list[Feed]:
        """The feeds to poll: name, address, language."""
        return self._news.feeds(self.url)

    def respond(self, method: str, target: str, headers: dict[str, str]) -> tuple[Answer, Fault | None]:
        """Choose the answer to one request, spoil it where the fault plan says so, and write it down."""
        with self._lock:
            fault = self._faults.next_fault(target)
            answer = self._answer(target)
            answer = spoil(answer, fault) if fault else answer
            if answer.status == 200 and fault is None and _is_unchanged(answer, headers):
                answer = replace(answer, status=304)
            self._requests.append(RequestSeen(self._clock(), method, target, answer.status, headers))
        return answer, fault

    def _answer(self, target: str) -> Answer:
        parts = urlsplit(target)
        path, query = unquote(parts.path), parse_qsl(parts.query, keep_blank_values=True)
        if path == "/robots.txt":
            return Answer(_ROBOTS, TEXT)
        if path == "/oai":
            return self._papers.answer(query, f"{self.url}/oai", self._today)
        if path == PRODUCT_PATH:
            return self._patents.listing(query, self.url, self._today)
        if path.startswith(f"{FILES_PATH}/"):
            return self._patents.file(path, self._today)
        if path.startswith("/feeds/"):
            return self._news.answer(path, self.url, self._today)
        return not_found(path)


def split_servable(records: Iterable[Record]) -> tuple[list[Record], list[tuple[Record, str]]]:
    """The records that the wire formats can carry, and the others with the reason in one sentence."""
    servable: list[Record] = []
    refused: list[tuple[Record, str]] = []
    for record in records:
        try:
            if record.kind == "grant":
                raise ValueError(f"{record.id!r} is a grant, and none of the replayed sources carries grants.")
            if record.kind == "paper":
                wire_id(record)
            elif record.kind == "patent":
                grant_xml(record)
        except ValueError as error:
            refused.append((record, str(error)))
        else:
            servable.append(record)
    return servable, refused


def etag(body: bytes) -> str:
    """A strong validator of the bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _is_unchanged(answer: Answer, headers: dict[str, str]) -> bool:
    """Conditional GET by RFC 9110 section 13: If-None-Match decides where it is sent, If-Modified-Since else."""
    known = headers.get("if-none-match")
    if known is not None:
        return etag(answer.body) in {tag.strip().removeprefix("W/") for tag in known.split(",")}
    since = headers.get("if-modified-since")
    if since is None or answer.changed_on is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return moment.replace(tzinfo=moment.tzinfo or UTC) >= _midnight(answer.changed_on)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], replay: ReplayServer) -> None:
        self.replay = replay
        super().__init__(address, _Conversation)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes: without this each answer waits 40 ms for an acknowledgement
    server_version, sys_version = "Replay", ""

    def do_GET(self) -> None:
        replay = cast(_Listener, self.server).replay
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer, fault = replay.respond(self.command, self.path, headers)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if answer.status in (200, 304):
            self.send_header("ETag", etag(answer.body))
            if answer.changed_on is not None:
                self.send_header("Last-Modified", format_datetime(_midnight(answer.changed_on), usegmt=True))
        if answer.status in (429, 503) and fault is not None and fault.retry_after is not None:
            self.send_header("Retry-After", fault.retry_after)
        body = b"" if answer.status == 304 else answer.body
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send_body(body, fault, replay.pause)

    def do_POST(self) -> None:
        replay = cast(_Listener, self.server).replay
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("ascii", "replace")
        status, said = 204, b""
        if self.path != "/_control/today":
            status, said = 404, b"Only /_control/today takes a POST.\n"
        else:
            try:
                replay.set_today(date.fromisoformat(text.strip()))
            except ValueError:
                status, said = 400, b"The body must be one date, YYYY-MM-DD.\n"
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _send_body(self, body: bytes, fault: Fault | None, pause: Callable[[float], None]) -> None:
        if fault is not None and fault.kind == "truncated":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        if fault is None or fault.kind != "slow":
            self.wfile.write(body)
            return
        size = -(-len(body) // _SLOW_PIECES) or 1
        for start in range(0, len(body), size):
            pause(fault.seconds / _SLOW_PIECES)
            self.wfile.write(body[start : start + size])
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the request log of the server is the record."""
