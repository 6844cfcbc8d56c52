"""Runs and sightings: what a source saw and when, outside the commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from graph.neo4j.connection import Tx, rows
from graph.store import Run
from ontology.digest import canonical, instant
from ontology.resource import ResourceId


async def save(tx: Tx, run: Run) -> None:
    """Add a run or replace what is known of it."""
    await rows(tx, "MERGE (r:_Run {id: $run.id}) SET r = $run", run=_stored(run))


def _stored(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "source": run.source,
        "scope": run.scope,
        "started": instant(run.started),
        "finished": instant(run.finished) if run.finished else None,
        "complete": run.complete,
        "seen": run.seen,
        "problems": run.problems,
        "cursor": run.cursor,
    }


RUNS = """
MATCH (r:_Run) WHERE $source IS NULL OR r.source = $source
RETURN r.id, r.source, r.scope, r.started, r.finished, r.complete, r.seen, r.problems, r.cursor
ORDER BY r.started DESC, r.id DESC LIMIT $limit
"""


async def runs(tx: Tx, source: str | None, limit: int) -> list[Run]:
    """Newest first."""
    return [
        Run(
            id,
            told_by,
            scope,
            datetime.fromisoformat(started),
            datetime.fromisoformat(finished) if finished else None,
            *rest,
        )
        for id, told_by, scope, started, finished, *rest in await rows(
            tx, RUNS, source=source, limit=limit
        )
    ]


SAW = """
MERGE (r:_Run {id: $run.id}) ON CREATE SET r = $run
MERGE (o:_Scope {key: $scope}) SET o.source = $run.source, o.scope = $run.scope
WITH o
UNWIND $ids AS id
MATCH (n:_Resource {name: id})
MERGE (o)-[w:_SAW]->(n) SET w.run = $run.id
"""


async def saw(tx: Tx, run: Run, ids: Iterable[ResourceId]) -> None:
    """Note the sightings; the run itself is saved if it is not yet."""
    await rows(tx, SAW, run=_stored(run), scope=_scope(run), ids=sorted(set(ids)))


def _scope(run: Run) -> str:
    """Source and scope as one word of bounded length."""
    return sha256(canonical([run.source, run.scope])).hexdigest()


UNSEEN = """
MATCH (:_Scope {key: $scope})-[w:_SAW]->(r:_Resource)
WHERE w.run <> $run AND r.number > $after
  AND (NOT $claimed
       OR EXISTS { (r)-[:_SAID]->(c:_Claim) WHERE c.until IS NULL AND c.source = $source })
RETURN r.number, r.name ORDER BY r.number LIMIT $limit
"""


async def unseen(
    tx: Tx, run: Run, claimed: bool, after: int, limit: int
) -> list[tuple[int, ResourceId]]:
    """Names of the run's scope that it did not see, `claimed`: that its source still claims."""
    asked = {"scope": _scope(run), "run": run.id, "source": run.source, "claimed": claimed}
    found = await rows(tx, UNSEEN, **asked, after=after, limit=limit)
    return [(number, name) for number, name in found]
