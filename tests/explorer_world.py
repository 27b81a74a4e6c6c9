"""A published snapshot for the tests of the explorer, with as much hostile text in it as its pages can show."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.warehouse.connection import open_writer
from flows.warehouse.publish import LINK, publish
from flows.warehouse.schema import migrate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WORLDS = (Path(__file__).parent / "flows" / "test_report_world.sql", Path(__file__).with_name("explorer_world.sql"))
HOSTILE = Path(__file__).with_name("explorer_hostile.sql")

_SINKS = ("alert(1)", "document.title='owned'")
_SHAPES = (
    "<script>{0}</script>",
    "<ScRiPt >{0}</sCrIpT>",
    "</title><script>{0}</script>",
    "</textarea><script>{0}</script>",
    "--><script>{0}</script>",
    "]]><script>{0}</script>",
    "<img src=x onerror={0}>",
    '"><img src=x onerror={0}>',
    "'><img src=x onerror={0}>",
    "<svg onload={0}>",
    "<svg><script>{0}</script></svg>",
    "</svg><svg/onload={0}>",
    "</desc></svg><script>{0}</script>",
    "<math><mi xlink:href=javascript:{0}>x</mi></math>",
    "<iframe src=javascript:{0}></iframe>",
    "<iframe srcdoc='<script>{0}</script>'></iframe>",
    "<body onload={0}>",
    "<details open ontoggle={0}>",
    "<input autofocus onfocus={0}>",
    '" autofocus onfocus={0} x="',
    "' autofocus onfocus={0} x='",
    '" hx-on:load="{0}" x="',
    "<div hx-get=/ hx-trigger=load hx-on::after-request={0}></div>",
    "<a href=javascript:{0}>x</a>",
    "<form action=javascript:{0}><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<base href='http://evil.example/'>",
    "<link rel=stylesheet href='data:text/css,*{{display:none}}'>",
    "<style>*{{display:none}}</style><script>{0}</script>",
    "<object data=javascript:{0}></object>",
    "<embed src=javascript:{0}>",
    "{{{{ cycler.__init__.__globals__ }}}}{0}",
    "{{% for x in ().__class__.__mro__ %}}{0}{{% endfor %}}",
    "\u202e<script>{0}</script>\u202c",
    "<scr\u0000ipt>{0}</scr\u0000ipt>",
    "&lt;script&gt;{0}&lt;/script&gt;",
    "<video><source onerror={0}></video>",
    "<marquee onstart={0}>x</marquee>",
)
XSS = tuple(dict.fromkeys(shape.format(sink) for shape in _SHAPES for sink in _SINKS))
FORMULAS = ("=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example","x")', "＝1+1")


def publish_world(folder: Path, snapshot_id: str = "2026-11-22-a1b2c3", *, is_simulated: bool = True) -> Path:
    """Publish the world into `folder`; the link to it. Every string of XSS is a title, an abstract, an actor, an id and a link."""
    warehouse = folder / "warehouse.duckdb"
    with open_writer(warehouse) as connection:
        migrate(connection, datetime(2026, 11, 22))
        for world in WORLDS:
            connection.execute(world.read_text(encoding="utf-8"))
        _add_hostile(connection)
        connection.execute("UPDATE core.documents SET is_simulated = ?", [is_simulated])
        publish(connection, folder / "published", snapshot_id, published_at=datetime(2026, 11, 22, 3))
    warehouse.unlink()
    return folder / "published" / LINK


def _add_hostile(connection: DuckDBPyConnection) -> None:
    """Documents of technology t01 and topic K1 whose every text is hostile, and technologies of such names."""
    texts = (*XSS, *FORMULAS, "x" * 10_000)
    connection.execute(
        "CREATE TEMP TABLE hostile AS "
        "SELECT unnest(range(len($texts))) AS number, unnest($texts) AS text, 'hostile:' || left(text, 200) AS id",
        {"texts": list(texts)},
    )
    connection.execute(HOSTILE.read_text(encoding="utf-8"))
