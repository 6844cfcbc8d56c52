"""The closures of the national ledger asked of others, on the same data in the same run."""

from __future__ import annotations

import fcntl
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import neo4j

from tests.servers.emptied import emptied

CROSSED = ("fieldDerivedFrom", "mapsTo", "hasField", "hasItem", "mounts", "materialisedBy")
"""Link types that the removal of a column travels back along, for the peers."""

MOST, STEP = 1_000_000, 20_000
"""Links that Neo4j is asked to hold: at its rate that is a minute; rows of one statement."""

JOIN = """UNWIND $rows AS r MATCH (a:_Peer {number: r[0]}) MATCH (b:_Peer {number: r[1]})
    CREATE (a)-[:REACHES]->(b)"""
CLOSURE = """MATCH (:_Peer {number: $number})-[:REACHES*1..]->(m) RETURN count(DISTINCT m)"""

Timed = Callable[[Callable[[], object], int], dict[str, float]]


class Peers:
    """The same closure asked of others: level by level in SQL over the ledger's own links, of
    rustworkx in memory and of Neo4j; all without effect, certainty, depth and path."""

    def __init__(self, folder: Path, timed: Timed) -> None:
        self._timed = timed
        self._db = sqlite3.connect(f"file:{folder}/ledger.db?mode=ro", uri=True)
        words = dict(self._db.execute("SELECT text, id FROM word"))
        self._kinds = ",".join(str(words[name]) for name in CROSSED if name in words)

    def _closure(self, number: int) -> int:
        seen, front = {number}, [number]
        while front:
            rows = self._db.execute(
                f"SELECT DISTINCT origin FROM link WHERE type IN ({self._kinds}) "
                "AND until IS NULL AND target IN (SELECT value FROM json_each(?))",
                (json.dumps(front),),
            )
            front = [n for (n,) in rows if n not in seen]
            seen.update(front)
        return len(seen) - 1

    def sql(self, number: int) -> dict[str, float]:
        return {**self._timed(lambda: self._closure(number), 5), "found": self._closure(number)}

    def rustworkx(self, starts: Sequence[tuple[str, int]]) -> dict[str, Any]:
        try:
            import rustworkx
        except ImportError:
            return {"peer, rustworkx": "not installed"}
        (last,) = self._db.execute("SELECT max(number) FROM resource").fetchone()
        if last > 6_000_000:
            return {"peer, rustworkx": "left out: its graph of so many links takes too much memory"}
        begun = time.perf_counter()
        graph = rustworkx.PyDiGraph(multigraph=False)
        graph.add_nodes_from(range(last + 1))
        graph.add_edges_from_no_data(
            self._db.execute(
                f"SELECT target, origin FROM link WHERE type IN ({self._kinds}) AND until IS NULL"
            ).fetchall()
        )
        told: dict[str, Any] = {"peer, rustworkx, load s": time.perf_counter() - begun}
        for name, number in starts:
            found = self._timed(lambda number=number: rustworkx.descendants(graph, number), 20)  # type: ignore[misc]
            told[f"peer, rustworkx, {name}"] = found | {
                "found": len(rustworkx.descendants(graph, number))
            }
        return told

    async def neo4j(self, starts: Sequence[tuple[str, int]], server: str | None) -> dict[str, Any]:
        """One statement over the same links, in a database of nothing else."""
        if server is None:
            return {"peer, Neo4j": "no server here (make servers)"}
        (links,) = self._db.execute(
            f"SELECT count(*) FROM link WHERE type IN ({self._kinds}) AND until IS NULL"
        ).fetchone()
        if links > MOST:
            return {"peer, Neo4j": f"left out: {links:,} links, more than {MOST:,}"}
        parts = urlsplit(server)
        auth = (parts.username, parts.password or "") if parts.username else None
        alone = Path(tempfile.gettempdir()) / f"mulu-neo4j-{parts.port}.lock"
        with alone.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # tests use the same database
            await emptied(server)
            address = f"bolt://{parts.hostname}:{parts.port}"
            with neo4j.GraphDatabase.driver(address, auth=auth) as driver:
                told: dict[str, Any] = {"peer, Neo4j, load s": self._filled(driver)}
                for name, number in starts:
                    ask = partial(reached, driver, number)
                    told[f"peer, Neo4j, {name}"] = {**self._timed(ask, 20), "found": ask()}
            await emptied(server)
        return told

    def _filled(self, driver: neo4j.Driver) -> float:
        begun = time.perf_counter()
        rows = self._db.execute(
            f"SELECT target, origin FROM link WHERE type IN ({self._kinds}) AND until IS NULL"
        ).fetchall()
        driver.execute_query("CREATE INDEX peer IF NOT EXISTS FOR (n:_Peer) ON (n.number)")
        driver.execute_query("CALL db.awaitIndexes()")
        for numbers in batched(sorted({n for row in rows for n in row})):
            driver.execute_query("UNWIND $rows AS n CREATE (:_Peer {number: n})", rows=numbers)
        for some in batched(rows):
            driver.execute_query(JOIN, rows=some)
        return time.perf_counter() - begun


def reached(driver: neo4j.Driver, number: int) -> int:
    return int(driver.execute_query(CLOSURE, number=number).records[0][0])


def batched(rows: list[Any]) -> Iterator[list[Any]]:
    for begin in range(0, len(rows), STEP):
        yield [list(row) if isinstance(row, tuple) else row for row in rows[begin : begin + STEP]]
