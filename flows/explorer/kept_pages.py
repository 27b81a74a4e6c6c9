"""Pages already made. A snapshot never changes, so a page asked twice is made once."""

from __future__ import annotations

import threading
from collections import OrderedDict

from flows.explorer.snapshots import View

MOST_CHARACTERS = 32 * 2**20  # of all texts kept: about as many bytes


class KeptPages:
    """The pages asked for last, as texts. A page of another snapshot is another page."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._most, self._size = most_characters, 0
        self._texts: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, view: View, address: str) -> str | None:
        """The page that this address has in this snapshot; None when it is not kept."""
        with self._lock:
            text = self._texts.get((str(view.path), address))
            if text is not None:
                self._texts.move_to_end((str(view.path), address))
            return text

    def keep(self, view: View, address: str, text: str) -> None:
        """Keep a page, and let go of those asked longest ago."""
        with self._lock:
            self._size += len(text) - len(self._texts.pop((str(view.path), address), ""))
            self._texts[str(view.path), address] = text
            while self._size > self._most:
                self._size -= len(self._texts.popitem(last=False)[1])
