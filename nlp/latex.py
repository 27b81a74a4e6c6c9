"""LaTeX as authors leave it in titles and abstracts, folded to plain characters."""

from __future__ import annotations

import re
import unicodedata

# Accent command -> combining mark.
_ACCENTS = dict(zip("'`^\"~=.uvHckr", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a", strict=True))
_ACCENT = re.compile(r"\\(?:(['`^\"~=.])\s*\{?\\?([A-Za-z])\}?|([uvHckr])(?:\{\\?([A-Za-z])\}|\s+([A-Za-z])(?![A-Za-z])))")
_SYMBOL_TABLE = """
o=ø O=Ø l=ł L=Ł ss=ß ae=æ AE=Æ oe=œ OE=Œ aa=å AA=Å i=ı j=j
alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ kappa=κ lambda=λ mu=μ nu=ν xi=ξ pi=π rho=ρ
sigma=σ tau=τ phi=φ varphi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Phi=Φ Psi=Ψ Omega=Ω
times=× cdot=· pm=± sim=~ approx=≈ le=≤ leq=≤ ge=≥ geq=≥ to=→ rightarrow=→ infty=∞ ell=ℓ hbar=ħ circ=° ldots=… dots=…
textendash=–
"""
_SYMBOLS = dict(pair.split("=") for pair in _SYMBOL_TABLE.split())
_FUNCTION = re.compile(r"(?:log|ln|exp|sin|cos|tan|max|min|sup|inf|lim|det|poly|mod|ker|dim)$")
_COMMAND_WITH_TEXT = re.compile(
    r"\\(?:text(?:it|bf|tt|sc|rm|sf|sl|up|superscript|subscript|)|emph|underline|math(?:rm|bf|it|sf|tt|cal|bb|frak)|bm|boldsymbol"
    r"|operatorname|mbox|hbox|it|bf|em|rm|tt|hat|bar|tilde|vec|overline|url)\s*\{([^{}]*)\}"
)
_COMMAND_DROPPED = re.compile(r"\\(?:cite[a-z]*|ref|eqref|label|footnote|footnotemark|thanks|vspace|hspace)\s*\{[^{}]*\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_SCRIPT = re.compile(r"[_^](?:\{([^{}]*)\}|(.))")
_MATH = re.compile(r"\$\$?([^$\n]{1,300}?)\$\$?")
_MATH_SIGN = re.compile(r"[\\^_{}=<>|]")
_GROUP = re.compile(r"(?<!\w)\{([^{}\s\\][^{}]*)\}|\{\\(?:it|bf|em|rm|tt|sc)\s+([^{}]*)\}")
_ESCAPED = re.compile(r"\\([%&#_ $])")


def fold_latex(text: str) -> str:
    """`MoS$_2$` -> `MoS2`, `Schr\\"odinger` -> `Schrödinger`, `{\\em in vitro}` -> `in vitro`; formulas keep their letters.

    Citations, labels and unknown commands go. Text without backslash and dollar sign is not changed.
    """
    text = _ACCENT.sub(_accented, text)
    text = _MATH.sub(_formula, text)
    if "\\" in text:
        text = _GROUP.sub(lambda found: found[1] or found[2] or "", text)
        text = text.replace("\\\\", " ").replace("``", '"').replace("''", '"').replace("~", " ")
        text = _ESCAPED.sub(r"\1", _unwrapped(text))
        text = re.sub(r"\\(?=\W)", "", text)
    return text


def _accented(found: re.Match[str]) -> str:
    mark, letter = found[1] or found[3], found[2] or found[4] or found[5]
    return unicodedata.normalize("NFC", letter + _ACCENTS[mark])


def _formula(found: re.Match[str]) -> str:
    """The letters of a formula. Two dollar amounts in one sentence are no formula and stay."""
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
    return _COMMAND.sub(_symbol, text)


def _symbol(found: re.Match[str]) -> str:
    return _SYMBOLS.get(found[1], f" {found[1]} " if _FUNCTION.match(found[1]) else " ")
