"""Impact on hand-written ledgers: cases/*.yaml, told through a store of claims."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY, Telling

from graph.affected import Affected
from graph.impact import impact
from graph.open import open_store
from graph.question import Change, ImpactAnswer, Limits, Question
from graph.reach.index import ReachIndex
from graph.reach.near import NearReach
from graph.reach.sight import Reach
from ontology.model import Certainty, Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL, Viewer
from tests.servers.emptied import emptied

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


async def answer(case: dict[str, Any], telling: Telling, index: Reach) -> ImpactAnswer:
    limits = {"depth": case["depth"]} if "depth" in case else {}
    question = Question(
        tuple(Change(ResourceId(id), Kind(kind)) for id, kind in case["change"].items()),
        at=telling.commits[case["at"]] if "at" in case else None,
        limits=Limits(**limits, **case.get("limits", {})),
        only=frozenset(Certainty(c) for c in case.get("only", Certainty)),
        why=True,
    )
    viewer = Viewer("reader", case["clearance"]) if "clearance" in case else LOCAL
    return await impact(telling.store, index, question, viewer)


def _summary(listed: tuple[Affected, ...], expected: dict[str, str]) -> dict[str, str]:
    """As the case writes it; without the depth where the case leaves it out."""
    found = {}
    for one in listed:
        said = f"{one.certainty} {one.effect} {one.depth}"
        wanted = str(expected.get(one.id, said))
        found[str(one.id)] = said if wanted[-1:].isdigit() else said.rpartition(" ")[0]
    return found


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    return read


COMPILED = pytest.param("compiled", marks=pytest.mark.xdist_group("compiled"))
"""Compiling takes longer than all cases together: one worker does it for all."""


@pytest.mark.parametrize("way", ["built", "caught up", COMPILED])
async def test_case(case: dict[str, Any], way: str) -> None:
    telling = Telling(case)
    if way == "caught up":
        index = await ReachIndex.build(telling.store, ONTOLOGY)
        await telling.tell()
        await index.catch_up(telling.store)
    else:
        await telling.tell()
        index = await ReachIndex.build(telling.store, ONTOLOGY)
    if way == "compiled" and not index.warm():
        pytest.skip("the extra `fast` is not installed")
    await holds(case, telling, index)


NEO4J = pytest.param("neo4j", marks=pytest.mark.xdist_group("neo4j"))


@pytest.mark.parametrize("engine", ["memory", "sqlite", NEO4J])
async def test_case_without_an_index(
    case: dict[str, Any], engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The store itself tells the links, as the walk comes to need them."""
    urls = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/ledger.db"}
    if engine == "neo4j":
        urls["neo4j"] = await emptied(request.getfixturevalue("neo4j_database"))
    telling = Telling(case, open_store(urls[engine]))
    try:
        await telling.tell()
        await holds(case, telling, NearReach(telling.store, ONTOLOGY, 60.0))
    finally:
        await telling.store.close()


async def holds(case: dict[str, Any], telling: Telling, index: Reach) -> None:
    """What is answered is what the case says."""
    said = await answer(case, telling, index)
    assert _summary(said.affected, case["affected"]) == case["affected"]
    assert {str(x.id): x.effect for x in said.touched} == case["touched"]
    assert not {str(x.id) for x in (*said.affected, *said.touched)} & set(case.get("never", []))
    assert [[cut.limit, cut.among] for cut in said.cut] == case.get("cut", [])
    assert said.complete is ("cut" not in case)
    assert {k: v for k, v in said.hidden.items() if v} == case.get("hidden", {})
    departments = {str(x.id): str(x.department) for x in (*said.affected, *said.touched)}
    wanted = case.get("department", {})
    assert {id: departments[id] for id in wanted} == wanted
    _paths_hold(said, case)


def _paths_hold(said: ImpactAnswer, case: dict[str, Any]) -> None:
    """Each path leads from a change to the resource, as long as the depth says."""
    for one in (*said.affected, *said.touched):
        ends = [(crossed.origin, crossed.target) for crossed in one.path]
        assert len(ends) == one.depth
        assert ends[-1][1] == one.id
        assert all(a[1] == b[0] for a, b in pairwise(ends))
        assert ends[0][0] in case["change"]
        assert one.path[-1].type == one.via
