"""The command that shows the published snapshot in a browser: explore."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.door import FAILED, complain, explained, say
from flows.settings import Settings, SettingsError

DEFAULT_PORT = 8765
_SHORTEST_TOKEN = 16


def register(app: typer.Typer) -> None:
    """Add the command of this module to the door."""
    app.command()(explore)


def explore(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 = any free one.")] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on. Anything but loopback asks every reader for a token.")] = "127.0.0.1",
    token_file: Annotated[
        Path | None, typer.Option(help="File with the token, of 16 characters or more; default a new one each time.", show_default=False)
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Another name this machine is reached by; may be given again.", show_default=False)
    ] = None,
) -> None:
    """Look around the published snapshot in a browser: ranking, technologies, topics, documents, SQL. Ctrl-C ends it."""
    with explained():
        settings: Settings = context.obj.settings()
        token = _choose_token(host, token_file)
        listening = _listen(host, port)
        with listening:
            _serve(settings, listening, token, tuple(allow_host or ()))


def _serve(settings: Settings, listening: socket.socket, token: str | None, names: tuple[str, ...]) -> None:
    import uvicorn

    from flows.explorer.app import create_app
    from flows.explorer.guard import Door, names_of
    from flows.explorer.snapshots import Snapshots

    snapshots = Snapshots(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads)
    say("reading the snapshot")
    with snapshots.view() as view:
        what = f"snapshot {view.facts.snapshot_id}{' (simulated data)' if view.facts.is_simulated else ''}"
    address, port = listening.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    typer.echo(f"Exploring {what} at http://{shown}:{port}/{f'?token={token}' if token else ''}  (Ctrl-C ends it)")
    config = uvicorn.Config(
        create_app(snapshots, Door(token, names_of(names))),
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 * 1024,
        http="h11",
        ws="none",
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return


def _choose_token(host: str, token_file: Path | None) -> str | None:
    """None on loopback without a token file. Raises SettingsError for a token that could be guessed."""
    if token_file is None:
        return None if _is_loopback(host) else secrets.token_urlsafe(24)
    token = token_file.read_text(encoding="utf-8").strip()
    if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError(f"the token in {token_file} must be {_SHORTEST_TOKEN} or more ASCII characters without spaces.")
    return token


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Exits with one sentence where the address or the port cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        complain(f"Cannot listen on {host} port {port}: {error.strerror or error}. Choose another with --port or --host.")
        raise typer.Exit(FAILED) from None
