"""Figures of the track scorer on texts labelled by hand, by stream and by what it was given to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nlp.records import TRACKS, Text
from nlp.track_measures import (
    LabelledText,
    Marks,
    calibration_error,
    confusion,
    macro_interval,
    membership,
    none_f1,
    track_f1,
    worst_errors,
)
from nlp.track_model import TrackModel
from nlp.track_signals import sentence_of
from nlp.tracks import TrackScorer

STREAMS = ("paper", "patent", "news")
WORST = 20


class SentenceEncoder(Protocol):
    """What makes sentence vectors: see `nlp.embeddings.Encoder`."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class View:
    """One way to read the labelled texts: with codes or not, the title alone or all, with the sentence's meaning or by words alone."""

    name: str
    has_codes: bool
    is_title_alone: bool
    has_meaning: bool

    def of(self, text: Text) -> Text:
        """What of a text is shown."""
        return replace(text, codes=text.codes if self.has_codes else (), abstract="" if self.is_title_alone else text.abstract)


VIEWS = (
    View("text", False, False, True),
    View("text and codes", True, False, True),
    View("title alone", False, True, True),
    View("text, words only", False, False, False),
    View("text and codes, words only", True, False, False),
    View("title alone, words only", False, True, False),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Scores and marks of labelled texts, one row a text, one column a track."""

    labelled: tuple[LabelledText, ...]
    scores: npt.NDArray[np.float64]
    given: Marks

    def of_stream(self, kind: str) -> Answers:
        """The answers about one kind of document."""
        rows = np.array([item.text.kind == kind for item in self.labelled])
        chosen = tuple(item for item in self.labelled if item.text.kind == kind)
        return Answers(chosen, self.scores[rows], self.given[rows])

    def figures(self) -> dict[str, object]:
        """Macro-F1 with its interval, F1 of each track and of `none`, calibration error."""
        required, allowed = membership(self.labelled)
        per_track = track_f1(self.given, required, allowed)
        return {
            "texts": len(self.labelled),
            "macro_f1": round(float(np.mean(per_track)), 4),
            "interval": [round(end, 3) for end in macro_interval(self.given, required, allowed)],
            **{str(track): round(value, 3) for track, value in zip(TRACKS, per_track, strict=True)},
            "none": round(none_f1(self.given, required, allowed), 3),
            "calibration_error": round(calibration_error(self.scores, required, allowed), 4),
        }


def answer(scorer: TrackScorer, labelled: Sequence[LabelledText], view: View, encoder: SentenceEncoder) -> Answers:
    """Let the scorer read the labelled texts in one view."""
    texts = [replace(view.of(item.text), version_id=str(number)) for number, item in enumerate(labelled)]
    vectors = encoder.encode([sentence_of(text) for text in texts]) if view.has_meaning else None
    scores, given = np.zeros((len(texts), len(TRACKS))), np.zeros((len(texts), len(TRACKS)), dtype=bool)
    for found in scorer.score(texts, vectors):
        place = int(found.version_id), TRACKS.index(found.track)
        scores[place], given[place] = found.score, found.is_assigned
    return Answers(tuple(labelled), scores, given)


def measure(model: TrackModel, labelled: Sequence[LabelledText], encoder: SentenceEncoder) -> dict[str, dict[str, dict[str, object]]]:
    """The figures of every view, over all texts and by stream."""
    scorer = TrackScorer(model=model)
    figures: dict[str, dict[str, dict[str, object]]] = {}
    for view in VIEWS:
        answers = answer(scorer, labelled, view, encoder)
        figures[view.name] = {"all": answers.figures()} | {kind: answers.of_stream(kind).figures() for kind in STREAMS}
    return figures


def render(answers: Answers) -> str:
    """The confusion table and the worst errors as Markdown; identifiers and tracks, no texts."""
    required, allowed = membership(answers.labelled)
    counts, names = confusion(answers.given, required, allowed), [*TRACKS, "none"]
    lines = [f"| labelled / given | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
    lines += [f"| {wanted} | {' | '.join(str(counts.get((wanted, got), 0)) for got in names)} |" for wanted in names]
    lines += ["", "| document | labelled | given | fault | score |", "|---|---|---|---|---:|"]
    for row, place, score in worst_errors(answers.scores, answers.given, required, allowed, WORST):
        wanted = [track for track in TRACKS if track in answers.labelled[row].required]
        got = [track for column, track in enumerate(TRACKS) if answers.given[row, column]]
        named = [", ".join(tracks) or "none" for tracks in (wanted, got)]
        lines.append(f"| {answers.labelled[row].text.version_id} | {named[0]} | {named[1]} | {TRACKS[place]} | {score:.2f} |")
    return "\n".join(lines)
