"""Static token vectors distilled from a sentence model: a text's vector is the weighted mean of its tokens' vectors.

Distillation needs the model once (half a minute); afterwards only numpy, scipy and the tokenizer are used.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

CENTRE_PATH = Path(__file__).with_name("static_centre.npz")
DIMENSION = 256
VERSION = 1  # raise when the distillation changes: cached tables are named by it
DISTILL_BATCH_SIZE = 512
SIF_CONSTANT = 1e-4  # Arora et al. 2017: weight a / (a + p(token)), so that frequent tokens count less
FIRST_WORD = 1996  # the vocabulary lists words from here on, the most frequent ("the") first
UNRANKED_AS = 5000  # rank given to the rare signs and letters that stand before the first word


class StaticEncoder:
    """Encodes every text by itself from a table of token vectors, shape (vocabulary, DIMENSION)."""

    dimension = DIMENSION

    def __init__(self, table: Vectors, tokenizer_path: Path, *, name: str, revision: str) -> None:
        from tokenizers import Tokenizer

        self.name = name
        self.revision = revision
        self._table = table
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), dimension), float32; zeros for a text without a known token."""
        from scipy.sparse import csr_matrix

        rows = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        columns = np.fromiter((token for row in rows for token in row.ids), dtype=np.int32)
        ends = np.cumsum([0, *(len(row.ids) for row in rows)])
        counts = csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), len(self._table)))
        return unit_rows(np.asarray(counts @ self._table, dtype=np.float32))


def unit_rows(rows: npt.NDArray[Any]) -> Vectors:
    """Rows scaled to unit length; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0.0, 1.0, lengths), dtype=np.float32)


def token_vectors(sentence_model: Any) -> npt.NDArray[np.float64]:
    """What the model makes of each token standing alone between its two markers, shape (vocabulary, model dimension)."""
    import torch

    tokenizer = sentence_model.tokenizer
    size, first, last = len(tokenizer), tokenizer.cls_token_id, tokenizer.sep_token_id
    parts = []
    with torch.inference_mode():
        for start in range(0, size, DISTILL_BATCH_SIZE):
            tokens = torch.arange(start, min(start + DISTILL_BATCH_SIZE, size))
            ids = torch.stack([torch.full_like(tokens, first), tokens, torch.full_like(tokens, last)], dim=1)
            inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
            parts.append(sentence_model[0](inputs)["token_embeddings"][:, 1].numpy())
    return np.concatenate(parts).astype(np.float64)


def token_weights(vocabulary: Sequence[str]) -> npt.NDArray[np.float64]:
    """SIF weights, shape (vocabulary,), with probabilities after Zipf's law; markers, signs and single letters weigh nothing.

    Without that, commas and function words pull all texts together: rank agreement with the model falls from .55 to .27.
    """
    is_word = np.array(
        [any(c.isalnum() for c in token) and token[0] != "[" and not (len(token) == 1 and token.isascii()) for token in vocabulary]
    )
    ranks = np.arange(len(vocabulary)) - FIRST_WORD + 1
    probabilities = np.where(ranks >= 1, 1.0 / np.maximum(ranks, 1), 1.0 / UNRANKED_AS) * is_word
    probabilities /= probabilities.sum()
    return np.asarray(is_word * SIF_CONSTANT / (SIF_CONSTANT + probabilities))


def learn_centre(
    vectors: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], token_counts: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The direction that technical prose shares, shape (model dimension,): the expected weighted token vector."""
    shares = token_counts * weights
    return np.asarray(shares @ vectors / shares.sum())


def distill(vectors: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], centre: npt.NDArray[np.float64]) -> Vectors:
    """The table, shape (vocabulary, DIMENSION): centred, turned onto its main axes (PCA), weighted.

    Signs of the axes are fixed and numbers rounded to five decimals, so that machines that sum in another order agree.
    """
    centred = vectors - centre
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSION]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return np.asarray(np.round((centred @ axes) * weights[:, None], 5), dtype=np.float32)


def distill_model(sentence_model: Any) -> Vectors:
    """The table of one loaded sentence model, with the centre that ships with the package."""
    vocabulary = sentence_model.tokenizer.convert_ids_to_tokens(range(len(sentence_model.tokenizer)))
    with np.load(CENTRE_PATH, allow_pickle=False) as stored:
        centre = stored["centre"].astype(np.float64)
    return distill(token_vectors(sentence_model), token_weights(vocabulary), centre)


def table_revision(model_sha256: str) -> str:
    """Twelve hex digits that change with the model, the centre or the way of distilling."""
    centre = hashlib.sha256(CENTRE_PATH.read_bytes()).hexdigest()
    return hashlib.sha256(f"{model_sha256}:{centre}:{VERSION}:{DIMENSION}:{SIF_CONSTANT}".encode()).hexdigest()[:12]


def cached_table(cache_dir: Path, revision: str, make: Callable[[], Vectors]) -> Vectors:
    """The table of that revision, or a new one written aside and moved into place; an unreadable file is made again."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    path = cache_dir / f"static-{revision}.safetensors"
    try:
        return np.asarray(load_file(path)["table"], dtype=np.float32)
    except (FileNotFoundError, SafetensorError, KeyError):
        table = make()
    cache_dir.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=cache_dir, suffix=".partial")
    os.close(handle)
    try:
        save_file({"table": table}, temporary)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return table
