"""Crossing steps in numpy: all steps that many places have, at a commit, at once.

The base holds them by place (its parts without any edge), the layers what came and ended
since; `neighbours` sees to all of them.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.reach.layout import ADDED, ALIASED, CLOSED, ENDED, Layer, Live
from graph.reach.rows import NOW, Ints, bisect, ranges
from graph.reach.view import View
from graph.transition import NO_STEP

Longs = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Crossing = tuple[Longs, Ints, npt.NDArray[np.uint8]]
"""(position in what was asked, place at the other end, class of the step)"""


class Note(NamedTuple):
    """These classes of steps were looked for at these places, by who means to go on along them
    for `onward` more links."""

    places: Ints
    classes: Mask
    onward: int = 0


looked: ContextVar[list[Note] | None] = ContextVar("looked", default=None)
"""Where it is set, it is added to. Who fetches links only when they are needed (near.py) learns
from it what a question needs."""

HUB = 256
"""A place with more steps is not looked through when few classes are wanted."""


def neighbours(view: View, places: Ints, at: int, wanted: Mask, onward: int = 0) -> Crossing:
    """All steps of the wanted classes that these places have at a commit; `onward`: see `Note`."""
    if (notes := looked.get()) is not None:
        notes.append(Note(places, wanted, onward))
    who, to, step = gathered(view, places, at, wanted)
    order = np.argsort(who, kind="stable")
    return who[order], to[order], step[order]


def gathered(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    """The same, in no order but that of the kinds of steps at each place."""
    ways = [_down, _up, _live]
    if at < NOW:
        ways.append(_closed)
    ways.append(_added)
    found = [way(view, places, at, wanted) for way in ways]
    told: Crossing = together([crossing for crossing in found if len(crossing[0])] or found[:1])
    return told


def together(parts: list[Any]) -> Any:
    """The columns of all parts; most often there is but one."""
    if len(parts) == 1:
        return parts[0]
    return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))


_NOTHING: Crossing = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))


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
    if not len(edge):
        return _NOTHING
    step = live.step[edge]
    holds = wanted[step]
    if at < NOW:
        holds &= live.since[edge] <= at
    who, edge, step = who[holds], edge[holds], step[holds]
    if len(view.ended.position):
        holds = _holds(view, places[who], edge, at)
        who, edge, step = who[holds], edge[holds], step[holds]
    return who, live.to[edge], step


def _spans(
    live: Live, who: Longs, low: Longs, high: Longs, wanted: Mask
) -> tuple[Longs, Longs, Longs]:
    """Of places with many steps only the spans of the wanted classes."""
    edges = np.flatnonzero(np.diff(wanted.astype(np.int8), prepend=0, append=0))
    classes = np.tile(edges, len(who))
    low, high = np.repeat(low, len(edges)), np.repeat(high, len(edges))
    ends = bisect(live.step, classes, low, high, right=False).reshape(-1, 2)
    return np.repeat(who, len(edges) // 2), ends[:, 0], ends[:, 1]


def _closed(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    return _layer(view, view.closed, CLOSED, places, at, wanted)


def _added(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    return _layer(view, view.added, ADDED, places, at, wanted)


def _layer(view: View, layer: Layer, flag: int, places: Ints, at: int, wanted: Mask) -> Crossing:
    if not len(layer.place):
        return _NOTHING
    known = np.flatnonzero(view.places.flags[places] & flag)
    if not len(known):
        return _NOTHING
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
    if not len(known):
        return _NOTHING
    low = parts.begin[places[known]].astype(np.int64)
    counts = parts.begin[places[known] + 1] - low
    place, who = ranges(low, counts), np.repeat(known, counts)
    return _contained(view, places, who, place, place - wholes, parts.down, at, wanted)


def _up(view: View, places: Ints, at: int, wanted: Mask) -> Crossing:
    parts = view.parts
    wholes = len(parts.begin) - 1
    who = np.flatnonzero((places >= wholes) & (places < wholes + len(parts.whole)))
    if not len(who):
        return _NOTHING
    part = places[who].astype(np.int64) - wholes
    return _contained(view, places, who, parts.whole[part], part, parts.up, at, wanted)


def _contained(
    view: View, places: Ints, who: Longs, to: Any, part: Longs, classes: Any, at: int, wanted: Mask
) -> Crossing:
    step = classes[part]
    holds = np.append(wanted, np.zeros(NO_STEP + 1 - len(wanted), bool))[step]
    if at < NOW:
        holds &= view.parts.since[part] <= at
    if len(view.ended.position):
        holds[holds] = _holds(view, places[who[holds]], part[holds] + len(view.live.to), at)
    return who[holds], to[holds].astype(np.int32), step[holds]


def _holds(view: View, places: Ints, positions: Longs, at: int) -> Mask:
    """Which steps of the base have not ended by `at`."""
    holds = np.ones(len(positions), bool)
    doubtful = np.flatnonzero(view.places.flags[places] & ENDED)
    if len(doubtful):
        found = np.searchsorted(view.ended.position, positions[doubtful])
        found = np.minimum(found, len(view.ended.position) - 1)
        told = view.ended.position[found] == positions[doubtful]
        holds[doubtful] = ~told | (at < view.ended.until[found])
    return holds


def members(view: View, places: Ints) -> tuple[Longs, Ints]:
    """Each place with all names of its group: (position in what was asked, place)."""
    names = view.names
    if not len(names.place):
        return np.arange(len(places)), places
    aliased = np.flatnonzero(view.places.flags[places] & ALIASED)
    if not len(aliased):
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
