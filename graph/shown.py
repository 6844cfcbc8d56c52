"""What is shown of a walk: each resource with how sure, who answers for it, and its path.

The record is asked only for what is on the page: names, departments and contacts, and for
paths the evidence of each link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from graph.affected import Affected, Crossed
from graph.evidence import Evidence, Step, evidence
from graph.hidden import untold
from graph.names import Names
from graph.reach.answer import Answering
from graph.reach.rows import Ints
from graph.reach.sight import Reach
from graph.reach.trace import Hop, Rows, Trace
from graph.state import AFFECTED, CERTAINTIES, KINDS, at_certainty, breaks, kinds_of
from graph.store import GraphStore
from ontology.model import Direction, Kind
from ontology.resource import At, ResourceId
from ontology.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Page:
    """Results in their order, with the names that were read for them. `unproved` are those
    on whose path a link was not found among the many of one resource."""

    listed: tuple[Affected, ...]
    names: Names
    unproved: tuple[ResourceId, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of a walk that are to be named; `besides` are places whose names are wanted too, `ways`
    more of those that lead to who answers."""

    traced: Trace
    rows: Rows
    besides: tuple[Sequence[int] | Ints, ...] = ()
    ways: Ints = field(default_factory=lambda: np.zeros(0, np.int32))


async def read_page(
    store: GraphStore,
    index: Reach,
    wanted: Wanted,
    viewer: Viewer,
    at: At,
    *,
    why: bool,
) -> Page:
    """These rows of the walk, named."""
    (page,) = await read_pages(store, index, [wanted], viewer, at, why=why)
    return page


async def read_pages(
    store: GraphStore,
    index: Reach,
    wanted: Sequence[Wanted],
    viewer: Viewer,
    at: At,
    *,
    why: bool,
) -> list[Page]:
    """Pages of several walks over one view, as of one moment: the record is asked as often as
    for one."""
    first = wanted[0].traced
    paths = [_paths(one) if why else {} for one in wanted]
    ends = np.cumsum([len(one.rows) for one in wanted]).tolist()
    places = np.concatenate([one.traced.found.place[one.rows] for one in wanted])
    answering = await first.answering(places)
    hops = {hop for walk in paths for path in walk.values() for hop in path}
    steps = [place for hop in hops for place in (*hop[:2], *hop.through)]
    besides = [places_of for one in wanted for places_of in one.besides]
    named = (places, answering.party, steps, *besides)
    ways = np.concatenate([answering.way.ravel(), *(one.ways.ravel() for one in wanted)])
    names = await Names.read(store, index.ontology, first.view, named, ways, viewer, at)
    told = await _told(store, index, hops, names, viewer, at)
    return [
        _page(one, answering.of(slice(end - len(one.rows), end)), names, walk, told)
        for one, end, walk in zip(wanted, ends, paths, strict=True)
    ]


def _paths(wanted: Wanted) -> dict[int, tuple[Hop, ...]]:
    return {row: wanted.traced.path(row) for row in wanted.rows.tolist()}


def _page(
    wanted: Wanted,
    answering: Answering,
    names: Names,
    paths: Mapping[int, tuple[Hop, ...]],
    told: Mapping[Hop, Evidence],
) -> Page:
    rows = wanted.rows.tolist()
    listed = tuple(
        _listed(wanted.traced, answering, names, i, row, _path(paths.get(row, ()), told, names))
        for i, row in enumerate(rows)
    )
    lost = {row for row, path in paths.items() if any(told[hop].cut for hop in path)}
    unproved = tuple(found.id for found, row in zip(listed, rows, strict=True) if row in lost)
    return Page(listed, names, unproved)


async def _told(
    store: GraphStore,
    index: Reach,
    hops: Iterable[Hop],
    names: Names,
    viewer: Viewer,
    at: At,
) -> dict[Hop, Evidence]:
    """What stands behind each link of the paths, as far as the viewer may read it."""
    steps = {hop: _step(index, hop, names) for hop in hops}
    told = await evidence(store, index.transitions, steps.values(), at)
    ruled = {step.origin for step, found in told.items() if found.rule}
    closed = await untold(store, index.ontology, ruled, viewer, at)
    return {
        hop: replace(told[step], rule="") if step.origin in closed else told[step]
        for hop, step in steps.items()
    }


def _path(path: tuple[Hop, ...], told: Mapping[Hop, Evidence], names: Names) -> tuple[Crossed, ...]:
    return tuple(_link(hop, told[hop], names) for hop in path)


def _step(index: Reach, hop: Hop, names: Names) -> Step:
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
    traced: Trace,
    answering: Answering,
    names: Names,
    i: int,
    row: int,
    path: tuple[Crossed, ...],
) -> Affected:
    """The i-th of the page."""
    place, event = int(traced.found.place[row]), int(traced.found.event[row])
    rank, seen = int(traced.found.rank[row]), int(traced.found.seen[row])
    step = traced.transitions.steps[int(traced.track.step[event])]
    party = int(answering.party[i])
    kinds = tuple(k for k in kinds_of(seen) if (k in KINDS) == (rank < 3))
    return Affected(
        id=names.shown(place),
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
        contact=names.contact(answering.way[i].tolist()),
        path=path,
    )


def _effect(seen: int, rank: int, kinds: tuple[Kind, ...]) -> str:
    if rank >= 3:
        return "stale" if Kind.STALE in kinds else "notify"
    surest = at_certainty(seen, rank) & AFFECTED
    return "breaks" if breaks(surest) else "must adapt"
