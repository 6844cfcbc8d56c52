"""What the reach index reads of a record: resources, links and aliases by numbers.

One by one, or in columns (`ColumnStore`) where there are millions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from ontology.model import Direction
from ontology.resource import ResourceId


class Numbered(NamedTuple):
    """A resource as the reach index knows it: number, class, security level ("" none)."""

    number: int
    id: ResourceId
    type: str
    level: str
    retired: bool


class RawEdge(NamedTuple):
    """A link interval by numbers, as the reach index wants it: ends as claimed, not
    resolved. The same (origin, type, target, key) may come back with a later `until`.
    `job` is the number of the job that made it (0: none), `complete` whether the source
    calls its column lineage complete, `literals` those that its rule names."""

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
    literals: tuple[str, ...] = ()

    def near(self, way: Direction) -> int:
        """The end that the link leaves from, going that way."""
        return self.origin if way is Direction.FORWARD else self.target

    def holds(self, at: int | None) -> bool:
        """Whether it holds at a commit; None: at any."""
        return at is None or (self.since <= at and (self.until is None or at < self.until))


@dataclass(frozen=True, slots=True)
class AliasInterval:
    """`name` stood for `of` between two commits (numbers of resources and commits). Chains
    are flattened: `of` is what readers see."""

    name: int
    of: int
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class NodeColumns:
    """`Numbered`s in columns, without ids: what classes and levels are called is in `words`."""

    number: Sequence[int]
    type: Sequence[int]
    level: Sequence[int]
    words: Mapping[int, str]


class Evidence(NamedTuple):
    """What a link says of its derivation: see `RawEdge`."""

    derivation: str = ""
    job: int = 0
    complete: bool = False
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeColumns:
    """`RawEdge`s in columns. `type` and `source` are numbers of the texts beside; `until` is
    None where it holds; `evidence` is given for the positions that have any."""

    origin: Sequence[int]
    type: Sequence[int]
    target: Sequence[int]
    key: Sequence[str]
    source: Sequence[int]
    since: Sequence[int]
    until: Sequence[int | None]
    evidence: Mapping[int, Evidence]
    words: Mapping[int, str]
    sources: Mapping[int, str]

    def edge(self, place: int) -> RawEdge:
        """The link at a position."""
        derivation, job, complete, literals = self.evidence.get(place, Evidence())
        return RawEdge(
            self.origin[place],
            self.words[self.type[place]],
            self.target[place],
            self.key[place],
            derivation,
            job,
            self.sources[self.source[place]],
            complete,
            self.since[place],
            self.until[place],
            literals,
        )


@runtime_checkable
class ColumnStore(Protocol):
    """What a store may offer beside: the whole of `numbered` and `raw_edges` in columns, which
    spares an object for each of millions."""

    def node_columns(self) -> AsyncIterator[NodeColumns]:
        """In order of number."""
        ...

    def edge_columns(self) -> AsyncIterator[EdgeColumns]:
        """In order of origin, all links of one origin together."""
        ...


@runtime_checkable
class NearStore(Protocol):
    """What a store may offer beside: the links of some resources, for questions that are
    answered without a reach index in memory (graph/reach/near.py)."""

    async def numbered_of(self, numbers: Collection[int]) -> Sequence[Numbered]:
        """These of what `numbered` tells."""
        ...

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> Sequence[RawEdge]:
        """Of what `raw_edges` tells: intervals of links of these types from these names
        (BACKWARD: to them) that hold at a commit; None: all there ever were."""
        ...


@runtime_checkable
class FarStore(NearStore, Protocol):
    """What a store may offer beside that follows links by itself."""

    async def beyond(
        self,
        numbers: Collection[int],
        types: Collection[str],
        way: Direction,
        *,
        at: int,
        most: int,
    ) -> Sequence[Numbered]:
        """Names that chains of links of these types, which hold at a commit, lead to from these
        names (BACKWARD: that lead to them): of each the nearest, at most so many."""
        ...
