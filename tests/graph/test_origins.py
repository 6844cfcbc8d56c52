"""Where a datum comes from at last, by which right, and who collects it besides (一数一源)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY, Telling

from graph.origins import OriginsAnswer, OriginsQuestion, Standing, origins
from graph.reach.index import ReachIndex
from ontology.errors import NotFound
from ontology.resource import ResourceId
from ontology.viewer import LOCAL, Viewer

CHAIN = """
tables: {paper: [p], police: [phone], base: [phone, other], mart: [phone], town: [phone], own: [n]}
links:
- [field:police#phone, fieldDerivedFrom, field:paper#p, {derivation: identity}]
- [field:base#phone, fieldDerivedFrom, field:police#phone, {derivation: identity}]
- [field:mart#phone, fieldDerivedFrom, field:base#phone, {derivation: identity}]
- [field:police#phone, conformsTo, element:phone]
- [field:base#phone, conformsTo, element:phone]
- [field:town#phone, conformsTo, element:phone]
- [infoitem:m, mapsTo, field:mart#phone]
- [infoitem:m, conformsTo, element:phone]
- [entry:town, mounts, dataset:town]
- [entry:town, providedBy, org:town]
"""
RIGHT = CHAIN + "- [field:police#phone, authoritativeFor, element:phone]\n"


async def ask(
    text: str, resource: str, viewer: Viewer = LOCAL, at: str | None = None, room: int = 100
) -> OriginsAnswer:
    telling = Telling(yaml.safe_load(text))
    await telling.tell()
    index = await ReachIndex.build(telling.store, ONTOLOGY)
    when = None if at is None else telling.commits[at]
    question = OriginsQuestion(ResourceId(resource), when, room)
    return await origins(telling.store, index, question, viewer)


def standings(answer: OriginsAnswer) -> dict[str, str]:
    return {str(o.found.id): str(o.standing) for o in answer.origins}


def collected(answer: OriginsAnswer) -> set[str]:
    return {str(c.id) for datum in answer.data for c in datum.collections}


async def test_an_origin_behind_the_authoritative_source_and_a_second_collection() -> None:
    """By its item, the field is a phone number; what feeds the police is behind them; the town
    collects it once more, and is told with who answers for it."""
    answer = await ask(RIGHT, "field:mart#phone")
    assert standings(answer) == {"field:paper#p": "behind"}
    assert answer.origins[0].depth == 3
    (datum,) = answer.data
    assert datum.found.id == "element:phone"
    assert [a.id for a in datum.authorities] == ["field:police#phone"]
    (town,) = datum.collections
    assert (town.id, town.department) == ("field:town#phone", "org:town")
    assert not answer.single


async def test_one_source() -> None:
    alone = RIGHT.replace("- [field:town#phone, conformsTo, element:phone]\n", "")
    answer = await ask(alone, "field:mart#phone")
    assert answer.single
    assert collected(answer) == set()
    police = await ask(alone, "field:police#phone")
    assert police.single, "asked of the source itself"


async def test_the_authoritative_source_itself_is_an_origin() -> None:
    straight = RIGHT.replace(
        "- [field:police#phone, fieldDerivedFrom, field:paper#p, {derivation: identity}]\n", ""
    )
    answer = await ask(straight, "field:base#phone")
    assert standings(answer) == {"field:police#phone": "authoritative"}


async def test_another_source_than_the_authoritative_one() -> None:
    answer = await ask(RIGHT, "field:town#phone")
    assert standings(answer) == {"field:town#phone": "other"}
    assert collected(answer) == {"field:town#phone"}


async def test_fed_by_the_source_and_by_another() -> None:
    both = RIGHT + "- [field:mart#phone, fieldDerivedFrom, field:own#n, {derivation: identity}]\n"
    answer = await ask(both, "field:mart#phone")
    assert standings(answer) == {"field:paper#p": "behind", "field:own#n": "other"}


async def test_nobody_says_which_is_the_source() -> None:
    answer = await ask(CHAIN, "field:base#phone")
    assert standings(answer) == {"field:paper#p": "undeclared"}
    assert collected(answer) == {"field:town#phone"}, "collected twice all the same"
    assert not answer.single


async def test_two_authoritative_sources_are_one_too_many() -> None:
    two = RIGHT + "- [field:town#phone, authoritativeFor, element:phone]\n"
    answer = await ask(two, "field:mart#phone")
    assert len(answer.data[0].authorities) == 2
    assert not answer.single


async def test_datasets_and_master_data() -> None:
    text = """
tables: {reg: [id], copy: [id], list: [id]}
links:
- [dataset:copy, datasetDerivedFrom, dataset:reg, {job: job:j}]
- [dataset:reg, authoritativeFor, object:company]
- [field:list#id, refersToMaster, object:company]
"""
    answer = await ask(text, "dataset:copy")
    assert standings(answer) == {"dataset:reg": "authoritative"}
    assert [d.found.id for d in answer.data] == ["object:company"]
    assert collected(answer) == {"field:list#id"}
    field = await ask(text, "field:list#id")
    assert standings(field) == {"field:list#id": "other"}


async def test_a_field_of_an_authoritative_dataset_is_the_source() -> None:
    text = """
tables: {reg: [id], copy: [id]}
links:
- [field:copy#id, fieldDerivedFrom, field:reg#id, {derivation: identity}]
- [dataset:reg, authoritativeFor, object:company]
- [field:copy#id, refersToMaster, object:company]
"""
    answer = await ask(text, "field:copy#id")
    assert standings(answer) == {"field:reg#id": "authoritative"}
    assert answer.single


async def test_a_circle_has_no_origin() -> None:
    text = """
tables: {a: [x], b: [x], c: [x]}
links:
- [field:a#x, fieldDerivedFrom, field:b#x, {derivation: identity}]
- [field:b#x, fieldDerivedFrom, field:a#x, {derivation: identity}]
- [field:c#x, fieldDerivedFrom, field:a#x, {derivation: identity}]
"""
    answer = await ask(text, "field:c#x")
    assert answer.origins == ()
    assert set(answer.circular) == {"field:a#x", "field:b#x", "field:c#x"}
    assert not answer.single


async def test_what_is_not_known_to_be_any_datum() -> None:
    answer = await ask(CHAIN, "field:own#n")
    assert (answer.data, answer.single) == ((), False)
    assert standings(answer) == {"field:own#n": "undeclared"}
    with pytest.raises(NotFound):
        await ask(CHAIN, "field:nobody#x")


async def test_where_it_was_cut_it_has_no_origin() -> None:
    answer = await ask(RIGHT, "field:mart#phone", room=2)
    assert not answer.complete
    assert answer.origins == ()
    assert answer.circular == ()


async def test_as_of_then() -> None:
    text = (
        CHAIN
        + """
history:
- name: later
  links: [[field:police#phone, authoritativeFor, element:phone]]
"""
    )
    assert standings(await ask(text, "field:mart#phone", at="first")) == {
        "field:paper#p": str(Standing.UNDECLARED)
    }
    assert standings(await ask(text, "field:mart#phone")) == {"field:paper#p": "behind"}


async def test_what_may_not_be_seen_is_counted_and_not_named() -> None:
    text = "levels: {field:town#phone: 核心数据, field:paper#p: 核心数据}\n" + RIGHT
    answer = await ask(text, "field:mart#phone", Viewer("guest", clearance="公开数据"))
    (origin,) = answer.origins
    assert origin.found.hidden
    assert origin.found.id.startswith("hidden:")
    (town,) = answer.data[0].collections
    assert town.hidden
    assert "town" not in str(answer)
