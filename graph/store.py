"""The graph store: the record of claims, commits and merged resources. The only truth.

`GraphStore` is what SQLite, Neo4j and the reference store in memory all are. None of
its words belongs to an engine. The contract is tests/contract/test_store_*.py, which
runs over every implementation.

Time: `at` is a commit number, an instant (the last commit not after it), or None for
now. Numbers: every id, placeholder or not, alias or not, has a dense number given at
first sight and never used again; the reach index counts by them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Links of one resource, in order of (type, other end, key); `after` asks for the next
    page, None at the end. Ends are canonical names (aliases resolved at `at`)."""

    edges: tuple[Edge, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RawEdge:
    """A link interval by numbers, as the reach index wants it: ends as claimed, not
    resolved. The same (origin, type, target, key) may come back with a later `until`.
    `job` is the number of the job that made it (0: none), `complete` whether the source
    calls its column lineage complete."""

    origin: int
    type: str
    target: int
    key: str
    derivation: str
    job: int
    source: str
    complete: bool
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class AliasInterval:
    """`name` stood for `of` between two commits (numbers of resources and commits)."""

    name: int
    of: int
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A resource as the reach index knows it: number, class, security level ("" none)."""

    number: int
    id: ResourceId
    type: str
    level: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a source over one scope (its target); kept outside the commits."""

    id: str
    source: str
    scope: str
    started: datetime
    finished: datetime | None = None
    complete: bool = False
    seen: int = 0
    problems: int = 0
    cursor: str = ""  # where to resume


@dataclass(frozen=True, slots=True)
class Flaw:
    """What `verify` found: which part, what is wrong, at which resource or commit."""

    part: str  # chain · merge · links · search · reach
    what: str
    where: str


class GraphStore(Protocol):
    """See the module's text. All methods raise only `CatalogError`s."""

    async def ensure(self, ontology: Ontology) -> None:
        """Make or change the storage for this ontology. Refuses (OntologyError, with a
        count) an ontology that lacks a class, attribute or link that stored claims use."""
        ...

    async def commit(self, changes: ChangeSet) -> Commit | None:
        """Apply atomically and durably. None when nothing changes. The same `key` again
        returns the first commit. Raises VersionConflict, InvalidInput, Busy."""
        ...

    async def head(self) -> Commit | None: ...

    async def commit_at(self, at: At) -> int:
        """The commit number that `at` means (0: before the first)."""
        ...

    def commits(self, after: int, until: int | None = None) -> AsyncIterator[Commit]: ...

    def changes(self, after: int, until: int | None = None) -> AsyncIterator[Change]:
        """The lines of the commits in (after, until], in order."""
        ...

    async def resolve(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, ResourceId]:
        """Each known id → the name readers see (itself unless an alias). Unknown: left out."""
        ...

    async def get_many(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, Resource]:
        """Merged resources under the ids *asked for* (an alias gives its group's resource);
        unknown ids are left out. Retired and placeholders are included, marked."""
        ...

    async def held(
        self, ids: Iterable[ResourceId], *, at: At = None
    ) -> Mapping[ResourceId, tuple[Held, ...]]:
        """All claims on the group of each id that held at `at`, highest precedence first."""
        ...

    async def history(
        self, id: ResourceId, *, after: int = 0, limit: int = 100
    ) -> tuple[Held, ...]:
        """Claims on the group, past and present, in order of commit."""
        ...

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
        """One page of the visible links of one resource. BACKWARD: those that point at it."""
        ...

    async def links_many(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None = None,
        way: Direction = Direction.FORWARD,
        *,
        at: At = None,
        limit: int = 100,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]:
        """The first `limit` links of each, in as few round trips as the engine allows."""
        ...

    def scan(
        self, type: str | None = None, *, after: ResourceId | None = None, at: At = None
    ) -> AsyncIterator[Resource]:
        """Living resources (no placeholder, not retired, no alias name) in order of id,
        of one class and its subclasses or all. A stream: memory stays constant."""
        ...

    async def counts(self) -> Mapping[str, int]:
        """Living resources by leaf class, and "placeholder", "retired", "provisional"."""
        ...

    async def identified(
        self, identifiers: Iterable[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], tuple[ResourceId, ...]]:
        """(scheme, scope, value) → ids whose claims carry it (identity.py)."""
        ...

    async def conflicts(
        self, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        """Living resources on which sources disagree, in order of id."""
        ...

    async def aliases(self) -> tuple[Alias, ...]: ...

    # --- numbers: for the reach index -------------------------------------------------

    async def numbers(self, ids: Iterable[ResourceId]) -> Mapping[ResourceId, int]: ...

    async def named(self, numbers: Iterable[int]) -> Mapping[int, ResourceId]: ...

    def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        """Every number in order, placeholders, retired and alias names included. `after`
        is a commit: only those made or changed since."""
        ...

    def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        """All link intervals opened or closed after the commit `after`."""
        ...

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]: ...

    # --- runs and sightings: outside the commits ---------------------------------------

    async def save_run(self, run: Run) -> None: ...

    async def runs(self, source: str | None = None, *, limit: int = 50) -> tuple[Run, ...]:
        """Newest first."""
        ...

    async def saw(self, run: Run, ids: Iterable[ResourceId]) -> None:
        """The run met these resources (changed or not)."""
        ...

    def unseen(self, run: Run) -> AsyncIterator[ResourceId]:
        """Resources that earlier runs of this source and scope saw, that the source still
        claims, and that this run did not see."""
        ...

    # --- care ---------------------------------------------------------------------------

    async def purge(self, ids: Iterable[ResourceId], *, actor: str, reason: str) -> Commit:
        """Erase the bodies of all claims on these resources, logged; the chain still verifies."""
        ...

    async def committed(self, key: str) -> Commit | None:
        """The commit made under this idempotency key, if any."""
        ...

    def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        """Hash chain, and merged views and links against the claims. Repair re-merges."""
        ...

    async def backup(self, target: str) -> None:
        """A consistent copy while others read and write. `target` is a new file or folder."""
        ...

    async def close(self) -> None: ...
