"""A walk filtered, counted and sorted: all that can be said without names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.reach.answer import Answering, answering
from graph.reach.crossing import Longs, Mask, neighbours
from graph.reach.rows import Ints
from graph.reach.secrecy import ranks
from graph.reach.sight import Sight
from graph.reach.view import Bounds, Found, Track, View, stands_for
from graph.step import Trait
from graph.transition import Transitions
from ontology.viewer import LEVELS

Rows = npt.NDArray[np.intp]
AMONG = ("exact", "indirect", "coarse", "touched")
FEW = 1_000
"""Results whose department is found and sorted in the event loop: a millisecond or two, sooner than
a thread is asked while others compute."""
DEPTH, SIZE, TIME = "depth", "size", "time"


class Cut(NamedTuple):
    """A limit (depth, size or time) was met among the exact … touched, behind these places."""

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

    sight: Sight
    track: Track
    found: Found
    bounds: Bounds
    upto: int
    rows: Rows
    counts: Mapping[str, int]
    hidden: Mapping[str, int]
    cuts: tuple[Cut, ...]

    @property
    def view(self) -> View:
        return self.sight.view

    @property
    def transitions(self) -> Transitions:
        return self.sight.transitions

    def page(self, first: int | None, after: int) -> Rows:
        """Rows [after, after + first) of what is listed."""
        return self.rows[after : None if first is None else after + first]

    async def answering(self, places: Ints) -> Answering:
        """Who answers for these."""
        at = self.bounds.at
        return await self.sight.look(
            lambda view: answering(view, self.transitions, places, at), small=len(places) <= FEW
        )

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


async def trace(
    sight: Sight, starts: Mapping[int, int], bounds: Bounds, listing: Listing = Listing()
) -> Trace:
    """Walk from these store numbers with these bits, and sort what is listed. Raises
    Unavailable where a start is newer than what is seen."""
    places, where = np.unique(await sight.placed(list(starts)), return_inverse=True)
    masks = np.zeros(len(places), np.int64)
    np.bitwise_or.at(masks, where, np.array(list(starts.values()), np.int64))
    found = await sight.look(
        lambda view: _walked(sight, view, places.astype(np.int32), masks, bounds, listing)
    )
    return replace(found, cuts=(*found.cuts, *_late(found))) if len(sight.unread) else found


def _walked(
    sight: Sight, view: View, places: Ints, masks: Longs, bounds: Bounds, listing: Listing
) -> Trace:
    track, found = sight.spreader.spread(view, places, masks, bounds)
    wanted = _wanted(sight.transitions, view, found.place, listing, bounds.at)
    among = np.minimum(found.rank, 3)
    open_ = np.ones(len(found.place), bool)
    if listing.clearance < len(LEVELS) - 1:
        open_ = ranks(view, found.place) <= listing.clearance
    counted = np.bincount(among[wanted], minlength=4)
    unseen = np.bincount(among[wanted & ~open_], minlength=4)
    rows = np.flatnonzero(wanted & open_)
    order = np.lexsort(
        (view.places.number[found.place[rows]], track.depth[found.event[rows]], found.rank[rows])
    )
    return Trace(
        sight, track, found, bounds, sight.upto, rows[order],
        dict(zip(AMONG, counted.tolist(), strict=True)),
        dict(zip(AMONG, unseen.tolist(), strict=True)),
        _cuts(track),
    )  # fmt: skip


def _wanted(transitions: Transitions, view: View, places: Ints, listing: Listing, at: int) -> Mask:
    """Whether each place is listed."""
    wanted = np.ones(len(places), bool)
    if listing.types:
        listed = [*(name in listing.types for name in transitions.types), False]
        wanted &= np.array(listed)[view.places.type[places]]
    if listing.levels:
        wanted &= np.isin(view.places.level[places], list(listing.levels))
    if listing.parties:
        kept = np.flatnonzero(wanted)  # who answers is dear to find: for the others only
        party = answering(view, transitions, places[kept], at).party
        named = np.where(party >= 0, view.places.number[party], -1)
        wanted[kept] = np.isin(named, list(listing.parties))
    return wanted


def _late(traced: Trace) -> Iterator[Cut]:
    """Where time was up: by how sure the places are behind which nobody looked."""
    sure = np.zeros(len(traced.view.places.number), np.int8)  # the starts: exact
    sure[traced.found.place] = np.minimum(traced.found.rank, 3)
    met = np.intersect1d(traced.sight.unread, traced.track.place)
    for i, among in enumerate(AMONG):
        if len(behind := met[sure[met] == i]):
            yield Cut(TIME, among, behind.astype(np.int32))


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
