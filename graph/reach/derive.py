"""From link intervals to steps: what can be crossed, in which direction, and when.

Three things happen on the way:
- each row becomes up to two steps, one for each direction that carries something;
- a dataset edge is hidden while complete column edges of the same job and source lie
  between the same two datasets (lineage still sees it, by a class that carries nothing);
- a job's reads × writes stand in as dataset edges where it states no derivation.

The three depend on rows of the same *knot* only (a job, or for lineage without a job the
dataset that uses): so an overlay derives anew just the knots that a commit touches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.reach.rows import Ints, Rows, ranges
from graph.transition import NO_STEP, READS, WRITES, Transitions

Mask = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps by store numbers, each with the interval in which it can be taken."""

    at: Ints
    to: Ints
    step: npt.NDArray[np.uint8]
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.at)

    def take(self, where: npt.NDArray[Any]) -> Steps:
        return Steps(
            self.at[where], self.to[where], self.step[where], self.since[where], self.until[where]
        )

    @staticmethod
    def together(parts: list[Steps]) -> Steps:
        return Steps(
            np.concatenate([p.at for p in parts]),
            np.concatenate([p.to for p in parts]),
            np.concatenate([p.step for p in parts]),
            np.concatenate([p.since for p in parts]),
            np.concatenate([p.until for p in parts]),
        )


@dataclass(frozen=True, slots=True)
class Kinds:
    """What each sort of row is, as look-up tables over `Rows.sort`."""

    forward: npt.NDArray[np.uint8]
    backward: npt.NDArray[np.uint8]
    lineage: Mask
    whole: Mask
    reads: Mask
    writes: Mask
    contains: Mask

    @staticmethod
    def of(transitions: Transitions) -> Kinds:
        sorts = transitions.sorts
        return Kinds(
            np.array([s.forward for s in sorts], np.uint8),
            np.array([s.backward for s in sorts], np.uint8),
            np.array([s.type in transitions.lineage for s in sorts]),
            np.array([s.whole for s in sorts]),
            np.array([s.type == READS for s in sorts]),
            np.array([s.type == WRITES for s in sorts]),
            np.array([s.type in transitions.containment for s in sorts]),
        )


def contained(rows: Rows, kinds: Kinds) -> tuple[Ints, Ints]:
    """Fields and their datasets. A field that several datasets name belongs to the first."""
    inside = rows.take(kinds.contains[rows.sort])
    order = np.lexsort((inside.start, inside.since, inside.end))
    fields, first = np.unique(inside.end[order], return_index=True)
    return fields, inside.start[order][first]


def knots(rows: Rows, kinds: Kinds, whole: Ints) -> Ints:
    """What each row is tied up with: its job, or minus the using dataset; 0: with nothing."""
    works = kinds.reads[rows.sort] | kinds.writes[rows.sort]
    knot = np.where(works, rows.start, 0)
    use = np.where(whole[rows.start] > 0, whole[rows.start], rows.start)
    lineage = np.where(rows.job > 0, rows.job, -use)
    return np.where(kinds.lineage[rows.sort], lineage, knot).astype(np.int32)


def derive(rows: Rows, whole: Ints, kinds: Kinds, transitions: Transitions) -> Steps:
    """All steps of these rows, which must be whole knots."""
    special = kinds.lineage | kinds.reads | kinds.writes
    made = [*_both(rows, ~(kinds.lineage & kinds.whole)[rows.sort], kinds)]
    rows = rows.take(special[rows.sort])  # of the whole record a small part
    lineage, entire = kinds.lineage[rows.sort], kinds.whole[rows.sort]
    use = np.where(whole[rows.start] > 0, whole[rows.start], rows.start)
    origin = np.where(whole[rows.end] > 0, whole[rows.end], rows.end)
    looped = lineage & entire & (use == origin)

    edges = lineage & entire & ~looped
    columns = lineage & ~entire & (rows.complete > 0)
    group = _numbered(use, origin, rows.job, rows.source)
    cover = _Blocks.of(group[columns], rows.since[columns], rows.until[columns])
    datasets = rows.take(edges)
    for which, since, until, hidden in (
        (*cover.outside(group[edges], datasets.since, datasets.until), False),
        (*cover.inside(group[edges], datasets.since, datasets.until), True),
    ):
        use_end, origin_end = datasets.start[which], datasets.end[which]
        down, up = kinds.backward[datasets.sort[which]], kinds.forward[datasets.sort[which]]
        if hidden:
            down = np.full(len(which), transitions.hidden_use)
            up = np.full(len(which), transitions.hidden_origin)
        made.append(_steps(origin_end, use_end, down, since, until))
        made.append(_steps(use_end, origin_end, up, since, until))
    made.extend(_stand_ins(rows, use, origin, kinds, transitions))
    return Steps.together([steps.take(steps.step != NO_STEP) for steps in made])


def _both(rows: Rows, wanted: Mask, kinds: Kinds) -> tuple[Steps, Steps]:
    """The wanted rows in either direction, where that carries something."""
    out = wanted & (kinds.forward != NO_STEP)[rows.sort]
    back = wanted & (kinds.backward != NO_STEP)[rows.sort]
    return (
        _steps(rows.start[out], rows.end[out], kinds.forward[rows.sort[out]],
               rows.since[out], rows.until[out]),
        _steps(rows.end[back], rows.start[back], kinds.backward[rows.sort[back]],
               rows.since[back], rows.until[back]),
    )  # fmt: skip


def _steps(at: Any, to: Any, step: Any, since: Any, until: Any) -> Steps:
    return Steps(
        at.astype(np.int32, copy=False),
        to.astype(np.int32, copy=False),
        step.astype(np.uint8, copy=False),
        since.astype(np.int32, copy=False),
        until.astype(np.int32, copy=False),
    )


def _stand_ins(
    rows: Rows, use: Ints, origin: Ints, kinds: Kinds, transitions: Transitions
) -> list[Steps]:
    """Dataset edges for what a job writes without saying what from."""
    unknown = transitions.sort(transitions.stand_in, "", whole=True)
    reads, writes = kinds.reads[rows.sort], kinds.writes[rows.sort]
    if unknown < 0 or not reads.any() or not writes.any():
        return []
    stated = kinds.lineage[rows.sort] & (rows.job > 0)
    job = np.where(stated, rows.job, rows.start)
    read = _merged(job[reads], origin[reads], rows.since[reads], rows.until[reads])
    written = _merged(job[writes], origin[writes], rows.since[writes], rows.until[writes])
    left, right = _pairs(read.job, written.job)
    since = np.maximum(read.since[left], written.since[right])
    until = np.minimum(read.until[left], written.until[right])
    holds = (since < until) & (read.data[left] != written.data[right])
    left, right, since, until = left[holds], right[holds], since[holds], until[holds]

    count = len(right)
    group = _numbered(
        np.concatenate([written.job[right], job[stated]]),
        np.concatenate([written.data[right], use[stated]]),
    )
    cover = _Blocks.of(group[count:], rows.since[stated], rows.until[stated])
    bare, since, until = cover.outside(group[:count], since, until)
    source, target = read.data[left[bare]], written.data[right[bare]]
    ways = transitions.sorts[unknown]
    return [
        _steps(source, target, np.full(len(bare), ways.backward), since, until),
        _steps(target, source, np.full(len(bare), ways.forward), since, until),
    ]


@dataclass(frozen=True, slots=True)
class _Worked:
    """Which datasets a job reads (or writes), with no interval told twice."""

    job: Keys
    data: Keys
    since: Keys
    until: Keys


def _merged(job: Ints, data: Ints, since: Ints, until: Ints) -> _Worked:
    blocks = _Blocks.of(job.astype(np.int64) << 32 | data, since, until)
    return _Worked(blocks.group >> 32, blocks.group & 0xFFFFFFFF, blocks.since, blocks.until)


def _pairs(left: Keys, right: Keys) -> tuple[Keys, Keys]:
    """Positions (i, j) with left[i] == right[j]; both sorted."""
    low = np.searchsorted(right, left, "left")
    counts = np.searchsorted(right, left, "right") - low
    return np.repeat(np.arange(len(left)), counts), ranges(low, counts)


def _numbered(*columns: npt.NDArray[Any]) -> Keys:
    """Equal rows of the columns get equal numbers."""
    found = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        ranks: Keys = np.unique(column, return_inverse=True)[1].reshape(-1)
        found = np.unique(found * (len(column) + 1) + ranks, return_inverse=True)[1].reshape(-1)
    return found


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Unions of intervals by group: sorted, apart from each other."""

    group: Keys
    since: Keys
    until: Keys

    @staticmethod
    def of(group: npt.NDArray[Any], since: Ints, until: Ints) -> _Blocks:
        order = np.lexsort((since, group))
        g, s, u = (x[order].astype(np.int64) for x in (group, since, until))
        if not len(g):
            return _Blocks(g, s, u)
        rank = np.cumsum(np.concatenate([[0], np.diff(g) != 0]))
        reach = np.maximum.accumulate(rank << 32 | u) & 0xFFFFFFFF
        begins = np.ones(len(g), bool)
        begins[1:] = (np.diff(g) != 0) | (s[1:] > reach[:-1])
        ends = np.append(np.flatnonzero(begins)[1:] - 1, len(g) - 1)
        return _Blocks(g[begins], s[begins], reach[ends])

    def _touching(self, group: Keys, since: Keys, until: Keys) -> tuple[Keys, Keys]:
        """First block that ends after `since`, and first that begins at or after `until`."""
        first = np.searchsorted(self.group << 32 | self.until, group << 32 | since, "right")
        last = np.searchsorted(self.group << 32 | self.since, group << 32 | until, "left")
        return first, np.maximum(first, last)

    def inside(
        self, group: Keys, since: npt.NDArray[Any], until: npt.NDArray[Any]
    ) -> tuple[Keys, Keys, Keys]:
        """(which interval, since, until) of the pieces of the intervals within the blocks."""
        first, last = self._touching(group, since.astype(np.int64), until.astype(np.int64))
        which = np.repeat(np.arange(len(group)), last - first)
        block = ranges(first, last - first)
        return (
            which,
            np.maximum(since[which], self.since[block]),
            np.minimum(until[which], self.until[block]),
        )

    def outside(
        self, group: Keys, since: npt.NDArray[Any], until: npt.NDArray[Any]
    ) -> tuple[Keys, Keys, Keys]:
        """The same of the pieces between the blocks."""
        first, last = self._touching(group, since.astype(np.int64), until.astype(np.int64))
        gaps = last - first + 1
        which = np.repeat(np.arange(len(group)), gaps)
        after = ranges(first, gaps)  # the block that ends the gap
        at_start, at_end = after == first[which], after == last[which]
        before = np.append(self.until, 0)[np.where(at_start, 0, after - 1)]
        following = np.append(self.since, 0)[np.where(at_end, -1, after)]
        low = np.where(at_start, since[which], before)
        high = np.where(at_end, until[which], following)
        real = low < high
        return which[real], low[real], high[real]
