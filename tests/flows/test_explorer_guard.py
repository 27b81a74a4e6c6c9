"""Who is let in: hosts, methods, tokens; and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from flows.cli import app as observatory
from flows.commands.exploring import _choose_token
from flows.explorer.app import create_app
from flows.explorer.guard import HEADERS, Door, names_of
from flows.explorer.snapshots import Snapshots
from flows.settings import SettingsError

TOKEN = "a-token-of-twenty-four-c"


@pytest.fixture
def nothing(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "observatory.duckdb")


@pytest.fixture
def open_door(nothing: Snapshots) -> Iterator[TestClient]:
    with TestClient(create_app(nothing, Door()), base_url="http://127.0.0.1:8765", follow_redirects=False) as client:
        yield client


@pytest.fixture
def guarded(nothing: Snapshots) -> Iterator[TestClient]:
    door = Door(TOKEN, names_of(["Scanner.Example.org:8765"]))
    with TestClient(create_app(nothing, door), base_url="http://10.0.0.5:8765", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765", "[::1]"])
def test_loopback_names_are_answered(open_door: TestClient, host: str) -> None:
    assert open_door.get("/style.css", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.5:8765",
        "[::1",
        "[::1]x",
        "",
        "127.0.0.1:x",
        "localhost@evil.example",
        "127.0.0.1, evil.example",
    ],
)
def test_a_foreign_name_pointed_here_is_refused(open_door: TestClient, host: str) -> None:
    response = open_door.get("/style.css", headers={"host": host})
    assert response.status_code == 421
    assert "--accent" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_only_reading_methods_are_answered(open_door: TestClient, method: str) -> None:
    response = open_door.request(method, "/console?sql=SELECT+1")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


def test_every_answer_has_the_strict_headers(open_door: TestClient) -> None:
    for path in ("/", "/nothing", "/style.css", "/static/htmx.min.js", "/static/explorer.js"):
        headers = open_door.get(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy


def test_a_token_moves_from_the_address_into_a_cookie(guarded: TestClient) -> None:
    assert guarded.get("/style.css").status_code == 401
    assert guarded.get("/style.css?token=wrong").status_code == 403
    moved = guarded.get(f"/ranking?track=energy&token={TOKEN}")
    assert (moved.status_code, moved.headers["location"]) == (303, "/ranking?track=energy")
    cookie = moved.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert guarded.get("/style.css").status_code == 200


def test_the_move_never_leads_away(guarded: TestClient) -> None:
    moved = guarded.get(f"//evil.example/x?token={TOKEN}")
    assert moved.headers["location"].startswith("/evil.example") or moved.headers["location"] == "/x"
    assert not moved.headers["location"].startswith("//")


def test_a_bearer_token_serves_scripts(guarded: TestClient) -> None:
    assert guarded.get("/style.css", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert guarded.get("/style.css", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert guarded.get("/style.css", headers={"Cookie": "explorer_token=nonsense"}).status_code == 401


def test_with_a_token_addresses_and_given_names_are_answered_and_others_not(guarded: TestClient) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    for host, status in (("10.0.0.5:8765", 200), ("scanner.example.org", 200), ("evil.example", 421)):
        assert guarded.get("/style.css", headers={**bearer, "host": host}).status_code == status


def test_anything_but_loopback_asks_for_a_token(tmp_path: Path) -> None:
    assert _choose_token("127.0.0.1", None) is None
    assert _choose_token("::1", None) is None
    assert _choose_token("localhost", None) is None
    fresh = {_choose_token(host, None) for host in ("0.0.0.0", "::", "192.168.1.5", "scanner.example.org")}  # noqa: S104
    assert None not in fresh
    assert len(fresh) == 4
    kept = tmp_path / "token"
    kept.write_text(TOKEN + "\n")
    assert _choose_token("127.0.0.1", kept) == TOKEN
    kept.write_text("short")
    with pytest.raises(SettingsError, match="16 or more"):
        _choose_token("127.0.0.1", kept)


def test_the_command_says_in_a_sentence_what_it_lacks(tmp_path: Path) -> None:
    import socket

    missing = CliRunner().invoke(observatory, ["--data-dir", str(tmp_path), "explore", "--port", "0"])
    assert missing.exit_code == 1
    assert "Nothing is published" in missing.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = CliRunner().invoke(observatory, ["--data-dir", str(tmp_path), "explore", "--port", port])
    assert busy.exit_code == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in busy.stderr
