"""The curation file, `<data-dir>/curation.yaml`: read, added to, taken into the taxonomy and the warehouse.

The file is the truth and may be reviewed, kept under version control and edited; the warehouse holds a copy for analysts.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.settings import Settings, SettingsError
from nlp.curation import Act, CurationError, in_force, read_act

if TYPE_CHECKING:
    from flows.ledger import Run
    from nlp.taxonomy import Taxonomy

FILE_NAME = "curation.yaml"
_HEAD = "# Decisions on technologies, oldest first: written by `observatory curate`. An undo is an act too; nothing is ever taken out.\n"


def read_acts(settings: Settings) -> tuple[Act, ...]:
    """Every act of the file, none where there is no file. Raises SettingsError with one sentence when it cannot be used."""
    import yaml

    path = settings.data_dir / FILE_NAME
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid YAML: {str(error).splitlines()[0]}.") from None
    if raw is not None and not isinstance(raw, list):
        raise SettingsError(f"{path} must be a list of acts.")
    try:
        acts = tuple(read_act(row) for row in raw or ())
        in_force(acts)
    except CurationError as error:
        raise SettingsError(f"{path}: {error}.") from None
    return acts


def acts_in_force(settings: Settings) -> tuple[Act, ...]:
    """The acts that stand, in order. Raises SettingsError as `read_acts`."""
    return in_force(read_acts(settings))


def taxonomy_in_force(settings: Settings) -> Taxonomy:
    """The taxonomy of the settings, or the shipped one, with the entries that were curated. Raises TaxonomyError."""
    from nlp.taxonomy import load_taxonomy, with_entries

    entries = [act.entry for act in acts_in_force(settings) if act.entry is not None]
    return with_entries(load_taxonomy(settings.taxonomy), entries)


def record(settings: Settings, decided: Mapping[str, Any], *, at: datetime) -> Act:
    """Add one act to the file: `decided` has its kind (`act`), its reason and the fields of its kind. `at` is naive UTC.

    Raises SettingsError when it does not fit the acts before it, TaxonomyError when it is no entry of a taxonomy; then the
    file is what it was.
    """
    acts = read_acts(settings)
    try:
        act = read_act({"number": len(acts) + 1, "at": at.replace(microsecond=0), **decided})
        in_force((*acts, act))
    except CurationError as error:
        raise SettingsError(f"{error}.") from None
    if act.entry is not None:
        from nlp.taxonomy import with_entries

        with_entries(taxonomy_in_force(settings), [act.entry])
    _write(settings.data_dir / FILE_NAME, (*acts, act))
    return act


def standing_numbers(acts: Sequence[Act]) -> frozenset[int]:
    """Numbers of the acts that no later act undid, undos among them."""
    return frozenset(act.number for act in in_force(acts)) | {act.number for act in acts if act.act == "undo"}


def store_acts(run: Run) -> None:
    """core.curation anew from the file. Must run inside a transaction."""
    from flows.warehouse.tables import append

    acts = read_acts(run.settings)
    standing = standing_numbers(acts)
    run.connection.execute("DELETE FROM core.curation")
    append(run.connection, "core.curation", [_as_table_row(act, act.number in standing) for act in acts], run.run_id)


def canonical_key(settings: Settings, name: str) -> str:
    """The canonical term key that a person means by an id, a name, an alias or a term of the published snapshot.

    What the snapshot does not know is taken as a term. Raises SettingsError when several technologies bear the name.
    """
    from nlp.spelling import term_key

    key = term_key(name)
    if not key:
        raise SettingsError(f"{name!r} names nothing: it has no letters or digits.")
    if not settings.snapshot.exists():
        return key
    from flows.warehouse.connection import open_reader

    with open_reader(settings.snapshot) as connection:
        rows = connection.execute(
            """
            SELECT term_keys[1], technology_id, name,
                   technology_id = $name OR lower(name) = lower($name) OR list_contains(term_keys, $key) AS is_meant
            FROM marts.technologies
            WHERE merged_into_technology_id IS NULL
              AND (is_meant OR lower(name_zh) = lower($name)
                   OR list_contains(list_transform(aliases, lambda alias: lower(alias)), lower($name)))
            ORDER BY ALL
            """,
            {"name": name, "key": key},
        ).fetchall()
    meant = [row for row in rows if row[3]] or rows
    if len(meant) > 1:
        found = ", ".join(f"{row[2]} ({row[1]})" for row in meant[:5])
        raise SettingsError(f"{name!r} may be several technologies: {found}; give the id.")
    return str(meant[0][0]) if meant else key


def _as_table_row(act: Act, is_in_force: bool) -> dict[str, Any]:
    import json

    return {
        "number": act.number,
        "decided_at": act.at,
        "act": act.act,
        "reason": act.reason,
        "term_key": act.technology,
        "into_term_key": act.into,
        "split_term_keys": list(act.terms),
        "name": act.name,
        "name_zh": act.name_zh,
        "entry": json.dumps(act.entry, ensure_ascii=False, default=str) if act.entry is not None else None,
        "undoes": act.undoes,
        "is_in_force": is_in_force,
    }


def _write(path: Path, acts: tuple[Act, ...]) -> None:
    """The whole file, written aside and moved into place."""
    import yaml

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=FILE_NAME, suffix=".partial")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_HEAD)
            yaml.safe_dump([act.as_row() for act in acts], file, allow_unicode=True, sort_keys=False, width=140)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
