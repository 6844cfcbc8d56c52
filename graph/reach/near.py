"""Questions along links without a reach index: the store is asked for what a question meets.

The rules stay where they are. A question walks over the links that have been fetched, and the
walk notes which classes of steps it looked for at which places (`crossing.looked`). What of
that is not there yet is fetched, one statement for each set of link types, and the question
is asked again: so it goes level by level, and the last time all that it looks at is there.
Along lineage a store may tell what lies ahead (chains.py), so that a level need not cost a turn.
When time is up, steps of which not all is known are left out, and where is told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import numpy as np

from graph.numbered import AliasInterval, NearStore
from graph.reach.crossing import Note, looked
from graph.reach.fetched import Fetched
from graph.reach.needs import Needs
from graph.reach.rows import Ints
from graph.reach.spread import Spreader
from graph.reach.view import Tables, View, stands_for
from graph.store import GraphStore
from graph.transition import Transitions
from ontology.errors import Unavailable
from ontology.model import Ontology

T = TypeVar("T")
Notes = list[Note]

SECONDS = 5.0
"""How long one question may fetch, unless a setting says otherwise."""


class NearReach:
    """`Reach` over a store that tells the links of some resources. Keeps nothing but the
    aliases."""

    def __init__(self, store: GraphStore, ontology: Ontology, seconds: float = SECONDS) -> None:
        if not isinstance(store, NearStore):
            raise Unavailable(f"{type(store).__name__} tells no links of single resources")
        self.ontology = ontology
        self.transitions = Transitions(ontology)
        self._tables = Tables.of(self.transitions)
        self._needs = Needs(self.transitions)
        self._store, self._near, self._seconds = store, store, seconds
        self._upto = 0
        self._aliases: dict[tuple[int, int, int], AliasInterval] = {}
        self._lock = asyncio.Lock()

    async def sight(self, at: int | None = None, named: Collection[str] = ()) -> NearSight:
        """At the head, where no commit is asked for: so the fetches are of one moment."""
        async with self._lock:
            head = await self._store.head()
            upto = head.number if head else 0
            if upto != self._upto:
                told = await self._store.alias_intervals(after=min(upto, self._upto))
                self._aliases |= {(a.name, a.of, a.since): a for a in told}
                self._upto = upto
        commit = upto if at is None else at
        stands = {
            a.name: a.of
            for a in self._aliases.values()
            if a.since <= commit and (a.until is None or commit < a.until)
        }
        fetched = Fetched(self._near, self._needs, self.transitions, commit, stands)
        return NearSight(fetched, self._tables, upto, named, self._seconds)


class NearSight:
    """`Sight` over what has been fetched so far."""

    def __init__(
        self,
        fetched: Fetched,
        tables: Tables,
        upto: int,
        named: Collection[str],
        seconds: float,
    ) -> None:
        self.transitions, self.upto = fetched.transitions, upto
        self.spreader = Spreader()
        self.unread: Ints = np.zeros(0, np.int32)
        self._fetched, self._tables, self._named = fetched, tables, named
        self._seconds = seconds
        self.view = fetched.view(tables, named)

    def knows(self, number: int) -> bool:
        return True

    async def placed(self, numbers: Sequence[int]) -> Ints:
        await self._fetched.meet(numbers)
        self.view = await self._laid()
        return stands_for(self.view.names, self._fetched.places(numbers))

    async def look(self, work: Callable[[View], T], *, small: bool = False) -> T:
        end = time.monotonic() + self._seconds
        while True:
            result, notes = await asyncio.to_thread(_noted, work, self.view)
            lacking = self._fetched.lacking(notes)
            if not lacking.any():
                return result
            try:
                async with asyncio.timeout(end - time.monotonic()):
                    await self._fetched.fetch(await self._fetched.with_ahead(lacking, notes))
            except TimeoutError:
                return await self._cut(work)
            self.view = await self._laid()

    async def _cut(self, work: Callable[[View], T]) -> T:
        """What `work` finds with steps left out of which not all is known."""
        self.view = await self._laid()
        _, notes = await asyncio.to_thread(_noted, work, self.view)
        lacking = self._fetched.lacking(notes)
        self.unread = np.union1d(self.unread, np.flatnonzero(lacking.any(axis=0))).astype(np.int32)
        known = self._fetched.without(self.view, lacking)
        return await asyncio.to_thread(work, known)

    async def _laid(self) -> View:
        return await asyncio.to_thread(self._fetched.view, self._tables, self._named)


def _noted(work: Callable[[View], T], view: View) -> tuple[T, Notes]:
    """What the work finds, and what it looked for on the way."""
    notes: Notes = []
    before = looked.set(notes)
    try:
        return work(view), notes
    finally:
        looked.reset(before)
