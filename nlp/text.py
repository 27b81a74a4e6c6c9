"""Clean text, its language, and names that compare equal: the first things done to every record that is read."""

from __future__ import annotations

import html
import re
import unicodedata

_HIDDEN_BLOCK = re.compile(r"<(script|style|math|mml:math)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
# A tag has a name straight after `<` and attributes with `=`: `if a <b and c> d` is a sentence, not markup.
_TAG = re.compile(r"</?(?:[a-zA-Z]+:)?[a-zA-Z][a-zA-Z0-9-]*(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))*\s*/?>")
_BLOCK_TAG = re.compile(r"</?(?:jats:)?(?:p|br|div|li|ul|ol|tr|td|th|h[1-6]|sec|title|list|list-item)\b[^<>]*>", re.I)

_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_ACCENT = re.compile(r"\\(?:(['`^\"~=.])\s*\{?\\?([A-Za-z])\}?|([uvHckr])(?:\{\\?([A-Za-z])\}|\s+([A-Za-z])(?![A-Za-z])))")
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "j",
}  # fmt: skip
_SYMBOLS = _LETTERS | {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
    "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "times": "×", "cdot": "·", "pm": "±", "sim": "~", "approx": "≈",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "to": "→", "rightarrow": "→", "infty": "∞", "ell": "ℓ", "hbar": "ħ", "circ": "°",
    "ldots": "…", "dots": "…", "quad": " ", "qquad": " ", "textendash": "–",
}  # fmt: skip
_FUNCTIONS = frozenset("log ln exp sin cos tan max min sup inf lim det poly mod ker dim".split())
_COMMAND_WITH_TEXT = re.compile(
    r"\\(?:text(?:it|bf|tt|sc|rm|sf|sl|up|sub|superscript|subscript|)|emph|underline|mathrm|mathbf|mathit|mathsf|mathtt|mathcal|mathbb|mathfrak|"
    r"bm|boldsymbol|operatorname|mbox|hbox|it|bf|em|rm|tt|hat|bar|tilde|vec|overline|url)\s*\{([^{}]*)\}"
)
_COMMAND_DROPPED = re.compile(r"\\(?:cite[a-z]*|ref|eqref|label|footnote|footnotemark|thanks|vspace|hspace)\s*\{[^{}]*\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_SCRIPT = re.compile(r"[_^]\{([^{}]*)\}|[_^]([A-Za-z0-9+\-*αβγδεκλμνπρσφχψω])")
_MATH = re.compile(r"\$\$?([^$\n]{1,300}?)\$\$?")
_MATH_SIGN = re.compile(r"[\\^_{}=<>|]")
_GROUP = re.compile(r"(?<!\w)\{([^{}\s][^{}]*)\}|\{\\(?:it|bf|em|rm|tt|sc)\s+([^{}]*)\}")

_MARKS = re.compile("[™®©℠]")
_DASHES = re.compile("[\u2010\u2011\u2012\ufe63\uff0d]")
_SPACES = re.compile(r"\s+")
# Punctuation of Chinese typesetting keeps its form; everything else takes its compatibility form (NFKC).
_KEPT = re.compile(r"([\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65…⋯]+)")

_STATED = {
    "eng": "en", "english": "en", "chi": "zh", "zho": "zh", "cn": "zh", "chinese": "zh", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr",
    "jpn": "ja", "jp": "ja", "kor": "ko", "kr": "ko", "rus": "ru", "spa": "es", "por": "pt", "ita": "it", "dut": "nl", "nld": "nl",
}  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af\u1100-\u11ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER_SCRIPTS = {"ar": re.compile("[\u0600-\u06ff]"), "el": re.compile("[\u0370-\u03ff]"), "he": re.compile("[\u0590-\u05ff]")}
_ENGLISH_WORDS = frozenset("the of and to for with are by that this from which using based has can".split())
_LATIN_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "pl", "cs", "tr", "ro", "fi", "hu")
_CYRILLIC_LANGUAGES = ("ru", "uk", "bg")
# Below this many letters the statistical guess is no better than a coin: the record's own word, or English, stands.
_LETTERS_FOR_A_GUESS = 40

_LEGAL_FORMS = frozenset(
    """ab ag aktiengesellschaft ao as asa bv bvba co company corp corporation gmbh inc incorporated kabushiki kaisha kg kgaa kk limited llc llp
    lp ltd ltda nv oao ooo oy oyj plc pte pty pvt sa sarl sas se spa srl ug""".split()
)
_CHINESE_LEGAL_FORM = re.compile("(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司)$")
_ORGANISATION_WORD = re.compile(
    r"\b(?:univ|univers|inst|institut|college|school|dep|dept|department|laborator|lab|centre|center|academy|faculty|hospital|council|agency)", re.I
)
_NOT_A_WORD = re.compile(r"[^\w\s]|_")


def clean(raw: str) -> str:
    """Readable text: without markup, entities, LaTeX commands, control and bidirectional characters, with single spaces.

    `MoS$_2$` becomes `MoS2`, `Schr\\"odinger` becomes `Schrödinger`; formulas keep their letters. Letters take their
    compatibility form (NFKC), Chinese punctuation stays as it is. Cleaning a clean text changes nothing.
    """
    text = raw
    # Entities are often escaped twice and may hide tags; the rounds end when nothing is left to do, and deeper nests are no prose.
    for _ in range(8):
        before = text
        if "<" in text:
            text = _TAG.sub("", _BLOCK_TAG.sub(" ", _HIDDEN_BLOCK.sub(" ", text)))
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text or "$" in text:
            text = _without_latex(text)
        text = _plain(text)
        if text == before:
            break
    return text


def _without_latex(text: str) -> str:
    text = text.replace("\\%", "%").replace("\\&", "&").replace("\\#", "#").replace("\\_", "_").replace("\\ ", " ")
    text = _ACCENT.sub(_accented, text)
    if "$" in text:
        text = _MATH.sub(_formula, text)
    if "\\" in text:
        text = _unwrapped(text)
        text = _GROUP.sub(lambda found: found[1] or found[2], text)
        text = text.replace("\\$", "$").replace("\\\\", " ").replace("``", '"').replace("''", '"').replace("~", " ")
        text = re.sub(r"\\(?=\W)", "", text)
    return text


def _accented(found: re.Match[str]) -> str:
    mark, letter = found[1] or found[3], found[2] or found[4] or found[5]
    return unicodedata.normalize("NFC", letter + _ACCENTS[mark])


def _formula(found: re.Match[str]) -> str:
    """The letters of a formula; two dollar amounts in one sentence are no formula."""
    inner = found[1]
    if not _MATH_SIGN.search(inner) and (" " in inner.strip() or len(inner) > 8):
        return found[0]
    inner = _unwrapped(inner)
    for _ in range(3):
        inner = _SCRIPT.sub(lambda part: part[1] if part[1] is not None else part[2], inner)
    return re.sub(r"[{}]|\\[^\w]", "", inner).strip()


def _unwrapped(text: str) -> str:
    text = _COMMAND_DROPPED.sub("", text)
    for _ in range(3):
        text = _FRACTION.sub(r"\1/\2", _COMMAND_WITH_TEXT.sub(r"\1", text))
    return _COMMAND.sub(lambda found: _SYMBOLS.get(found[1], f" {found[1]} " if found[1] in _FUNCTIONS else ""), text)


def _plain(text: str) -> str:
    if not text.isascii():
        text = _DASHES.sub("-", _MARKS.sub("", text))
        text = "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(_KEPT.split(text)))
    if not text.isprintable() or not text.isascii():
        text = "".join(c if (kind := unicodedata.category(c)) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " if kind == "Cc" else "" for c in text)
    return _SPACES.sub(" ", text).strip()


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
    words = re.findall(r"[a-z]+", text.lower())
    if words and sum(word in _ENGLISH_WORDS for word in words) >= max(1, 0.08 * len(words)):
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
    """One key for the spellings of a person or an organisation: `Müller, Jörg` and `Jorg Muller`, `ACME Co., Ltd.` and `Acme`.

    Lower case, no accents or punctuation, family name last, no legal forms at the end. Empty when nothing is left.
    """
    text = clean(name)
    if _HAN.search(text):
        text = _CHINESE_LEGAL_FORM.sub("", re.sub(r"[\s·•.,，、]+", "", text))
        return text.casefold()
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) == 2 and _is_given_name(parts[1]) and len(parts[0].split()) <= 3 and not _ORGANISATION_WORD.search(text):
        text = f"{parts[1]} {parts[0]}"
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L"))
    folded = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    folded = re.sub(r"\b((?:[a-z]\.){2,})", lambda found: found[1].replace(".", ""), folded.replace("&", " and "))
    words = _NOT_A_WORD.sub(" ", folded.replace("'", "").replace("’", "")).split()
    while len(words) > 1 and (words[-1] in _LEGAL_FORMS or words[-1] == "and"):
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def _is_given_name(text: str) -> bool:
    words = _NOT_A_WORD.sub(" ", text).lower().split()
    return 0 < len(words) <= 3 and not any(word in _LEGAL_FORMS for word in words)
