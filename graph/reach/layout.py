"""Steps as arrays to walk on: resources renumbered, a dataset's fields side by side.

Places (the dense inner numbers) come in three regions:

    [0, W)        wholes with leaf parts (datasets, entries, …)
    [W, W + P)    their parts, those of one whole together and in its order
    [W + P, n)    everything else

A part whose only containment is still open needs no steps for it: its whole is known by
its place. All other steps that still hold are one CSR (`Live`); what has ended, and what
commits since have added, are small CSRs over few places (`Layer`).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.reach.derive import Steps
from graph.reach.nodes import Nodes
from graph.reach.rows import FOREVER, Ints, Rows
from graph.transition import NO_STEP, Transitions

Bytes = npt.NDArray[np.uint8]
Longs = npt.NDArray[np.int64]

CLOSED, ADDED, ENDED, ALIASED, WHOLE = 1, 2, 4, 8, 16
"""Flags of a place: has steps that ended; has added steps; has steps of the base that have
ended since; has aliases; is a dataset."""


class Live(NamedTuple):
    """Steps that hold, by place: those of `v` are [begin[v], begin[v+1]), sorted by class."""

    begin: Longs
    to: Ints
    step: Bytes
    since: Ints


class Layer(NamedTuple):
    """Steps of a few places: those of place[i] are [begin[i], begin[i+1]), sorted by class."""

    place: Ints
    begin: Longs
    to: Ints
    step: Bytes
    since: Ints
    until: Ints


class Parts(NamedTuple):
    """Containment by place. `begin` has W + 1 places; the others are by part: its whole, the
    classes of the steps from and to the whole, and since when."""

    begin: Ints
    whole: Ints
    down: Bytes
    up: Bytes
    since: Ints


class Places(NamedTuple):
    """By place: store number, class of resource, rank of its security level, flags. And
    back: `of` is the place of a store number, -1 for none."""

    number: Ints
    type: npt.NDArray[np.int16]
    level: Bytes
    flags: Bytes
    of: Ints

    def admit(self, nodes: Nodes, numbers: Ints, transitions: Transitions) -> bool:
        """Give places to those of the numbers that have none, and renew the class and level
        of all of them. In place: readers of an older view know no way to what is new. False
        when there is no room; nothing is done then."""
        if len(numbers) and numbers.max() >= len(self.of):
            return False
        new = numbers[self.of[numbers] < 0]
        used = bisect_left(range(len(self.number)), True, key=lambda p: self.number[p] < 0)
        if used + len(new) > len(self.number):
            return False
        self.number[used : used + len(new)] = new
        self.of[new] = np.arange(used, used + len(new), dtype=np.int32)
        places = self.of[numbers]
        self.type[places] = nodes.type[numbers]
        self.level[places] = nodes.level[numbers]
        self.flags[places[containers(nodes.type[numbers], transitions)]] |= WHOLE
        return True


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole ledger as the walk wants it."""

    places: Places
    parts: Parts
    live: Live
    closed: Layer


def layer(steps: Steps, place: Ints) -> Layer:
    """These steps as a CSR over the places they leave from."""
    return _layer(place[steps.at], place[steps.to], steps.step, steps.since, steps.until)


def over(one: Layer, other: Layer) -> Layer:
    """Both layers as one."""
    at = np.concatenate([np.repeat(x.place, np.diff(x.begin)) for x in (one, other)])
    columns: Any = zip(one[2:], other[2:], strict=True)
    return _layer(at, *(np.concatenate(column) for column in columns))


def _layer(at: Ints, to: Ints, step: Bytes, since: Ints, until: Ints) -> Layer:
    order = np.lexsort((to, step, at))
    at = at[order]
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    return Layer(
        at[starts].astype(np.int32),
        np.append(starts, len(at)).astype(np.int64),
        to[order].astype(np.int32),
        step[order],
        since[order],
        until[order],
    )


class Inner(NamedTuple):
    """By store number, for parts that need no steps: their whole (0: none), classes, since."""

    whole: Ints
    down: Bytes
    up: Bytes
    since: Ints


def layout(
    nodes: Nodes, inner: Inner, steps: Steps, transitions: Transitions, *, spare: int = 0
) -> Layout:
    """Renumber and sort. `steps` are those derived from all rows but what `inner` tells;
    `spare` is the room left for further resources."""
    size = len(nodes)
    whole, down, up, since = inner
    part = np.flatnonzero(whole)
    owners = np.unique(whole[part])
    order = part[np.lexsort((part, whole[part]))]
    rest = np.flatnonzero((whole == 0) & (nodes.type >= 0))
    number = np.concatenate([owners, order, rest[~np.isin(rest, owners)]]).astype(np.int32)
    of = np.full(size, -1, np.int32)
    of[number] = np.arange(len(number), dtype=np.int32)
    counts = np.bincount(of[whole[order]], minlength=len(owners))
    begin = (len(owners) + np.concatenate([[0], np.cumsum(counts)])).astype(np.int32)
    parts = Parts(begin, of[whole[order]], down[order], up[order], since[order])

    open_, ended = steps.take(steps.until == FOREVER), steps.take(steps.until != FOREVER)
    closed = layer(ended, of)
    flags = np.zeros(len(number), np.uint8)
    flags[closed.place] |= CLOSED
    flags[containers(nodes.type[number], transitions)] |= WHOLE
    places = Places(
        _padded(number, spare, -1),
        _padded(nodes.type[number], spare, -1),
        _padded(nodes.level[number], spare, 0),
        _padded(flags, spare, 0),
        _padded(of, spare, -1),
    )
    return Layout(places, parts, _live(open_, of, len(number)), closed)


def containers(types: npt.NDArray[Any], transitions: Transitions) -> npt.NDArray[np.bool_]:
    """Which of these classes (by number, -1 none) have fields."""
    table = np.array([*(name in transitions.containers for name in transitions.types), False])
    found: npt.NDArray[np.bool_] = table[types]
    return found


def _padded(column: npt.NDArray[Any], spare: int, value: int) -> Any:
    return np.concatenate([column, np.full(spare, value, column.dtype)])


def _live(steps: Steps, of: Ints, size: int) -> Live:
    at, to = of[steps.at], of[steps.to]
    order = np.lexsort((to, steps.step, at))
    begin = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(at, minlength=size), out=begin[1:])
    return Live(begin, to[order].astype(np.int32), steps.step[order], steps.since[order])


def implicit(
    rows: Rows, transitions: Transitions, size: int
) -> tuple[npt.NDArray[np.bool_], Inner]:
    """Which rows are the only containment, still open, of a part without parts; and what they
    tell, by store number."""
    leaf = np.array([s.type in transitions.leaf_parts for s in transitions.sorts], bool)
    inside = np.flatnonzero(leaf[rows.sort])
    times = np.bincount(rows.end[inside], minlength=size)
    inside = inside[(times[rows.end[inside]] == 1) & (rows.until[inside] == FOREVER)]
    holds = np.zeros(size, bool)
    holds[rows.start[inside]] = True
    inside = inside[~holds[rows.end[inside]]]
    part, sort = rows.end[inside], rows.sort[inside]
    whole, since = np.zeros(size, np.int32), np.zeros(size, np.int32)
    down, up = np.full(size, NO_STEP, np.uint8), np.full(size, NO_STEP, np.uint8)
    whole[part], since[part] = rows.start[inside], rows.since[inside]
    down[part] = np.array([s.forward for s in transitions.sorts], np.uint8)[sort]
    up[part] = np.array([s.backward for s in transitions.sorts], np.uint8)[sort]
    told = np.zeros(len(rows), bool)
    told[inside] = True
    return told, Inner(whole, down, up, since)
