"""Feeds the search index from the commit log, from its stored position.

The position moves only with the documents of the commits it stands for, so a crash at
any point loses nothing and repeats harmlessly. One process feeds (search/lease.py); the others
see its work when they reload.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Protocol

from graph.hidden import ranks
from graph.links import links_whole
from graph.store import GraphStore
from ingest.collected import seldom_collected
from ingest.making import Hands, Workshop, documents, making
from ingest.neighbours import follow
from ontology.errors import Busy, Damaged, Unavailable
from ontology.problem import Problem
from ontology.resource import Resource, ResourceId
from search.document import SearchDocument
from search.index import Generation, SearchIndex
from search.mapping import Path, SearchMapping

log = logging.getLogger("mulu")

WINDOW = 4_000
"""Changed resources that are put together; bounds memory and the time an edit waits."""

REST = 0.25
"""Seconds without an edit until the index is given up: the next edit need not open it, nor
wait for merges."""

KEEP = 400_000
"""Documents of a new generation after which what it has is kept, should we be killed."""

_FED_ELSEWHERE = (
    "另一个进程正在更新检索索引，请稍后再试 / "
    "another process is feeding the search index; try again in a moment"
)

Told = Callable[[int, int], None]
"""Progress: how many done, of how many (commits, or resources when rebuilding)."""


class _Target(Protocol):
    """What takes documents: the answering generation, or one being built."""

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]: ...


class Projector:
    """See the module's text. `mapping` is what the ontology asks for now; `workshop` is how other
    processes come to the record, to help where all of it is indexed."""

    def __init__(
        self,
        store: GraphStore,
        index: SearchIndex,
        mapping: SearchMapping,
        workshop: Workshop | None = None,
    ) -> None:
        self._store, self._index, self._mapping = store, index, mapping
        self._workshop = workshop

    async def catch_up(self, told: Told | None = None) -> int:
        """Bring the index up to the head, unless another process is doing so.

        Returns the position afterwards. An index of another mapping, one that has not
        begun or cannot be read, or one that is ahead of the record (a restored backup) is built
        anew."""
        position, top = await self._position(), await self._top()
        if position == top and not self._index.outdated(self._mapping):
            return position
        async with self._index.lease.hold() as granted:
            if not granted:
                return position
            try:
                position = await self._position()
                if position < 1 or position > top or self._index.outdated(self._mapping):
                    await self._rebuild(told)
                else:
                    await self._follow(position, top, told)
            except Busy:
                return position  # another process fed it a moment ago and still rests
            finally:
                await self._index.release(after=REST)
        return await self._index.position()

    async def _position(self) -> int:
        """Of the index; -1 where it cannot be read."""
        try:
            return await self._index.position()
        except Damaged as damage:
            log.warning("%s", damage)
            return -1

    async def rebuild(self, told: Told | None = None) -> int:
        """A new generation with the names of today as words, while the old one answers."""
        async with self._index.lease.hold() as granted:
            if not granted:
                raise Busy(_FED_ELSEWHERE)
            try:
                await self._rebuild(told)
            finally:
                await self._index.release()
        return await self._index.position()

    async def mend(self, ids: Sequence[ResourceId]) -> None:
        """Put these documents right, whatever is there; the position stays."""
        async with self._index.lease.hold() as granted:
            if not granted:
                raise Busy(_FED_ELSEWHERE)
            try:
                docs, gone = await self.documents(ids)
                _tell(await self._index.put(docs, upto=await self._index.position(), deleted=gone))
            finally:
                await self._index.release()

    async def _rebuild(self, told: Told | None) -> None:
        with seldom_collected():
            await self._build(told)

    async def _build(self, told: Told | None) -> None:
        async with making(self._store, self._mapping, self._workshop) as hands:
            generation = await self._begun(hands)
            try:
                await self._fill(generation, hands, told)
                # Commits made while it was filled: their documents again, from the log.
                await generation.put((), upto=generation.begun)
                async for last, changed in self._windows(generation.begun, await self._top()):
                    await self._put(generation, changed, generation.begun, last)
            except BaseException as error:  # told to stop, or in want of something: go on later
                stopped = isinstance(error, Unavailable) or not isinstance(error, Exception)
                await (generation.leave() if stopped else generation.discard())
                raise
        await generation.publish()

    async def _begun(self, hands: Hands) -> Generation:
        """The generation to fill: one that was left half filled, or a new one."""
        top = await self._top()
        generation = await self._index.unfinished(self._mapping)
        if generation is not None and generation.begun <= top:
            return generation
        generation = await self._index.rebuild(self._mapping, await hands.words())
        generation.begun = top
        return generation

    async def _fill(self, generation: Generation, hands: Hands, told: Told | None) -> None:
        counts = await self._store.counts()
        total = sum(n for kind, n in counts.items() if kind in self._mapping.types)
        done = unkept = 0
        async for made in hands.made(generation.preparing, generation.place):
            _tell(await generation.take(made.ready))
            done, unkept = done + made.resources, unkept + made.resources
            if unkept >= KEEP:
                await generation.keep(made.last, generation.begun)
                unkept = 0
            if told:
                told(done, total)

    async def _top(self) -> int:
        head = await self._store.head()
        return head.number if head else 0

    async def _follow(self, position: int, top: int, told: Told | None) -> None:
        async for upto, changed in self._windows(position, top):
            await self._put(self._index, changed, position, upto)
            position = upto
            if told:
                told(position, top)

    async def _windows(self, after: int, until: int) -> AsyncIterator[tuple[int, list[ResourceId]]]:
        """Commits in groups of about WINDOW changed resources: (last commit, ids)."""
        if after >= until:
            return
        changed: dict[ResourceId, None] = {}
        last = after
        async for change in self._store.changes(after, until):
            if change.commit != last and len(changed) >= WINDOW:
                yield last, list(changed)
                changed = {}
            last = change.commit
            changed[change.resource] = None
        yield until, list(changed)

    async def _put(
        self, target: _Target, changed: Sequence[ResourceId], before: int, upto: int
    ) -> None:
        """Documents of what changed, then of what names it; the position goes last."""
        names = await self._store.resolve(changed)
        direct = dict.fromkeys(names.get(id, id) for id in changed)
        aliases = [id for id in changed if id not in direct]
        parts = [id async for id in self._secret_parts(list(direct), before)]
        dependants = [id async for id in self._dependants([*direct, *parts], before)]
        later = [id for id in dict.fromkeys((*parts, *dependants)) if id not in direct]
        todo = [*direct, *aliases, *later]
        for start in range(0, len(todo) or 1, WINDOW):
            docs, gone = await self.documents(todo[start : start + WINDOW])
            last = start + WINDOW >= len(todo)
            _tell(await target.put(docs, upto=upto if last else before, deleted=gone))

    async def documents(
        self, ids: Sequence[ResourceId]
    ) -> tuple[list[SearchDocument], list[ResourceId]]:
        """The documents of those that live, and the ids that must not be in the index."""
        found = await self._store.get_many(ids)
        living = [r for id in ids if (r := found.get(id)) and r.id == id and _lives(r)]
        shown = {r.id for r in living}
        return await documents(self._store, living, self._mapping), [
            id for id in ids if id not in shown
        ]

    async def _secret_parts(
        self, changed: Sequence[ResourceId], before: int
    ) -> AsyncIterator[ResourceId]:
        """The parts of what has a level above the lowest, or had one: theirs may be another."""
        types = tuple({type for found in self._mapping.parts.values() for type in found})
        for at in (None, before) if before else (None,):
            wholes = await self._store.get_many(changed, at=at)
            levels = await ranks(self._store, self._mapping.parts, wholes, at)
            here, met = [id for id in wholes if levels[id]], set[ResourceId]()
            while here and types:
                links = await links_whole(self._store, here, types, at=at)
                here = [e.target for e in links.all() if e.target not in met]
                met.update(here)
                for id in here:
                    yield id

    async def _dependants(
        self, changed: Sequence[ResourceId], before: int
    ) -> AsyncIterator[ResourceId]:
        """Who carries the names of what changed: now, and before a link was taken away."""
        for at in (None, before) if before else (None,):
            known = await self._store.get_many(changed, at=at)
            wanted: dict[Path, list[ResourceId]] = {}
            for resource in known.values():
                for path in self._mapping.dependants(resource.type):
                    wanted.setdefault(path, []).append(resource.id)
            ends = await follow(self._store, wanted, at=at)
            for found in ends.values():
                for ids in found.values():
                    for id in ids:
                        yield id


def _tell(refused: Iterable[Problem]) -> None:
    """A resource that cannot be indexed keeps no other from it; `mulu verify` lists it too."""
    for problem in refused:
        log.warning("%s: %s", problem.resource[:200], problem.what)


def _lives(resource: Resource) -> bool:
    return not (resource.placeholder or resource.retired)
