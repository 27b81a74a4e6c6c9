"""Who is told what, by a loopback SMTP server and webhook; what cannot be delivered stops nothing, and no key is ever written."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from flows.journal import open_journal
from flows.notices import Notice, notice_of_run, notice_of_silence
from flows.notices_sending import send
from flows.redaction import make_redaction
from flows.settings import Notices

NOTICE = Notice(("failure",), "Observatory: failure\r\nBcc: nobody@example.org", ("The run failed.", "arxiv_oai: 固态电池"))
KEY = "s3cr3t-hook-key"


class Mailbox(socketserver.StreamRequestHandler):
    """Enough SMTP to take one message."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        content: list[bytes] = []
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go\r\n")
                while (text := self.rfile.readline()) not in (b".\r\n", b""):
                    content.append(text)
                self.server.mails.append(b"".join(content))  # type: ignore[attr-defined]
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


class Hook(BaseHTTPRequestHandler):
    """Takes what is posted, or refuses it."""

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[misc]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.bodies, server.answer = [], 200  # type: ignore[attr-defined]
    with running(server):
        yield server


def test_a_mail_arrives_whole_and_nobody_is_smuggled_in() -> None:
    server = socketserver.TCPServer(("127.0.0.1", 0), Mailbox)
    server.mails = []  # type: ignore[attr-defined]
    with running(server) as port:
        settings = Notices(mail_to=("ops@example.org",), smtp_host="127.0.0.1", smtp_port=port)
        assert send(NOTICE, settings, None) == []
    mail = server.mails[0].decode()  # type: ignore[attr-defined]
    head = mail.partition("\r\n\r\n")[0]
    assert "To: ops@example.org" in head
    assert "\r\nBcc:" not in head


def test_a_webhook_gets_json(hook: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTICE_WEBHOOK", f"http://127.0.0.1:{hook.server_address[1]}/{KEY}")
    assert send(NOTICE, Notices(), None) == []
    assert hook.bodies[0]["lines"] == list(NOTICE.lines)  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [302, 500])
def test_what_is_not_taken_is_said_without_the_address(hook: HTTPServer, answer: int) -> None:
    hook.answer = answer  # type: ignore[attr-defined]
    failures = send(NOTICE, Notices(webhook=f"http://127.0.0.1:{hook.server_address[1]}/{KEY}"), None)
    assert failures == [f"The notice could not be sent by webhook (HTTPError: {answer})."]
    assert len(hook.bodies) == 1, "a redirect must not be followed"  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///etc/passwd", "gopher://x", "http://[", "no address"])
def test_an_address_that_answers_nothing_is_one_sentence(address: str) -> None:
    settings = Notices(webhook=address, mail_to=("a@example.org",), smtp_host="127.0.0.1", smtp_port=9)
    assert len(send(NOTICE, settings, None)) == 2


def test_only_what_was_asked_for_is_told() -> None:
    told = {"problems": ["arxiv_oai: broken"], "silent": ["Silence: feeds"], "alerts": ["Foam: first place"]}
    everything = notice_of_run("scan-1", "failed", **told, on=("failure", "silence", "alerts"))
    assert everything is not None
    assert everything.reasons == ("failure", "silence", "alerts")
    assert notice_of_run("scan-1", "failed", **told, on=()) is None
    assert notice_of_run("scan-1", "partial", ["arxiv_oai: broken"], [], [], on=("failure", "silence", "alerts")) is None
    assert notice_of_silence("Stale.", on=("failure",)) is None


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.example.org/x?api_key={KEY}&n=1",
        f"Authorization: Bearer {KEY}",
        f"https://user:{KEY}@example.org/",
        f'{{"access_token": "{KEY}"}}',
        f"client_secret={KEY}",
    ],
)
def test_a_key_that_nobody_told_of_is_redacted_by_its_name(text: str) -> None:
    assert KEY not in make_redaction([])(text)


def test_the_log_of_a_run_holds_no_key(tmp_path: Path, noon: object) -> None:
    path = tmp_path / "runs" / "scan-1.jsonl"
    with open_journal(path, "scan-1", lambda: noon, make_redaction([KEY])) as log:  # type: ignore[arg-type,return-value]
        log("run_ended", state="failed", problems=[f"x {KEY} y"], error={"url": f"/{KEY}/"}, rows=3)
    text = path.read_text(encoding="utf-8")
    assert KEY not in text
    assert json.loads(text)["rows"] == 3
    assert path.stat().st_mode & 0o077 == 0
