"""What the ledger holds: ids, claims, links, change sets, commits, merged resources.

Everything here is a frozen value. Rules over them live beside: merge.py (claims →
resource), digest.py (hash chain), identity.py (natural keys → ids).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from types import MappingProxyType
from typing import NewType

from ontology.model import Direction

ResourceId = NewType("ResourceId", str)
"""`family:key`, readable; the family is that of a root class, never of a leaf."""

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...]
"""One value, or a tuple where the ontology says many (never empty)."""

EMPTY: Mapping[str, Scalar] = MappingProxyType({})


def family_of(id: ResourceId | str) -> str:
    """The part before the first colon."""
    return id.partition(":")[0]


class Rank(IntEnum):
    """Precedence of sources in the merge: the higher wins, then the newest."""

    INFERRED = 0
    SCANNED = 1
    AUTHORITATIVE = 2
    CURATED = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Whatever tells mulu something: its stable name and its precedence."""

    name: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Link:
    """A typed relation from the resource whose claim holds it.

    `properties` carry evidence: rule (the expression), job, derivation, complete …
    Two links of one type and target differ only by the properties in the link type's
    `keyed_by`; `key` is their joined values, "" for most types.
    """

    type: str
    target: ResourceId
    properties: Mapping[str, Scalar] = field(default_factory=lambda: EMPTY)
    key: str = ""


@dataclass(frozen=True, slots=True)
class LinkKey:
    """What identifies a link among those of one resource."""

    type: str
    target: ResourceId
    key: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """What a claim says is *not* so; it beats claims of lower or equal rank."""

    attributes: frozenset[str] = frozenset()
    links: frozenset[LinkKey] = frozenset()
    resource: bool = False

    def __bool__(self) -> bool:
        return bool(self.attributes or self.links or self.resource)


NO_DENIAL = Denial()


@dataclass(frozen=True, slots=True)
class Claim:
    """All that one source says of one resource. `type` None: nothing of its class."""

    resource: ResourceId
    type: str | None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    denies: Denial = NO_DENIAL


@dataclass(frozen=True, slots=True)
class Held:
    """A claim as the record keeps it: who said it, and in which commit."""

    claim: Claim
    source: Source
    since: int
    until: int | None = None  # the commit that replaced or withdrew it


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to the change set's own claim on a resource, applied inside the commit.

    `unset` takes the attribute out of the own claim *and* denies it where lower ranks
    still say it; `unlink` does the same for links. `allow` takes own denials back.
    `retire` denies the resource as a whole; `revive` takes that back.
    """

    resource: ResourceId
    type: str | None = None
    set: Mapping[str, Value] = field(default_factory=dict)
    unset: frozenset[str] = frozenset()
    link: tuple[Link, ...] = ()
    unlink: frozenset[LinkKey] = frozenset()
    allow: Denial = NO_DENIAL
    retire: bool = False
    revive: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """`name` and `of` mean one thing; readers see it as `of`."""

    name: ResourceId
    of: ResourceId


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One atomic commit to be. All claims in it are of one source.

    `claims` replace the source's claim on each resource; a claim equal to the one held
    changes nothing, and a change set without any change makes no commit.
    `expected` maps resources to the version that the caller read (0: must not exist).
    `key` makes it idempotent: a second commit with the same key returns the first.
    `at` dates a delivery; it is moved up to the head's time if earlier.
    `unaliases` are not so, whoever says them; of `unsaid` the source says nothing any more.
    """

    actor: str
    source: Source
    reason: str = ""
    claims: tuple[Claim, ...] = ()
    withdrawals: tuple[ResourceId, ...] = ()
    edits: tuple[Edit, ...] = ()
    aliases: tuple[Alias, ...] = ()
    unaliases: tuple[Alias, ...] = ()
    unsaid: tuple[Alias, ...] = ()
    expected: Mapping[ResourceId, int] = field(default_factory=dict)
    key: str | None = None
    at: datetime | None = None

    @property
    def called(self) -> tuple[Alias, ...]:
        """The aliases that it has a word on, whichever."""
        return (*self.aliases, *self.unaliases, *self.unsaid)


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the log. `content` is the digest over its changes' digests; `hash`
    covers everything here and `parent`, so a purge of bodies leaves the chain whole."""

    number: int
    at: datetime
    actor: str
    source: str
    reason: str
    changes: int
    content: str
    parent: str
    hash: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a commit: what of which resource; `digest` "" for a withdrawal."""

    commit: int
    resource: ResourceId
    action: str  # claim · withdraw · alias · unalias · purge
    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class Said:
    """One source's value in a conflict."""

    value: Value
    source: str
    rank: Rank
    commit: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources disagree on an attribute (多源校核); the winner stands first."""

    attribute: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """What readers see: the merge of all claims over the group of names.

    `version` is the last commit that changed the merged view or one of its claims.
    A placeholder was only named by others' links; a retired one has no claims left (or
    is denied) and keeps the attributes it had.
    """

    id: ResourceId
    type: str
    attributes: Mapping[str, Value]
    version: int
    number: int  # dense, never reused; what the reach index counts by
    names: tuple[ResourceId, ...] = ()  # further names (aliases), sorted
    sources: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    placeholder: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A visible link with its evidence and the commits between which it held.

    Visible while some claim holds it and no claim of equal or higher rank denies it.
    `since` is included, `until` is not; `source` is the winning claim's.
    """

    origin: ResourceId
    type: str
    target: ResourceId
    key: str
    properties: Mapping[str, Scalar]
    source: str
    since: int
    until: int | None = None

    def end(self, way: Direction) -> ResourceId:
        """The other end, for who follows the link this way."""
        return self.target if way is Direction.FORWARD else self.origin


At = int | datetime | None
"""A commit number, an instant, or now."""
