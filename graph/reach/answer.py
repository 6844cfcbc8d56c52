"""Who answers for a resource (rule R5): looked up, never walked.

The ontology gives links an order (`answerable`, `inverse_answerable`): providedBy leads
straight to a department, from a field one goes to its dataset first. Of all ways that end
at a department the one with the smallest orders wins, compared from its beginning.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.reach.crossing import Crossing, Longs, Mask, members, neighbours
from graph.reach.rows import Ints, ranges
from graph.reach.view import View, stands_for
from graph.transition import Transitions

LONGEST = 6
_BASE = 16
"""More than any order; the key of a way is its orders as digits."""


class Answering(NamedTuple):
    """By resource asked for: the place of the department, -1 for nobody; and the places on
    the way to it, -1 after its end, the resource itself first."""

    party: Ints
    way: Ints

    def of(self, some: slice) -> Answering:
        return Answering(self.party[some], self.way[some])


def answering(view: View, transitions: Transitions, places: Ints, at: int) -> Answering:
    """The party that answers for each place at a commit."""
    wanted = transitions.answers > 0
    ends = np.array([*(name in transitions.parties for name in transitions.types), False])
    who, place = np.arange(len(places)), stands_for(view.names, places)
    key = np.zeros(len(places), np.int64)
    way = np.full((len(places), LONGEST + 1), -1, np.int32)
    way[:, 0] = place
    ended: list[tuple[Longs, Longs, Ints, Ints]] = []
    for depth in range(LONGEST):
        asked, to, step = _onward(view, place, at, wanted)
        stays = np.ones(len(place), bool)
        stays[asked] = False
        stays &= ends[view.places.type[place]]
        ended.append((who[stays], key[stays], place[stays], way[stays]))
        order = transitions.answers[step] * _BASE ** (LONGEST - depth)
        who, place, key, way = (
            who[asked],
            stands_for(view.names, to),
            key[asked] + order,
            way[asked],
        )
        fresh = ~(way == place[:, None]).any(axis=1)
        who, place, key, way = who[fresh], place[fresh], key[fresh], way[fresh]
        way[:, depth + 1] = place
        if not len(who):
            break
    return _best(len(places), ended)


def _onward(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    """The steps of each; many lead to the same department, whose steps are gathered once."""
    different, which = np.unique(places, return_inverse=True)
    nearby, member = members(view, different)
    found, to, step = neighbours(view, member, at, wanted)
    found = nearby[found]
    order = np.argsort(found, kind="stable")
    low = np.searchsorted(found[order], which, "left")
    counts = np.searchsorted(found[order], which, "right") - low
    taken = order[ranges(low, counts)]
    return np.repeat(np.arange(len(places)), counts), to[taken], step[taken]


def _best(count: int, ended: list[tuple[Longs, Longs, Ints, Ints]]) -> Answering:
    who, key, place, way = (np.concatenate(columns) for columns in zip(*ended, strict=True))
    order = np.lexsort((place, key, who))
    asked, first = np.unique(who[order], return_index=True)
    party = np.full(count, -1, np.int32)
    ways = np.full((count, LONGEST + 1), -1, np.int32)
    party[asked], ways[asked] = place[order][first], way[order][first]
    return Answering(party, ways)
