"""The Chinese report as a browser shows it: nothing is fetched, its policy lets its style in, nothing is wider than the window."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from flows.reports.language import load_language
from flows.reports.records import ReportFiles
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek
from flows.warehouse.schema import migrate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORLD = Path(__file__).parents[1] / "flows" / "test_report_world.sql"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        migrate(connection, datetime(2026, 11, 22))
        connection.execute(WORLD.read_text(encoding="utf-8"))
        return write_report(read_week(connection, IsoWeek(2026, 47), language=load_language("zh")), tmp_path_factory.mktemp("chinese"))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light"), (320, "light")])
def test_the_page_is_quiet_and_fits(browser: Browser, files: ReportFiles, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.goto(files.html.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.wait_for_load_state("networkidle")
    assert requests == [files.html.as_uri()]
    assert messages == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).wordBreak") == "keep-all"
    assert "CJK" in page.evaluate("getComputedStyle(document.querySelector('svg.radar text')).fontFamily")
    page.close()
