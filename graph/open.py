"""Open the store that a setting names."""

from __future__ import annotations

from pathlib import Path

from graph.store import GraphStore
from ontology.errors import InvalidInput, MissingExtra, Unavailable

SQLITE = "sqlite:///"
NEO4J = ("neo4j://", "neo4j+s://", "bolt://", "bolt+s://")


def open_store(url: str) -> GraphStore:
    """`sqlite:///ledger.db` (relative), `sqlite:////var/lib/mulu/ledger.db` (absolute),
    `neo4j+s://user:password@host` (graph/neo4j/address.py), or `memory:` (nothing is kept).
    A folder is made if it is not there; call `ensure` next."""
    if url == "memory:":
        from graph.memory.store import MemoryStore  # each command loads one of them

        return MemoryStore()
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        from graph.sqlite.failure import translating
        from graph.sqlite.store import SqliteStore

        path = Path(url.removeprefix(SQLITE)).expanduser()
        with translating(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteStore(path)
    if url.startswith(NEO4J):
        return _neo4j(url)
    kind = url.partition(":")[0]  # what follows may hold a password
    raise InvalidInput(
        f"MULU_GRAPH={kind}:…: 不认识的存储 / no store of that kind. Use sqlite:///path, "
        "neo4j+s://user:password@host or memory:."
    )


def must_exist(url: str) -> None:
    """Raise Unavailable where `open_store` would make an empty ledger: a file that is not there,
    most often because its name was mistyped."""
    path = Path(url.removeprefix(SQLITE)).expanduser()
    if url.startswith(SQLITE) and not path.is_file():
        raise Unavailable(
            f"没有账本 / no ledger at {path}（--data, MULU_DATA）。先导入或启动 / make one with "
            "mulu ingest, mulu demo or mulu serve"
        )


def _neo4j(url: str) -> GraphStore:
    try:
        from graph.neo4j.store import Neo4jStore  # the driver is an extra
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Neo4j 需要附加组件 / Neo4j needs an extra: pip install 'mulu[neo4j]'"
        ) from error
    return Neo4jStore(url)
