"""Where the topics lie on a map of two dimensions: near ones near. Pure and the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

MAP_WIDTH, MAP_HEIGHT = 1000, 640
_MARGIN = 60
_STEPS = 200
_PUSHES = 80
_LETTER, _LINE = 7.0, 15.0  # width and height of a label's letter in pixels, at the size the style sheet gives it
_FIRST_WIDE = 0x2E7F  # letters behind this, such as Chinese ones, are two wide
_CORE = 0.7  # the part of a circle's radius that no label of another may touch
LABEL_LETTERS = 28


@dataclass(frozen=True, slots=True)
class Spot:
    """One topic on the map, in pixels; `label` is '' where it would cover another label or circle. `anchor` is start, middle or end."""

    index: int
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    label_y: float
    anchor: str


def lay_out(centroids: Floats, sizes: Sequence[int], labels: Sequence[str]) -> tuple[Spot, ...]:
    """Spots of the topics, in their order. `centroids` is (topics, dimensions), `sizes` are works.

    Distances on the map follow the cosine distances of the centroids as well as two dimensions allow (SMACOF from a classical
    scaling, de Leeuw 1977); then spots are pushed apart until they do not touch.
    """
    count = len(sizes)
    if count == 0:
        return ()
    radii = 4 + 18 * np.sqrt(np.asarray(sizes, dtype=np.float64) / max(*sizes, 1))
    places = _fit(_spread(_distances(centroids)), radii)
    placed = _push_apart(places, radii)
    return _label(placed, radii, sizes, labels)


def _distances(centroids: Floats) -> Floats:
    lengths = np.linalg.norm(centroids, axis=1, keepdims=True)
    unit = centroids / np.where(lengths == 0, 1, lengths)
    distances: Floats = np.clip(1 - unit @ unit.T, 0, 2)
    np.fill_diagonal(distances, 0)
    return distances


def _spread(distances: Floats) -> Floats:
    """(topics, 2) coordinates whose distances follow `distances`."""
    count = len(distances)
    if count == 1:
        return np.zeros((1, 2))
    centring = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-0.5 * centring @ distances**2 @ centring)
    first = vectors[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 1e-12))
    # An eigenvector's sign is free: the largest coordinate is made positive, so that the map never flips.
    signs = np.sign(first[np.argmax(np.abs(first), axis=0), [0, 1]])
    places: Floats = first * np.where(signs == 0, 1, signs)
    places = places + 1e-6 * np.arange(count)[:, None] * [1, -1]  # equal centroids must not fall onto one point
    for _ in range(_STEPS):
        now = np.linalg.norm(places[:, None] - places[None], axis=2)
        ratio = np.divide(distances, now, out=np.zeros_like(now), where=now > 1e-12)
        guttman = -ratio
        np.fill_diagonal(guttman, ratio.sum(axis=1))
        places = guttman @ places / count
    return places


def _fit(places: Floats, radii: Floats) -> Floats:
    """Stretch to the map; ranks are mixed in, so that one far topic does not press the others together."""
    order = np.argsort(np.argsort(places, axis=0, kind="stable"), axis=0, kind="stable") / max(len(places) - 1, 1)
    span = np.ptp(places, axis=0)
    scaled = (places - places.min(axis=0)) / np.where(span == 0, 1, span)
    mixed = 0.5 * scaled + 0.5 * order
    margin = _MARGIN + radii.max()
    size = np.array([MAP_WIDTH, MAP_HEIGHT]) - 2 * margin
    fitted: Floats = margin + mixed * size if len(places) > 1 else np.array([[MAP_WIDTH / 2, MAP_HEIGHT / 2]])
    return fitted


def _push_apart(places: Floats, radii: Floats) -> Floats:
    placed = places.copy()
    wanted = radii[:, None] + radii[None] + 3
    np.fill_diagonal(wanted, 0)
    low = radii[:, None] + 2
    high = np.array([MAP_WIDTH, MAP_HEIGHT]) - low
    for _ in range(_PUSHES):
        apart = placed[:, None] - placed[None]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-6)
        overlap = np.maximum(wanted - distance, 0)
        if overlap.max() < 0.5:
            break
        placed = np.clip(placed + 0.5 * (apart / distance[:, :, None] * overlap[:, :, None]).sum(axis=1) * 0.5, low, high)
    return placed


def _label(places: Floats, radii: Floats, sizes: Sequence[int], labels: Sequence[str]) -> tuple[Spot, ...]:
    """The largest topics first, each right of, left of, below or above its circle: where nothing is covered and the map not left."""
    circles = [_box(float(x), float(y), 2 * _CORE * float(r), 2 * _CORE * float(r)) for (x, y), r in zip(places, radii, strict=True)]
    taken: list[Box] = []
    spots: dict[int, Spot] = {}
    for index in sorted(range(len(sizes)), key=lambda topic: (-sizes[topic], topic)):
        x, y, radius = float(places[index, 0]), float(places[index, 1]), float(radii[index])
        text = labels[index] if len(labels[index]) <= LABEL_LETTERS else labels[index][: LABEL_LETTERS - 1].rstrip(" ,") + "…"
        length = _LETTER * sum(2 if ord(letter) > _FIRST_WIDE else 1 for letter in text)
        beside, above = radius + 3 + length / 2, radius + 2 + _LINE / 2
        chosen = Spot(index, round(x, 1), round(y, 1), round(radius, 1), "", 0.0, 0.0, "start")
        others = circles[:index] + circles[index + 1 :]
        for anchor, dx, dy in (("start", beside, 0.0), ("end", -beside, 0.0), ("middle", 0.0, above), ("middle", 0.0, -above)):
            box = _box(x + dx, y + dy, length, _LINE)
            inside = box[0] >= 0 and box[2] <= MAP_WIDTH and box[1] >= 0 and box[3] <= MAP_HEIGHT
            if inside and not any(_covers(box, other) for other in (*taken, *others)):
                taken.append(box)
                at = x + (dx and (radius + 3) * (1 if dx > 0 else -1))
                chosen = replace(chosen, label=text, label_x=round(at, 1), label_y=round(y + dy + 4, 1), anchor=anchor)
                break
        spots[index] = chosen
    return tuple(spots[index] for index in range(len(sizes)))


def _box(x: float, y: float, width: float, height: float) -> Box:
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _covers(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
