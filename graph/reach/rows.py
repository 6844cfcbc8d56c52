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

    def add(self, edge: RawEdge) -> None:
        """Links of types that the ontology does not know are passed over."""
        lineage = edge.type in self._transitions.lineage
        whole = lineage and bool(self._containers[edge.target])
        sort = self._transitions.sort(edge.type, edge.derivation, whole=whole)
        if sort < 0:
            return
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

    def rows(self) -> Rows:
        return Rows(*(np.frombuffer(c, dtype=c.typecode) for c in self._columns))


def empty_rows() -> Rows:
    return Rows(*(np.zeros(0, array(code).typecode) for code in "iihiiibii"))


def replaced(base: Rows, newer: Rows) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Positions in `base` (sorted) of the intervals that `newer` tells again with another
    end, and which of `newer` these are. An interval is known by its ends, sort, mark and
    beginning."""
    positions, known = [], np.zeros(len(newer), bool)
    left = np.searchsorted(base.start, newer.start, "left")
    right = np.searchsorted(base.start, newer.start, "right")
    for i, (low, high) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        low += int(np.searchsorted(base.end[low:high], newer.end[i], "left"))
        high = low + int(np.searchsorted(base.end[low:high], newer.end[i], "right"))
        span = slice(low, high)
        same = (base.sort[span] == newer.sort[i]) & (base.mark[span] == newer.mark[i])
        found = np.flatnonzero(same & (base.since[span] == newer.since[i]))
        if len(found):
            positions.append(low + int(found[0]))
            known[i] = True
    return np.array(positions, np.intp), known
