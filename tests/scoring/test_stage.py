from datetime import date

import numpy as np
import pytest

from scoring.evidence import recent_stream_works
from scoring.growth import measure_growth
from scoring.periods import count_works
from scoring.records import STAGES
from scoring.stage import CUE_AFFINITY, PRIOR, STAGE_EVIDENCE, STREAM_AFFINITY, estimate_stages, name_stages, weigh_stages

AS_OF = date(2019, 12, 31)


def posterior_of(corpus):
    return estimate_stages(corpus, recent_stream_works(corpus, AS_OF), measure_growth(count_works(corpus)))


def history(work, name, stream, yearly, cue=None):
    """`yearly` works of the years 2013 to 2019, each with the maturity word of one stage."""
    cues = tuple(int(index == cue) for index in range(5))
    return [work(date(2013 + year, 1 + n % 12, 1), stream, name, cues=cues) for year, count in enumerate(yearly) for n in range(count)]


@pytest.fixture
def lives(work):
    """One candidate at each stage, on a background that keeps the streams constant."""
    return [
        *(each for stream in ("paper", "patent", "news") for each in history(work, "", stream, [200] * 7)),
        *history(work, "young", "paper", [0, 0, 0, 0, 2, 6, 14], cue=0),
        *history(work, "pilot", "patent", [0, 0, 1, 2, 4, 8, 12], cue=1),
        *history(work, "pilot", "paper", [1, 1, 2, 3, 4, 6, 6], cue=1),
        *history(work, "scaler", "patent", [4, 5, 5, 6, 8, 12, 14], cue=2),
        *history(work, "scaler", "news", [0, 2, 2, 4, 6, 10, 12], cue=2),
        *history(work, "settled", "patent", [20] * 7, cue=3),
        *history(work, "fader", "patent", [30, 28, 25, 20, 14, 8, 4], cue=4),
    ]


def test_each_life_is_read_at_its_stage(lives, corpus_of):
    posterior = posterior_of(corpus_of(AS_OF, lives, ["young", "pilot", "scaler", "settled", "fader"]))
    assert name_stages(posterior) == STAGES
    assert posterior.sum(axis=1) == pytest.approx(np.ones(5))


def test_a_single_stream_tells_nothing_by_its_mix(work, corpus_of):
    # growth is unknown (nothing before the recent window), no maturity words: only the prior is left
    corpus = corpus_of(AS_OF, [work(date(2019, 5, 1), "paper", "a")] * 50, ["a", "none"])
    assert posterior_of(corpus) == pytest.approx(np.array([PRIOR, PRIOR]))


def test_the_tables_favour_the_stage_they_speak_of():
    assert (CUE_AFFINITY.argmax(axis=1) == np.arange(5)).all()
    assert (CUE_AFFINITY.argmax(axis=0) == np.arange(5)).all()
    assert PRIOR.sum() == pytest.approx(1)
    assert (STREAM_AFFINITY > 0).all()


def test_the_support_of_a_stage_is_what_each_source_adds_to_its_odds(lives, corpus_of):
    corpus = corpus_of(AS_OF, lives, ["young", "pilot", "scaler", "settled", "fader"])
    stages = weigh_stages(corpus, recent_stream_works(corpus, AS_OF), measure_growth(count_works(corpus)))
    assert (stages.support[:, STAGE_EVIDENCE.index("maturity_words")] > 0.5).all()  # each says the word of its stage
    assert stages.support[4, STAGE_EVIDENCE.index("share_trend")] > 0.5  # the fader fades


def test_sources_that_say_nothing_support_nothing(work, corpus_of):
    corpus = corpus_of(AS_OF, [work(date(2019, 5, 1), "paper", "a")] * 50, ["a"])
    stages = weigh_stages(corpus, recent_stream_works(corpus, AS_OF), measure_growth(count_works(corpus)))
    assert stages.support == pytest.approx(np.zeros((1, 3)), abs=1e-12)
