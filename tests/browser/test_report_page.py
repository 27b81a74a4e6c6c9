"""The report as a browser shows it: nothing is fetched, nothing runs, nothing overflows, and it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from quiet_pages import quiet_page
from report_world import open_world

from flows.reports.records import ReportFiles
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    with open_world() as connection:
        return write_report(read_week(connection, IsoWeek(2026, 47)), tmp_path_factory.mktemp("page"))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")])
def test_the_page_is_quiet_and_fits(browser: Browser, files: ReportFiles, width: int, scheme: str) -> None:
    with quiet_page(browser, files.html, width, scheme) as page:
        assert page.title() == "Weekly trend report 2026-W47 (simulated data)"


def test_dark_mode_reaches_the_pictures(browser: Browser, files: ReportFiles) -> None:
    strokes = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(files.html.as_uri())
        strokes.append(page.evaluate("[...document.querySelectorAll('svg.chart path')].map(path => getComputedStyle(path).stroke)"))
        page.close()
    light, dark = strokes
    assert len(light) == len(dark) > 60
    assert all(first != second for first, second in zip(light, dark, strict=True))


def test_the_keyboard_reaches_the_findings_first_and_opens_the_data(browser: Browser, files: ReportFiles) -> None:
    page = browser.new_page()
    page.goto(files.html.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#findings"
    page.locator("figure summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure details[open] table").first.is_visible()
    page.close()


def test_it_prints_its_findings_and_limits_on_the_first_page(browser: Browser, files: ReportFiles) -> None:
    page = browser.new_page()
    page.goto(files.html.as_uri())
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 695, "height": 1010})
    assert (
        page.evaluate("Math.max(...['#findings', '.front .box'].map(name => document.querySelector(name).getBoundingClientRect().bottom))")
        < 1010
    )
    page.close()


def test_hostile_titles_do_not_run_in_the_email_either(browser: Browser, files: ReportFiles) -> None:
    page = browser.new_page()
    page.goto(files.email_html.as_uri())
    assert page.title() == "Weekly trend report 2026-W47 (simulated data)"
    assert page.evaluate("document.images.length") == 1
    page.close()
