"""The spreading itself, compiled by numba: breadth first over (resource, bits).

One queue of arrivals. An arrival brings bits that are new at its place; crossing each step
of the place gives the bits beyond. Certainty is part of a bit, so that one walk answers
for all three: a bit is dropped where the same state is already held with equal or better
certainty (breadth first: at no greater depth). `levels` does the same in numpy; both are
tested against a slow and obvious walk (tests/graph/slow_impact.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

from graph.reach.layout import ADDED, ALIASED, CLOSED, ENDED, LOOSE, WHOLE
from graph.reach.rows import NOW
from graph.reach.view import UNRANKED
from graph.transition import AFFECTED, NO_STEP, Trait

HEAD, TAIL, SLOTS, FULL = range(4)
"""Positions in the cursor: next arrival to cross, room used, and whether it ran out."""

_STATES = (1 << 20) - 1
_OUT, _WHOLE = int(Trait.OUT), int(Trait.WHOLE)

F = TypeVar("F", bound=Callable[..., Any])
_numba: Callable[[F], F] = numba.njit(cache=True, nogil=True)  # type: ignore[assignment]
_long: Any = np.int64  # int() of a narrow unsigned number stays unsigned in numba


@_numba
def _find(sorted_places: Any, place: int) -> int:
    """Position of a place, -1 where it is not."""
    low, high = 0, len(sorted_places)
    while low < high:
        middle = (low + high) // 2
        if sorted_places[middle] < place:
            low = middle + 1
        else:
            high = middle
    return low if low < len(sorted_places) and sorted_places[low] == place else -1


@_numba
def _stands(view: Any, place: int) -> int:
    if view.places.flags[place] & ALIASED:
        found = _find(view.names.place, place)
        if found >= 0:
            return int(view.names.stands[found])
    return place


@_numba
def _holds(view: Any, place: int, position: int, at: int) -> bool:
    """Whether a step of the base has not ended by `at`."""
    if view.places.flags[place] & ENDED:
        found = _find(view.ended.position, position)
        return found < 0 or at < view.ended.until[found]
    return True


@_numba
def _slot(walk: Any, place: int) -> int:
    """The slot of a place, made at its first arrival; -1 when there is no room."""
    slots, cursor = walk.scratch.slots, walk.cursor
    slot = walk.scratch.slot[place]
    if slot < 0:
        slot = cursor[SLOTS]
        if slot >= len(slots.place):
            cursor[FULL] = 1
            return -1
        cursor[SLOTS] += 1
        walk.scratch.slot[place] = slot
        slots.place[slot] = place
        slots.seen[slot] = 0
        slots.spilled[slot] = 0
        slots.active[slot] = 0
        slots.rank[slot] = UNRANKED
    return int(slot)


@_numba
def _beyond(view: Any, step: int, mask: int, spill: int, first: int) -> int:
    """The bits that arrive through a step."""
    out, bit = 0, 0
    while mask:
        if mask & 1:
            out |= view.tables.table[first, step, bit]
        mask >>= 1
        bit += 1
    bit = 0
    while spill:
        if spill & 1:
            out |= view.tables.spill[step, bit]
        spill >>= 1
        bit += 1
    return out


@_numba
def _within(new: int, have: int, room: Any, counts: Any) -> tuple[int, int]:
    """The new bits that the limits on size let in, and which limits kept others out. A place
    counts for a certainty when first affected with it, for the touched when first touched."""
    kept_out = 0
    held = 0
    for certainty in range(3):
        held |= (have >> 20 * certainty) & AFFECTED
        bits = (new >> 20 * certainty) & AFFECTED
        if bits and not held:
            if counts[certainty] >= room[certainty]:
                new &= ~(bits << 20 * certainty)
                kept_out |= 1 << certainty
            else:
                counts[certainty] += 1
        held |= (new >> 20 * certainty) & AFFECTED
    quiet = _STATES & ~AFFECTED
    if (new | new >> 20 | new >> 40) & quiet and not have:
        if counts[3] >= room[3]:
            new &= AFFECTED | AFFECTED << 20 | AFFECTED << 40
            kept_out |= 8
        else:
            counts[3] += 1
    return new, kept_out


@_numba
def _classes(bits: int) -> int:
    """Which of exact, indirect, coarse, touched the bits belong to, as four bits."""
    found = 0
    for certainty in range(3):
        if (bits >> 20 * certainty) & AFFECTED:
            found |= 1 << certainty
        if (bits >> 20 * certainty) & _STATES & ~AFFECTED:
            found |= 8
    return found


@_numba
def _rank(bits: int) -> int:
    """How sure the best of the bits is (`view.Slots`)."""
    for certainty in range(3):
        if (bits >> 20 * certainty) & AFFECTED:
            return certainty
    for certainty in range(3):
        if (bits >> 20 * certainty) & _STATES:
            return 3 + certainty
    return UNRANKED


@_numba
def _arrive(walk: Any, event: int, origin: int, to: int, step: int, out: int) -> None:
    """Bits `out` come from arrival `event`, through a step that leaves `origin`."""
    track, slots, cursor = walk.scratch.track, walk.scratch.slots, walk.cursor
    out &= walk.allowed
    place = _stands(walk.on, to)
    if out == 0 or place == origin:
        return
    slot = _slot(walk, place)
    if slot < 0:
        return
    have = slots.seen[slot]
    surest = (have | out) & _STATES
    surer = surest | ((have | out) >> 20 & _STATES)
    new = out & ~(have | surest << 20 | surer << 40)
    spill = 0
    if walk.on.tables.traits[step] & _WHOLE and walk.on.places.flags[place] & WHOLE:
        spill = (out >> 40) & AFFECTED & ~slots.spilled[slot]
    if new == 0 and spill == 0:
        return
    if track.depth[event] >= walk.deepest:
        track.cut[event] |= _classes(new) | (4 if spill else 0)
        return
    new, kept_out = _within(new, have, walk.room, walk.counts)
    if kept_out:
        track.cut[event] |= kept_out << 4
        spill &= (have | new) >> 40
        if new == 0 and spill == 0:
            return
    tail = cursor[TAIL]
    if tail >= len(track.place):
        cursor[FULL] = 1
        return
    cursor[TAIL] += 1
    slots.seen[slot] = have | new
    slots.spilled[slot] |= spill
    rank = _rank(new)
    if rank < slots.rank[slot]:
        slots.rank[slot] = rank
        slots.event[slot] = tail
    track.place[tail] = place
    track.mask[tail] = new
    track.spill[tail] = spill
    track.depth[tail] = track.depth[event] + 1
    track.parent[tail] = event
    track.step[tail] = step
    track.cut[tail] = 0


@_numba
def _cross(
    walk: Any, event: int, origin: int, member: int, mask: int, spill: int, first: int, lowest: int
) -> None:
    """Cross all steps of one place, of classes from `lowest` on, with these bits."""
    view, live = walk.on, walk.on.live
    last, out = -1, 0
    if member + 1 < len(live.begin):
        low, high = live.begin[member], live.begin[member + 1]
        if lowest:
            low = low + np.searchsorted(live.step[low:high], lowest)
        for e in range(low, high):
            step = _long(live.step[e])
            if step != last:
                last, out = step, _beyond(view, step, mask, spill, first)
            if out and live.since[e] <= walk.at and _holds(view, member, e, walk.at):
                _arrive(walk, event, origin, live.to[e], step, out)
    flags = view.places.flags[member]
    if flags & CLOSED and walk.at < NOW:
        _cross_layer(walk, view.closed, event, origin, member, mask, spill, first, lowest)
    if flags & ADDED:
        _cross_layer(walk, view.added, event, origin, member, mask, spill, first, lowest)


@_numba
def _cross_layer(
    walk: Any, layer: Any, event: int, origin: int, member: int,
    mask: int, spill: int, first: int, lowest: int,
) -> None:  # fmt: skip
    found = _find(layer.place, member)
    if found < 0:
        return
    last, out = -1, 0
    for e in range(layer.begin[found], layer.begin[found + 1]):
        step = _long(layer.step[e])
        if step >= lowest and layer.since[e] <= walk.at < layer.until[e]:
            if step != last:
                last, out = step, _beyond(walk.on, step, mask, spill, first)
            if out:
                _arrive(walk, event, origin, layer.to[e], step, out)


@_numba
def _contain(
    walk: Any, event: int, origin: int, member: int, mask: int, spill: int, first: int
) -> None:
    """Cross to the parts of a place, or from a part to its whole and its dataset edges."""
    view, parts = walk.on, walk.on.parts
    wholes, beyond = len(parts.begin) - 1, len(view.live.to)
    last, out = -1, 0
    if member < wholes:
        for place in range(parts.begin[member], parts.begin[member + 1]):
            part = place - wholes
            step = _long(parts.down[part])
            if step != last:
                last, out = step, 0
                if step != NO_STEP:
                    out = _beyond(view, step, mask, spill, first)
            if (
                out
                and parts.since[part] <= walk.at
                and _holds(view, member, beyond + part, walk.at)
            ):
                _arrive(walk, event, origin, place, step, out)
    elif member < wholes + len(parts.whole):
        part = member - wholes
        step = _long(parts.up[part])
        if (
            step != NO_STEP
            and parts.since[part] <= walk.at
            and _holds(view, member, beyond + part, walk.at)
        ):
            out = _beyond(view, step, mask, spill, first)
            _arrive(walk, event, origin, parts.whole[part], step, out)
            if view.tables.traits[step] & _OUT:
                _activate(walk, event, parts.whole[part])


@_numba
def _activate(walk: Any, event: int, dataset: int) -> None:
    """What affects a field goes through the dataset edges of its dataset."""
    view, slots = walk.on, walk.scratch.slots
    mask = walk.scratch.track.mask[event]
    dataset = _stands(view, dataset)
    slot = _slot(walk, dataset)
    if slot < 0:
        return
    fresh = (mask | mask >> 20 | mask >> 40) & AFFECTED & ~slots.active[slot]
    if fresh == 0:
        return
    lowest = view.tables.first_whole
    group = _find(view.names.place, dataset) if view.places.flags[dataset] & ALIASED else -1
    if group < 0:
        _cross(walk, event, dataset, dataset, fresh, 0, 0, lowest)
    else:
        for i in range(view.names.begin[group], view.names.begin[group + 1]):
            member = _long(view.names.member[i])
            _cross(walk, event, dataset, member, fresh, 0, 0, lowest)
    if not walk.cursor[FULL]:
        slots.active[slot] |= fresh


@_numba
def _leave(walk: Any, event: int, member: int) -> None:
    """The same from a field whose containment is written out as steps."""
    view, live = walk.on, walk.on.live
    if member + 1 < len(live.begin):
        for e in range(live.begin[member], live.begin[member + 1]):
            if (
                view.tables.traits[live.step[e]] & _OUT
                and live.since[e] <= walk.at
                and _holds(view, member, e, walk.at)
            ):
                _activate(walk, event, _long(live.to[e]))
    _leave_layer(walk, view.closed, event, member)
    _leave_layer(walk, view.added, event, member)


@_numba
def _leave_layer(walk: Any, layer: Any, event: int, member: int) -> None:
    found = _find(layer.place, member)
    if found < 0:
        return
    for e in range(layer.begin[found], layer.begin[found + 1]):
        if (
            walk.on.tables.traits[layer.step[e]] & _OUT
            and layer.since[e] <= walk.at < layer.until[e]
        ):
            _activate(walk, event, _long(layer.to[e]))


@_numba
def spread(walk: Any) -> None:
    """Cross from every arrival until none is left, or until the room is full (cursor[FULL]):
    then grow the scratch and call again. `walk` is a `view.Walk`."""
    track, names, cursor = walk.scratch.track, walk.on.names, walk.cursor
    flags = walk.on.places.flags
    cursor[FULL] = 0
    while cursor[HEAD] < cursor[TAIL]:
        event = cursor[HEAD]
        origin = _long(track.place[event])
        mask, spill = track.mask[event], _long(track.spill[event])
        first = 1 if track.depth[event] == 0 else 0
        group = _find(names.place, origin) if flags[origin] & ALIASED else -1
        low = names.begin[group] if group >= 0 else 0
        high = names.begin[group + 1] if group >= 0 else 1
        for i in range(low, high):
            member = _long(names.member[i]) if group >= 0 else origin
            _contain(walk, event, origin, member, mask, spill, first)
            _cross(walk, event, origin, member, mask, spill, first, 0)
            if flags[member] & LOOSE:
                _leave(walk, event, member)
        if cursor[FULL]:
            return
        cursor[HEAD] += 1
