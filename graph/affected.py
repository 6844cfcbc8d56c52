"""What is shown of a walk: each resource with how sure, who answers for it, and its path.

The record is asked only for what is on the page: names, departments and contacts, and for
paths the evidence of each link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graph.evidence import Evidence, Step, evidence
from graph.hidden import untold
from graph.names import Names
from graph.reach.answer import Answering
from graph.reach.sight import Reach
from graph.reach.trace import Hop, Rows, Trace
from graph.state import AFFECTED, CERTAINTIES, KINDS, at_certainty, breaks, kinds_of
from graph.store import GraphStore
from ontology.model import Certainty, Direction, Kind
from ontology.resource import At, ResourceId
from ontology.viewer import Viewer


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
class Page:
    """Results in their order, with the names that were read for them. `unproved` are those
    on whose path a link was not found among the many of one resource."""

    listed: tuple[Affected, ...]
    names: Names
    unproved: tuple[ResourceId, ...] = ()


async def read_page(
    store: GraphStore,
    index: Reach,
    traced: Trace,
    rows: Rows,
    viewer: Viewer,
    at: At,
    *,
    why: bool,
    besides: Iterable[Iterable[int]] = (),
) -> Page:
    """These rows of the walk, named; `besides` are places whose names are wanted too."""
    paths = {row: traced.path(row) for row in rows.tolist()} if why else {}
    answering = await traced.answering(rows)
    steps = [p for path in paths.values() for hop in path for p in (*hop[:2], *hop.through)]
    places = (traced.found.place[rows], answering.party, steps, *besides)
    names = await Names.read(store, index.ontology, traced.view, places, answering.way, viewer, at)
    told = await _told(store, index, paths, names, viewer, at)
    listed = tuple(
        _listed(traced, answering, names, i, row, _path(paths.get(row, ()), told, names))
        for i, row in enumerate(rows.tolist())
    )
    lost = {row for row, path in paths.items() if any(told[hop].cut for hop in path)}
    unproved = tuple(
        found.id for found, row in zip(listed, rows.tolist(), strict=True) if row in lost
    )
    return Page(listed, names, unproved)


async def _told(
    store: GraphStore,
    index: Reach,
    paths: Mapping[int, tuple[Hop, ...]],
    names: Names,
    viewer: Viewer,
    at: At,
) -> dict[Hop, Evidence]:
    """What stands behind each link of the paths, as far as the viewer may read it."""
    hops = {hop for path in paths.values() for hop in path}
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
