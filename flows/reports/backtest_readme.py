"""The short table of a back-test for the README: `python -m flows.reports.backtest_readme README.md DIR/backtest.json ...`.

It takes the place of what stands between the two marks, so that no figure in the README is typed by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- back-test: begin -->", "<!-- back-test: end -->"
METHODS = ("emergence", "vitality", "growth_lower_bound", "porter_escore_1_5x", "kleinberg_burst", "raw_growth", "random")
COLUMNS: tuple[tuple[str, int | None, str], ...] = (
    ("lift", 50, "lift@50"),
    ("lift_mix", 50, "mix-adjusted lift@50"),
    ("precision", 50, "P@50"),
    ("average_precision", None, "AP"),
    ("csi", None, "CSI"),
)


def short_table(told: Sequence[Mapping[str, Any]]) -> str:
    """Markdown of several back-tests (the objects of their backtest.json), technologies and topics of each corpus."""
    parts = []
    for one in told:
        for level, rows in (("technologies", one["rows"]), ("topics", one.get("topic_rows", []))):
            kind = f"{level} (simulated data)" if one["is_simulated"] else level
            corpora = dict.fromkeys(row["corpus"] for row in rows if row["target"] == "document_split")
            parts += [_table(f"{corpus}, {kind}", [row for row in rows if row["corpus"] == corpus]) for corpus in corpora]
    return "\n\n".join(parts)


def replace_table(text: str, table: str) -> str:
    """`text` with `table` between the marks. Raises ValueError where they are missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The text has no place for the table: put {BEGIN} and {END} where it shall stand.")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _table(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    by_key = {(row["method"], row["metric"], row["depth"]): row for row in rows}
    columns = [column for column in COLUMNS if ("vitality", *column[:2]) in by_key]
    days = sorted({figure["cutoff"] for row in rows for figure in row["by_cutoff"]})
    lines = [
        f"| {title}, {len(days)} cut-offs {days[0][:4]}-{days[-1][:4]} | {' | '.join(name for *_, name in columns)} |",
        f"|---|{'---:|' * len(columns)}",
    ]
    for method in METHODS:
        cells = [_cell(by_key.get((method, metric, depth))) for metric, depth, _ in columns]
        lines.append(f"| {method.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "-"
    difference = "" if row["diff_low80"] is None else f" [{row['diff_low80']:+.3f}, {row['diff_high80']:+.3f}]"
    return f"{row['value']:.3f}{difference}"


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    told = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[2:]]
    readme.write_text(replace_table(readme.read_text(encoding="utf-8"), short_table(told)), encoding="utf-8")
