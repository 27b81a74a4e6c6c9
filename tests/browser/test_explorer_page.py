"""The explorer as a browser shows it: quiet, within the screen, usable without scripts, and deaf to hostile texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from explorer_world import publish_world
from served_explorer import PAGES, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(publish_world(tmp_path_factory.mktemp("explorer"))) as opened:
        yield opened


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_are_quiet_fit_and_run_nothing_foreign(browser: Browser, address: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("dialog", lambda dialog: (messages.append(f"dialog {dialog.message}"), dialog.dismiss()))
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.title().endswith("Future-industry observatory (simulated data)"), path
        assert (
            page.evaluate("document.querySelectorAll('main img, main script, main iframe, main form[action^=javascript]').length") == 0
        ), path
    assert messages == []
    assert {url.removeprefix(address).split("?")[0] for url in requests if not url.startswith("data:")} == {
        *(path.split("?")[0] for path in PAGES),
        "/style.css",
        "/static/htmx.min.js",
        "/static/explorer.js",
    }
    page.close()


def test_a_filter_changes_the_table_and_the_address_in_place(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "/ranking")
    page.evaluate("window.stayed = true")
    page.select_option("#track", "space")
    page.wait_for_url("**/ranking?*track=space*")
    page.wait_for_function("document.querySelectorAll('#results tbody tr').length === 4")
    assert page.evaluate("window.stayed") is True
    slider = page.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url("**as_of=2026-09-30*")
    assert slider.get_attribute("aria-valuetext") == "30 September 2026"
    page.close()


def test_everything_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.get_by_role("link", name="Ranking", exact=True).click()
    page.select_option("#track", "energy")
    page.get_by_role("button", name="Show").click()
    assert "track=energy" in page.url
    page.locator("#results").get_by_role("link", name="solid-state battery").click()
    assert page.locator("h1").inner_text().startswith("solid-state battery")
    with page.expect_download() as download:
        page.locator("#evidence").get_by_role("link", name="csv").click()
    assert download.value.suggested_filename == "simulated-evidence-2026-11-22-a1b2c3.csv"
    assert "'=1+1" in Path(download.value.path()).read_text(encoding="utf-8")
    context.close()


def test_dark_reaches_words_and_pictures(browser: Browser, address: str) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address + "/technology?id=t01")
        script = (
            "['main', '.picture text', '.picture polyline'].map(name => { const style = getComputedStyle(document.querySelector(name));"
        )
        colours.append(page.evaluate(script + " return [style.color, style.fill, style.stroke].join() })"))
        page.close()
    light, dark = colours
    assert all(first != second for first, second in zip(light, dark, strict=True))
