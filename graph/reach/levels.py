"""The spreading itself in numpy, level by level: for where numba is not installed or not
compiled yet. The same arrivals as `walk`, but for the order within a level."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from graph.reach.crossing import Longs, Mask, Note, gathered, looked, members, together
from graph.reach.layout import WHOLE
from graph.reach.rows import Ints
from graph.reach.view import START, UNRANKED, Bounds, Found, Track, View, stands_for
from graph.state import AFFECTED, BITS, WIDTH, spread_over
from graph.step import Trait
from graph.transition import NO_STEP

_STATES = (1 << WIDTH) - 1


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
        self.bounded = min(bounds.room) < size  # else there is no need to count
        traits = view.tables.traits
        self.outward = traits & int(Trait.OUT) > 0
        self.entire = traits & int(Trait.WHOLE) > 0
        self.every = np.ones(len(traits), bool)
        self.datasets = np.arange(len(traits)) >= view.tables.first_whole
        self.loads: dict[tuple[int, int, int], Longs] = {}
        self.onward = 0

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
        self.onward = 0 if first else self.bounds.deepest - int(level.depth[0])
        who, to, step, out = self._across(level.place, level.mask, level.spill, first, self.every)
        made = [(who, level.place[who], to, step, out)]
        inward = np.flatnonzero(self.outward[step])
        if len(inward):
            inward = inward[np.argsort(who[inward], kind="stable")]
            made += self._activated(level, who[inward], stands_for(view.names, to[inward]))
        who, origin, to, step, out = together(made)
        to, out = stands_for(view.names, to), out & self.bounds.allowed
        keep = np.flatnonzero((out != 0) & (to != origin))
        keep = keep[np.argsort(who[keep], kind="stable")]
        return who[keep], to[keep], step[keep], out[keep]

    def _across(
        self, places: Ints, masks: Longs, spills: Any, first: int, wanted: Mask
    ) -> tuple[Longs, Ints, npt.NDArray[np.uint8], Longs]:
        """The steps of the wanted classes, and the bits that arrive through each: (position in
        the places, place at the other end, class, bits). Classes through which nothing arrives
        are left out, unless they lead to the dataset of a field."""
        who, member = members(self.view, places)
        table, load = self._loads(masks, spills, first)
        useful = wanted & (((table & self.bounds.allowed) != 0) | self.outward)
        if (notes := looked.get()) is not None:
            for i, classes in enumerate(useful):
                notes.append(Note(member[load[who] == i], classes, self.onward))
        asked, to, step = gathered(self.view, member, self.bounds.at, useful.any(axis=0))
        who = who[asked]
        return who, to, step, table[load[who], step]

    def _loads(self, masks: Longs, spills: Any, first: int) -> tuple[Longs, Longs]:
        """What arrives by each class, once for each different load; and which load each has."""
        loads, load = np.unique(masks, return_inverse=True)
        load = load.reshape(-1)
        if not spills.any():
            return np.stack([self._load(mask, 0, first) for mask in loads.tolist()]), load
        others, other = np.unique(spills, return_inverse=True)
        both, load = np.unique(load * len(others) + other.reshape(-1), return_inverse=True)
        pairs = zip(loads[both // len(others)].tolist(), others[both % len(others)].tolist(),
                    strict=True)  # fmt: skip
        return np.stack([self._load(*pair, first) for pair in pairs]), load.reshape(-1)

    def _load(self, mask: int, spill: int, first: int) -> Longs:
        """What arrives by each class for these bits."""
        if (mask, spill, first) not in self.loads:
            tables = self.view.tables
            bits = [bit for bit in range(BITS) if mask >> bit & 1]
            out = np.bitwise_or.reduce(tables.table[first][:, bits], axis=1)
            states = [state for state in range(WIDTH) if spill >> state & 1]
            self.loads[mask, spill, first] = out | np.bitwise_or.reduce(
                tables.spill[:, states], axis=1
            )
        return self.loads[mask, spill, first]

    def _activated(self, level: Track, who: Longs, dataset: Ints) -> list[tuple[Any, ...]]:
        """What affects fields goes through the dataset edges of their datasets, once."""
        masks = level.mask[who]
        fresh = (masks | masks >> WIDTH | masks >> 2 * WIDTH) & AFFECTED
        for chosen in _rounds(dataset):
            fresh[chosen] &= ~self.active[dataset[chosen]]
            self.active[dataset[chosen]] |= fresh[chosen]
        chosen = np.flatnonzero(fresh)
        if not len(chosen):
            return []
        dataset, fresh = dataset[chosen], fresh[chosen]
        inside, to, step, out = self._across(dataset, fresh, np.zeros_like(fresh), 0, self.datasets)
        return [(who[chosen[inside]], dataset[inside], to, step, out)]

    def _new(self, place: Ints, step: Any, out: Longs) -> tuple[Longs, Longs]:
        """Of the bits, those that tell more than is known; and those that spill over."""
        have = self.seen[place]
        both = have | out
        surest = both & _STATES
        surer = surest | both >> WIDTH & _STATES
        new = out & ~(have | surest << WIDTH | surer << 2 * WIDTH)
        spill = np.zeros(len(place), np.int64)
        entire = np.flatnonzero(self.entire[step])
        if len(entire):
            entire = entire[self.view.places.flags[place[entire]] & WHOLE > 0]
            spill[entire] = out[entire] >> 2 * WIDTH & AFFECTED & ~self.spilled[place[entire]]
        return new, spill

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
            waits = np.ones(len(left), bool)
            waits[first := np.unique(place[left], return_index=True)[1]] = False
            firsts, left = left[first], left[waits]
            here, bits, over = place[firsts], new[firsts], spill[firsts]
            if self.bounded:
                bits, shut_out = self._within(here, bits)
                np.bitwise_or.at(level.cut, event[firsts], (shut_out << 4).astype(np.uint8))
                over &= np.where(shut_out, (self.seen[here] | bits) >> 2 * WIDTH, -1)
                bring = (bits | over) != 0
                firsts, here, bits, over = (x[bring] for x in (firsts, here, bits, over))
            self.seen[here] |= bits
            self.spilled[here] |= over
            kept.append((firsts, bits, over))
            if not len(left):
                break
            new[left], spill[left] = self._new(place[left], step[left], out[left])
            left = left[(new[left] | spill[left]) != 0]
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
        have, shut_out = self.seen[place], np.zeros(len(place), np.int64)
        held = np.zeros(len(place), np.int64)
        for certainty in range(3):
            shift = certainty * WIDTH
            held |= have >> shift & AFFECTED
            bits = new >> shift & AFFECTED
            refused = self._refused((bits != 0) & (held == 0), certainty)
            if len(refused):
                new[refused] &= ~(bits[refused] << shift)
                shut_out[refused] |= 1 << certainty
            held |= new >> shift & AFFECTED
        quiet = (new | new >> WIDTH | new >> 2 * WIDTH) & _STATES & ~AFFECTED
        refused = self._refused((quiet != 0) & (have == 0), 3)
        new[refused] &= spread_over(AFFECTED)
        shut_out[refused] |= 8
        return new, shut_out

    def _refused(self, counting: Mask, which: int) -> Longs:
        """Those of them for which there is no room; the others are counted."""
        asked = np.flatnonzero(counting)
        room = max(0, self.bounds.room[which] - int(self.counts[which]))
        self.counts[which] += min(room, len(asked))
        return asked[room:]


def _rounds(groups: Ints) -> list[Longs]:
    """Positions, each group at most once a round, in order within a group."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered, "left")
    return [order[rank == r] for r in range(int(rank.max(initial=-1)) + 1)]
