"""Link intervals in columns, by store numbers: all that the reach index keeps of a link.

About 30 bytes each, sorted by `start`, so that those of one resource are found by
bisection, in memory or mapped from disk. `start → end` is the link as stored: of lineage,
`start` is the use and `end` the origin.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from graph.store import RawEdge
from graph.transition import Transitions

FOREVER = 2**31 - 1
"""The `until` of what has not ended. NOW is the commit at which all of it holds."""
NOW = FOREVER - 1

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rows:
    """`sort` is a link type with its derivation (Transitions.sorts), `mark` a digest of the
    link's key; `complete` 1 where the source calls its column lineage complete."""

    start: Ints
    end: Ints
    sort: npt.NDArray[np.int16]
    job: Ints
    source: Ints
    mark: Ints
    complete: npt.NDArray[np.int8]
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.start)

    def take(self, where: npt.NDArray[Any]) -> Rows:
        """The rows at these positions, or where the mask is true."""
        return Rows(*(getattr(self, f.name)[where] for f in fields(Rows)))

    def sorted(self) -> Rows:
        order = np.lexsort((self.since, self.mark, self.sort, self.end, self.start))
        return self.take(order)

    @staticmethod
    def together(parts: Iterable[Rows]) -> Rows:
        listed = list(parts)
        return Rows(*(np.concatenate([getattr(p, f.name) for p in listed]) for f in fields(Rows)))


class Collector:
    """Gathers raw edges into columns; no object an edge stays behind."""

    def __init__(
        self,
        transitions: Transitions,
        containers: npt.NDArray[np.bool_],
        sources: Mapping[str, int] | None = None,
    ) -> None:
        self.sources: dict[str, int] = dict(sources or {})
        self._transitions = transitions
        self._containers = containers  # by store number: whether it has fields
        self._columns = tuple(array(code) for code in "iihiiibii")

    def add(self, edge: RawEdge) -> int:
        """Gives the link's sort. Links of types that the ontology does not know are passed
        over: -1."""
        lineage = edge.type in self._transitions.lineage
        whole = lineage and bool(self._containers[edge.target])
        sort = self._transitions.sort(edge.type, edge.derivation, whole=whole)
        if sort < 0:
            return sort
        row = (
            edge.origin,
            edge.target,
            sort,
            edge.job,
            self.sources.setdefault(edge.source, len(self.sources)),
            crc32(edge.key.encode()) & 0x7FFFFFFF,
            edge.complete,
            edge.since,
            FOREVER if edge.until is None else edge.until,
        )
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        return sort

    def rows(self) -> Rows:
        return Rows(*(np.frombuffer(c, dtype=c.typecode) for c in self._columns))


def empty_rows() -> Rows:
    return Rows(*(np.zeros(0, array(code).typecode) for code in "iihiiibii"))


def replaced(base: Rows, newer: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Positions in `base` (sorted) of the intervals that `newer` tells again with another
    end, and which of `newer` these are. An interval is known by its ends, sort, mark and
    beginning."""
    low = np.searchsorted(base.start, newer.start, "left")
    high = np.searchsorted(base.start, newer.start, "right")
    low, high = (bisect(base.end, newer.end, low, high, right=side) for side in (False, True))
    which, position = np.repeat(np.arange(len(newer)), high - low), ranges(low, high - low)
    same = base.sort[position] == newer.sort[which]
    for name in ("mark", "since"):
        same &= getattr(base, name)[position] == getattr(newer, name)[which]
    which, position = which[same], position[same]
    known, first = np.unique(which, return_index=True)
    told = np.zeros(len(newer), bool)
    told[known] = True
    return position[first].astype(np.int64), told


def ranges(low: npt.NDArray[Any], counts: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """low[0], low[0]+1, … (counts[0] of them), low[1], …"""
    before = np.cumsum(counts) - counts
    found: npt.NDArray[np.int64] = np.repeat(low - before, counts).astype(np.int64)
    found += np.arange(len(found))
    return found


def bisect(
    column: npt.NDArray[Any],
    wanted: npt.NDArray[Any],
    low: npt.NDArray[Any],
    high: npt.NDArray[Any],
    *,
    right: bool,
) -> npt.NDArray[np.int64]:
    """`searchsorted` of each wanted value within its own sorted slice [low, high)."""
    low, high = low.astype(np.int64), high.astype(np.int64)
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) // 2
        value = column[middle]
        after = value <= wanted[open_] if right else value < wanted[open_]
        low[open_] = np.where(after, middle + 1, low[open_])
        high[open_] = np.where(after, high[open_], middle)
    return low
