"""Settings of a run: built-in defaults < `observatory.toml` < environment (`OBSERVATORY_*`) < flags.

An unknown key anywhere is an error that names the nearest known one: a setting that is silently ignored is worse than none.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "OBSERVATORY_"
CONFIG_NAME = "observatory.toml"
SERVED_BY = "SERVED_BY_PROCESS"
"""Environment variable by which a scheduled run knows the `observatory serve` it belongs to, with which it ends."""


class SettingsError(Exception):
    """A setting is unknown or has a wrong value; the message is one sentence for a person."""


class Feed(BaseModel):
    """One address of the user's own: a feed, or the sitemap of a site (`source = "sitemaps"`), with the language it is written in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    url: str
    lang: str = "en"
    source: Literal["feeds", "sitemaps"] = "feeds"


class Notices(BaseModel):
    """Who is told when a night fails, falls silent or finds something. Passwords and secret addresses are keys, not settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: tuple[Literal["failure", "silence", "alerts"], ...] = ("failure", "silence", "alerts")
    webhook: str = ""
    mail_to: tuple[str, ...] = ()
    mail_from: str = ""
    smtp_host: str = "localhost"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""


class Watchlist(BaseModel):
    """What a reader of the weekly report wants to hear of every week: technologies by name, alias or id, tracks, actors by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    technologies: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


class Delivery(BaseModel):
    """Where an edition of the weekly report goes: a folder, and recipients of mails, sent by the server of `notices`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path | None = None
    mail_to: tuple[str, ...] = ()


class Settings(BaseSettings):
    """Everything a user may set. Paths are absolute after loading."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    data_dir: Path = Field(default_factory=lambda: default_data_dir(Path.cwd()), description="where everything is written")
    sources: tuple[str, ...] = Field(
        default=(), description="sources a scan gathers; default every one that needs no key or has it, and no query or has one"
    )
    queries: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="queries of your own for a source, by its name, in place of the built-in ones"
    )
    secrets_dir: Path | None = Field(default=None, description="folder with one file a key, named as the key")
    accept_drift: tuple[str, ...] = Field(default=(), description="sources whose changed answers are loaded although they yield less")
    first_window_days: int = Field(default=30, ge=1, description="how far back the first scan of a source looks")
    window_days: int | None = Field(default=None, ge=1, description="longest span one crawl asks a source for; default the source's own")
    contact: str = Field(default="", description="address put in the User-Agent so that a source can reach you")
    vectors: Literal["model", "fast"] = Field(default="model", description="sentence model, or static vectors about 50 times faster")
    vectors_model: Path | None = Field(default=None, description="folder of a sentence-transformers model (safetensors) for `model`")
    vectors_precision: Literal["float32", "bfloat16"] = Field(
        default="float32", description="bfloat16 is faster for `model` where the processor has it, and changes every vector slightly"
    )
    endpoints: dict[str, str] = Field(default_factory=dict, description="another address for a source, by its name (a mirror, a replay)")
    extra_feeds: tuple[Feed, ...] = Field(default=(), description="feeds and sitemaps of your own, gathered with the built-in ones")
    taxonomy: Path | None = Field(
        default=None, description="a taxonomy file of your own in place of the shipped one, or on top of it (`extends: shipped`)"
    )
    keep_apart: tuple[tuple[str, str], ...] = Field(
        default=(), description="pairs of document ids that must not be put into one work (marts.work_links shows the links)"
    )
    allow_hosts: tuple[str, ...] = Field(default=(), description="private or loopback hosts the spiders may reach")
    publish_texts: Literal["licensed", "all"] = Field(
        default="licensed",
        description="licensed: abstracts that may not be passed on stay out of the published file; all: it never leaves your hands",
    )
    history_quarters: int = Field(
        default=12, ge=0, description="quarter-ends a snapshot keeps scores for; other days are computed on demand"
    )
    keep_days: int = Field(default=60, ge=7, description="days a nightly score is kept before only quarter-ends remain")
    keep_snapshots: int = Field(default=14, ge=1, description="published snapshots kept")
    keep_snapshots_days: int | None = Field(default=None, ge=1, description="age at which a snapshot goes; the current one always stays")
    keep_snapshots_gib: float | None = Field(default=None, gt=0, description="room for snapshots; the oldest go first")
    keep_landing_days: int | None = Field(
        default=None, ge=1, description="age at which a landed window goes; a rebuild can no longer read it. Default: all are kept"
    )
    keep_landing_gib: float | None = Field(default=None, gt=0, description="room for the landing; the oldest windows go first")
    keep_runs_days: int = Field(default=90, ge=1, description="days that pages and logs of runs are kept")
    min_free_gib: float = Field(default=1.0, ge=0, description="free disk space below which no stage begins")
    accept_checks: tuple[str, ...] = Field(default=(), description="publish gates that may be open: what they would stop is published")
    nightly_cron: str = Field(default="30 2 * * *", description="when `serve` scans, as cron writes it, in UTC")
    weekly_cron: str = Field(default="0 6 * * 0", description="when `serve` revises topics and reports, as cron writes it, in UTC")
    serve_port: int = Field(default=4200, ge=0, le=65535, description="loopback port of the Prefect server of `serve`; 0 = any free one")
    silent_after: str = Field(default="36h", description="age of the snapshot at which `serve` tells that nothing is published any more")
    report_lang: Literal["en", "zh"] = Field(default="en", description="language of the weekly report: en, or zh for Chinese")
    notices: Notices = Field(default_factory=Notices, description="e-mail and webhook on failure, silence and alerts")
    watchlist: Watchlist = Field(
        default_factory=Watchlist, description="technologies, tracks and actors that get a section of their own in the weekly report"
    )
    delivery: Delivery = Field(
        default_factory=Delivery, description="a folder and recipients that every edition of the weekly report is handed to, once"
    )
    bootstrap_draws: int = Field(default=200, ge=20, description="resamples behind every interval")
    seed: int = Field(default=20240118, description="seed of every random choice of a run")
    threads: int = Field(default=2, ge=1, description="threads DuckDB and the models may use")
    memory_limit: str = Field(default="4GB", description="memory DuckDB may use")
    use_prefect: bool = Field(default=True, description="show runs in Prefect; the ledger in the warehouse is the truth either way")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags (init) win over the environment; the TOML file is merged beneath both by `load_settings`."""
        del settings_cls, dotenv_settings, file_secret_settings
        return init_settings, env_settings

    @property
    def landing(self) -> Path:
        """Responses as received: the source of truth."""
        return self.data_dir / "landing"

    @property
    def models(self) -> Path:
        """Made-once model files."""
        return self.data_dir / "models"

    @property
    def warehouse(self) -> Path:
        """The writer's file; analysts never open it."""
        return self.data_dir / "warehouse" / "observatory.duckdb"

    @property
    def published(self) -> Path:
        """Folder of the read-only snapshots."""
        return self.data_dir / "published"

    @property
    def snapshot(self) -> Path:
        """Link to the current snapshot."""
        return self.published / "observatory.duckdb"

    @property
    def reports(self) -> Path:
        """Weekly reports, a folder an ISO week."""
        return self.data_dir / "reports"

    @property
    def runs(self) -> Path:
        """A page and a log of every run."""
        return self.data_dir / "runs"

    @property
    def prefect_home(self) -> Path:
        """What Prefect keeps: display only."""
        return self.data_dir / "prefect"

    @property
    def last_run(self) -> Path:
        """How the last run ended, also one that published nothing."""
        return self.data_dir / "last_run.json"

    @property
    def lock(self) -> Path:
        """The one lock every writing command takes first."""
        return self.data_dir / "observatory.lock"


def default_data_dir(cwd: Path) -> Path:
    """`./data` inside a checkout of the project, else the user's data folder."""
    if (cwd / "pyproject.toml").is_file() and (cwd / "crawlers").is_dir() and (cwd / "data").is_dir():
        return cwd / "data"
    import platformdirs

    return Path(platformdirs.user_data_dir("observatory", appauthor=False))


def load_settings(*, config: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings in force.

    `config` names a TOML file (default: `observatory.toml` in the data folder, if there is one); `flags` are values given on the
    command line (None = not given). Raises SettingsError with one sentence on an unknown key or a wrong value.
    """
    environment = os.environ
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    known = set(Settings.model_fields)
    for name in sorted(environment):
        if name.startswith(PREFIX) and name != PREFIX + "CONFIG":
            _require_known(name[len(PREFIX) :].split("__")[0].lower(), known, f"environment variable {name}")
    path = config or (Path(environment[PREFIX + "CONFIG"]) if PREFIX + "CONFIG" in environment else None)
    if path is None:
        data_dir = given.get("data_dir") or environment.get(PREFIX + "DATA_DIR") or default_data_dir(Path.cwd())
        candidate = Path(data_dir) / CONFIG_NAME
        path = candidate if candidate.is_file() else None
    from_file = _read_toml(path, known) if path else {}
    from_environment = {name[len(PREFIX) :].split("__")[0].lower() for name in environment if name.startswith(PREFIX)}
    merged = {key: value for key, value in from_file.items() if key not in from_environment} | given
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"setting {where}: {first['msg'].lower()} (got {first['input']!r}).") from None
    return settings.model_copy(update={"data_dir": settings.data_dir.expanduser().absolute()})


def _read_toml(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"there is no settings file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}.") from None
    for key in content:
        _require_known(key, known, f"key {key} in {path.name}")
    return content


def _require_known(key: str, known: set[str], where: str) -> None:
    if key in known:
        return
    near = difflib.get_close_matches(key, sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else f"known settings: {', '.join(sorted(known))}."
    raise SettingsError(f"{where} is not a setting; {hint}")


EARLIEST_YEAR = 1000
"""No source reaches further back, and dates around year 1 overflow when a window is taken off them."""


def parse_day(text: str) -> date:
    """`2024-01-31` -> date. Raises SettingsError with one sentence otherwise."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{text!r} is not a day; write it as 2024-01-31.") from None
    if day.year < EARLIEST_YEAR:
        raise SettingsError(f"{text} lies before anything that could be gathered.")
    return day


def parse_duration(text: str) -> timedelta:
    """`0s`, `15m`, `26h`, `3d` -> timedelta. Raises SettingsError with one sentence otherwise."""
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if not match:
        raise SettingsError(f"{text!r} is not a duration; write it as 90s, 15m, 26h or 3d.")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match.group(2)]
    try:
        return timedelta(**{unit: int(match.group(1))})
    except OverflowError:
        raise SettingsError(f"{text!r} is longer than time can be counted.") from None
