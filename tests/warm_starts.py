"""Starts `observatory` commands as forks of one process that has the heavy imports already: the same process to kill, ten times sooner.

Run as a program it reads one JSON line a command, {"arguments": [...], "environment": {...}}, forks, and answers with the number of the
process, then with its exit code (or minus the signal) and what it said on standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any

HEAVY = (
    "numpy",
    "pyarrow.compute",
    "pandas",
    "scipy.stats",
    "sklearn.feature_extraction.text",
    "spacy",
    "duckdb",
    "altair",
    "vl_convert",
    "rich",
)


@dataclass(frozen=True, slots=True)
class Started:
    """A command under way."""

    process_id: int
    _answers: IO[str]

    def wait(self) -> tuple[int, str]:
        """Exit code, or minus the signal that ended it, and what it said."""
        told = json.loads(self._answers.readline())
        return int(told["code"]), str(told["said"])


class Starter:
    """A warm process, as long as the block lasts. One command at a time."""

    def __enter__(self) -> Starter:
        # -P: beside this file lies a folder `flows` of tests, which would be found first.
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_without_settings()
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def start(self, environment: dict[str, str], *arguments: str) -> Started:
        """Begin one command."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        settings = {name: value for name, value in environment.items() if name.startswith("OBSERVATORY_")}
        self._process.stdin.write(json.dumps({"arguments": arguments, "environment": settings}) + "\n")
        self._process.stdin.flush()
        return Started(int(self._process.stdout.readline()), self._process.stdout)


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OBSERVATORY_")}


def serve() -> None:
    """Answer until standard input ends."""
    for name in HEAVY:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as said:
            child = os.fork()
            if child == 0:
                _run(asked, said)
            _tell(str(child))
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said.seek(0)
            _tell(json.dumps({"code": code, "said": said.read().decode("utf-8", "replace")[-4000:]}))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _run(asked: dict[str, Any], said: IO[bytes]) -> None:
    code = 70
    try:
        os.dup2(said.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.environ.update(asked["environment"])
        sys.argv = ["observatory", *asked["arguments"]]
        from flows.cli import main

        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
