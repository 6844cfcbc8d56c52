"""Writing over GraphQL: one commit each, judged as a person's edit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.ledger import Ledger
from api.schema import editing
from api.schema.build import LedgerSchema
from api.schema.context import Context
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source
from ontology.viewer import LOCAL, Viewer

CREATE = """mutation($input: InformationResourceInput!, $id: ID, $key: String) {
    createInformationResource(input: $input, id: $id, reason: "新编", key: $key) {
        commit { number actor source reason }
        warnings { path what }
        resource { id version ... on InformationResource {
            title sharingType providedBy { nodes { id } } } } } }"""

CHANGE = """mutation($id: ID!, $input: InformationResourceInput!, $version: Int) {
    changeInformationResource(id: $id, input: $input, expectedVersion: $version) {
        commit { number }
        resource { version ... on InformationResource {
            title abstract sharingType keyword providedBy { nodes { id } } } } } }"""


async def test_create_makes_one_commit_and_gives_the_resource(ask: Any) -> None:
    told = {"title": "婚姻登记信息", "sharingType": "无条件共享", "providedBy": "org:bureau"}
    data = await ask(CREATE, input=told, id="entry:demo/new")
    made = data["createInformationResource"]
    assert made["commit"] == {
        "number": 2,
        "actor": "local",
        "source": "curated",
        "reason": "新编",
    }
    assert made["resource"]["version"] == 2
    assert made["resource"]["title"] == "婚姻登记信息"
    assert made["resource"]["providedBy"]["nodes"] == [{"id": "org:bureau"}]


async def test_the_id_comes_from_natural_keys(ask: Any) -> None:
    told = {"title": "居住证信息", "catalogueCode": ["307001/000123"], "inCatalogue": "node:990100"}
    data = await ask(CREATE, input=told)
    assert data["createInformationResource"]["resource"]["id"] == "entry:990100/307001/000123"


async def test_what_is_there_already_is_not_created_again(run: Any) -> None:
    result = await run(CREATE, input={"title": "另一个"}, id="entry:demo/001")
    assert result.errors[0].extensions["code"] == "CONFLICT"


async def test_labels_and_synonyms_become_the_stored_code(ask: Any) -> None:
    data = await ask(CREATE, input={"title": "甲", "sharingType": "无条件"}, id="entry:demo/a")
    assert data["createInformationResource"]["resource"]["sharingType"] == "无条件共享"


async def test_problems_name_the_field_and_how_to_mend_it(run: Any, ledger: Ledger) -> None:
    result = await run(CREATE, input={"abstract": "无名", "sharingType": "随便"}, id="entry:demo/b")
    extensions = result.errors[0].extensions
    assert extensions["code"] == "INVALID"
    problems = {p["path"]: p for p in extensions["problems"]}
    assert {"input.title", "input.sharingType"} <= set(problems)
    assert problems["input.sharingType"]["value"] == "随便"
    assert problems["input.sharingType"]["mend"]
    assert await ledger.reaching.top() == 1


async def test_what_is_secret_is_refused_and_not_repeated(run: Any) -> None:
    told = {"title": "机密目录", "secret": True}
    result = await run(CREATE, input=told, id="entry:demo/c")
    assert result.errors[0].extensions["code"] == "INVALID"
    assert "机密目录" not in str(result.errors[0].formatted)


async def test_the_same_call_with_its_key_writes_once(ask: Any, ledger: Ledger) -> None:
    told = {"title": "一次"}
    first = await ask(CREATE, input=told, id="entry:demo/k", key="abc")
    again = await ask(CREATE, input=told, id="entry:demo/k", key="abc")
    first, again = (x["createInformationResource"] for x in (first, again))
    assert (again["commit"], again["resource"]) == (first["commit"], first["resource"])
    undo = """mutation { undo(commit: 2, key: "abd") { commit { number key } } }"""
    assert await ask(undo) == await ask(undo) == {"undo": {"commit": {"number": 3, "key": "abd"}}}
    assert await ledger.reaching.top() == 3


@pytest.mark.parametrize("id", ["entry:demo/k", None])
async def test_the_same_call_twice_at_once_writes_once(
    ask: Any, ledger: Ledger, id: str | None
) -> None:
    told = {"title": "同时", "providedBy": "org:bureau"}
    calls = [ask(CREATE, input=told, id=id, key="abc") for _ in range(4)]
    made = [x["createInformationResource"] for x in await asyncio.gather(*calls)]
    assert await ledger.reaching.top() == 2
    assert {m["resource"]["id"] for m in made} == {made[0]["resource"]["id"]}
    assert {m["commit"]["number"] for m in made} == {2}


async def test_a_key_stands_for_one_call_of_its_caller(ask: Any, run: Any, ledger: Ledger) -> None:
    retire = """mutation($id: ID!) { retire(id: $id, key: "abc") {
        commit { number actor } resource { id } } }"""
    told = (await ask(retire, id="entry:demo/001"))["retire"]
    assert told == {"commit": {"number": 2, "actor": "local"}, "resource": {"id": "entry:demo/001"}}
    for document, said in (
        (retire, {"id": "entry:demo/002"}),
        (CREATE, {"input": {"title": "乙"}, "id": "entry:demo/m", "key": "abc"}),
    ):
        refused = (await run(document, **said)).errors[0]
        assert refused.extensions["code"] == "CONFLICT"
        assert "commit 2" in str(refused.message)
    assert await ledger.reaching.top() == 2
    other = Viewer("李工", roles=LOCAL.roles)
    result = await run(CREATE, viewer=other, input={"title": "甲"}, id="entry:demo/l", key="abc")
    assert result.data["createInformationResource"]["commit"]["actor"] == "李工"


async def test_change_sets_takes_away_and_leaves_alone(ask: Any) -> None:
    told = {"title": "人口信息", "keyword": None, "providedBy": None}
    data = await ask(CHANGE, id="entry:demo/001", input=told, version=1)
    changed = data["changeInformationResource"]["resource"]
    assert changed == {
        "version": 2,
        "title": "人口信息",
        "abstract": "常住人口基本情况",
        "sharingType": "无条件共享",
        "keyword": [],
        "providedBy": {"nodes": []},
    }


async def test_a_link_is_replaced_by_its_new_target(ask: Any) -> None:
    await ask(
        """mutation { createDepartment(id: "org:other", input: {name: "云澜市民政局"}) {
             commit { number } } }"""
    )
    data = await ask(CHANGE, id="entry:demo/001", input={"providedBy": "org:other"}, version=1)
    changed = data["changeInformationResource"]["resource"]
    assert changed["providedBy"]["nodes"] == [{"id": "org:other"}]


async def test_links_are_replaced_to_the_last_one(
    ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MANY_LINKS", 2)
    many = [f"dataset:postgres://a.example:5432/d.s.t{n}" for n in range(5)]
    mounted = """mutation($id: ID!, $input: InformationResourceInput!) {
        changeInformationResource(id: $id, input: $input) {
            resource { ... on InformationResource { mounts { nodes { id } } } } } }"""
    for targets in (many, many[-1:]):
        data = await ask(mounted, id="entry:demo/002", input={"mounts": targets})
        nodes = data["changeInformationResource"]["resource"]["mounts"]["nodes"]
        assert sorted(node["id"] for node in nodes) == targets


async def test_a_scan_cannot_undo_what_a_person_said(ask: Any, ledger: Ledger) -> None:
    await ask(CHANGE, id="entry:demo/001", input={"title": "人说的"}, version=1)
    again = Claim(ResourceId("entry:demo/001"), "InformationResource", {"title": "机器说的"})
    await ledger.commit(ChangeSet("t", Source("form", Rank.AUTHORITATIVE), claims=(again,)))
    data = await ask('{ resource(id: "entry:demo/001") { title } }')
    assert data["resource"]["title"] == "人说的"


async def test_somebody_else_was_faster(run: Any, ask: Any) -> None:
    await ask(CHANGE, id="entry:demo/001", input={"title": "先"}, version=1)
    result = await run(CHANGE, id="entry:demo/001", input={"title": "后"}, version=1)
    assert result.errors[0].extensions["code"] == "CONFLICT"


async def test_an_old_fault_does_not_keep_anybody_from_mending_another(
    ask: Any, ledger: Ledger
) -> None:
    bare = Claim(ResourceId("entry:demo/bare"), "InformationResource", {"abstract": "没有名称"})
    await ledger.commit(ChangeSet("t", Source("scan", Rank.SCANNED), claims=(bare,)))
    data = await ask(CHANGE, id="entry:demo/bare", input={"sharingType": "不予共享"})
    assert data["changeInformationResource"]["resource"]["sharingType"] == "不予共享"


async def test_publishing_asks_for_all_that_a_published_entry_needs(run: Any) -> None:
    result = await run(CHANGE, id="entry:demo/001", input={"lifecycleState": "已发布"})
    extensions = result.errors[0].extensions
    assert extensions["code"] == "INVALID"
    assert any("联系人" in p["what"] for p in extensions["problems"])


async def test_nothing_said_makes_no_commit(ask: Any) -> None:
    data = await ask(CHANGE, id="entry:demo/001", input={})
    assert data["changeInformationResource"]["commit"] is None


async def test_the_class_of_a_change_must_fit(run: Any) -> None:
    result = await run(
        'mutation { changeTable(id: "entry:demo/001", input: {}) { commit { number } } }'
    )
    assert result.errors[0].extensions["code"] == "INVALID"
    missing = await run(
        'mutation { changeTable(id: "dataset:none", input: {}) { commit { number } } }'
    )
    assert missing.errors[0].extensions["code"] == "NOT_FOUND"


async def test_a_part_names_its_whole(ask: Any) -> None:
    data = await ask(
        """mutation { createInformationItem(input: {name: "出生日期", itemOf: "entry:demo/001"}) {
             resource { id ... on InformationItem { itemOf { nodes { id } } } } } }"""
    )
    made = data["createInformationItem"]["resource"]
    assert made["id"] == "infoitem:demo/001/出生日期"
    assert made["itemOf"]["nodes"] == [{"id": "entry:demo/001"}]


async def test_link_carries_evidence_and_unlink_denies(ask: Any) -> None:
    report = "dataset:postgres://pop.example:5432/pop.public.report"
    data = await ask(
        """mutation($id: ID!) { link(id: $id, type: "datasetDerivedFrom",
               target: "dataset:postgres://pop.example:5432/pop.public.other",
               properties: [{name: "rule", value: "SELECT 1"}]) {
             resource { links(types: ["datasetDerivedFrom"]) {
               edges { rule source node { id placeholder } } } } } }""",
        id=report,
    )
    edges = data["link"]["resource"]["links"]["edges"]
    assert sorted(e["rule"] for e in edges) == ["SELECT 1", "SELECT count(*) FROM person"]
    data = await ask(
        """mutation($id: ID!) { unlink(id: $id, link: {type: "datasetDerivedFrom",
               target: "dataset:postgres://pop.example:5432/pop.public.person"}) {
             resource { links(types: ["derivedFrom"]) { edges { rule } } } } }""",
        id=report,
    )
    assert data["unlink"]["resource"]["links"]["edges"] == [{"rule": "SELECT 1"}]


async def test_a_link_that_the_model_does_not_know_is_refused(run: Any) -> None:
    link = """mutation($type: String!, $target: ID!) {
        link(id: "entry:demo/001", type: $type, target: $target) { commit { number } } }"""
    for type, target in (("nonsense", "org:bureau"), ("providedBy", "dataset:x/y")):
        result = await run(link, type=type, target=target)
        assert result.errors[0].extensions["code"] == "INVALID"


async def test_deny_and_allow(ask: Any) -> None:
    data = await ask(
        """mutation { deny(id: "entry:demo/001", attributes: ["abstract"]) {
             resource { ... on InformationResource { abstract } } } }"""
    )
    assert data["deny"]["resource"]["abstract"] is None
    data = await ask(
        """mutation { allow(id: "entry:demo/001", attributes: ["abstract"]) {
             resource { ... on InformationResource { abstract } } } }"""
    )
    assert data["allow"]["resource"]["abstract"] == "常住人口基本情况"


async def test_retire_erases_nothing_and_can_be_taken_back(ask: Any) -> None:
    data = await ask('mutation { retire(id: "entry:demo/001") { resource { retired title } } }')
    assert data["retire"]["resource"] == {"retired": True, "title": "人口信息目录001"}
    data = await ask('mutation { revive(id: "entry:demo/001") { resource { retired } } }')
    assert not data["revive"]["resource"]["retired"]


async def test_two_ids_of_one_thing(ask: Any) -> None:
    await ask(
        """mutation { createDepartment(id: "org:gaj", input: {name: "公安局"}) {
             commit { number } } }"""
    )
    data = await ask(
        """mutation { alias(name: "org:gaj", of: "org:bureau") { resource { id names } } }"""
    )
    assert data["alias"]["resource"] == {"id": "org:bureau", "names": ["org:gaj"]}
    data = await ask(
        'mutation { unalias(name: "org:gaj", of: "org:bureau") { resource { names } } }'
    )
    assert data["unalias"]["resource"]["names"] == []


async def test_a_write_can_wait_until_search_shows_it(ask: Any) -> None:
    await ask(
        """mutation { createDepartment(id: "org:new", input: {name: "云澜市大数据局"}, wait: true) {
             commit { number } } }"""
    )
    data = await ask('{ search(query: "大数据局") { complete hits { id } } }')
    assert data["search"]["hits"][0]["id"] == "org:new"


async def test_the_actor_is_who_asks(ledger: Ledger, schema: LedgerSchema) -> None:
    context = Context(
        ledger, schema.types, Viewer("张工", roles=frozenset({"editor"})), schema.limits
    )
    result = await schema.execute(
        'mutation { retire(id: "entry:demo/002") { commit { actor } } }', context_value=context
    )
    assert result.data == {"retire": {"commit": {"actor": "张工"}}}


async def test_a_dry_run_checks_and_writes_nothing(ask: Any, run: Any, ledger: Ledger) -> None:
    check = """mutation($input: InformationResourceInput!) {
        createInformationResource(id: "entry:demo/dry", input: $input, dryRun: true) {
            commit { number } resource { id } warnings { path what mend } } }"""
    data = await ask(check, input={"title": "试填", "sharingType": "不予共享"})
    told = data["createInformationResource"]
    assert told["commit"] is None
    assert told["resource"] is None
    assert told["warnings"], "a refusal without its basis is worth a word (C 22)"
    result = await run(check, input={"sharingType": "不予共享"})
    paths = [p["path"] for p in result.errors[0].extensions["problems"]]
    assert paths == ["input.title"]
    assert await ledger.reaching.top() == 1


async def test_a_dry_run_warns_of_a_target_that_nobody_knows(ask: Any) -> None:
    data = await ask(
        """mutation { changeInformationResource(id: "entry:demo/001", dryRun: true,
             input: {providedBy: "org:slip"}) { warnings { what rule } } }"""
    )
    told = data["changeInformationResource"]["warnings"]
    assert [one for one in told if one["rule"] == "target" and "org:slip" in one["what"]]
