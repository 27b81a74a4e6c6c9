"""The SQL console: one reading statement at a time, in a process of its own that reaches nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flows.explorer.address import Address, Refused
from flows.explorer.families import Family, Page, Question
from flows.explorer.snapshots import View
from flows.warehouse.reads import list_sql
from flows.warehouse.safe_query import QueryRefused, Result, run_query

SHOWN_ROWS = 500
EXPORTED_ROWS = 100_000
LONGEST_SQL = 8_000
_OPENING = """SELECT rank, name, track, score, stage
FROM marts.emergence
WHERE as_of = (SELECT as_of FROM marts.snapshot) AND rank <= 10
ORDER BY rank"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one statement may take: seconds, DuckDB memory, threads; how many run at once and how long the next one waits."""

    seconds: float = 10.0
    memory: str = "512MB"
    threads: int = 1
    at_once: int = 2
    wait_seconds: float = 30.0


class Console:
    """The pages of the console. Statements wait for a free place, so that no flood of them takes the machine."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._places = threading.BoundedSemaphore(limits.at_once)
        self.family = Family("/console", self.parse, self.show)

    def parse(self, address: Address, view: View) -> Question:
        """A statement, or the name of a saved query."""
        del view
        sql, name = address.text("sql", LONGEST_SQL), address.text("saved", 100)
        saved = list_sql("queries")
        if name and name not in saved:
            raise Refused(404, "No such saved query", f"The saved queries are {', '.join(saved)}.")
        values = {"sql": sql or saved.get(name, ""), "saved": name}
        parameters = {"sql": sql} if sql else {"saved": name} if name else {}
        return Question(values, parameters, is_foreign=address.is_foreign)

    def show(self, view: View, question: Question) -> Page:
        """The form, and the answer where a statement was given. A refusal stands beside the statement, which is kept."""
        sql = str(question.values["sql"])
        content: dict[str, Any] = {
            "sql": sql or _OPENING,
            "saved": [(name, question_of(text)) for name, text in list_sql("queries").items()],
            "chosen": question.values["saved"],
            "result": None,
            "refusal": "",
            "parameters": question.parameters,
            "limits": self.limits,
        }
        if sql and question.is_foreign:
            content["refusal"] = "Another site led here, so this statement has not been run: read it first, then press Run."
        elif sql:
            try:
                content["result"] = self.run(view, sql, SHOWN_ROWS)
            except QueryRefused as error:
                content["refusal"] = str(error)
        return Page("console.html.j2", "SQL console", "/console", content)

    def export(self, view: View, question: Question) -> Result:
        """The whole answer of a statement, as a file. Raises Refused with the reason where there is none."""
        if question.is_foreign:
            raise Refused(403, "Another site led here", "The statement has not been run: open it in the console first.")
        if not question.values["sql"]:
            raise Refused(400, "There is no statement", "The address needs sql, or the name of a saved query.")
        try:
            return self.run(view, str(question.values["sql"]), EXPORTED_ROWS)
        except QueryRefused as error:
            raise Refused(400, "The statement was not run", str(error)) from None

    def run(self, view: View, sql: str, max_rows: int) -> Result:
        """Run a statement on the snapshot of the request. Raises QueryRefused, or Refused when too many are waiting."""
        with self._place():
            return run_query(
                view.path,
                sql,
                timeout_s=self.limits.seconds,
                max_rows=max_rows,
                memory_limit=self.limits.memory,
                threads=self.limits.threads,
            )

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self.limits.wait_seconds):
            raise Refused(503, "The console is busy", "Other statements are running: try again in a moment.")
        try:
            yield
        finally:
            self._places.release()


def question_of(text: str) -> str:
    """The question a saved query answers: its first line says it."""
    return text.splitlines()[0].removeprefix("-- question: ")
