"""How an impact may be asked for: several starts, filters, groups, limits, as a stream."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY, Telling

from graph.affected import Affected
from graph.impact import impact, impact_lines, impacts
from graph.memory.store import MemoryStore
from graph.question import Change, ImpactAnswer, Limits, Question
from graph.reach.index import ReachIndex
from ontology.errors import InvalidInput, NotFound
from ontology.model import Certainty, Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL, Viewer

LEDGER = """
tables: {ods: [a, b], dwd: [a, b], ads: [a, n], far: [n]}
levels: {field:ads#a: 敏感数据, entry:two: 内部数据}
links:
- [field:dwd#a, fieldDerivedFrom, field:ods#a, {derivation: identity, rule: a, job: job:j}]
- [field:dwd#b, fieldDerivedFrom, field:ods#b, {derivation: aggregation, rule: SUM(b), job: job:j}]
- [field:ads#a, fieldDerivedFrom, field:dwd#a, {derivation: identity, rule: a, job: job:k}]
- [field:ads#n, fieldDerivedFrom, field:dwd#a, {derivation: filter, rule: a > 1, job: job:k}]
- [dataset:far, datasetDerivedFrom, dataset:ads, {job: job:l}]
- [entry:one, mounts, dataset:dwd]
- [entry:two, mounts, dataset:ads]
- [entry:one, providedBy, org:one]
- [entry:two, providedBy, org:two]
- [org:two, hasContact, contact:c]
"""
STARTS = (Change(ResourceId("field:ods#a")), Change(ResourceId("field:ods#b"), Kind.RETYPE))

CLERK = Viewer("clerk", clearance="内部数据")

Told = tuple[MemoryStore, ReachIndex]


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    telling = Telling(yaml.safe_load(LEDGER))
    await telling.tell()
    return telling.store, await ReachIndex.build(telling.store, ONTOLOGY)


async def ask(told: Told, viewer: Viewer = LOCAL, **asked: Any) -> ImpactAnswer:
    asked = {"changes": STARTS[:1], **asked}
    return await impact(*told, Question(**asked), viewer)


def listed(answer: ImpactAnswer) -> dict[str, str]:
    return {str(x.id): str(x.certainty) for x in (*answer.affected, *answer.touched)}


async def test_each_start_has_its_own_kind_of_change(told: Told) -> None:
    """Removing `a` breaks its derivatives; another type of `b` does not pass a sum."""
    answer = await ask(told, changes=STARTS)
    assert "field:ads#a" in listed(answer)
    assert "field:dwd#b" not in listed(answer)
    removed = await ask(told, changes=(STARTS[0], Change(STARTS[1].resource, Kind.REMOVE)))
    assert listed(removed)["field:dwd#b"] == "exact"


async def test_one_start_may_change_in_two_ways(told: Told) -> None:
    both = (Change(STARTS[0].resource, Kind.LEVEL), Change(STARTS[0].resource, Kind.VALUES))
    (field,) = [x for x in (await ask(told, changes=both)).affected if x.id == "field:dwd#a"]
    assert {Kind.LEVEL, Kind.VALUES} <= set(field.kinds)


async def test_only_what_is_sure(told: Told) -> None:
    exact = listed(await ask(told, only=frozenset((Certainty.EXACT,))))
    assert "field:ads#a" in exact
    assert not {"field:ads#n", "dataset:far"} & exact.keys()


async def test_levels_classes_and_departments_say_what_is_listed(told: Told) -> None:
    everything = await ask(told)
    secret = await ask(told, levels=frozenset(("敏感数据",)))
    assert listed(secret) == {"field:ads#a": "exact"}
    assert sum(secret.counts.values()) == 1, "the counts are of what is listed"
    fields = await ask(told, types=frozenset(("Field",)))
    assert all(id.startswith("field:") for id in listed(fields))
    own = await ask(told, departments=frozenset((ResourceId("org:one"),)))
    assert {x.department for x in (*own.affected, *own.touched)} == {"org:one"}
    assert 0 < len(listed(own)) < len(listed(everything))


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"levels": frozenset(("绝密",))}, InvalidInput),
        ({"types": frozenset(("Nothing",))}, InvalidInput),
        ({"departments": frozenset((ResourceId("org:nobody"),))}, NotFound),
    ],
)
async def test_what_there_is_not_is_refused(
    told: Told, asked: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await ask(told, **asked)


async def test_who_must_be_told(told: Told) -> None:
    """Each department with how much of its is reached, the surest first; all on one page or
    on several, the results stand in the same order."""
    answer = await ask(told, grouped=True)
    found = {str(d.id): d for d in answer.departments}
    assert set(found) == {"org:one", "org:two", ""}
    assert found["org:two"].contact, "the department's own contact"
    for name, count in answer.counts.items():
        assert sum(d.counts[name] for d in answer.departments) == count
    every = [x.department for x in (*answer.affected, *answer.touched)]
    assert {d: every.count(d) for d in found} == {d: g.total for d, g in found.items()}
    order = [d.id for d in answer.departments]
    pages = []
    for after in range(sum(answer.counts.values())):
        page = await ask(told, grouped=True, first=1, after=after)
        pages += [x.department for x in (*page.affected, *page.touched)]
    assert pages == sorted(pages, key=order.index)


async def test_of_very_many_departments_the_first_are_named(told: Told) -> None:
    whole = await ask(told, grouped=True)
    some = await ask(told, grouped=True, tell=1)
    assert some.departments == whole.departments[:1]
    assert some.to_tell == whole.to_tell == 3
    assert some.affected == whole.affected, "the results are not fewer for it"


async def test_nobody_must_be_told_of_nothing(told: Told) -> None:
    answer = await ask(told, changes=(Change(ResourceId("field:far#n")),), grouped=True,
                       types=frozenset(("Api",)))  # fmt: skip
    assert answer.departments == ()


async def test_a_secret_department_is_counted_as_nobody(told: Told) -> None:
    low = Viewer("guest", clearance="公开数据")
    answer = await ask(told, viewer=low, grouped=True)
    assert answer.hidden["exact"] == 1
    assert "field:ads#a" not in listed(answer)
    assert sum(d.total for d in answer.departments) == len(listed(answer))


async def test_a_cut_says_how_to_ask_on(told: Told) -> None:
    answer = await ask(told, limits=Limits(depth=1))
    cut = next(c for c in answer.cut if c.among == "exact")
    assert (cut.ask, cut.to) == ("depth", 2)
    assert "field:ads#a" in listed(await ask(told, limits=Limits(depth=cut.to)))
    answer = await ask(told, limits=Limits(exact=1))
    cut = next(c for c in answer.cut if c.limit == "size")
    assert (cut.ask, cut.to) == ("exact", 10)
    assert not (await ask(told, limits=Limits(exact=cut.to))).cut
    assert (await ask(told, limits=Limits(coarse=0))).cut[0].to == 1, "zero grows as well"


async def test_several_questions_are_answered_as_each_alone(told: Told) -> None:
    """Named together where they can be: not of another moment, nor with another view (codes)."""
    wanted = [
        Question(STARTS[:1], why=True),
        Question(STARTS[1:], why=True, grouped=True),
        Question(STARTS, why=True, limits=Limits(depth=1)),
        Question(STARTS[:1], at=1),
        Question(STARTS, first=1, after=1),
    ]
    together = [answer async for answer in impacts(*told, wanted, CLERK)]
    assert together == [await impact(*told, each, CLERK) for each in wanted]
    assert together[0].affected[0].path


async def test_one_unknown_start_fails_all(told: Told) -> None:
    wanted = [Question(STARTS[:1]), Question((Change(ResourceId("field:no#x")),))]
    with pytest.raises(NotFound):
        [answer async for answer in impacts(*told, wanted)]


@pytest.mark.parametrize("grouped", [False, True])
async def test_the_stream_gives_what_the_page_gives(told: Told, grouped: bool) -> None:
    asked: dict[str, Any] = {"changes": STARTS, "why": True, "grouped": grouped}
    whole = await ask(told, **asked)
    head, *rest = [x async for x in impact_lines(*told, Question(**asked))]
    assert isinstance(head, ImpactAnswer)
    assert (head.counts, head.departments, head.next) == (whole.counts, whole.departments, None)
    results = [x for x in rest if isinstance(x, Affected)]
    assert {x.id: x for x in results} == {x.id: x for x in (*whole.affected, *whole.touched)}
    some = [x async for x in impact_lines(*told, Question(**asked, first=2, after=1))]
    assert some[1:] == rest[1:3]
    assert isinstance(some[0], ImpactAnswer)
    assert some[0].next == 3
