"""Every page kind of explorer, report, run and back-test: our own structural checks, and axe where it is at hand.

axe-core is MPL-2.0 and not part of the project. It is taken from the file that AXE_CORE names, or from an installed package that brings it
(`pip install axe-playwright-python`); without either its test skips. `python -m pytest -m slow -s tests/browser/test_accessible.py` prints
what it found.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from explorer_world import WORLDS, publish_world
from served_explorer import PAGES, serving

from flows.reports import backtest
from flows.reports.run_page import read_run, render_run
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek
from flows.warehouse.connection import open_writer
from flows.warehouse.schema import migrate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHECKS = Path(__file__).with_name("checks.js")
FLOWS = Path(__file__).parents[1] / "flows"
LOOKS = [(width, scheme) for width in (1440, 390) for scheme in ("light", "dark")]
SERIOUS = ("serious", "critical")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Every page: those of the explorer, what it refuses, the report, a run, a back-test."""
    folder = tmp_path_factory.mktemp("pages")
    files = [_report(folder), _run_page(folder), _backtest(folder)]
    with serving(publish_world(folder)) as opened:
        yield [*(opened + path for path in (*PAGES, "/technology?id=nothing", "/nowhere")), *(file.as_uri() for file in files)]


def _report(folder: Path) -> Path:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        migrate(connection, datetime(2026, 11, 22))
        for world in WORLDS:
            connection.execute(world.read_text(encoding="utf-8"))
        return write_report(read_week(connection, IsoWeek(2026, 47)), folder / "report").html


def _run_page(folder: Path) -> Path:
    with open_writer(folder / "run.duckdb") as connection:
        migrate(connection, datetime(2024, 1, 24))
        connection.execute((FLOWS / "warehouse_world.sql").read_text(encoding="utf-8"))
        data = read_run(
            connection, "scan-1", problems=["feeds: page 2 did not answer."], published=Path("observatory-scan-1.duckdb"), redact=str
        )
    page = folder / "run.html"
    page.write_text(render_run(data), encoding="utf-8")
    return page


def _backtest(folder: Path) -> Path:
    spec = importlib.util.spec_from_file_location("made_backtest", FLOWS / "test_backtest.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    with pytest.MonkeyPatch.context() as patched:
        made.use_made_windows(patched)
        result = made._run(datetime(2009, 12, 31).date(), datetime(2010, 12, 31).date())
    page = folder / "backtest.html"
    page.write_text(backtest.render_html(result), encoding="utf-8")
    return page


def _open(browser: Browser, width: int, scheme: Any) -> Page:
    # The policy of the pages would not let axe in.
    return browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()


def _show(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_are_whole_for_those_who_do_not_see_them(browser: Browser, addresses: list[str], width: int, scheme: str) -> None:
    page = _open(browser, width, scheme)
    found = {}
    for address in addresses:
        _show(page, address)
        found[address.rsplit("/", 1)[-1]] = page.evaluate(CHECKS.read_text(encoding="utf-8"))
    page.context.close()
    assert {name: sentences for name, sentences in found.items() if sentences} == {}


def _axe() -> str:
    """The text of axe-core; skips where there is none."""
    named = os.environ.get("AXE_CORE")
    package = importlib.util.find_spec("axe_playwright_python")
    places = (
        [Path(named)] if named else [Path(place) / "axe.min.js" for place in (package.submodule_search_locations or ())] if package else []
    )
    for place in places:
        if place.is_file():
            return place.read_text(encoding="utf-8")
    pytest.skip("no axe-core here: name its file in AXE_CORE, or pip install axe-playwright-python")


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_serious(browser: Browser, addresses: list[str], width: int, scheme: str) -> None:
    axe = _axe()
    page = _open(browser, width, scheme)
    serious, lesser = [], set()
    for address in addresses:
        _show(page, address)
        page.evaluate(axe)
        for one in page.evaluate("axe.run()")["violations"]:
            if one["impact"] in SERIOUS:
                serious.append(
                    (address.rsplit("/", 1)[-1], one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"][:200])
                )
            else:
                lesser.add(one["id"])
    page.context.close()
    print(f"\n{width} px, {scheme}: {len(addresses)} pages, {len(serious)} serious findings; lesser: {sorted(lesser) or 'none'}")  # noqa: T201
    assert serious == []
