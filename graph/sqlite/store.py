"""The graph store on SQLite: async on the outside, plain functions over a connection inside."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from graph.bulk import Loaded, Prepared
from graph.entry import Entry
from graph.guard import check_class
from graph.numbered import AliasInterval, EdgeColumns, NodeColumns, Numbered, RawEdge
from graph.page import check_limit, place_of
from graph.sqlite import backup, columns, fan, link, load, log, purge, run, stream, verify, view
from graph.sqlite.commit import commit, repeat
from graph.sqlite.connection import Readers, Writer
from graph.sqlite.group import groups_of, held_by_group, held_ever, is_plain, stand_of
from graph.sqlite.lexicon import Lexicon, names_of, numbers_of
from graph.sqlite.ontology import adopted
from graph.sqlite.schema import create
from graph.sqlite.standin import held_aliases, said_ever
from graph.sqlite.step import is_patient, prepare, prepared
from graph.store import Flaw, LinkPage, Run
from ontology.alias import HeldAlias, effective
from ontology.errors import Damaged, Unavailable
from ontology.merge import by_precedence
from ontology.model import Direction, Ontology
from ontology.resource import Alias, At, Change, ChangeSet, Commit, Edge, Held, Resource, ResourceId

P = ParamSpec("P")
T = TypeVar("T")

PIECE = 1000
FEW = 3
"""Resources whose links are not worth reading together."""


class SqliteStore:
    """See `GraphStore`. Several may be open on one file, in one process or many."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer(path)
        self._readers = Readers(path)
        self._writing = Lexicon()  # touched by the writer's thread only
        self._reading = Lexicon()
        self._ontology: Ontology | None = None

    @property
    def ontology(self) -> Ontology:
        if self._ontology is None:
            raise Unavailable(f"{self.path}: call `ensure` with an ontology before anything else.")
        return self._ontology

    async def _read(
        self, read: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        return await asyncio.wrap_future(self._readers.submit(lambda db: read(db, *args, **kw)))

    async def _write(self, write: Callable[[sqlite3.Connection], T], *, patient: bool = False) -> T:
        def whole(db: sqlite3.Connection) -> T:
            try:
                return write(db)
            except BaseException:
                self._writing.forget()
                raise

        return await asyncio.wrap_future(self._writer.submit(whole, patient=patient))

    # --- writing ---

    async def ensure(self, ontology: Ontology) -> None:
        # Asked for reading first: a reader waits for no lock, and may have no right to write.
        if not await self._read(adopted, self._reading, ontology):
            await self._write(create)
        self._ontology = ontology

    async def commit(self, changes: ChangeSet) -> Commit | None:
        ontology, patient = self.ontology, is_patient(changes)
        if patient:  # a long preparation must not hold up the event loop
            ready = await asyncio.to_thread(prepare, changes, ontology)
        else:
            ready = prepare(changes, ontology)
        return await self._write(
            lambda db: commit(db, self._writing, ontology, changes, ready), patient=patient
        )

    @property
    def preparing(self) -> Callable[[ChangeSet, Ontology], Prepared]:
        return prepared

    async def load(
        self, prepared: Sequence[Prepared], run: Run, seen: Sequence[ResourceId]
    ) -> Sequence[Loaded]:
        ontology = self.ontology
        return await self._write(
            lambda db: load.load(db, self._writing, ontology, prepared, run, seen), patient=True
        )

    async def replay(self, entries: Sequence[Entry]) -> None:
        ontology = self.ontology

        def whole(db: sqlite3.Connection) -> None:
            for entry in entries:
                repeat(db, self._writing, ontology, entry)

        await self._write(whole, patient=True)

    # --- the log ---

    async def head(self) -> Commit | None:
        return await self._read(log.head)

    async def committed(self, key: str) -> Commit | None:
        return await self._read(log.first_of_keys, key)

    async def commit_at(self, at: At) -> int:
        return await self._read(log.moment, at)

    async def commits(self, after: int, until: int | None = None) -> AsyncIterator[Commit]:
        while piece := await self._read(log.commits, after, until, PIECE):
            for one in piece:
                yield one
            after = piece[-1].number

    async def changes(self, after: int, until: int | None = None) -> AsyncIterator[Change]:
        async for one in self.commits(after, until):
            for change in await self._read(log.changes, one.number - 1, one.number):
                yield change

    # --- resources ---

    async def resolve(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, ResourceId]:
        def read(db: sqlite3.Connection) -> dict[ResourceId, ResourceId]:
            now = log.past(db, at)
            numbers = view.known(db, ids, now)
            stand = stand_of(db, numbers.values(), now)
            names = names_of(db, stand.values())
            return {id: names[stand[number]] for id, number in numbers.items()}

        ids = tuple(ids)
        return await self._read(read)

    async def get_many(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, Resource]:
        def read(db: sqlite3.Connection) -> dict[ResourceId, Resource]:
            return view.read_many(db, self._reading, ontology, ids, log.past(db, at))

        ids, ontology = tuple(ids), self.ontology
        return await self._read(read)

    async def held(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, tuple[Held, ...]]:
        def read(db: sqlite3.Connection) -> dict[ResourceId, tuple[Held, ...]]:
            now = log.past(db, at)
            numbers = view.known(db, ids, now)
            stand = stand_of(db, numbers.values(), now)
            groups = groups_of(db, set(stand.values()), now)
            held = held_by_group(db, self._reading, groups, now)
            return {id: tuple(by_precedence(held[stand[n]])) for id, n in numbers.items()}

        ids = tuple(ids)
        return await self._read(read)

    async def history(
        self, id: ResourceId, *, after: int = 0, limit: int = 100
    ) -> tuple[Held, ...]:
        def read(db: sqlite3.Connection) -> tuple[Held, ...]:
            stand = stand_of(db, numbers_of(db, [id]).values(), None)
            groups = groups_of(db, set(stand.values()), None)
            names = [n for group in groups.values() for n in group]
            return tuple(held_ever(db, self._reading, names, after, limit))

        return await self._read(read)

    async def scan(
        self, type: str | None = None, *, after: ResourceId | None = None, at: At = None
    ) -> AsyncIterator[Resource]:
        check_class(self.ontology, type)
        now = None if at is None else await self._read(log.past, at)
        place: str | None = after or ""
        while place is not None:
            found, place = await self._read(
                stream.scan_piece, self._reading, self.ontology, type, place, now
            )
            for resource in found:
                yield resource

    async def stretches(
        self, size: int, *, after: ResourceId | None = None
    ) -> AsyncIterator[ResourceId]:
        end: ResourceId | None = after
        while (end := await self._read(stream.stretch_end, end or "", size)) is not None:
            yield end

    async def stretch(self, after: str, until: ResourceId) -> list[Resource]:
        return await self._read(stream.stretch, self._reading, self.ontology, after, until)

    async def levelled(self) -> set[str]:
        return await self._read(stream.levelled, self._reading)

    async def counts(self) -> Mapping[str, int]:
        return await self._read(view.counts)

    async def identified(
        self, identifiers: Iterable[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], tuple[ResourceId, ...]]:
        return await self._read(view.identified, self._reading, tuple(identifiers))

    async def conflicts(
        self, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        found = await self._read(stream.conflicting, self._reading, self.ontology, after, limit)
        return tuple(found)

    async def counted(
        self, name: str, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        found = await self._read(stream.counted, self._reading, self.ontology, name, after, limit)
        return tuple(found)

    async def aliases(self) -> tuple[Alias, ...]:
        def read(db: sqlite3.Connection) -> tuple[Alias, ...]:
            direct = effective(held_aliases(db, self._reading))
            return tuple(Alias(name, of) for name, of in sorted(direct.items()))

        return await self._read(read)

    async def alias_claims(self) -> tuple[HeldAlias, ...]:
        return tuple(await self._read(said_ever, self._reading))

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
        start = place_of(after)

        def read(db: sqlite3.Connection) -> LinkPage:
            now = log.past(db, at)
            names = link.names_asked(db, [id], now).get(id)
            if names is None:
                return LinkPage(())
            asked = link.Asked(db, self._reading, names, way, now, is_plain(db))
            kinds = link.kinds_of(db, self._reading, types)
            return link.page(asked, kinds, start, limit)

        return await self._read(read)

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

        def read(db: sqlite3.Connection) -> dict[ResourceId, tuple[Edge, ...]]:
            now, plain = log.past(db, at), is_plain(db)
            lexicon, kinds = self._reading, link.kinds_of(db, self._reading, types)
            asked = link.names_asked(db, ids, now)
            at_once: dict[int, tuple[Edge, ...]] = {}
            if now is None and len(asked) > FEW:
                met = link.kinds_of(db, lexicon, tuple(ontology.links)) if kinds is None else kinds
                at_once = fan.fan(db, lexicon, asked.values(), met or (), way, limit)
            return {
                id: at_once[names[0]]
                if names[0] in at_once
                else link.page(
                    link.Asked(db, lexicon, names, way, now, plain), kinds, None, limit
                ).edges
                for id, names in asked.items()
            }

        return await self._read(read)

    async def near(
        self, numbers: Sequence[int], types: Sequence[str], way: Direction, *, limit: int
    ) -> Mapping[int, Mapping[str, Sequence[int]]] | None:
        return await self._read(fan.near, self._reading, tuple(numbers), tuple(types), way, limit)

    async def read(self, numbers: Collection[int]) -> Mapping[int, Resource]:
        return await self._read(view.read, self._reading, self.ontology, tuple(numbers), None)

    # --- numbers ---

    async def numbers(self, ids: Iterable[ResourceId]) -> Mapping[ResourceId, int]:
        return await self._read(numbers_of, tuple(ids))

    async def named(self, numbers: Iterable[int]) -> Mapping[int, ResourceId]:
        return await self._read(names_of, tuple(numbers))

    async def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        number = 0
        while piece := await self._read(stream.numbered_piece, self._reading, after, number):
            for one in piece:
                yield one
            number = piece[-1].number

    async def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        origin: int | None = 0
        while origin is not None:
            piece, origin = await self._read(stream.edges_piece, self._reading, after, origin)
            for edge in piece:
                yield edge

    async def numbered_of(self, numbers: Collection[int]) -> Sequence[Numbered]:
        return await self._read(stream.numbered_of, self._reading, numbers)

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> Sequence[RawEdge]:
        return await self._read(stream.edges_of, self._reading, numbers, types, way, at)

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        return tuple(await self._read(stream.alias_intervals, after))

    async def node_columns(self) -> AsyncIterator[NodeColumns]:
        number = 0
        while piece := await self._read(columns.nodes_piece, self._reading, number):
            yield piece
            number = piece.number[-1]

    async def edge_columns(self) -> AsyncIterator[EdgeColumns]:
        origin: int | None = 0
        while origin is not None:
            piece, origin = await self._read(columns.edges_piece, self._reading, origin)
            yield piece

    # --- runs ---

    async def save_run(self, run_: Run) -> None:
        await self._write(lambda db: run.save(db, run_))

    async def runs(self, source: str | None = None, *, limit: int = 50) -> tuple[Run, ...]:
        return tuple(await self._read(run.runs, source, limit))

    async def saw(self, run_: Run, ids: Iterable[ResourceId]) -> None:
        names = tuple(ids)
        await self._write(lambda db: run.saw(db, run_, names), patient=True)

    async def unseen(self, run_: Run, *, claimed: bool = True) -> AsyncIterator[ResourceId]:
        number = 0
        while piece := await self._read(run.unseen, run_, claimed, number, PIECE):
            for _, id in piece:
                yield id
            number = piece[-1][0]

    # --- care ---

    async def purge(self, ids: Iterable[ResourceId], *, actor: str, reason: str) -> Commit:
        names, ontology = tuple(ids), self.ontology
        return await self._write(
            lambda db: purge.purge(db, self._writing, ontology, names, actor, reason)
        )

    async def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        lexicon = Lexicon()  # nothing remembered: the file itself is asked
        for check in verify.CHECKS:
            place: int | None = 0
            while place is not None:
                try:
                    flaws, place = await self._read(check, lexicon, self.ontology, place)
                except Damaged as error:  # a page that cannot be read is a finding too
                    flaws, place = [Flaw("file", str(error), "")], None
                for flaw in flaws:
                    yield flaw
        if repair:
            await self._repair()

    async def _repair(self) -> None:
        """In short steps, so that others write meanwhile."""
        lexicon, ontology = self._writing, self.ontology
        await self._write(lambda db: verify.repair_names(db, lexicon, ontology), patient=True)
        place: int | None = 0
        while place is not None:
            step = partial(verify.repair_piece, lexicon=lexicon, ontology=ontology, after=place)
            place = await self._write(step, patient=True)
        await self._write(lambda db: verify.recount(db, lexicon), patient=True)

    async def backup(self, target: str) -> None:
        await self._read(backup.backup, self.path, Path(target))

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._readers.close)
