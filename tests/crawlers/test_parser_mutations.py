"""R4: thousands of spoilt responses to every parser. None crashes, none takes 5 seconds, every reject has its reason."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mutations import mutate

from crawlers.reading import PARSERS, parse
from crawlers.records import Parsed
from crawlers.rejects import REASONS

FIXTURES = Path(__file__).parent / "fixtures"
WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire"
LONGEST_SECONDS = 5.0
MOST_MEMORY_KIB = 1024 * 1024  # growth of the whole process over all mutations
SEED = 20260101


def fixture_bodies(source: str) -> list[bytes]:
    return [next(folder.glob("input.*")).read_bytes() for folder in sorted(FIXTURES.glob(f"{source}-*"))]


def recorded_bodies(source: str) -> list[bytes]:
    files = sorted(path for path in (WIRE / source).glob("*") if path.is_file() and path.suffix not in {".md", ".jsonl"})
    return [path.read_bytes() for path in files if path.stat().st_size < 400_000]


def is_decent(parsed: Parsed) -> bool:
    for one in parsed.documents:
        (one.title + one.abstract + one.source_id).encode()  # no lone surrogates
    return all(one.reason in REASONS and one.detail and "\n" not in one.detail for one in parsed.rejects)


def spoil_and_parse(source: str, bodies: list[bytes], count: int) -> Iterator[tuple[Parsed, float]]:
    dice = random.Random(f"{SEED}{source}")  # noqa: S311 - repeatable on purpose
    for _ in range(count):
        body = mutate(dice.choice(bodies), dice)
        headers = {"content-type": dice.choice(("application/json", "text/xml; charset=gb2312", "text/html; charset=nonsense"))}
        started = time.process_time()
        try:
            parsed = parse(source, body, "https://fixture.example.org/x", headers)
        except Exception as error:
            pytest.fail(f"{source}: {type(error).__name__} {error} for {body[:200]!r}")
        yield parsed, time.process_time() - started


@pytest.mark.parametrize("source", [name for name in PARSERS if fixture_bodies(name)])
def test_a_few_spoilt_responses_are_read_or_refused(source: str) -> None:
    results = list(spoil_and_parse(source, fixture_bodies(source), 40))
    assert all(is_decent(parsed) for parsed, _ in results)
    assert max(seconds for _, seconds in results) < LONGEST_SECONDS


@pytest.mark.slow
def test_ten_thousand_spoilt_responses_are_read_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    bodies = {source: fixture_bodies(source) + recorded_bodies(source) for source in PARSERS}
    bodies = {source: found for source, found in bodies.items() if found}
    each = -(-10_000 // len(bodies))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = []
    for source, found in bodies.items():
        documents = rejects = 0
        slowest = 0.0
        for parsed, seconds in spoil_and_parse(source, found, each):
            assert is_decent(parsed), source
            documents, rejects, slowest = documents + len(parsed.documents), rejects + len(parsed.rejects), max(slowest, seconds)
        assert slowest < LONGEST_SECONDS, source
        assert rejects > 0, source
        lines.append(f"{source:18} {each:6d} {documents:8d} documents {rejects:7d} rejects, slowest {slowest:.2f} s")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY_KIB
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
