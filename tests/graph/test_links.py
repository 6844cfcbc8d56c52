"""Links read whole, and told where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.evidence import Step, evidence
from graph.links import PAGE, links_whole
from graph.memory.store import MemoryStore
from graph.open import open_store
from graph.store import GraphStore
from graph.transition import Transitions
from ontology.load import load_ontology
from ontology.model import Direction
from ontology.resource import ChangeSet, Claim, Link, Rank, ResourceId, Source

JOB = ResourceId("job:hub")
SMALL = ResourceId("job:small")
READ = PAGE + 500


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> GraphStore:
    """A job that reads more tables than one page holds, and one that reads a single one."""
    made: GraphStore = (
        MemoryStore() if request.param == "memory" else open_store(f"sqlite:///{tmp_path / 'l.db'}")
    )
    await made.ensure(load_ontology())
    tables = [ResourceId(f"dataset:t{i:05d}") for i in range(READ)]
    claims = (
        Claim(JOB, "Job", {"name": "hub"}, tuple(Link("reads", t) for t in tables)),
        Claim(SMALL, "Job", {"name": "small"}, (Link("reads", tables[0]),)),
    )
    await made.commit(ChangeSet("test", Source("sql", Rank.SCANNED), claims=claims))
    return made


async def test_all_links_of_all(store: GraphStore) -> None:
    found = await links_whole(store, [JOB, SMALL], ["reads"])
    assert (len(found.edges[JOB]), len(found.edges[SMALL])) == (READ, 1)
    assert len({e.target for e in found.edges[JOB]}) == READ
    assert not found.cut
    assert len(found.all()) == READ + 1


@pytest.mark.parametrize("most", [1, 10, PAGE - 1, PAGE, PAGE + 1, READ - 1])
async def test_a_cut_is_told(store: GraphStore, most: int) -> None:
    found = await links_whole(store, [JOB, SMALL], ["reads"], most=most)
    assert len(found.edges[JOB]) == most
    assert found.cut == {JOB}


@pytest.mark.parametrize("most", [READ, READ + 1])
async def test_as_many_as_there_are_is_no_cut(store: GraphStore, most: int) -> None:
    assert not (await links_whole(store, [JOB], ["reads"], most=most)).cut


async def test_against_the_links_and_of_nobody(store: GraphStore) -> None:
    table = ResourceId("dataset:t00000")
    back = await links_whole(store, [table], ["reads"], Direction.BACKWARD, most=1)
    assert back.cut == {table}
    assert (await links_whole(store, [], None)).all() == []
    await store.close()


async def test_evidence_is_found_beyond_the_first_page_or_said_to_be_missing(
    store: GraphStore,
) -> None:
    """Of a job that reads very many tables, how one of the last is read."""
    last = ResourceId(f"dataset:t{READ - 1:05d}")
    step = Step("reads", Direction.BACKWARD, JOB, last)
    transitions = Transitions(load_ontology())
    told = (await evidence(store, transitions, [step], None))[step]
    assert (told.source, told.cut) == ("sql", False)
    told = (await evidence(store, transitions, [step], None, most=10))[step]
    assert (told.source, told.cut) == ("", True)
