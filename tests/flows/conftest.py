"""A small warehouse whose every row is known, made once and copied for each test that wants one."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from flows.warehouse.connection import open_writer
from flows.warehouse.schema import migrate


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of warehouse_world.sql. Not to be written to: take `warehouse_world`."""
    path = tmp_path_factory.mktemp("world") / "warehouse.duckdb"
    with open_writer(path) as connection:
        migrate(connection, datetime(2024, 1, 24, 2))
        connection.execute(Path(__file__).with_name("warehouse_world.sql").read_text(encoding="utf-8"))
    return path


@pytest.fixture(scope="session")
def made_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `models` folder with the table of the fast vectors, whose making would be most of a small night."""
    from nlp.embeddings import load_encoder

    folder = tmp_path_factory.mktemp("models")
    load_encoder("fast", folder, threads=1)
    return folder


@pytest.fixture
def warehouse_world(made_world: Path, tmp_path: Path) -> Path:
    """A copy of the world's warehouse file."""
    return Path(shutil.copy(made_world, tmp_path / "warehouse.duckdb"))
