"""Every fixture folder `<source>-<case>` holds an invented response and the documents and rejects it must give."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crawlers.reading import parse

CASES = sorted((Path(__file__).parent / "fixtures").iterdir())


def read(folder: Path) -> Any:
    body = next(folder.glob("input.*")).read_bytes()
    parsed = parse(folder.name.partition("-")[0], body, url="https://fixture.example.org/feed/x")
    return json.loads(json.dumps(asdict(parsed), default=str))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_fixture_gives_what_stands_beside_it(folder: Path) -> None:
    assert read(folder) == json.loads((folder / "output.json").read_text(encoding="utf-8"))
