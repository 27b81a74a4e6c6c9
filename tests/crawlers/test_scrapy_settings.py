from __future__ import annotations

from scrapy.settings import default_settings

from crawlers.settings import scrapy_settings

NORMAL = scrapy_settings(user_agent="observatory/1 (+mailto:a@example.org)", pace_seconds=3.0, allow_hosts=(), fast=False)


def test_scrapy_is_hardened() -> None:
    wanted = {
        "ROBOTSTXT_OBEY": True,
        "AUTOTHROTTLE_ENABLED": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_MAXSIZE": 32 * 1024 * 1024,
        "DOWNLOAD_TIMEOUT": 60,
        "DEPTH_LIMIT": 20_000,
        "CLOSESPIDER_TIMEOUT": 43_200.0,
        "TAKE_TURNS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "REDIRECT_MAX_TIMES": 5,
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "MEMUSAGE_LIMIT_MB": 2048,
        "COMPRESSION_ENABLED": False,
        "DOWNLOAD_DELAY": 3.0,
        "DOWNLOAD_DELAY_JITTER": 0.0,
    }
    assert {name: NORMAL[name] for name in wanted} == wanted
    assert {name for name, handler in NORMAL["DOWNLOAD_HANDLERS"].items() if handler is None} == {"file", "data", "ftp", "s3"}


def test_every_setting_is_one_scrapy_knows() -> None:
    ours = {"ALLOWED_PRIVATE_HOSTS", "TAKE_TURNS"}
    assert {name for name in NORMAL if not hasattr(default_settings, name)} == ours


def test_fast_leaves_out_the_waiting_and_nothing_else() -> None:
    fast = scrapy_settings(user_agent="observatory/1 (+mailto:a@example.org)", pace_seconds=3.0, allow_hosts=(), fast=True)
    differing = {name for name in NORMAL if NORMAL[name] != fast[name]}
    assert differing == {"DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED", "AUTOTHROTTLE_START_DELAY", "TAKE_TURNS"}
