"""The view after some more commits, from the view before: only what they touch is derived.

`overlay.view_of` derives the whole delta, which is right after a new base and too slow for an
edit over a hundred thousand. Here the knots that the newly told rows touch are derived as they
were and as they are; the steps that differ are taken out of the layer or the base, and put in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from graph.reach.aliases import Aliases
from graph.reach.base import Base
from graph.reach.derive import Kinds, Steps, contained, derive, knots
from graph.reach.layout import Layer, Longs
from graph.reach.overlay import flag, positions, rank, without
from graph.reach.rows import FOREVER, NOW, Ints, Rows, bisect, ranges, replaced
from graph.reach.view import Ended, View
from graph.transition import Transitions


def joined(delta: Rows, told: Rows) -> Rows:
    """The delta (sorted) with what is told now; an interval told again replaces the earlier
    word."""
    told = told.sorted()
    known, _ = replaced(delta, told)
    keep = np.ones(len(delta), bool)
    keep[known] = False
    return delta.take(keep).inserted(told)


def advanced(
    view: View, base: Base, delta: Rows, told: Rows, aliases: Aliases, transitions: Transitions
) -> View | None:
    """The view with `told` over `delta`, which it has; None where `view_of` must look at all
    of it."""
    kinds = Kinds.of(transitions)
    fields, _ = contained(told, kinds)
    fresh = fields[base.whole[fields] == 0]
    if len(fresh) and (np.isin(delta.start, fresh).any() or np.isin(delta.end, fresh).any()):
        return None  # what they are fields of changes how their earlier lineage is read
    if not base.contain(told, kinds):
        return None
    before, after = _touched(base, delta, told.sorted(), kinds, transitions)
    gone, come = without(before, after), without(after, before)
    places = view.places
    inside = _found(view.added, gone, places.of)
    lost = gone.take(inside < 0)
    if (lost.until != FOREVER).any():
        return None
    flag(places, lost, come, aliases)
    ended = np.union1d(view.ended.position, positions(base.layout, lost))
    return view._replace(
        added=_edited(view.added, inside[inside >= 0], come, places.of),
        ended=Ended(ended, np.zeros(len(ended), np.int32)),
        names=aliases.at(NOW, places.of),
    )


def _touched(
    base: Base, delta: Rows, told: Rows, kinds: Kinds, transitions: Transitions
) -> tuple[Steps, Steps]:
    """The steps of the knots that these rows touch, and of these rows: as they were, and as
    they are."""
    knot = np.unique(knots(told, kinds, base.whole))
    knot = knot[knot != 0]
    again, _ = replaced(delta, told)
    held = np.isin(knots(delta, kinds, base.whole), knot)
    held[again] = True
    stays = held.copy()
    stays[again] = False
    over_before, over_after = delta.take(held), Rows.together([delta.take(stays), told])
    of_base = np.union1d(replaced(base.rows, told)[0], base.tied(knot))

    def derived(over: Rows) -> Steps:
        under = np.setdiff1d(of_base, replaced(base.rows, over)[0])
        rows = Rows.together([base.rows.take(under), over])
        return derive(rows, base.whole, kinds, transitions)

    return derived(over_before), derived(over_after)


def _found(layer: Layer, steps: Steps, of: Ints) -> Longs:
    """Positions of steps in a layer, each its own; -1 for what is not there."""
    found = np.full(len(steps), -1, np.int64)
    if not len(layer.place) or not len(steps):
        return found
    at, to = of[steps.at], of[steps.to]
    which = np.minimum(np.searchsorted(layer.place, at), len(layer.place) - 1)
    there = layer.place[which] == at
    low = np.where(there, layer.begin[which], 0)
    high = np.where(there, layer.begin[which + 1], 0)
    for column, wanted in ((layer.step, steps.step), (layer.to, to)):
        low, high = (bisect(column, wanted, low, high, right=side) for side in (False, True))
    asked, position = np.repeat(np.arange(len(steps)), high - low), ranges(low, high - low)
    same = layer.since[position] == steps.since[asked]
    same &= layer.until[position] == steps.until[asked]
    asked, position = asked[same], position[same]
    begin = np.searchsorted(asked, np.arange(len(steps)))
    count = np.bincount(asked, minlength=len(steps))
    columns: list[npt.NDArray[Any]] = [at, to, steps.step, steps.since, steps.until]
    keys = np.stack([column.astype(np.int64) for column in columns], axis=1)
    turn = rank(np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1))
    has = turn < count
    found[has] = position[begin[has] + turn[has]]
    return found


def _edited(layer: Layer, gone: Longs, come: Steps, of: Ints) -> Layer:
    """The layer without these positions, and with these steps."""
    at = np.repeat(layer.place, np.diff(layer.begin))
    columns: list[npt.NDArray[Any]] = [at, layer.step, layer.to, layer.since, layer.until]
    columns = [np.delete(column, gone) for column in columns]
    new: list[npt.NDArray[Any]] = [of[come.at], come.step, of[come.to], come.since, come.until]
    order = np.lexsort((new[2], new[1], new[0]))
    new = [column[order] for column in new]
    low = np.searchsorted(columns[0], new[0], "left")
    high = np.searchsorted(columns[0], new[0], "right")
    for i in (1, 2):
        column, wanted = columns[i], new[i]
        low, high = (bisect(column, wanted, low, high, right=side) for side in (False, True))
    at, step, to, since, until = (np.insert(columns[i], low, new[i]) for i in range(5))
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    return Layer(at[starts], np.append(starts, len(at)), to, step, since, until)
