"""A corpus written down work by work, for examples that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scoring.records import STREAMS, Corpus, Weights
from scoring.weights import parse_weights


@dataclass(frozen=True)
class Work:
    """One work: day, stream and the names of what it holds."""

    on: date
    stream: str = "paper"
    names: str = ""
    authors: str = ""
    organisations: str = ""
    codes: str = ""
    cues: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)


def _matrix(held: Sequence[str], columns: Sequence[str]) -> csr_matrix:
    table = np.array([[float(column in names.split()) for column in columns] for names in held])
    return csr_matrix(table.reshape(len(held), len(columns)))


def build_corpus(as_of: date, works: Sequence[Work], candidates: Sequence[str], words: dict[str, str] | None = None) -> Corpus:
    """Candidates, authors, organisations and codes are space-separated names; a candidate's only word is its name."""
    works = sorted(works, key=lambda work: work.on)
    incidence = _matrix([work.names for work in works], candidates).T.tocsr()
    columns = {
        field: sorted({name for work in works for name in getattr(work, field).split()}) for field in ("authors", "organisations", "codes")
    }
    return Corpus(
        as_of=as_of,
        candidate_ids=tuple(candidates),
        names=tuple(candidates),
        words=tuple(frozenset((words or {}).get(name, name).split()) for name in candidates),
        work_ids=tuple(f"w{index:05d}" for index in range(len(works))),
        work_day=np.array([(work.on - date(1970, 1, 1)).days for work in works], dtype=np.int32),
        work_stream=np.array([STREAMS.index(work.stream) for work in works], dtype=np.int8),
        incidence=incidence,
        authors=_matrix([work.authors for work in works], columns["authors"]),
        organisations=_matrix([work.organisations for work in works], columns["organisations"]),
        codes=_matrix([work.codes for work in works], columns["codes"]),
        cues=csr_matrix(np.array([work.cues for work in works], dtype=float).reshape(len(works), 5)),
    )


@pytest.fixture(scope="session")
def work() -> type[Work]:
    return Work


@pytest.fixture(scope="session")
def corpus_of() -> Callable[..., Corpus]:
    return build_corpus


@pytest.fixture(scope="session")
def published() -> Weights:
    return parse_weights((Path(__file__).resolve().parents[2] / "scoring" / "weights.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def small_world() -> Corpus:
    """Ten years of papers, patents and news with one candidate of each kind, background terms and three neighbours.

    `riser` grows on three streams, `steady` keeps its share, `fader` dies out, `hype` lives in the news alone, `lonely`
    belongs to one organisation, `phrase` is in every third work, `seedling` has four recent works and no past.
    """
    generator = np.random.default_rng(7)
    works = []
    for index in range(6000):
        year, month = 2010 + index // 600, index % 12 + 1
        age = 2020 - year
        stream = str(generator.choice(["paper", "patent", "news"], p=[0.5, 0.3, 0.2]))
        chances = {
            "riser": 0.002 if age > 4 else 0.05 / age,
            "steady": 0.03,
            "fader": 0.01 * age,
            "hype": 0.25 * (stream == "news") * (age <= 2),
            "phrase": 0.34,
            "seedling": 0.003 * (age == 1),
        }
        names = [name for name, chance in chances.items() if generator.random() < chance]
        names += [f"term{number}" for number in generator.choice(25, 3, replace=False)]
        if "riser" in names:
            names += [f"near{number}" for number in range(3) if generator.random() < 0.7]
        newcomer = index if "riser" in names else int(generator.integers(400))
        organisation = f"o{generator.integers(60)}"
        if age <= 3 and generator.random() < 0.03:
            names, organisation = ["lonely"], "solo"
        cues = (int("riser" in names), 0, 0, int("steady" in names), int("fader" in names))
        held = " ".join(dict.fromkeys(names))
        works.append(Work(date(year, month, 15), stream, held, f"a{newcomer}", organisation, "", cues))
    kinds = ["riser", "steady", "fader", "hype", "phrase", "seedling", "lonely"]
    candidates = kinds + [f"near{number}" for number in range(3)] + [f"term{number}" for number in range(25)]
    return build_corpus(date(2019, 12, 31), works, candidates)
