"""The mark publishers put before or behind the title of a work that no longer stands ('RETRACTED ARTICLE: ...'). Pure."""

from __future__ import annotations

import re

from crawlers.records import State

# A notice is another work and keeps its own state: 'Retraction: ...', 'Retraction notice to ...' are not meant here.
_MARK = r"(retracted|withdrawn|removed|撤稿|撤回)(?:[ -](?:article|paper|chapter|publication|preprint|manuscript))?"
_BEFORE = re.compile(rf"[\W_]*{_MARK}\s*[:：\])）】—–-]", re.IGNORECASE)
_BEHIND = re.compile(
    r"[\[(（【](?:this (?:article|paper) (?:has been|was) )?(retracted|withdrawn|撤稿)\b[^\[\]()（）【】]{0,80}[\])）】]\W*$", re.IGNORECASE
)


def state_in_title(title: str) -> State:
    """Return 'retracted' or 'withdrawn' as the title says it, 'live' where it says nothing; a removed work is withdrawn."""
    found = _BEFORE.match(title[:200]) or _BEHIND.search(title[-200:])
    if found is None:
        return "live"
    return "retracted" if found[1].lower() in {"retracted", "撤稿"} else "withdrawn"
