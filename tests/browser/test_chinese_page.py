"""The Chinese report as a browser shows it: nothing is fetched, its policy lets its style in, nothing is wider than the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from quiet_pages import quiet_page
from report_world import open_world

from flows.reports.language import load_language
from flows.reports.records import ReportFiles
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    with open_world() as connection:
        return write_report(read_week(connection, IsoWeek(2026, 47), language=load_language("zh")), tmp_path_factory.mktemp("chinese"))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light"), (320, "light")])
def test_the_page_is_quiet_and_fits(browser: Browser, files: ReportFiles, width: int, scheme: str) -> None:
    with quiet_page(browser, files.html, width, scheme) as page:
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).wordBreak") == "keep-all"
        assert "CJK" in page.evaluate("getComputedStyle(document.querySelector('svg.radar text')).fontFamily")
