"""Scrapy's settings, hardened: Scrapy's defaults trust servers more than a crawler that runs every night may.

JOBDIR is not set. A crawl that dies is repeated from its first page, and what the landing's journal holds is answered from
there: no request can be lost between a queue on disk and the landing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MEBIBYTE = 1024 * 1024


def scrapy_settings(*, user_agent: str, pace_seconds: float, allow_hosts: Sequence[str], fast: bool) -> dict[str, Any]:
    """Return the settings of one crawl.

    `allow_hosts` may have private addresses. `fast` takes out the waiting between requests, and with it the turns that
    crawls take; only for a server of our own on loopback.
    """
    return {
        "USER_AGENT": user_agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": user_agent.partition("/")[0],
        # Politeness
        "DOWNLOAD_DELAY": 0.0 if fast else pace_seconds,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # a pace is a promise: never shorter by chance
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_ENABLED": not fast,
        "AUTOTHROTTLE_START_DELAY": 0.0 if fast else pace_seconds,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        "TAKE_TURNS": not fast,
        # Limits
        "DOWNLOAD_TIMEOUT": 60,
        "DOWNLOAD_MAXSIZE": 32 * MEBIBYTE,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "COMPRESSION_ENABLED": False,  # bodies are unfolded by the download handler, which notices cut ones
        "REDIRECT_MAX_TIMES": 5,
        "DEPTH_LIMIT": 20_000,
        "CLOSESPIDER_TIMEOUT": 12 * 3600.0,
        "EXTENSIONS": {"scrapy.extensions.memusage.MemoryUsage": None, "crawlers.middlewares.memory.OwnMemoryUsage": 0},
        "MEMUSAGE_ENABLED": True,
        "MEMUSAGE_LIMIT_MB": 2048,
        # Trust
        "ALLOWED_PRIVATE_HOSTS": list(allow_hosts),
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": True,
        "REFERRER_POLICY": "no-referrer",
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # behind a proxy nobody here would see which address is connected to
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            "http": "crawlers.middlewares.downloading.GuardedDownloadHandler",
            "https": "crawlers.middlewares.downloading.GuardedDownloadHandler",
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "TWISTED_DNS_RESOLVER": "crawlers.middlewares.resolving.GuardedResolver",
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Accept-Language": "en",
        },
        "RETRY_ENABLED": False,  # ours waits; Scrapy's sends again at once and does not read Retry-After
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "crawlers.middlewares.resuming.ResumingMiddleware": 50,
            "crawlers.middlewares.robots.RobotsMiddleware": 100,
            "crawlers.middlewares.conditional.ConditionalMiddleware": 540,
            "crawlers.middlewares.retries.RetryMiddleware": 550,
            "crawlers.middlewares.keys.KeyMiddleware": 610,
        },
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            "crawlers.middlewares.depth.DepthMiddleware": 900,
        },
        # Speed: at every page Scrapy would start a hundred tasks, and read the source of the callback anew
        "CONCURRENT_ITEMS": 1,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        # Quiet
        "LOG_LEVEL": "WARNING",
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
    }
