"""Who answers (R5), against a slow and obvious search along the links that lead there."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

sys.path.insert(0, str(Path(__file__).parent))

from slow_impact import Record, SlowImpact
from test_reach_random import COMMITS, NODES, ONTOLOGY, QUICK, records

from graph.reach import crossing
from graph.reach.answer import LONGEST, answering
from graph.reach.index import ReachIndex
from graph.reach.rows import NOW

ENDS = {"Department", "OrgUnit"}


def best(slow: SlowImpact, node: int) -> set[int]:
    """The departments at the end of the ways with the smallest orders."""
    ended: list[tuple[tuple[int, ...], int]] = []
    ways: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((), (slow.seen_as(node),))]
    for _ in range(LONGEST):
        following = []
        for orders, way in ways:
            onward = [
                (order, slow.seen_as(far))
                for edge in slow.edges
                for order, near, far in (
                    (ONTOLOGY.links[edge.type].answerable, edge.origin, edge.target),
                    (ONTOLOGY.links[edge.type].inverse_answerable, edge.target, edge.origin),
                )
                if order and slow.seen_as(near) == way[-1]
            ]
            if not onward and slow.type[way[-1]] in ENDS:
                ended.append((orders + (0,) * (LONGEST - len(orders)), way[-1]))
            following += [
                ((*orders, order), (*way, far)) for order, far in onward if far not in way
            ]
        ways = following
    first = min((orders for orders, _ in ended), default=())
    return {party for orders, party in ended if orders == first}


@pytest.mark.parametrize("hub", [0, 256])
@QUICK
@given(record=records())
def test_who_answers(hub: int, record: Record) -> None:
    index = asyncio.run(ReachIndex.build(record, ONTOLOGY))
    before, crossing.HUB = crossing.HUB, hub
    try:
        for at in (None, 2, COMMITS):
            _, view = index.seen(at)
            slow = SlowImpact(ONTOLOGY, record, at)
            numbers = np.array([node.number for node in NODES], np.int32)
            places = view.places.of[numbers]
            found = answering(view, index.transitions, places, NOW if at is None else at)
            for number, party, way in zip(numbers.tolist(), found.party, found.way, strict=True):
                said = best(slow, number)
                assert (int(view.places.number[party]) in said) if party >= 0 else not said
                if party >= 0:
                    assert way[way >= 0][-1] == party
    finally:
        crossing.HUB = before
