"""Title, language, people and terms of an article, from what the page states. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any

from crawlers.parsers.article_json_ld import Node
from crawlers.parsers.article_tree import visible_text
from crawlers.records import Actor
from crawlers.text import plain

_SEPARATORS = " |–—·•»«-_"
_SEPARATOR = re.compile(r"\s+[|–—·•»«-]\s+|\s*[|_]\s*|\s*--+\s*|(?<=[\u3000-\u9fff])[-–—]+(?=\S)")
_SITE_NAME = re.compile(r"(?:网|网站|频道|新闻|日报|晚报|报社|官网|传媒|在线|政府|News|Times|Post|\.(?:com|org|net|cn|de|co\.uk))$")
_SHORTEST, _LONGEST_TITLE = 5, 500
_WORD = re.compile(r"[a-z\u00c0-\u024f]{3,}|[\u3040-\u9fff]")
_CUT = ("…", "...")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_].*)?")
_HAN, _KANA, _HANGUL = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7af]")
_FOREIGN_SHARE = 0.2
_LONGEST_NAME = 80
_AUTHOR_METAS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "sailthru.author")
_PAID_TIERS = {"locked", "metered", "premium", "paid", "subscription", "subscriber"}


def title_of(root: Any, meta: Mapping[str, str], article: Node | None, pieces: Sequence[str]) -> str:
    """Return the headline: ArticleTitle of Chinese offices, JSON-LD, Open Graph, the one h1, the title tag without the site's name.

    `pieces` are the shown pieces of text: a part of a title that stands in the page by itself is the title.
    """
    tag = visible_text(root.find(".//head/title")) or visible_text(root.find(".//title"))
    headings = [text for one in root.iter("h1") if (text := visible_text(one))]
    stated = [
        plain(meta.get("articletitle")),
        article.headline if article is not None else "",
        plain(meta.get("og:title")),
        headings[0] if len(headings) == 1 and _is_alike(headings[0], tag) else "",
        next((one for one in headings if one in tag), ""),
        plain(meta.get("citation_title")),
        tag,
        next(iter(headings), ""),
    ]
    found = [one[:_LONGEST_TITLE] for one in stated if one]
    whole = [one for one in found if not one.endswith(_CUT)]
    return _without_site((whole or found or [""])[0], {*headings, *pieces}, plain(meta.get("og:site_name")))


def _without_site(title: str, shown: Set[str], site: str) -> str:
    """The longest beginning of a title that the page shows by itself; else the title without the site's name or its last part."""
    ends = [match.start() for match in _SEPARATOR.finditer(title)]
    beginnings = [title, *(title[:end].strip() for end in reversed(ends))]
    alone = next((one for one in beginnings if one in shown and len(one) >= _SHORTEST), None)
    if alone or not ends:
        return alone or title
    last = title[ends[-1] :].strip(_SEPARATORS)
    is_site = last.lower() == site.lower() or bool(_SITE_NAME.search(last))
    return beginnings[1] if is_site and len(beginnings[1]) >= _SHORTEST else title


def _is_alike(heading: str, tag: str) -> bool:
    """Whether a heading says what the title tag says: a lone h1 may also be the site's name."""
    words, others = (set(_WORD.findall(one.lower())) for one in (heading, tag))
    return not tag or len(words & others) * 2 >= max(1, len(words))


def language_of(root: Any, meta: Mapping[str, str], article: Node | None, sample: str) -> str | None:
    """Return the ISO 639 code of the page's language; characters overrule tags, since templates are copied with theirs."""
    letters = [len(pattern.findall(sample)) for pattern in (_HAN, _KANA, _HANGUL)]
    if sum(letters) > _FOREIGN_SHARE * max(1, len(sample)):
        han, kana, hangul = letters
        if hangul > han:
            return "ko"
        return "ja" if kana * 10 > han else "zh"
    said = (
        root.get("lang"),
        article.lang if article is not None else None,
        meta.get("og:locale"),
        meta.get("content-language"),
        meta.get("language"),
    )
    found = next((match[1].lower() for one in said if one and (match := _LANGUAGE.match(one))), None)
    return None if found in {"zh", "ja", "ko"} and len(sample) > 200 else found


def actors_of(meta: Mapping[str, str], article: Node | None) -> tuple[Actor, ...]:
    """Return authors as named; mail and web addresses are left out."""
    said = article.authors if article is not None and article.authors else tuple(meta[name] for name in _AUTHOR_METAS if name in meta)
    names = (plain(name) for name in said)
    return tuple(dict.fromkeys(Actor("author", name) for name in names if 1 < len(name) <= _LONGEST_NAME and not re.search("@|://", name)))


def publisher_of(meta: Mapping[str, str], article: Node | None) -> str:
    """Return who publishes the page: ContentSource of Chinese offices, the site's name, the publisher of its JSON-LD."""
    said = (meta.get("contentsource"), meta.get("og:site_name"), article.publisher if article is not None else "", meta.get("sitename"))
    return next((name for one in said if (name := plain(one))), "")


def is_behind_paywall(meta: Mapping[str, str], article: Node | None) -> bool:
    """Whether the page says that only payers read all of it."""
    if article is not None and article.is_free is False:
        return True
    tier = (meta.get("article:content_tier") or meta.get("og:article:content_tier") or "").lower()
    return tier in _PAID_TIERS or meta.get("isaccessibleforfree", "").lower() == "false"
