"""The nation that the bench makes is what it says: each id once, ends that exist, closures by
construction."""

from __future__ import annotations

import json
from typing import Any

from tests.bench.nation import A_TABLE, Nation

NATION = Nation(0.0004, departments=60, elements=20, codesets=10)


def told(lines: Any) -> dict[str, dict[str, Any]]:
    head, *rest = (json.loads(line) for line in lines)
    assert head["mulu"] == "jsonl"
    found = {line["id"]: line for line in rest}
    assert len(found) == len(rest)
    return found


def test_each_resource_is_told_once_and_every_link_ends_at_one() -> None:
    found = told(NATION.lines())
    assert len(found) == NATION.resources
    ends = {link["target"] for line in found.values() for link in line.get("links", ())}
    assert ends - found.keys() <= {end for end in ends if end.startswith("job:")}


def test_the_closure_of_a_start_is_as_large_as_was_planned() -> None:
    uses: dict[str, list[str]] = {}
    for id, line in told(NATION.lines()).items():
        for link in line.get("links", ()):
            if link["type"] == "fieldDerivedFrom":
                uses.setdefault(link["target"], []).append(id)
    starts = NATION.starts()
    assert {start.scattered for start in starts} == {False, True}
    for start in starts:
        reached, front = {start.id}, [start.id]
        while front:
            front = [use for id in front for use in uses.get(id, ()) if use not in reached]
            reached.update(front)
        assert len(reached) * A_TABLE == start.size


def test_a_year_after_known_columns_are_derived_by_another_job() -> None:
    before, after = told(NATION.lines()), told(NATION.later())
    assert after
    for id, line in after.items():
        assert line["attributes"] == before[id]["attributes"]
        assert line["links"] != before[id]["links"]


def test_two_of_one_seed_are_the_same() -> None:
    again = Nation(0.0004, departments=60, elements=20, codesets=10)
    assert list(NATION.later()) == list(again.later())
