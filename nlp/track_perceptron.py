"""Learns the perceptron that reads tracks from sentence vectors. The same input gives the same numbers: seeds and threads are fixed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nlp.track_model import Perceptron

Table = npt.NDArray[np.float32]
HIDDEN, EPOCHS, BATCH, RATE, DECAY = 128, 40, 128, 3e-3, 0.1
DROPPED_INPUTS, DROPPED_HIDDEN = 0.3, 0.5
SPREAD = 4.0  # unit vectors of many dimensions have small numbers; the first layer learns faster from larger ones
SEEDS = (0, 1)


def learn_perceptron(vectors: Table, targets: Table, weights: Table) -> Perceptron:
    """Fit one hidden layer per seed by weighted cross-entropy and join them: their log-odds are averaged.

    Shapes: vectors (texts, dimension), targets and weights (texts, 6).
    """
    import torch

    torch.set_num_threads(1)
    parts = [_fit(vectors * np.float32(SPREAD), targets, weights, seed) for seed in SEEDS]
    hidden, hidden_bias, output, output_bias = zip(*parts, strict=True)
    return Perceptron(
        np.concatenate(hidden, axis=1) * np.float32(SPREAD),
        np.concatenate(hidden_bias),
        np.asarray(np.concatenate(output) / len(SEEDS), dtype=np.float32),
        np.asarray(np.mean(output_bias, axis=0), dtype=np.float32),
    )


def _fit(vectors: Table, targets: Table, weights: Table, seed: int) -> tuple[Table, Table, Table, Table]:
    import torch

    torch.manual_seed(seed)
    first, last = torch.nn.Linear(vectors.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, targets.shape[1])
    network = torch.nn.Sequential(torch.nn.Dropout(DROPPED_INPUTS), first, torch.nn.ReLU(), torch.nn.Dropout(DROPPED_HIDDEN), last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    inputs, wanted, counted = (torch.from_numpy(np.ascontiguousarray(table)) for table in (vectors, targets, weights))
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1.0 - epoch / EPOCHS)
        for batch in torch.randperm(len(inputs)).split(BATCH):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(network(inputs[batch]), wanted[batch], weight=counted[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    first_weights, first_bias, last_weights, last_bias = (
        part.detach().numpy() for part in (first.weight, first.bias, last.weight, last.bias)
    )
    return first_weights.T, first_bias, last_weights.T, last_bias
