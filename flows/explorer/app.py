"""The explorer as an ASGI application: the table of routes, and how a question becomes an answer."""

from __future__ import annotations

import sys
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import duckdb
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from flows.explorer.address import Address, Refused
from flows.explorer.exports import MEDIA_TYPES, export_table
from flows.explorer.families import Family, Moved, Page
from flows.explorer.guard import Door, Guard, calm
from flows.explorer.kept_pages import KeptPages
from flows.explorer.pages import actor, compare, document, glossary, overview, ranking, search, sources, technology, topics
from flows.explorer.pages.console import Console, Limits
from flows.explorer.rendering import render, style, url
from flows.explorer.snapshots import Snapshots, View
from flows.explorer.tables import EXPORT_ROWS, read_whole
from flows.warehouse.errors import WarehouseError

SEEN_COOKIE = "seen_snapshot"
FAMILIES: tuple[Family, ...] = (
    overview.FAMILY,
    ranking.FAMILY,
    technology.FAMILY,
    topics.ALL,
    topics.ONE,
    compare.TWO,
    compare.BETWEEN_DAYS,
    actor.FAMILY,
    document.FAMILY,
    sources.FAMILY,
    search.FAMILY,
    glossary.FAMILY,
)
_OWN_SITE = ("same-origin", "none", "")


def create_app(snapshots: Snapshots, door: Door, limits: Limits | None = None) -> Starlette:
    """The application over the snapshots behind one link. `door` says who may ask, `limits` what a statement of the console may take."""
    console = Console(limits or Limits())
    every = (*FAMILIES, console.family)
    kept = KeptPages()
    routes = [Route(family.path, _page(snapshots, family, kept)) for family in FAMILIES]
    routes += [
        Route(console.family.path, _page(snapshots, console.family)),
        Route("/data/console.{form:str}", _console_export(snapshots, console)),
        Route("/data/{table:str}.{form:str}", _export(snapshots, every)),
        Route("/style.css", _style),
    ]
    static = StaticFiles(directory=str(files("flows.explorer").joinpath("static")))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        snapshots.close()

    return Starlette(
        routes=[*routes, Mount("/static", static)],
        middleware=[Middleware(Guard, door=door)],
        exception_handlers={HTTPException: _say_http},
        lifespan=lifespan,
    )


def _style(request: Request) -> Response:
    del request
    return Response(style(), media_type="text/css")


def _page(snapshots: Snapshots, family: Family, kept: KeptPages | None = None) -> Callable[[Request], Response]:
    """The endpoint of a family. `kept` None = its pages depend on more than the address."""

    def answer(request: Request, view: View) -> Response:
        place = f"{request.url.path}?{request.url.query}"
        known = kept.find(view, place) if kept and not _changed_from(request, view) else None
        if known is not None:
            return _remembering(request, view, HTMLResponse(known))
        address = _address(request)
        question = family.parse(address, view)
        address.finish()
        shown = family.show(view, question)
        if isinstance(shown, Moved):
            return RedirectResponse(url(shown.path, shown.parameters), 303)
        response = _html(request, view, shown)
        if kept and not _changed_from(request, view):
            kept.keep(view, place, bytes(response.body).decode())
        return response

    return _answering(snapshots, answer)


def _export(snapshots: Snapshots, every: Sequence[Family]) -> Callable[[Request], Response]:
    owners = {spec.name: (family, spec) for family in every for spec in family.tables}

    def answer(request: Request, view: View) -> Response:
        name, form = request.path_params["table"], request.path_params["form"]
        if name not in owners:
            raise Refused(404, "No such table", f"The tables are {', '.join(sorted(owners))}.")
        _require_form(form)
        family, spec = owners[name]
        address = _address(request)
        question = family.parse(address, view)
        address.finish()
        table = read_whole(view, spec, question.values)
        return _file(view, name, form, table.slice(0, EXPORT_ROWS), is_truncated=len(table) > EXPORT_ROWS)

    return _answering(snapshots, answer)


def _console_export(snapshots: Snapshots, console: Console) -> Callable[[Request], Response]:
    def answer(request: Request, view: View) -> Response:
        form = request.path_params["form"]
        _require_form(form)
        address = _address(request)
        question = console.parse(address, view)
        address.finish()
        result = console.export(view, question)
        return _file(view, "query", form, result.table.replace_schema_metadata(None), is_truncated=result.is_truncated)

    return _answering(snapshots, answer)


def _answering(snapshots: Snapshots, answer: Callable[[Request, View], Response]) -> Callable[[Request], Response]:
    """An endpoint that Starlette runs in a thread: it sees one snapshot from its beginning to its end, and says calmly what went wrong."""

    def endpoint(request: Request) -> Response:
        try:
            with snapshots.view() as view:
                try:
                    return answer(request, view)
                except Refused as refused:
                    return _html(request, view, _refusal(refused), refused.status)
        except WarehouseError as error:
            return calm(503, "There is nothing to show yet", str(error), {"Retry-After": "30"})
        except duckdb.CatalogException as error:
            sys.stderr.write(f"{request.url.path}: {error}\n")
            return calm(
                503, "This snapshot lacks what the page needs", "It was published by another version of the observatory: publish it again."
            )
        except Exception as error:  # a bug: the reader gets a calm page, whoever started the explorer gets the traceback
            sys.stderr.write(f"{request.url.path}: {''.join(traceback.format_exception(error))}")
            return calm(
                500, "Something went wrong here", "This is a mistake of the explorer; where it was started, it is told what happened."
            )

    return endpoint


def _address(request: Request) -> Address:
    return Address(request.query_params, is_foreign=request.headers.get("sec-fetch-site", "") not in _OWN_SITE)


def _refusal(refused: Refused) -> Page:
    return Page("refused.html.j2", refused.heading, "", {"sentence": refused.sentence})


def _html(request: Request, view: View, page: Page, status: int = 200) -> Response:
    """A page, with a note where the reader's last page was of another snapshot."""
    changed = _changed_from(request, view)
    if changed and request.headers.get("hx-request"):
        # Only a part of the page would be replaced: the whole of it is of the older snapshot.
        return Response(status_code=200, headers={"HX-Refresh": "true"})
    content: dict[str, Any] = {"facts": view.facts, "title": page.title, "place": page.place, "changed": changed, **page.content}
    return _remembering(request, view, HTMLResponse(render(page.template, **content), status))


def _changed_from(request: Request, view: View) -> str | None:
    """The snapshot of the reader's last page, where that was another one."""
    seen = request.cookies.get(SEEN_COOKIE)
    return seen if seen and seen != view.facts.snapshot_id else None


def _remembering(request: Request, view: View, response: Response) -> Response:
    """The response, after which the reader's browser knows which snapshot it has seen."""
    current = view.facts.snapshot_id
    if request.cookies.get(SEEN_COOKIE) != current:
        response.set_cookie(SEEN_COOKIE, current, httponly=True, samesite="strict", path="/")
    return response


def _file(view: View, name: str, form: str, table: Any, *, is_truncated: bool) -> Response:
    """A file that names its snapshot, whether its data are simulated, and whether it is only the beginning of its table."""
    prefix = ("simulated-" if view.facts.is_simulated else "") + ("first-rows-of-" if is_truncated else "")
    headers = {
        "Content-Disposition": f'attachment; filename="{prefix}{name}-{view.facts.snapshot_id}.{form}"',
        "X-Truncated": "true" if is_truncated else "false",
        "X-Snapshot-Id": view.facts.snapshot_id,
        "X-Simulated": "true" if view.facts.is_simulated else "false",
    }
    return Response(export_table(table, form), headers=headers, media_type=MEDIA_TYPES[form])


def _require_form(form: str) -> None:
    if form not in MEDIA_TYPES:
        raise Refused(404, "No such format", f"Tables come as {', '.join(MEDIA_TYPES)}.")


def _say_http(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return calm(
            404, "There is no such page", "The address is mistyped, or the page has gone. The navigation above leads to all of them."
        )
    return calm(status, "That cannot be answered", f"The explorer answers {status} to this request.")
