"""What a person decided on technologies, and its effect on discovery: merged, split, renamed, rejected, accepted.

Acts are a list that only grows: an undo is an act too. They name technologies by canonical term key, which no refit
changes, so that they hold at every as-of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args

Kind = Literal["merge", "rename", "split", "reject", "accept", "entry", "undo"]
_NEEDS: dict[Kind, frozenset[str]] = {
    "merge": frozenset({"technology", "into"}),
    "rename": frozenset({"technology", "name"}),
    "split": frozenset({"technology", "terms"}),
    "reject": frozenset({"technology"}),
    "accept": frozenset({"technology"}),
    "entry": frozenset({"entry"}),
    "undo": frozenset({"undoes"}),
}
_ALWAYS = frozenset({"number", "at", "act", "reason"})
_MAY: dict[Kind, frozenset[str]] = {"rename": frozenset({"name_zh"})}


class CurationError(ValueError):
    """An act cannot be read or does not fit the ones before it; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Act:
    """One decision. `technology`, `into` and `terms` are term keys; `entry` is one entry of a taxonomy file as written there."""

    number: int
    at: datetime
    act: Kind
    reason: str
    technology: str | None = None
    into: str | None = None
    terms: tuple[str, ...] = ()
    name: str | None = None
    name_zh: str | None = None
    entry: Mapping[str, Any] | None = None
    undoes: int | None = None

    def as_row(self) -> dict[str, Any]:
        """The act with only the fields its kind has, in the order they are written in the file."""
        shown = _ALWAYS | _NEEDS[self.act] | _MAY.get(self.act, frozenset())
        row = {one.name: getattr(self, one.name) for one in fields(self) if one.name in shown}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items() if value is not None}


def read_act(row: Any) -> Act:
    """One act as `Act.as_row` gives it. Raises CurationError when a field is missing, unknown or of another kind."""
    if not isinstance(row, dict) or row.get("act") not in get_args(Kind):
        raise CurationError(f"an act must name one of {', '.join(get_args(Kind))}: {row!r:.80}")
    kind: Kind = row["act"]
    where = f"act {row.get('number')} ({kind})"
    lacking = (_ALWAYS | _NEEDS[kind]) - row.keys()
    surplus = row.keys() - _ALWAYS - _NEEDS[kind] - _MAY.get(kind, frozenset())
    if lacking or surplus:
        raise CurationError(f"{where} {'lacks' if lacking else 'has an unknown field'} {sorted(lacking or surplus)[0]!r}")
    kinds = {"number": int, "undoes": int, "at": datetime, "terms": list, "entry": dict}
    for name, value in row.items():
        if not isinstance(value, kinds.get(name, str)) or not value:
            raise CurationError(f"{where} has {value!r:.40} as its {name}")
    if not all(isinstance(term, str) for term in row.get("terms", ())):
        raise CurationError(f"{where} has terms that are not text")
    return Act(**{**row, "terms": tuple(row.get("terms", ()))})


def in_force(acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts that no later act undid, in order; undos themselves are left out.

    Raises CurationError when the numbers are not 1, 2, 3 ... or an undo names no earlier act that stands.
    """
    standing: dict[int, Act] = {}
    for place, act in enumerate(acts, start=1):
        if act.number != place:
            raise CurationError(f"acts must be numbered 1, 2, 3 ...: number {act.number} stands at place {place}")
        if act.act != "undo":
            standing[place] = act
        elif act.undoes is None or standing.pop(act.undoes, None) is None:
            raise CurationError(f"act {place} undoes {act.undoes}, which is no act that stands")
    return tuple(standing.values())


class Keyed(Protocol):
    """Anything with a term key."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


@dataclass(slots=True)
class Group(Generic[T]):
    """Terms that mean one technology, the leading one first, and what a person decided on it.

    `canonical_key` makes the id. `is_accepted`: True or False where a person said so, None where the rules judge.
    `is_apart`: a person split it off, so that no rule joins it again.
    """

    canonical_key: str
    members: list[T] = field(default_factory=list)
    name: str | None = None
    name_zh: str | None = None
    is_accepted: bool | None = None
    is_apart: bool = False


def apply(families: Iterable[Sequence[T]], acts: Iterable[Act]) -> list[Group[T]]:
    """The families after the acts in force, one after the other. An act on terms that no family holds changes nothing.

    What a person merges, renames or splits off is a technology, for they treat it as one. A merge into a technology that
    is not there (yet) gives its id to the other: an id means the same at every as-of.
    """
    groups = [Group(family[0].key, list(family)) for family in families]
    owner = {member.key: group for group in groups for member in group.members}
    for act in acts:
        group = owner.get(act.technology or "")
        if group is None:
            continue
        if act.act == "merge" and act.into is not None:
            _merge(group, owner.get(act.into), act.into, owner)
        elif act.act == "split":
            part = _split(group, act.terms)
            if part is not None:
                groups.append(part)
                owner.update((member.key, part) for member in part.members)
        elif act.act == "rename":
            group.name, group.name_zh, group.is_accepted = act.name, act.name_zh or group.name_zh, True
        else:
            group.is_accepted = act.act == "accept"
    return [group for group in groups if group.members]


def _merge(group: Group[T], target: Group[T] | None, into: str, owner: dict[str, Group[T]]) -> None:
    if target is None:
        group.canonical_key, group.is_accepted = into, True
        owner[into] = group
    elif target is not group:
        target.members += group.members
        target.is_accepted = True
        owner.update((member.key, target) for member in group.members)
        group.members = []


def _split(group: Group[T], terms: Sequence[str]) -> Group[T] | None:
    """The part with those terms, taken out of the group; None when it holds none of them or nothing else."""
    places = {term: place for place, term in enumerate(terms)}
    part = sorted((member for member in group.members if member.key in places), key=lambda member: places[member.key])
    rest = [member for member in group.members if member.key not in places]
    if not part or not rest:
        return None
    group.members, group.is_apart = rest, True
    if group.canonical_key in places:
        group.canonical_key = rest[0].key
    return Group(part[0].key, part, is_accepted=True, is_apart=True)
