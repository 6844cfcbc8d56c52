"""The graph store on Neo4j: transactions as functions over `Tx`, in the modules beside."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence

from graph.entry import Entry
from graph.guard import Use, check_class
from graph.neo4j import link, log, near, run, stream, verify, view
from graph.neo4j import ontology as adoption
from graph.neo4j.address import address_of
from graph.neo4j.claim import held_by_group, held_ever
from graph.neo4j.commit import Attempt, commit
from graph.neo4j.connection import Database, Tx
from graph.neo4j.cypher import NOW
from graph.neo4j.names import groups_of, names_of, numbers_of, seen
from graph.neo4j.purge import purge
from graph.neo4j.ready import is_patient, prepare
from graph.neo4j.repeat import repeat
from graph.neo4j.standin import held_aliases, said_ever
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.page import check_limit, place_of
from graph.store import Flaw, LinkPage, Run
from ontology.alias import HeldAlias, effective
from ontology.errors import InvalidInput, Unavailable
from ontology.merge import by_precedence
from ontology.model import Direction, Ontology
from ontology.resource import Alias, At, Change, ChangeSet, Commit, Edge, Held, Resource, ResourceId

PIECE = 1000


class Neo4jStore:
    """See `GraphStore`. Several may be open on one database, in one process or many."""

    def __init__(self, url: str) -> None:
        self._database = Database(address_of(url))
        self._used: frozenset[Use] = frozenset()
        self._ontology: Ontology | None = None

    @property
    def ontology(self) -> Ontology:
        if self._ontology is None:
            raise Unavailable(
                "数据库尚未就绪 / the database has not been made ready yet (`ensure`).",
                part="record",
            )
        return self._ontology

    # --- writing ---

    async def ensure(self, ontology: Ontology) -> None:
        await adoption.ensure(self._database, ontology)
        self._ontology = ontology

    async def commit(self, changes: ChangeSet) -> Commit | None:
        ontology = self.ontology
        if is_patient(changes):  # a long preparation must not hold up the event loop
            ready = await asyncio.to_thread(prepare, changes, ontology)
        else:
            ready = prepare(changes, ontology)
        attempt = Attempt(ontology, changes, ready, secrets.token_hex(16), self._used)
        made = await self._database.write(commit, attempt)
        self._used |= attempt.noted
        return made

    async def replay(self, entries: Sequence[Entry]) -> None:
        ontology = self.ontology

        async def whole(tx: Tx) -> None:
            for entry in entries:
                await repeat(tx, ontology, entry)

        await self._database.write(whole)

    # --- the log ---

    async def head(self) -> Commit | None:
        return await self._database.read(log.head)

    async def committed(self, key: str) -> Commit | None:
        return await self._database.read(log.first_of_keys, key)

    async def commit_at(self, at: At) -> int:
        return await self._database.read(log.moment, at)

    async def commits(self, after: int, until: int | None = None) -> AsyncIterator[Commit]:
        while piece := await self._database.read(log.commits, after, until, PIECE):
            for one in piece:
                yield one
            after = piece[-1].number

    async def changes(self, after: int, until: int | None = None) -> AsyncIterator[Change]:
        async for one in self.commits(after, until):
            for change in await self._database.read(log.changes, one.number - 1, one.number):
                yield change

    # --- resources ---

    async def resolve(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, ResourceId]:
        async def read(tx: Tx) -> dict[ResourceId, ResourceId]:
            known = await seen(tx, names, await log.when(tx, at))
            return {id: called for id, (_, _, called) in known.items()}

        names = tuple(ids)
        return await self._database.read(read)

    async def get_many(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, Resource]:
        async def read(tx: Tx) -> dict[ResourceId, Resource]:
            return await view.read_many(tx, ontology, names, await log.when(tx, at))

        names, ontology = tuple(ids), self.ontology
        return await self._database.read(read)

    async def held(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, tuple[Held, ...]]:
        async def read(tx: Tx) -> dict[ResourceId, tuple[Held, ...]]:
            now = await log.when(tx, at)
            known = await seen(tx, names, now)
            groups = await groups_of(tx, {of for _, of, _ in known.values()}, now)
            held = await held_by_group(tx, groups, now)
            return {id: tuple(by_precedence(held[of])) for id, (_, of, _) in known.items()}

        names = tuple(ids)
        return await self._database.read(read)

    async def history(
        self, id: ResourceId, *, after: int = 0, limit: int = 100
    ) -> tuple[Held, ...]:
        async def read(tx: Tx) -> tuple[Held, ...]:
            known = await seen(tx, [id], NOW)
            groups = await groups_of(tx, {of for _, of, _ in known.values()}, NOW)
            names = [n for group in groups.values() for n in group]
            return tuple(await held_ever(tx, names, after, limit))

        return await self._database.read(read)

    async def scan(
        self, type: str | None = None, *, after: ResourceId | None = None, at: At = None
    ) -> AsyncIterator[Resource]:
        ontology, place = self.ontology, str(after or "")
        check_class(ontology, type)
        now = await self._database.read(log.when, at)
        while True:
            found, last = await self._database.read(stream.scan_piece, ontology, type, place, now)
            for resource in found:
                yield resource
            if last is None:
                return
            place = last

    async def counts(self) -> Mapping[str, int]:
        return await self._database.read(log.counts)

    async def identified(
        self, identifiers: Iterable[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], tuple[ResourceId, ...]]:
        asked = tuple(identifiers)
        return await self._database.read(view.identified, asked)

    async def conflicts(
        self, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        return tuple(await self._database.read(view.conflicting, after, limit))

    async def counted(
        self, name: str, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        return tuple(await self._database.read(view.counted, name, after, limit))

    async def aliases(self) -> tuple[Alias, ...]:
        direct = effective(await self._database.read(held_aliases))
        return tuple(Alias(name, of) for name, of in sorted(direct.items()))

    async def alias_claims(self) -> tuple[HeldAlias, ...]:
        return tuple(await self._database.read(said_ever))

    # --- links ---

    async def links(
        self,
        id: ResourceId,
        types: Sequence[str] | None = None,
        way: Direction = Direction.FORWARD,
        *,
        at: At = None,
        after: str | None = None,
        limit: int = 100,
    ) -> LinkPage:
        check_limit(limit)
        start, ontology = place_of(after), self.ontology

        async def read(tx: Tx) -> LinkPage:
            now = await log.when(tx, at)
            return await link.page(tx, ontology, id, types, way, now, start, limit)

        return await self._database.read(read)

    async def links_many(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None = None,
        way: Direction = Direction.FORWARD,
        *,
        at: At = None,
        limit: int = 100,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]:
        check_limit(limit)
        ontology = self.ontology

        async def read(tx: Tx) -> dict[ResourceId, tuple[Edge, ...]]:
            now = await log.when(tx, at)
            return await link.pages(tx, ontology, ids, types, way, now, limit)

        return await self._database.read(read)

    # --- numbers ---

    async def numbers(self, ids: Iterable[ResourceId]) -> Mapping[ResourceId, int]:
        names = tuple(ids)
        return await self._database.read(numbers_of, names)

    async def named(self, numbers: Iterable[int]) -> Mapping[int, ResourceId]:
        wanted = tuple(numbers)
        return await self._database.read(names_of, wanted)

    async def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        start = 0
        while piece := await self._database.read(stream.numbered_piece, after, start):
            for one in piece:
                yield one
            start = piece[-1].number

    async def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        start: int | None = 0
        while start is not None:
            piece, start = await self._database.read(
                stream.edges_piece, self.ontology, after, start
            )
            for edge in piece:
                yield edge

    async def numbered_of(self, numbers: Collection[int]) -> Sequence[Numbered]:
        return await self._database.read(near.numbered_of, numbers)

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> Sequence[RawEdge]:
        return await self._database.read(near.edges_of, numbers, types, way, at)

    async def beyond(
        self,
        numbers: Collection[int],
        types: Collection[str],
        way: Direction,
        *,
        at: int,
        most: int,
    ) -> Sequence[Numbered]:
        return await self._database.read(near.beyond, numbers, types, way, at, most)

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        return tuple(await self._database.read(stream.alias_intervals, after))

    # --- runs ---

    async def save_run(self, run_: Run) -> None:
        await self._database.write(run.save, run_)

    async def runs(self, source: str | None = None, *, limit: int = 50) -> tuple[Run, ...]:
        return tuple(await self._database.read(run.runs, source, limit))

    async def saw(self, run_: Run, ids: Iterable[ResourceId]) -> None:
        names = tuple(ids)
        await self._database.write(run.saw, run_, names)

    async def unseen(self, run_: Run, *, claimed: bool = True) -> AsyncIterator[ResourceId]:
        number = 0
        while piece := await self._database.read(run.unseen, run_, claimed, number, PIECE):
            for _, id in piece:
                yield id
            number = piece[-1][0]

    # --- care ---

    async def purge(self, ids: Iterable[ResourceId], *, actor: str, reason: str) -> Commit:
        names, ontology, token = tuple(ids), self.ontology, secrets.token_hex(16)
        return await self._database.write(purge, ontology, names, actor, reason, token)

    async def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        async for flaw in verify.verify(self._database, self.ontology, repair=repair):
            yield flaw

    async def backup(self, target: str) -> None:
        raise InvalidInput(
            "客户端不能复制数据库的文件 / a client cannot copy the files of a database. A logical "
            "copy, beside a running server: mulu copy --to sqlite:///backup.db; of the files: "
            "neo4j-admin database dump."
        )

    async def close(self) -> None:
        await self._database.close()
