"""Identifiers of papers in one spelling, whatever address or prefix a source wraps around them. Pure."""

from __future__ import annotations

import re

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf)/|10\.48550/arxiv\.|arxiv:|^)((?:[a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5}))(?:v\d+)?(?:\.pdf)?$",
    re.IGNORECASE,
)
_PMID = re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|^)(\d{1,9})/?$", re.IGNORECASE)
_PMCID = re.compile(r"(?:/articles/|^)(?:PMC)?(\d{1,9})/?$", re.IGNORECASE)


def bare_doi(text: str) -> str:
    """Return the DOI in `text` in lower case, without resolver or prefix (`https://doi.org/10.1/A` -> `10.1/a`); '' for none."""
    match = _DOI.search(text)
    return match[0].lower() if match else ""


def arxiv_number(text: str) -> str:
    """Return the arXiv number without version in an address, a DOI of arXiv's own or the number itself; '' for anything else."""
    match = _ARXIV.search(text)
    return match[1].lower() if match else ""


def paper_identifiers(*, doi: str = "", arxiv: str = "", pmid: str = "", pmcid: str = "", **others: str) -> dict[str, str]:
    """Return the identifiers that can be read, by scheme; `others` are taken as they are.

    A DOI that arXiv gave (`10.48550/arXiv.<number>`) also says the arXiv number. PMC ids carry their letters (`PMC146917`).
    """
    said_pmid, said_pmcid = _PMID.search(pmid), _PMCID.search(pmcid)
    found = {
        "doi": bare_doi(doi),
        "arxiv": arxiv_number(arxiv) or arxiv_number(doi),
        "pmid": said_pmid[1] if said_pmid else "",
        "pmcid": f"PMC{said_pmcid[1]}" if said_pmcid else "",
        **others,
    }
    return {scheme: value for scheme, value in found.items() if value}
