"""Numbers of the statistics, and the lists behind them."""

from __future__ import annotations

from typing import Any

from api.ledger import Ledger
from ontology.resource import ChangeSet, Claim, Link, ResourceId
from ontology.viewer import Viewer
from tests.api.conftest import FORM


async def test_the_lists_behind_the_numbers(ask: Any, ledger: Ledger) -> None:
    alone, named = ResourceId("dataset:file/alone.csv"), ResourceId("dataset:file/unknown.csv")
    told = Claim(alone, "Table", {"name": "alone"})
    mounts = Claim(
        ResourceId("entry:demo/x"), "InformationResource", {"title": "表"}, (Link("mounts", named),)
    )
    await ledger.commit(ChangeSet("t", FORM, claims=(told, mounts)), wait=5.0)
    asked = """query($of: Counted!, $types: [String!], $first: Int! = 50) {
        counted(of: $of, types: $types, first: $first) {
            nodes { id } pageInfo { hasNextPage } } }"""

    async def listed(of: str, **more: Any) -> list[str]:
        found = (await ask(asked, of=of, **more))["counted"]
        assert not found["pageInfo"]["hasNextPage"]
        return [node["id"] for node in found["nodes"]]

    assert await listed("PLACEHOLDER") == [named]
    assert await listed("UNDERIVED", types=["Table", "View"]) == [alone]
    assert await listed("RETIRED") == []
    await ledger.commit(ChangeSet("t", FORM, withdrawals=(alone,)), wait=5.0)
    assert await listed("RETIRED") == [alone]
    assert await listed("UNDERIVED", types=["Table", "View"]) == []
    page = (await ask(asked, of="UNDERIVED", first=1))["counted"]
    assert page["pageInfo"]["hasNextPage"]
    public = Viewer("guest", clearance="公开数据", personal=False)
    seen = await ask(asked, of="UNDERIVED", types=["InformationResource"], viewer=public)
    assert [node["id"] for node in seen["counted"]["nodes"]] == ["entry:demo/x"]  # of no level
