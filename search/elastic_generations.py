"""Generations of the index on Elasticsearch: made, filled, published, removed.

mulu            alias, for reading: the generation in use; swapped in one step
mulu-gen-3      a generation: documents, position, and what it was built for
mulu-gen-3-in   alias, for writing to this generation
mulu-lease      who feeds (elastic_lease.py)
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch

from ontology.problem import Problem
from ontology.resource import ResourceId
from search.cutter import Cutter
from search.document import SearchDocument
from search.elastic_address import Address
from search.elastic_client import Gone, translated
from search.elastic_feed import Feed, Item
from search.elastic_lease import ElasticLease
from search.elastic_query import (
    GENERATION,
    KEPT,
    META,
    PLACE,
    POSITION,
    SETTINGS,
    Body,
    body,
    fields,
)
from search.generations import IndexDamaged
from search.mapping import FORMAT, SearchMapping
from search.plan import Planner
from search.text import segmenter
from search.views import Views

log = logging.getLogger("mulu")


@dataclass(eq=False)
class View:
    """The index at one moment: a point in time, the stamp of its position document, and
    the position itself."""

    pit: str
    stamp: int
    position: int


@dataclass(frozen=True)
class Items:
    """Makes of documents what is sent, in any process; what it cuts with is made where it is."""

    mapping: SearchMapping
    words: tuple[str, ...]

    def __call__(self, docs: Sequence[SearchDocument]) -> list[Item]:
        return [Item(doc.id, orjson.dumps(body(self._cutter.physical(doc)))) for doc in docs]

    @cached_property
    def _cutter(self) -> Cutter:
        return Cutter(self.mapping, segmenter(self.words))

    def __getstate__(self) -> dict[str, Any]:
        return {"mapping": self.mapping, "words": self.words}


@dataclass
class Opened:
    """A generation, what makes its items, and its views."""

    name: str
    planner: Planner
    items: Items
    words: tuple[str, ...]
    feed: Feed
    views: Views[View] = field(default_factory=Views)
    view: View | None = None

    @property
    def mapping(self) -> SearchMapping:
        return self.planner.mapping

    async def store(
        self, docs: Sequence[SearchDocument], deleted: Iterable[ResourceId], upto: int
    ) -> list[Problem]:
        gone = [Item(id, None) for id in deleted]
        return await self.feed.store([*gone, *await asyncio.to_thread(self.items, docs)], upto)


@dataclass(frozen=True)
class ElasticGenerations:
    """All generations under one prefix."""

    address: Address
    client: AsyncElasticsearch

    async def names(self) -> dict[str, bool]:
        """Of all that are there, and whether they answer."""
        return {name: self.address.prefix in of for name, of in (await self._aliases()).items()}

    async def _aliases(self) -> dict[str, set[str]]:
        ours = re.compile(re.escape(self.address.prefix) + r"-gen-\d+")
        with translated(self.address):
            found = await self.client.indices.get(
                index=f"{self.address.prefix}-gen-*", features="aliases", expand_wildcards="all"
            )
        return {name: set(of["aliases"]) for name, of in found.items() if ours.fullmatch(name)}

    async def create(
        self, mapping: SearchMapping, words: Sequence[str], *, answering: bool = False
    ) -> Opened:
        """An empty generation after all that are there. Raises Conflict where another process
        makes the same one."""
        prefix = self.address.prefix
        number = max(map(_number, await self.names()), default=0)
        made = await self._opened(f"{prefix}-gen-{number + 1}", mapping, tuple(words))
        aliases: Body = {made.feed.alias: {}} | ({prefix: {}} if answering else {})
        with translated(self.address):
            await self.client.indices.create(
                index=made.name, mappings=fields(mapping), settings=SETTINGS, aliases=aliases
            )
        kept = {"format": FORMAT, "mapping": mapping.to_json(), "words": made.words}
        described = orjson.dumps({META: GENERATION, KEPT: kept})
        await made.feed.move(0, Item(GENERATION, described, own=True))
        return made

    async def open(self, name: str) -> Opened:
        """The one of that name. Raises Gone where there is none, Damaged where it does not say
        what it was built for."""
        with translated(self.address):
            found = await self.client.get(index=name, id=GENERATION)
        try:
            kept = found["_source"][KEPT]
            if kept["format"] != FORMAT:
                raise IndexDamaged(name, f"format {kept['format']}, this version reads {FORMAT}")
            mapping = SearchMapping.from_json(kept["mapping"])
            return await self._opened(name, mapping, tuple(kept["words"]))
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(name, str(error) or type(error).__name__) from error

    async def _opened(self, name: str, mapping: SearchMapping, words: tuple[str, ...]) -> Opened:
        segments = await asyncio.to_thread(segmenter, words)
        feed = Feed(self.address, self.client, f"{name}-in")
        return Opened(name, Planner(mapping, segments), Items(mapping, words), words, feed)

    async def unfinished(self, mapping: SearchMapping) -> tuple[Opened, ResourceId, int] | None:
        """The newest of this mapping that was never published, with how far it came for good
        and the commit at which it was begun."""
        left = [name for name, answers in (await self.names()).items() if not answers]
        for name in sorted(left, key=_number, reverse=True):
            with suppress(Gone, IndexDamaged):  # it was begun, and no more than that
                opened = await self.open(name)
                if opened.mapping.version == mapping.version:
                    with translated(self.address):
                        found = await self.client.get(index=name, id=PLACE)
                    kept = found["_source"][KEPT]
                    return opened, ResourceId(kept["place"]), kept["begun"]
        return None

    async def publish(self, made: Opened, *, alone: bool = True) -> None:
        """Let it answer, and remove the others, in one step. Not `alone`: they stay, and do not
        answer."""
        prefix = self.address.prefix
        others = {name: old for name, old in (await self.names()).items() if name != made.name}
        actions: list[Body] = [{"add": {"index": made.name, "alias": prefix}}]
        if alone:
            actions += [{"remove_index": {"index": name}} for name in others]
        else:
            answering = [name for name, answers in others.items() if answers]
            actions += [{"remove": {"index": name, "alias": prefix}} for name in answering]
        with translated(self.address):
            await self.client.indices.update_aliases(actions=actions)

    async def renamed(self) -> bool:
        """Whether one generation can answer. Where aliases were lost, or name two (snapshots are
        restored so), they are given to the newest that answers, or else is whole."""
        prefix, known = self.address.prefix, await self._aliases()
        for name in sorted(known, key=lambda name: (prefix in known[name], _number(name)))[::-1]:
            if prefix in known[name] or await self._whole(name):
                lost = {prefix, f"{name}-in"} - known[name]
                others = [other for other in known if other != name and prefix in known[other]]
                actions: list[Body] = [{"add": {"index": name, "alias": one}} for one in lost]
                actions += [{"remove": {"index": one, "alias": prefix}} for one in others]
                if actions:
                    log.warning("检索别名有误，重新指向 / aliases of search again name %s", name)
                    with translated(self.address):
                        await self.client.indices.update_aliases(actions=actions)
                return True
        return False

    async def _whole(self, name: str) -> bool:
        """Whether it can be read and was filled to its end: its position tells."""
        with suppress(Gone, IndexDamaged):
            await self.open(name)
            with translated(self.address):
                found = await self.client.get(index=name, id=POSITION)
            return int(found["_source"][KEPT]["upto"]) > 0
        return False

    async def tidy(self) -> None:
        """Remove what a crash left unfinished, unless none answers: one of them may be all that
        there is."""
        names = await self.names()
        for name, answers in names.items():
            if not answers and any(names.values()):
                await self.remove(name)

    async def remove(self, name: str) -> None:
        with suppress(Gone), translated(self.address):
            await self.client.indices.delete(index=name)


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


class ElasticGeneration:
    """A generation being filled; see `search.index.Generation`."""

    def __init__(
        self,
        generations: ElasticGenerations,
        opened: Opened,
        lease: ElasticLease,
        published: Callable[[Opened], None],
        *,
        place: ResourceId | None = None,
        begun: int = 0,
    ) -> None:
        self._generations, self._opened, self._published = generations, opened, published
        self._lease = lease
        self.mapping = opened.mapping
        self.place, self.begun, self._upto = place, begun, 0

    @property
    def preparing(self) -> Items:
        return self._opened.items

    async def take(self, ready: Sequence[Item]) -> Sequence[Problem]:
        self._lease.check()
        return await self._opened.feed.store(ready, 0)

    async def keep(self, place: ResourceId, begun: int) -> None:
        """The cluster keeps each request; how far they came is noted in a document beside them."""
        self._lease.check()  # who took over goes on from where this was noted
        noted = orjson.dumps({META: PLACE, KEPT: {"place": place, "begun": begun}})
        await self._opened.feed.store([Item(PLACE, noted, own=True)], 0)

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        problems = await self._opened.store(docs, deleted, upto)
        self._upto = upto
        return problems

    async def position(self) -> int:
        return self._upto

    async def publish(self) -> None:
        self._lease.check()
        await self._opened.feed.move(self._upto, Item(PLACE, None, own=True))
        await self._generations.publish(self._opened, alone=self._upto > 0)
        self._published(self._opened)

    async def leave(self) -> None:
        """Nothing to be done: what nobody goes on with, the next `rebuild` removes."""

    async def discard(self) -> None:
        await self._generations.remove(self._opened.name)
