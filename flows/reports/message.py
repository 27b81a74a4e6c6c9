"""An edition as one mail: plain text, HTML, and the pictures the HTML shows by content id. It loads nothing from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from flows.reports.editions import Edition
from flows.reports.language import ENGLISH, Language
from flows.reports.pages import environment
from flows.reports.texts import clean_text

SUBJECT_LENGTH = 160


def build_message(
    edition: Edition, folder: Path, *, sender: str, recipients: tuple[str, ...], sent_at: datetime, language: Language = ENGLISH
) -> EmailMessage:
    """The mail of the edition in `language` that lies in `folder`; `sent_at` is naive UTC.

    The same edition has the same Message-ID, so that a mail sent twice shows once. Raises OSError where a file of the edition is
    missing, ValueError for an address that cannot stand in a header.
    """
    message = EmailMessage()
    message["Subject"] = clean_text(environment(language).get_template("subject.txt.j2").render(edition=edition), SUBJECT_LENGTH)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Date"] = format_datetime(sent_at.replace(tzinfo=UTC))
    name = f"{edition.week}-{edition.number}-{edition.content_digest}{language.suffix}"
    message["Message-ID"] = f"<{name}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    message.set_content((folder / "email.txt").read_text(encoding="utf-8"))
    page = (folder / "email.html").read_text(encoding="utf-8")
    pictures = [path for path in sorted((folder / "email").iterdir()) if f"cid:{path.name}" in page]
    for path in pictures:
        page = page.replace(f"cid:{path.name}", f"cid:{path.name}@{name}")
    message.add_alternative(page, subtype="html")
    body = message.get_body(("html",))
    for path in pictures:
        content_id = f"<{path.name}@{name}>"
        body.add_related(path.read_bytes(), "image", "png", cid=content_id, filename=path.name, disposition="inline")  # type: ignore[union-attr]
    return message
