"""What a lineage picture asks: who holds each node, the columns, and what data are for."""

from __future__ import annotations

from typing import Any

import pytest

from api.ledger import Ledger
from graph.business import NEAR
from ontology.resource import ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import Viewer

SCAN = Source("scan", Rank.SCANNED)
HOST = "postgres://dw.example:5432/dw.public"
RAW, FINE = ResourceId(f"dataset:{HOST}.raw"), ResourceId(f"dataset:{HOST}.fine")


def field(dataset: ResourceId, name: str) -> ResourceId:
    return ResourceId(f"field:{dataset.removeprefix('dataset:')}#{name}")


def derived(origin: ResourceId, derivation: str) -> Link:
    said = {"derivation": derivation, "rule": f"{derivation}(x)", "job": "job:night"}
    return Link("fieldDerivedFrom", origin, said)


@pytest.fixture
async def city(ledger: Ledger) -> Ledger:
    """raw → fine by columns, one of them a filter; an entry, a matter and a scenario on top."""
    a, b, x, y = field(RAW, "a"), field(RAW, "b"), field(FINE, "x"), field(FINE, "y")
    database, system = ResourceId("database:dw"), ResourceId("system:one")
    claims = (
        Claim(system, "System", {"name": "数仓"}, (Link("hosts", database),
              Link("managedBy", ResourceId("org:bureau")))),
        Claim(database, "Database", {"name": "dw"},
              (Link("hasDataset", RAW), Link("hasDataset", FINE))),
        Claim(RAW, "Table", {"name": "raw"}, (Link("hasField", a), Link("hasField", b))),
        Claim(FINE, "Table", {"name": "fine"}, (Link("hasField", x), Link("hasField", y))),
        Claim(a, "Field", {"physicalName": "a"}),
        Claim(b, "Field", {"physicalName": "b", "securityLevel": "核心数据"}),
        Claim(x, "Field", {"physicalName": "x"}, (derived(a, "identity"),)),
        Claim(y, "Field", {"physicalName": "y"}, (derived(b, "filter"),)),
        Claim(ResourceId("entry:demo/top"), "InformationResource", {"title": "宽表目录"},
              (Link("mounts", FINE), Link("producedBy", ResourceId("matter:marry")),
               Link("providedBy", ResourceId("org:bureau")))),
        Claim(ResourceId("matter:marry"), "Matter", {"name": "结婚登记"},
              (Link("supportsScenario", ResourceId("scenario:once")),)),
        Claim(ResourceId("scenario:once"), "Scenario", {"name": "一件事"}),
    )  # fmt: skip
    await ledger.commit(ChangeSet("seed", SCAN, claims=claims), wait=5.0)
    return ledger


async def test_each_node_tells_where_it_lies_and_who_answers(ask: Any, city: Ledger) -> None:
    data = await ask(
        """query($id: ID!, $field: ID!) { lineage(id: $id) {
             nodes { id system { title } database { title } department { title } whole { id } }
             edges { origin use certainty brought } }
           one: lineage(id: $field) { nodes { id whole { id } system { title } }
             edges { certainty } } }""",
        id=RAW,
        field=field(RAW, "b"),
    )
    for node in data["lineage"]["nodes"]:
        assert node["system"] == {"title": "数仓"}
        assert node["database"] == {"title": "dw"}
        assert node["department"] == {"title": "云澜市公安局"}
        assert node["whole"] is None
    (edge,) = data["lineage"]["edges"]
    assert (edge["certainty"], edge["brought"]) == ("EXACT", True)
    assert {n["whole"]["id"] for n in data["one"]["nodes"]} == {RAW, FINE}
    assert data["one"]["edges"] == [{"certainty": "INDIRECT"}]


async def test_both_directions_agree_on_certainty(ask: Any, city: Ledger) -> None:
    query = "query($id: ID!) { lineage(id: $id, direction: %s) { edges { certainty } } }"
    for direction, id in (("UPSTREAM", field(FINE, "y")), ("DOWNSTREAM", field(RAW, "b"))):
        data = await ask(query % direction, id=id)
        assert data["lineage"]["edges"] == [{"certainty": "INDIRECT"}]


COLUMNS = """query($ids: [ID!]!) { columnLineage(datasets: $ids) {
    complete hidden columns { id name dataset } edges { origin use rule job kind certainty } } }"""


async def test_columns_of_one_dataset_with_their_other_ends(ask: Any, city: Ledger) -> None:
    found = (await ask(COLUMNS, ids=[FINE]))["columnLineage"]
    assert found["complete"]
    assert {c["name"]: c["dataset"] for c in found["columns"]} == {
        "a": RAW, "b": RAW, "x": FINE, "y": FINE,
    }  # fmt: skip
    edges = {(e["origin"], e["use"]): e for e in found["edges"]}
    assert edges[field(RAW, "a"), field(FINE, "x")]["rule"] == "identity(x)"
    assert edges[field(RAW, "b"), field(FINE, "y")]["certainty"] == "INDIRECT"


async def test_columns_that_the_viewer_may_not_see_are_counted(ask: Any, city: Ledger) -> None:
    low = Viewer("reader", "内部数据")
    found = (await ask(COLUMNS, ids=[FINE], viewer=low))["columnLineage"]
    assert found["hidden"] == 1
    assert "b" not in {c["name"] for c in found["columns"]}
    assert len(found["edges"]) == 1


async def test_business_lineage_leads_to_matters_and_scenarios(ask: Any, city: Ledger) -> None:
    data = await ask(
        """query($ids: [ID!]!) { businessLineage(datasets: $ids) {
             complete nodes { title stage } edges { origin target type } } }""",
        ids=[RAW, FINE],
    )
    found = data["businessLineage"]
    assert {(n["title"], n["stage"]) for n in found["nodes"]} == {
        ("宽表目录", 1), ("结婚登记", 2), ("一件事", 3),
    }  # fmt: skip
    assert {(e["origin"], e["type"]) for e in found["edges"]} == {
        (FINE, "mounts"),
        ("entry:demo/top", "producedBy"),
        ("matter:marry", "supportsScenario"),
    }


async def test_business_lineage_says_where_links_were_left_out(ask: Any, city: Ledger) -> None:
    """The city has one entry on that table; so the second time there is one too many."""
    for count, whole in ((NEAR - 1, True), (NEAR, False)):
        entries = tuple(
            Claim(ResourceId(f"entry:demo/{n:03}"), "InformationResource", {"title": f"目录{n}"},
                  (Link("mounts", FINE),))
            for n in range(count)
        )  # fmt: skip
        await city.commit(ChangeSet(f"{count}", SCAN, claims=entries), wait=5.0)
        data = await ask(
            "query($id: ID!) { businessLineage(datasets: [$id]) { complete nodes { stage } } }",
            id=FINE,
        )
        found = data["businessLineage"]
        assert found["complete"] is whole
        assert sum(node["stage"] == 1 for node in found["nodes"]) == NEAR


async def test_too_many_datasets_are_refused(run: Any) -> None:
    result = await run(COLUMNS, ids=[f"dataset:{n}" for n in range(101)])
    assert result.errors[0].extensions["code"] == "LIMIT"
