"""arXiv's OAI-PMH interface: paging, tokens, errors and records in the form arXiv's own server gives them.

Format: https://www.openarchives.org/OAI/openarchivesprotocol.html and the arXiv metadata format (arXiv.xsd).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import parse_qs, quote, unquote, urlencode
from xml.sax.saxutils import escape

from crawlers.replay.answers import XML, Answer
from crawlers.replay.corpus import Record, xml_text
from crawlers.replay.versions import Shown, Versions
from crawlers.replay.wire_arxiv_xml import (
    ERROR_TEXT,
    METADATA_FORMATS,
    SETS,
    envelope,
    header_xml,
    identify_xml,
    record_xml,
    set_specs,
)

ARXIV_EARLIEST = date(2005, 9, 16)
_SELECTORS = {"metadataPrefix", "from", "until", "set"}
_ALLOWED = {
    "Identify": set[str](),
    "ListMetadataFormats": {"identifier"},
    "ListSets": {"resumptionToken"},
    "GetRecord": {"identifier", "metadataPrefix"},
    "ListRecords": {*_SELECTORS, "resumptionToken"},
    "ListIdentifiers": {*_SELECTORS, "resumptionToken"},
}


class OaiError(Exception):
    """An OAI-PMH error: `code` and arXiv's sentence with the reason behind it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{ERROR_TEXT[code]} Reason: {reason}")
        self.code = code


def wire_id(record: Record) -> str:
    """The arXiv id on the wire: `arxiv:1602.05264` -> `1602.05264`; an id of another form is served as it is.

    Raises ValueError for a record that the arXiv format cannot carry.
    """
    if any(" " in category for category in record.categories):
        raise ValueError(f"{record.id!r} has a category with a space, and arXiv separates categories by spaces.")
    if record.orgs and not record.authors:
        raise ValueError(f"{record.id!r} has organisations but no author who could carry them.")
    if record.served_on is None:
        raise ValueError(f"{record.id!r} has no date, and OAI-PMH lists by date.")
    return record.id.removeprefix("arxiv:")


class PaperArchive:
    """All papers of a corpus behind one OAI-PMH address. A record's datestamp is the day its version became public."""

    def __init__(self, papers: Iterable[Record], page_size: int = 2500, identifiers_page_size: int = 20000) -> None:
        """Page sizes count records and headers. Raises ValueError, naming the paper that cannot be served."""
        self._versions = Versions((wire_id(paper), paper) for paper in papers)
        self._page_sizes = {"ListRecords": page_size, "ListIdentifiers": identifiers_page_size}
        self.earliest = min(ARXIV_EARLIEST, self._versions.earliest or ARXIV_EARLIEST)

    def answer(self, query: list[tuple[str, str]], address: str, today: date) -> Answer:
        """Answer one request. Errors are HTTP 200 with an `<error>` element, as OAI-PMH wants them."""
        arguments = dict(query)
        try:
            verb = arguments.get("verb", "")
            if verb not in _ALLOWED or [name for name, _ in query].count("verb") != 1:
                raise OaiError("badVerb", "Invalid verb provided")
            if len(arguments) != len(query) or set(arguments) - _ALLOWED[verb] - {"verb"}:
                raise OaiError("badArgument", f"Unallowed or repeated parameter for {verb}")
            body, echoed = self._body(verb, arguments, address, today), arguments
        except OaiError as error:
            body, echoed = f"    <error code='{error.code}'>{escape(str(error))}</error>", {}
        return Answer(envelope(body, echoed, address, today).encode(), XML, changed_on=today)

    def _body(self, verb: str, arguments: dict[str, str], address: str, today: date) -> str:
        if verb == "Identify":
            return identify_xml(address, self.earliest)
        if verb == "ListMetadataFormats":
            return METADATA_FORMATS
        if verb == "ListSets":
            return SETS
        if verb == "GetRecord":
            return self._get_record(arguments, today)
        return self._list(verb, arguments, today)

    def _get_record(self, arguments: dict[str, str], today: date) -> str:
        if "identifier" not in arguments:
            raise OaiError("badArgument", "identifier required.")
        _require_format(arguments)
        wanted = arguments["identifier"].removeprefix("oai:arXiv.org:")
        for shown in self._versions.shown(today):
            if shown.key == wanted:
                return f"    <GetRecord>\n{record_xml(shown, today)}\n    </GetRecord>"
        raise OaiError("idDoesNotExist", "Nothing found for this id")

    def _list(self, verb: str, arguments: dict[str, str], today: date) -> str:
        token = arguments.get("resumptionToken")
        if token is not None:
            if set(arguments) != {"verb", "resumptionToken"}:
                raise OaiError("badArgument", "No other parameters allowed with resumptionToken")
            selection, skip = _read_token(token, verb)
        else:
            selection, skip = {name: value for name, value in arguments.items() if name != "resumptionToken"}, 0
        _require_format(selection)
        chosen = self._select(selection, today)[skip:]
        if not chosen:
            raise OaiError("noRecordsMatch", "No results found")
        size = self._page_sizes[verb]
        page = chosen[:size]
        lines = [record_xml(shown, today) if verb == "ListRecords" else header_xml(shown) for shown in page]
        if len(chosen) > size:
            expires = f"{today + timedelta(days=1)}T00:00:00Z"
            following = escape(_write_token(selection, chosen, size, skip))
            lines.append(f"    <resumptionToken expirationDate='{expires}'>{following}</resumptionToken>")
        elif token is not None:
            lines.append("    <resumptionToken/>")
        return f"    <{verb}>\n" + "\n".join(lines) + f"\n    </{verb}>"

    def _select(self, selection: dict[str, str], today: date) -> list[Shown]:
        first, last = _day(selection, "from", self.earliest), _day(selection, "until", today)
        if first < self.earliest:
            raise OaiError("badArgument", "start date too early")
        if first > today:
            raise OaiError("badArgument", "start date too late")
        if last > today:
            raise OaiError("badArgument", "until date too late")
        if first > last:
            raise OaiError("badArgument", "until date must be later than or equal to from date")
        shown = self._versions.shown(today)
        low = bisect_left(shown, first, key=lambda item: item.on)
        high = bisect_right(shown, last, key=lambda item: item.on)
        wanted = selection.get("set")
        if wanted is None:
            return list(shown[low:high])
        chosen = [item for item in shown[low:high] if _is_in_set(item.record, wanted)]
        if not chosen and not any(_is_in_set(item.record, wanted) for item in shown):
            raise OaiError("badArgument", "Set does not exist")
        return chosen


def _is_in_set(record: Record, wanted: str) -> bool:
    return any(spec == wanted or spec.startswith(f"{wanted}:") for spec in set_specs(record))


def _require_format(selection: dict[str, str]) -> None:
    prefix = selection.get("metadataPrefix")
    if prefix is None:
        raise OaiError("badArgument", "metadataPrefix required.")
    if prefix != "arXiv":
        raise OaiError("cannotDisseminateFormat", "Did not recognize requested format")


def _day(selection: dict[str, str], name: str, default: date) -> date:
    text = selection.get(name)
    if text is None:
        return default
    try:
        if len(text) != len("2005-09-16"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise OaiError("badArgument", f"{name} date format must be YYYY-MM-DD") from None


def _write_token(selection: dict[str, str], chosen: list[Shown], size: int, skip: int) -> str:
    """arXiv's token: the request again, from the next record's day on, and how many of that day were already given."""
    following = chosen[size].on
    given = sum(shown.on == following for shown in chosen[:size])
    began_before = chosen[0].on == following  # the whole page is one day: keep what earlier pages of it gave
    order = {"verb": selection["verb"], "metadataPrefix": selection["metadataPrefix"], "from": following.isoformat()}
    order |= {name: selection[name] for name in ("until", "set") if name in selection}
    return quote(urlencode({**order, "skip": given + (skip if began_before else 0)}, safe=":"))


def _read_token(token: str, verb: str) -> tuple[dict[str, str], int]:
    selection = {name: values[0] for name, values in parse_qs(unquote(xml_text(token))).items()}
    skip = selection.pop("skip", "")
    if not skip.isdecimal() or selection.get("verb") != verb or set(selection) - _SELECTORS - {"verb"}:
        raise OaiError("badResumptionToken", "Token decoding failed or format is invalid.")
    return selection, int(skip)
