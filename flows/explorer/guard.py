"""Who may ask: the gate before every page. Methods, the Host header, the token, and the headers of each answer."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.explorer.rendering import render

TOKEN_COOKIE = "explorer_token"  # noqa: S105 - the name of a cookie
LONGEST_ADDRESS = 24_000
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in: `token` None = everybody who reaches the port (loopback); `names` are host names answered to besides."""

    token: str | None = None
    names: frozenset[str] = frozenset()

    def knows(self, host: str) -> bool:
        """Whether a Host header names this explorer. A page elsewhere can point its own name here, but not an address or `localhost`."""
        name = _host_name(host)
        if name in _LOCAL_NAMES or name in self.names:
            return True
        return self.token is not None and _is_address(name)


class Guard:
    """ASGI middleware around the pages: read-only methods, known hosts, the token where one is asked, strict headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or hand it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        answer = self._refuse(scope)
        await (answer or self.app)(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self.door.knows(headers.get("host", "")):
            return calm(421, "This is not the address of the explorer", "Open it by the address it printed when it started.")
        if scope["method"] not in ("GET", "HEAD"):
            return calm(405, "The explorer only reads", "It answers GET and HEAD, and nothing can be changed here.", {"Allow": "GET, HEAD"})
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return calm(414, "This address is too long", f"It has more than {LONGEST_ADDRESS:,} characters.")
        return None if self.door.token is None else self._ask_token(scope, headers, self.door.token)

    def _ask_token(self, scope: Scope, headers: Headers, token: str) -> Response | None:
        """None when the request may pass. A token in the address moves into a cookie, so that it stays in no history and no log."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        offered = [value for name, value in query if name == "token"]
        if offered:
            if not _equal(offered[0], token):
                return calm(403, "That is not the token", "The token was printed when the explorer started.")
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            # Always a path of this host: `//elsewhere` at its beginning would lead away.
            path = "/" + scope["path"].lstrip("/")
            moved = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
            moved.set_cookie(TOKEN_COOKIE, token, httponly=True, samesite="strict", path="/")
            return moved
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _equal(bearer.strip(), token):
            return None
        if _equal(_cookie(headers, TOKEN_COOKIE), token):
            return None
        # After a link on another site the browser holds the cookie back once (SameSite=Strict): asking again is enough.
        sentence = "Open the address with ?token= that was printed when it started; if you just did, load this page again."
        return calm(401, "The explorer asks for its token", sentence, {"WWW-Authenticate": 'Bearer realm="explorer"'})


def calm(status: int, heading: str, sentence: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    """A page that says what happened, without a word of the snapshot."""
    return HTMLResponse(render("refused.html.j2", facts=None, place="", title=heading, sentence=sentence, changed=None), status, headers)


def names_of(hosts: Iterable[str]) -> frozenset[str]:
    """Host names as the door compares them."""
    return frozenset(_host_name(host) for host in hosts)


def _host_name(host: str) -> str:
    """`Name:8000` -> `name`, `[::1]:8000` -> `::1`; anything that is no host header -> ''."""
    text = host.strip().lower()
    if text.startswith("["):
        inside, closed, port = text[1:].partition("]")
        return inside if closed and (not port or (port[0] == ":" and port[1:].isdigit())) else ""
    name, colon, port = text.partition(":")
    return name.rstrip(".") if not colon or port.isdigit() else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return "" if found is None else found.value


def _equal(offered: str, token: str) -> bool:
    return hmac.compare_digest(offered.encode("utf-8", "replace"), token.encode())
