"""What a change reaches: affected and touched resources, with how sure and by which path.

`impact` answers a question for a viewer. The walk and all sorting happen over arrays, in a
thread; the record is asked only for what is shown: names, departments and contacts, and
under `why` the evidence of each link of a path.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.evidence import Evidence, Step, evidence
from graph.guard import nothing_known
from graph.names import Names
from graph.reach.index import ReachIndex
from graph.reach.rows import NOW
from graph.reach.trace import Cut as CutPlaces
from graph.reach.trace import Hop, Trace, trace
from graph.reach.view import Bounds
from graph.store import GraphStore
from graph.transition import (
    AFFECTED,
    CERTAINTIES,
    KINDS,
    WIDTH,
    at_certainty,
    bit,
    breaks,
    kinds_of,
)
from ontology.errors import InvalidInput
from ontology.lookup import class_named
from ontology.model import Certainty, Direction, Kind
from ontology.resource import At, ResourceId
from ontology.viewer import LOCAL, Viewer

SHOWN_CUTS = 20
"""At how many resources a cut is told by name."""


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
    """`only` are the certainties that are followed; `types` the classes that are listed (with
    their subclasses; empty: all), which have no part in the walk. `first` and `after` give a
    page of the affected followed by the touched."""

    changes: tuple[Change, ...]
    at: At = None
    limits: Limits = Limits()
    only: frozenset[Certainty] = frozenset(Certainty)
    types: frozenset[str] = frozenset()
    first: int | None = None
    after: int = 0
    why: bool = False


@dataclass(frozen=True, slots=True)
class Crossed:
    """One link of a path, in the direction in which the change travels. `kind` is the
    derivation; an id is "" where the viewer may not see the resource, and so is the rule."""

    origin: ResourceId
    target: ResourceId
    type: str
    rule: str
    job: str
    kind: str
    source: str
    commit: int


@dataclass(frozen=True, slots=True)
class Affected:
    """A resource in the answer. `effect` is "breaks" or "must adapt" for the affected,
    "stale" or "notify" for the touched; `via` the type of the last link; `due` the working
    days to act in (0: none set). A `department` "" is nobody: a finding (R5)."""

    id: ResourceId
    type: str
    title: str
    depth: int
    effect: str
    certainty: Certainty
    kinds: tuple[Kind, ...]
    via: str
    due: int
    department: ResourceId
    department_title: str
    contact: str
    path: tuple[Crossed, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an answer stops short: by "depth" or "size", among the "exact", "indirect",
    "coarse" or "touched", behind so many resources, of which the first are named."""

    limit: str
    among: str
    count: int
    resources: tuple[ResourceId, ...]


@dataclass(frozen=True, slots=True)
class ImpactAnswer:
    """`counts` are by "exact", "indirect", "coarse" and "touched", over all pages; `hidden`
    those among them that the viewer may not see and that are never listed. `next` is the
    `after` of the next page; `upto` the commit up to which the answer knows."""

    counts: Mapping[str, int]
    hidden: Mapping[str, int]
    cut: tuple[Cut, ...]
    affected: tuple[Affected, ...]
    touched: tuple[Affected, ...]
    next: int | None
    upto: int

    @property
    def complete(self) -> bool:
        return not self.cut


async def impact(
    store: GraphStore, index: ReachIndex, question: Question, viewer: Viewer = LOCAL
) -> ImpactAnswer:
    """Answer from the index as it stands. Raises NotFound for an unknown resource,
    InvalidInput for a kind of change that cannot be asked or an unknown class, Unavailable
    for a resource that is newer than the index."""
    starts = await _starts(store, question.changes)
    named = await _named(store, index, question)
    at = None if question.at is None else await store.commit_at(question.at)
    traced = await asyncio.to_thread(
        trace,
        index,
        starts,
        _bounds(question, at),
        at=at,
        named=named,
        types=_classes(index, question.types),
        clearance=viewer.rank,
        first=question.first,
        after=question.after,
    )
    paths = {row: traced.path(row) for row in traced.page.tolist()} if question.why else {}
    names = await _names(store, index, traced, paths, viewer, question.at)
    told = await _crossed(store, index, paths, names, question.at)
    listed = [
        _listed(index, traced, names, i, told.get(row, ()))
        for i, row in enumerate(traced.page.tolist())
    ]
    end = question.after + len(listed)
    split = sum(1 for row in traced.page.tolist() if traced.found.rank[row] < 3)
    return ImpactAnswer(
        counts=traced.counts,
        hidden=traced.hidden,
        cut=tuple(_cut(cut, names) for cut in traced.cuts),
        affected=tuple(listed[:split]),
        touched=tuple(listed[split:]),
        next=end if end < traced.total else None,
        upto=traced.upto,
    )


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


async def _named(store: GraphStore, index: ReachIndex, question: Question) -> frozenset[str]:
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


def _classes(index: ReachIndex, types: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in types:
        found.update(index.ontology.descendants(class_named(index.ontology, name).name))
    return frozenset(found)


async def _names(
    store: GraphStore,
    index: ReachIndex,
    traced: Trace,
    paths: Mapping[int, tuple[Hop, ...]],
    viewer: Viewer,
    at: At,
) -> Names:
    """The names of all that will be shown."""
    places = [traced.found.place[traced.page], traced.answering.party]
    steps = [p for path in paths.values() for hop in path for p in (*hop[:2], *hop.through)]
    cuts = [cut.places[:SHOWN_CUTS] for cut in traced.cuts]
    ways = traced.answering.way
    return await Names.read(
        store, index.ontology, traced.view, (*places, *cuts, steps), ways, viewer, at
    )


async def _crossed(
    store: GraphStore,
    index: ReachIndex,
    paths: Mapping[int, tuple[Hop, ...]],
    names: Names,
    at: At,
) -> dict[int, tuple[Crossed, ...]]:
    """The paths with what stands behind each link."""
    hops = {hop for path in paths.values() for hop in path}
    steps = {hop: _step(index, hop, names) for hop in hops}
    told = await evidence(store, index.transitions, steps.values(), at)
    crossed = {hop: _link(hop, told[steps[hop]], names) for hop in hops}
    return {row: tuple(crossed[hop] for hop in path) for row, path in paths.items()}


def _step(index: ReachIndex, hop: Hop, names: Names) -> Step:
    """The stored link behind a hop; a backward hop leads against it."""
    step = index.transitions.steps[hop.step]
    origin, target = names.ids[hop.origin], names.ids[hop.target]
    if step.direction is Direction.BACKWARD:
        origin, target = target, origin
    through = tuple(names.ids[place] for place in hop.through)
    return Step(step.type, step.direction, origin, target, through)


def _link(hop: Hop, told: Evidence, names: Names) -> Crossed:
    origin, target = names.shown(hop.origin), names.shown(hop.target)
    return Crossed(
        origin,
        target,
        told.type,
        told.rule if origin and target else "",  # an expression would name what is secret
        told.job,
        told.kind,
        told.source,
        told.commit,
    )


def _listed(
    index: ReachIndex, traced: Trace, names: Names, i: int, path: tuple[Crossed, ...]
) -> Affected:
    """The i-th of the page."""
    row = int(traced.page[i])
    place, event = int(traced.found.place[row]), int(traced.found.event[row])
    rank, seen = int(traced.found.rank[row]), int(traced.found.seen[row])
    step = index.transitions.steps[int(traced.track.step[event])]
    party = int(traced.answering.party[i])
    kinds = tuple(k for k in kinds_of(seen) if (k in KINDS) == (rank < 3))
    return Affected(
        id=names.ids[place],
        type=names.type(place),
        title=names.title(place),
        depth=int(traced.track.depth[event]),
        effect=_effect(seen, rank, kinds),
        certainty=CERTAINTIES[rank % 3],
        kinds=kinds,
        via=step.type,
        due=step.due,
        department=names.shown(party) if party >= 0 else ResourceId(""),
        department_title=names.title(party) if party >= 0 else "",
        contact=names.contact(traced.answering.way[i].tolist()),
        path=path,
    )


def _effect(seen: int, rank: int, kinds: tuple[Kind, ...]) -> str:
    if rank >= 3:
        return "stale" if Kind.STALE in kinds else "notify"
    surest = at_certainty(seen, rank) & AFFECTED
    return "breaks" if breaks(surest) else "must adapt"


def _cut(cut: CutPlaces, names: Names) -> Cut:
    named = tuple(names.shown(place) for place in cut.places[:SHOWN_CUTS].tolist())
    return Cut(cut.limit, cut.among, len(cut.places), tuple(id for id in named if id))
