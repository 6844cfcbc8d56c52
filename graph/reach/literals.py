"""Which links have a rule that names which literal, by store numbers: few, beside the rows.

A question about a code looks up the links that name it, and lays steps of their own class
(`Sort.naming`) over the graph for itself; to all other walks they are not there.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from graph.numbered import RawEdge
from graph.reach.derive import Steps
from graph.reach.layout import ADDED, Longs, layer, over
from graph.reach.rows import FOREVER, Ints
from graph.reach.view import View
from graph.transition import NO_STEP, Transitions


@dataclass(frozen=True, slots=True)
class Literals:
    """One row a link interval and literal, sorted by `word` (a digest of the literal), then
    by the others; ends, `sort` and `mark` as in `Rows`."""

    word: Longs
    start: Ints
    end: Ints
    sort: npt.NDArray[np.int16]
    mark: Ints
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.word)

    def take(self, where: npt.NDArray[Any]) -> Literals:
        return Literals(*(getattr(self, f.name)[where] for f in fields(Literals)))

    def with_(self, told: Literals) -> Literals:
        """With what is told now; an interval told again replaces the earlier word."""
        both = Literals(
            *(np.concatenate([getattr(x, f.name) for x in (self, told)]) for f in fields(Literals))
        )
        columns = (both.since, both.mark, both.sort, both.end, both.start, both.word)
        both = both.take(np.lexsort((np.arange(len(both)), *columns)))
        last = np.zeros(len(both), bool)
        last[-1:] = True
        for name in ("word", "start", "end", "sort", "mark", "since"):
            last[:-1] |= np.diff(getattr(both, name)) != 0
        return both.take(last)

    def same(self, other: Literals) -> bool:
        return all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(Literals)
        )

    def steps(self, named: Collection[str], transitions: Transitions) -> Steps:
        """The steps of the rules that name one of these literals."""
        naming = np.array([sort.naming for sort in transitions.sorts], np.uint8)
        words = np.array(sorted(_word(literal) for literal in named), np.int64)
        rows = self.take(np.isin(self.word, words))
        return Steps(rows.end, rows.start, naming[rows.sort], rows.since, rows.until)

    def over(self, view: View, named: Collection[str], transitions: Transitions) -> View:
        """The view with the steps of the rules that name one of these literals."""
        steps = self.steps(named, transitions)
        view.places.flags[view.places.of[steps.at]] |= ADDED
        return view._replace(added=over(view.added, layer(steps, view.places.of)))


class LiteralCollector:
    """Gathers the literals of raw edges into columns."""

    def __init__(self, transitions: Transitions) -> None:
        self._sorts = transitions.sorts
        self._columns = tuple(array(code) for code in "qiihiii")

    def add(self, edge: RawEdge, sort: int) -> None:
        """Links of sorts that no code crosses are passed over."""
        if self._sorts[sort].naming == NO_STEP:
            return
        until = FOREVER if edge.until is None else edge.until
        mark = crc32(edge.key.encode()) & 0x7FFFFFFF
        for literal in edge.literals:
            row = (_word(literal), edge.origin, edge.target, sort, mark, edge.since, until)
            for column, value in zip(self._columns, row, strict=True):
                column.append(value)

    def literals(self) -> Literals:
        told = Literals(*(np.frombuffer(c, dtype=c.typecode) for c in self._columns))
        return NO_LITERALS.with_(told)


def _word(literal: str) -> int:
    return int.from_bytes(blake2b(literal.encode(), digest_size=8).digest(), signed=True)


NO_LITERALS = Literals(*(np.zeros(0, array(code).typecode) for code in "qiihiii"))
