"""The sample city asked without a reach index, and moved to another store: the same answers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from api.ledger import Ledger
from api.settings import settings
from api.wiring import open_ledger
from graph.lineage import LineageQuestion
from graph.question import Change, Question
from ontology.model import Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL
from tests.api.command import mulu
from tests.servers.emptied import emptied

TRUTH = json.loads(
    (Path(__file__).parents[2] / "samples" / "yunlan" / "truth.json").read_text("utf-8")
)
PATIENT: dict[str, Any] = {"reach_seconds": 120.0}


async def answers(ledger: Ledger) -> dict[str, object]:
    """What each story reaches and how surely, and the lineage at both ends of each chain."""
    found: dict[str, object] = {}
    for story in TRUTH["stories"]:
        changes = tuple(Change(ResourceId(id), Kind(story["change"])) for id in story["start"])
        told = await ledger.impact(Question(changes), LOCAL)
        assert told.complete
        found[story["id"]] = sorted(
            (r.id, r.effect, str(r.certainty), r.depth, tuple(map(str, r.kinds)), r.department)
            for r in (*told.affected, *told.touched)
        )
    for chain in TRUTH["chains"]:
        for id in (chain["datasets"][0]["from"], chain["datasets"][-1]["to"]):
            lineage = await ledger.lineage(LineageQuestion(ResourceId(id)), LOCAL)
            found[f"{chain['name']} {id}"] = (
                sorted((n.id, n.depth) for n in lineage.nodes),
                sorted(
                    (e.origin, e.use, e.type, e.coarse, str(e.certainty)) for e in lineage.edges
                ),
            )
    return found


async def test_the_store_answers_as_the_reach_index_does(city: Path) -> None:
    async with open_ledger(settings(data=city, reach="memory")) as ledger:
        by_index = await answers(ledger)
    async with open_ledger(settings(data=city, reach="store", **PATIENT)) as ledger:
        assert await answers(ledger) == by_index
        assert await ledger.derived(["Table"], LOCAL) is None


async def test_the_city_moves_to_neo4j_and_back(
    city: Path, neo4j_database: str, tmp_path: Path
) -> None:
    """With its whole history, every resource compared in the end; there it answers as here."""
    await emptied(neo4j_database)
    here, back = (f"sqlite:///{folder / 'ledger.db'}" for folder in (city, tmp_path))
    async with open_ledger(settings(data=city, reach="memory")) as ledger:
        before = await answers(ledger)
    for source, target, deep in ((here, neo4j_database, ""), (neo4j_database, back, "--deep")):
        done = await asyncio.to_thread(
            mulu, f"copy {deep} --json --from", source, "--to", target, data=city
        )
        assert (done.code, done.json["equal"]) == (0, True), done.err
    elsewhere = settings(data=tmp_path / "index", graph=neo4j_database, reach="memory")
    async with open_ledger(elsewhere) as ledger:
        assert await answers(ledger) == before
    logs = [
        (await asyncio.to_thread(mulu, "log --json --limit 1", data=folder)).json
        for folder in (city, tmp_path)
    ]
    assert logs[0] == logs[1]
