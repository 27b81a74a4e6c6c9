"""`observatory curate`: a person merges, renames, splits, rejects or accepts technologies and adds names to the taxonomy."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.commands.door import explained, now, show

Reason = Annotated[str, typer.Option(help="Why; kept with the act.")]
Names = Annotated[list[str] | None, typer.Option(show_default=False)]
LIST_COLUMNS = ("number", "at", "act", "what", "reason", "is_in_force")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    inside = typer.Typer(
        help="Decide on technologies; every act is kept in curation.yaml and counts from the next scan.", no_args_is_help=True
    )
    for command in (merge, rename, split, reject, accept, entry, undo):
        inside.command()(command)
    inside.command("list")(list_acts)
    app.add_typer(inside, name="curate")


def merge(context: typer.Context, technology: str, into: str, reason: Reason) -> None:
    """Say that a technology is the same as another: its documents and names go there, and its id points there."""
    _record(context, "merge", reason, technology=technology, into=into)


def rename(
    context: typer.Context,
    technology: str,
    name: str,
    reason: Reason,
    zh: Annotated[str | None, typer.Option(help="Its Chinese name.", show_default=False)] = None,
) -> None:
    """Give a technology another name; its id stays."""
    _record(context, "rename", reason, technology=technology, name=name, **({"name_zh": zh} if zh else {}))


def split(
    context: typer.Context,
    technology: str,
    terms: Annotated[list[str], typer.Argument(help="The aliases that mean something else; the first names the new technology.")],
    reason: Reason,
) -> None:
    """Take names out of a technology and make them one of their own."""
    from nlp.spelling import term_key

    _record(context, "split", reason, technology=technology, terms=[term_key(term) for term in terms])


def reject(context: typer.Context, technology: str, reason: Reason) -> None:
    """Say that something is no technology: it is ranked no more."""
    _record(context, "reject", reason, technology=technology)


def accept(context: typer.Context, technology: str, reason: Reason) -> None:
    """Say that a term is a technology although the filter leaves it out."""
    _record(context, "accept", reason, technology=technology)


def entry(
    context: typer.Context,
    name: str,
    reason: Reason,
    zh: Annotated[str, typer.Option(help="Chinese name.")],
    track: Annotated[list[str], typer.Option(help="Its track; may be given again, then --why says why.")],
    why: Annotated[str | None, typer.Option(help="Why it stands in more than one track.", show_default=False)] = None,
    en: Names = None,
    zh_alias: Names = None,
) -> None:
    """Add a name to the taxonomy, or replace the one so called."""
    optional = {"why": why, "en": en, "zh_aliases": zh_alias}
    written = {"name": name, "zh": zh, "tracks": list(track), **{key: value for key, value in optional.items() if value}}
    _record(context, "entry", reason, entry=written)


def undo(context: typer.Context, number: int, reason: Reason) -> None:
    """Take back one act; both stay in the file."""
    _record(context, "undo", reason, undoes=number)


def list_acts(context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="An array of objects.")] = False) -> None:
    """Show every act, oldest first, and whether it stands."""
    with explained():
        from flows.curation import read_acts, standing_numbers

        acts = read_acts(context.obj.settings())
        standing = standing_numbers(acts)
        rows = [{**act.as_row(), "what": _said(act.as_row()), "is_in_force": act.number in standing} for act in acts]
        show(rows, LIST_COLUMNS, as_json=as_json)


def _record(context: typer.Context, act: str, reason: str, **decided: Any) -> None:
    with explained():
        from flows.curation import canonical_key, record

        settings = context.obj.settings()
        for field in ("technology", "into"):
            if field in decided:
                decided[field] = canonical_key(settings, decided[field])
        done = record(settings, {"act": act, "reason": reason, **decided}, at=now())
        typer.echo(
            f"Act {done.number}: {act} {_said(done.as_row())}. It counts from the next scan; `observatory curate undo` takes it back."
        )


def _said(row: dict[str, Any]) -> str:
    """What an act is about, in a few words."""
    if "entry" in row:
        return str(row["entry"].get("name"))
    if "undoes" in row:
        return f"act {row['undoes']}"
    target = row.get("into") or row.get("name") or ", ".join(row.get("terms", ()))
    return f"{row['technology']} -> {target}" if target else str(row["technology"])
