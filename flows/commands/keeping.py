"""Commands that keep and forget: backup, restore, forget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.door import complain, explained, now, say


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command()(backup)
    app.command()(restore)
    app.command()(forget)


def backup(
    context: typer.Context,
    destination: Annotated[
        Path, typer.Argument(metavar="[DEST]", help="File, or folder to put one in; default the current folder.")
    ] = Path(),
) -> None:
    """Write the warehouse, the landing and what a person decided into one file, and read it through once more."""
    with explained():
        from flows.keeping.backup import back_up

        path, contents = back_up(context.obj.settings(), destination, now=now, say=say)
        size = sum(size for size, _ in contents.files.values())
        typer.echo(f"{path}: {len(contents.files)} files, {size / 2**20:.1f} MiB, {len(contents.tables)} tables; read through and whole.")


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="SRC", help="A file that `observatory backup` wrote.")],
    overwrite: Annotated[bool, typer.Option(help="Into a folder that holds a warehouse: what is there is lost.")] = False,
) -> None:
    """Put a backup into the data folder, prove that every file and table is what was backed up, and publish it."""
    with explained():
        from flows.keeping.restore import restore as restore_backup

        contents, snapshot = restore_backup(context.obj.settings(), source, is_overwriting=overwrite, now=now, say=say)
        typer.echo(
            f"{len(contents.files)} files and {len(contents.tables)} tables of {contents.made_at} restored, published {snapshot.name}."
        )


def forget(
    context: typer.Context,
    document_id: Annotated[list[str], typer.Argument(metavar="ID...", help="Documents to take down, as in marts.documents.document_id.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the id. Do not quote the text.")] = "taken down",
    work: Annotated[bool, typer.Option(help="Every document of the same works too: preprint and journal, reprints.")] = False,
) -> None:
    """Take documents down: their texts go from the landing, the warehouse, every snapshot and report, and never come in again."""
    with explained():
        from flows.keeping.forget import forget as forget_documents

        done = forget_documents(context.obj.settings(), list(dict.fromkeys(document_id)), reason=reason, with_works=work, now=now, say=say)
        typer.echo(
            f"Forgot {', '.join(done.document_ids)}: {done.captures_changed} responses and {done.files_changed} files written anew, "
            f"{done.snapshots_dropped} older snapshots deleted, published {done.snapshot.name}."
        )
        if done.captures_emptied:
            complain(
                f"{len(done.captures_emptied)} landed responses were emptied, for they could not be read or the record could not be cut "
                f"out; what was known of their other documents is kept: {', '.join(done.captures_emptied)}."
            )
        if done.same_work_ids:
            complain(f"Still held, of the same works: {', '.join(done.same_work_ids)}. With --work they go too.")
        complain("Backups and copies made before still hold the text: delete them, or restore them with this version, which forgets again.")
