"""The SQL that ships beside the code: named reads, checks, views, saved queries."""

from __future__ import annotations

from importlib.resources import files


def load_sql(name: str) -> str:
    """Text of `reads/<name>.sql`. Raises FileNotFoundError for a name that is not there."""
    return files("flows.warehouse").joinpath("reads", f"{name}.sql").read_text(encoding="utf-8")


def list_sql(folder: str) -> dict[str, str]:
    """Name (without .sql) -> text of every SQL file in a folder of the warehouse package, in the order of the names."""
    found = files("flows.warehouse").joinpath(folder).iterdir()
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in sorted(found, key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }
