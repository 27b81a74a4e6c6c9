"""Addresses of feed entries: absolute, without the parameters that only count readers. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Parameters known to count readers and to change nothing about the page.
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|at_\w+|hsa_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|ncid|cmpid|wt_mc|wt\.mc"
    r"|ns_\w+|ocid|ftag|spm|_hsenc|_hsmi|mkt_tok|sr_share|xtor)",
    re.IGNORECASE,
)
_LONGEST = 2048


def canonical(link: str | None, *bases: str | None) -> str | None:
    """Return the http(s) address `link` stands for, resolved against the first absolute base; None where it is no address.

    Only tracking parameters are taken out; everything else of the address may matter and stays.
    """
    link = (link or "").strip()
    if not link or len(link) > _LONGEST:
        return None
    try:
        if not urlsplit(link).scheme:
            base = next((one for one in bases if one and urlsplit(one).scheme in {"http", "https"}), None)
            if base is None:
                return None
            link = urljoin(base, link)
        parts = urlsplit(link)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        return urlunsplit(parts._replace(netloc=parts.netloc.lower(), query=_without_tracking(parts.query)))
    except ValueError:  # an address such as http://[::1 is none
        return None


def _without_tracking(query: str) -> str:
    if not any(_TRACKING.fullmatch(pair.partition("=")[0]) for pair in query.split("&")):
        return query  # left byte for byte: re-encoding could change what a server sees
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.fullmatch(name)]
    return urlencode(kept)


def host_of(link: str | None) -> str:
    """Return the host of an address, '' for None."""
    return (urlsplit(link).hostname or "") if link else ""
