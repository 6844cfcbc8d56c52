"""The reference store: what was said, with its intervals, and a picture per commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime

from graph.chain import LEDGER, next_commit
from graph.entry import Entry, Line
from graph.guard import (
    check_class,
    check_expected,
    check_repeated,
    count_lost,
    is_known,
    nothing_known,
    number_of,
    refuse_loss,
    utc,
)
from graph.identifiers import identifiers_in, is_provisional
from graph.memory import link
from graph.memory.numbers import alias_intervals, raw_edges
from graph.memory.picture import Picture, Shown, intervals, paint, state_of
from graph.memory.words import Words, held_at
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.page import check_limit, place_of
from graph.store import Flaw, LinkPage, Run
from ontology.alias import HeldAlias, by_commit, effective, settle
from ontology.changes import check, own_claims
from ontology.digest import chain_flaws, claim_digest, content_digest
from ontology.errors import CatalogError, InvalidInput
from ontology.merge import by_precedence, standing
from ontology.model import Direction, Ontology
from ontology.resource import (
    Alias,
    At,
    Change,
    ChangeSet,
    Commit,
    Edge,
    Held,
    Resource,
    ResourceId,
)


class MemoryStore:
    """See `GraphStore`."""

    def __init__(self) -> None:
        self._ontology = Ontology({}, {}, {}, "")
        self._words = Words()
        self._log: list[Commit] = []
        self._changes: list[Change] = []
        self._pictures = [Picture()]
        self._intervals: list[Shown] = []
        self._runs: dict[str, Run] = {}
        self._seen: dict[tuple[str, str], dict[ResourceId, str]] = {}

    async def ensure(self, ontology: Ontology) -> None:
        refuse_loss(count_lost(ontology, (h.claim for h in self._words.claims)))
        self._ontology = ontology

    # --- writing ---

    async def commit(self, changes: ChangeSet) -> Commit | None:
        check(changes, self._ontology)
        if changes.key and (made := [c for c in self._log if c.key == changes.key]):
            return made[0]
        now, picture = len(self._log) + 1, self._pictures[-1]
        check_expected(changes.expected, await self.get_many(changes.expected))
        source = changes.source
        own = own_claims(changes, self._group, lambda a, b: picture.name(a) == picture.name(b))
        said = {name: claim_digest(c, source).hex() if c else "" for name, c in own.items()}
        lines = [
            self._words.say(Line(name, own[name], digest), source, now)
            for name, digest in said.items()
            if digest != self._words.digest(name, source)
        ]
        called = held_at(self._words.aliases, now)
        words = settle(called, changes)
        lines += [self._words.call(alias, word, source, now) for alias, word in words.items()]
        return self._close(changes, lines)

    async def replay(self, entries: Sequence[Entry]) -> None:
        kept = deepcopy(self.__dict__)
        try:
            for entry in entries:
                self._repeat(entry)
        except CatalogError:
            self.__dict__.update(kept)
            raise

    def _repeat(self, entry: Entry) -> None:
        head, now = self._log[-1] if self._log else None, entry.commit.number
        if is_known(entry.commit, head, next(iter(self._log[now - 1 : now]), None)):
            return
        for name in entry.born:
            self._words.names.setdefault(name, now)
        lines = [Change(now, name, "purge", entry.source.name, "") for name in entry.purged]
        self._words.erase(entry.purged, now)
        lines += [self._words.say(line, entry.source, now) for line in entry.lines]
        lines += [self._words.call(alias, word, entry.source, now) for alias, word in entry.called]
        check_repeated(entry, head, lines)
        self._append(entry.commit, lines)

    def _group(self, id: ResourceId) -> list[Held]:
        picture = self._pictures[-1]
        held = held_at(self._words.claims, len(self._log))
        return [h for h in held if picture.name(h.claim.resource) == picture.name(id)]

    def _close(self, changes: ChangeSet, lines: list[Change]) -> Commit | None:
        if not lines:
            return None
        before = self._log[-1] if self._log else None
        self._append(next_commit(before, changes, lines), lines)
        return self._log[-1]

    def _append(self, commit: Commit, lines: list[Change]) -> None:
        self._log.append(commit)
        self._changes += sorted(lines, key=lambda c: (c.action, c.resource, c.digest))
        again = any(line.action == "purge" for line in lines)  # the past looks different too
        self._paint(*range(1 if again else commit.number, commit.number + 1))

    def _paint(self, *commits: int) -> None:
        for commit in commits:
            self._pictures[commit:] = [paint(self._words, self._pictures[:commit], self._ontology)]
        self._intervals = intervals(self._pictures)

    # --- reading ---

    async def head(self) -> Commit | None:
        return self._log[-1] if self._log else None

    async def committed(self, key: str) -> Commit | None:
        return next((c for c in self._log if c.key and c.key.startswith(key)), None)

    async def commit_at(self, at: At) -> int:
        number = number_of(at, len(self._log))
        if number is None:
            assert isinstance(at, datetime)
            return sum(1 for c in self._log if c.at <= utc(at))
        return number

    async def commits(self, after: int, until: int | None = None) -> AsyncIterator[Commit]:
        for commit in self._log[after:until]:
            yield commit

    async def changes(self, after: int, until: int | None = None) -> AsyncIterator[Change]:
        for change in self._changes:
            if after < change.commit <= (until or len(self._log)):
                yield change

    async def _picture(self, at: At) -> Picture:
        return self._pictures[await self.commit_at(at)]

    async def resolve(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, ResourceId]:
        picture = await self._picture(at)
        return {id: picture.name(id) for id in ids if id in picture.changed}

    async def get_many(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, Resource]:
        picture = await self._picture(at)
        return {id: picture.resources[picture.name(id)] for id in ids if id in picture.changed}

    async def held(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, tuple[Held, ...]]:
        now = await self.commit_at(at)
        picture, holding = self._pictures[now], held_at(self._words.claims, now)
        return {
            id: tuple(
                h
                for h in by_precedence(holding)
                if picture.name(h.claim.resource) == picture.name(id)
            )
            for id in ids
            if id in picture.changed
        }

    async def history(
        self, id: ResourceId, *, after: int = 0, limit: int = 100
    ) -> tuple[Held, ...]:
        picture = self._pictures[-1]
        found = [
            h for h in self._words.claims if picture.name(h.claim.resource) == picture.name(id)
        ]
        told = [h for h in found if h.since > after]
        last = max((h.since for h in told[:limit]), default=0)
        return tuple(h for h in told if h.since <= last)

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
        now = await self.commit_at(at)
        return link.page(
            held_at(self._intervals, now),
            id,
            types,
            way,
            name=self._pictures[now].name,
            numbers=self._words.numbers(),
            start=place_of(after),
            limit=limit,
        )

    async def links_many(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None = None,
        way: Direction = Direction.FORWARD,
        *,
        at: At = None,
        limit: int = 100,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]:
        known = await self.resolve(ids, at=at)
        return {id: (await self.links(id, types, way, at=at, limit=limit)).edges for id in known}

    async def scan(
        self, type: str | None = None, *, after: ResourceId | None = None, at: At = None
    ) -> AsyncIterator[Resource]:
        check_class(self._ontology, type)
        picture = await self._picture(at)
        for id, resource in sorted(picture.resources.items()):
            alive = not (resource.placeholder or resource.retired)
            of_type = type is None or self._ontology.is_a(resource.type, type)
            if alive and of_type and (after is None or id > after):
                yield resource

    async def counts(self) -> Mapping[str, int]:
        return Counter(name for r in self._pictures[-1].resources.values() for name in self._as(r))

    def _as(self, resource: Resource) -> list[str]:
        """What a resource is counted as."""
        said = (h.claim for h in standing(self._group(resource.id)))
        living = not (resource.retired or resource.placeholder)
        weak = living and is_provisional(said, self._ontology)
        return [state_of(resource), *(["provisional"] if weak else [])]

    async def identified(
        self, identifiers: Iterable[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], tuple[ResourceId, ...]]:
        found: dict[tuple[str, str, str], set[ResourceId]] = {i: set() for i in identifiers}
        for h in held_at(self._words.claims, len(self._log)):
            for identifier in identifiers_in(h.claim, self._ontology):
                if identifier in found:
                    found[identifier].add(h.claim.resource)
        return {i: tuple(sorted(ids)) for i, ids in found.items() if ids}

    async def conflicts(
        self, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        found = [r async for r in self.scan(after=after) if r.conflicts]
        return tuple(found[:limit])

    async def counted(
        self, name: str, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        known = sorted(self._pictures[-1].resources.items())
        behind = (r for id, r in known if after is None or id > after)
        return tuple([r for r in behind if name in self._as(r)][:limit])

    async def aliases(self) -> tuple[Alias, ...]:
        direct = effective(held_at(self._words.aliases, len(self._log)))
        return tuple(Alias(name, of) for name, of in sorted(direct.items()))

    # --- numbers ---

    async def numbers(self, ids: Iterable[ResourceId]) -> Mapping[ResourceId, int]:
        numbers = self._words.numbers()
        return {id: numbers[id] for id in ids if id in numbers}

    async def named(self, numbers: Iterable[int]) -> Mapping[int, ResourceId]:
        names = dict(enumerate(self._words.names, 1))
        return {n: names[n] for n in numbers if n in names}

    async def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        picture = self._pictures[-1]
        for number, (id, born) in enumerate(self._words.names.items(), 1):
            seen = picture.resources[picture.name(id)]
            if max(born, picture.changed[id]) > after:
                level = str(seen.attributes.get("securityLevel", ""))
                yield Numbered(number, id, seen.type, level, seen.retired)

    async def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        for edge in raw_edges(self._intervals, self._words.numbers()):
            if max(edge.since, edge.until or 0) > after:
                yield edge

    async def numbered_of(self, numbers: Collection[int]) -> list[Numbered]:
        return [node async for node in self.numbered() if node.number in numbers]

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> list[RawEdge]:
        return [
            edge
            async for edge in self.raw_edges()
            if edge.type in types and edge.near(way) in numbers and edge.holds(at)
        ]

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        found = alias_intervals(self._pictures, self._words.numbers())
        return tuple(a for a in found if max(a.since, a.until or 0) > after)

    # --- runs ---

    async def save_run(self, run: Run) -> None:
        self._runs[run.id] = run

    async def runs(self, source: str | None = None, *, limit: int = 50) -> tuple[Run, ...]:
        runs = [r for r in self._runs.values() if source is None or r.source == source]
        runs.sort(key=lambda r: (r.started, r.id), reverse=True)
        return tuple(runs[:limit])

    async def saw(self, run: Run, ids: Iterable[ResourceId]) -> None:
        self._runs.setdefault(run.id, run)
        seen = self._seen.setdefault((run.source, run.scope), {})
        seen.update((id, run.id) for id in ids if id in self._words.names)

    async def unseen(self, run: Run, *, claimed: bool = True) -> AsyncIterator[ResourceId]:
        said = {
            h.claim.resource
            for h in held_at(self._words.claims, len(self._log))
            if h.source.name == run.source
        }
        seen = self._seen.get((run.source, run.scope), {})
        for id in self._words.names:
            if (id in said or not claimed) and seen.get(id, run.id) != run.id:
                yield id

    # --- care ---

    async def purge(self, ids: Iterable[ResourceId], *, actor: str, reason: str) -> Commit:
        now, picture = len(self._log) + 1, self._pictures[-1]
        ids = tuple(ids)
        canonical = {picture.name(id) for id in ids if id in picture.changed}
        names = {name for name in self._words.names if picture.name(name) in canonical}
        if not names:
            raise nothing_known(ids)
        self._words.erase(names, now)
        lines = [Change(now, name, "purge", LEDGER.name, "") for name in names]
        commit = self._close(ChangeSet(actor, LEDGER, reason), lines)
        assert commit is not None
        return commit

    async def alias_claims(self) -> tuple[HeldAlias, ...]:
        return tuple(sorted(self._words.aliases, key=by_commit))

    async def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        before: Commit | None = None
        for commit in self._log:
            content = content_digest(c for c in self._changes if c.commit == commit.number)
            for flaw in chain_flaws(before, commit, content):
                yield Flaw("chain", flaw, str(commit.number))
            before = commit
        for h in self._words.claims:
            digest = claim_digest(h.claim, h.source).hex()
            said = Change(h.since, h.claim.resource, "claim", h.source.name, digest)
            if h.claim.resource not in self._words.purged and said not in self._changes:
                yield Flaw("chain", "a claim is not the one that was committed", h.claim.resource)

    async def backup(self, target: str) -> None:
        raise InvalidInput("The store in memory has nothing to copy: use sqlite:/// to keep data.")

    async def close(self) -> None:
        pass
