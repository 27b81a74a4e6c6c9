"""Where a source's key comes from: the environment, or a file of that name in the secrets folder (as containers mount them)."""

from __future__ import annotations

import os
from pathlib import Path


def read_key(name: str | None, secrets_dir: Path | None) -> str:
    """Return the key called `name`, or "" where there is none. The environment wins over the file."""
    if not name:
        return ""
    if key := os.environ.get(name, "").strip():
        return key
    path = secrets_dir / name if secrets_dir else None
    return path.read_text(encoding="utf-8").strip() if path and path.is_file() else ""
