"""The graph store: the record of claims, commits and merged resources. The only truth.

`GraphStore` is what SQLite, Neo4j and the reference store in memory all are. None of
its words belongs to an engine. The contract is tests/contract/test_store_*.py, which
runs over every implementation.

Time: `at` is a commit number (one beyond the head is refused), an instant with a zone
(the last commit not after it), or None for now. Numbers: every id, placeholder or not,
alias or not, has a dense number given at first sight, in order of mention (a resource,
then its links' targets and jobs), and never used again; the reach index counts by them.

What holds for every store:

- A change set is taken whole or not at all. Inside it withdrawals come first, then claims,
  then edits, then aliases. A claim equal to the one held (same words, same rank) changes
  nothing; a change set that changes nothing makes no commit.
- Views are the merge over a group of names (ontology/merge.py). An alias made at commit c
  is seen by readings at c and later; links keep the names that were claimed, and readings
  resolve them at the commit they ask for. Links that say the same under several names of
  one thing are one `Edge`: the highest rank, the newest.
- Visible: some claim of the group holds the link and no claim of equal or higher rank on
  any of the group's names denies it.
- A group whose last asserting claim is withdrawn is retired: its links close, its last
  attributes stay readable. One that was only named by others is a placeholder, version 0.
- An alias that somebody withdraws is also denied if others of lower or equal rank claim it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from graph.entry import Entry
from graph.numbered import AliasInterval, Numbered, RawEdge
from ontology.alias import HeldAlias
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
    """Links of one resource, in order of type, then of the lowest number under which the
    other end is claimed (so: as the ledger met them), then of key (graph/page.py). `after`
    asks for the next page, None at the end. Ends are canonical names (aliases resolved at
    `at`)."""

    edges: tuple[Edge, ...]
    after: str | None = None


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

    @property
    def calling(self) -> Run:
        """The run as it notes which names it said to be aliases: beside what it saw."""
        return replace(self, scope=f"{self.scope} (aliases)")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What `verify` found: which part, what is wrong, at which resource or commit."""

    part: str  # file · chain · merge · links · search · reach
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
        """The lines of the commits in (after, until], by commit, action, name and digest.
        A withdrawal of a claim that nobody held is no line."""
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
        """Claims made after the commit `after` on the group as it is now, those since
        replaced too, in order of commit: `limit` or a few more, since a commit that claims
        several names of the group is told whole."""
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
        of one class and its subclasses or all. A stream: memory stays constant; without `at`
        a long one may see commits made meanwhile. Raises InvalidInput for an unknown class."""
        ...

    async def counts(self) -> Mapping[str, int]:
        """Living resources by leaf class, and "placeholder", "retired", "provisional" (those
        living ones that only weak identifiers name). Names counted 0 may be left out."""
        ...

    async def identified(
        self, identifiers: Iterable[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], tuple[ResourceId, ...]]:
        """(scheme, scope, value) → ids whose open claims carry it (identity.py), sorted; the
        names as claimed. Classes with a single scheme are not in this index: their id is
        that identifier."""
        ...

    async def conflicts(
        self, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        """Living resources on which sources disagree, in order of id."""
        ...

    async def counted(
        self, name: str, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        """What `counts` counts under "placeholder", "retired" or "provisional", in order of id."""
        ...

    async def aliases(self) -> tuple[Alias, ...]:
        """The alias in force of each name that has one, as claimed (chains not flattened),
        in order of name."""
        ...

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

    def unseen(self, run: Run, *, claimed: bool = True) -> AsyncIterator[ResourceId]:
        """Resources that earlier runs of this source and scope saw, that the source still
        claims (unless not `claimed`), and that this run did not see; in order of number."""
        ...

    # --- care ---------------------------------------------------------------------------

    async def purge(self, ids: Iterable[ResourceId], *, actor: str, reason: str) -> Commit:
        """Erase the values of all claims on these resources, past ones too, under all their
        names, with the evidence of their links; the claims end. Class, ends of links, denials
        and digests stay, so that the chain verifies. Raises NotFound if none is known."""
        ...

    async def committed(self, key: str) -> Commit | None:
        """The first commit whose idempotency key is this or begins so, if any."""
        ...

    async def alias_claims(self) -> tuple[HeldAlias, ...]:
        """Every word said of an alias, those since replaced too, in order of commit, then of
        alias and source."""
        ...

    async def replay(self, entries: Sequence[Entry]) -> None:
        """Append commits of another ledger as they were: number, time, key and hash. Those
        that are here already are passed over, so a broken copy goes on where it was. All of
        them or none. Raises InvalidInput where they do not continue this ledger, Damaged
        where what they say is not what their hash covers (graph/guard.py)."""
        ...

    def verify(self, *, repair: bool = False) -> AsyncIterator[Flaw]:
        """Hash chain, and merged views and links against the claims. Repair re-merges (views,
        visible links, counts, alias table); claims and commits are never altered, so flaws
        of "file" and "chain" stay: put a backup back."""
        ...

    async def backup(self, target: str) -> None:
        """A consistent copy while others read and write. `target` is a new file or folder."""
        ...

    async def close(self) -> None: ...
