"""Learns the numbers of the track model. Pure: texts, labels and sentence vectors in, a TrackModel out.

Three teachers: weak labels from codes and names, texts labelled by hand, and a perceptron over sentence vectors that reads
many more texts to the word model (Hinton et al. 2015, distillation). The combiners are fitted on scores that
learners gave to texts they had not seen (stacking, Wolpert 1992), so that they are calibrated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nlp.codes import CodeReading, CodeTable
from nlp.lexicon import Lexicon, LexiconMatch
from nlp.records import TRACKS, Text
from nlp.taxonomy import Taxonomy
from nlp.track_measures import LabelledText, membership, none_f1, track_f1, unit_hash
from nlp.track_model import Combiner, Numbers, Perceptron, TrackModel, Vocabulary, features, tokens
from nlp.track_perceptron import learn_perceptron
from nlp.track_signals import MEANING, SIGNAL_COUNT, SIZE, read_signals, sentence_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEATURE_COUNT = 90_000
MINIMUM_DOCUMENT_COUNT = 4
PER_HEADING = 1_500  # at most so many texts of one source and first code, so that no archive drowns the others
WEAK_REGULARISATION, COMBINER_REGULARISATION, TAUGHT_PENALTY = 3.0, 0.3, 1.0
TITLE_WEIGHT, OPEN_WEIGHT = 0.6, 0.5  # a title says less; where a specialist might differ, so may the label
TAUGHT_ROUNDS = 12  # of conjugate gradients: stopping early regularises, more rounds cost F1
TAUGHT_LIMIT, LABEL_LOG_ODDS = 5.0, (-3.5, 2.5)  # what a teacher's certainty and a label by hand count for
CODE_SAYS_YES, CODE_IS_SILENT = 0.5, 0.12
NAME_DRAW, NAME_WEIGHT = "taxonomy", 0.3  # headlines made of the taxonomy's names, and what one of them counts for
HEADLINES = (
    "New advances in {}",
    "How {} works",
    "{} moves from laboratory to market",
    "A review of {} and its applications",
    "Scientists demonstrate {}",
    "Company shows first {}",
)
FOLDS = 5
THRESHOLDS = np.round(np.arange(0.2, 0.71, 0.025), 3)
Table = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from: weakly labelled texts, texts without a label to be taught on, and texts labelled by hand.

    `vectors`: unit sentence vector by `sentence_of`, for every text of `untold` and `labelled` and for the title of each of the latter.
    """

    weak: Sequence[Text]
    untold: Sequence[Text]
    labelled: Sequence[LabelledText]
    vectors: Mapping[str, npt.NDArray[np.float32]]


def name_headlines(taxonomy: Taxonomy) -> list[LabelledText]:
    """One headline for every English spelling that speaks for its track alone: so that rare names are known by their words too."""
    spellings = {
        spelling: entry for entry in reversed(taxonomy.entries) if not entry.is_weak for spelling in (entry.name, *entry.en_aliases)
    }
    made: list[LabelledText] = []
    for spelling in sorted(spellings):
        headline = HEADLINES[int(unit_hash(f"carrier:{spelling}") * len(HEADLINES))].format(spelling)
        tracks = frozenset(spellings[spelling].tracks)
        made.append(LabelledText(Text(f"{NAME_DRAW}:{spelling}", "news", headline, "", "en"), tracks, tracks, tracks, NAME_DRAW))
    return made


def title_alone(text: Text) -> Text:
    """The same document with nothing but its title."""
    return replace(text, abstract="", codes=())


def sample_texts(texts: Sequence[tuple[str, Text]], per_heading: int = PER_HEADING) -> list[Text]:
    """At most so many of (source, text) pairs per source and first code, chosen and ordered by hash."""
    groups: dict[tuple[str, str], list[Text]] = {}
    for source, text in texts:
        heading = text.codes[0][1] if text.codes else ""
        groups.setdefault((source, heading), []).append(text)
    chosen = [text for group in groups.values() for text in sorted(group, key=_draw)[:per_heading]]
    return sorted(chosen, key=lambda text: (*_draw(text), text.title))


def weak_labels(matches: Sequence[LexiconMatch], codes: CodeReading | None) -> npt.NDArray[np.int8]:
    """1 (belongs), 0 (does not) or -1 (open) for each track, from the codes and the names found in one text."""
    labels = np.zeros(SIZE, dtype=np.int8)
    for row, track in enumerate(TRACKS):
        speaking = [match for match in matches if track in match.entry.tracks]
        named = [match for match in speaking if not match.entry.is_weak]
        is_about = any(match.is_in_title for match in named) or len(named) >= 2
        code_score = 0.0 if codes is None else codes.scores.get(track, 0.0)
        if code_score >= CODE_SAYS_YES:
            labels[row] = 1
        elif code_score >= CODE_IS_SILENT:
            labels[row] = 1 if is_about else -1
        elif codes is not None:
            labels[row] = -1 if is_about else 0
        elif is_about:
            labels[row] = 1
        else:
            labels[row] = -1 if speaking else 0
    return labels


def learn(lessons: Lessons, lexicon: Lexicon, codes: CodeTable, definitions: npt.NDArray[np.float32]) -> TrackModel:
    """The whole model: learners on all lessons, combiners on what learners of four fifths said of the other fifth."""
    untold_words = [(tokens(text.title), tokens(text.abstract)) for text in lessons.untold]
    model = _learn_weak(lessons, untold_words, lexicon, codes, definitions)
    untold_rows = _untold_rows(model.vocabulary, untold_words)
    model_of_all = _teach(model, lessons, range(len(lessons.labelled)), untold_rows)
    folds = np.array([int(unit_hash(f"fold:{item.text.version_id}") * FOLDS) for item in lessons.labelled])
    shown: list[tuple[int, Text]] = []
    rows: list[tuple[Numbers, Numbers]] = []
    for fold in range(FOLDS):
        taught = _teach(model, lessons, np.flatnonzero(folds != fold).tolist(), untold_rows)
        for number in np.flatnonzero(folds == fold).tolist():
            for text in _views(lessons.labelled[number].text):
                meaning = taught.perceptron.read(lessons.vectors[sentence_of(text)][None])[0]
                shown.append((number, text))
                rows.append(tuple(read_signals(text, lexicon, codes, taught, seen).row for seen in (None, meaning)))  # type: ignore[arg-type]
    by_words, by_meaning = (_learn_combiner(np.array(part), shown, lessons.labelled) for part in zip(*rows, strict=True))
    by_words.weights[MEANING] = 0.0
    return replace(model_of_all, by_words=by_words, by_meaning=by_meaning)


def teach_again(standing: TrackModel, lessons: Lessons) -> TrackModel:
    """A perceptron and taught words learned from these labels, averaged with those that stand, in minutes; all else stays as it is.

    The mean of learners errs less than either (Breiman 1996, bagging). The combiners stay calibrated as long as the labels have
    not become many more: they were fitted on learners of the same kind.
    """
    untold_words = [(tokens(text.title), tokens(text.abstract)) for text in lessons.untold]
    learned = _teach(standing, lessons, range(len(lessons.labelled)), _untold_rows(standing.vocabulary, untold_words))
    old, new, half = standing.perceptron, learned.perceptron, np.float32(0.5)
    joined = Perceptron(
        np.concatenate([old.hidden, new.hidden], axis=1),
        np.concatenate([old.hidden_bias, new.hidden_bias]),
        np.concatenate([old.output, new.output]) * half,
        (old.output_bias + new.output_bias) * half,
    )
    words, word_bias = (standing.words + learned.words) * half, (standing.word_bias + learned.word_bias) * half
    return replace(standing, words=words, word_bias=word_bias, perceptron=joined)


def _learn_weak(
    lessons: Lessons, untold_words: Sequence[tuple[list[str], list[str]]], lexicon: Lexicon, codes: CodeTable, definitions: Table
) -> TrackModel:
    """One logistic regression a track on weak labels; of every second text the title is shown once more by itself."""
    from sklearn.linear_model import LogisticRegression

    words = [(tokens(text.title), tokens(text.abstract)) for text in lessons.weak]
    labelled_words = [(tokens(item.text.title), tokens(item.text.abstract)) for item in lessons.labelled]
    vocabulary = _vocabulary([title + abstract for title, abstract in (*words, *untold_words, *labelled_words)])
    labels = np.array([weak_labels(lexicon.match(text), codes.read(text.codes)) for text in lessons.weak])
    matrix = _matrix(vocabulary, [*(title + abstract for title, abstract in words), *(title for title, _ in words[::2])])
    targets = np.concatenate([labels, labels[::2]])
    weights = np.concatenate([np.ones(len(labels)), np.full(len(labels[::2]), TITLE_WEIGHT)])
    table, bias = np.zeros((len(vocabulary.places), 2 * SIZE), dtype=np.float32), np.zeros(2 * SIZE, dtype=np.float32)
    for row in range(SIZE):
        is_known = targets[:, row] >= 0
        regression = LogisticRegression(C=WEAK_REGULARISATION, solver="liblinear", random_state=0, tol=1e-2)
        regression.fit(matrix[is_known], targets[is_known, row], sample_weight=weights[is_known])
        table[:, row], bias[row] = regression.coef_[0], regression.intercept_[0]
    nothing = Combiner(np.zeros((SIGNAL_COUNT, SIZE)), np.zeros(SIZE), 0.5)
    empty = Perceptron(*(np.zeros(shape, dtype=np.float32) for shape in ((definitions.shape[1], 1), (1,), (1, SIZE), (SIZE,))))
    return TrackModel(vocabulary, table, bias, empty, definitions, nothing, nothing, {})


def _teach(model: TrackModel, lessons: Lessons, numbers: Sequence[int], untold_rows: object) -> TrackModel:
    """Learn the perceptron from labels by hand, let it read the untold texts, and fit the taught words to what both say."""
    from scipy.sparse import vstack
    from sklearn.linear_model import Ridge

    chosen = [lessons.labelled[number] for number in numbers]
    titles = [replace(item, text=title_alone(item.text)) for item in chosen if item.text.abstract]
    targets, weights = label_targets([*chosen, *titles])
    weights[len(chosen) :] *= TITLE_WEIGHT
    counts = np.array([NAME_WEIGHT if item.draw == NAME_DRAW else 1.0 for item in (*chosen, *titles)])
    vectors = np.array([lessons.vectors[sentence_of(item.text)] for item in (*chosen, *titles)])
    perceptron = learn_perceptron(vectors, targets, weights)
    said = np.clip(perceptron.read(np.array([lessons.vectors[sentence_of(text)] for text in lessons.untold])), -TAUGHT_LIMIT, TAUGHT_LIMIT)
    own_rows = _matrix(model.vocabulary, [_telling_words(item) for item in (*chosen, *titles)])
    ridge = Ridge(alpha=TAUGHT_PENALTY, solver="sparse_cg", max_iter=TAUGHT_ROUNDS)
    ridge.fit(
        vstack([untold_rows, own_rows]),
        np.concatenate([said, said, np.where(targets > 0.0, LABEL_LOG_ODDS[1], LABEL_LOG_ODDS[0])]),
        sample_weight=np.concatenate([np.ones(len(said)), np.full(len(said), TITLE_WEIGHT), counts]),
    )
    words, bias = model.words.copy(), model.word_bias.copy()
    words[:, SIZE:], bias[SIZE:] = ridge.coef_.T, ridge.intercept_
    return replace(model, words=words, word_bias=bias, perceptron=perceptron)


def _telling_words(item: LabelledText) -> list[str]:
    """The words of a text; of a headline made of a name those of the name alone, for the frame around it tells of no track."""
    if item.draw == NAME_DRAW:
        return tokens(item.text.version_id.removeprefix(f"{NAME_DRAW}:"))
    return tokens(item.text.title) + tokens(item.text.abstract)


def label_targets(labelled: Sequence[LabelledText]) -> tuple[Table, Table]:
    """1 where a track is likelier than not, and how much each mark counts; both of shape (texts, 6)."""
    likely = np.array([[track in item.likely for track in TRACKS] for item in labelled], dtype=np.float32)
    required, allowed = membership(labelled)
    counted = np.array([NAME_WEIGHT if item.draw == NAME_DRAW else 1.0 for item in labelled])
    return likely, (np.where(required | ~allowed, 1.0, OPEN_WEIGHT) * counted[:, None]).astype(np.float32)


def _learn_combiner(rows: Numbers, shown: Sequence[tuple[int, Text]], labelled: Sequence[LabelledText]) -> Combiner:
    """One logistic regression a track over all signals; the threshold is set on whole texts without codes.

    The threshold is the one whose macro-F1 over the six tracks and `none`, averaged with its neighbours within .05, is
    highest: `none` is an answer like the others, and the plain maximum of a few thousand texts is a matter of luck.
    """
    from sklearn.linear_model import LogisticRegression

    targets, marks = label_targets([labelled[number] for number, _ in shown])
    marks *= np.array([TITLE_WEIGHT if text != labelled[number].text else 1.0 for number, text in shown])[:, None]
    weights, bias = np.zeros((rows.shape[1], SIZE)), np.zeros(SIZE)
    for row in range(SIZE):
        regression = LogisticRegression(C=COMBINER_REGULARISATION, max_iter=2_000).fit(rows, targets[:, row], sample_weight=marks[:, row])
        weights[:, row], bias[row] = regression.coef_[0], regression.intercept_[0]
    is_whole = np.array(
        [
            not text.codes and text.abstract == labelled[number].text.abstract and labelled[number].draw != NAME_DRAW
            for number, text in shown
        ]
    )
    scores = 1.0 / (1.0 + np.exp(-(rows[is_whole] @ weights + bias)))
    required, allowed = membership([labelled[number] for (number, _), whole in zip(shown, is_whole, strict=True) if whole])
    quality = [
        np.mean([*track_f1(scores >= threshold, required, allowed), none_f1(scores >= threshold, required, allowed)])
        for threshold in THRESHOLDS
    ]
    smooth = np.convolve(np.pad(np.array(quality), 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return Combiner(weights, bias, float(THRESHOLDS[int(smooth.argmax())]))


def _views(text: Text) -> list[Text]:
    """The text as it is, without its codes, and its title alone, as far as these differ."""
    return list(dict.fromkeys((text, replace(text, codes=()), title_alone(text))))


def _draw(text: Text) -> tuple[float, str]:
    return unit_hash(text.version_id), text.version_id


def _vocabulary(word_lists: Sequence[Sequence[str]]) -> Vocabulary:
    """The most frequent features in alphabetical order, with smoothed inverse document frequency."""
    counts: Counter[str] = Counter()
    for words in word_lists:
        counts.update(set(features(words)))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FEATURE_COUNT]
    kept = sorted(feature for feature, count in ordered if count >= MINIMUM_DOCUMENT_COUNT)
    idf = np.array([np.log((1 + len(word_lists)) / (1 + counts[feature])) + 1.0 for feature in kept], dtype=np.float32)
    return Vocabulary({feature: place for place, feature in enumerate(kept)}, idf)


def _untold_rows(vocabulary: Vocabulary, words: Sequence[tuple[list[str], list[str]]]) -> csr_matrix:
    """The untold texts, then the title of each by itself."""
    return _matrix(vocabulary, [*(title + abstract for title, abstract in words), *(title for title, _ in words)])


def _matrix(vocabulary: Vocabulary, word_lists: Sequence[Sequence[str]]) -> csr_matrix:
    """TF-IDF rows as one sparse matrix, shape (texts, features)."""
    from scipy.sparse import csr_matrix

    rows = [vocabulary.weigh(words) for words in word_lists]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    columns, values = (np.concatenate([row[part] for row in rows]) for part in (0, 1))
    return csr_matrix((values.astype(np.float32), columns, ends), shape=(len(rows), len(vocabulary.places)))
