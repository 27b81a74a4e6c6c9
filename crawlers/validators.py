"""What the landing already holds of an address, so that its server need not send it again (RFC 9110, section 13).

The notes lie in `<landing>/<source>/validators.json`, in the landing so that they are lost with it. A note counts only while the
answer it speaks of lies in a finished window in which its part did not fall behind: the manifest is asked, not the note.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from crawlers.landing import read_manifest
from crawlers.records import Window

FILE = "validators.json"
LONGEST_DAYS = 7  # after that an address is asked without conditions: some servers answer "not modified" for ever


@dataclass(frozen=True, slots=True)
class Validator:
    """The last landed answer of one address: the server's own marks (`etag`, `last_modified`, '' for none) and where it lies."""

    etag: str
    last_modified: str
    part: str
    from_on: str
    to_on: str
    capture_id: str

    @property
    def window(self) -> Window:
        """The window the answer was landed in. Raises ValueError when the days are none."""
        return Window(date.fromisoformat(self.from_on), date.fromisoformat(self.to_on))

    @property
    def headers(self) -> dict[str, str]:
        """What to send: both marks where both are known; a server that knows entity tags leaves the date aside."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}

    def serves(self, window: Window, since: date) -> bool:
        """Whether an unchanged answer means that nothing of `window` is missing, when a part is wanted from the day `since` on.

        Not so where the part fell behind, where the window begins before all that was walked back to, or after a week.
        """
        return self.window.from_on <= since == window.from_on and (window.to_on - self.window.to_on).days <= LONGEST_DAYS


def read_validators(root: Path, source: str) -> dict[str, Validator]:
    """Return the notes that count, by address. A file that is missing or damaged holds none: then everything is asked for anew."""
    try:
        facts = json.loads((root / source / FILE).read_bytes())
        noted = {str(address): Validator(**{name: str(value) for name, value in one.items()}) for address, one in facts.items()}
        windows = {one.window for one in noted.values()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    landed = {(window, part, capture_id) for window in windows for part, capture_id in _landed(root, source, window, noted)}
    return {address: one for address, one in noted.items() if (one.window, one.part, one.capture_id) in landed}


def write_validators(root: Path, source: str, validators: Mapping[str, Validator]) -> None:
    """Replace the notes of a source. Raises OSError when the disk does not take them."""
    path = root / source / FILE
    temporary = path.with_name(f".{FILE}.tmp")
    facts = {address: asdict(one) for address, one in sorted(validators.items())}
    temporary.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)


def forget_validators(root: Path, source: str) -> None:
    """Let everything of a source be asked for without conditions: what it answered is not used. Raises OSError."""
    (root / source / FILE).unlink(missing_ok=True)


def _landed(root: Path, source: str, window: Window, noted: Mapping[str, Validator]) -> set[tuple[str, str]]:
    try:
        manifest = read_manifest(root, source, window)
    except ValueError:
        return set()
    if manifest is None or not manifest.complete:
        return set()
    held = {capture.capture_id for capture in manifest.captures}
    return {(one.part, one.capture_id) for one in noted.values() if one.capture_id in held and one.part not in manifest.behind}
