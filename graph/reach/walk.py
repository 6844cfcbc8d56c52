"""The spreading itself, compiled by numba: breadth first over (resource, bits).

One queue of arrivals. An arrival brings bits that are new at its place. Crossing it is
two moves: gather the steps that carry something (for a field those of its dataset's
dataset edges too), then let their bits arrive. Certainty is part of a bit, so that one
walk answers for all three: a bit is dropped where the same state is already held with
equal or better certainty (breadth first: at no greater depth). `levels` does the same in
numpy; both are tested against a slow and obvious walk (tests/graph/slow_impact.py).

The small functions are inlined: numba would hand over dozens of arrays at each call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

from graph.reach.layout import ADDED, ALIASED, CLOSED, ENDED, WHOLE
from graph.reach.rows import NOW
from graph.reach.view import UNRANKED
from graph.state import AFFECTED, BITS, WIDTH
from graph.step import Trait
from graph.transition import NO_STEP

HEAD, TAIL, SLOTS, LOADS, FULL = range(5)
"""Positions in the cursor: next arrival to cross, room used, and what ran out of room."""
NO_TRACK, NO_BASKET = 1, 2
FEW = 32
"""Steps that are looked at one by one."""

_STATES = (1 << WIDTH) - 1
_OUT, _WHOLE = int(Trait.OUT), int(Trait.WHOLE)

F = TypeVar("F", bound=Callable[..., Any])
# The arrays outlive the walk, so counting references to them (`_nrt`) would only cost: it
# made a walk eighteen times slower.
_uncounted: Any = {"_nrt": False}
_compiled: Callable[[F], F] = numba.njit(cache=True, nogil=True, **_uncounted)
_inlined: Callable[[F], F] = numba.njit(inline="always")  # type: ignore[assignment]  # numba is untyped
_long: Any = np.int64  # int() of a narrow unsigned number stays unsigned in numba


@_inlined
def _find(sorted_places: Any, place: int) -> int:
    """Position of a place, -1 where it is not."""
    low, high = 0, len(sorted_places)
    while low < high:
        middle = (low + high) // 2
        if sorted_places[middle] < place:
            low = middle + 1
        else:
            high = middle
    if low < len(sorted_places) and sorted_places[low] != place:
        low = len(sorted_places)
    return low if low < len(sorted_places) else -1


@_inlined
def _load(tables: Any, loads: Any, cursor: Any, mask: int, spill: int, first: int) -> int:
    """The row of `loads` that says what arrives by each class for these bits; worked out once
    for the bits that are met often."""
    room = len(loads.mask)
    used = min(cursor[LOADS], room)
    found = -1
    for i in range(used):
        if loads.mask[i] == mask and loads.spill[i] == spill and loads.first[i] == first:
            found = i
            break
    if found < 0:
        found = cursor[LOADS] % room
        cursor[LOADS] += 1
        loads.mask[found], loads.spill[found], loads.first[found] = mask, spill, first
        out, useful = loads.out[found], loads.useful[found]
        out[:] = 0
        for bit in range(BITS):
            if mask >> bit & 1:
                out |= tables.table[first, :, bit]
            if spill >> bit & 1:
                out |= tables.spill[:, bit]
        for step in range(len(useful)):
            useful[step] = out[step] != 0 or tables.traits[step] & _OUT != 0
    return found


@_inlined
def _gather_live(
    view: Any, basket: Any, useful: Any, count: int, member: int, at: int, low: int
) -> int:
    """Steps of the base, of classes from `low` on, that carry something."""
    live = view.live
    if member + 1 < len(live.begin):
        doubtful = view.places.flags[member] & ENDED
        e, end = live.begin[member], live.begin[member + 1]
        while e < end:
            step = live.step[e]
            if (step < low or not useful[step]) and end - e > FEW:
                # past all of this class at once: a department has a million of some classes
                top = end
                while e < top:
                    middle = (e + top) // 2
                    if live.step[middle] <= step:
                        e = middle + 1
                    else:
                        top = middle
                continue
            if step >= low and useful[step] and live.since[e] <= at:
                holds = True
                if doubtful:
                    told = _find(view.ended.position, e)
                    holds = told < 0 or at < view.ended.until[told]
                if holds:
                    if count < len(basket.to):
                        basket.to[count], basket.step[count] = live.to[e], step
                    count += 1
            e += 1
    return count


@_inlined
def _gather_layer(
    layer: Any, basket: Any, useful: Any, count: int, member: int, at: int, low: int
) -> int:
    """The same of a layer."""
    found = _find(layer.place, member)
    if found >= 0:
        for e in range(layer.begin[found], layer.begin[found + 1]):
            step = layer.step[e]
            if step >= low and useful[step] and layer.since[e] <= at < layer.until[e]:
                if count < len(basket.to):
                    basket.to[count], basket.step[count] = layer.to[e], step
                count += 1
    return count


@_inlined
def _gather_parts(view: Any, basket: Any, useful: Any, count: int, member: int, at: int) -> int:
    """Steps to the parts of a place, or from a part to its whole."""
    parts, beyond = view.parts, len(view.live.to)
    wholes = len(parts.begin) - 1
    doubtful = view.places.flags[member] & ENDED
    low, high, upward = 0, 0, False
    if member < wholes:
        low, high = parts.begin[member] - wholes, parts.begin[member + 1] - wholes
    elif member < wholes + len(parts.whole):
        low, high, upward = member - wholes, member - wholes + 1, True
    for part in range(low, high):
        step = parts.up[part] if upward else parts.down[part]
        if step != NO_STEP and useful[step] and parts.since[part] <= at:
            holds = True
            if doubtful:
                told = _find(view.ended.position, beyond + part)
                holds = told < 0 or at < view.ended.until[told]
            if holds:
                if count < len(basket.to):
                    basket.to[count] = parts.whole[part] if upward else wholes + part
                    basket.step[count] = step
                count += 1
    return count


@_inlined
def _gather(view: Any, basket: Any, useful: Any, count: int, place: int, at: int, low: int) -> int:
    """All steps of a place and of its other names that carry something, into the basket from
    `count` on. Gives the count, which may be more than there was room for."""
    flags, names = view.places.flags, view.names
    group = _find(names.place, place) if flags[place] & ALIASED else -1
    one = names.begin[group] if group >= 0 else 0
    last = names.begin[group + 1] if group >= 0 else 1
    for i in range(one, last):
        member = _long(names.member[i]) if group >= 0 else place
        if low == 0:
            count = _gather_parts(view, basket, useful, count, member, at)
        count = _gather_live(view, basket, useful, count, member, at, low)
        if flags[member] & CLOSED and at < NOW:
            count = _gather_layer(view.closed, basket, useful, count, member, at, low)
        if flags[member] & ADDED:
            count = _gather_layer(view.added, basket, useful, count, member, at, low)
    return count


@_inlined
def _slot(scratch: Any, cursor: Any, place: int) -> Any:
    """The slot of a place, made at its first arrival."""
    slot = scratch.slot[place]
    if slot < 0:
        slot = cursor[SLOTS]
        cursor[SLOTS] += 1
        scratch.slot[place] = slot
        slots = scratch.slots
        slots.place[slot] = place
        slots.seen[slot] = 0
        slots.spilled[slot] = 0
        slots.active[slot] = 0
        slots.rank[slot] = UNRANKED
    return _long(slot)


@_compiled
def _within(new: int, have: int, room: Any, counts: Any) -> tuple[int, int]:
    """The new bits that the limits on size let in, and which limits kept others out. A place
    counts for a certainty when first affected with it, for the touched when first touched."""
    kept_out, held = 0, 0
    for certainty in range(3):
        held |= (have >> WIDTH * certainty) & AFFECTED
        bits = (new >> WIDTH * certainty) & AFFECTED
        if bits and not held:
            if counts[certainty] >= room[certainty]:
                new &= ~(bits << WIDTH * certainty)
                kept_out |= 1 << certainty
            else:
                counts[certainty] += 1
        held |= (new >> WIDTH * certainty) & AFFECTED
    if (new | new >> WIDTH | new >> 2 * WIDTH) & _STATES & ~AFFECTED and not have:
        if counts[3] >= room[3]:
            new &= AFFECTED | AFFECTED << WIDTH | AFFECTED << 2 * WIDTH
            kept_out |= 8
        else:
            counts[3] += 1
    return new, kept_out


@_compiled
def _classes(bits: int) -> int:
    """Which of exact, indirect, coarse, touched the bits belong to, as four bits."""
    found = 0
    for certainty in range(3):
        if (bits >> WIDTH * certainty) & AFFECTED:
            found |= 1 << certainty
        if (bits >> WIDTH * certainty) & _STATES & ~AFFECTED:
            found |= 8
    return found


@_compiled
def _rank(bits: int) -> int:
    """How sure the best of the bits is (`view.Slots`)."""
    for certainty in range(3):
        if (bits >> WIDTH * certainty) & AFFECTED:
            return certainty
    for certainty in range(3):
        if (bits >> WIDTH * certainty) & _STATES:
            return 3 + certainty
    return UNRANKED


@_compiled
def spread(walk: Any) -> None:
    """Cross from every arrival until none is left, or until there is no room (cursor[FULL]):
    then grow the scratch and call again. `walk` is a `view.Walk`."""
    view, scratch, cursor, at = walk.on, walk.scratch, walk.cursor, walk.at
    track, slots = scratch.track, scratch.slots
    basket, loads, turns = scratch.basket, scratch.loads, scratch.turns
    names, flags, traits = view.names, view.places.flags, view.tables.traits
    cursor[FULL] = 0
    while cursor[HEAD] < cursor[TAIL]:
        # Gather: first the steps of the place itself, then in further turns the dataset
        # edges of the datasets that it is a field of.
        event = cursor[HEAD]
        place, mask = _long(track.place[event]), track.mask[event]
        first = 1 if track.depth[event] == 0 else 0
        load = _load(view.tables, loads, cursor, mask, _long(track.spill[event]), first)
        count = _gather(view, basket, loads.useful[load], 0, place, at, 0)
        turns.place[0], turns.load[0], turns.end[0] = place, load, count
        turn_count = 1
        for i in range(min(count, len(basket.to))):
            if turn_count == len(turns.place):
                cursor[FULL] = NO_BASKET
                return
            if traits[basket.step[i]] & _OUT:
                dataset = _long(basket.to[i])
                group = _find(names.place, dataset) if flags[dataset] & ALIASED else -1
                if group >= 0:
                    dataset = _long(names.stands[group])
                slot = _long(scratch.slot[dataset])
                fresh = (mask | mask >> WIDTH | mask >> 2 * WIDTH) & AFFECTED
                if slot >= 0:
                    fresh &= ~_long(slots.active[slot])
                if fresh:
                    load = _load(view.tables, loads, cursor, fresh, 0, 0)
                    useful = loads.useful[load]
                    lowest = view.tables.first_whole
                    count = _gather(view, basket, useful, count, dataset, at, lowest)
                    turns.place[turn_count], turns.load[turn_count] = dataset, load
                    turns.fresh[turn_count], turns.end[turn_count] = fresh, count
                    turn_count += 1
        if count > len(basket.to):
            cursor[FULL] = NO_BASKET
            return
        if max(cursor[TAIL], cursor[SLOTS]) + count + turn_count > len(track.place):
            cursor[FULL] = NO_TRACK
            return
        # Arrive.
        cursor[HEAD] += 1
        i = 0
        for turn in range(turn_count):
            origin, out = _long(turns.place[turn]), loads.out[turns.load[turn]]
            if turn:
                slots.active[_slot(scratch, cursor, origin)] |= turns.fresh[turn]
            while i < turns.end[turn]:
                target, step = _long(basket.to[i]), basket.step[i]
                bits = out[step] & walk.allowed
                i += 1
                if flags[target] & ALIASED:
                    group = _find(names.place, target)
                    if group >= 0:
                        target = _long(names.stands[group])
                if bits == 0 or target == origin:
                    continue
                slot = _slot(scratch, cursor, target)
                have = slots.seen[slot]
                surest = (have | bits) & _STATES
                surer = surest | ((have | bits) >> WIDTH & _STATES)
                new = bits & ~(have | surest << WIDTH | surer << 2 * WIDTH)
                spill = 0
                if traits[step] & _WHOLE and flags[target] & WHOLE:
                    spill = (bits >> 2 * WIDTH) & AFFECTED & ~_long(slots.spilled[slot])
                if new == 0 and spill == 0:
                    continue
                if track.depth[event] >= walk.deepest:
                    track.cut[event] |= _classes(new) | (4 if spill else 0)
                    continue
                new, kept_out = _within(new, have, walk.room, walk.counts)
                if kept_out:
                    track.cut[event] |= kept_out << 4
                    spill &= (have | new) >> 2 * WIDTH
                    if new == 0 and spill == 0:
                        continue
                tail = cursor[TAIL]
                cursor[TAIL] += 1
                slots.seen[slot] = have | new
                slots.spilled[slot] |= spill
                rank = _rank(new)
                if rank < slots.rank[slot]:
                    slots.rank[slot] = rank
                    slots.event[slot] = tail
                track.place[tail], track.mask[tail], track.spill[tail] = target, new, spill
                track.depth[tail], track.parent[tail] = track.depth[event] + 1, event
                track.step[tail], track.cut[tail] = step, 0
