"""The XML of arXiv's OAI-PMH answers. Texts of the repository are our own; elements and namespaces are arXiv's."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from crawlers.replay.corpus import Record, xml_text
from crawlers.replay.versions import Shown

# Archives of https://arxiv.org/category_taxonomy that are not groups of their own: their sets begin with `physics:`.
_OWN_GROUPS = ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")
_PHYSICS = (
    "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex", "nucl-th",
    "physics", "quant-ph",
)  # fmt: skip

ERROR_TEXT = {
    "badArgument": "The request includes illegal arguments, is missing required arguments, includes a repeated "
    "argument, or values for arguments have an illegal syntax.",
    "badVerb": "Value of the verb argument is not a legal OAI-PMH verb, the verb argument is missing, or the verb argument is repeated.",
    "badResumptionToken": "The value of the resumptionToken argument is invalid or expired.",
    "cannotDisseminateFormat": "The metadata format identified by the value given for the metadataPrefix argument is "
    "not supported by the item or by the repository.",
    "idDoesNotExist": "The value of the identifier argument is unknown or illegal in this repository.",
    "noRecordsMatch": "The combination of the values of the from, until, set and metadataPrefix arguments results in an empty list.",
}

METADATA_FORMATS = """    <ListMetadataFormats>
        <metadataFormat>
            <metadataPrefix>arXiv</metadataPrefix>
            <schema>https://oaipmh.arxiv.org/OAI/arXiv.xsd</schema>
            <metadataNamespace>http://arxiv.org/OAI/arXiv/</metadataNamespace>
        </metadataFormat>
    </ListMetadataFormats>"""


def _sets() -> str:
    specs = ["physics", *_OWN_GROUPS, *(f"physics:{archive}" for archive in _PHYSICS)]
    listed = "".join(f"        <set><setSpec>{spec}</setSpec><setName>{spec}</setName></set>\n" for spec in sorted(specs))
    return f"    <ListSets>\n{listed}    </ListSets>"


SETS = _sets()


def set_specs(record: Record) -> list[str]:
    """Three-part set names: `cs.LG` -> `cs:cs:LG`, `quant-ph` -> `physics:quant-ph`; a foreign category has no set."""
    specs = []
    for category in record.categories:
        archive, _, name = category.partition(".")
        group = archive if archive in _OWN_GROUPS else "physics" if archive in _PHYSICS else None
        if group is not None:
            specs.append(":".join(part for part in (group, archive, name) if part))
    return specs


def envelope(body: str, arguments: dict[str, str], address: str, today: date) -> str:
    """The OAI-PMH document around `body`; on an error `arguments` is empty, as the protocol asks."""
    echoed = "".join(f" {name}={quoteattr(xml_text(value))}" for name, value in arguments.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>{today}T00:00:00Z</responseDate>
    <request{echoed}>{escape(address)}</request>
{body}
</OAI-PMH>"""


def identify_xml(address: str, earliest: date) -> str:
    """The Identify answer of a replayed archive."""
    return f"""    <Identify>
        <repositoryName>Replayed archive</repositoryName>
        <baseURL>{escape(address)}</baseURL>
        <protocolVersion>2.0</protocolVersion>
        <adminEmail>nobody@practice.invalid</adminEmail>
        <earliestDatestamp>{earliest}</earliestDatestamp>
        <deletedRecord>persistent</deletedRecord>
        <granularity>YYYY-MM-DD</granularity>
    </Identify>"""


def header_xml(shown: Shown) -> str:
    """The header of one record, as ListIdentifiers gives it."""
    specs = "".join(f"\n            <setSpec>{spec}</setSpec>" for spec in set_specs(shown.record))
    return f"""        <header>
            <identifier>oai:arXiv.org:{escape(shown.key)}</identifier>
            <datestamp>{shown.on}</datestamp>{specs}
        </header>"""


def record_xml(shown: Shown, today: date) -> str:
    """One record in the arXiv format. `<updated>` is left out while it lies after `today`: it is not known yet."""
    record = shown.record
    updated = record.updated if record.updated and record.updated <= today else None
    extras = record.extras
    elements = [
        ("id", shown.key),
        ("created", record.published.isoformat() if record.published else None),
        ("updated", updated.isoformat() if updated else None),
        ("authors", _authors_xml(record)),
        ("title", record.title),
        ("categories", " ".join(record.categories) or None),
        ("comments", extras.get("comments")),
        ("journal-ref", extras.get("journal_ref")),
        ("doi", extras.get("doi")),
        ("license", record.licence),
        ("abstract", record.abstract),
    ]
    inner = "\n".join(
        f"            <{name}>{value if name == 'authors' else escape(xml_text(str(value)))}</{name}>"
        for name, value in elements
        if value is not None
    )
    return f"""    <record>
{header_xml(shown)}
        <metadata>
        <arXiv xmlns="http://arxiv.org/OAI/arXiv/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://arxiv.org/OAI/arXiv/ https://oaipmh.arxiv.org/OAI/arXiv.xsd">
{inner}
        </arXiv>
        </metadata>
    </record>"""


def _authors_xml(record: Record) -> str:
    """Names split at the last space; the organisations stand as affiliations of the first author."""
    lines = []
    for place, name in enumerate(record.authors):
        forenames, _, keyname = xml_text(name).rpartition(" ")
        line = f"<keyname>{escape(keyname)}</keyname>"
        if forenames:
            line += f"<forenames>{escape(forenames)}</forenames>"
        if place == 0:
            line += "".join(f"<affiliation>{escape(xml_text(org))}</affiliation>" for org in record.orgs)
        lines.append(f"\n                <author>{line}</author>")
    return "".join(lines)
