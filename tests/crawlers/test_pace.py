"""One pace a host, whatever the number of crawls: turns are taken over processes, survive a crash and are never held for ever."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawlers.middlewares.turns import LONGEST_HELD_SECONDS, Turns, this_boot
from tests.crawlers.wild import WildServer, answer, atom, feeds, started

WORKER = """
import asyncio, sys, time
from pathlib import Path
from crawlers.middlewares.turns import Turns

async def main():
    for _ in range(int(sys.argv[2])):
        async with Turns(Path(sys.argv[1])).take("host", float(sys.argv[3]), 3600) as turn:
            await asyncio.sleep(0.005)
            print(turn.began, time.monotonic(), flush=True)

asyncio.run(main())
"""


def take(turns: Turns, group: str = "host", pace: float = 0.0, patience: float = 3600.0, hold: float = 0.0) -> float | None:
    """Take one turn, hold the group for `hold` seconds, and return when the turn began; None where it would take too long."""

    async def once() -> float | None:
        async with turns.take(group, pace, patience) as turn:
            if turn and hold:
                turn.hold(hold)
            return turn.began if turn else None

    return asyncio.run(once())


def test_processes_share_one_pace_and_never_ask_at_once(tmp_path: Path) -> None:
    pace = 0.05
    command = [sys.executable, "-c", WORKER, str(tmp_path), "8", str(pace)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    spans = sorted(tuple(map(float, line.split())) for worker in workers for line in worker.communicate()[0].splitlines())
    assert len(spans) == 32
    for (began, ended), (next_began, _) in pairwise(spans):
        assert next_began - began >= pace
        assert next_began >= ended


def test_a_pause_learnt_by_one_is_kept_by_all_and_groups_are_apart(tmp_path: Path) -> None:
    one, another = Turns(tmp_path), Turns(tmp_path)
    began = take(one, hold=0.4)
    assert began is not None
    elsewhere, again = take(another, "elsewhere"), take(another)
    assert elsewhere is not None
    assert again is not None
    assert again - began >= 0.4
    assert elsewhere < began + 0.4


def test_who_cannot_wait_so_long_is_told_at_once(tmp_path: Path) -> None:
    take(Turns(tmp_path), hold=7200.0)
    assert take(Turns(tmp_path), patience=3600.0) is None


def test_a_longer_pause_is_not_shortened(tmp_path: Path) -> None:
    take(Turns(tmp_path, clock=lambda: 100.0, boot="b"), hold=50.0)
    assert take(Turns(tmp_path, clock=lambda: 151.0, boot="b"), pace=30.0, hold=5.0) == 151.0
    assert take(Turns(tmp_path, clock=lambda: 180.0, boot="b"), patience=0.5) is None, "the pace is longer than the pause"
    assert take(Turns(tmp_path, clock=lambda: 181.0, boot="b")) == 181.0


def test_no_server_is_believed_for_more_than_a_day(tmp_path: Path) -> None:
    take(Turns(tmp_path, clock=lambda: 0.0, boot="b"), hold=1e11)
    assert take(Turns(tmp_path, clock=lambda: LONGEST_HELD_SECONDS - 1, boot="b"), patience=0.5) is None
    assert take(Turns(tmp_path, clock=lambda: LONGEST_HELD_SECONDS + 1, boot="b"), patience=0.5) is not None


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b"\x00" * 128,
        b'{"boot": "b", "moment": 1',
        b'{"boot": "b", "moment": "soon"}',
        b'{"boot": "b", "moment": NaN}',
        b'{"boot": "b", "moment": Infinity}',
        b'{"boot": "b", "moment": 99999999}',
        b'{"boot": "another", "moment": 150}',
        b"[]",
    ],
)
def test_what_a_crash_or_another_boot_left_blocks_nobody(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "host.json").write_bytes(left)
    assert take(Turns(tmp_path, clock=lambda: 100.0, boot="b"), patience=0.5) == 100.0


def test_the_turn_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    stuck = WORKER.replace("asyncio.sleep(0.005)", "asyncio.sleep(60)").replace("            await", "            print(flush=True); await")
    holder = subprocess.Popen([sys.executable, "-c", stuck, str(tmp_path), "1", "0.2"], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    holder.stdout.readline()
    facts = json.loads((tmp_path / "host.json").read_text())
    assert facts["boot"] == this_boot()
    assert facts["moment"] <= time.monotonic() + 0.2
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert take(Turns(tmp_path), patience=0.5) is not None


def test_any_name_is_a_file_of_the_folder(tmp_path: Path) -> None:
    for group in ("../x", "::1", "a/b", "ツ" * 300, ".."):
        take(Turns(tmp_path / "turns"), group)
    assert len(list((tmp_path / "turns").iterdir())) == 5
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def server() -> Iterator[Any]:
    servers: list[WildServer] = []

    def make(host: str) -> WildServer:
        servers.append(WildServer(host))
        return servers[-1]

    yield make
    for one in servers:
        one.stop()


class Crowd:
    """Notes how many requests are under way at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def answer(self, connection: Any) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.05)
        self.now -= 1
        answer(atom("1"))(connection)


def asked_at(*servers: WildServer) -> list[float]:
    return sorted(one.at for server in servers for one in server.seen)


def test_two_crawls_at_once_ask_a_host_no_faster_than_one(tmp_path: Path, server: Any) -> None:
    host, crowd, pace = server("127.0.0.1"), Crowd(), 0.25
    for number in range(3):
        host.on(f"/{number}", crowd.answer)
    crawls = [
        started(feeds(*(f"{host.url}/{number}" for number in range(3)), pace_seconds=pace), tmp_path / name, first=SHARED, fast=False)
        for name in ("a", "b")
    ]
    assert [finish().result.complete for finish in crawls] == [True, True]
    times = asked_at(host)
    assert len(times) == 2 * (1 + 3), "robots.txt and three feeds, twice"
    assert crowd.most == 1
    assert times[-1] - times[0] >= 0.75 * pace * (len(times) - 1)


# Two crawls of one source and window would share a folder being written, so each has its landing, and the turns are joined here.
SHARED = """
import crawlers.middlewares.downloading as downloading
downloading.TURNS_FOLDER = "../.turns"
"""


def test_hosts_of_one_pace_group_share_its_pace(tmp_path: Path, server: Any) -> None:
    one, other, pace = server("127.0.0.1"), server("127.0.0.2"), 0.25
    for host in (one, other):
        host.on("/feed", atom("1"))
    source = feeds(f"{one.url}/feed", f"{other.url}/feed", pace_seconds=pace, pace_group="both")
    finish = started(source, tmp_path, allow_hosts=("127.0.0.1", "127.0.0.2"), fast=False)
    assert finish().result.complete
    times = asked_at(one, other)
    assert len(times) == 4
    assert times[-1] - times[0] >= 0.75 * pace * 3
    assert [path.name for path in (tmp_path / ".turns").iterdir()] == ["both.json"]


def test_a_pause_told_to_one_crawl_is_kept_by_the_other(tmp_path: Path, server: Any) -> None:
    host, asked = server("127.0.0.1"), 6.0
    is_refused = threading.Event()

    def refuse(connection: Any) -> None:
        answer(b"", 503, {"Retry-After": str(int(asked))})(connection)
        is_refused.set()

    host.on("/busy", refuse, atom("1"))
    host.on("/calm", atom("1"))

    def begin(name: str) -> Any:
        return started(feeds(f"{host.url}/{name}", pace_seconds=0.01), tmp_path / name, first=SHARED, fast=False)

    busy = begin("busy")
    assert is_refused.wait(30)
    calm = begin("calm")
    assert [finish().result.complete for finish in (busy, calm)] == [True, True]
    refused = host.times("/busy")[0]
    assert [at - refused for at in asked_at(host) if refused < at < refused + asked] == []
    assert host.times("/calm")


def test_the_pace_a_server_tells_is_kept(tmp_path: Path, server: Any) -> None:
    host = server("127.0.0.1")
    told = {"x-rate-limit-limit": "2", "x-rate-limit-interval": "1s"}
    for number in range(3):
        host.on(f"/{number}", answer(atom("1"), 200, told))
    source = feeds(*(f"{host.url}/{number}" for number in range(3)), pace_seconds=0.01)
    assert started(source, tmp_path, fast=False)().result.complete
    times = sorted(one.at for one in host.seen if one.target != "/robots.txt")
    assert times[-1] - times[0] >= 0.75 * 2 * 0.5
