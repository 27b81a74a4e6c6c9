"""Chains of nights, each killed at a random moment: scan, then report. The folder remembers how far they came, so R1 may run in parts."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import threading
import time
from datetime import date
from pathlib import Path

from nights import environment, hashes, served
from warm_starts import Starter

from crawlers.replay.corpus import Record
from crawlers.replay.practice import make_world
from flows.warehouse.connection import open_reader

TODAY = date(2024, 6, 30)
NIGHT = (("scan", "--date", str(TODAY)), ("report",))
QUIET, KILLED, STATE = "quiet", "killed", "chain.json"


def few_records() -> tuple[Record, ...]:
    """About 170 records of half a year, from all three streams: too few for topics, whose fit would be most of a night."""
    since = date(2024, 1, 1)
    return tuple(record for record in make_world().records if record.served_on and since <= record.served_on <= TODAY)[::6]


class Chain:
    """Nights in `<folder>/killed`, to be compared with an uninterrupted one in `<folder>/quiet`.

    A night that outlives its moment must leave what the uninterrupted one left, and the next begins with an empty folder, so that
    every kill meets a night with work to do. What is published must open after every kill. AssertionError otherwise.
    """

    def __init__(self, folder: Path, *, seed: int, **settings: object) -> None:
        self.folder, self.seed, self.settings = folder, seed, settings
        self._state = folder / STATE
        self.port, self.seconds, self.nights, self.kills, self.rounds = _free_port(), 0.0, 0, 0, 0
        self.crashed: dict[str, int] = {}
        if self._state.is_file():
            facts = json.loads(self._state.read_text(encoding="utf-8"))
            self.port, self.seconds, self.nights = facts["port"], facts["seconds"], facts["nights"]
            self.kills, self.rounds, self.crashed = facts["kills"], facts["rounds"], facts["crashed"]

    def run(self, kills: int) -> None:
        """Kill nights until there were `kills` in all, then let one through."""
        # Always the same port: addresses stand in the captures.
        with served(few_records(), TODAY, port=self.port) as server, Starter() as starter:
            if not self.seconds:
                started = time.monotonic()
                self._let_through(starter, environment(server, self.folder / QUIET, **self.settings))
                self.seconds = time.monotonic() - started
                self._write()
            around = environment(server, self.folder / KILLED, **self.settings)
            self._begin_round()
            while self.kills < kills:
                moment = random.Random(f"{self.seed} {self.nights}").uniform(0.3, self.seconds)  # noqa: S311 - a moment, no secret
                started = time.monotonic()
                is_killed = self._kill(starter, around, started + moment)
                self.nights += 1
                self.kills += is_killed
                self._require_whole()
                if not is_killed:
                    self.seconds = time.monotonic() - started  # machines have busy and quiet hours
                    self._end_round()
                self._write()
            self._let_through(starter, around)
        self._end_round()
        self._write()

    def _end_round(self) -> None:
        """Nothing lost, nothing doubled: every table is that of the uninterrupted night."""
        self._require_whole()
        assert hashes(self.folder / KILLED) == hashes(self.folder / QUIET)
        with open_reader(self.folder / KILLED / "warehouse" / "observatory.duckdb") as connection:
            assert connection.execute("SELECT count(*) - count(DISTINCT version_id) FROM core.documents").fetchall() == [(0,)]
            for stage, count in connection.execute(
                "SELECT stage, count(*) FROM meta.stages WHERE state = 'crashed' GROUP BY stage"
            ).fetchall():
                self.crashed[stage] = self.crashed.get(stage, 0) + count
        shutil.rmtree(self.folder / KILLED)
        self.rounds += 1
        self._begin_round()

    def _begin_round(self) -> None:
        """The model file, whose making would be most of a night, is shared."""
        killed = self.folder / KILLED
        killed.mkdir(exist_ok=True)
        if not (killed / "models").exists():
            (killed / "models").symlink_to(self.folder / QUIET / "models")

    def _kill(self, starter: Starter, around: dict[str, str], until: float) -> bool:
        for arguments in NIGHT:
            started = starter.start(around, *arguments)
            alarm = threading.Timer(max(until - time.monotonic(), 0.01), os.kill, (started.process_id, signal.SIGKILL))
            alarm.start()
            code, said = started.wait()
            alarm.cancel()
            if code == -signal.SIGKILL:
                return True
            assert code == 0, f"night {self.nights}: {said}"
        return False

    def _let_through(self, starter: Starter, around: dict[str, str]) -> None:
        for arguments in NIGHT:
            code, said = starter.start(around, *arguments).wait()
            assert code == 0, said

    def _require_whole(self) -> None:
        link = self.folder / KILLED / "published" / "observatory.duckdb"
        if link.exists():
            with open_reader(link) as reader:
                assert reader.execute("SELECT count(*) FROM marts.snapshot").fetchall() == [(1,)]
        for page in (self.folder / KILLED / "reports").glob("*/report.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>"), f"{page} is half a page"

    def _write(self) -> None:
        facts: dict[str, object] = {"port": self.port, "seconds": self.seconds, "nights": self.nights, "kills": self.kills}
        facts |= {"rounds": self.rounds, "crashed": self.crashed}
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self._state.with_suffix(".new")
        part.write_text(json.dumps(facts), encoding="utf-8")
        part.replace(self._state)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
