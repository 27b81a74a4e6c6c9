"""An edition is handed over once: a mail that stands by itself, a folder that mirrors; what fails is said and loses nothing."""

from __future__ import annotations

import re
import shutil
import smtplib
import socketserver
import stat
import threading
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import duckdb
import pytest
from report_world import open_world, publish_undrawn

from flows.doctor import examine
from flows.reports.editions import read_shelf
from flows.settings import Delivery, Notices, Settings
from flows.weekly import write_weekly_report

NOW = datetime(2026, 11, 22, 6, 30)


class Mailbox(socketserver.StreamRequestHandler):
    """Enough SMTP to take messages, or to refuse some recipients."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go\r\n")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append(content.replace(b"\r\n..", b"\r\n."))  # type: ignore[attr-defined]
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"550 who?\r\n" if b"nobody@" in line else b"250 ok\r\n")


@pytest.fixture
def mailbox() -> Iterator[socketserver.TCPServer]:
    server = socketserver.TCPServer(("127.0.0.1", 0), Mailbox)
    server.mails = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "observatory.duckdb"
    with open_world(path) as connection:
        connection.execute(
            "UPDATE core.technologies SET name = 'foam' || chr(13) || chr(10) || 'Bcc: x@example.org' WHERE technology_id = 't05'"
        )
        connection.execute("UPDATE signals.emergence SET name = 'foam' || chr(13) || chr(10) || 'Bcc: x' WHERE technology_id = 't05'")
        connection.execute("UPDATE core.documents SET is_simulated = true")
    return path


@pytest.fixture
def settings(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return publish_undrawn(published, tmp_path / "data", monkeypatch)


def by_mail(settings: Settings, mailbox: socketserver.TCPServer, *recipients: str) -> Settings:
    port = mailbox.server_address[1]
    server = Notices(mail_from="Observatory <observatory@example.org>", smtp_host="127.0.0.1", smtp_port=port)
    return settings.model_copy(update={"delivery": Delivery(mail_to=recipients), "notices": server})


def received(mailbox: socketserver.TCPServer) -> EmailMessage:
    (content,) = mailbox.mails  # type: ignore[attr-defined]
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_mail_stands_by_itself(settings: Settings, mailbox: socketserver.TCPServer) -> None:
    files = write_weekly_report(by_mail(settings, mailbox, "board@example.org"), now=lambda: NOW)
    assert files.problems == ()
    message = received(mailbox)
    assert message["Subject"] == "[Simulated data] 2026-W47: foam Bcc: x enters the ranking at place 5"
    assert message["Bcc"] is None
    assert message["Date"] == "Sun, 22 Nov 2026 06:30:00 +0000"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    plain, body = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert body is not None
    page = body.get_content()
    assert len(page.encode()) < 102_000
    assert plain.get_content().splitlines() == files.email_text.read_text(encoding="utf-8").splitlines()
    shown = re.findall(r'src="([^"]*)"', page)
    carried = [part["Content-ID"].strip("<>") for part in message.walk() if part.get_content_maintype() == "image"]
    assert shown == [f"cid:{content_id}" for content_id in carried]
    assert all(part.get_content().startswith(b"\x89PNG") for part in message.walk() if part.get_content_maintype() == "image")
    assert re.findall(r"(?:https?:)?//[^\s\"'<>]+", re.sub(r'<a [^>]*href="https://example\.org/[^"]*"', "<a", page)) == []


def test_an_edition_is_sent_once_and_its_revision_again(settings: Settings, mailbox: socketserver.TCPServer) -> None:
    told = by_mail(settings, mailbox, "board@example.org")
    write_weekly_report(told, now=lambda: NOW)
    write_weekly_report(told, now=lambda: NOW)
    assert len(mailbox.mails) == 1  # type: ignore[attr-defined]
    with duckdb.connect(str(settings.snapshot)) as connection:
        connection.execute("UPDATE meta.facts SET value = repeat('ee', 32) WHERE key = 'content_digest'")
    write_weekly_report(told, now=lambda: NOW)
    first, second = (message_from_bytes(mail, policy=policy.default) for mail in mailbox.mails)  # type: ignore[attr-defined]
    assert "2026-W47, edition 2: " in second["Subject"]
    assert first["Message-ID"] != second["Message-ID"]


def test_a_mail_that_nobody_takes_is_said_and_tried_again(settings: Settings, mailbox: socketserver.TCPServer) -> None:
    closed = by_mail(settings, mailbox, "board@example.org")
    nowhere = closed.model_copy(update={"notices": closed.notices.model_copy(update={"smtp_port": 9})})
    files = write_weekly_report(nowhere, now=lambda: NOW)
    assert files.problems == ("The edition 2026-W47 could not be sent by e-mail (ConnectionRefusedError from 127.0.0.1:9).",)
    assert files.html.is_file()
    assert read_shelf(settings.reports).current[0].delivered == ()
    assert write_weekly_report(closed, now=lambda: NOW).problems == ()
    assert read_shelf(settings.reports).current[0].delivered == ("e-mail",)


def test_a_refused_recipient_and_a_broken_address_are_said(settings: Settings, mailbox: socketserver.TCPServer) -> None:
    some = by_mail(settings, mailbox, "board@example.org", "nobody@example.org")
    assert write_weekly_report(some, now=lambda: NOW).problems == ("The mail server refused 1 of 2 recipients of the edition 2026-W47.",)
    broken = by_mail(settings, mailbox, "board@example.org\nBcc: all@example.org")
    shutil.rmtree(settings.reports)
    (problem,) = write_weekly_report(broken, now=lambda: NOW).problems
    assert problem.startswith("The edition 2026-W47 could not be sent by e-mail (ValueError")
    assert smtplib.SMTP.__name__ not in problem


def test_the_folder_mirrors_every_edition_and_what_was_taken_down(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    told = settings.model_copy(update={"delivery": Delivery(folder=folder)})
    write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    assert write_weekly_report(told, now=lambda: NOW).problems == ()
    copied = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert copied == {str(path.relative_to(settings.reports)): path.read_bytes() for path in settings.reports.rglob("*") if path.is_file()}
    assert {"index.html", "feed.xml", "2026-W46/report.html", "2026-W47/email/ranking.png"} <= set(copied)
    before = (folder / "2026-W46" / "report.html").stat().st_mtime_ns
    (settings.reports / "2026-W46" / "report.md").write_text("[taken down]", encoding="utf-8")
    write_weekly_report(told, now=lambda: NOW)
    assert (folder / "2026-W46" / "report.md").read_text(encoding="utf-8") == "[taken down]"
    assert (folder / "2026-W46" / "report.html").stat().st_mtime_ns == before, "what is the same stays"


def test_a_folder_that_cannot_be_written_is_said_and_the_edition_stays(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = settings.model_copy(update={"delivery": Delivery(folder=tmp_path / "unmounted")})
    files = write_weekly_report(missing, now=lambda: NOW)
    assert files.problems == (f"The edition 2026-W47 could not be copied to {tmp_path / 'unmounted'}: there is no such folder.",)
    assert not (tmp_path / "unmounted").exists()
    states = {finding.what: (finding.state, finding.detail) for finding in examine(missing, NOW)}
    assert states["delivery"] == ("note", f"{tmp_path / 'unmounted'} is no folder that can be written: editions stay in the data folder")
    taken = tmp_path / "site"
    taken.mkdir()
    (taken / "2026-W47").write_text("a file where a folder should be", encoding="utf-8")
    (problem,) = write_weekly_report(settings.model_copy(update={"delivery": Delivery(folder=taken)}), now=lambda: NOW).problems
    assert problem.startswith(f"The edition 2026-W47 could not be copied to {taken}: ")
    assert stat.S_ISREG((taken / "2026-W47").stat().st_mode)
    assert files.html.is_file()
