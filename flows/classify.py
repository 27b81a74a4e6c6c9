"""A user's own texts in the six tracks, with the technologies they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.taxonomy import Taxonomy

BATCH = 256  # texts between two words of progress


def classify_texts(
    rows: Sequence[Mapping[str, Any]], models: Path, *, taxonomy: Taxonomy, threads: int = 2, say: Callable[[str], None] | None = None
) -> Iterator[dict[str, Any]]:
    """For each row {id, title, text}: {id, tracks: [{track, score, evidence}], technologies}, in the order given.

    Only assigned tracks are listed, the best first; none is an honest answer. `technologies` are names of `taxonomy` found in the text.
    Tracks are read from the words and from the packaged model's vectors, which are kept in the folder `models`. `say` is told
    how far it is.
    """
    from nlp.embeddings import load_encoder
    from nlp.lexicon import Lexicon
    from nlp.records import Text
    from nlp.spelling import term_key
    from nlp.taxonomy import POLICY_GROUPS
    from nlp.terms import installed_pipeline, load_pipeline, read
    from nlp.text import clean, language
    from nlp.track_signals import sentence_of
    from nlp.tracks import TrackScorer

    scorer, pipeline = TrackScorer(taxonomy), load_pipeline(installed_pipeline())
    encoder = load_encoder("model", models, threads=threads)
    names, lexicon = taxonomy.names_by_key(term_key), Lexicon(taxonomy)
    for start in range(0, len(rows), BATCH):
        texts = []
        for place, row in enumerate(rows[start : start + BATCH]):
            title, body = clean(str(row.get("title") or "")), clean(str(row.get("text") or ""))
            texts.append(Text(str(start + place), "text", title, body, language(title, body, None)))
        by_text: dict[str, list[dict[str, Any]]] = {text.version_id: [] for text in texts}
        for score in scorer.score(texts, encoder.encode([sentence_of(text) for text in texts])):
            if score.is_assigned:
                by_text[score.version_id].append(
                    {
                        "track": score.track,
                        "score": round(score.score, 4),
                        "evidence": [
                            {"reason": item.reason, "text": item.text, "weight": round(item.weight, 4)} for item in score.evidence
                        ],
                    }
                )
        for text, reading in zip(texts, read(texts, pipeline), strict=True):
            # Terms fold spellings further than the lexicon does; the lexicon finds names that no term may hold ("lunar and Mars ...").
            found = {names[mention.term_key][0] for mention in reading.mentions if mention.term_key in names}
            found |= {match.entry.name for match in lexicon.match(text) if match.entry.group in POLICY_GROUPS}
            tracks = sorted(by_text[text.version_id], key=lambda item: (-item["score"], item["track"]))
            yield {"id": rows[int(text.version_id)]["id"], "tracks": tracks, "technologies": sorted(found)}
        if say is not None and len(rows) > BATCH:
            say(f"classified {start + len(texts)} of {len(rows)} texts")
