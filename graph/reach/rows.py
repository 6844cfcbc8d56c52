"""Link intervals in columns, by store numbers: all that the reach index keeps of a link.

About 30 bytes each, sorted by `start`, so that those of one resource are found by
bisection, in memory or mapped from disk. `start → end` is the link as stored: of lineage,
`start` is the use and `end` the origin.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from tempfile import TemporaryFile
from typing import IO, Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from graph.numbered import EdgeColumns, RawEdge
from graph.transition import Transitions

FOREVER = 2**31 - 1
"""The `until` of what has not ended. NOW is the commit at which all of it holds."""
NOW = FOREVER - 1

CODES = "iihiiibii"
"""The types of the columns of `Rows`, as `array` and numpy both name them."""

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
        if self._in_order():
            return self
        order = np.lexsort((self.since, self.mark, self.sort, self.end, self.start))
        return self.take(order)

    def _in_order(self) -> bool:
        tied = np.ones(max(0, len(self) - 1), bool)
        for name in ("start", "end", "sort", "mark", "since"):
            before, after = getattr(self, name)[:-1], getattr(self, name)[1:]
            if (tied & (before > after)).any():
                return False
            tied &= before == after
        return True

    def inserted(self, others: Rows) -> Rows:
        """These (sorted) with others (sorted) among them."""
        low = np.searchsorted(self.start, others.start, "left")
        high = np.searchsorted(self.start, others.start, "right")
        for name in ("end", "sort", "mark", "since"):
            column, wanted = getattr(self, name), getattr(others, name)
            low, high = (bisect(column, wanted, low, high, right=side) for side in (False, True))
        columns = ((getattr(self, f.name), getattr(others, f.name)) for f in fields(Rows))
        return Rows(*(np.insert(column, low, more) for column, more in columns))

    @staticmethod
    def together(parts: Iterable[Rows]) -> Rows:
        listed = list(parts)
        return Rows(*(np.concatenate([getattr(p, f.name) for p in listed]) for f in fields(Rows)))


class Spool:
    """Rows on their way: in files without a name, mapped in the end, so that those of a whole
    ledger never lie in memory twice, nor at all where memory is short."""

    def __init__(self) -> None:
        self._files: list[IO[bytes]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: Rows) -> None:
        if not self._files:
            self._files = [TemporaryFile() for _ in fields(Rows)]  # noqa: SIM115  (see rows)
        for file, field in zip(self._files, fields(Rows), strict=True):
            file.write(getattr(rows, field.name).data)
        self._count += len(rows)

    def rows(self) -> Rows:
        """All of them, in the order in which they came; for once."""
        columns = []
        for file, code in zip(self._files, CODES, strict=True):
            file.flush()
            columns.append(np.memmap(file, code, "r"))
            file.close()  # what is mapped stays
        return Rows(*columns)


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
        self._columns = tuple(array(code) for code in CODES)
        self._spool = Spool()
        self._sorts: dict[tuple[str, str, bool], int] = {}

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
            _mark(edge.key),
            edge.complete,
            edge.since,
            FOREVER if edge.until is None else edge.until,
        )
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        return sort

    def add_columns(self, edges: EdgeColumns, known: int) -> list[tuple[int, int]]:
        """Many at once, those left out whose ends or jobs are not below `known`. Gives the
        positions, with the sorts, of those that name literals."""
        if not len(edges.origin):
            return []
        kind, target = (np.array(column, np.int32) for column in (edges.type, edges.target))
        target_is_whole = self._containers[np.minimum(target, len(self._containers) - 1)]
        sort, job = np.full(len(kind), -1, np.int16), np.zeros(len(kind), np.int32)
        complete, whole = np.zeros(len(kind), np.int8), np.zeros(len(kind), bool)
        for number, text in edges.words.items():
            of_kind = kind == number
            if text in self._transitions.lineage:
                whole |= of_kind & target_is_whole
            for entire in (False, True):
                sort[of_kind & (whole == entire)] = self._sort(text, "", entire)
        naming = []
        for place, (derivation, by, all_told, literals) in edges.evidence.items():
            text = edges.words[edges.type[place]]
            sort[place] = self._sort(text, derivation, bool(whole[place]))
            job[place], complete[place] = by, all_told
            if literals:
                naming.append((place, int(sort[place])))
        numbers = {
            n: self.sources.setdefault(s, len(self.sources)) for n, s in edges.sources.items()
        }
        rows = Rows(
            np.array(edges.origin, np.int32),
            target,
            sort,
            job,
            np.array([numbers[n] for n in edges.source], np.int32),
            np.array([_mark(key) if key else 0 for key in edges.key], np.int32),
            complete,
            np.array(edges.since, np.int32),
            np.array([FOREVER if end is None else end for end in edges.until], np.int32),
        )
        there = np.maximum(np.maximum(rows.start, rows.end), rows.job) < known
        there &= sort >= 0
        self._spool.add(rows.take(there).sorted())
        return [(place, found) for place, found in naming if there[place]]

    def _sort(self, type: str, derivation: str, whole: bool) -> int:
        key = type, derivation, whole
        found = self._sorts.get(key)
        if found is None:
            found = self._sorts[key] = self._transitions.sort(type, derivation, whole=whole)
        return found

    def rows(self) -> Rows:
        """All that was added. The collector is empty afterwards."""
        single = Rows(*(np.frombuffer(c, dtype=c.typecode) for c in self._columns))
        spool, self._spool = self._spool, Spool()
        if not len(spool):
            return single
        return Rows.together([spool.rows(), single]) if len(single) else spool.rows()


def _mark(key: str) -> int:
    return crc32(key.encode()) & 0x7FFFFFFF


def empty_rows() -> Rows:
    return Rows(*(np.zeros(0, code) for code in CODES))


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
