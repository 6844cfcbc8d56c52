"""Lineage over the arrays: toward the origin or toward use, level by level.

A dataset is followed by its dataset edges (hidden ones too: they are lineage, though they
carry no change) and by what its fields say, brought up to datasets. A field is followed by
its column edges, and coarsely by those dataset edges of its dataset that nothing hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.reach.crossing import Crossing, Mask, members, neighbours
from graph.reach.layout import WHOLE
from graph.reach.rows import Ints
from graph.reach.view import View, stands_for
from graph.state import CERTAINTIES
from graph.step import Trait
from graph.transition import Transitions


class Legs(NamedTuple):
    """Pairs of places that lineage joins: `near` was followed to `far`. The link itself lies
    between `link_near` and `link_far`: elsewhere where it is `coarse` (of the field's
    dataset) or `brought` up from fields. `sure` is the best of all links that join the pair
    (its position in CERTAINTIES): a dataset edge is as sure as the column edges beside it."""

    near: Ints
    far: Ints
    link_near: Ints
    link_far: Ints
    coarse: Mask
    brought: Mask
    sure: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Followed:
    """Places with their distance, and the legs between them. `cut` are the places behind
    which there is more."""

    place: Ints
    depth: Ints
    legs: Legs
    cut: Ints


def follow(
    view: View,
    transitions: Transitions,
    start: int,
    *,
    upstream: bool,
    at: int,
    depth: int,
    room: int,
) -> Followed:
    """From one place, at most `depth` links far, until `room` places are found."""
    follower = _Follower(view, transitions, upstream, at)
    frontier = np.array([start], np.int32)
    places, depths, legs = [frontier], [np.zeros(1, np.int32)], [_no_legs()]
    known = np.zeros(len(view.places.number), bool)
    known[start] = True
    count, level, cut = 1, 0, frontier[:0]
    while len(frontier):
        follower.left = depth - level
        found = follower.legs(frontier)
        new = np.unique(found.far[~known[found.far]])
        if level >= depth or count + len(new) > room:
            cut = np.unique(found.near[np.isin(found.far, new)])
            legs.append(_take(found, ~np.isin(found.far, new)))
            break
        legs.append(found)
        level += 1
        known[new], count, frontier = True, count + len(new), new.astype(np.int32)
        places.append(frontier)
        depths.append(np.full(len(new), level, np.int32))
    joined = Legs(*(np.concatenate(columns) for columns in zip(*legs, strict=True)))
    return Followed(np.concatenate(places), np.concatenate(depths), joined, cut)


def rootless(view: View, transitions: Transitions, places: Ints, at: int) -> Mask:
    """Which of these places derive from nothing."""
    if not len(places):
        return np.zeros(0, bool)
    legs = _Follower(view, transitions, True, at).legs(places)
    return ~np.isin(places, legs.near)


def joined(view: View, transitions: Transitions, places: Ints, at: int) -> Ints:
    """Those of the places that lineage leads to or from."""
    ways = [_Follower(view, transitions, upstream, at).legs(places) for upstream in (True, False)]
    return np.unique(np.concatenate([legs.near for legs in ways]))


class _Follower:
    def __init__(self, view: View, transitions: Transitions, upstream: bool, at: int) -> None:
        self.view, self.at, self.left = view, at, 0
        traits = view.tables.traits
        self.sure = transitions.sure
        self.onward = traits & int(Trait.ORIGIN if upstream else Trait.USE) > 0
        self.visible = self.onward.copy()
        self.visible[[transitions.hidden_origin, transitions.hidden_use]] = False
        self.inward = traits & int(Trait.INTO) > 0
        self.outward = traits & int(Trait.OUT) > 0

    def legs(self, places: Ints) -> Legs:
        """All legs from these places, each pair once: a link between the two themselves goes
        before one that is brought up."""
        dataset = self.view.places.flags[places] & WHOLE > 0
        columns: Any = zip(
            self._direct(places),
            self._coarse(places[~dataset]),
            self._brought(places[dataset]),
            strict=True,
        )
        found = Legs(*(np.concatenate(column) for column in columns))
        found = _take(found, found.near != found.far)
        pair = found.near.astype(np.int64) << 32 | found.far
        _, first, which = np.unique(pair, return_index=True, return_inverse=True)
        best = np.full(len(first), len(CERTAINTIES), np.int8)
        np.minimum.at(best, which, found.sure)
        order = np.argsort(first)
        return _take(found, first[order])._replace(sure=best[order])

    def _direct(self, places: Ints) -> Legs:
        who, far, step = self._across(places, self.onward)
        near = places[who]
        no = np.zeros(len(near), bool)
        return Legs(near, far, near, far, no, no, self.sure[step])

    def _coarse(self, fields: Ints) -> Legs:
        which, dataset, _ = self._across(fields, self.outward)
        who, far, step = self._across(dataset, self.visible)
        near = fields[which[who]]
        yes = np.ones(len(near), bool)
        return Legs(near, far, dataset[who], far, yes, ~yes, self.sure[step])

    def _brought(self, datasets: Ints) -> Legs:
        which, field, _ = self._across(datasets, self.inward)
        who, other, step = self._across(field, self.onward)
        near, link_near = datasets[which[who]], field[who]
        lies, dataset, _ = self._across(other, self.outward)
        far = other.copy()
        far[lies] = dataset
        yes = np.ones(len(near), bool)
        return Legs(near, far, link_near, other, ~yes, yes, self.sure[step])

    def _across(self, places: Ints, wanted: Mask) -> Crossing:
        """Steps of these classes, to the places that readers see."""
        who, member = members(self.view, places)
        asked, to, step = neighbours(self.view, member, self.at, wanted, self.left)
        return who[asked], stands_for(self.view.names, to), step


def _take(legs: Legs, where: npt.NDArray[Any]) -> Legs:
    columns: Any = (column[where] for column in legs)
    return Legs(*columns)


def _no_legs() -> Legs:
    none, no = np.zeros(0, np.int32), np.zeros(0, bool)
    return Legs(none, none, none, none, no, no, np.zeros(0, np.int8))
