"""What lies ahead along chains of lineage, where a store follows links by itself (`FarStore`).

Fetching goes level by level, and each level costs several statements and another walk. Along
lineage a change mostly stays what it is, so what a walk lacks at the end of a chain it will lack
all along: the names ahead are asked for in one statement, nearest first, and what is lacking here
is fetched for all of them. It is no more than a guess. Whether anything arrives there, and how
surely, the rules decide when the question is asked again; what was not guessed they lack, and it is
fetched as any other. So the answer is the same, and few names are fetched for nothing: a
guess grows only while most of the last was used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.numbered import FarStore, Numbered
from graph.reach.crossing import Mask, Note
from graph.reach.needs import Needs
from ontology.model import Direction

Lack = npt.NDArray[np.bool_]
"""facet × place (needs.py)"""

FAR = 8
"""Links that a walk still means to go, from which on it is worth asking for a chain."""
NARROW = 32
"""Starts of chains at once: the store follows each by itself, so of many it would tell the same
names again and again. A wide frontier goes level by level."""
FIRST, GROWTH, MOST = 1_000, 8, 512_000
"""Names that are asked for at first, how many more each further time, and at most."""


class Guess(NamedTuple):
    """Names that were asked for: from where, how many, and whether there are more."""

    starts: Sequence[int]
    most: int
    more: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a question stands on its way along lineage: facets that are lacking there, the link
    types of it, and the names it stands at."""

    way: Direction
    facets: npt.NDArray[np.intp]
    types: Sequence[str]
    names: Sequence[int]


class Chains:
    """The guesses of one question."""

    def __init__(self, store: FarStore, needs: Needs, at: int) -> None:
        self._store, self._needs, self._at = store, needs, at
        self._last: dict[Direction, Guess] = {}

    def open(
        self, notes: Sequence[Note], have: Lack, lacking: Lack, numbers: npt.NDArray[np.int64]
    ) -> list[Chain]:
        """Chains at whose end the question stands and on which it means to go far."""
        found = []
        for way in Direction:
            lineage = [self._needs.number(type, way) for type in self._needs.lineage]
            going: Mask = np.zeros(have.shape[1], bool)
            for note in notes:
                if note.onward >= FAR and np.isin(lineage, self._needs.wanted(note.classes)).any():
                    going[note.places] = True
            known: Mask = np.any(have[lineage], axis=0)
            ends: Mask = going & np.any(lacking[lineage], axis=0)
            if not ends.any() or 2 * (going & known).sum() < known.sum():
                continue
            lacks: Mask = np.any(lacking[:, ends], axis=1)
            types = [t for t, f in zip(self._needs.lineage, lineage, strict=True) if lacks[f]]
            found.append(Chain(way, np.flatnonzero(lacks), types, numbers[ends].tolist()))
        return found

    async def beyond(self, chain: Chain) -> Sequence[Numbered]:
        """Names ahead on it; none where its ends are too many, and nothing further is known to
        lie beyond where it began."""
        last = self._last.get(chain.way)
        if last is not None and last.more and last.most < MOST:
            starts, most = last.starts, last.most * GROWTH
        elif len(chain.names) <= NARROW:
            starts, most = chain.names, FIRST
        else:
            return ()
        found = await self._store.beyond(starts, chain.types, chain.way, at=self._at, most=most)
        self._last[chain.way] = Guess(starts, most, len(found) >= most)
        return found
