"""What a change would reach at one moment and at another: new, vanished, and by other paths.

Two walks over the same index, compared as arrays by store number; only the page is named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graph.affected import Affected, read_page
from graph.impact import SHOWN_CUTS, Cut, Question, cuts_of, walked
from graph.reach.sight import Reach
from graph.reach.trace import Rows, Trace
from graph.store import GraphStore
from ontology.resource import At, ResourceId
from ontology.viewer import LOCAL, Viewer

Marks = npt.NDArray[np.uint64]


class Shift(StrEnum):
    """How a result differs: reached since, reached no more, or otherwise: more or less surely,
    by another effect or another path."""

    NEW = "new"
    VANISHED = "vanished"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Shifted:
    """A result that differs, with what was said of it before and after (None: not reached)."""

    id: ResourceId
    shift: Shift
    before: Affected | None
    after: Affected | None


@dataclass(frozen=True, slots=True)
class ComparisonAnswer:
    """`start` and `end` are the commits compared, the earlier first. `counts` are "new",
    "vanished", "otherwise" and "same" over all pages; `before` and `after` those of the two
    answers by certainty. Results that the viewer may not see are in neither. `next` is the
    `after` of the next page; `cut` where either walk stops short."""

    start: int
    end: int
    counts: Mapping[str, int]
    before: Mapping[str, int]
    after: Mapping[str, int]
    cut: tuple[Cut, ...]
    shifted: tuple[Shifted, ...]
    next: int | None

    @property
    def complete(self) -> bool:
        return not self.cut


async def comparison(
    store: GraphStore,
    index: Reach,
    question: Question,
    against: At,
    viewer: Viewer = LOCAL,
) -> ComparisonAnswer:
    """The question as of its own moment and as of `against`, whichever was first. Raises what
    `impact` raises."""
    moments = {await store.commit_at(at): at for at in (question.at, against)}
    start, end = min(moments), max(moments)
    asked = [replace(question, at=commit) for commit in (start, end)]
    before, after = [await walked(store, index, each, viewer) for each in asked]
    found = await asyncio.to_thread(compared, before, after)
    last = None if question.first is None else question.after + question.first
    page = found.shifts[question.after : last]
    sides = [
        await _named(store, index, traced, each, [side[i] for side in page], viewer)
        for i, (traced, each) in enumerate(zip((before, after), asked, strict=True))
    ]
    shifted = tuple(
        _shifted(old, new) for old, new in zip(sides[0].results, sides[1].results, strict=True)
    )
    upto = question.after + len(page)
    return ComparisonAnswer(
        start,
        end,
        found.counts,
        before.counts,
        after.counts,
        tuple(dict.fromkeys((*sides[0].cut, *sides[1].cut))),
        shifted,
        upto if upto < len(found.shifts) else None,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Row before and row after (-1: not reached) of each result that differs."""

    shifts: list[tuple[int, int]]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Named:
    results: list[Affected | None]
    cut: tuple[Cut, ...]


def compared(before: Trace, after: Trace) -> Compared:
    """The new ones, surest first, then the vanished, then those reached otherwise."""
    old, new = _numbers(before), _numbers(after)
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    come = np.delete(np.arange(len(new)), in_new)
    gone = np.delete(np.arange(len(old)), in_old)
    differs = _marks(before)[in_old] != _marks(after)[in_new]
    order = np.argsort(in_new[differs])
    pairs = np.column_stack([in_old[differs][order], in_new[differs][order]])
    shifts = [
        *((-1, int(after.rows[i])) for i in come),
        *((int(before.rows[i]), -1) for i in gone),
        *((int(before.rows[i]), int(after.rows[j])) for i, j in pairs),
    ]
    numbers = (len(come), len(gone), len(pairs), len(in_new) - len(pairs))
    return Compared(shifts, dict(zip((*map(str, Shift), "same"), numbers, strict=True)))


def _numbers(traced: Trace) -> npt.NDArray[np.int64]:
    return traced.view.places.number[traced.found.place[traced.rows]].astype(np.int64)


def _marks(traced: Trace) -> Marks:
    """A number for each listed result that tells its path, its certainty and its kinds of
    change; equal for equal ones (and for others once in 2⁶⁴)."""
    track, number = traced.track, traced.view.places.number
    own = _mixed(number[track.place].astype(np.uint64), track.step.astype(np.uint64))
    path = own.copy()
    order = np.argsort(track.depth, kind="stable")
    ends = np.cumsum(np.bincount(track.depth, minlength=1))
    for begin, end in pairwise(ends):  # each depth after the one before it
        events = order[begin:end]
        path[events] = _mixed(path[track.parent[events]], own[events])
    found = traced.found
    said = found.seen[traced.rows].astype(np.uint64)
    rank = found.rank[traced.rows].astype(np.uint64)
    return _mixed(_mixed(path[found.event[traced.rows]], said), rank)


def _mixed(one: Marks, other: Marks) -> Marks:
    """Two numbers as one that looks like chance (the finisher of SplitMix64)."""
    mixed = (one * np.uint64(0x9E3779B97F4A7C15)) ^ (other + np.uint64(0xD1B54A32D192ED03))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Marks = mixed ^ (mixed >> np.uint64(31))
    return found


async def _named(
    store: GraphStore,
    index: Reach,
    traced: Trace,
    question: Question,
    page: list[int],
    viewer: Viewer,
) -> _Named:
    """The results of one side in the order of the page, None where it is not reached."""
    rows: Rows = np.array([row for row in page if row >= 0], np.intp)
    cuts = [cut.places[:SHOWN_CUTS].tolist() for cut in traced.cuts]
    read = await read_page(
        store, index, traced, rows, viewer, question.at, why=question.why, besides=cuts
    )
    listed = iter(read.listed)
    results = [next(listed) if row >= 0 else None for row in page]
    return _Named(results, cuts_of(traced, read, question.limits))


def _shifted(old: Affected | None, new: Affected | None) -> Shifted:
    shift = Shift.NEW if old is None else Shift.VANISHED if new is None else Shift.OTHERWISE
    known = new or old
    assert known is not None  # a row of at least one side
    return Shifted(known.id, shift, old, new)
