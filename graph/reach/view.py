"""What one walk sees: the base, the overlay, the aliases of one commit; and its scratch.

A view is immutable; a commit makes a new one, and walks on the old one end undisturbed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.reach.layout import Bytes, Layer, Live, Longs, Parts, Places
from graph.reach.rows import Ints
from graph.transition import Transitions


class Ended(NamedTuple):
    """Steps of the base that have ended since: positions in `Live.to` (beyond its length:
    parts), sorted, and when."""

    position: Longs
    until: Ints


class Groups(NamedTuple):
    """Aliases of one commit: which places have any, sorted; the place that readers see for
    each; and, by the same position, all places of that group."""

    place: Ints
    stands: Ints
    begin: Longs
    member: Ints


class Tables(NamedTuple):
    """The classes of steps (graph/transition.py)."""

    table: Longs  # 2 × class × bit
    spill: Longs  # class × state
    traits: Bytes
    first_whole: int

    @staticmethod
    def of(transitions: Transitions) -> Tables:
        return Tables(*transitions.tables(), transitions.first_whole)


class View(NamedTuple):
    """All that a walk reads."""

    places: Places
    parts: Parts
    live: Live
    closed: Layer
    added: Layer
    ended: Ended
    names: Groups
    tables: Tables


class Track(NamedTuple):
    """What a walk writes: one row an arrival, in order; `parent` is the arrival that it came
    from, by a step of class `step` (−1, 255: a start). `mask` are the bits that were new at
    the place, `spill` those that came through a dataset edge, `cut` where it stopped."""

    place: Ints
    mask: Longs
    spill: Ints
    depth: Ints
    parent: Ints
    step: Bytes
    cut: Bytes


UNRANKED, START = 127, -1


class Slots(NamedTuple):
    """Per place met: which, all its bits, those that came through dataset edges, those with
    which its dataset edges have been crossed for its fields; how sure it is and by which
    arrival (`rank` 0 to 2: affected exactly, indirectly, coarsely; 3 to 5: touched)."""

    place: Ints
    seen: Longs
    spilled: Ints
    active: Ints
    rank: npt.NDArray[np.int8]
    event: Ints


class Found(NamedTuple):
    """What a walk found, one row a resource: all its bits, how sure (`Slots.rank`), and the
    arrival that made it so. Starts are not among them."""

    place: Ints
    seen: Longs
    rank: npt.NDArray[np.int8]
    event: Ints

    @staticmethod
    def of(place: Ints, seen: Longs, rank: npt.NDArray[np.int8], event: Ints) -> Found:
        met = np.flatnonzero((rank >= 0) & (rank < UNRANKED))
        return Found(place[met], seen[met], rank[met], event[met])


class Basket(NamedTuple):
    """The steps gathered for one arrival."""

    to: Ints
    step: Bytes


class Loads(NamedTuple):
    """What arrives by each class for bits that were met: `out` is load × class, `useful`
    whether a step of the class need be looked at."""

    mask: Longs
    spill: Longs
    first: Longs
    out: Longs
    useful: Bytes


class Turns(NamedTuple):
    """One arrival's turns: from which place, with which load, up to where in the basket; and
    the bits with which a dataset's edges are crossed for its field."""

    place: Ints
    load: Ints
    end: Longs
    fresh: Ints


class Scratch(NamedTuple):
    """Reused from walk to walk: `slot` by place is -1 between walks."""

    slot: Ints
    slots: Slots
    track: Track
    basket: Basket
    loads: Loads
    turns: Turns


class Bounds(NamedTuple):
    """How far a walk goes: at which commit, how deep, how many resources (by exact,
    indirect, coarse, touched), and which bits may arrive."""

    at: int
    deepest: int
    room: tuple[int, int, int, int]
    allowed: int


class Walk(NamedTuple):
    """One walk of `walk.spread`: what it reads and writes, and its bounds. `counts` are those
    against `room`; `cursor` has the positions that walk.py names. (numba has no field that
    is called view.)"""

    on: View
    scratch: Scratch
    cursor: Longs
    counts: Longs
    room: Longs
    allowed: int
    deepest: int
    at: int


def scratch(places: int, classes: int, room: int) -> Scratch:
    """Scratch for a ledger of so many places and classes, with room for so many arrivals."""
    slot = np.full(places, -1, np.int32)
    return Scratch(slot, _slots(room), _track(room), *_gathering(room, classes, 64))


def _gathering(room: int, classes: int, turns: int) -> tuple[Basket, Loads, Turns]:
    longs = np.zeros((3, turns), np.int64)
    out, useful = np.zeros((turns, classes), np.int64), np.zeros((turns, classes), np.uint8)
    return (
        Basket(_ints(room), np.zeros(room, np.uint8)),
        Loads(longs[0], longs[1], longs[2], out, useful),
        Turns(_ints(turns // 2), _ints(turns // 2), np.zeros(turns // 2, np.int64),
              _ints(turns // 2)),
    )  # fmt: skip


def _slots(room: int) -> Slots:
    longs, ranks = np.zeros(room, np.int64), np.zeros(room, np.int8)
    return Slots(_ints(room), longs, _ints(room), _ints(room), ranks, _ints(room))


def _track(room: int) -> Track:
    return Track(
        place=_ints(room),
        mask=np.zeros(room, np.int64),
        spill=_ints(room),
        depth=_ints(room),
        parent=_ints(room),
        step=np.zeros(room, np.uint8),
        cut=np.zeros(room, np.uint8),
    )


def _ints(room: int) -> Ints:
    return np.zeros(room, np.int32)


def grown(old: Scratch) -> Scratch:
    """The same with twice the room for arrivals."""
    room = 2 * len(old.track.place)
    slots, track = _slots(room), _track(room)
    arrays: Any = zip((*old.slots, *old.track), (*slots, *track), strict=True)
    for before, after in arrays:
        after[: len(before)] = before
    return old._replace(slots=slots, track=track)


def with_basket(old: Scratch) -> Scratch:
    """The same with twice the room for the steps and turns of one arrival."""
    turns, classes = old.loads.out.shape
    basket, loads, turned = _gathering(2 * len(old.basket.to), classes, 2 * turns)
    return old._replace(basket=basket, loads=loads, turns=turned)


def stands_for(names: Groups, places: npt.NDArray[np.int32]) -> Ints:
    """The places that readers see for these."""
    if not len(names.place):
        return places
    found = np.minimum(np.searchsorted(names.place, places), len(names.place) - 1)
    return np.where(names.place[found] == places, names.stands[found], places)
