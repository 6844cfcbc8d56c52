"""What a change would reach at one moment and at another: new, vanished, and by other paths.

Two walks over the same index, compared as arrays by store number; only the page is named.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graph.affected import Affected
from graph.impact import SHOWN_CUTS, cuts_of, walked
from graph.question import Cut, Question
from graph.reach.sight import Reach
from graph.reach.trace import Rows, Trace
from graph.shown import Wanted, read_page
from graph.store import GraphStore
from ontology.resource import At, ResourceId
from ontology.viewer import LOCAL, Viewer

Marks = npt.NDArray[np.uint64]

BATCH = 500
"""Results that `comparison_lines` reads at a time."""


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
    sides = await _sides(store, index, question, against, viewer)
    page = sides.page(question)
    cut, shifted = await sides.named(page, viewer)
    return sides.answer(question, cut, shifted)


async def comparison_lines(
    store: GraphStore,
    index: Reach,
    question: Question,
    against: At,
    viewer: Viewer = LOCAL,
) -> AsyncIterator[ComparisonAnswer | Shifted]:
    """The answer without its results, then every result from `after` on, at most `first`, named
    as they are taken."""
    sides = await _sides(store, index, question, against, viewer)
    page = sides.page(question)
    cut, _ = await sides.named(page[:0], viewer)
    yield sides.answer(question, cut, ())
    for begin in range(0, len(page), BATCH):
        for each in (await sides.named(page[begin : begin + BATCH], viewer))[1]:
            yield each


Pairs = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Compared:
    """Row before and row after (-1: not reached) of each result that differs."""

    shifts: Pairs
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two moments: the question as of it, and its walk."""

    question: Question
    traced: Trace


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both moments, the earlier first, and what differs."""

    store: GraphStore
    index: Reach
    moments: tuple[int, int]
    before: _Side
    after: _Side
    found: Compared

    def page(self, question: Question) -> Pairs:
        """The results that are asked for."""
        last = None if question.first is None else question.after + question.first
        return self.found.shifts[question.after : last]

    async def named(
        self, page: Pairs, viewer: Viewer
    ) -> tuple[tuple[Cut, ...], tuple[Shifted, ...]]:
        """Where either walk, or a path of the page, stops short; and the results."""
        old, cut = await self._named(self.before, page[:, 0].tolist(), viewer)
        new, more = await self._named(self.after, page[:, 1].tolist(), viewer)
        shifted = tuple(_shifted(*pair) for pair in zip(old, new, strict=True))
        return tuple(dict.fromkeys((*cut, *more))), shifted

    async def _named(
        self, side: _Side, page: list[int], viewer: Viewer
    ) -> tuple[list[Affected | None], tuple[Cut, ...]]:
        """The results of one side in the order of the page, None where it is not reached."""
        traced, question = side.traced, side.question
        rows: Rows = np.array([row for row in page if row >= 0], np.intp)
        cuts = tuple(cut.places[:SHOWN_CUTS].tolist() for cut in traced.cuts)
        wanted = Wanted(traced, rows, cuts)
        read = await read_page(
            self.store, self.index, wanted, viewer, question.at, why=question.why
        )
        listed = iter(read.listed)
        results = [next(listed) if row >= 0 else None for row in page]
        return results, cuts_of(traced, read, question.limits)

    def answer(
        self, question: Question, cut: tuple[Cut, ...], shifted: tuple[Shifted, ...]
    ) -> ComparisonAnswer:
        upto = question.after + len(self.page(question))
        return ComparisonAnswer(
            *self.moments,
            self.found.counts,
            self.before.traced.counts,
            self.after.traced.counts,
            cut,
            shifted,
            upto if upto < len(self.found.shifts) else None,
        )


async def _sides(
    store: GraphStore, index: Reach, question: Question, against: At, viewer: Viewer
) -> _Sides:
    start, end = sorted([await store.commit_at(at) for at in (question.at, against)])
    asked = [replace(question, at=commit) for commit in (start, end)]
    before, after = [_Side(each, await walked(store, index, each, viewer)) for each in asked]
    found = await asyncio.to_thread(compared, before.traced, after.traced)
    return _Sides(store, index, (start, end), before, after, found)


def compared(before: Trace, after: Trace) -> Compared:
    """The new ones, surest first, then the vanished, then those reached otherwise."""
    old, new = _numbers(before), _numbers(after)
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    come = np.delete(np.arange(len(new)), in_new)
    gone = np.delete(np.arange(len(old)), in_old)
    differs = _marks(before)[in_old] != _marks(after)[in_new]
    order = np.argsort(in_new[differs])
    pairs = np.column_stack([in_old[differs][order], in_new[differs][order]])
    shifts = np.concatenate(
        [
            np.column_stack([np.full(len(come), -1), after.rows[come]]),
            np.column_stack([before.rows[gone], np.full(len(gone), -1)]),
            np.column_stack([before.rows[pairs[:, 0]], after.rows[pairs[:, 1]]]),
        ]
    ).astype(np.intp)
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


def _shifted(old: Affected | None, new: Affected | None) -> Shifted:
    shift = Shift.NEW if old is None else Shift.VANISHED if new is None else Shift.OTHERWISE
    known = new or old
    assert known is not None  # a row of at least one side
    return Shifted(known.id, shift, old, new)
