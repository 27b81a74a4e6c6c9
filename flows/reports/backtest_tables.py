"""The tables of the back-test: all methods on one corpus, the growth label, and the experts' lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from flows.reports.backtest_charts import cutoffs_svg, finding_svg, methods_svg
from scoring.backtest.metrics import LABEL_DEPTHS, LIFT_DEPTHS
from scoring.backtest.records import Agreement, Row
from scoring.backtest.result import Result

OURS, VITALITY = "emergence", "vitality"
COLUMNS: tuple[tuple[str, str, int | None], ...] = (
    *(("document_split", "lift", depth) for depth in LIFT_DEPTHS),
    *(("document_split", "lift_mix", depth) for depth in LIFT_DEPTHS),
    *(("growth_label", "precision", depth) for depth in LABEL_DEPTHS),
    ("growth_label", "auc", None),
    ("growth_label", "average_precision", None),
    ("growth_label", "csi", None),
    ("growth_label", "ndcg", 20),
)
PICTURES = (COLUMNS[1], ("growth_label", "precision", 50), ("growth_label", "average_precision", None))
LABEL_COLUMNS: tuple[tuple[str, int | None], ...] = (
    ("precision", 50),
    ("recall", 50),
    ("f1", 50),
    ("csi", None),
    ("average_precision", None),
    ("auc", None),
)
WIDEST = 8
PLURALS = {"technology": "technologies", "topic": "topics"}
PEER_CSI = 0.47  # CSET's extreme-growth classifier


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as text, and the interval of its difference to vitality where there is one."""

    value: str
    difference: str


@dataclass(frozen=True, slots=True)
class Line:
    """One method's row of the table."""

    method: str
    is_ours: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture as inline SVG and what it shows."""

    svg: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Table:
    """All methods on one corpus."""

    title: str
    summary: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    figures: tuple[Figure, ...]

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """Ranges of columns that a page can show without scrolling: the lifts, and what rests on the growth label."""
        count, lifts = len(self.columns), sum("lift" in column for column in self.columns)
        return ((0, lifts), (lifts, count)) if count > WIDEST and 0 < lifts < count else ((0, count),)


def build_tables(rows: Sequence[Row], *, with_figures: bool) -> tuple[Table, ...]:
    """One table per corpus and level, methods in the order of the rows."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.target == "expert":
            continue
        groups.setdefault((row.corpus, row.level), []).append(row)
    return tuple(_table(number, group, with_figures) for number, group in enumerate(groups.values()))


def build_expert_table(result: Result) -> Table | None:
    """What the watchlists found of the experts' items; None where no list was given."""
    rows = [row for row in result.rows if row.target == "expert"]
    if not rows:
        return None
    by_key = {(row.method, row.metric): row for row in rows}
    columns = list(dict.fromkeys(row.metric for row in rows))
    lines = tuple(
        Line(method.replace("_", " "), method == OURS, tuple(_cell(by_key.get((method, column))) for column in columns))
        for method in dict.fromkeys(row.method for row in rows)
    )
    curves = [(finding.method, finding.curve) for finding in result.findings if finding.method in (OURS, VITALITY)]
    caption = "Share of the experts' items found, by years from their consensus: ours (full) and vitality alone (dashed)"
    figures = (draw_figure(finding_svg(dict(curves)[OURS], dict(curves)[VITALITY], "lead", caption), caption),)
    summary = "Watchlists of 20 entries a track, every quarter; found = two quarters in a row on one."
    return Table("Against the experts", summary, tuple(column.replace("_", " ") for column in columns), lines, figures)


def build_label_tables(result: Result) -> tuple[Table, ...]:
    """CSET's growth label, one table per corpus: technologies and topics, ours and vitality and the best of the others, and how well the
    label of one half of the works tells that of the other."""
    rows = [row for row in (*result.rows, *result.topic_rows) if row.target == "growth_label"]
    return tuple(
        _label_table(corpus, [row for row in rows if row.corpus == corpus], [one for one in result.agreements if one.corpus == corpus])
        for corpus in dict.fromkeys(row.corpus for row in rows)
    )


def _label_table(corpus: str, rows: Sequence[Row], agreements: Sequence[Agreement]) -> Table:
    by_key = {(row.level, row.method, row.metric, row.depth): row for row in rows}
    lines, reached = [], []
    for level in dict.fromkeys(row.level for row in rows):
        ranked = sorted((row for row in rows if (row.level, row.metric) == (level, "csi")), key=lambda row: (-row.value, row.method))
        reached += ranked[:1]
        rest = [row.method for row in ranked if row.method not in (OURS, VITALITY)][:1]
        for method in (OURS, VITALITY, *rest):
            own = by_key.get((level, method, "csi", None))
            rates = [figure.base_rate for figure in own.by_cutoff if figure.base_rate is not None] if own else []
            rate = Cell(f"{sum(rates) / len(rates):.3f}" if rates else "-", "")
            cells = (rate, *(_cell(by_key.get((level, method, metric, depth))) for metric, depth in LABEL_COLUMNS))
            lines.append(Line(f"{level}: {method.replace('_', ' ')}", method == OURS, cells))
        for one in agreements:
            if one.level == level:
                figures = {"csi": f"{one.csi:.3f}"}
                blank = tuple(Cell(figures.get(metric, "-"), "") for metric, _ in LABEL_COLUMNS)
                lines.append(Line(f"{level}: the label of the other half", False, (Cell(f"{one.base_rate:.3f}", ""), *blank)))
    best = max(reached, key=lambda row: row.value, default=None)
    summary = "" if best is None else _say_reached(best, {one.level: one for one in agreements})
    columns = ("base rate", *(_say(("growth_label", metric, depth)) for metric, depth in LABEL_COLUMNS))
    return Table(f"{corpus}: the growth label", summary, columns, tuple(lines), ())


def _say_reached(best: Row, agreements: Mapping[str, Agreement]) -> str:
    """The best threat score, the best published one, and the ceiling that the label itself sets."""
    told = (
        f"The best threat score (CSI) reached is {best.value:.3f}, by {best.method.replace('_', ' ')} on {PLURALS[best.level]}. The best "
        f"published one is {PEER_CSI:.2f}, for larger clusters that were split at random and not in time."
    )
    own = agreements.get(best.level)
    if own is None:
        return told
    return (
        f"{told} What stands in the way is first the label itself: counted on the two halves of the same later works it agrees "
        f"only with a CSI of {own.csi:.3f}; who knew one half of the future would reach no more by that rule."
    )


def _table(number: int, rows: Sequence[Row], with_figures: bool) -> Table:
    by_key = {(row.method, row.target, row.metric, row.depth): row for row in rows}
    columns = [column for column in COLUMNS if (VITALITY, *column) in by_key]
    methods = list(dict.fromkeys(row.method for row in rows))
    lines = tuple(
        Line(method.replace("_", " "), method == OURS, tuple(_cell(by_key.get((method, *column))) for column in columns))
        for method in methods
    )
    figures = _figures(number, by_key, methods) if with_figures else ()
    first = rows[0]
    return Table(f"{first.corpus}: {first.level}", _summary(first, by_key), tuple(_say(column) for column in columns), lines, figures)


def _summary(first: Row, by_key: dict[tuple[str, str, str, int | None], Row]) -> str:
    """Cut-offs, candidates and base rate, and where ours differs from vitality beyond chance."""
    cutoffs, many = first.by_cutoff, PLURALS[first.level]
    count = sum(figure.candidates for figure in cutoffs) / max(len(cutoffs), 1)
    label = by_key.get((OURS, "growth_label", "auc", None))
    rates = [figure.base_rate for figure in label.by_cutoff if figure.base_rate is not None] if label else []
    rate = f"; {sum(rates) / len(rates):.1%} of them grew" if rates else ""
    ours = [by_key[OURS, *column] for column in COLUMNS if (OURS, *column) in by_key]
    better = [_say((row.target, row.metric, row.depth)) for row in ours if row.diff_low80 is not None and row.diff_low80 > 0]
    worse = [_say((row.target, row.metric, row.depth)) for row in ours if row.diff_high80 is not None and row.diff_high80 < 0]
    return (
        f"{len(cutoffs)} cut-offs from {cutoffs[0].cutoff} to {cutoffs[-1].cutoff}, about {count:.0f} {many} a trial{rate}. "
        f"Ours lies above vitality beyond the 80 % interval in {', '.join(better) or 'nothing'}; "
        f"below it in {', '.join(worse) or 'nothing'}."
    )


def _figures(number: int, by_key: dict[tuple[str, str, str, int | None], Row], methods: Sequence[str]) -> tuple[Figure, ...]:
    figures = []
    for place, column in enumerate(PICTURES):
        own = [by_key[method, *column] for method in methods if (method, *column) in by_key]
        if not own:
            continue
        caption = f"{_say(column)}: every method with its 80 % interval"
        figures.append(draw_figure(methods_svg(own, f"m{number}-{place}", caption), caption))
        ours, vitality = by_key.get((OURS, *column)), by_key.get((VITALITY, *column))
        if ours is not None and vitality is not None and len(ours.by_cutoff) > 1:
            caption = f"{_say(column)} by cut-off: ours (full) and vitality alone (dashed)"
            figures.append(draw_figure(cutoffs_svg(ours, vitality, f"c{number}-{place}", caption), caption))
    return tuple(figures)


def draw_figure(svg: str, caption: str) -> Figure:
    """A picture that this package drew, as it stands in the page."""
    return Figure(Markup(svg), caption)  # noqa: S704 - built from escaped parts by lxml


def _cell(row: Row | None) -> Cell:
    if row is None:
        return Cell("-", "")
    difference = "" if row.diff_low80 is None else f"[{row.diff_low80:+.3f}, {row.diff_high80:+.3f}]"
    return Cell(f"{row.value:.3f}", difference)


def _say(column: tuple[str, str, int | None]) -> str:
    names = {
        "lift": "lift",
        "lift_mix": "mix-adjusted lift",
        "precision": "P",
        "auc": "AUC",
        "average_precision": "AP",
        "csi": "CSI",
        "ndcg": "nDCG",
    }
    name = names.get(column[1], column[1].replace("_", " "))
    return name if column[2] is None else f"{name}@{column[2]}"
