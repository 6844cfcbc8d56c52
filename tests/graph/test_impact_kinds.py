"""Each kind of change against another, where the two answer differently (rules R1 to R6)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY, Telling

from graph.impact import impact
from graph.question import Change, ImpactAnswer, Question
from graph.reach.index import ReachIndex
from ontology.errors import InvalidInput, NotFound
from ontology.model import Certainty, Kind
from ontology.resource import ResourceId

LEDGER = """
tables: {rk: [zjhm, xm], copy: [zjhm], count: [rs], chosen: [rs], fk: [zjhm]}
classes: {dataset:api: Api, field:api#zjhm: Field}
links:
- [database:d, hasDataset, dataset:rk]
- [field:copy#zjhm, fieldDerivedFrom, field:rk#zjhm, {derivation: identity}]
- [field:count#rs, fieldDerivedFrom, field:rk#zjhm, {derivation: aggregation}]
- [field:chosen#rs, fieldDerivedFrom, field:rk#zjhm, {derivation: filter}]
- [field:fk#zjhm, refersTo, field:rk#zjhm]
- [job:j, reads, field:rk#zjhm]
- [infoitem:zjhm, mapsTo, field:rk#zjhm]
- [entry:rk, hasItem, infoitem:zjhm]
- [entry:rk, mounts, dataset:rk]
- [field:rk#zjhm, serves, field:api#zjhm, {derivation: identity}]
- [dataset:api, hasResponseField, field:api#zjhm]
- [field:rk#zjhm, conformsTo, element:zjhm]
- [element:zjhm, valueDomain, codeset:c]
- [codeset:c, hasCode, code:c/1]
- [codeset:c, hasCode, code:c/2]
- [entry:rk, producedBy, matter:hj]
- [entry:rk, providedBy, org:ga]
- [entry:rk, inRegion, region:990100]
"""

FIELD = "field:rk#zjhm"


async def ask(kind: Kind, resource: str, **asked: object) -> ImpactAnswer:
    telling = Telling(yaml.safe_load(LEDGER))
    await telling.tell()
    index = await ReachIndex.build(telling.store, ONTOLOGY)
    change = Change(ResourceId(resource), kind)
    return await impact(telling.store, index, Question((change,), **asked))  # type: ignore[arg-type]


async def reached(kind: Kind, resource: str) -> dict[str, str]:
    """Affected resources with the kinds that arrive; touched ones with their effect."""
    answer = await ask(kind, resource)
    affected = {str(x.id): "+".join(x.kinds) for x in answer.affected}
    return affected | {str(x.id): x.effect for x in answer.touched}


DIFFERENCES = [
    # kind, other kind, changed, told by the first, and what the second says of the same
    (Kind.REMOVE, Kind.VALUES, FIELD, {"job:j": "broken"}, {"job:j": "notify"}),
    (Kind.REMOVE, Kind.MOVE, "dataset:rk", {FIELD: "remove"}, {FIELD: "move"}),
    (Kind.RENAME, Kind.REMOVE, FIELD, {"infoitem:zjhm": "notify"}, {"infoitem:zjhm": "broken"}),
    (Kind.RETYPE, Kind.VALUES, FIELD, {"field:count#rs": ""}, {"field:count#rs": "values"}),
    (Kind.VALUES, Kind.RETYPE, FIELD, {"field:fk#zjhm": ""}, {"field:fk#zjhm": "retype"}),
    (Kind.MEANING, Kind.VALUES, FIELD, {"field:fk#zjhm": "meaning"}, {"field:fk#zjhm": ""}),
    (Kind.MOVE, Kind.RENAME, FIELD, {"field:copy#zjhm": "move"}, {"field:copy#zjhm": "broken"}),
    (Kind.LEVEL, Kind.VALUES, FIELD, {"dataset:rk": "level"}, {"dataset:rk": "notify"}),
    (Kind.LEVEL, Kind.MEANING, FIELD, {"field:chosen#rs": ""}, {"field:chosen#rs": "meaning"}),
    (Kind.REORGANISE, Kind.MEANING, "org:ga", {"entry:rk": "notify"}, {"entry:rk": ""}),
    (Kind.REORGANISE, Kind.REMOVE, "matter:hj", {"entry:rk": "notify"}, {"entry:rk": "broken"}),
    (Kind.REMOVE, Kind.REORGANISE, "region:990100", {"entry:rk": ""}, {"entry:rk": "notify"}),
    (Kind.REMOVE, Kind.RENAME, "code:c/1", {"codeset:c": "values"}, {"codeset:c": ""}),
    (Kind.REMOVE, Kind.VALUES, "codeset:c", {"code:c/2": "remove"}, {"code:c/2": ""}),
    (Kind.RETYPE, Kind.REMOVE, "element:zjhm", {FIELD: "retype"}, {FIELD: "notify"}),
]


@pytest.mark.parametrize(("kind", "other", "changed", "first", "second"), DIFFERENCES)
async def test_kinds_differ(
    kind: Kind, other: Kind, changed: str, first: dict[str, str], second: dict[str, str]
) -> None:
    for asked, expected in ((kind, first), (other, second)):
        said = await reached(asked, changed)
        assert {id: said.get(id, "") for id in expected} == expected


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.STALE, Kind.NOTIFY])
async def test_derived_kinds_cannot_be_asked(kind: Kind) -> None:
    with pytest.raises(InvalidInput, match=kind):
        await ask(kind, FIELD)


async def test_an_unknown_resource_and_an_unknown_class() -> None:
    with pytest.raises(NotFound, match="field:nowhere"):
        await ask(Kind.REMOVE, "field:nowhere")
    with pytest.raises(InvalidInput, match="Nonsense"):
        await ask(Kind.REMOVE, FIELD, types=frozenset({"Nonsense"}))


async def test_only_some_certainties_are_followed() -> None:
    answer = await ask(Kind.REMOVE, FIELD, only=frozenset({Certainty.EXACT}))
    assert {x.certainty for x in answer.affected} == {Certainty.EXACT}
    assert "field:chosen#rs" not in {x.id for x in answer.affected}


async def test_classes_choose_what_is_listed_not_what_is_walked() -> None:
    answer = await ask(Kind.REMOVE, FIELD, types=frozenset({"DataService"}))
    assert [x.id for x in answer.affected] == ["dataset:api"]
    assert answer.counts == {"exact": 1, "indirect": 0, "coarse": 0, "touched": 0}


async def test_pages_follow_each_other_without_gap() -> None:
    whole = await ask(Kind.REMOVE, FIELD)
    listed: list[str] = []
    after: int | None = 0
    while after is not None:
        page = await ask(Kind.REMOVE, FIELD, first=3, after=after)
        assert page.counts == whole.counts
        listed += [x.id for x in (*page.affected, *page.touched)]
        after = page.next
    assert listed == [x.id for x in (*whole.affected, *whole.touched)]


async def test_a_path_tells_rule_job_source_and_commit() -> None:
    answer = await ask(Kind.REMOVE, FIELD, why=True)
    (step,) = next(x.path for x in answer.affected if x.id == "field:copy#zjhm")
    assert (step.origin, step.target) == (FIELD, "field:copy#zjhm")
    assert (step.type, step.kind, step.source) == ("fieldDerivedFrom", "identity", "sql")
    assert step.commit > 0
