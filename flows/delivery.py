"""Handing an edition over: by mail once, and into a folder that mirrors all editions. What fails is said and loses nothing."""

from __future__ import annotations

import filecmp
import smtplib
from datetime import datetime
from pathlib import Path

from crawlers.keys import read_key
from flows.journal import SMTP_PASSWORD
from flows.notices_sending import send_message
from flows.reports.editions import Edition, folder_name, read_shelf
from flows.reports.issuing import FEED, INDEX, mark_delivered
from flows.reports.language import load_language
from flows.reports.message import build_message
from flows.reports.weekly import write_whole
from flows.settings import Settings

MAIL = "e-mail"


def deliver(settings: Settings, edition: Edition, reports: Path, *, now: datetime) -> tuple[str, ...]:
    """Send an edition of the series in the folder `reports`, unless its record says that it was sent, and bring the delivery folder up
    to date: what lies in a folder below `settings.reports` goes into one of the same name there.

    Returns one sentence for each way that failed; the next `observatory report` tries that way again.
    """
    problems: list[str] = []
    if settings.delivery.mail_to and MAIL not in edition.delivered:
        problems += _mail(settings, edition, reports, now)
    if settings.delivery.folder is not None:
        problems += _copy(settings.delivery.folder, reports.relative_to(settings.reports), reports, edition.week)
    return tuple(problems)


def mirror(reports: Path, folder: Path) -> None:
    """Copy every edition kept, then the index and the feed, into a folder; files that are the same stay. Each appears whole.

    Raises OSError.
    """
    shelf = read_shelf(reports)
    names = [folder_name(edition, is_current=True) for edition in shelf.current]
    names += [folder_name(edition, is_current=False) for edition in shelf.replaced] + [*shelf.unread, *shelf.damaged]
    files = [path for name in names for path in sorted((reports / name).rglob("*")) if path.is_file() and not path.name.startswith(".")]
    for path in (*files, reports / INDEX, reports / FEED):
        target = folder / path.relative_to(reports)
        if not (target.is_file() and filecmp.cmp(path, target, shallow=False)):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, path.read_bytes())


def _mail(settings: Settings, edition: Edition, reports: Path, now: datetime) -> list[str]:
    recipients, server = settings.delivery.mail_to, settings.notices
    sender = server.mail_from or recipients[0]
    try:
        message = build_message(
            edition,
            reports / edition.week,
            sender=sender,
            recipients=recipients,
            sent_at=now,
            language=load_language(settings.report_lang),
        )
        refused = send_message(message, server, read_key(SMTP_PASSWORD, settings.secrets_dir))
        mark_delivered(edition, reports, MAIL)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        why = f"{type(error).__name__} from {server.smtp_host}:{server.smtp_port}"
        return [f"The edition {edition.week} could not be sent by e-mail ({why})."]
    if refused:
        return [f"The mail server refused {refused} of {len(recipients)} recipients of the edition {edition.week}."]
    return []


def _copy(folder: Path, inner: Path, reports: Path, week: str) -> list[str]:
    """The delivery folder itself must be there: where a disk is not mounted, nothing is written in its place."""
    try:
        if not folder.expanduser().is_dir():
            raise NotADirectoryError("there is no such folder")
        mirror(reports, folder.expanduser() / inner)
    except OSError as error:
        return [f"The edition {week} could not be copied to {folder}: {error.strerror or error}."]
    return []
