"""What commits since the base have added and ended, as a small layer over it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from graph.reach.base import Base
from graph.reach.derive import Kinds, Steps, derive, knots, wholes
from graph.reach.layout import ADDED, ALIASED, ENDED, Places, layer
from graph.reach.names import Aliases
from graph.reach.rows import FOREVER, NOW, Ints, Rows, replaced
from graph.reach.view import Ended, Tables, View
from graph.transition import Transitions


def no_steps() -> Steps:
    none = np.zeros(0, np.int32)
    return Steps(none, none, np.zeros(0, np.uint8), none, none)


def view_of(
    base: Base, delta: Rows, aliases: Aliases, transitions: Transitions, tables: Tables
) -> View | None:
    """The base with `delta` over it. None when an overlay cannot say it: a field that had
    lineage before it had a dataset changes how the past is read, so lay a new base."""
    kinds = Kinds.of(transitions)
    whole = _wholes(base, delta, kinds)
    if whole is None:
        return None
    old, new = _difference(base, delta, whole, kinds, transitions)
    made = base.layout
    ended = _ended(base, old)
    if ended is None:
        return None
    places = made.places
    added = layer(new, places.of) if len(new) else layer(no_steps(), places.of)
    _flag(places, old, new, aliases)
    names = aliases.at(NOW, places.of)
    return View(places, made.parts, made.live, made.closed, added, ended, names, tables)


def _flag(places: Places, old: Steps, new: Steps, aliases: Aliases) -> None:
    """In place: a flag only says where to look, so readers of an older view lose nothing."""
    places.flags[places.of[new.at]] |= ADDED
    places.flags[places.of[old.at]] |= ENDED
    places.flags[places.of[np.array(sorted(aliases.numbers), np.intp)]] |= ALIASED


def _wholes(base: Base, delta: Rows, kinds: Kinds) -> Ints | None:
    """The dataset of each field; None where a field with lineage only now gets one."""
    whole = np.zeros(len(base.layout.places.of), np.int32)
    whole[: len(base.whole)] = base.whole
    found = wholes(delta, kinds, len(whole))
    late = np.flatnonzero((found > 0) & (whole == 0))
    tied = base.rows.take(base.knotted)
    if len(late) and (np.isin(late, tied.start).any() or np.isin(late, tied.end).any()):
        return None
    whole[late] = found[late]
    return whole


def _difference(
    base: Base, delta: Rows, whole: Ints, kinds: Kinds, transitions: Transitions
) -> tuple[Steps, Steps]:
    """Steps of the base that are no more as they were, and steps that it lacks. Knots are
    derived anew where one of their rows is touched."""
    positions, _ = replaced(base.rows, delta)
    knot = np.unique(knots(delta, kinds, whole))
    tied = base.tied(knot[knot != 0])
    before = np.union1d(positions, tied)
    after = np.setdiff1d(tied, positions)
    old = derive(base.rows.take(before), whole, kinds, transitions)
    new = derive(Rows.together([base.rows.take(after), delta]), whole, kinds, transitions)
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
    rank = _rank(mine)
    return steps.take(rank >= allowed[mine])


def _rank(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many equal ones stand before each."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.searchsorted(ordered, ordered, "left")
    rank = np.zeros(len(groups), np.int64)
    rank[order] = np.arange(len(groups)) - starts
    return rank


def _ended(base: Base, old: Steps) -> Ended | None:
    """Where these steps stand in the base. They still hold there, or they would be past and
    past steps do not change (None: they did)."""
    if (old.until != FOREVER).any():
        return None
    made, places = base.layout, base.layout.places
    positions = []
    taken: set[int] = set()
    columns = (places.of[old.at], places.of[old.to], old.step, old.since)
    for at, to, step, since in zip(*(c.tolist() for c in columns), strict=True):
        position = _position(made, at, to, step, since, taken)
        taken.add(position)
        positions.append(position)
    ordered = np.array(sorted(positions), np.int64)
    return Ended(ordered, np.zeros(len(ordered), np.int32))


def _position(made: Any, at: int, to: int, step: int, since: int, taken: set[int]) -> int:
    live, parts = made.live, made.parts
    wholes = len(parts.begin) - 1
    for part, other, classes in ((to, at, parts.down), (at, to, parts.up)):
        p = part - wholes
        if 0 <= p < len(parts.whole) and parts.whole[p] == other and classes[p] == step:
            return int(len(live.to) + p)
    low, high = live.begin[at], live.begin[at + 1]
    low, high = (low + np.searchsorted(live.step[low:high], step, s) for s in ("left", "right"))
    low, high = (low + np.searchsorted(live.to[low:high], to, s) for s in ("left", "right"))
    for position in range(low, high):
        if live.since[position] == since and position not in taken:
            return int(position)
    raise AssertionError("a step of the base is not where it was laid")
