"""What every test may use: the private material beside the project, where it is, and a frozen clock."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project() -> Path:
    """Root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The private test material; skips where it is missing."""
    folder = PROJECT.parent / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("the private corpus is not beside the project")
    return folder


@pytest.fixture
def noon() -> datetime:
    """One fixed moment, naive UTC."""
    return datetime(2025, 10, 1, 12, 0)
