"""Edits seen before they are made, compared afterwards, and taken back."""

from __future__ import annotations

from typing import Any

from api.ledger import Ledger
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source

CHANGE = """mutation($id: ID!, $input: InformationResourceInput!, $version: Int, $dry: Boolean!) {
    changeInformationResource(id: $id, input: $input, expectedVersion: $version, dryRun: $dry) {
        commit { number }
        warnings { path what }
        preview {
            attributes { name before after } kinds
            linked { type target node { title } } unlinked { type target }
            impact { counts { exact touched } touched { id } } } } }"""
UNDO = """mutation($commit: Int!) { undo(commit: $commit) {
    commit { number reason source } resource { id retired
      ... on InformationResource { title abstract } } } }"""
COMPARE = """query($id: ID!, $from: At!) { compare(id: $id, from: $from) {
    attributes { name before after } linked { type target } unlinked { type target }
    commits { number actor reason } } }"""
ENTRY = "entry:demo/001"
CIVIL = ResourceId("org:civil")


async def changed(ask: Any, **input: Any) -> int:
    data = await ask(CHANGE, id=ENTRY, input=input, dry=False)
    made: int = data["changeInformationResource"]["commit"]["number"]
    return made


async def test_a_preview_tells_what_changes_and_whom_it_touches(ask: Any, ledger: Ledger) -> None:
    told = {"abstract": "户籍人口", "securityLevel": "核心数据", "providedBy": str(CIVIL)}
    data = await ask(CHANGE, id=ENTRY, input=told, dry=True)
    found = data["changeInformationResource"]
    assert found["commit"] is None
    preview = found["preview"]
    assert {(a["name"], a["before"], a["after"]) for a in preview["attributes"]} == {
        ("abstract", "常住人口基本情况", "户籍人口"),
        ("securityLevel", "内部数据", "核心数据"),
    }
    assert [x["target"] for x in preview["linked"]] == [CIVIL]
    assert [x["target"] for x in preview["unlinked"]] == ["org:bureau"]
    assert preview["kinds"] == ["MEANING", "LEVEL"]
    assert preview["impact"] is not None
    assert await ledger.reaching.top() == 1


async def test_an_edit_that_concerns_nobody_says_so(ask: Any) -> None:
    data = await ask(CHANGE, id=ENTRY, input={"keyword": ["人口"]}, dry=True)
    preview = data["changeInformationResource"]["preview"]
    assert preview["kinds"] == []
    assert preview["impact"] is None


async def test_a_dry_run_meets_the_conflict_that_the_write_would(run: Any, ask: Any) -> None:
    await changed(ask, abstract="别人改的")
    result = await run(CHANGE, id=ENTRY, input={"abstract": "我改的"}, version=1, dry=True)
    assert result.errors[0].extensions["code"] == "CONFLICT"


async def test_comparing_tells_the_others_edit_and_whose_it_was(ask: Any) -> None:
    number = await changed(ask, abstract="别人改的")
    data = await ask(COMPARE, id=ENTRY, **{"from": 1})
    (change,) = data["compare"]["attributes"]
    assert (change["before"], change["after"]) == ("常住人口基本情况", "别人改的")
    assert [c["number"] for c in data["compare"]["commits"]] == [number]
    assert data["compare"]["commits"][0]["actor"] == "local"


async def test_comparing_from_before_it_was_there(ask: Any) -> None:
    data = await ask(COMPARE, id=ENTRY, **{"from": 0})
    assert {a["before"] for a in data["compare"]["attributes"]} == {None}


async def test_an_edit_is_undone_by_a_new_commit(ask: Any) -> None:
    number = await changed(ask, abstract="改错了")
    data = await ask(UNDO, commit=number)
    assert data["undo"]["commit"]["number"] == number + 1
    assert data["undo"]["commit"]["source"] == "curated"
    assert data["undo"]["resource"]["abstract"] == "常住人口基本情况"


async def test_an_undo_can_be_undone(ask: Any) -> None:
    number = await changed(ask, abstract="改对了")
    undone = (await ask(UNDO, commit=number))["undo"]["commit"]["number"]
    data = await ask(UNDO, commit=undone)
    assert data["undo"]["resource"]["abstract"] == "改对了"


async def test_what_was_changed_since_is_not_undone(run: Any, ask: Any) -> None:
    number = await changed(ask, abstract="第一次")
    await changed(ask, title="第二次")
    result = await run(UNDO, commit=number)
    error = result.errors[0].extensions
    assert error["code"] == "INVALID"
    assert f"提交 {number + 1}" in error["problems"][0]["what"]


async def test_an_import_is_undone_as_a_whole(ask: Any, ledger: Ledger) -> None:
    scan = Source("list", Rank.AUTHORITATIVE)
    fresh = ResourceId("entry:demo/fresh")
    claims = tuple(
        Claim(id, "InformationResource", {"title": "导错了"}) for id in (fresh, ResourceId(ENTRY))
    )
    made = await ledger.commit(ChangeSet("li", scan, claims=claims), wait=5.0)
    assert made is not None
    data = await ask(UNDO, commit=made.number)
    assert data["undo"]["commit"]["source"] == "list"
    told = await ask('{ a: resource(id: "entry:demo/fresh") { retired }'
                     ' b: resource(id: "entry:demo/001") { title } }')  # fmt: skip
    assert told["a"]["retired"]
    assert told["b"]["title"] == "人口信息目录001"


async def test_what_cannot_be_undone_says_why(run: Any, ledger: Ledger) -> None:
    result = await run(UNDO, commit=99)
    assert result.errors[0].extensions["code"] == "NOT_FOUND"
    purged = await ledger.store.purge([ResourceId(ENTRY)], actor="li", reason="依申请")
    result = await run(UNDO, commit=purged.number)
    assert "抹去" in result.errors[0].extensions["problems"][0]["mend"]
