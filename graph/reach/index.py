"""`ReachIndex`: built from the store, caught up from its commits, kept on disk.

Readers take what is `seen()` and walk on it; `catch_up` makes the next view beside them. When the
overlay has grown, a new base is laid in a thread; neither readers nor commits wait for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from graph.numbered import ColumnStore
from graph.reach import snapshot
from graph.reach.advance import advanced, joined
from graph.reach.aliases import Aliases
from graph.reach.base import Base, combined, lay
from graph.reach.compare import differences
from graph.reach.layout import containers
from graph.reach.literals import LiteralCollector, Literals
from graph.reach.nodes import Nodes, read_nodes
from graph.reach.overlay import view_of
from graph.reach.rows import FOREVER, Collector, Ints, Rows, empty_rows
from graph.reach.spread import Spreader
from graph.reach.view import Tables, View, stands_for
from graph.store import GraphStore
from graph.transition import Transitions
from ontology.errors import Unavailable
from ontology.model import Ontology

log = logging.getLogger("mulu")

MERGE, MOST = 20_000, 200_000
"""Link intervals in the overlay from which on a new base is laid: a fiftieth of the base, but
between these. More would slow each edit, less would lay large bases all the time."""

LARGE = 5_000
"""Link intervals from which on the compiled walk is worth its memory, a hundred megabytes:
numpy takes ten milliseconds for an impact on three hundred resources."""

_NONE = np.zeros(0, np.int32)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _State:
    """All that one commit leaves behind; replaced as a whole."""

    upto: int
    nodes: Nodes
    base: Base
    delta: Rows
    literals: Literals
    aliases: Aliases
    view: View


class Seen:
    """`Sight` of a `ReachIndex`: all is there."""

    def __init__(self, index: ReachIndex, upto: int, view: View) -> None:
        self.transitions, self.spreader = index.transitions, index.spreader
        self.upto, self.view, self.unread = upto, view, _NONE
        self._index = index

    def knows(self, number: int) -> bool:
        of = self.view.places.of
        return number < len(of) and bool(of[number] >= 0)

    async def placed(self, numbers: Sequence[int]) -> Ints:
        return self._index.placed(self.view, numbers)

    async def look(self, work: Callable[[View], T], *, small: bool = False) -> T:
        if small:
            return work(self.view)
        return await asyncio.to_thread(work, self.view)


class ReachIndex:
    """What a change can reach, and where data come from, as arrays in memory."""

    def __init__(self, base: Base, ontology: Ontology, *, merge: int | None = None) -> None:
        self.ontology = ontology
        self.transitions = transitions = Transitions(ontology)
        self.spreader = Spreader()
        self._tables = Tables.of(transitions)
        self._merge = merge or min(max(MERGE, len(base.rows) // 50), MOST)
        self._merging: asyncio.Task[Base] | None = None
        self._sources = dict(base.sources)
        self._state = self._settled(
            base.upto, base.nodes, _NONE, base, empty_rows(), base.literals, base.aliases
        )

    @classmethod
    async def build(
        cls, store: GraphStore, ontology: Ontology, *, merge: int | None = None
    ) -> ReachIndex:
        """Read the whole record, as of its head."""
        transitions = Transitions(ontology)
        head = await store.head()
        nodes = await read_nodes(store, transitions)
        collector = Collector(transitions, containers(nodes.type, transitions))
        naming = LiteralCollector(transitions)
        if isinstance(store, ColumnStore):
            async for piece in store.edge_columns():
                for place, sort in collector.add_columns(piece, len(nodes)):
                    naming.add(piece.edge(place), sort)
        else:
            async for edge in store.raw_edges():
                if max(edge.origin, edge.target, edge.job) < len(nodes):
                    naming.add(edge, collector.add(edge))
        aliases = Aliases().with_(await store.alias_intervals())
        upto = head.number if head else 0
        base = await asyncio.to_thread(
            lay, upto, nodes, collector.rows(), naming.literals(), aliases,
            collector.sources, transitions,
        )  # fmt: skip
        return cls(base, ontology, merge=merge)

    @classmethod
    def open(
        cls, folder: Path, ontology: Ontology, *, merge: int | None = None
    ) -> ReachIndex | None:
        """The snapshot in a folder, mapped; None where there is none, where it is damaged or
        of another ontology: then build anew. Catch up afterwards."""
        base = snapshot.load(folder, ontology.digest)
        return cls(base, ontology, merge=merge) if base else None

    @staticmethod
    def intact(folder: Path) -> bool:
        """Whether the snapshot is what was saved, to the last byte: `open` has looked only at
        the frame of a large one. Takes a second a gigabyte; call it in a thread."""
        return snapshot.intact(folder)

    def save(self, folder: Path) -> None:
        """Write all up to the present commit as a snapshot, atomically."""
        state = self._state
        base = state.base if state.upto == state.base.upto else self._laid(state)
        snapshot.save(base, folder, self.transitions.digest)

    @property
    def upto(self) -> int:
        """The commit up to which all is visible here."""
        return self._state.upto

    @property
    def links(self) -> int:
        """How many link intervals the base has."""
        return len(self._state.base.rows)

    @property
    def overlay(self) -> int:
        """How many link intervals lie over the base."""
        return len(self._state.delta)

    def differences(self, fresh: ReachIndex) -> Iterator[str]:
        """What this index has and a freshly built one has not, and the other way round;
        nothing where both know the same."""
        yield from differences(self._state.view, fresh._state.view)
        if not self._state.literals.same(fresh._state.literals):
            yield "the literals that rules name differ"

    def seen(self, at: int | None = None, named: Collection[str] = ()) -> tuple[int, View]:
        """The commit up to which all is known, and what a walk at a commit (None: now) sees
        that asks about the codes that rules name so; neither changes any more."""
        state, view = self._state, self._state.view
        if at is not None and state.aliases.intervals:
            view = view._replace(names=state.aliases.at(at, view.places.of))
        if named:
            view = state.literals.over(view, named, self.transitions)
        return state.upto, view

    async def sight(self, at: int | None = None, named: Collection[str] = ()) -> Seen:
        """See `Reach`."""
        return Seen(self, *self.seen(at, named))

    def placed(self, view: View, numbers: Sequence[int]) -> Ints:
        """The places that readers see for these store numbers. Raises Unavailable for one
        that came after the commit up to which the index knows."""
        of = view.places.of
        asked = np.array(numbers, np.int64)
        if (asked >= len(of)).any() or (of[asked] < 0).any():
            raise Unavailable(
                f"影响索引只到提交 {self.upto}，请稍后重试 / the reach index knows commits up to "
                f"{self.upto}, and the resource is newer: catch up, then ask again"
            )
        return stands_for(view.names, of[asked])

    @property
    def worth_compiling(self) -> bool:
        """Whether walks run in numpy, and the ledger is large enough to mind."""
        return not self.spreader.tried and len(self._state.base.rows) >= LARGE

    def warm(self) -> bool:
        """Compile the walk; takes seconds the first time, so call it in a thread. Until then
        (and where numba is not installed: False) walks run in numpy."""
        return self.spreader.warm(self._state.view)

    async def catch_up(self, store: GraphStore) -> int:
        """Take in all commits since `upto`; gives the new `upto`. One caller at a time."""
        state = self._state
        head = await store.head()
        if head is None or head.number <= state.upto:
            return state.upto
        edges = [edge async for edge in store.raw_edges(after=state.upto)]
        intervals = await store.alias_intervals(after=state.upto)
        told = [node async for node in store.numbered(after=state.upto)]
        nodes = state.nodes.with_(told, self.transitions)
        collector = Collector(
            self.transitions, containers(nodes.type, self.transitions), self._sources
        )
        naming = LiteralCollector(self.transitions)
        for edge in edges:
            naming.add(edge, collector.add(edge))
        self._sources = collector.sources
        fresh = collector.rows()
        delta = joined(state.delta, fresh)
        named = naming.literals()
        literals = state.literals.with_(named) if len(named) else state.literals
        aliases = state.aliases.with_(intervals)
        numbers = np.array([node.number for node in told], np.int32)
        base = state.base
        if (merged := self._merged()) is not None:
            base, delta = merged, _after(delta, merged.upto)
            numbers = np.flatnonzero(nodes.type >= 0).astype(np.int32)
        self._state = await asyncio.to_thread(
            self._advanced,
            state,
            head.number,
            nodes,
            numbers,
            base,
            delta,
            fresh,
            literals,
            aliases,
        )
        if self.overlay > self._merge and self._merging is None:
            self._merging = asyncio.create_task(asyncio.to_thread(self._laid, self._state))
        return self.upto

    def _merged(self) -> Base | None:
        """The base that was laid beside, once it is done. Where that failed the old one stays, and
        it is tried again when the overlay has doubled."""
        if self._merging is None or not self._merging.done():
            return None
        laid, self._merging = self._merging, None
        if (error := laid.exception()) is None:
            return laid.result()
        log.error("影响索引未能合并 / the reach index was not merged: %r", error, exc_info=error)
        self._merge = 2 * self.overlay
        return None

    def _advanced(
        self, state: _State, upto: int, nodes: Nodes, told: Ints, base: Base, delta: Rows,
        fresh: Rows, literals: Literals, aliases: Aliases,
    ) -> _State:  # fmt: skip
        """The state after `state`, with `fresh` over its delta."""
        if base is state.base and base.layout.places.admit(nodes, told, self.transitions):
            view = advanced(state.view, base, state.delta, fresh, aliases, self.transitions)
            if view is not None:
                return _State(upto, nodes, base, delta, literals, aliases, view)
        return self._settled(upto, nodes, told, base, delta, literals, aliases)

    def _settled(
        self, upto: int, nodes: Nodes, told: Ints, base: Base, delta: Rows, literals: Literals,
        aliases: Aliases,
    ) -> _State:  # fmt: skip
        """The state with this delta over this base, or over a new one where need be; `told`
        are the resources that the base may not know yet."""
        view = None
        if base.layout.places.admit(nodes, told, self.transitions):
            view = view_of(base, delta, aliases, self.transitions, self._tables)
        if view is not None:
            return _State(upto, nodes, base, delta, literals, aliases, view)
        rows = combined(base, delta)
        base = lay(upto, nodes, rows, literals, aliases, self._sources, self.transitions)
        return self._settled(upto, nodes, _NONE, base, empty_rows(), literals, aliases)

    def _laid(self, state: _State) -> Base:
        rows = combined(state.base, state.delta)
        return lay(
            state.upto, state.nodes, rows, state.literals, state.aliases, self._sources,
            self.transitions,
        )  # fmt: skip


def _after(delta: Rows, commit: int) -> Rows:
    """What of the delta a base laid at this commit does not have."""
    ended = np.where(delta.until == FOREVER, 0, delta.until)
    return delta.take(np.maximum(delta.since, ended) > commit)
