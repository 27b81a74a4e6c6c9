"""One key for the spellings of a term: case, hyphens, British and American forms, singular and plural."""

from __future__ import annotations

import re
from functools import lru_cache

# Written apart, hyphened or joined in the wild ("multi-agent", "multi agent", "multiagent"): the key joins them.
PREFIXES = frozenset(["multi", "non", "semi", "micro", "nano", "bio", "co", "pre", "re", "hyper", "super", "meta", "inter", "intra", "sub"])
# Words that may stand inside a term of three: Internet of Things, system on chip, voice over IP.
LINKS = frozenset(["of", "on", "over"])
_SEPARATOR = re.compile(r"[\s\-\u2010\u2013/_]+")
_TRIM = re.compile(r"^[^\w]+|[^\w+#]+$")
_ACRONYM_PLURAL = re.compile(r"[A-Z0-9][A-Za-z0-9.]*[A-Z0-9]s$")
# Capitals enough to be no ordinary word: CRISPR, GaN, mRNA, 6G, MoS2, IoT; a capital after a small letter counts.
_ACRONYM = re.compile(
    r"(?=[^A-Z]*[A-Z])(?:[A-Z0-9]+[A-Z][A-Za-z0-9]*|[A-Z][A-Z0-9]+[A-Za-z0-9]*|[A-Z][a-z]{1,2}[A-Z0-9]\w*|[a-z][A-Z][A-Z0-9]\w*)$"
)
_ELEMENTS = (
    "A[cglmrstu]|B[aehikr]?|C[adeflmnorsu]?|D[bsy]|E[rsu]|F[elmr]?|G[ade]|H[efgos]?|I[nr]?|Kr?|L[airuv]|M[cdgnot]|N[abdehiop]?|"
    "O[gs]?|P[abdmortu]?|R[abefghnu]|S[bcegimnr]?|T[abehilms]|U|V|W|Xe|Yb?|Z[nr]"
)
_FORMULA = re.compile(rf"(?=[^a-z]*[a-z])(?:(?:{_ELEMENTS})\d*){{2,}}$")
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})$")

_OUR = re.compile(r"(?<=col|avi|fav|lav|hon|hum|lab|ghb|arb|vap|tum|vig|arm|eav|rum)our")
_RE = re.compile(r"(?<=fib|ent|met|lit|eat|ect|lib|nit)re$")
_ISE = re.compile(r"(?<=..)(al|er|ar|im|om|or|an|on|in|at|et|it|ol|yn|ur|as|es|gn|tr|id|iv)is(?=e$|ed$|er$|ing$|able$|ation$)")
_NOT_ISE = re.compile(r"(?:prom|comprom|chem|trem|mort)is|^(?:raise|arise|bruise|advertis)")
_YSE = re.compile(r"lys(?=e$|ed$|er$|ing$)")
_DOUBLE_L = re.compile(r"^(.*(?:mod|lab|trav|chann|lev|canc|tunn|fu|pan|sign|di|equ|spir|tot)(?:e|a)l)l(?=ing$|ed$|er$)")
_WORD_TABLE = """
    odour=odor aluminium=aluminum grey=gray tyre=tire programme=program catalogue=catalog analogue=analog dialogue=dialog defence=defense
    licence=license offence=offense artefact=artifact mould=mold cheque=check ageing=aging aeroplane=airplane analyses=analysis
    axes=axis bases=basis crises=crisis hypotheses=hypothesis theses=thesis syntheses=synthesis parentheses=parenthesis
    diagnoses=diagnosis prognoses=prognosis emphases=emphasis oases=oasis prostheses=prosthesis catalyses=catalysis
    matrices=matrix vertices=vertex vortices=vortex indices=index appendices=appendix simplices=simplex helices=helix
    phenomena=phenomenon criteria=criterion spectra=spectrum quanta=quantum media=medium bacteria=bacterium momenta=momentum
    maxima=maximum minima=minimum optima=optimum equilibria=equilibrium continua=continuum strata=stratum automata=automaton
    polyhedra=polyhedron corpora=corpus genera=genus nuclei=nucleus stimuli=stimulus radii=radius loci=locus foci=focus
    fungi=fungus formulae=formula antennae=antenna larvae=larva algae=alga lives=life knives=knife leaves=leaf halves=half
    shelves=shelf wolves=wolf calves=calf wives=wife men=man women=woman children=child people=person feet=foot teeth=tooth
    mice=mouse quizzes=quiz lenses=lens gases=gas biases=bias buses=bus viruses=virus aliases=alias atlases=atlas
    canvases=canvas statuses=status campuses=campus apparatuses=apparatus processes=process caches=cache niches=niche
    headaches=headache avalanches=avalanche psyches=psyche movies=movie cookies=cookie zombies=zombie selfies=selfie
    calories=calorie lies=lie ties=tie pies=pie dies=die shoes=shoe toes=toe axles=axle data=data
"""
_WORDS = dict(pair.split("=") for pair in _WORD_TABLE.split())
# Words in -s that are singular, or that no one writes without it.
_KEPT_S = re.compile(
    r"(?:ss|us|is|ics|itis|lens|series|species)$|^(?:news|bias|gas|chaos|atlas|canvas|alias|means|always|cosmos|higgs|kudos|texas|"
    r"christmas|pancreas|diabetes|herpes|thales|stokes|gibbs|yes|mars|paris|wales|windows|perhaps|whereas|ethos|"
    r"pathos|asbestos|rhinoceros|los|des|las|les|was|has|its)$"
)
_PLURAL_ICS = re.compile(r"(?:metr|top|ceram|heurist|characterist|fabr|crit|antibiot|cosmet|narcot|log|gener|class)ics$")
_LATIN_FORMS = re.compile(r"^(?:haem|anaem|leukaem|ischaem|paed|orthopaed|anaesth|oestr|oesoph|foet)")


@lru_cache(maxsize=400_000)
def fold_word(word: str) -> str:
    """The key of one word: `Fibres` -> `fiber`, `GANs` -> `gan`, `Moore's` -> `moore`, `analyses` -> `analysis`."""
    word = _TRIM.sub("", word.replace("’", "'"))
    word = word.removesuffix("'s")
    if _ACRONYM_PLURAL.match(word):
        return word[:-1].lower().replace(".", "")
    if len(word) > 1 and word.isupper():
        return word.lower().replace(".", "")
    return american_spelling(_singular(word.lower().replace("'", "")))


@lru_cache(maxsize=400_000)
def term_key(surface: str) -> str:
    """The key of a term: words folded and joined by single blanks, Chinese written without any.

    `Brain-Computer Interfaces` -> `brain computer interface`, `multi-agent systems` -> `multiagent system`. Two surfaces
    mean the same term exactly when their keys are equal. Empty for a surface without letters or digits.
    """
    words: list[str] = []
    prefix = ""
    for part in _SEPARATOR.split(surface):
        folded = fold_word(part)
        if not folded:
            continue
        if prefix:
            folded, prefix = prefix + folded, ""
        elif folded in PREFIXES:
            prefix = folded
            continue
        words.append(folded)
    if prefix:
        words.append(prefix)
    key = " ".join(words)
    return key if key.isascii() else re.sub(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])", "", key)


def is_acronym(word: str) -> bool:
    """Whether a token is spelled like an abbreviation or a formula: CRISPR, 6G, mRNA, GaN, GANs; not Graphene, II or 2007."""
    return 2 <= len(word) <= 12 and bool(_ACRONYM.match(word)) and not _ROMAN.fullmatch(word)


def is_formula(word: str) -> bool:
    """Whether a token can be read as a compound of chemical elements: GaN, MoS2; not GAN, IoT or CO2, where no small letter shows it."""
    return bool(_FORMULA.match(word))


def american_spelling(word: str) -> str:
    """A lower-case word in American spelling: `polarised` -> `polarized`, `fibre` -> `fiber`."""
    known = _WORDS.get(word)
    if known is not None:
        return known
    word = _RE.sub("er", _OUR.sub("or", word))
    if "is" in word and not _NOT_ISE.search(word):
        word = _ISE.sub(r"\1iz", word)
    word = _DOUBLE_L.sub(r"\1", _YSE.sub("lyz", word)).replace("sulph", "sulf")
    if _LATIN_FORMS.match(word):
        word = word.replace("ae", "e", 1).replace("oe", "e", 1)
    return word


def inflections(verb: str) -> tuple[str, ...]:
    """The regular forms of a verb in folded spelling: itself, -s, -ed, -ing (with a doubled last letter too)."""
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return (verb, verb + "s", verb + "d", verb[:-1] + "ing")
    if verb.endswith("y") and verb[-2] not in "aeou":
        return (verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    doubled = verb + verb[-1] if re.search(r"[^aeiou][aeiou][bdglmnprt]$", verb) else verb
    return (verb, third, verb + "ed", verb + "ing", doubled + "ed", doubled + "ing")


def _singular(word: str) -> str:
    known = _WORDS.get(word)
    if known is not None:
        return known
    if len(word) <= 3 or not word.endswith("s") or (_KEPT_S.search(word) and not _PLURAL_ICS.search(word)):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 5 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]
