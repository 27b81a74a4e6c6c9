"""The landing: responses as they were received, on disk, before anything reads them.

Layout: `<root>/<source>/<window.key>/NNNN-<capture_id>.gz` and `manifest.json`, which is written last. A window is
gathered in `<window.key>.partial/` and gets its name by a rename, so that a finished name always holds a whole manifest.
There a journal says what each request was answered; a crawl that died is taken up by the next one from that journal.
A window gathered again keeps what it held: new responses are added behind the old ones and the manifest is replaced.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.records import Capture, Window

MANIFEST = "manifest.json"
JOURNAL = "journal.jsonl"
RESUME_WITHIN = timedelta(hours=12)
_PARTIAL = ".partial"
_KEPT_HEADERS = frozenset(
    {"content-type", "content-length", "content-language", "content-encoding", "last-modified", "etag", "date", "cache-control"}
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one window holds. `complete` is True once a crawl has landed every page of it, apart from the parts `behind`.

    `since` names the parts that were asked for from an earlier day than the window's first. A window of a backfill
    (`is_backfill`) lies beside the nights and says nothing about how far they have come.
    """

    source: str
    window: Window
    complete: bool
    captures: tuple[Capture, ...]
    problems: tuple[str, ...]
    behind: tuple[str, ...] = ()
    since: dict[str, date] = field(default_factory=dict)
    is_backfill: bool = False


@dataclass(slots=True)
class OpenWindow:
    """A window being gathered. Nothing of it can be seen under its final name before `close`."""

    root: Path
    source: str
    window: Window
    _held: dict[str, tuple[tuple[int, ...], Capture]] = field(default_factory=dict)
    _earlier: dict[tuple[tuple[int, ...], str], Capture] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the bodies lie until the window is closed."""
        return self.root / self.source / f"{self.window.key}{_PARTIAL}"

    def land(
        self,
        order: Sequence[int],
        url: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        fetched_at: datetime,
        part: str | None = None,
    ) -> Capture:
        """Save one response untouched; `order` places it among the others, whatever the order of arrival.

        The same bytes for the same request are kept once. Only headers that say something about the body are kept, so
        that no cookie or key can be stored. Raises OSError when the disk does not take it.
        """
        identity = capture_id(self.source, url, body)
        if identity not in self._held:
            path = self.folder / f"{identity}.gz"
            path.write_bytes(gzip.compress(body, mtime=0))
            kept = {name.lower(): value for name, value in headers.items() if name.lower() in _KEPT_HEADERS}
            sha256 = hashlib.sha256(body).hexdigest()
            capture = Capture(identity, self.source, url, status, dict(sorted(kept.items())), fetched_at, sha256, len(body), "", -1, part)
            self._held[identity] = (tuple(order), capture)
        if (tuple(order), url) not in self._earlier:
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.write(json.dumps({"order": list(order), **_facts_of(self._held[identity][1])}) + "\n")
        return self._held[identity][1]

    def answered(self, order: Sequence[int], url: str) -> tuple[Capture, bytes] | None:
        """What a crawl of this window that died was answered to that request, or None when it did not get that far or was refused."""
        capture = self._earlier.get((tuple(order), url))
        if capture is None or capture.status >= HTTPStatus.BAD_REQUEST:
            return None
        try:
            return capture, read_body(self.root, capture)
        except ValueError:  # it died in the middle of writing: ask again
            return None

    def take_up(self, now: datetime) -> None:
        """Read the journal of a crawl that died here. One begun too long ago is cleared: its pages may tell of another day."""
        entries = _journal(self.folder)
        if not entries or now - entries[0][1].fetched_at > RESUME_WITHIN:
            shutil.rmtree(self.folder)
            self.folder.mkdir()
            return
        at = f"{self.source}/{self.folder.name}"
        self._earlier = {
            (order, capture.url): replace(capture, path=f"{at}/{capture.capture_id}.gz", source=self.source) for order, capture in entries
        }

    def close(
        self,
        complete: bool,
        problems: Sequence[str] = (),
        behind: Sequence[str] = (),
        since: Mapping[str, date] | None = None,
        *,
        is_backfill: bool = False,
    ) -> Manifest:
        """Number the responses, write the manifest and give the window its name. Raises OSError when the disk fails.

        A window that was complete stays so when a later crawl of it is not; which parts it lacks is then what it was before.
        """
        final = self.root / self.source / self.window.key
        earlier = read_manifest(self.root, self.source, self.window)
        captures = list(earlier.captures) if earlier else []
        known = {capture.capture_id for capture in captures}
        target = final if earlier else self.folder
        for _, capture in sorted(self._held.values(), key=lambda pair: (pair[0], pair[1].capture_id)):
            if capture.capture_id in known:
                continue
            name = f"{len(captures):04d}-{capture.capture_id}.gz"
            body = self.folder / f"{capture.capture_id}.gz"
            _sync(body)  # here and not at every landing: by now the system has written most of them by itself
            body.replace(target / name)
            path = f"{self.source}/{self.window.key}/{name}"
            captures.append(replace(capture, path=path, sequence=len(captures)))
        if earlier and earlier.complete and not complete:
            complete, behind, since = True, earlier.behind, earlier.since
        is_beside = is_backfill and (earlier is None or earlier.is_backfill)
        manifest = Manifest(
            self.source, self.window, complete, tuple(captures), tuple(problems), tuple(behind), dict(since or {}), is_beside
        )
        (self.folder / JOURNAL).unlink(missing_ok=True)
        for left in self.folder.glob("*.gz"):  # landed by a crawl that died, and not asked for again
            if "-" not in left.name:
                left.unlink()
        _sync(target)
        _write_durably(target / MANIFEST, _encode(manifest))
        if earlier:
            shutil.rmtree(self.folder)
        else:
            self.folder.rename(final)
        _sync(final.parent)
        return manifest


def capture_id(source: str, url: str, body: bytes) -> str:
    """Return 24 hexadecimal digits that depend on source, path, query and bytes; the host is left out, so that a replay agrees."""
    parts = urlsplit(url)
    digest = hashlib.sha256()
    for piece in (source.encode(), f"{parts.path}?{parts.query}".encode(), body):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.hexdigest()[:24]


def open_window(root: Path, source: str, window: Window, now: datetime) -> OpenWindow:
    """Return a window to gather into, with what a crawl that died less than `RESUME_WITHIN` ago was answered. Raises OSError."""
    opened = OpenWindow(root, source, window)
    opened.folder.mkdir(parents=True, exist_ok=True)
    opened.take_up(now)
    return opened


def read_manifest(root: Path, source: str, window: Window) -> Manifest | None:
    """Return the manifest of a finished window, or None where the window was never finished.

    Raises ValueError when the file is damaged.
    """
    path = root / source / window.key / MANIFEST
    try:
        facts = json.loads(path.read_bytes())
        captures = tuple(_capture(one) for one in facts["captures"])
        since = {part: date.fromisoformat(day) for part, day in facts.get("since", {}).items()}
        span = Window(date.fromisoformat(facts["from_on"]), date.fromisoformat(facts["to_on"]))
        behind, is_backfill = tuple(facts.get("behind", ())), facts.get("is_backfill", False)
        return Manifest(facts["source"], span, facts["complete"], captures, tuple(facts["problems"]), behind, since, is_backfill)
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"The manifest {path} is damaged: {error}.") from None


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Replace the manifest of a finished window, when the bodies that it names are there. Raises OSError."""
    folder = root / manifest.source / manifest.window.key
    _sync(folder)
    _write_durably(folder / MANIFEST, _encode(manifest))


def read_body(root: Path, capture: Capture) -> bytes:
    """Return the bytes of a capture. Raises ValueError when they are gone or not those that were received."""
    try:
        body = gzip.decompress((root / capture.path).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"The landed response {capture.path} cannot be read: {error}.") from None
    if hashlib.sha256(body).hexdigest() != capture.sha256:
        raise ValueError(f"The landed response {capture.path} is not what was received.")
    return body


def list_windows(root: Path, source: str) -> Iterator[Window]:
    """Yield the finished windows of a source, by first and last day."""
    folder = root / source
    names = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.endswith(_PARTIAL))
    for name in names:
        first, _, last = name.partition("_")
        yield Window(date.fromisoformat(first), date.fromisoformat(last))


def fetched_pages(root: Path, source: str) -> dict[str, datetime]:
    """Address -> when it was last landed in a finished window of the source. Raises ValueError for a damaged manifest."""
    found: dict[str, datetime] = {}
    for window in list_windows(root, source):
        manifest = read_manifest(root, source, window)
        for capture in manifest.captures if manifest else ():
            found[capture.url] = max(capture.fetched_at, found.get(capture.url, capture.fetched_at))
    return found


def _encode(manifest: Manifest) -> bytes:
    facts = {
        "source": manifest.source,
        "from_on": manifest.window.from_on.isoformat(),
        "to_on": manifest.window.to_on.isoformat(),
        "complete": manifest.complete,
        "problems": list(manifest.problems),
        "behind": list(manifest.behind),
        "since": {part: day.isoformat() for part, day in sorted(manifest.since.items())},
        "is_backfill": manifest.is_backfill,
        "captures": [_facts_of(capture) for capture in manifest.captures],
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def _facts_of(capture: Capture) -> dict[str, object]:
    names = ("capture_id", "url", "status", "headers", "sha256", "size", "path", "sequence", "part")
    return {**{name: getattr(capture, name) for name in names}, "fetched_at": capture.fetched_at.isoformat()}


def _journal(folder: Path) -> list[tuple[tuple[int, ...], Capture]]:
    """The entries of a journal in their order, up to the first that was cut off."""
    entries = []
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            facts = json.loads(line)
            entries.append((tuple(facts.pop("order")), _capture(facts)))
        except (KeyError, TypeError, ValueError):
            break
    return entries


def _capture(facts: dict[str, object]) -> Capture:
    fetched_at = datetime.fromisoformat(str(facts["fetched_at"]))
    source = str(facts["path"]).partition("/")[0]
    return Capture(**{**facts, "source": source, "fetched_at": fetched_at})  # type: ignore[arg-type]


def _write_durably(path: Path, content: bytes) -> None:
    """Write all or nothing, and make sure it is on the disk: a power cut must not leave a manifest without its bodies."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _sync(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
