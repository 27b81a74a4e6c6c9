"""What a weekly report is made of. Everything here was read from the `marts` of one published snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.reports.editions import NO_EDITION, Series
from flows.reports.language import ENGLISH, Language
from flows.reports.proof import Proof
from flows.reports.weeks import IsoWeek

TRACKS: tuple[str, ...] = ("manufacturing", "information", "materials", "energy", "space", "health")
STREAMS: tuple[str, ...] = ("paper", "patent", "news", "grant")
STAGES: tuple[str, ...] = ("incubation", "early industrialisation", "scaling", "mature", "declining")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The published file the report was read from; `facts` are its other columns as (name, value), for the colophon."""

    snapshot_id: str
    is_simulated: bool
    facts: tuple[tuple[str, str], ...]
    published_at: datetime | None = None

    def fact(self, name: str) -> str:
        """One of the other columns; empty where it is not known."""
        return dict(self.facts).get(name, "")

    @property
    def content(self) -> str:
        """What tells its content from another's: the digest, or the id where none was taken."""
        return self.fact("content_digest") or self.snapshot_id


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of a score: `points` of 100."""

    component: str
    points: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One ranked technology at one as-of. Ranks count from 1; low and high hold the 80 % interval; `parts` add up to `score`."""

    technology_id: str
    name: str
    name_zh: str | None
    track: str | None
    rank: int
    rank_low: int
    rank_high: int
    track_rank: int | None
    score: float
    score_low: float
    score_high: float
    stage: str
    works: int
    recent_works: int
    streams: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One technology now and at the as-of compared with. `before` is None when it was not ranked then."""

    now: Standing
    before: Standing | None

    @property
    def places(self) -> int:
        """Places gained; negative when lost, 0 for a new entry."""
        return 0 if self.before is None else self.before.rank - self.now.rank

    @property
    def new_works(self) -> int:
        """Works gained; fewer than 0 where corrections or merged records took some away, 0 for a new entry."""
        return 0 if self.before is None else self.now.works - self.before.works

    @property
    def is_clear(self) -> bool:
        """Whether the two 80 % rank intervals do not overlap."""
        return self.before is not None and (self.now.rank_high < self.before.rank_low or self.before.rank_high < self.now.rank_low)

    @property
    def is_stage_new(self) -> bool:
        """Whether the stage differs from the one before."""
        return self.before is not None and self.before.stage != self.now.stage

    def part_changes(self) -> tuple[tuple[str, float, float], ...]:
        """(component, points before, points now), the largest change first; empty for a new entry."""
        if self.before is None:
            return ()
        old = {part.component: part.points for part in self.before.parts}
        moved = [(part.component, old.get(part.component, 0.0), part.points) for part in self.now.parts]
        return tuple(sorted(moved, key=lambda part: (-abs(part[2] - part[1]), part[0])))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document that names a technology; `is_new` when it became available after the as-of compared with."""

    technology_id: str
    title: str
    url: str | None
    source: str
    kind: str
    available_on: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on what changed, one on why, and at most three documents that show it."""

    change: Change
    what: str
    why: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A technology of the ranking and at most three documents that name it."""

    technology_id: str
    name: str
    name_zh: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class WeakSignal:
    """A technology with too little evidence to be ranked, and what it lacks. `is_new` when it was not listed at the as-of before."""

    technology_id: str
    name: str
    name_zh: str | None
    track: str | None
    reason: str
    works: int
    recent_works: int
    streams: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """One event worth a look, as the judging stage wrote it."""

    technology_id: str
    name: str
    alert: str
    detail: str
    as_of: date
    name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Works of one technology in one quarter and stream, and all works of that stream in the quarter."""

    quarter_on: date
    stream: str
    works: int
    stream_works: int

    @property
    def share(self) -> float:
        """Works per 1,000 works of the stream; 0 where the stream had none."""
        return 1000 * self.works / self.stream_works if self.stream_works else 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The complete quarters of one technology, oldest first, every stream in every quarter."""

    technology_id: str
    name: str
    name_zh: str | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What one source yielded up to the snapshot; `problems` are the troubles of its last window, one sentence each."""

    source: str
    kinds: tuple[str, ...]
    documents: int
    captures: int
    rejects: int
    first_on: date | None
    last_on: date | None
    covered_to_on: date | None
    is_last_window_complete: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query on `marts` that gives a figure or table again; it runs as it stands."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class TrackData:
    """One track: how many of its technologies are ranked, the first of them, their timelines and their evidence."""

    track: str
    ranked_count: int
    ranking: tuple[Change, ...]
    timelines: tuple[Timeline, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class WatchedTechnology:
    """A technology of the watchlist: its place now and before (None = it has none), what changed and why, in two sentences."""

    technology_id: str
    name: str
    name_zh: str | None
    now: Standing | None
    before: Standing | None
    what: str
    why: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class WatchedTrack:
    """A track of the watchlist: how many are ranked now and before, the first of them, who entered its ranking and who left."""

    track: str
    ranked_count: int
    former_count: int
    first: tuple[Change, ...]
    entered: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WatchedActor:
    """An actor of the watchlist: its works and those since the as-of compared with; the technologies they name, as (name, works,
    whether it was first named since then); its newest documents."""

    name: str
    works: int
    new_works: int
    technologies: tuple[tuple[str, int, bool], ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a report says of the reader's watchlist; `unknown` are sentences on what of it means nothing here."""

    technologies: tuple[WatchedTechnology, ...]
    tracks: tuple[WatchedTrack, ...]
    actors: tuple[WatchedActor, ...]
    alerts: tuple[Alert, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekData:
    """All a weekly report says. `as_of` is None when the snapshot holds no ranking on or before the week's last day, `compared_with`
    when none is stored seven days or more before it, `watch` without a watchlist; `proofs` is empty without a back-test.
    Its sentences, and the files written from it, are in `language`."""

    week: IsoWeek
    as_of: date | None
    compared_with: date | None
    snapshot: Snapshot
    ranked_count: int
    findings: tuple[Finding, ...]
    ranking: tuple[Change, ...]
    left: tuple[Standing, ...]
    tracks: tuple[TrackData, ...]
    weak_signals: tuple[WeakSignal, ...]
    weak_signal_count: int
    alerts: tuple[Alert, ...]
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    queries: tuple[Query, ...]
    proofs: tuple[Proof, ...] = ()
    series: Series = NO_EDITION
    watch: Watch | None = None
    language: Language = ENGLISH


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the parts of a report lie; `images` are those the e-mail shows, named as their content id. `notes` are sentences for the
    person who asked for it, `problems` what of it could not be done."""

    html: Path
    markdown: Path
    email_html: Path
    email_text: Path
    images: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
