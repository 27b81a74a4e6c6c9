"""The memory limit of a crawl, read off the crawl alone."""

from __future__ import annotations

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")


class OwnMemoryUsage(MemoryUsage):  # type: ignore[misc]
    """Scrapy reads `ru_maxrss`, which on Linux a process inherits from the one that started it, through `exec` too (getrusage(2)):
    a crawl started by a night that holds a sentence model would be stopped for the night's memory before its first request.
    """

    def get_virtual_size(self) -> int:
        """Bytes: the most this program has held in memory (`VmHWM` of proc(5)); where there is no /proc, what Scrapy reads."""
        if not _STATUS.exists():
            return int(super().get_virtual_size())
        fields = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines() if ":" in line)
        return int(fields["VmHWM"].split()[0]) * 1024
