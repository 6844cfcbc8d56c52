"""The loaded city: counts, chains, stories, and the faults that only the whole ledger shows."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from api.ledger import Ledger
from api.settings import Settings
from api.wiring import open_ledger
from graph.impact import impact
from graph.question import Change, ImpactAnswer, Question
from ontology.model import Direction, Kind
from ontology.resource import Edge, Resource, ResourceId
from samples.city.plan import rows
from samples.make import HOME

TRUTH: dict[str, Any] = json.loads((HOME / "truth.json").read_text("utf-8"))
DAYS = {
    "实时": 1,
    "每小时": 1,
    "每日": 1,
    "每周": 7,
    "每月": 31,
    "每季度": 92,
    "每半年": 184,
    "每年": 366,
}


@pytest.fixture
async def ledger(city: Path) -> AsyncIterator[Ledger]:
    async with open_ledger(Settings(data=city)) as opened:
        yield opened


def faults(id: str) -> list[dict[str, Any]]:
    return [fault for fault in TRUTH["faults"] if fault["id"] == id]


async def edges(
    ledger: Ledger, id: str, *types: str, way: Direction = Direction.FORWARD
) -> tuple[Edge, ...]:
    page = await ledger.store.links(ResourceId(id), types, way, limit=5_000)
    return page.edges


async def targets(ledger: Ledger, id: str, type: str) -> set[ResourceId]:
    return {edge.target for edge in await edges(ledger, id, type)}


async def resource(ledger: Ledger, id: str) -> Resource:
    return (await ledger.store.get_many([ResourceId(id)]))[ResourceId(id)]


async def everything(ledger: Ledger, type: str) -> list[Resource]:
    return [r async for r in ledger.store.scan(type) if not r.retired and not r.placeholder]


# --- counts --------------------------------------------------------------------------------


async def test_counts_are_those_of_the_outline(ledger: Ledger) -> None:
    counts = await ledger.store.counts()
    told = TRUTH["counts"]
    beside = {
        "InformationResource": 1,  # the province's entry (F20) …
        "Department": 2,  # … and its provider; 市人社局 by its short name (F18)
        "InformationItem": 17 + licence_items(),  # the province's, and those of licences
        "Table": 3 - 1,  # the district's t_sjpj, t_czrk, t_fwjl; t_zsxs was dropped (F12)
    }
    for type in told:
        if type != "Field":  # APIs, views and foreign tables have fields as well
            assert counts[type] == told[type] + beside.get(type, 0), type


def licence_items() -> int:
    return sum(len(row["信息项"].split()) for row in rows("licences.csv"))


async def test_all_entries_carry_their_core_metadata(ledger: Ledger) -> None:
    for entry in await everything(ledger, "InformationResource"):
        if entry.id.startswith("entry:990100/"):
            told = entry.attributes
            assert {"title", "abstract", "sharingType", "openingType", "updateCycle"} <= told.keys()
            assert await targets(ledger, entry.id, "providedBy")


async def test_every_data_resource_mounts_one_table_and_its_items_know_their_fields(
    ledger: Ledger,
) -> None:
    for entry in await everything(ledger, "DataResource"):
        (dataset,) = await targets(ledger, entry.id, "mounts")
        assert not dataset.startswith("dataset:unbound:")
        assert await edges(ledger, entry.id, "materialisedBy", way=Direction.BACKWARD)


# --- chains --------------------------------------------------------------------------------


@pytest.mark.parametrize("chain", TRUTH["chains"], ids=lambda chain: chain["name"])
async def test_a_chain_is_there_from_origin_to_use(ledger: Ledger, chain: dict[str, Any]) -> None:
    assert len(chain["datasets"]) >= 5
    for edge in (*chain["datasets"], *chain["fields"]):
        kinds = {
            e.properties.get("derivation")
            for e in await edges(
                ledger, edge["to"], "datasetDerivedFrom", "fieldDerivedFrom", "reportOn"
            )
            if e.target == edge["from"]
        } | {
            e.properties.get("derivation")
            for e in await edges(ledger, edge["from"], "serves")
            if e.target == edge["to"]
        }
        assert kinds, edge
        if edge.get("kind"):
            assert edge["kind"] in kinds, edge


# --- stories -------------------------------------------------------------------------------


async def answer(ledger: Ledger, story: dict[str, Any]) -> ImpactAnswer:
    changes = tuple(Change(ResourceId(id), Kind(story["change"])) for id in story["start"])
    return await impact(ledger.store, await ledger.reaching.reach(), Question(changes))


@pytest.mark.parametrize("story", TRUTH["stories"], ids=lambda story: story["id"])
async def test_a_story_reaches_what_it_must_and_not_what_it_must_not(
    ledger: Ledger, story: dict[str, Any]
) -> None:
    found = await answer(ledger, story)
    affected = {listed.id for listed in found.affected}
    touched = {listed.id for listed in found.touched}
    assert set(story["affected"]) - affected == set()
    assert set(story["touched"]) - touched == set()
    assert set(story["not"]) & (affected | touched) == set()
    assert not affected & touched
    if not story["affected"]:
        assert affected == set()


async def test_a_rule_that_names_another_code_is_only_coarsely_affected(ledger: Ledger) -> None:
    """sfdj is made of 01 and 03, the count by status of whatever there is: story S3 takes 04."""
    story = next(story for story in TRUTH["stories"] if story["id"] == "S3")
    found = {listed.id: listed for listed in (await answer(ledger, story)).affected}
    sure = {id.rpartition(".")[2]: str(listed.certainty) for id, listed in found.items()}
    assert sure["t_hydj#hyzk"] == sure["dwd_rk_jbxx#hyzk_dm"] == "exact"
    assert sure["ads_gl_jt#sfdj"] == sure["dws_rk_hytj#rs"] == "coarse"


# --- history -------------------------------------------------------------------------------


async def test_as_of_2024_the_merger_and_the_retirement_had_not_happened(ledger: Ledger) -> None:
    then = datetime.fromisoformat("2024-06-30T00:00:00+00:00")
    system = ResourceId("system:YL-XT-0041")
    before = (await ledger.store.get_many([system], at=then))[system]
    now = await resource(ledger, system)
    assert (before.attributes["status"], now.attributes["status"]) == ("已建", "下线")
    merged = ResourceId("entry:990100/30701801/000001")
    page = await ledger.store.links(merged, ("providedBy",), Direction.FORWARD, at=then, limit=10)
    (old,) = {edge.target for edge in page.edges}
    (new,) = await targets(ledger, merged, "providedBy")
    names = [(await resource(ledger, id)).attributes["name"] for id in (old, new)]
    assert names == ["云澜市招商促进局", "云澜市商务局"]


# --- faults that only the whole shows --------------------------------------------------------


async def test_f1_the_district_collects_again_what_the_police_own(ledger: Ledger) -> None:
    """一数一源: a field that follows an element with an authoritative source elsewhere, and is
    derived from nothing. Elements whose source's system is retired are F14's."""
    found: set[str] = set()
    for element in await everything(ledger, "DataElement"):
        owners = await edges(ledger, element.id, "authoritativeFor", way=Direction.BACKWARD)
        if not owners or await retired_without_successor(ledger, owners):
            continue
        for edge in await edges(ledger, element.id, "conformsTo", way=Direction.BACKWARD):
            field = edge.origin
            owned = field in {owner.origin for owner in owners}
            if field.startswith("field:") and not owned and not await comes_from(ledger, field):
                found.add(field)
    (fault,) = faults("F1")
    assert found == {f"field:sqlite:rk_tz/{fault['sheet']}#{c}" for c in fault["columns"]}


async def comes_from(ledger: Ledger, field: ResourceId) -> bool:
    """Whether the field is derived from another, or served from one (of an API)."""
    derived = await edges(ledger, field, "fieldDerivedFrom")
    return bool(derived or await edges(ledger, field, "serves", way=Direction.BACKWARD))


async def test_f2_one_conflict_and_the_stronger_source_wins(ledger: Ledger) -> None:
    found = [
        (r.id, conflict.attribute, [said.value for said in conflict.said])
        async for r in ledger.store.scan()
        for conflict in r.conflicts
    ]
    (fault,) = faults("F2")
    assert found == [(fault["resource"], fault["attribute"], [fault["wins"], fault["loses"]])]


async def test_f3_two_fields_have_another_length_than_their_element(ledger: Ledger) -> None:
    found: set[str] = set()
    for element in await everything(ledger, "DataElement"):
        fixed = re.fullmatch(r"(?:an|a|n)(\d+)", str(element.attributes["representationFormat"]))
        if fixed is None:
            continue
        for edge in await edges(ledger, element.id, "conformsTo", way=Direction.BACKWARD):
            if edge.origin.startswith("field:"):
                field = await resource(ledger, edge.origin)
                length = re.search(r"\((\d+)", str(field.attributes.get("sqlType", "")))
                if length and int(length[1]) != int(fixed[1]):
                    found.add(field.id)
    assert found == {fault["resource"] for fault in faults("F3")}


async def test_f4_one_entry_is_overdue(ledger: Ledger) -> None:
    day = datetime.fromisoformat(TRUTH["at"])
    found = {}
    for entry in await everything(ledger, "InformationResource"):
        told = entry.attributes
        if "dataUpdatedAt" in told and told["updateCycle"] in DAYS:
            age = (day - datetime.fromisoformat(str(told["dataUpdatedAt"]))).days
            if age > DAYS[str(told["updateCycle"])]:
                found[entry.id] = age
    (fault,) = faults("F4")
    assert found == {fault["resource"]: fault["days"]}


async def test_f12_one_entry_mounts_a_table_that_is_gone(ledger: Ledger) -> None:
    """No scan tells of the table any more; only the form still names it."""
    found = set()
    for entry in await everything(ledger, "DataResource"):
        (dataset,) = await targets(ledger, entry.id, "mounts")
        if not any("扫描" in s or "脚本" in s for s in (await resource(ledger, dataset)).sources):
            found.add((entry.attributes["title"], dataset))
    (fault,) = faults("F12")
    assert found == {(fault["title"], fault["dataset"])}


async def retired_without_successor(ledger: Ledger, owners: Iterable[Edge]) -> set[ResourceId]:
    """Systems that hold these fields, are retired, and have no successor."""
    found = set()
    for owner in owners:
        for inside in await edges(ledger, owner.origin, "hasField", way=Direction.BACKWARD):
            for system in await targets(ledger, inside.origin, "hostedIn"):
                status = (await resource(ledger, system)).attributes["status"]
                if status == "下线" and not await targets(ledger, system, "succeededBy"):
                    found.add(system)
    return found


async def test_f14_a_retired_system_is_still_authoritative(ledger: Ledger) -> None:
    found = set()
    for element in await everything(ledger, "DataElement"):
        owners = await edges(ledger, element.id, "authoritativeFor", way=Direction.BACKWARD)
        for system in await retired_without_successor(ledger, owners):
            found |= {(system, owner.origin) for owner in owners}
    (fault,) = faults("F14")
    assert found == {(fault["resource"], fault["field"])}


async def test_f16_a_job_reads_a_view_of_what_it_writes(ledger: Ledger) -> None:
    found = set()
    for job in await everything(ledger, "Job"):
        written = await targets(ledger, job.id, "writes")
        for read in await targets(ledger, job.id, "reads"):
            if read not in written and written & await targets(ledger, read, "datasetDerivedFrom"):
                found.add((job.attributes["path"], read))
    (fault,) = faults("F16")
    assert {(str(path).rpartition("/")[2], view) for path, view in found} == {
        (Path(fault["file"]).name, fault["resource"])
    }


async def test_f17_two_names_of_a_host_lead_to_one_table(ledger: Ledger) -> None:
    for other, fault in zip(
        (
            "dataset:postgres://dw-vip.yunlan.example:5432/dw.ods.ods_ga_czrk_d",
            "dataset:postgres://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx",
        ),
        faults("F17"),
        strict=True,
    ):
        found = await ledger.store.resolve([ResourceId(other)])
        assert found[ResourceId(other)] == fault["resource"]


async def test_f18_a_department_named_by_its_short_name_is_found_out(ledger: Ledger) -> None:
    """Either it was taken for the department that it means, or it stands apart, provisional."""
    (fault,) = faults("F18")
    (provider,) = await targets(ledger, fault["resource"], "providedBy")
    if provider != fault["means"]:
        apart = [d for d in await everything(ledger, "Department") if "/" in d.id]
        assert fault["name"] in {d.attributes["name"] for d in apart}


async def test_f19_two_departments_have_a_matter_of_one_name(ledger: Ledger) -> None:
    names: dict[str, set[str]] = {}
    for matter in await everything(ledger, "Matter"):
        names.setdefault(str(matter.attributes["name"]), set()).add(matter.id)
    twice = [ids for ids in names.values() if len(ids) > 1]
    assert twice == [{fault["resource"] for fault in faults("F19")}]


async def test_f20_the_provincial_entry_has_an_item_more(ledger: Ledger) -> None:
    found = []
    for entry in await everything(ledger, "InformationResource"):
        for higher in await targets(ledger, entry.id, "correspondsTo"):
            own, theirs = [await item_names(ledger, id) for id in (entry.id, higher)]
            found.append((entry.id, theirs - own))
    (fault,) = faults("F20")
    assert found == [(fault["resource"], {fault["item"]})]


async def item_names(ledger: Ledger, entry: str) -> set[object]:
    items = await ledger.store.get_many(await targets(ledger, entry, "hasItem"))
    return {item.attributes["name"] for item in items.values()}
