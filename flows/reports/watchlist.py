"""The reader's watchlist: where what is watched stands, what changed since the as-of compared with, and what is worth an alert.

The alerts are those the judging stage raised on what is watched (entering the first places, a new stage ...), and what it does not
raise because it matters to few: leaving the first places, an organisation new to a technology, a technology new to an actor. A place
that may have been lost by chance raises none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.reports.findings import say_change, say_reason
from flows.reports.language import ENGLISH, Language
from flows.reports.reading import NAME_LENGTH, read_alerts, read_changes, read_evidence, read_names_zh
from flows.reports.reads import Value, run_read, written_out
from flows.reports.records import (
    TRACKS,
    Alert,
    Change,
    Evidence,
    Query,
    Standing,
    Watch,
    WatchedActor,
    WatchedTechnology,
    WatchedTrack,
    WeekData,
)
from flows.reports.texts import clean_text
from scoring.bootstrap import FIRST_PLACES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAMED = 3
"""How many names a sentence gives before it counts the rest."""
QUOTED = 10
"""How many unknown names a sentence quotes: the mail must stay small however long the watchlist is."""
_READS = (
    "watched_names",
    "watched_technologies",
    "watched_alerts",
    "watched_newcomers",
    "watched_actors",
    "watched_actor_technologies",
    "watched_actor_documents",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """The names of a watchlist as its reader wrote them."""

    technologies: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


def read_watch(connection: DuckDBPyConnection, data: WeekData, watched: Watched) -> tuple[Watch | None, tuple[Query, ...]]:
    """(what the report of `data` says of what is watched, the queries behind it); None and nothing where nothing is watched."""
    if not (watched.technologies or watched.tracks or watched.actors):
        return None, ()
    from nlp.spelling import term_key
    from nlp.text import normalise_name

    names = list(dict.fromkeys(map(clean_text, watched.technologies)))
    tracks = [track for track in TRACKS if track in watched.tracks]
    keys = {name: normalise_name(name) for name in dict.fromkeys(map(clean_text, watched.actors))}
    values: dict[str, Value] = {
        "as_of": data.as_of,
        "previous": data.compared_with,
        "names": names,
        "term_keys": [term_key(name) for name in names],
        "tracks": tracks,
        "name_keys": sorted(filter(None, keys.values())),
    }
    meant = {row["wanted"]: row["technology_id"] for row in run_read(connection, "watched_names", values)}
    values["technology_ids"] = list(dict.fromkeys(meant[name] for name in names if name in meant))
    language = data.language
    found = _read_actors(connection, values, language)
    actors = tuple(found[key] for key in dict.fromkeys(keys.values()) if key in found)
    changes, gone = read_changes(connection, data.as_of, data.compared_with) if data.as_of else ((), ())
    technologies = _read_technologies(connection, values, changes, gone, language)
    raised = read_alerts(connection, values, "watched_alerts")
    newcomers = run_read(connection, "watched_newcomers", values)
    watch = Watch(
        technologies=technologies,
        tracks=tuple(_describe_track(track, changes, gone, language) for track in tracks),
        actors=actors,
        alerts=find_watch_alerts(raised, technologies, newcomers, actors, data.as_of, language)
        if data.as_of and data.compared_with
        else raised,
        unknown=tell_unknown(
            [name for name in names if name not in meant],
            [track for track in dict.fromkeys(watched.tracks) if track not in TRACKS],
            [name for name, key in keys.items() if key not in found],
            language,
        ),
    )
    return watch, tuple(Query(name.replace("_", " "), written_out(name, values)) for name in _READS)


def find_watch_alerts(
    raised: Sequence[Alert],
    technologies: Sequence[WatchedTechnology],
    newcomers: Sequence[Mapping[str, Any]],
    actors: Sequence[WatchedActor],
    as_of: date,
    language: Language = ENGLISH,
) -> tuple[Alert, ...]:
    """What was raised, then what the judging stage leaves unsaid as of a day that has another before it."""
    found = list(raised)
    for technology in technologies:
        now, before = technology.now, technology.before
        if before and before.rank <= FIRST_PLACES and (now is None or (now.rank > FIRST_PLACES and Change(now, before).is_clear)):
            where = f"stands at {now.rank}" if now else "has no place any more"
            found.append(
                Alert(
                    technology.technology_id, technology.name, "left top 20", f"{where} and was at {before.rank}", as_of, technology.name_zh
                )
            )
    names_zh = {technology.technology_id: technology.name_zh for technology in technologies}
    by_technology: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in newcomers:
        by_technology[row["technology_id"]].append(row)
    for technology_id, rows in by_technology.items():
        named = _list_names([clean_text(row["actor"], NAME_LENGTH) for row in rows], language)
        detail = f"named for the first time by {named}"
        name = clean_text(rows[0]["name"], NAME_LENGTH)
        found.append(Alert(technology_id, name, "new organisation", detail, as_of, names_zh.get(technology_id)))
    for actor in actors:
        fresh = [name for name, _, is_new in actor.technologies if is_new]
        if fresh:
            found.append(Alert("", actor.name, "new technology", f"names for the first time {_list_names(fresh, language)}", as_of))
    return tuple(found)


def tell_unknown(
    technologies: Sequence[str], tracks: Sequence[str], actors: Sequence[str], language: Language = ENGLISH
) -> tuple[str, ...]:
    """One sentence for each kind of name on the watchlist that means nothing in this snapshot."""
    sentences = []
    if technologies:
        message = language.gettext("No technology of this snapshot is called %(names)s: it may not have been found yet.")
        sentences.append(message % {"names": _quote(technologies, language)})
    if tracks:
        message = language.gettext("%(names)s is no track: they are %(tracks)s.")
        sentences.append(message % {"names": _quote(tracks, language), "tracks": language.listed(list(TRACKS))})
    if actors:
        message = language.gettext("No document of this snapshot names an actor called %(names)s.")
        sentences.append(message % {"names": _quote(actors, language)})
    return tuple(sentences)


def _describe_track(track: str, changes: Sequence[Change], gone: Sequence[Standing], language: Language) -> WatchedTrack:
    own = [change for change in changes if change.now.track == track]
    left = [language.name_of(standing) for standing in gone if standing.track == track]
    return WatchedTrack(
        track=track,
        ranked_count=len(own),
        former_count=sum(change.before is not None for change in own) + len(left),
        first=tuple(own[:NAMED]),
        entered=tuple(language.name_of(change.now) for change in own if change.before is None),
        left=tuple(left),
    )


def _read_technologies(
    connection: DuckDBPyConnection,
    values: Mapping[str, Value],
    changes: Sequence[Change],
    gone: Sequence[Standing],
    language: Language,
) -> tuple[WatchedTechnology, ...]:
    ranked = {change.now.technology_id: change for change in changes}
    former = {standing.technology_id: standing for standing in gone}
    evidence = read_evidence(connection, values)
    found = []
    for row in run_read(connection, "watched_technologies", values):
        key = row["technology_id"]
        change = ranked.get(key)
        before = change.before if change else former.get(key)
        if change:
            what, why = say_change(change, values["previous"] is not None, language), say_reason(change, language)
        elif before:
            what = language.say("has no place any more; it was at %(rank)s.", rank=before.rank)
            why = language.retell(clean_text(row["reason"]))
        else:
            what, why = language.say("has no place."), language.retell(clean_text(row["reason"]))
        found.append(
            WatchedTechnology(
                technology_id=key,
                name=clean_text(row["name"], NAME_LENGTH),
                name_zh=clean_text(row["name_zh"], NAME_LENGTH) if row["name_zh"] else None,
                now=change.now if change else None,
                before=before,
                what=what,
                why=why,
                evidence=tuple(evidence.get(key, ())),
            )
        )
    return tuple(found)


def _read_actors(connection: DuckDBPyConnection, values: Mapping[str, Value], language: Language) -> dict[str, WatchedActor]:
    """Watched actors by their key."""
    technologies: dict[str, list[tuple[str, int, bool]]] = defaultdict(list)
    rows = run_read(connection, "watched_actor_technologies", values)
    names_zh = {} if language.is_english else read_names_zh(connection, [row["technology_id"] for row in rows])
    for row in rows:
        name = names_zh.get(row["technology_id"]) or clean_text(row["name"], NAME_LENGTH)
        technologies[row["name_key"]].append((name, row["works"], row["is_new"]))
    documents: dict[str, list[Evidence]] = defaultdict(list)
    for row in run_read(connection, "watched_actor_documents", values):
        title = clean_text(row["title"])
        documents[row["name_key"]].append(
            Evidence("", title, row["url"], clean_text(row["source"]), row["kind"], row["available_on"], row["is_new"])
        )
    return {
        row["name_key"]: WatchedActor(
            name=clean_text(row["name"], NAME_LENGTH),
            works=row["works"],
            new_works=row["new_works"],
            technologies=tuple(technologies[row["name_key"]]),
            evidence=tuple(documents[row["name_key"]]),
        )
        for row in run_read(connection, "watched_actors", values)
    }


def _list_names(names: Sequence[str], language: Language) -> str:
    more = language.say(" and %(count)s more", count=len(names) - NAMED) if len(names) > NAMED else ""
    return language.listed(list(names[:NAMED])) + more


def _quote(names: Sequence[str], language: Language) -> str:
    more = language.say(" (and %(count)s more)", count=len(names) - QUOTED) if len(names) > QUOTED else ""
    return language.listed([f"“{clean_text(name, NAME_LENGTH)}”" for name in names[:QUOTED]]) + more
