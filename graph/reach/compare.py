"""Whether two views say the same: for `verify`, which builds the index anew beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graph.reach.derive import Steps
from graph.reach.overlay import without
from graph.reach.rows import FOREVER, Ints
from graph.reach.view import View
from graph.transition import NO_STEP

_NAMED = 5


def differences(held: View, fresh: View) -> Iterator[str]:
    """One line for each kind of difference, with the first resources by store number."""
    ours, theirs = steps_of(held), steps_of(fresh)
    for said, steps in (
        ("links that are not in the record", without(ours, theirs)),
        ("links of the record that are missing", without(theirs, ours)),
    ):
        if len(steps):
            yield f"{len(steps)} {said}, first at {_first(steps.at)}"
    size = min(len(held.places.of), len(fresh.places.of))
    ours_at, theirs_at = held.places.of[:size], fresh.places.of[:size]
    unplaced = np.flatnonzero((ours_at < 0) != (theirs_at < 0))
    if len(unplaced):
        yield f"{len(unplaced)} resources missing or too many, first {_first(unplaced)}"
    both = np.flatnonzero((ours_at >= 0) & (theirs_at >= 0))
    for said in ("type", "level"):
        ours_say = getattr(held.places, said)[ours_at[both]]
        other = both[ours_say != getattr(fresh.places, said)[theirs_at[both]]]
        if len(other):
            yield f"{len(other)} resources of another {said}, first {_first(other)}"
    if _groups(held) != _groups(fresh):
        yield "aliases differ"


def steps_of(view: View) -> Steps:
    """All steps of a view by store number, with their intervals."""
    live, parts, number = view.live, view.parts, view.places.number
    ended = np.zeros(len(live.to) + len(parts.whole), bool)
    ended[view.ended.position] = True
    at = np.repeat(np.arange(len(live.begin) - 1), np.diff(live.begin))
    found = [_steps(number, at, live.to, live.step, live.since, FOREVER)]
    found[0] = found[0].take(~ended[: len(live.to)])
    place = len(parts.begin) - 1 + np.arange(len(parts.whole))
    holds = ~ended[len(live.to) :]
    for near, far, step in ((parts.whole, place, parts.down), (place, parts.whole, parts.up)):
        steps = _steps(number, near, far, step, parts.since, FOREVER)
        found.append(steps.take(holds & (step != NO_STEP)))
    for layer in (view.closed, view.added):
        at = np.repeat(layer.place, np.diff(layer.begin))
        found.append(_steps(number, at, layer.to, layer.step, layer.since, layer.until))
    return Steps.together(found)


def _steps(number: Ints, at: Any, to: Any, step: Any, since: Ints, until: Ints | int) -> Steps:
    ends = np.broadcast_to(np.asarray(until, np.int32), len(at))
    return Steps(number[at], number[to], step.astype(np.uint8), since, ends)


def _groups(view: View) -> list[tuple[int, int]]:
    number = view.places.number
    return sorted(
        zip(number[view.names.place].tolist(), number[view.names.stands].tolist(), strict=True)
    )


def _first(numbers: Any) -> str:
    return ", ".join(str(n) for n in np.unique(numbers)[:_NAMED].tolist())
