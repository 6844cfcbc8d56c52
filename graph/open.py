"""Open the store that a setting names."""

from __future__ import annotations

from pathlib import Path

from graph.store import GraphStore
from ontology.errors import InvalidInput

SQLITE = "sqlite:///"


def open_store(url: str) -> GraphStore:
    """`sqlite:///ledger.db` (relative), `sqlite:////var/lib/mulu/ledger.db` (absolute), or
    `memory:` (nothing is kept). The folder is made if it is not there; call `ensure` next."""
    if url == "memory:":
        from graph.memory_store import MemoryStore  # each command loads one of them

        return MemoryStore()
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        from graph.sqlite.failure import translating
        from graph.sqlite.store import SqliteStore

        path = Path(url.removeprefix(SQLITE)).expanduser()
        with translating(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteStore(path)
    raise InvalidInput(
        f"MULU_GRAPH={url}: 不认识的存储 / no store of that kind. Use sqlite:///path or memory:."
    )
