"""What a change reaches: affected and touched resources, with how sure and by which path.

`impact` answers a question for a viewer with a page, `impact_lines` with all there is, bit by
bit. The walk and all sorting happen over arrays, in a thread; the record is asked only for
what is shown (affected.py), and for links where no reach index holds them (reach/near.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from graph.affected import Affected, Page, read_page
from graph.answerable import Answerable, Told, answerable, grouped
from graph.guard import nothing_known
from graph.hidden import hidden
from graph.names import Names
from graph.reach.rows import NOW
from graph.reach.sight import Reach
from graph.reach.trace import AMONG, DEPTH, TIME, Listing, Rows, Trace, trace
from graph.reach.trace import Cut as CutPlaces
from graph.reach.view import Bounds
from graph.state import CERTAINTIES, KINDS, WIDTH, bit
from graph.store import GraphStore
from ontology.errors import InvalidInput, NotFound
from ontology.lookup import class_named
from ontology.model import Certainty, Kind
from ontology.resource import At, ResourceId
from ontology.viewer import LEVELS, LOCAL, Viewer

SHOWN_CUTS = 20
"""At how many resources a cut is told by name."""

BATCH = 500
"""Results that `impact_lines` reads at a time."""

FARTHER, MORE = 2, 10
"""By how much a limit is raised to ask on where it cut."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked about: this change of this resource."""

    resource: ResourceId
    kind: Kind = Kind.REMOVE


@dataclass(frozen=True, slots=True)
class Limits:
    """How far an answer goes: in links, and in resources of each certainty. What lies beyond
    is told as a cut, for each certainty apart."""

    depth: int = 1_000
    exact: int = 1_000_000
    indirect: int = 1_000_000
    coarse: int = 1_000_000
    touched: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """`only` are the certainties that are followed. `types` (classes, with their subclasses),
    `departments` (ids of who answers) and `levels` (of security) say what is listed and
    counted; empty: all; they have no part in the walk. `first` and `after` give a page of the
    affected followed by the touched; `grouped` puts them by the department that answers, and
    asks for the departments to tell, at most `tell` of them (None: all)."""

    changes: tuple[Change, ...]
    at: At = None
    limits: Limits = Limits()
    only: frozenset[Certainty] = frozenset(Certainty)
    types: frozenset[str] = frozenset()
    departments: frozenset[ResourceId] = frozenset()
    levels: frozenset[str] = frozenset()
    first: int | None = None
    after: int = 0
    why: bool = False
    grouped: bool = False
    tell: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an answer stops short, behind so many resources, of which the first are named: by
    "depth", "size" or "time" (of a walk over the store) among the "exact", "indirect",
    "coarse" or "touched"; or, by "links",
    on a "path" whose evidence lies among too many links of one resource. `ask` names the
    limit to raise ("depth", "exact" …; "": none), and `to` what to."""

    limit: str
    among: str
    count: int
    resources: tuple[ResourceId, ...]
    ask: str = ""
    to: int = 0


@dataclass(frozen=True, slots=True)
class ImpactAnswer:
    """`counts` are by "exact", "indirect", "coarse" and "touched", over all pages; `hidden`
    those among them that the viewer may not see and that are never listed. `next` is the
    `after` of the next page; `upto` the commit up to which the answer knows. `departments`
    only where they were asked for, the first of `to_tell`."""

    counts: Mapping[str, int]
    hidden: Mapping[str, int]
    cut: tuple[Cut, ...]
    affected: tuple[Affected, ...]
    touched: tuple[Affected, ...]
    next: int | None
    upto: int
    departments: tuple[Answerable, ...] = ()
    to_tell: int = 0

    @property
    def complete(self) -> bool:
        return not self.cut


async def impact(
    store: GraphStore, index: Reach, question: Question, viewer: Viewer = LOCAL
) -> ImpactAnswer:
    """Answer from the index as it stands. Raises NotFound for an unknown resource or
    department, InvalidInput for a kind of change that cannot be asked, an unknown class or
    level, Unavailable for a resource that is newer than the index."""
    traced, told = await _sorted(store, index, question, viewer)
    rows = traced.page(question.first, question.after)
    page = await _page(store, index, traced, rows, question, viewer)
    ranked = list(zip(page.listed, traced.found.rank[rows].tolist(), strict=True))
    return replace(
        _head(traced, page, question, told),
        affected=tuple(found for found, rank in ranked if rank < 3),
        touched=tuple(found for found, rank in ranked if rank >= 3),
    )


async def impact_lines(
    store: GraphStore, index: Reach, question: Question, viewer: Viewer = LOCAL
) -> AsyncIterator[ImpactAnswer | Affected]:
    """The answer without its results, then every result from `after` on, at most `first`. They
    are named and proved as they are taken, so that memory does not grow with the answer."""
    traced, told = await _sorted(store, index, question, viewer)
    rows = traced.page(question.first, question.after)
    nothing = await _page(store, index, traced, rows[:0], question, viewer)
    yield _head(traced, nothing, question, told)
    for begin in range(0, len(rows), BATCH):
        some = rows[begin : begin + BATCH]
        page = await read_page(store, index, traced, some, viewer, question.at, why=question.why)
        for found in page.listed:
            yield found


async def _sorted(
    store: GraphStore, index: Reach, question: Question, viewer: Viewer
) -> tuple[Trace, Told]:
    """The walk with its results in order, and the departments to tell where asked for."""
    traced = await walked(store, index, question, viewer)
    if not question.grouped:
        return traced, Told()
    answers = await traced.answering(traced.rows)
    groups = await asyncio.to_thread(grouped, traced, answers)
    told = await answerable(store, index, traced, groups, question.tell, viewer, question.at)
    return replace(traced, rows=groups.rows), told


async def _page(
    store: GraphStore,
    index: Reach,
    traced: Trace,
    rows: Rows,
    question: Question,
    viewer: Viewer,
) -> Page:
    cuts = [cut.places[:SHOWN_CUTS].tolist() for cut in traced.cuts]
    return await read_page(
        store, index, traced, rows, viewer, question.at, why=question.why, besides=cuts
    )


def _head(traced: Trace, page: Page, question: Question, told: Told) -> ImpactAnswer:
    """The answer but for its results."""
    end = question.after + len(traced.page(question.first, question.after))
    return ImpactAnswer(
        counts=traced.counts,
        hidden=traced.hidden,
        cut=cuts_of(traced, page, question.limits),
        affected=(),
        touched=(),
        next=end if end < len(traced.rows) else None,
        upto=traced.upto,
        departments=told.departments,
        to_tell=told.total,
    )


async def walked(store: GraphStore, index: Reach, question: Question, viewer: Viewer) -> Trace:
    """The walk that answers the question, before anything is named."""
    starts = await _starts(store, question.changes)
    named = await _named(store, index, question)
    at = None if question.at is None else await store.commit_at(question.at)
    listing = Listing(
        _classes(index, question.types),
        frozenset(_rank(level) for level in question.levels),
        await _parties(store, question.departments, question.at),
        viewer.rank,
    )
    sight = await index.sight(at, named)
    traced = await trace(sight, starts, _bounds(question, at), listing)
    if at is None or viewer.sees_all:
        return traced
    return await _open_then(store, index, traced, viewer, at)


async def _open_then(
    store: GraphStore, index: Reach, traced: Trace, viewer: Viewer, at: int
) -> Trace:
    """Without what was above the clearance then: the index knows the levels of today."""
    numbers = traced.view.places.number[traced.found.place[traced.rows]].tolist()
    kept = np.ones(len(numbers), bool)
    for begin in range(0, len(numbers), BATCH):
        some = numbers[begin : begin + BATCH]
        named = await store.named(some)
        found = await store.get_many(named.values(), at=at)
        unseen = await hidden(store, index.ontology, found, viewer, at)
        kept[begin : begin + BATCH] = [named[number] not in unseen for number in some]
    gone = np.bincount(np.minimum(traced.found.rank[traced.rows[~kept]], 3), minlength=len(AMONG))
    counts = {among: traced.hidden[among] + int(n) for among, n in zip(AMONG, gone, strict=True)}
    return replace(traced, rows=traced.rows[kept], hidden=counts)


async def _starts(store: GraphStore, changes: Iterable[Change]) -> dict[int, int]:
    """Store number → bits, of what is changed."""
    changes = tuple(changes)
    numbers = await store.numbers([change.resource for change in changes])
    starts: dict[int, int] = {}
    for change in changes:
        if change.kind in (Kind.BROKEN, Kind.STALE, Kind.NOTIFY):
            asked = ", ".join(kind for kind in KINDS if kind is not Kind.BROKEN)
            raise InvalidInput(
                f"{change.kind} 只能由影响推出，不能作为变更；可用的变更 / "
                f"{change.kind} is only ever reached; ask for one of: {asked}"
            )
        if change.resource not in numbers:
            raise nothing_known([change.resource])
        number = numbers[change.resource]
        starts[number] = starts.get(number, 0) | bit(change.kind)
    return starts


async def _named(store: GraphStore, index: Reach, question: Question) -> frozenset[str]:
    """The values of the codes that are asked about: rules name them so (story S3)."""
    ids = [change.resource for change in question.changes]
    found = await store.get_many(ids, at=question.at)
    codes = [one for one in found.values() if one.type in index.transitions.codes]
    return frozenset(str(one.attributes.get("value", "")) for one in codes) - {""}


def _bounds(question: Question, at: int | None) -> Bounds:
    limits = question.limits
    states = (1 << WIDTH) - 1
    allowed = sum(states << WIDTH * i for i, c in enumerate(CERTAINTIES) if c in question.only)
    room = (limits.exact, limits.indirect, limits.coarse, limits.touched)
    return Bounds(NOW if at is None else at, limits.depth, room, allowed)


def _classes(index: Reach, types: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in types:
        found.update(index.ontology.descendants(class_named(index.ontology, name).name))
    return frozenset(found)


def _rank(level: str) -> int:
    if level not in LEVELS:
        raise InvalidInput(f"没有安全等级 / no such level {level!r}: {'、'.join(LEVELS)}")
    return LEVELS.index(level)


async def _parties(store: GraphStore, departments: Iterable[ResourceId], at: At) -> frozenset[int]:
    """The store numbers of the departments, under the names that readers see."""
    asked = tuple(departments)
    seen = await store.resolve(asked, at=at)
    for id in asked:
        if id not in seen:
            raise NotFound(
                f"{id}: 没有这样的部门 / no such department. Look the id up with `mulu search`."
            )
    return frozenset((await store.numbers(seen.values())).values())


def cuts_of(traced: Trace, page: Page, limits: Limits) -> tuple[Cut, ...]:
    """Where the walk stopped, and where the page lacks evidence."""
    cuts = tuple(_cut(cut, page.names, limits) for cut in traced.cuts)
    if not page.unproved:
        return cuts
    return (*cuts, Cut("links", "path", len(page.unproved), page.unproved[:SHOWN_CUTS]))


def _cut(cut: CutPlaces, names: Names, limits: Limits) -> Cut:
    named = tuple(names.shown(place) for place in cut.places[:SHOWN_CUTS].tolist())
    if cut.limit == TIME:
        return Cut(cut.limit, cut.among, len(cut.places), tuple(id for id in named if id))
    ask = DEPTH if cut.limit == DEPTH else cut.among
    to = getattr(limits, ask) * (FARTHER if ask == DEPTH else MORE)
    return Cut(
        cut.limit, cut.among, len(cut.places), tuple(id for id in named if id), ask, max(to, 1)
    )
