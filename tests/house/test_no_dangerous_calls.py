"""Nothing in the rooms may run what it reads: no pickles, no eval, no shell, no unsafe YAML, no unverified TLS."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = ("crawlers", "nlp", "scoring", "flows")
MODULES = frozenset({"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "telnetlib"})
CALLS = frozenset({"eval", "exec", "compile", "__import__", "os.system", "os.popen", "torch.load", "tempfile.mktemp", "pd.read_pickle"})


def offences(source: str) -> Iterator[str]:
    """Each dangerous import or call, as `line: what`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from (f"{node.lineno}: import {name}" for name in names if name.partition(".")[0] in MODULES)
        if isinstance(node, ast.Call):
            called, given = ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}
            is_unsafe = (
                called in CALLS
                or given.get("shell") == "True"
                or given.get("verify") == "False"
                or given.get("trust_remote_code") == "True"
                or (called == "yaml.load" and "Loader" not in given)
                or (called.endswith("np.load") and given.get("allow_pickle") != "False")
                or (called.endswith("extractall") and given.get("filter") != "'data'")
            )
            if is_unsafe:
                yield f"{node.lineno}: {called}({', '.join(given)})"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_runs_nothing_that_it_reads(project: Path, room: str) -> None:
    found = [
        f"{path.relative_to(project)}:{offence}"
        for path in sorted((project / room).rglob("*.py"))
        for offence in offences(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import load",
        "eval(text)",
        "subprocess.run(line, shell=True)",
        "yaml.load(text)",
        "np.load(path)",
        "torch.load(path)",
        "archive.extractall(folder)",
    ],
)
def test_each_kind_is_found(line: str) -> None:
    assert list(offences(line))
