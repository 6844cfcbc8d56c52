"""What commits since the base have added and ended, as a small layer over it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from graph.reach.aliases import Aliases
from graph.reach.base import Base
from graph.reach.derive import Kinds, Steps, derive, knots
from graph.reach.layout import ADDED, ALIASED, ENDED, Layout, Live, Longs, Places, layer
from graph.reach.rows import FOREVER, NOW, Ints, Rows, bisect, ranges, replaced
from graph.reach.view import Ended, Tables, View
from graph.transition import Transitions


def view_of(
    base: Base, delta: Rows, aliases: Aliases, transitions: Transitions, tables: Tables
) -> View | None:
    """The base with `delta` over it; None where only a new base can say it."""
    kinds = Kinds.of(transitions)
    if not base.contain(delta, kinds):
        return None
    old, new = _difference(base, delta, kinds, transitions)
    if (old.until != FOREVER).any():
        return None
    made, places = base.layout, base.layout.places
    flag(places, old, new, aliases)
    position = np.unique(positions(made, old))
    ended = Ended(position, np.zeros(len(position), np.int32))
    names = aliases.at(NOW, places.of)
    added = layer(new, places.of)
    return View(places, made.parts, made.live, made.closed, added, ended, names, tables)


def flag(places: Places, old: Steps, new: Steps, aliases: Aliases) -> None:
    """In place: a flag only says where to look, so readers of an older view lose nothing."""
    places.flags[places.of[new.at]] |= ADDED
    places.flags[places.of[old.at]] |= ENDED
    places.flags[aliases.places(places.of)] |= ALIASED


def _difference(
    base: Base, delta: Rows, kinds: Kinds, transitions: Transitions
) -> tuple[Steps, Steps]:
    """Steps of the base that are no more as they were, and steps that it lacks. Knots are
    derived anew where one of their rows is touched."""
    positions, _ = replaced(base.rows, delta)
    knot = np.unique(knots(delta, kinds, base.whole))
    tied = base.tied(knot[knot != 0])
    before = np.union1d(positions, tied)
    after = np.setdiff1d(tied, positions)
    old = derive(base.rows.take(before), base.whole, kinds, transitions)
    new = derive(Rows.together([base.rows.take(after), delta]), base.whole, kinds, transitions)
    return without(old, new), without(new, old)


def without(steps: Steps, others: Steps) -> Steps:
    """The steps that are not among the others, each as often as it is more often there."""
    both = Steps.together([steps, others])
    columns: list[npt.NDArray[Any]] = [both.until, both.since, both.step, both.to, both.at]
    order = np.lexsort(columns)
    same = np.ones(len(order), bool)
    for column in columns:
        same[1:] &= np.diff(column[order].astype(np.int64)) == 0
    same[:1] = False
    group = np.zeros(len(order), np.int64)
    group[order] = np.cumsum(~same)
    mine, theirs = group[: len(steps)], group[len(steps) :]
    allowed = np.bincount(theirs, minlength=len(order) + 1)
    return steps.take(rank(mine) >= allowed[mine])


def rank(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many equal ones stand before each."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.searchsorted(ordered, ordered, "left")
    found = np.zeros(len(groups), np.int64)
    found[order] = np.arange(len(groups)) - starts
    return found


def positions(made: Layout, old: Steps) -> Longs:
    """Where steps of the base stand: in `Live`, or beyond it among the parts."""
    live, parts, of = made.live, made.parts, made.places.of
    wholes = len(parts.begin) - 1
    at, to = of[old.at], of[old.to]
    found = np.full(len(old), -1, np.int64)
    for part, other, classes in ((to, at, parts.down), (at, to, parts.up)):
        inside = np.flatnonzero((part >= wholes) & (part < wholes + len(parts.whole)))
        p = part[inside] - wholes
        inside, p = (x[(parts.whole[p] == other[inside]) & (classes[p] == old.step[inside])]
                     for x in (inside, p))  # fmt: skip
        found[inside] = len(live.to) + p
    rest = np.flatnonzero(found < 0)
    found[rest] = _in_live(live, at[rest], to[rest], old.step[rest], old.since[rest])
    return found


def _in_live(live: Live, at: Ints, to: Ints, step: Any, since: Ints) -> Longs:
    """Positions of steps in `Live`; of equal ones each has its own."""
    low, high = live.begin[at], live.begin[at + 1]
    for column, wanted in ((live.step, step), (live.to, to)):
        low, high = (bisect(column, wanted, low, high, right=side) for side in (False, True))
    which, position = np.repeat(np.arange(len(at)), high - low), ranges(low, high - low)
    same = live.since[position] == since[which]
    which, position = which[same], position[same]
    begin = np.searchsorted(which, np.arange(len(at)))
    keys = np.stack([at, to, step, since], axis=1).astype(np.int64)
    turn = rank(np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1))
    found: Longs = position[begin + turn]
    return found
