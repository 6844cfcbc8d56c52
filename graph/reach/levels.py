"""The spreading itself in numpy, level by level: for where numba is not installed or not
compiled yet. The same arrivals as `walk`, but for the order within a level."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.reach.layout import ADDED, ALIASED, CLOSED, ENDED, WHOLE, Layer, Live
from graph.reach.rows import NOW, Ints, bisect, ranges
from graph.reach.view import START, UNRANKED, Bounds, Found, Track, View, stands_for
from graph.state import AFFECTED, BITS, WIDTH, spread_over
from graph.step import Trait
from graph.transition import NO_STEP

Longs = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Crossing = tuple[Longs, Ints, npt.NDArray[np.uint8]]
"""(position in what was asked, place at the other end, class of the step)"""

looked: ContextVar[list[tuple[Ints, Mask]] | None] = ContextVar("looked", default=None)
"""Where it is set: notes which classes of steps were looked for at which places. Who fetches
links only when they are needed (near.py) learns from it what a question needs."""

HUB = 256
"""A place with more steps is not looked through when few classes are wanted."""
_STATES = (1 << WIDTH) - 1


def neighbours(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    """All steps of the wanted classes that these places have at a commit."""
    if (notes := looked.get()) is not None:
        notes.append((places, wanted))
    return _crossed(view, places, at, wanted)


def _crossed(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    found = [
        _down(view, places, at, wanted),
        _up(view, places, at, wanted),
        _live(view, places, at, wanted),
    ]
    if at < NOW:
        found.append(_layer(view, view.closed, CLOSED, places, at, wanted))
    found.append(_layer(view, view.added, ADDED, places, at, wanted))
    who, to, step = (np.concatenate(columns) for columns in zip(*found, strict=True))
    order = np.argsort(who, kind="stable")
    return who[order], to[order], step[order]


def _live(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    live = view.live
    known = np.flatnonzero(places < len(live.begin) - 1)
    low, high = live.begin[places[known]], live.begin[places[known] + 1]
    hub = high - low > HUB
    if hub.any() and not wanted.all():
        few = known[~hub], low[~hub], high[~hub]
        many = _spans(live, known[hub], low[hub], high[hub], wanted)
        known, low, high = (np.concatenate(columns) for columns in zip(few, many, strict=True))
    edge, who = ranges(low, high - low), np.repeat(known, high - low)
    holds = wanted[live.step[edge]] & (live.since[edge] <= at)
    who, edge = who[holds], edge[holds]
    holds = _holds(view, places[who], edge, at)
    who, edge = who[holds], edge[holds]
    return who, live.to[edge], live.step[edge]


def _spans(
    live: Live, who: Longs, low: Longs, high: Longs, wanted: Mask
) -> tuple[Longs, Longs, Longs]:
    """Of places with many steps only the spans of the wanted classes."""
    edges = np.flatnonzero(np.diff(wanted.astype(np.int8), prepend=0, append=0))
    classes = np.tile(edges, len(who))
    low, high = np.repeat(low, len(edges)), np.repeat(high, len(edges))
    ends = bisect(live.step, classes, low, high, right=False).reshape(-1, 2)
    return np.repeat(who, len(edges) // 2), ends[:, 0], ends[:, 1]


def _layer(view: View, layer: Layer, flag: int, places: Ints, at: int, wanted: Mask) -> Crossing:
    known = np.flatnonzero(view.places.flags[places] & flag)
    found = np.searchsorted(layer.place, places[known])
    inside = found < len(layer.place)
    known, found = known[inside], found[inside]
    inside = layer.place[found] == places[known]
    known, found = known[inside], found[inside]
    low = layer.begin[found]
    counts = layer.begin[found + 1] - low
    edge, who = ranges(low, counts), np.repeat(known, counts)
    holds = wanted[layer.step[edge]] & (layer.since[edge] <= at) & (at < layer.until[edge])
    return who[holds], layer.to[edge[holds]], layer.step[edge[holds]]


def _down(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    parts = view.parts
    wholes = len(parts.begin) - 1
    known = np.flatnonzero(places < wholes)
    low = parts.begin[places[known]].astype(np.int64)
    counts = parts.begin[places[known] + 1] - low
    place, who = ranges(low, counts), np.repeat(known, counts)
    return _contained(view, places, who, place, place - wholes, parts.down, at, wanted)


def _up(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    parts = view.parts
    wholes = len(parts.begin) - 1
    who = np.flatnonzero((places >= wholes) & (places < wholes + len(parts.whole)))
    part = places[who].astype(np.int64) - wholes
    return _contained(view, places, who, parts.whole[part], part, parts.up, at, wanted)


def _contained(
    view: View, places: Ints, who: Longs, to: Any, part: Longs, classes: Any, at: int, wanted: Mask
) -> Crossing:
    step = classes[part]
    holds = (step != NO_STEP) & (view.parts.since[part] <= at)
    holds[holds] = wanted[step[holds]]
    holds[holds] = _holds(view, places[who[holds]], part[holds] + len(view.live.to), at)
    return who[holds], to[holds].astype(np.int32), step[holds]


def _holds(view: View, places: Ints, positions: Longs, at: int) -> Mask:
    """Which steps of the base have not ended by `at`."""
    holds = np.ones(len(positions), bool)
    doubtful = np.flatnonzero(view.places.flags[places] & ENDED)
    if len(doubtful) and len(view.ended.position):
        found = np.searchsorted(view.ended.position, positions[doubtful])
        found = np.minimum(found, len(view.ended.position) - 1)
        told = view.ended.position[found] == positions[doubtful]
        holds[doubtful] = ~told | (at < view.ended.until[found])
    return holds


def members(view: View, places: Ints) -> tuple[Longs, Ints]:
    """Each place with all names of its group: (position in what was asked, place)."""
    names = view.names
    aliased = np.flatnonzero(view.places.flags[places] & ALIASED)
    if not len(aliased) or not len(names.place):
        return np.arange(len(places)), places
    found = np.minimum(np.searchsorted(names.place, places[aliased]), len(names.place) - 1)
    told = names.place[found] == places[aliased]
    aliased, found = aliased[told], found[told]
    counts = names.begin[found + 1] - names.begin[found]
    alone = np.ones(len(places), bool)
    alone[aliased] = False
    who = np.concatenate([np.flatnonzero(alone), np.repeat(aliased, counts)])
    place = np.concatenate([places[alone], names.member[ranges(names.begin[found], counts)]])
    return who, place.astype(np.int32)


def spread(view: View, places: Ints, masks: Longs, bounds: Bounds) -> tuple[Track, Found]:
    """Cross from the starts and from every arrival until none is left."""
    levels = _Levels(view, bounds)
    track = levels.run(places, masks)
    rank = _ranks(track.mask)
    rank[: len(places)] = START
    order = np.lexsort((np.arange(len(rank)), rank, track.place))
    first = order[np.unique(track.place[order], return_index=True)[1]]
    place = track.place[first]
    return track, Found.of(place, levels.seen[place], rank[first], first.astype(np.int32))


def _ranks(masks: Longs) -> npt.NDArray[np.int8]:
    """How sure the best of the bits of each is (`view.Slots`)."""
    rank = np.full(len(masks), UNRANKED, np.int8)
    for quiet in (True, False):
        for certainty in (2, 1, 0):
            states = masks >> certainty * WIDTH & _STATES & (~AFFECTED if quiet else AFFECTED)
            rank[states != 0] = 3 * quiet + certainty
    return rank


class _Levels:
    """One walk. `seen`, `spilled` and `active` are by place, as in `view.Slots`."""

    def __init__(self, view: View, bounds: Bounds) -> None:
        self.view, self.bounds = view, bounds
        size = len(view.places.number)
        self.seen = np.zeros(size, np.int64)
        self.spilled = np.zeros(size, np.int64)
        self.active = np.zeros(size, np.int64)
        self.counts = np.zeros(4, np.int64)
        self.classes = len(view.tables.traits)
        self.outward = view.tables.traits & int(Trait.OUT) > 0

    def run(self, places: Ints, masks: Longs) -> Track:
        none = np.zeros(len(places), np.int32)
        level = Track(
            places, masks, none, none, none - 1,
            np.full(len(places), NO_STEP, np.uint8), np.zeros(len(places), np.uint8),
        )  # fmt: skip
        self.seen[places] = masks
        levels, before = [level], 0
        while len(level.place):
            event, place, step, out = self._candidates(level)
            if level.depth[0] >= self.bounds.deepest:
                self._note_cut(level, event, place, step, out)
                break
            following = self._arrivals(level, event, place, step, out)
            following.parent[:] += before
            before += len(level.place)
            level = following
            levels.append(level)
        return Track(*(np.concatenate(columns) for columns in zip(*levels, strict=True)))

    def _candidates(self, level: Track) -> tuple[Longs, Ints, Any, Longs]:
        """What crossing all their steps brings: (position in the level, place, class, bits)."""
        view, first = self.view, int(level.depth[0] == 0)
        every = np.ones(self.classes, bool)
        who, to, step, out = self._across(level.place, level.mask, level.spill, first, every)
        inward = self.outward[step]
        made = [(who, level.place[who], to, step, out)]
        made.extend(self._activated(level, who[inward], stands_for(view.names, to[inward])))
        who, origin, to, step, out = (np.concatenate(c) for c in zip(*made, strict=True))
        to, out = stands_for(view.names, to), out & self.bounds.allowed
        keep = np.flatnonzero((out != 0) & (to != origin))
        keep = keep[np.argsort(who[keep], kind="stable")]
        return who[keep], to[keep], step[keep], out[keep]

    def _across(
        self, places: Ints, masks: Longs, spills: Any, first: int, wanted: Mask
    ) -> tuple[Longs, Ints, npt.NDArray[np.uint8], Longs]:
        """The steps of the wanted classes, and the bits that arrive through each: (position in
        the places, place at the other end, class, bits)."""
        who, member = members(self.view, places)
        table, load = self._loads(masks, spills, first)
        if (notes := looked.get()) is not None:
            for i, out in enumerate(table):
                useful = ((out & self.bounds.allowed) != 0) | self.outward
                notes.append((member[load[who] == i], wanted & useful))
        asked, to, step = _crossed(self.view, member, self.bounds.at, wanted)
        who = who[asked]
        return who, to, step, table[load[who], step]

    def _loads(self, masks: Longs, spills: Any, first: int) -> tuple[Longs, Longs]:
        """What arrives by each class, once for each different load; and which load each has."""
        tables = self.view.tables
        pairs = np.stack([masks, spills.astype(np.int64)])
        loads, load = np.unique(pairs, axis=1, return_inverse=True)
        table = np.zeros((loads.shape[1], self.classes), np.int64)
        for i, (mask, spill) in enumerate(loads.T.tolist()):
            for bit in range(BITS):
                if mask >> bit & 1:
                    table[i] |= tables.table[first, :, bit]
            for state in range(WIDTH):
                if spill >> state & 1:
                    table[i] |= tables.spill[:, state]
        return table, load.reshape(-1)

    def _activated(self, level: Track, who: Longs, dataset: Ints) -> list[tuple[Any, ...]]:
        """What affects fields goes through the dataset edges of their datasets, once."""
        view, made = self.view, []
        wanted = np.arange(self.classes) >= view.tables.first_whole
        for chosen in _rounds(dataset):
            mask, at = level.mask[who[chosen]], dataset[chosen]
            fresh = (mask | mask >> WIDTH | mask >> 2 * WIDTH) & AFFECTED & ~self.active[at]
            self.active[at] |= fresh
            chosen, fresh = chosen[fresh != 0], fresh[fresh != 0]
            inside, to, step, out = self._across(
                dataset[chosen], fresh, np.zeros_like(fresh), 0, wanted
            )
            made.append((who[chosen[inside]], dataset[chosen[inside]], to, step, out))
        return made

    def _new(self, place: Ints, step: Any, out: Longs) -> tuple[Longs, Longs]:
        """Of the bits, those that tell more than is known; and those that spill over."""
        have = self.seen[place]
        surest = (have | out) & _STATES
        surer = surest | (have | out) >> WIDTH & _STATES
        new = out & ~(have | surest << WIDTH | surer << 2 * WIDTH)
        entire = self.view.tables.traits[step] & int(Trait.WHOLE) > 0
        entire &= self.view.places.flags[place] & WHOLE > 0
        return new, np.where(entire, out >> 2 * WIDTH & AFFECTED & ~self.spilled[place], 0)

    def _note_cut(self, level: Track, event: Longs, place: Ints, step: Any, out: Longs) -> None:
        """The depth is used up: mark the arrivals from which more would follow."""
        new, spill = self._new(place, step, out)
        cut = np.where(spill != 0, 4, 0)
        for certainty in range(3):
            states = new >> certainty * WIDTH & _STATES
            cut |= np.where(states & AFFECTED, 1 << certainty, 0)
            cut |= np.where(states & ~AFFECTED, 8, 0)
        np.bitwise_or.at(level.cut, event, cut.astype(np.uint8))

    def _arrivals(self, level: Track, event: Longs, place: Ints, step: Any, out: Longs) -> Track:
        """The next level: the first to bring something is the first to arrive."""
        new, spill = self._new(place, step, out)
        left = np.flatnonzero(new | spill)
        kept = []
        while len(left):
            firsts = left[np.unique(place[left], return_index=True)[1]]
            new, spill = self._new(place[firsts], step[firsts], out[firsts])
            new, shut_out = self._within(place[firsts], new)
            np.bitwise_or.at(level.cut, event[firsts], (shut_out << 4).astype(np.uint8))
            spill &= np.where(shut_out, (self.seen[place[firsts]] | new) >> 2 * WIDTH, -1)
            self.seen[place[firsts]] |= new
            self.spilled[place[firsts]] |= spill
            bring = (new | spill) != 0
            kept.append((firsts[bring], new[bring], spill[bring]))
            left = np.setdiff1d(left, firsts, assume_unique=True)
            new, spill = self._new(place[left], step[left], out[left])
            left = left[(new | spill) != 0]
        return self._track(level, event, place, step, kept)

    def _track(self, level: Track, event: Longs, place: Ints, step: Any, kept: Any) -> Track:
        none = np.zeros(0, np.int64)
        columns = zip((none, none, none), *kept, strict=True)
        which, new, spill = (np.concatenate(column) for column in columns)
        order = np.argsort(which, kind="stable")
        which = which[order]
        count = len(which)
        depth = np.full(count, level.depth[0] + 1, np.int32)
        return Track(
            place[which], new[order], spill[order].astype(np.int32), depth,
            event[which].astype(np.int32), step[which], np.zeros(count, np.uint8),
        )  # fmt: skip

    def _within(self, place: Ints, new: Longs) -> tuple[Longs, Longs]:
        """The bits that the limits on size let in, and which limits kept others out (places
        differ). A place counts for a certainty when first affected with it, for the touched
        when first touched."""
        have, room = self.seen[place], self.bounds.room
        shut_out, held = np.zeros(len(place), np.int64), np.zeros(len(place), np.int64)
        for certainty in range(3):
            shift = certainty * WIDTH
            held |= have >> shift & AFFECTED
            bits = new >> shift & AFFECTED
            refused = self._refused((bits != 0) & (held == 0), certainty, room[certainty])
            new = np.where(refused, new & ~(bits << shift), new)
            shut_out |= refused.astype(np.int64) << certainty
            held |= new >> shift & AFFECTED
        quiet = (new | new >> WIDTH | new >> 2 * WIDTH) & _STATES & ~AFFECTED
        refused = self._refused((quiet != 0) & (have == 0), 3, room[3])
        return np.where(refused, new & spread_over(AFFECTED), new), shut_out | refused * 8

    def _refused(self, counting: Mask, which: int, room: int) -> Mask:
        rank = np.cumsum(counting)
        refused: Mask = counting & (rank > room - self.counts[which])
        self.counts[which] += int(np.count_nonzero(counting & ~refused))
        return refused


def _rounds(groups: Ints) -> list[Longs]:
    """Positions, each group at most once a round, in order within a group."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered, "left")
    return [order[rank == r] for r in range(int(rank.max(initial=-1)) + 1)]
