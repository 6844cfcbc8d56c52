"""What changed between two moments, on both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graph.difference import DiffAnswer, Difference, DiffQuestion, What, diff, diff_lines
from graph.memory.store import MemoryStore
from graph.open import open_store
from graph.store import GraphStore
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from ontology.resource import Alias, ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import LEVELS, Viewer

ONTOLOGY = load_ontology()
FORM, SCAN = Source("form", Rank.AUTHORITATIVE), Source("scan", Rank.SCANNED)
ORG, TABLE, OTHER = ResourceId("org:a"), ResourceId("dataset:t"), ResourceId("dataset:u")


def table(id: ResourceId, *links: Link, **said: Any) -> Claim:
    return Claim(id, "Table", {"name": str(id), **said}, links)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[GraphStore]:
    """Commit 1: a department and a table; each later commit is made by its test."""
    made: GraphStore = (
        MemoryStore() if request.param == "memory" else open_store(f"sqlite:///{tmp_path / 'l.db'}")
    )
    await made.ensure(ONTOLOGY)
    await commit(made, Claim(ORG, "Department", {"name": "甲局"}), table(TABLE, displayName="旧"))
    yield made
    await made.close()


async def commit(store: GraphStore, *claims: Claim, source: Source = FORM, **more: Any) -> None:
    assert await store.commit(ChangeSet("t", source, claims=claims, **more))


async def changes(store: GraphStore, start: int = 1, **asked: Any) -> dict[str, Difference]:
    answer = await diff(store, ONTOLOGY, DiffQuestion(start, **asked))
    return {d.id: d for d in answer.differences}


async def test_created_changed_and_retired(store: GraphStore) -> None:
    await commit(store, table(OTHER), table(TABLE, displayName="新"))
    await commit(store, withdrawals=(ORG,))
    found = await changes(store)
    assert {id: d.what for id, d in found.items()} == {
        ORG: What.RETIRED,
        TABLE: What.CHANGED,
        OTHER: What.CREATED,
    }
    (altered,) = found[TABLE].attributes
    assert (altered.name, altered.before, altered.after) == ("displayName", "旧", "新")
    assert {a.name: a.before for a in found[OTHER].attributes} == {"name": None}
    assert found[OTHER].title


async def test_links_come_and_go_and_change_their_rule(store: GraphStore) -> None:
    said = {"derivation": "identity", "rule": "a"}
    await commit(store, table(OTHER, Link("datasetDerivedFrom", TABLE, said)))
    (come,) = (await changes(store))[OTHER].added
    assert (come.type, come.target, come.properties["rule"]) == ("datasetDerivedFrom", TABLE, "a")
    await commit(store, table(OTHER, Link("datasetDerivedFrom", TABLE, {**said, "rule": "b"})))
    changed = (await changes(store, 2))[OTHER]
    assert [e.properties["rule"] for e in changed.removed] == ["a"]
    assert [e.properties["rule"] for e in changed.added] == ["b"]
    await commit(store, table(OTHER))
    assert [e.target for e in (await changes(store, 3))[OTHER].removed] == [TABLE]
    whole = (await changes(store))[OTHER]
    assert not whole.added, "what came and went between the two moments is no difference"


async def test_what_is_said_again_by_others_is_no_difference(store: GraphStore) -> None:
    await commit(store, table(TABLE, displayName="别人说的"), source=SCAN)
    answer = await diff(store, ONTOLOGY, DiffQuestion(1))
    assert (answer.touched, answer.differences) == (1, ())


async def test_a_placeholder_is_created_when_its_source_speaks(store: GraphStore) -> None:
    await commit(store, table(TABLE, Link("datasetDerivedFrom", OTHER), displayName="旧"))
    await commit(store, table(OTHER))
    assert (await changes(store, 2))[OTHER].what is What.CREATED


async def test_retired_and_revived(store: GraphStore) -> None:
    await commit(store, withdrawals=(TABLE,))
    await commit(store, table(TABLE, displayName="旧"))
    assert (await changes(store, 2))[TABLE].what is What.REVIVED
    assert not await changes(store, 1), "as before"


async def test_what_came_and_went_is_no_difference(store: GraphStore) -> None:
    await commit(store, table(OTHER))
    await commit(store, withdrawals=(OTHER,))
    assert not await changes(store)
    assert (await changes(store, 2))[OTHER].what is What.RETIRED


async def test_aliases_made_and_taken_back(store: GraphStore) -> None:
    await commit(store, table(OTHER, Link("datasetDerivedFrom", ResourceId("dataset:x"))))
    await commit(store, aliases=(Alias(OTHER, TABLE),))
    found = await changes(store, 2)
    assert (found[OTHER].what, found[OTHER].of) == (What.ALIASED, TABLE)
    assert [e.target for e in found[TABLE].added] == ["dataset:x"], "it says more now"
    await commit(store, unaliases=(Alias(OTHER, TABLE),))
    found = await changes(store, 3)
    assert (found[OTHER].what, found[OTHER].of) == (What.UNALIASED, TABLE)


async def test_a_target_under_another_name_is_the_same_link(store: GraphStore) -> None:
    third = ResourceId("dataset:v")
    await commit(store, table(OTHER), table(third, Link("datasetDerivedFrom", OTHER)))
    alias = (Alias(OTHER, TABLE),)
    await commit(
        store,
        table(third, Link("datasetDerivedFrom", OTHER), displayName="改"),
        aliases=alias,
    )
    changed = (await changes(store, 2))[third]
    assert [a.name for a in changed.attributes] == ["displayName"]
    assert not (changed.added)
    assert not (changed.removed)


async def test_either_order_and_instants(store: GraphStore) -> None:
    await commit(store, table(OTHER))
    head = await store.head()
    assert head is not None
    for asked in (DiffQuestion(2, 1), DiffQuestion(1, head.at)):
        answer = await diff(store, ONTOLOGY, asked)
        assert (answer.start, answer.end) == (1, 2)
        assert [d.id for d in answer.differences] == [OTHER]
    assert not await changes(store, 2)


async def test_pages_have_no_gaps_and_the_stream_is_the_whole(store: GraphStore) -> None:
    ids = [ResourceId(f"dataset:p{i:03d}") for i in range(450)]
    await commit(store, *(table(id) for id in ids))
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        answer = await diff(store, ONTOLOGY, DiffQuestion(1, first=100, after=after))
        assert len(answer.differences) <= 100
        seen += [d.id for d in answer.differences]
        after = answer.next
    assert seen == ids
    head, *lines = [x async for x in diff_lines(store, ONTOLOGY, DiffQuestion(1))]
    assert isinstance(head, DiffAnswer)
    assert head.touched == 450
    assert [x.id for x in lines if isinstance(x, Difference)] == ids


async def test_by_class(store: GraphStore) -> None:
    await commit(store, table(OTHER), Claim(ResourceId("org:b"), "Department", {"name": "乙局"}))
    assert set(await changes(store, types=frozenset(("Dataset",)))) == {OTHER}
    with pytest.raises(InvalidInput):
        await changes(store, types=frozenset(("Nothing",)))


async def test_what_may_not_be_seen_is_not_told(store: GraphStore) -> None:
    await commit(
        store,
        table(OTHER, securityLevel=LEVELS[3]),
        table(TABLE, Link("datasetDerivedFrom", OTHER), displayName="新"),
    )
    low = Viewer("guest", clearance=LEVELS[0])
    answer = await diff(store, ONTOLOGY, DiffQuestion(1), low)
    (found,) = answer.differences
    assert (found.id, found.added) == (TABLE, ())
    await commit(store, table(OTHER, securityLevel=LEVELS[0]))
    answer = await diff(store, ONTOLOGY, DiffQuestion(2), low)
    assert not answer.differences, "nor what it was when it was secret"
