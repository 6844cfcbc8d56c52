"""A walk filtered, counted and sorted: all that can be said without names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.reach.answer import Answering, answering
from graph.reach.index import ReachIndex
from graph.reach.levels import Mask, neighbours
from graph.reach.rows import Ints
from graph.reach.view import Bounds, Found, Track, View, stands_for
from graph.step import Trait
from graph.transition import Transitions

Rows = npt.NDArray[np.intp]
AMONG = ("exact", "indirect", "coarse", "touched")
DEPTH, SIZE = "depth", "size"


class Cut(NamedTuple):
    """A limit (depth or size) was met among the exact … touched, behind these places."""

    limit: str
    among: str
    places: Ints


class Hop(NamedTuple):
    """A step that was crossed, by places and class. `through` are the datasets of a field
    whose dataset edge it was."""

    origin: int
    target: int
    step: int
    through: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What of a walk is listed and counted; an empty set: all. It has no part in the walk.
    `levels` are ranks of the security level, `parties` store numbers of who answers."""

    types: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    parties: frozenset[int] = frozenset()
    clearance: int = 255


@dataclass(frozen=True, slots=True)
class Trace:
    """`rows` are those of `found` that are listed, surest first, then nearest; `counts` and
    `hidden` are by AMONG, over what is listed and what the clearance keeps from it."""

    view: View
    transitions: Transitions
    track: Track
    found: Found
    bounds: Bounds
    upto: int
    rows: Rows
    counts: Mapping[str, int]
    hidden: Mapping[str, int]
    cuts: tuple[Cut, ...]

    def page(self, first: int | None, after: int) -> Rows:
        """Rows [after, after + first) of what is listed."""
        return self.rows[after : None if first is None else after + first]

    def answering(self, rows: Rows) -> Answering:
        """Who answers for these."""
        return answering(self.view, self.transitions, self.found.place[rows], self.bounds.at)

    def path(self, row: int) -> tuple[Hop, ...]:
        """The steps from the start to a row of `found`, by its best path."""
        event, hops = int(self.found.event[row]), []
        while (parent := int(self.track.parent[event])) >= 0:
            origin, target = int(self.track.place[parent]), int(self.track.place[event])
            step = int(self.track.step[event])
            hops.append(Hop(origin, target, step, self._through(origin, step)))
            event = parent
        return tuple(reversed(hops))

    def _through(self, origin: int, step: int) -> tuple[int, ...]:
        traits = self.view.tables.traits
        if not traits[step] & int(Trait.WHOLE):
            return ()
        inward = traits & int(Trait.OUT) > 0
        _, to, _ = neighbours(self.view, np.array([origin], np.int32), self.bounds.at, inward)
        return tuple(stands_for(self.view.names, to).tolist())


def trace(
    index: ReachIndex,
    starts: Mapping[int, int],
    bounds: Bounds,
    *,
    at: int | None = None,
    named: Collection[str] = (),
    listing: Listing = Listing(),
) -> Trace:
    """Walk from these store numbers with these bits, and sort what is listed. `named` are the
    literals by which rules name the codes among the starts. Raises Unavailable where a start
    is newer than the index."""
    upto, view = index.seen(at, named)
    places, where = np.unique(index.placed(view, list(starts)), return_inverse=True)
    masks = np.zeros(len(places), np.int64)
    np.bitwise_or.at(masks, where, np.array(list(starts.values()), np.int64))
    track, found = index.spreader.spread(view, places.astype(np.int32), masks, bounds)

    wanted = _wanted(index, view, found.place, listing, bounds.at)
    among = np.minimum(found.rank, 3)
    open_ = view.places.level[found.place] <= listing.clearance
    counted = np.bincount(among[wanted], minlength=4)
    unseen = np.bincount(among[wanted & ~open_], minlength=4)
    rows = np.flatnonzero(wanted & open_)
    order = np.lexsort(
        (view.places.number[found.place[rows]], track.depth[found.event[rows]], found.rank[rows])
    )
    return Trace(
        view, index.transitions, track, found, bounds, upto, rows[order],
        dict(zip(AMONG, counted.tolist(), strict=True)),
        dict(zip(AMONG, unseen.tolist(), strict=True)),
        _cuts(track),
    )  # fmt: skip


def _wanted(index: ReachIndex, view: View, places: Ints, listing: Listing, at: int) -> Mask:
    """Whether each place is listed."""
    wanted = np.ones(len(places), bool)
    if listing.types:
        listed = [*(name in listing.types for name in index.transitions.types), False]
        wanted &= np.array(listed)[view.places.type[places]]
    if listing.levels:
        wanted &= np.isin(view.places.level[places], list(listing.levels))
    if listing.parties:
        kept = np.flatnonzero(wanted)  # who answers is dear to find: for the others only
        party = answering(view, index.transitions, places[kept], at).party
        named = np.where(party >= 0, view.places.number[party], -1)
        wanted[kept] = np.isin(named, list(listing.parties))
    return wanted


def _cuts(track: Track) -> tuple[Cut, ...]:
    if not track.cut.any():
        return ()
    cuts = []
    for shift, limit in ((0, DEPTH), (4, SIZE)):
        for i, among in enumerate(AMONG):
            behind = track.place[track.cut >> shift + i & 1 > 0]
            if len(behind):
                cuts.append(Cut(limit, among, np.unique(behind)))
    return tuple(cuts)
