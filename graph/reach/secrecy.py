"""How secret places are: a part at least as its whole (`graph.hidden` says the same of ids)."""

from __future__ import annotations

import numpy as np

from graph.reach.crossing import members, neighbours
from graph.reach.layout import Bytes
from graph.reach.rows import NOW, Ints
from graph.reach.view import View, stands_for
from graph.step import Trait

HIGHEST = 8
"""Wholes above one another."""


def ranks(view: View, places: Ints) -> Bytes:
    """The rank of the level of each place now, or of what it is part of."""
    different, which = np.unique(places, return_inverse=True)
    rank = view.places.level[different]
    up = view.tables.traits & int(Trait.UP) > 0
    who, here = np.arange(len(different)), different.astype(np.int32)
    for _ in range(HIGHEST):
        nearby, member = members(view, here)
        found, to, _ = neighbours(view, member, NOW, up)
        if not len(found):
            break
        who, here = who[nearby[found]], stands_for(view.names, to)
        np.maximum.at(rank, who, view.places.level[here])
    return rank[which.reshape(-1)]
