"""Carrying a notice: by e-mail and to a webhook. A notice that cannot be delivered is said, and never stops a night."""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.keys import read_key
from flows.journal import SMTP_PASSWORD, WEBHOOK
from flows.notices import Notice
from flows.settings import Notices

TIMEOUT_SECONDS = 10.0


def send(notice: Notice, settings: Notices, secrets_dir: Path | None) -> list[str]:
    """Send to every target of the settings. Returns one sentence per target that did not take it, without addresses that hold keys."""
    failures = []
    for name, deliver in _targets(settings, secrets_dir):
        try:
            deliver(notice)
        except (OSError, HTTPException, smtplib.SMTPException, ValueError) as error:
            why = f"{type(error).__name__}: {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
            failures.append(f"The notice could not be sent by {name} ({why}).")
    return failures


def target_names(settings: Notices, secrets_dir: Path | None) -> list[str]:
    """By which ways somebody is told: e-mail, webhook."""
    return [name for name, _ in _targets(settings, secrets_dir)]


def _targets(settings: Notices, secrets_dir: Path | None) -> list[tuple[str, Callable[[Notice], None]]]:
    targets: list[tuple[str, Callable[[Notice], None]]] = []
    if settings.mail_to:
        targets.append(("e-mail", lambda notice: _mail(notice, settings, read_key(SMTP_PASSWORD, secrets_dir))))
    if address := settings.webhook or read_key(WEBHOOK, secrets_dir):
        targets.append(("webhook", lambda notice: _post(notice, address)))
    return targets


def _mail(notice: Notice, settings: Notices, password: str) -> None:
    message = EmailMessage()
    message["Subject"] = " ".join(notice.subject.split())
    message["From"] = settings.mail_from or settings.mail_to[0]
    message["To"] = ", ".join(settings.mail_to)
    message.set_content(notice.as_text())
    send_message(message, settings, password)


def send_message(message: EmailMessage, settings: Notices, password: str) -> int:
    """Hand a mail to the server of the settings; returns how many recipients it refused while taking the mail for the others.

    Raises OSError or SMTPException where it took none of it, ValueError for an address that cannot be written.
    """
    context = ssl.create_default_context()
    host, port = settings.smtp_host, settings.smtp_port
    with (
        smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        if settings.smtp_security == "tls"
        else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    ) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, password)
        return len(server.send_message(message))


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A webhook's address may hold a key: it is not carried to wherever the answer points."""

    def redirect_request(self, *_: object) -> None:
        return None


def _post(notice: Notice, address: str) -> None:
    """POST as JSON; `text` is what the usual chat services show. Raises OSError, ValueError for an address that is none of the web."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("the webhook is no address of the web")
    content = {"text": f"{notice.subject}\n{notice.as_text()}", "subject": notice.subject, "reasons": notice.reasons, "lines": notice.lines}
    request = urllib.request.Request(  # noqa: S310 - only http and https, see above
        address, data=json.dumps(content).encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.build_opener(_StayHere).open(request, timeout=TIMEOUT_SECONDS) as answer:
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise OSError(f"answer {answer.status}")
