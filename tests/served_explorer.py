"""The explorer on a free port of loopback, for browsers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.explorer.app import create_app
from flows.explorer.guard import Door
from flows.explorer.snapshots import Snapshots

# One address or more of every page kind, in the world of explorer_world.py.
PAGES = (
    "/",
    "/ranking?list=weak+signals",
    "/technology?id=t01",
    "/technology?id=h12",
    "/topics",
    "/topic?id=K1",
    "/compare?first=t16&second=t33",
    "/compare/days",
    "/actor?key=hefei+institute",
    "/document?id=t01-3",
    "/sources",
    "/search?q=alert",
    "/console?saved=weak_signals",
    "/glossary",
)


@contextmanager
def serving(published: Path) -> Iterator[str]:
    """The address of the explorer over the snapshot behind the link `published`."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(Snapshots(published), Door()), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
