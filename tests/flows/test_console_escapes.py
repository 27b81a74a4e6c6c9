"""The escape list of the SQL console (R18): files, network, extensions, settings, statements in disguise, exhaustion.

Every entry must end within its limit and half a second, refused or harmless, with the snapshot, the folder around it and the machine's
files untouched. `python -m pytest -m slow -s tests/flows/test_console_escapes.py` prints the slowest overrun.
"""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.warehouse.publish import LINK, publish
from flows.warehouse.safe_query import QueryRefused, run_query

LATE_S = 0.5
PATIENT_S = 30.0  # what is refused must be refused for what it asks, and not for its time
SECRET = "swordfish-7731"
# {secret} = a readable CSV file with SECRET in it, {folder} = its folder, {url} = a web server of ours.
FILES = (
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_csv_auto('{secret}')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM read_json_auto('{secret}')",
    "SELECT * FROM read_ndjson('{secret}')",
    "SELECT * FROM read_json_objects('{secret}')",
    "SELECT * FROM read_parquet('{secret}')",
    "SELECT * FROM parquet_scan('{secret}')",
    "SELECT * FROM parquet_metadata('{secret}')",
    "SELECT * FROM parquet_schema('{secret}')",
    "SELECT * FROM parquet_file_metadata('{secret}')",
    "SELECT * FROM parquet_kv_metadata('{secret}')",
    "FROM '{secret}'",
    'FROM "{secret}"',
    "TABLE '{secret}'",
    "SUMMARIZE '{secret}'",
    "DESCRIBE '{secret}'",
    "FROM glob('{folder}/*')",
    "SELECT * FROM read_csv(['{secret}'])",
    "SELECT (SELECT content FROM read_text('{secret}'))",
    "WITH a AS (FROM read_text('{secret}')) FROM a",
    "SELECT * FROM (VALUES (1)) AS one, LATERAL (FROM read_text('{secret}'))",
    "SELECT * FROM query('FROM read_text(''{secret}'')')",
    "SELECT * FROM query_table('{secret}')",
    "SELECT * FROM query_table(['{secret}'])",
    "SELECT * FROM 'file:{secret}'",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT current_setting('secret_directory') || (SELECT content FROM read_text('{secret}'))",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY core.documents FROM '{secret}'",
    "EXPORT DATABASE '{folder}/out'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{folder}/out.duckdb' AS x",
    "ATTACH ':memory:' AS x",
    "DETACH observatory",
    "USE memory",
    "CHECKPOINT",
    "VACUUM",
)
NETWORK = (
    "FROM read_csv('{url}')",
    "FROM read_parquet('{url}/x.parquet')",
    "FROM '{url}/x.csv'",
    "FROM 's3://bucket/x.parquet'",
    "ATTACH '{url}/x.duckdb' AS x",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL httpfs FROM community",
    "INSTALL 'x' FROM '{url}'",
    "LOAD '{folder}/x.duckdb_extension'",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "UPDATE EXTENSIONS",
)
SETTINGS = (
    "SET enable_external_access = true",
    "SET GLOBAL lock_configuration = false",
    "RESET ALL",
    "RESET memory_limit",
    "PRAGMA enable_external_access",
    "PRAGMA memory_limit = '100GB'",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "SET VARIABLE x = 1",
    "SELECT set_config('memory_limit', '100GB')",
    "SELECT 1 WHERE current_setting('enable_external_access')",
    "CALL enable_logging()",
    "CALL force_checkpoint()",
)
WRITES = (
    "INSERT INTO meta.facts VALUES ('a', 'b')",
    "UPDATE meta.facts SET value = ''",
    "DELETE FROM meta.facts",
    "TRUNCATE meta.facts",
    "MERGE INTO meta.facts USING (SELECT 1) AS x ON true WHEN MATCHED THEN DELETE",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE OR REPLACE VIEW marts.tracks AS SELECT 1",
    "CREATE MACRO f() AS 1",
    "CREATE SEQUENCE s",
    "CREATE TYPE t AS ENUM ('a')",
    "ALTER TABLE meta.facts ADD COLUMN x INTEGER",
    "DROP SCHEMA core CASCADE",
    "COMMENT ON TABLE meta.facts IS 'x'",
    "WITH x AS (INSERT INTO meta.facts VALUES ('a', 'b') RETURNING *) FROM x",
    "SELECT nextval('s')",
)
DISGUISES = (
    "SELECT 1; DROP TABLE meta.facts",
    "SELECT 1;;COPY (SELECT 1) TO '{folder}/out.csv'",
    "SELECT 1 -- \nDROP TABLE meta.facts; DELETE FROM meta.facts",
    "/* SELECT 1 */ DELETE FROM meta.facts",
    "/**/INSERT/**/INTO/**/meta.facts/**/VALUES('a','b')",
    "-- SELECT\nATTACH '{folder}/out.duckdb' AS x",
    "SELECT $$;$$; SET threads = 64",
    "SELECT '\\'; DELETE FROM meta.facts; --'",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    "EXPLAIN ANALYZE DELETE FROM meta.facts",
    "BEGIN TRANSACTION",
    "ROLLBACK",
    "PIVOT meta.facts ON key USING first(value); DELETE FROM meta.facts",
    "\ufeffDELETE FROM meta.facts",
    "\u00a0COPY (SELECT 1) TO '{folder}/out.csv'",
    "SELECT $1",
    "SELECT ?",
)
EXHAUSTION = (
    "WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a",
    "WITH RECURSIVE a AS (SELECT 'x' AS t UNION ALL SELECT t || t FROM a) SELECT max(length(t)) FROM a",
    "SELECT count(*) FROM range(1000000000000)",
    "SELECT sum(range) FROM range(1000000000000)",
    "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range * b.range = 7",
    "SELECT a.range FROM range(100000) AS a, range(100000) AS b ORDER BY hash(a.range + b.range) LIMIT 1",
    "SELECT list(range) FROM range(1000000000)",
    "SELECT range(1000000000)",
    "SELECT unnest(range(1000000000000))",
    "SELECT repeat('x', 2000000000)",
    "SELECT length(repeat(repeat('x', 1000000), 100000))",
    "SELECT string_agg(range::VARCHAR, repeat('x', 1000)) FROM range(100000000)",
    "SELECT count(*) FROM range(1000000) WHERE regexp_matches(repeat('a', 20000), '(a*)*b' || range)",
    "SELECT regexp_replace(repeat('a', 10000000), '(a?){1000}', 'x', 'g')",
    "SELECT md5(repeat('x', 500000000)) FROM range(1000)",
    "SELECT count(DISTINCT hash(range)) FROM range(10000000000)",
    "SELECT range % 100000000 AS k, count(*) FROM range(10000000000) GROUP BY k",
    "SELECT row_number() OVER (ORDER BY hash(range)) FROM range(1000000000)",
    "SELECT " + ", ".join(f"repeat('x', 10000) AS c{number}" for number in range(2000)) + " FROM range(100000)",
    "SELECT " + "+".join(["1"] * 20000),
    "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "SELECT " + "(" * 300 + "1" + ")" * 300,
    "SELECT " + "[" * 300 + "1" + "]" * 300,
    "SELECT " + "(SELECT " * 150 + "1" + ")" * 150,
    "SELECT " + "f(" * 300 + "1" + ")" * 300,
    "SELECT 1 " + "UNION ALL SELECT 1 " * 3000,
    "SELECT '" + "x" * 90_000 + "'",
    "SELECT " + " ".join(f"CASE WHEN {number} = 1 THEN 1 ELSE" for number in range(2000)) + " 1" + " END" * 2000,
    "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
    "SELECT factorial(33) ** 100000, count(*) FROM range(100000000000) WHERE sqrt(range) < 0",
    "SELECT list_sort(list_transform(range(100000000), lambda x: hash(x)))",
    "SELECT json_extract(repeat('[', 1000000), '$[0]')",
    "FROM generate_series(TIMESTAMP '0001-01-01', TIMESTAMP '9999-01-01', INTERVAL 1 MICROSECOND)",
    "SELECT count(*) FROM repeat_row(1, 2, num_rows = 1000000000000)",
)
ESCAPES = (*FILES, *NETWORK, *SETTINGS, *WRITES, *DISGUISES, *EXHAUSTION)


class Asked(http.server.BaseHTTPRequestHandler):
    """Remembers that it was reached."""

    paths: list[str] = []  # noqa: RUF012 - one list for all requests

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def published(made_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(made_world, folder, "night-1")
    return folder / LINK


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def attempt(published: Path, url: str, sql: str, limit_s: float) -> tuple[float, str]:
    """(seconds beyond the limit, what was answered) for one statement, after making sure that it reached and changed nothing."""
    folder = published.parent
    secret = folder / "secret.csv"
    secret.write_text(f"word\n{SECRET}\n", encoding="utf-8")
    before = (sorted(folder.iterdir()), hashlib.sha256(published.read_bytes()).digest())
    asked = sql.replace("{secret}", str(secret)).replace("{folder}", str(folder)).replace("{url}", url)
    started = time.monotonic()
    try:
        result = run_query(published, asked, timeout_s=limit_s, max_rows=100, memory_limit="300MB", threads=1)
        answer = str(result.rows)
    except QueryRefused as error:
        answer = str(error)
        assert "\n" not in answer
        assert "Traceback" not in answer
    taken = time.monotonic() - started
    assert SECRET not in answer, sql
    assert (sorted(folder.iterdir()), hashlib.sha256(published.read_bytes()).digest()) == before, sql
    assert Asked.paths == [], sql
    return taken - limit_s, answer


@pytest.mark.parametrize("number", range(0, len(ESCAPES), 10))
def test_a_sample_of_the_escapes_ends_in_time_and_nowhere(published: Path, url: str, number: int) -> None:
    late, _ = attempt(published, url, ESCAPES[number], 2.0)
    assert late < LATE_S


@pytest.mark.slow
def test_no_escape_of_the_list_gets_anywhere(published: Path, url: str) -> None:
    assert len(set(ESCAPES)) == len(ESCAPES) >= 100
    answers = {sql: attempt(published, url, sql, PATIENT_S)[1] for sql in ESCAPES if sql not in EXHAUSTION}
    assert [sql for sql, answer in answers.items() if "was ended after" in answer] == []


@pytest.mark.slow
def test_nothing_exhausts_more_than_its_limit(published: Path, url: str) -> None:
    late = {sql: attempt(published, url, sql, 2.0)[0] for sql in EXHAUSTION}
    slowest = max(late, key=lambda sql: late[sql])
    print(f"\n{len(late)} statements; the slowest ended {late[slowest]:+.2f} s after its limit: {slowest[:70]}")  # noqa: T201 - the figure
    assert late[slowest] < LATE_S
