"""The reference store: in memory, obvious, slow. The oracle of the property tests.

It keeps what was said, with its intervals, and a picture (graph/picture.py) per commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
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
from graph.numbered import AliasInterval, Numbered, RawEdge
from graph.page import Place, check_limit, place_of
from graph.picture import Picture, Row, Said, Shown, bare, held_at, intervals, paint, state_of
from graph.store import Flaw, LinkPage, Run
from ontology.alias import HeldAlias, by_commit, effective, settle
from ontology.changes import check, job_in, literals_in, names_in, own_claims
from ontology.digest import alias_digest, chain_flaws, claim_digest, content_digest
from ontology.errors import CatalogError, InvalidInput
from ontology.merge import by_precedence, key_of, standing
from ontology.model import Direction, Ontology
from ontology.resource import (
    EMPTY,
    Alias,
    At,
    Change,
    ChangeSet,
    Commit,
    Edge,
    Held,
    Resource,
    ResourceId,
    Source,
)


class MemoryStore:
    """See `GraphStore`."""

    def __init__(self) -> None:
        self._ontology = Ontology({}, {}, {}, "")
        self._names: dict[ResourceId, int] = {}
        self._claims: list[Held] = []
        self._aliases: list[HeldAlias] = []
        self._rows: list[Row] = []
        self._purged: set[ResourceId] = set()
        self._log: list[Commit] = []
        self._changes: list[Change] = []
        self._pictures = [Picture()]
        self._intervals: list[Shown] = []
        self._runs: dict[str, Run] = {}
        self._seen: dict[tuple[str, str], dict[ResourceId, str]] = {}

    async def ensure(self, ontology: Ontology) -> None:
        refuse_loss(count_lost(ontology, (h.claim for h in self._claims)))
        self._ontology = ontology

    # --- writing ---

    async def commit(self, changes: ChangeSet) -> Commit | None:
        check(changes, self._ontology)
        if changes.key and (made := await self.committed(changes.key)):
            return made
        now, picture = len(self._log) + 1, self._pictures[-1]
        check_expected(changes.expected, await self.get_many(changes.expected))
        source = changes.source
        own = own_claims(changes, self._group, lambda a, b: picture.name(a) == picture.name(b))
        said = {name: claim_digest(c, source).hex() if c else "" for name, c in own.items()}
        lines = [
            self._say(Line(name, own[name], digest), source, now)
            for name, digest in said.items()
            if digest != self._digest(name, source)
        ]
        called = held_at(self._aliases, now)
        words = settle(called, source, changes.aliases, changes.unaliases)
        lines += [self._call(alias, word, source, now) for alias, word in words.items()]
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
            self._names.setdefault(name, now)
        lines = [Change(now, name, "purge", entry.source.name, "") for name in entry.purged]
        self._erase(entry.purged, now)
        lines += [self._say(line, entry.source, now) for line in entry.lines]
        lines += [self._call(alias, word, entry.source, now) for alias, word in entry.called]
        check_repeated(entry, head, lines)
        self._append(entry.commit, lines)

    def _group(self, id: ResourceId) -> list[Held]:
        picture = self._pictures[-1]
        held = held_at(self._claims, len(self._log))
        return [h for h in held if picture.name(h.claim.resource) == picture.name(id)]

    def _open(self, name: ResourceId, source: Source) -> Held | None:
        held = (h for h in self._claims if h.claim.resource == name and h.until is None)
        return next((h for h in held if h.source.name == source.name), None)

    def _digest(self, name: ResourceId, source: Source) -> str:
        old = self._open(name, source)
        return claim_digest(old.claim, old.source).hex() if old else ""

    def _say(self, line: Line, source: Source, now: int) -> Change:
        name, claim = line.resource, line.claim
        kept = {key_of(x): x for x in claim.links} if claim else {}
        if old := self._open(name, source):
            self._claims[self._claims.index(old)] = replace(old, until=now)
        for i, row in enumerate(self._rows):
            if (row.name, row.source.name, row.until) == (name, source.name, None):
                if kept.get(key_of(row.link)) == row.link and row.source == source:
                    del kept[key_of(row.link)]
                else:
                    self._rows[i] = replace(row, until=now)
        if claim is None:
            return Change(now, name, "withdraw", source.name, "")
        self._claims.append(Held(claim, source, now))
        self._rows += [Row(name, source, link, now) for link in kept.values()]
        for known in names_in(claim):
            self._names.setdefault(known, now)
        return Change(now, name, "claim", source.name, line.digest)

    def _call(self, alias: Alias, word: bool | None, source: Source, now: int) -> Change:
        for i, h in enumerate(self._aliases):
            if (h.alias, h.source.name, h.until) == (alias, source.name, None):
                self._aliases[i] = replace(h, until=now)
        if word is not None:
            self._aliases.append(HeldAlias(alias, source, now, denied=not word))
            self._names.setdefault(alias.name, now)
            self._names.setdefault(alias.of, now)
        action = "alias" if word else "unalias"
        return Change(now, alias.name, action, source.name, alias_digest(alias, source).hex())

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
        said = Said(self._names, self._claims, self._aliases, self._rows)
        for commit in commits:
            self._pictures[commit:] = [paint(said, self._pictures[:commit], self._ontology)]
        self._intervals = intervals(self._pictures)

    # --- reading ---

    async def head(self) -> Commit | None:
        return self._log[-1] if self._log else None

    async def committed(self, key: str) -> Commit | None:
        return next((c for c in self._log if c.key == key), None)

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
        picture, holding = self._pictures[now], held_at(self._claims, now)
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
        found = [h for h in self._claims if picture.name(h.claim.resource) == picture.name(id)]
        return tuple(h for h in found if h.since > after)[:limit]

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
        name, start = self._pictures[now].name, place_of(after)
        numbers = {n: i for i, n in enumerate(self._names, 1)}
        alike: dict[tuple[str, ResourceId, str], list[Shown]] = {}
        for shown in held_at(self._intervals, now):
            link = shown.row.link
            here, there = shown.row.name, link.target
            if way is Direction.BACKWARD:
                here, there = there, here
            if name(here) == name(id) and (types is None or link.type in types):
                alike.setdefault((link.type, name(there), link.key), []).append(shown)
        placed = sorted(
            (Place(kind, min(numbers[_far(s, way)] for s in same), key), _best(same, numbers))
            for (kind, _, key), same in alike.items()
        )
        page = [(p, s) for p, s in placed if start is None or p > start]
        edges = tuple(_edge(s, name) for _, s in page[:limit])
        return LinkPage(edges, str(page[limit - 1][0]) if len(page) > limit else None)

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
        counts: Counter[str] = Counter()
        for id, resource in self._pictures[-1].resources.items():
            counts[state_of(resource)] += 1
            if not (resource.retired or resource.placeholder):
                said = (h.claim for h in standing(self._group(id)))
                counts["provisional"] += is_provisional(said, self._ontology)
        return counts

    async def identified(
        self, identifiers: Iterable[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], tuple[ResourceId, ...]]:
        found: dict[tuple[str, str, str], set[ResourceId]] = {i: set() for i in identifiers}
        for h in held_at(self._claims, len(self._log)):
            for identifier in identifiers_in(h.claim, self._ontology):
                if identifier in found:
                    found[identifier].add(h.claim.resource)
        return {i: tuple(sorted(ids)) for i, ids in found.items() if ids}

    async def conflicts(
        self, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        found = [r async for r in self.scan(after=after) if r.conflicts]
        return tuple(found[:limit])

    async def aliases(self) -> tuple[Alias, ...]:
        direct = effective(held_at(self._aliases, len(self._log)))
        return tuple(Alias(name, of) for name, of in sorted(direct.items()))

    # --- numbers ---

    async def numbers(self, ids: Iterable[ResourceId]) -> Mapping[ResourceId, int]:
        numbers = {name: i for i, name in enumerate(self._names, 1)}
        return {id: numbers[id] for id in ids if id in numbers}

    async def named(self, numbers: Iterable[int]) -> Mapping[int, ResourceId]:
        names = dict(enumerate(self._names, 1))
        return {n: names[n] for n in numbers if n in names}

    async def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        picture = self._pictures[-1]
        for number, (id, born) in enumerate(self._names.items(), 1):
            seen = picture.resources[picture.name(id)]
            if max(born, picture.changed[id]) > after:
                level = str(seen.attributes.get("securityLevel", ""))
                yield Numbered(number, id, seen.type, level, seen.retired)

    async def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        numbers = {name: i for i, name in enumerate(self._names, 1)}
        for shown in self._intervals:
            if max(shown.since, shown.until or 0) > after:
                link = shown.row.link
                job = job_in(link.properties)
                yield RawEdge(
                    origin=numbers[shown.row.name],
                    type=link.type,
                    target=numbers[link.target],
                    key=link.key,
                    derivation=str(link.properties.get("derivation", "")),
                    job=numbers.get(job, 0) if job else 0,
                    source=shown.row.source.name,
                    complete=link.properties.get("complete") is True,
                    since=shown.since,
                    until=shown.until,
                    literals=literals_in(link.properties),
                )

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        numbers = {name: i for i, name in enumerate(self._names, 1)}
        stands = [p.stand for p in self._pictures]
        found = []
        for name in self._names:
            since, of = 0, None
            for commit, stand in enumerate([*stands, None]):
                current = stand.get(name) if stand is not None else None
                if of is not None and (stand is None or current != of):
                    until = None if stand is None else commit
                    found.append(AliasInterval(numbers[name], numbers[of], since, until))
                if current != of:
                    since, of = commit, current
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
        seen.update((id, run.id) for id in ids if id in self._names)

    async def unseen(self, run: Run) -> AsyncIterator[ResourceId]:
        claimed = {
            h.claim.resource
            for h in held_at(self._claims, len(self._log))
            if h.source.name == run.source
        }
        seen = self._seen.get((run.source, run.scope), {})
        for id in self._names:
            if id in claimed and seen.get(id, run.id) != run.id:
                yield id

    # --- care ---

    async def purge(self, ids: Iterable[ResourceId], *, actor: str, reason: str) -> Commit:
        now, picture = len(self._log) + 1, self._pictures[-1]
        ids = tuple(ids)
        canonical = {picture.name(id) for id in ids if id in picture.changed}
        names = {name for name in self._names if picture.name(name) in canonical}
        if not names:
            raise nothing_known(ids)
        self._erase(names, now)
        lines = [Change(now, name, "purge", LEDGER.name, "") for name in names]
        commit = self._close(ChangeSet(actor, LEDGER, reason), lines)
        assert commit is not None
        return commit

    def _erase(self, names: Collection[ResourceId], now: int) -> None:
        self._purged.update(names)
        for i, h in enumerate(self._claims):
            if h.claim.resource in names:
                self._claims[i] = replace(h, claim=bare(h.claim), until=h.until or now)
        for i, row in enumerate(self._rows):
            if row.name in names:
                link = replace(row.link, properties=EMPTY)
                self._rows[i] = replace(row, link=link, until=row.until or now)

    async def alias_claims(self) -> tuple[HeldAlias, ...]:
        return tuple(sorted(self._aliases, key=by_commit))

    async def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        before: Commit | None = None
        for commit in self._log:
            content = content_digest(c for c in self._changes if c.commit == commit.number)
            for flaw in chain_flaws(before, commit, content):
                yield Flaw("chain", flaw, str(commit.number))
            before = commit
        for h in self._claims:
            digest = claim_digest(h.claim, h.source).hex()
            said = Change(h.since, h.claim.resource, "claim", h.source.name, digest)
            if h.claim.resource not in self._purged and said not in self._changes:
                yield Flaw("chain", "a claim is not the one that was committed", h.claim.resource)

    async def backup(self, target: str) -> None:
        raise InvalidInput("The store in memory has nothing to copy: use sqlite:/// to keep data.")

    async def close(self) -> None:
        pass


def _far(shown: Shown, way: Direction) -> ResourceId:
    return shown.row.link.target if way is Direction.FORWARD else shown.row.name


def _best(same: Sequence[Shown], numbers: Mapping[ResourceId, int]) -> Shown:
    """Of links that mean the same under several names: the highest rank, the newest."""

    def order(shown: Shown) -> tuple[int, int, int, int]:
        row = shown.row
        return -row.source.rank, -row.since, numbers[row.name], numbers[row.link.target]

    return min(same, key=order)


def _edge(shown: Shown, name: Callable[[ResourceId], ResourceId]) -> Edge:
    link = shown.row.link
    return Edge(
        origin=name(shown.row.name),
        type=link.type,
        target=name(link.target),
        key=link.key,
        properties=link.properties,
        source=shown.row.source.name,
        since=shown.since,
        until=shown.until,
    )
