"""Clean text, its language, and names that compare equal: the first things done to every record that is read."""

from __future__ import annotations

import html
import re
import unicodedata

from nlp.latex import fold_latex

_HIDDEN_BLOCK = re.compile(r"<(script|style|math|mml:math)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
# A tag has a name straight after `<` and attributes with `=`: `if a <b and c> d` is a sentence, not markup.
_TAG = re.compile(r"</?(?:[a-zA-Z]+:)?[a-zA-Z][a-zA-Z0-9-]*(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))*\s*/?>")
_BLOCK_TAG = re.compile(r"</?(?:jats:)?(?:p|br|div|li|ul|ol|tr|td|th|h[1-6]|sec|title|list|list-item)\b[^<>]*>", re.I)

_MARKS = re.compile("[™®©℠]")
_DASHES = re.compile("[\u2010\u2011\u2012\ufe63\uff0d]")
_SPACES = re.compile(r"\s+")
# Punctuation of Chinese typesetting keeps its form; everything else takes its compatibility form (NFKC).
_KEPT = re.compile(r"([\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65…⋯]+)")

_STATED_TABLE = """
eng=en english=en chi=zh zho=zh cn=zh chinese=zh ger=de deu=de fre=fr fra=fr jpn=ja jp=ja kor=ko kr=ko rus=ru spa=es por=pt
ita=it dut=nl nld=nl
"""
_STATED = dict(pair.split("=") for pair in _STATED_TABLE.split())
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af\u1100-\u11ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER_SCRIPTS = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
}
_ENGLISH_WORD = re.compile(r"\b(?:the|of|and|to|for|with|are|by|that|this|from|which|using|based|has|can)\b", re.I)
_LATIN_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "pl", "cs", "tr", "ro", "fi", "hu")
_CYRILLIC_LANGUAGES = ("ru", "uk", "bg")
# Below this many letters the statistical guess is no better than a coin: the record's own word, or English, stands.
_LETTERS_FOR_A_GUESS = 40

_LEGAL_FORM = re.compile(
    r"(?:ab|ag|aktiengesellschaft|ao|as|asa|bv|bvba|co|company|corp|corporation|gmbh|inc|incorporated|kabushiki|kaisha|kg|kgaa|kk"
    r"|limited|llc|llp|lp|ltd|ltda|nv|oao|ooo|oy|oyj|plc|pte|pty|pvt|sa|sarl|sas|se|spa|srl|ug)"
)
_CHINESE_LEGAL_FORM = re.compile("(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司)$")
_ORGANISATION_WORD = re.compile(
    r"\b(?:univ|inst|college|school|dep|laborator|lab|centre|center|academy|faculty|hospital|council|agency)", re.I
)
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i"})  # letters that NFKD does not take apart
_NOT_A_WORD = re.compile(r"[^\w\s]|_")


def clean(raw: str) -> str:
    """Readable text: no markup, entities, LaTeX commands, control or bidirectional characters; single spaces.

    Letters take their compatibility form (NFKC), Chinese punctuation stays as it is. Cleaning a clean text changes nothing.
    """
    text = raw
    # Entities are often escaped twice and may hide tags: rounds until nothing is left to do (deeper nests are no prose).
    for _ in range(8):
        before = text
        if "<" in text:
            text = _TAG.sub("", _BLOCK_TAG.sub(" ", _HIDDEN_BLOCK.sub(" ", text)))
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text or "$" in text:
            text = fold_latex(text)
        text = _plain(text)
        if text == before:
            break
    return text


def _plain(text: str) -> str:
    if not text.isascii():
        parts = _KEPT.split(_DASHES.sub("-", _MARKS.sub("", text)))
        text = "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(parts))
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, text))
    return _SPACES.sub(" ", text).strip()


def _visible(sign: str) -> str:
    """The sign itself, a space for control characters, nothing for format, surrogate, private and unassigned ones."""
    kind = unicodedata.category(sign)
    return " " if kind == "Cc" else "" if kind in ("Cf", "Cs", "Co", "Cn") else sign


def language(title: str, abstract: str, stated: str | None) -> str:
    """ISO 639-1 code of the language the text is in (`und` when it holds no letters and states nothing).

    The script decides first (a record called Chinese whose text was translated is English); within Latin script plain
    English function words, then the stated language, then py3langid over the languages that science is printed in.
    """
    said = (stated or "").strip().lower().replace("_", "-").split("-")[0]
    said = _STATED.get(said, said) if said not in ("und", "mul", "zxx") else ""
    text = f"{title} {abstract}"
    by_script = _script_language(text)
    if by_script is not None:
        return by_script
    letters = len(_LATIN.findall(text))
    if letters == 0:
        return said if said else "und"
    if len(_ENGLISH_WORD.findall(text)) >= max(1, 0.08 * len(text.split())):
        return "en"
    if said in _LATIN_LANGUAGES or (len(said) == 2 and said not in ("zh", "ja", "ko", *_CYRILLIC_LANGUAGES)):
        return said
    return _guess(text, _LATIN_LANGUAGES) if letters >= _LETTERS_FOR_A_GUESS else "en"


def _script_language(text: str) -> str | None:
    """The language its script settles; None for Latin script. A Han sign says as much as several letters."""
    if text.isascii():
        return None
    latin = len(_LATIN.findall(text))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    han = len(_HAN.findall(text))
    if 4 * (han + kana + hangul) > latin:
        if kana > 0.1 * (han + kana):
            return "ja"
        return "ko" if hangul > han else "zh"
    if len(_CYRILLIC.findall(text)) > latin:
        return _guess(text, _CYRILLIC_LANGUAGES)
    return next((code for code, letters in _OTHER_SCRIPTS.items() if len(letters.findall(text)) > latin), None)


def _guess(text: str, among: tuple[str, ...]) -> str:
    from py3langid import rank

    return next((str(code) for code, _ in rank(text) if code in among), among[0])


def normalise_name(name: str) -> str:
    """One key for the spellings of a person (`Müller, Jörg`, `Jorg Muller`) or organisation (`ACME Co., Ltd.`, `Acme`).

    Lower case, no accents or punctuation, family name last, no legal forms at the end. Empty when nothing is left.
    """
    text = clean(name)
    if _HAN.search(text):
        text = _CHINESE_LEGAL_FORM.sub("", re.sub(r"[\s·•.,，、]+", "", text))
        return text.casefold()
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) == 2 and len(parts[0].split()) <= 3 and _is_given_name(parts[1]) and not _ORGANISATION_WORD.search(text):
        text = f"{parts[1]} {parts[0]}"
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    folded = re.sub(r"\b((?:[a-z]\.){2,})", lambda found: found[1].replace(".", ""), folded.replace("&", " and "))
    words = _NOT_A_WORD.sub(" ", folded.replace("'", "").replace("’", "")).split()
    while len(words) > 1 and (_LEGAL_FORM.fullmatch(words[-1]) or words[-1] == "and"):
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def _is_given_name(text: str) -> bool:
    words = _NOT_A_WORD.sub(" ", text).lower().split()
    return 0 < len(words) <= 3 and not any(_LEGAL_FORM.fullmatch(word) for word in words)
