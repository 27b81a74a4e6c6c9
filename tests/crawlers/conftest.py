"""A scripted web server on loopback: what it answers, in which order, and what it was asked."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Reply:
    """One answer. `cut` leaves out that many bytes of the announced body; `delay` waits before the body, in seconds."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    delay: float = 0.0


@dataclass
class Asked:
    """One request as it arrived; `at` is monotonic seconds."""

    target: str
    headers: dict[str, str]
    at: float
    method: str = "GET"
    body: bytes = b""


class ScriptedServer:
    """Answers each target with its replies in order, the last one for ever; 404 for anything else.

    `on` names a path with its query; `in_order` a path alone, whatever the query: the pages of a walk, one after the other.
    """

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = defaultdict(list)
        self.asked: list[Asked] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _conversation(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def on(self, target: str, *replies: Reply | bytes) -> None:
        self.replies[target] = [one if isinstance(one, Reply) else Reply(one) for one in replies]

    def in_order(self, path: str, *replies: Reply | bytes) -> None:
        self.on(path, *replies)

    def times(self, target: str) -> list[float]:
        return [one.at for one in self.asked if one.target == target]

    def next_reply(self, target: str) -> Reply:
        waiting = self.replies.get(target) or self.replies.get(target.partition("?")[0])
        if not waiting:
            return Reply(b"nothing here", 404)
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def _conversation(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Conversation(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.answer("GET", b"")

        def do_POST(self) -> None:
            self.answer("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def answer(self, method: str, body: bytes) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append(Asked(self.path, headers, time.monotonic(), method, body))
            reply = server.next_reply(self.path)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            time.sleep(reply.delay)
            self.wfile.write(reply.body[: len(reply.body) - reply.cut])
            if reply.cut:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    return Conversation


@pytest.fixture
def scripted_server() -> Iterator[Callable[[], ScriptedServer]]:
    """Make servers; all are stopped after the test."""
    servers: list[ScriptedServer] = []

    def make() -> ScriptedServer:
        servers.append(ScriptedServer())
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def reply() -> type[Reply]:
    """The class of answers, for tests that need more than a body."""
    return Reply
