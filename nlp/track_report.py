"""Figures of the track scorer on texts labelled by hand, by stream and by what it was given to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

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

# Papers, patents and their whole with the news: labelled by two coders. News are few there, and counted with our own beside them.
GROUPS: Mapping[str, Callable[[LabelledText], bool]] = {
    "all": lambda item: not item.draw,
    "papers and patents": lambda item: not item.draw and item.text.kind in ("paper", "patent"),
    "paper": lambda item: not item.draw and item.text.kind == "paper",
    "patent": lambda item: not item.draw and item.text.kind == "patent",
    "news": lambda item: not item.draw and item.text.kind == "news",
    "news, own labels": lambda item: bool(item.draw),
    "news, both": lambda item: item.text.kind == "news",
}
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

    def of_group(self, name: str) -> Answers:
        """The answers about one of GROUPS."""
        rows = np.flatnonzero([GROUPS[name](item) for item in self.labelled])
        return Answers(tuple(self.labelled[row] for row in rows), self.scores[rows], self.given[rows])

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
    """The figures of every view by group."""
    scorer = TrackScorer(model=model)
    figures: dict[str, dict[str, dict[str, object]]] = {}
    for view in VIEWS:
        answers = answer(scorer, labelled, view, encoder)
        figures[view.name] = {name: answers.of_group(name).figures() for name in GROUPS}
    return figures


def tabulate(figures: Mapping[str, Mapping[str, Mapping[str, object]]]) -> str:
    """What `measure` gives as one Markdown table, a line for each view and group."""
    lines = [
        f"| view | group | texts | macro-F1 | 95 % interval | {' | '.join((*TRACKS, 'none'))} | ECE |",
        f"|---|---|---:|---:|---|{'---:|' * (len(TRACKS) + 2)}",
    ]
    for view, groups in figures.items():
        for group, found in groups.items():
            low, high = cast("list[float]", found["interval"])
            each = " | ".join(f"{found[track]:.2f}" for track in (*TRACKS, "none"))
            lines.append(
                f"| {view} | {group} | {found['texts']} | {found['macro_f1']:.3f} | {low:.3f} to {high:.3f} | {each} "
                f"| {found['calibration_error']:.3f} |"
            )
    return "\n".join(lines)


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
