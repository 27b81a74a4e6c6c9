"""What stands where an article was due: a challenge, a consent page, an error, a list of articles. Pure.

Each is told by what it has and by what it lacks: an article about consent has both the word and a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawlers.parsers.article_charset import decode_page
from crawlers.parsers.article_json_ld import Node
from crawlers.parsers.article_tree import read_tree, visible_text
from crawlers.rejects import UnreadableError

_SHORT = 400  # characters of text below which a page's words about itself count
_STUB = 160
_THIN = 200
_LARGEST_CHALLENGE = 256 * 1024
_CHALLENGE = re.compile(
    r"__jsl_clearance|acw_sc__v2|\$_ts\s*=|_cf_chl_opt|cf-browser-verification|challenge-platform|_Incapsula_Resource|geo\.captcha-delivery"
    r"|ddos-guard|aws-waf-token|/_guard/|hwwafses|px-captcha|sucuri_cloudproxy",
    re.IGNORECASE,
)
_CHALLENGE_WORDS = re.compile(
    r"just a moment|checking your browser|verify (?:that )?you are (?:a )?human|are you a robot|enable javascript|attention required"
    r"|access denied|request (?:was )?blocked|安全验证|人机验证|访问验证|请开启\s?javascript|请输入验证码|网站防火墙|浏览器安全检查",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"before you continue|we value your privacy|your privacy choices|manage (?:your )?(?:cookies|consent)|accept (?:all )?cookies"
    r"|cookie consent|wir und unsere partner|zustimmung|pur-abo|nous et nos partenaires|隐私设置",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^https?://(?:[\w-]+\.)*(?:consent|guce|privacy|cmp)\.[\w.-]+/", re.IGNORECASE)
_ERROR_WORDS = re.compile(
    r"^\W*(?:error\s*)?(?:40[0-9]|41[0-9]|50[0-9])\b|page (?:was )?not found|page does not exist|seite nicht gefunden|no longer available"
    r"|页面不存在|找不到(?:该|您|页)|访问的页面|log ?in|sign in",
    re.IGNORECASE,
)
_LIST_PATH = re.compile(
    r"^https?://[^/]+/?$|/(?:tags?|category|categories|topics?|author|archives?|search|index)(?:/|\.s?html?|$)", re.IGNORECASE
)
_LINKED_SHARE = 0.5
_NEARLY_ALL, _MANY_LINKS = 0.85, 15
_SHORTEST_ENTRY = 8
_ARTICLE_METAS = ("articletitle", "article:published_time", "og:article:published_time", "parsely-pub-date")
_MOST_LINES, _MOST_LINKS = 300, 500


def refuse_challenge(markup: str, root: Any) -> None:
    """Raise UnreadableError (html_page) for a page that asks the browser to prove itself; Chinese offices send it with 412 or 521."""
    shown = visible_text(root)
    words = f"{visible_text(root.find('.//title'))} {shown}"
    if len(shown) < _SHORT and (_CHALLENGE.search(markup) or _CHALLENGE_WORDS.search(words)):
        raise UnreadableError("html_page", "a challenge to the browser stands where the article was due")


def is_challenge(body: bytes, content_type: str | None = None) -> bool:
    """Whether a response is a challenge to the browser; such pages are small, and only small ones are looked at."""
    if len(body) > _LARGEST_CHALLENGE:
        return False
    markup = decode_page(body, content_type).text
    try:
        refuse_challenge(markup, read_tree(markup))
    except UnreadableError as error:
        return error.reason == "html_page"
    return False


def refuse_other_pages(root: Any, meta: Mapping[str, str], nodes: Sequence[Node], text: str, addresses: Sequence[str]) -> None:
    """Raise UnreadableError for a page that tells of no article; `addresses` are where it was asked for and where it says it lives.

    html_page: consent and error pages. not_a_document: pages without text, and lists of articles.
    """
    words = f"{visible_text(root.find('.//title'))} {text[:_SHORT]}"
    if any(_CONSENT_HOST.match(one) for one in addresses) or (len(text) < _SHORT and _CONSENT_WORDS.search(words)):
        raise UnreadableError("html_page", "a page that asks for consent stands where the article was due")
    if _is_dated_article(meta, nodes):
        return
    if len(text) < _STUB and _ERROR_WORDS.search(words):
        raise UnreadableError("html_page", "an error page stands where the article was due")
    if not text:
        raise UnreadableError("not_a_document", "the page has no text")
    is_listed = any(node.is_list for node in nodes) or any(_LIST_PATH.search(re.split("[?#]", one)[0]) for one in addresses)
    if is_listed or _linked_share(root, text) > _LINKED_SHARE:
        raise UnreadableError("not_a_document", "the page is a list of articles, not an article")


def refuse_thin(meta: Mapping[str, str], nodes: Sequence[Node], text: str) -> None:
    """Raise UnreadableError (not_a_document) for an undated page that does not call itself an article and has little text."""
    says_article = _is_dated_article(meta, nodes) or meta.get("og:type", "").lower().endswith("article")
    if len(text) < _THIN and not says_article:
        raise UnreadableError("not_a_document", "nothing on the page says that it is an article")


def _is_dated_article(meta: Mapping[str, str], nodes: Sequence[Node]) -> bool:
    """Whether the page calls itself one article; og:type alone says little, since archives of articles bear it too."""
    articles = {node.headline for node in nodes if node.is_article}
    if len(articles) > 2 and any(node.is_list for node in nodes):
        return False
    return bool(articles) or any(name in meta for name in _ARTICLE_METAS)


def _linked_share(root: Any, text: str) -> float:
    """Which share of the text stands in lines that are mostly a link, the entries of a list; or of the page, where that is nearly all."""
    links = [visible_text(one) for one in root.iter("a")]
    shown = len(visible_text(root.find("body")))
    if len(links) > _MANY_LINKS and sum(map(len, links)) > _NEARLY_ALL * max(1, shown):
        return 1.0
    entries = [one for one in links if len(one) >= _SHORTEST_ENTRY][:_MOST_LINKS]
    lines = [line for line in text.split("\n") if line.strip()][:_MOST_LINES]
    listed = sum(len(line) for line in lines if any(one in line and len(one) * 2 > len(line) for one in entries))
    return listed / max(1, sum(map(len, lines)))
