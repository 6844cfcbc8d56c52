"""What a change reaches: affected and touched resources, with how sure and by which path.

`impact` answers a question for a viewer with a page, `impacts` several, `impact_lines` one with
all there is, bit by bit. The walk and all sorting happen over arrays, in a thread; the record is
asked only for what is shown (shown.py), and for links where no reach index holds them
(reach/near.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.affected import Affected
from graph.answerable import Groups, Told, answerable, grouped
from graph.guard import nothing_known
from graph.hidden import hidden
from graph.names import Names
from graph.question import Change, Cut, ImpactAnswer, Limits, Question
from graph.reach.rows import NOW
from graph.reach.sight import Reach
from graph.reach.trace import AMONG, DEPTH, FEW, TIME, Listing, Rows, Trace, trace
from graph.reach.trace import Cut as CutPlaces
from graph.reach.view import Bounds
from graph.shown import Page, Wanted, read_page, read_pages
from graph.state import CERTAINTIES, KINDS, WIDTH, bit
from graph.store import GraphStore
from ontology.errors import InvalidInput, NotFound
from ontology.lookup import class_named
from ontology.model import Kind
from ontology.resource import At, ResourceId
from ontology.viewer import LEVELS, LOCAL, Viewer

SHOWN_CUTS = 20
"""At how many resources a cut is told by name."""

BATCH = 500
"""Results that are named at a time, about."""

FARTHER, MORE = 2, 10
"""By how much a limit is raised to ask on where it cut."""


async def impact(
    store: GraphStore, index: Reach, question: Question, viewer: Viewer = LOCAL
) -> ImpactAnswer:
    """Answer from the index as it stands. Raises NotFound for an unknown resource or
    department, InvalidInput for a kind of change that cannot be asked, an unknown class or
    level, Unavailable for a resource that is newer than the index."""
    return await anext(impacts(store, index, [question], viewer))


async def impacts(
    store: GraphStore, index: Reach, questions: Iterable[Question], viewer: Viewer = LOCAL
) -> AsyncIterator[ImpactAnswer]:
    """The answers to several questions, in their order. The record is asked for names and
    evidence of so many walks at a time as come to some hundred results: it takes as long as for
    one. Raises what `impact` raises, for any of them."""
    walks: list[_Walk] = []
    for question in questions:
        walk = await _walk(store, index, question, viewer)
        if walks and not (walk.beside(walks[0]) and sum(len(w.rows) for w in walks) < BATCH):
            for answer in await _answers(store, index, walks, viewer):
                yield answer
            walks = []
        walks.append(walk)
    if walks:
        for answer in await _answers(store, index, walks, viewer):
            yield answer


@dataclass(frozen=True, slots=True)
class _Walk:
    """A question and its walk, by department where that was asked for."""

    question: Question
    traced: Trace
    groups: Groups | None

    @property
    def rows(self) -> Rows:
        """What is asked for."""
        return self.traced.page(self.question.first, self.question.after)

    def beside(self, other: _Walk) -> bool:
        """Whether both can be named together."""
        one, two = self.question, other.question
        return self.traced.view is other.traced.view and (one.at, one.why) == (two.at, two.why)

    def wanted(self, rows: Rows) -> Wanted:
        """These rows, with all that the head of the answer names."""
        cuts = tuple(cut.places[:SHOWN_CUTS].tolist() for cut in self.traced.cuts)
        if self.groups is None:
            return Wanted(self.traced, rows, cuts)
        told = self.groups.first(self.question.tell)
        return Wanted(self.traced, rows, (*cuts, told.party), told.ways)

    def head(self, page: Page) -> ImpactAnswer:
        """The answer but for its results."""
        traced, question = self.traced, self.question
        told = answerable(self.groups, page.names, question.tell) if self.groups else Told()
        end = question.after + len(self.rows)
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

    def answer(self, page: Page) -> ImpactAnswer:
        ranked = list(zip(page.listed, self.traced.found.rank[self.rows].tolist(), strict=True))
        return replace(
            self.head(page),
            affected=tuple(found for found, rank in ranked if rank < 3),
            touched=tuple(found for found, rank in ranked if rank >= 3),
        )


async def _answers(
    store: GraphStore, index: Reach, walks: Sequence[_Walk], viewer: Viewer
) -> list[ImpactAnswer]:
    asked = walks[0].question
    wanted = [walk.wanted(walk.rows) for walk in walks]
    pages = await read_pages(store, index, wanted, viewer, asked.at, why=asked.why)
    return [walk.answer(page) for walk, page in zip(walks, pages, strict=True)]


async def impact_lines(
    store: GraphStore, index: Reach, question: Question, viewer: Viewer = LOCAL
) -> AsyncIterator[ImpactAnswer | Affected]:
    """The answer without its results, then every result from `after` on, at most `first`. They
    are named and proved as they are taken, so that memory does not grow with the answer."""
    walk = await _walk(store, index, question, viewer)
    wanted = walk.wanted(walk.rows[:0])
    nothing = await read_page(store, index, wanted, viewer, question.at, why=question.why)
    yield walk.head(nothing)
    for begin in range(0, len(walk.rows), BATCH):
        some = Wanted(walk.traced, walk.rows[begin : begin + BATCH])
        page = await read_page(store, index, some, viewer, question.at, why=question.why)
        for found in page.listed:
            yield found


async def _walk(store: GraphStore, index: Reach, question: Question, viewer: Viewer) -> _Walk:
    traced = await walked(store, index, question, viewer)
    if not question.grouped:
        return _Walk(question, traced, None)
    answers = await traced.answering(traced.found.place[traced.rows])
    if len(traced.rows) > FEW:
        groups = await asyncio.to_thread(grouped, traced, answers)
    else:
        groups = grouped(traced, answers)
    return _Walk(question, replace(traced, rows=groups.rows), groups)


async def walked(store: GraphStore, index: Reach, question: Question, viewer: Viewer) -> Trace:
    """The walk that answers the question, before anything is named."""
    starts, named, parties = await asyncio.gather(
        _starts(store, question.changes),
        _named(store, index, question),
        _parties(store, question.departments, question.at),
    )
    at = None if question.at is None else await store.commit_at(question.at)
    listing = Listing(
        _classes(index, question.types),
        frozenset(_rank(level) for level in question.levels),
        parties,
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
    if not asked:
        return frozenset()
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
