"""The search index: a projection of the record, rebuilt from it at any time.

`SearchIndex` is what tantivy and Elasticsearch both are; none of its words belongs to an
engine. The contract is tests/contract/test_search_*.py.

Position: the number of the last commit that the documents reflect. It moves in the same
step as the documents. Generations: an index is built for one mapping and one list of
words; when either changes, `rebuild` fills a new generation beside the old one, which
goes on answering (and, if fed, stays current) until `publish` puts the new one in its
place in one step. Exactly one process feeds an index (search/lease.py sees to it); any
number search it, and notice commits and new generations by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ontology.problem import Problem
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search.document import SearchDocument
from search.highlight import Highlight
from search.lease import Lease
from search.mapping import SearchMapping
from search.query import ALL, Query

MAX_PAGE = 1_000
"""Hits of one page at most."""


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by a field, ascending unless told; ties by id; resources without it last."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`size` hits after the one that `after` (a hit's cursor) stands for."""

    size: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `where` filters without ranking. `selected` holds the values chosen
    in each facet: any of them counts, and a facet's own choice does not narrow its own
    counts. Without `order` the best comes first (without words either: by class and title).
    A query that finds nothing is relaxed to some of its words."""

    query: Query = ALL
    where: Query = ALL
    facets: tuple[str, ...] = ()
    selected: Mapping[str, Collection[str]] = field(default_factory=dict)
    order: Order | None = None
    page: Page = Page()
    highlights: bool = True
    facet_size: int = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One resource found. `cursor` continues after it."""

    id: ResourceId
    type: str
    title: str
    score: float
    highlights: tuple[Highlight, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one facet, largest first. `others`: documents under values left out."""

    name: str
    values: tuple[FacetCount, ...]
    others: int = 0


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`total` is exact. `relaxed`: nothing had all words, these have some of them.
    `suggestion`: a query that would find what this one seems to mean. `after`: cursor of
    the next page, None at the end. `position`: the commit that the answer reflects."""

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    relaxed: bool
    suggestion: str | None
    after: str | None
    position: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as `verify` compares it."""

    id: ResourceId
    digest: str


Preparing = Callable[[Sequence[SearchDocument]], Sequence[Any]]
"""Cuts documents and makes of each what the engine takes as it is."""


class Generation(Protocol):
    """A generation being built beside the one that answers. `place` is the last resource that
    it has kept, None where it is still empty; `begun` is the commit of its beginning."""

    mapping: SearchMapping
    place: ResourceId | None
    begun: int

    @property
    def preparing(self) -> Preparing:
        """May be sent to another process and called there: it is most of the work."""
        ...

    async def take(self, ready: Sequence[Any]) -> Sequence[Problem]:
        """While it is being filled: documents made ready by `preparing`, of resources that it
        does not have yet. Otherwise as `put`."""
        ...

    async def keep(self, place: ResourceId, begun: int) -> None:
        """All that was taken stays, whatever happens: after a crash `unfinished` goes on
        behind this resource, and then takes in the commits since `begun`."""
        ...

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        """As `SearchIndex.put`; after an error it can only be discarded."""
        ...

    async def position(self) -> int: ...

    async def publish(self) -> None:
        """Let it answer from now on, everywhere, in one step; the old one is removed."""
        ...

    async def leave(self) -> None:
        """Stop filling it for now: what was kept stays, for `unfinished`."""
        ...

    async def discard(self) -> None:
        """Give it up; nothing of it stays."""
        ...


class SearchIndex(Protocol):
    """See the module's text. All methods raise only `CatalogError`s: `Damaged` when the
    stored index cannot be read (rebuild it), `Busy` when another process feeds it."""

    @property
    def lease(self) -> Lease:
        """The right to feed it: to `rebuild`, `put` and `delete`."""
        ...

    async def ensure(self, mapping: SearchMapping, words: Sequence[str] = ()) -> None:
        """Open what is there; where nothing is, make an empty index for this mapping and
        these words (`text.lexicon`). An index of another mapping is opened as it is, and
        `outdated` says so."""
        ...

    def outdated(self, mapping: SearchMapping, words: Sequence[str] | None = None) -> bool:
        """Whether the answering generation was built for another mapping (or word list)."""
        ...

    @property
    def mapping(self) -> SearchMapping:
        """The mapping of the answering generation: documents put must be made with it, and
        `mapping.typed` is what `parse` needs."""
        ...

    async def unfinished(self, mapping: SearchMapping) -> Generation | None:
        """The generation of this mapping that was left half filled, to go on with."""
        ...

    async def rebuild(self, mapping: SearchMapping, words: Sequence[str]) -> Generation:
        """Begin an empty generation beside the answering one (one left unfinished by a
        crash is removed)."""
        ...

    async def put(
        self, docs: Sequence[SearchDocument], *, upto: int, deleted: Iterable[ResourceId] = ()
    ) -> Sequence[Problem]:
        """Store documents, replacing those of the same id, remove others, and move the
        position, all or nothing. Visible to every search begun afterwards in this process,
        and within moments in others. Documents that the engine will not take come back as
        problems; the rest is stored."""
        ...

    async def delete(self, ids: Iterable[ResourceId], *, upto: int) -> None:
        """Remove documents (unknown ids are no error) and move the position."""
        ...

    async def search(self, request: Request, *, viewer: Viewer | None = None) -> SearchPage:
        """One page. Raises InvalidInput for a field, facet or cursor that is none."""
        ...

    async def suggest(
        self, prefix: str, *, viewer: Viewer | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """Resources whose name begins so (Chinese, pinyin or initials), or contains it;
        each title once."""
        ...

    async def stored(self, *, after: ResourceId | None = None, limit: int = 1_000) -> list[Stored]:
        """Documents in order of id, for `verify`."""
        ...

    async def count(self) -> int:
        """How many documents there are."""
        ...

    async def position(self) -> int:
        """0: nothing yet."""
        ...

    async def release(self, *, after: float = 0.0) -> None:
        """Stop feeding, so that another process can: now, or once nothing was put for
        `after` seconds (until then its puts are Busy)."""
        ...

    async def close(self) -> None: ...
