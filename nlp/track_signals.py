"""What one text shows of the six tracks before anything is weighed: words, names, codes and the meaning of the whole.

A table of signals has one column each for 12 word log-odds (weak, then taught), 6 of the sentence vector, 24 name counts
(own or weak phrase x elsewhere or title x track), 6 of the codes, and two marks (a title alone, has codes).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.bilingual import match_in_both, read_as_english
from nlp.codes import CodeReading, CodeTable
from nlp.lexicon import Lexicon, LexiconMatch
from nlp.records import TRACKS, Text
from nlp.taxonomy import Entry, Taxonomy
from nlp.track_model import Numbers, TrackModel, tokens

SIZE = len(TRACKS)
WEAK_WORDS, TAUGHT_WORDS, MEANING = slice(0, SIZE), slice(SIZE, 2 * SIZE), slice(2 * SIZE, 3 * SIZE)
NAMES, CODES = slice(3 * SIZE, 7 * SIZE), slice(7 * SIZE, 8 * SIZE)
IS_TITLE_ALONE, HAS_CODES = 8 * SIZE, 8 * SIZE + 1
SIGNAL_COUNT = 8 * SIZE + 2
LONGEST_NAME = 100  # signs
CODE_LOG_ODDS_LIMIT = math.log(0.95 / 0.05)  # a code never decides alone


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one text, shape (SIGNAL_COUNT,), and what stands behind them."""

    row: Numbers
    places: npt.NDArray[np.int64]
    values: Numbers
    matches: tuple[LexiconMatch, ...]
    codes: CodeReading | None


def sentence_of(text: Text) -> str:
    """What an encoder is given to read of one text."""
    return f"{text.title}. {text.abstract}"


def read_signals(text: Text, lexicon: Lexicon, codes: CodeTable, model: TrackModel, meaning: Numbers | None) -> Signals:
    """Read one text; Chinese is read as English words. `meaning`: log-odds from its sentence vector, shape (6,), or None."""
    english = read_as_english(text)
    matches, reading = match_in_both(text, lexicon), codes.read(text.codes)
    places, values, word_log_odds = model.read_words(tokens(f"{english.title} . {english.abstract}"))
    row = np.zeros(SIGNAL_COUNT)
    row[: 2 * SIZE] = word_log_odds
    if meaning is not None:
        row[MEANING] = meaning
    row[NAMES] = np.log1p(count_names(matches))
    row[IS_TITLE_ALONE] = not text.abstract
    if reading is not None:
        row[CODES] = [_log_odds(reading.scores.get(track, 0.0)) for track in TRACKS]
        row[HAS_CODES] = 1.0
    return Signals(row, places, values, matches, reading)


def names_alone(taxonomy: Taxonomy) -> dict[str, Entry]:
    """The entry of every spelling by its `name_key`, the earlier in the file first; weak phrases say too little by themselves."""
    entries: dict[str, Entry] = {}
    for entry in taxonomy.entries:
        if not entry.is_weak:
            for spelling in entry.spellings():
                entries.setdefault(name_key(spelling), entry)
    return entries


def name_alone(text: Text, entries: Mapping[str, Entry]) -> Entry | None:
    """The entry whose name is all that a text says: in a text without codes the taxonomy then knows better than any weighing."""
    if text.codes or len(text.title) + len(text.abstract) > LONGEST_NAME:
        return None
    return entries.get(name_key(text.title + text.abstract))


def name_key(written: str) -> str:
    """Letters, signs and digits only, without case and a final plural s."""
    return re.sub(r"[\W_]+", "", written.casefold()).removesuffix("s")


def count_names(matches: Sequence[LexiconMatch]) -> Numbers:
    """How many names speak for each track, shape (24,), by the place that `name_column` gives."""
    counts = np.zeros(4 * SIZE)
    for match in matches:
        for column in name_columns(match):
            counts[column] += 1.0
    return counts


def name_columns(match: LexiconMatch) -> list[int]:
    """The columns, within the 24 of names, that one match is counted in: one for each of its tracks."""
    first = (2 * int(match.entry.is_weak) + int(match.is_in_title)) * SIZE
    return [first + TRACKS.index(track) for track in match.entry.tracks]


def _log_odds(score: float) -> float:
    limited = min(max(score, 1e-9), 1.0 - 1e-9)
    return max(-CODE_LOG_ODDS_LIMIT, min(CODE_LOG_ODDS_LIMIT, math.log(limited / (1.0 - limited))))
