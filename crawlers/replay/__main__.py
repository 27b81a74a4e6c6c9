"""`python -m crawlers.replay --port P --today D FILE...`: serve a corpus until interrupted.

The first line on standard output is JSON: the server's address, its endpoints, its feeds and how many records it cannot
carry. `POST /_control/today` with a date moves the archive to that day.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from dataclasses import asdict
from datetime import date
from pathlib import Path

from crawlers.replay.corpus import read_corpus
from crawlers.replay.practice import PRACTICE_TODAY, make_world
from crawlers.replay.server import ReplayServer, split_servable


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. Exit codes: 0 interrupted or ended, 2 an argument or a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.replay", description="Serve a corpus as its sources would.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="Parquet or JSONL; none: practice archive")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--today", type=date.fromisoformat, default=PRACTICE_TODAY, help="the day the archive lives in")
    parser.add_argument("--papers-per-page", type=int, default=2500)
    chosen = parser.parse_args(arguments)
    try:
        records = read_corpus(chosen.files) if chosen.files else list(make_world().records)
        servable, refused = split_servable(records)
        server = ReplayServer(servable, chosen.today, port=chosen.port, papers_per_page=chosen.papers_per_page)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with server:
        facts = {
            "url": server.url,
            "today": server.today.isoformat(),
            "endpoints": server.endpoints(),
            "feeds": [asdict(feed) for feed in server.feeds()],
            "records": len(servable),
            "refused": [reason for _, reason in refused],
        }
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        stopped = threading.Event()
        for wish in (signal.SIGINT, signal.SIGTERM):  # a background job is born with SIGINT ignored: say so anew
            signal.signal(wish, lambda *_: stopped.set())
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
