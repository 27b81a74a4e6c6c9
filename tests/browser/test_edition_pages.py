"""The index and an edition with links, corrections and a watchlist in a real browser: nothing is fetched, nothing overflows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from quiet_pages import quiet_page
from report_world import open_world

from flows.reports import pages
from flows.settings import Settings, Watchlist
from flows.weekly import write_weekly_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = datetime(2026, 11, 22, 6)
LATER = """
DELETE FROM signals.emergence WHERE as_of = DATE '2026-11-15' AND technology_id IN ('t29', 't16');
UPDATE meta.facts SET value = repeat('ee', 32) WHERE key = 'content_digest';
"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    watchlist = Watchlist(technologies=("solid-state battery", "</style><script>alert(1)</script>"), tracks=("energy",), actors=("Nobody",))
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), watchlist=watchlist)
    settings.published.mkdir()
    open_world(settings.snapshot).close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages.charts, "timeline_svg", lambda *_: "<svg></svg>")  # looked at in test_report_page
        issue_three(settings)
    return settings.reports


def issue_three(settings: Settings) -> None:
    write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    write_weekly_report(settings, now=lambda: NOW, week="2026-W47")
    with duckdb.connect(str(settings.snapshot)) as connection:
        connection.execute(LATER)
    write_weekly_report(settings, now=lambda: NOW, week="2026-W47")


@pytest.mark.parametrize("name", ["index.html", "2026-W47/report.html"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_the_pages_are_quiet_and_fit(browser: Browser, reports: Path, name: str, width: int, scheme: str) -> None:
    with quiet_page(browser, reports / name, width, scheme) as page:
        policy = page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content") or ""
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert page.evaluate("getComputedStyle(document.body).margin") != "8px", "the policy must let our own style through"


def test_every_link_between_the_pages_leads_somewhere(browser: Browser, reports: Path) -> None:
    page = browser.new_page()
    for path in (reports / "index.html", *reports.glob("2026*/report.html")):
        page.goto(path.as_uri())
        own = page.evaluate("[...document.querySelectorAll('a')].map(link => link.href).filter(target => target.startsWith('file:'))")
        missing = [target for target in own if not Path(target.removeprefix("file://").partition("#")[0]).is_file()]
        assert missing == [], path
    assert page.goto((reports / "index.html").as_uri()) is not None
    page.click("article a >> nth=0")
    assert page.locator("#corrections").inner_text().count("2026-W46") == 2
    assert "</style><script>alert(1)</script>" in page.locator("#watchlist").inner_text()
    page.close()
