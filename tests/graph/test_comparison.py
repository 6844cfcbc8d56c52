"""What a change would reach at one moment and at another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY, Telling

from graph.comparison import ComparisonAnswer, comparison
from graph.impact import impact
from graph.question import Change, Limits, Question
from graph.reach.index import ReachIndex
from ontology.model import Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL, Viewer

START = ResourceId("field:a#x")
LEDGER = """
tables: {a: [x], b: [x], c: [x], d: [x], e: [x], f: [x]}
levels: {field:f#x: 敏感数据}
links:
- [field:b#x, fieldDerivedFrom, field:a#x, {derivation: identity, job: job:1}]
- [field:c#x, fieldDerivedFrom, field:b#x, {derivation: identity, job: job:2}]
- [field:d#x, fieldDerivedFrom, field:b#x, {derivation: identity, job: job:3}]
- [field:e#x, fieldDerivedFrom, field:a#x, {derivation: identity, job: job:4}]
history:
- name: later
  remove:
  - [field:d#x, fieldDerivedFrom, field:b#x]
  - [field:e#x, fieldDerivedFrom, field:a#x]
  links:
  - [field:f#x, fieldDerivedFrom, field:a#x, {derivation: identity, job: job:5}]
  - [field:d#x, fieldDerivedFrom, field:a#x, {derivation: identity, job: job:3}]
  - [field:e#x, fieldDerivedFrom, field:c#x, {derivation: filter, job: job:4}]
"""


class Compared:
    def __init__(self, telling: Telling, index: ReachIndex) -> None:
        self.telling, self.index = telling, index

    async def ask(
        self, at: str | None, against: str | None, viewer: Viewer = LOCAL, **asked: Any
    ) -> ComparisonAnswer:
        moments = [None if name is None else self.telling.commits[name] for name in (at, against)]
        asked = {"changes": (Change(START),), "at": moments[0], **asked}
        question = Question(**asked)
        return await comparison(self.telling.store, self.index, question, moments[1], viewer)


@pytest.fixture(params=["built", "caught up"])
async def compared(request: pytest.FixtureRequest) -> Compared:
    telling = Telling(yaml.safe_load(LEDGER))
    if request.param == "built":
        await telling.tell()
        return Compared(telling, await ReachIndex.build(telling.store, ONTOLOGY))
    index = await ReachIndex.build(telling.store, ONTOLOGY)
    await telling.tell()
    await index.catch_up(telling.store)
    return Compared(telling, index)


def fields(answer: ComparisonAnswer) -> dict[str, str]:
    return {str(x.id): str(x.shift) for x in answer.shifted if x.id.startswith("field:")}


async def test_new_vanished_and_otherwise(compared: Compared) -> None:
    """`f` is reached anew; `d` by another path, as surely; `e` less surely. `b` and `c` stay."""
    answer = await compared.ask("first", None, why=True)
    assert fields(answer) == {
        "field:f#x": "new",
        "field:d#x": "otherwise",
        "field:e#x": "otherwise",
    }
    told = {str(x.id): x for x in answer.shifted}
    d, e = told["field:d#x"], told["field:e#x"]
    assert d.before is not None
    assert d.after is not None
    assert [len(side.path) for side in (d.before, d.after)] == [2, 1]
    assert e.before is not None
    assert e.after is not None
    assert [str(side.certainty) for side in (e.before, e.after)] == ["exact", "indirect"]
    assert told["field:f#x"].before is None
    assert answer.complete


async def test_the_earlier_moment_comes_first_whichever_is_asked(compared: Compared) -> None:
    one = await compared.ask("first", "later")
    other = await compared.ask("later", "first")
    assert one == other
    assert one.start < one.end


async def test_nothing_differs_from_itself(compared: Compared) -> None:
    answer = await compared.ask("later", None)
    assert answer.shifted == ()
    assert answer.counts["same"] > 3


async def test_counts_are_those_of_the_two_answers(compared: Compared) -> None:
    answer = await compared.ask("first", "later", changes=(Change(START, Kind.VALUES),))
    sides = []
    for name in ("first", "later"):
        at = compared.telling.commits[name]
        question = Question((Change(START, Kind.VALUES),), at=at)
        found = await impact(compared.telling.store, compared.index, question)
        sides.append({x.id for x in (*found.affected, *found.touched)})
    before, after = sides
    assert answer.counts["new"] == len(after - before)
    assert answer.counts["vanished"] == len(before - after)
    assert answer.counts["otherwise"] + answer.counts["same"] == len(before & after)
    assert sum(answer.before.values()) == len(before)


async def test_before_there_was_anything(compared: Compared) -> None:
    question = Question((Change(START),), at=0)
    answer = await comparison(compared.telling.store, compared.index, question, None)
    assert {str(x.shift) for x in answer.shifted} == {"new"}
    assert answer.start == 0


async def test_pages_and_filters(compared: Compared) -> None:
    whole = await compared.ask("first", None)
    seen = []
    after: int | None = 0
    while after is not None:
        page = await compared.ask("first", None, first=1, after=after)
        assert page.counts == whole.counts
        seen += page.shifted
        after = page.next
    assert tuple(seen) == whole.shifted
    assert set(fields(await compared.ask("first", None, types=frozenset(("Api",))))) == set()


async def test_what_may_not_be_seen_and_where_it_was_cut(compared: Compared) -> None:
    low = await compared.ask("first", None, viewer=Viewer("guest", clearance="公开数据"))
    assert "field:f#x" not in fields(low)
    short = await compared.ask("first", None, limits=Limits(depth=1))
    assert not short.complete
    assert {cut.ask for cut in short.cut} == {"depth"}
