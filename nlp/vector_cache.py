"""Vectors kept by what was encoded: the same words are encoded once, in whatever document, version or rebuild they come."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np

from nlp.static_vectors import Vectors

ASKED_AT_ONCE = 500  # digests in one statement; SQLite allows 999 in its oldest builds


class TextEncoder(Protocol):
    """What is cached: see `nlp.embeddings.Encoder`."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class CachedEncoder:
    """Another encoder that asks one file first: `<folder>/vectors-<revision>.sqlite`, a vector (float32) by the SHA-256 of its text.

    The file is written in one transaction per call, so that a crash costs one call; it may be deleted at any time.
    """

    def __init__(self, encoder: TextEncoder, folder: Path) -> None:
        self._encoder = encoder
        self._path = folder / f"vectors-{encoder.revision}.sqlite"
        self.name, self.revision, self.dimension = encoder.name, encoder.revision, encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), dimension), float32; only texts never seen before are encoded."""
        text_of = {hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(): text for text in texts}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=60.0)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
            known = _known(connection, list(text_of))
            missing = [digest for digest in text_of if digest not in known]
            if missing:
                for digest, vector in zip(missing, self._encoder.encode([text_of[digest] for digest in missing]), strict=True):
                    known[digest] = vector.astype("<f4").tobytes()
                with connection:
                    connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", [(digest, known[digest]) for digest in missing])
        rows = {text_of[digest]: np.frombuffer(vector, dtype="<f4") for digest, vector in known.items()}
        return np.array([rows[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)


def _known(connection: sqlite3.Connection, digests: Sequence[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for start in range(0, len(digests), ASKED_AT_ONCE):
        asked = digests[start : start + ASKED_AT_ONCE]
        places = ",".join("?" * len(asked))
        found.update(connection.execute(f"SELECT digest, vector FROM vectors WHERE digest IN ({places})", asked).fetchall())
    return found
