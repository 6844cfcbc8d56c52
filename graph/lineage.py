"""Where data come from and where they go (G 4.6, 7.2.3): 血缘 upstream and downstream.

Over the links that specialise derivedFrom only; with the rule, the job, the kind of
derivation, the source and the commit on each edge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from graph.evidence import Step, evidence
from graph.guard import nothing_known
from graph.hidden import untold
from graph.links import MOST, links_whole
from graph.names import Names
from graph.reach.follow import Followed, follow, joined
from graph.reach.index import ReachIndex
from graph.reach.rows import NOW, Ints
from graph.reach.secrecy import ranks
from graph.reach.sight import Reach
from graph.state import CERTAINTIES
from graph.store import GraphStore
from ontology.model import Certainty, Direction
from ontology.resource import At, Edge, Resource, ResourceId
from ontology.viewer import LOCAL, Viewer

DEEPEST = 1_000
ROOM = 10_000


@dataclass(frozen=True, slots=True)
class LineageQuestion:
    """From which resource, which ways, how deep (None: to the end), up to how many resources
    each way, and through how many links of one resource."""

    resource: ResourceId
    upstream: bool = True
    downstream: bool = True
    depth: int | None = None
    at: At = None
    room: int = ROOM
    links: int = MOST


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A resource and its distance from the one asked about. One that the viewer may not see
    is `hidden`, with an id of this answer only."""

    id: ResourceId
    type: str
    title: str
    depth: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """From `origin` to `use`. `kind` is the derivation. `coarse`: known of whole datasets
    only; `brought`: known of fields, brought up to their datasets. `certainty` is the best
    of all that joins the two: between datasets that of the column edges, if there are any."""

    origin: ResourceId
    use: ResourceId
    type: str
    rule: str
    job: str
    kind: str
    source: str
    commit: int
    coarse: bool = False
    brought: bool = False
    certainty: Certainty = Certainty.EXACT


@dataclass(frozen=True, slots=True)
class LineageAnswer:
    """`cut` are resources behind which there is more than the limits let in, and those with
    so many edges that not all are told."""

    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]
    cut: tuple[ResourceId, ...]
    hidden: int
    upto: int

    @property
    def complete(self) -> bool:
        return not self.cut


@dataclass(frozen=True, slots=True)
class _Leg:
    """A leg between places, from origin to use, and the link behind it."""

    origin: int
    use: int
    link_origin: int
    link_use: int
    coarse: bool
    brought: bool
    sure: int


async def derived(index: ReachIndex, types: Collection[str], viewer: Viewer = LOCAL) -> int:
    """How many resources of these classes lineage leads to or from, as far as the viewer may
    see them: the numerator of its coverage."""
    _, with_lineage = await asyncio.to_thread(_joined, index, types, viewer)
    return len(with_lineage)


async def underived(
    store: GraphStore,
    index: ReachIndex,
    types: Collection[str],
    viewer: Viewer,
    *,
    after: int,
    limit: int,
) -> list[Resource]:
    """Living resources of these classes that lineage neither leads to nor from: what `derived`
    leaves of them, by number, behind the number `after`."""
    places, with_lineage = await asyncio.to_thread(_joined, index, types, viewer)
    numbers = np.sort(index.seen()[1].places.number[np.setdiff1d(places, with_lineage)])
    rest = [int(n) for n in numbers[numbers > after]]
    found: list[Resource] = []
    while rest and len(found) < limit:
        names = await store.named(rest[:limit])
        seen = await store.get_many(names.values())
        alive = (r for n in rest[:limit] if (r := seen[names[n]]).number == n)  # no alias
        found += [r for r in alive if not r.retired and not r.placeholder]
        rest = rest[limit:]
    return found[:limit]


def _joined(index: ReachIndex, types: Collection[str], viewer: Viewer) -> tuple[Ints, Ints]:
    """The places of these classes that the viewer may see, and those of them with a lineage."""
    _, view = index.seen()
    codes = [code for code, name in enumerate(index.transitions.types) if name in types]
    mine = np.isin(view.places.type, codes) & (view.places.number >= 0)
    places = np.flatnonzero(mine).astype(np.int32)
    if not viewer.sees_all:
        places = places[ranks(view, places) <= viewer.rank]
    return places, joined(view, index.transitions, places, NOW)


async def lineage(
    store: GraphStore, index: Reach, question: LineageQuestion, viewer: Viewer = LOCAL
) -> LineageAnswer:
    """Answer from the index as it stands. Raises NotFound for an unknown resource,
    Unavailable for one that is newer than the index."""
    numbers = await store.numbers([question.resource])
    if question.resource not in numbers:
        raise nothing_known([question.resource])
    at = None if question.at is None else await store.commit_at(question.at)
    sight = await index.sight(at)
    start = int((await sight.placed([numbers[question.resource]]))[0])
    ways = [
        way for way, asked in ((True, question.upstream), (False, question.downstream)) if asked
    ]
    followed = {
        up: await sight.look(
            partial(
                follow,
                transitions=index.transitions,
                start=start,
                upstream=up,
                at=NOW if at is None else at,
                depth=DEEPEST if question.depth is None else question.depth,
                room=question.room,
            )
        )
        for up in ways
    }
    legs = list(dict.fromkeys(leg for up, found in followed.items() for leg in _legs(found, up)))
    depths = _depths(followed.values())
    links = [p for leg in legs for p in (leg.link_origin, leg.link_use)]
    names = await Names.read(
        store, index.ontology, sight.view, (list(depths), links), np.zeros(0, np.int32), viewer,
        question.at,
    )  # fmt: skip
    shown = _shown(depths, names)
    told, many = await _told(store, index, legs, names, question)
    origins = {e.origin for edges in told.values() for e in edges if "rule" in e.properties}
    closed = await untold(store, index.ontology, origins, viewer, question.at)
    edges = [edge for leg in legs for edge in _edges(leg, told, names, shown, closed)]
    unsaid = [leg for leg in legs if _key(leg, names) not in told]
    loose = [leg for leg in unsaid if names.ids[leg.link_use] not in many]
    edges += await _stand_ins(store, index, loose, names, shown, question.at)
    late = sight.unread[np.isin(sight.unread, list(depths))]
    beyond = np.concatenate([late, *(f.cut for f in followed.values())]).tolist()
    cut = sorted({*beyond, *(leg.use for leg in legs if names.ids[leg.link_use] in many)})
    return LineageAnswer(
        nodes=tuple(
            LineageNode(shown[p], names.type(p), names.title(p), depth, p in names.secret)
            for p, depth in depths.items()
        ),
        edges=tuple(dict.fromkeys(edges)),
        cut=tuple(shown[p] for p in cut),
        hidden=len(names.secret & depths.keys()),
        upto=sight.upto,
    )


def _legs(found: Followed, upstream: bool) -> Iterator[_Leg]:
    near, far, link_near, link_far, *said = (x.tolist() for x in found.legs)
    coarse, brought, sure = said
    for i in range(len(near)):
        if upstream:
            ends = far[i], near[i], link_far[i], link_near[i]
        else:
            ends = near[i], far[i], link_near[i], link_far[i]
        yield _Leg(*ends, coarse[i], brought[i], sure[i])


def _depths(followed: Iterable[Followed]) -> dict[int, int]:
    """Each place with its distance, the nearest first."""
    depths: dict[int, int] = {}
    for found in followed:
        for place, depth in zip(found.place.tolist(), found.depth.tolist(), strict=True):
            depths[place] = min(depth, depths.get(place, depth))
    return dict(sorted(depths.items(), key=lambda item: item[1]))


def _shown(depths: Iterable[int], names: Names) -> dict[int, ResourceId]:
    """Ids as shown; hidden ones are counted instead."""
    shown = {place: names.ids[place] for place in depths}
    for i, place in enumerate((p for p in shown if p in names.secret), 1):
        shown[place] = ResourceId(f"hidden:{i}")
    return shown


async def _told(
    store: GraphStore,
    index: Reach,
    legs: Iterable[_Leg],
    names: Names,
    question: LineageQuestion,
) -> tuple[dict[tuple[ResourceId, ResourceId], list[Edge]], frozenset[ResourceId]]:
    """The stored links by (use, origin), and the uses that have more than were read."""
    types = sorted(index.transitions.lineage)
    told: dict[tuple[ResourceId, ResourceId], list[Edge]] = {}
    if not types:
        return told, frozenset()
    uses = sorted({names.ids[leg.link_use] for leg in legs})
    links = await links_whole(store, uses, types, at=question.at, most=question.links)
    for edge in links.all():
        told.setdefault((edge.origin, edge.target), []).append(edge)
    return told, links.cut


def _key(leg: _Leg, names: Names) -> tuple[ResourceId, ResourceId]:
    return names.ids[leg.link_use], names.ids[leg.link_origin]


async def _stand_ins(
    store: GraphStore,
    index: Reach,
    legs: Iterable[_Leg],
    names: Names,
    shown: dict[int, ResourceId],
    at: At,
) -> list[LineageEdge]:
    """Edges that no link tells: a job reads the one and writes the other."""
    type = index.transitions.stand_in
    steps = {leg: Step(type, Direction.BACKWARD, *_key(leg, names)) for leg in legs}
    told = await evidence(store, index.transitions, steps.values(), at)
    return [
        LineageEdge(
            shown[leg.origin],
            shown[leg.use],
            type,
            told[step].rule,
            told[step].job,
            told[step].kind,
            told[step].source,
            told[step].commit,
            leg.coarse,
            leg.brought,
            CERTAINTIES[leg.sure],
        )
        for leg, step in steps.items()
    ]


def _edges(
    leg: _Leg,
    told: dict[tuple[ResourceId, ResourceId], list[Edge]],
    names: Names,
    shown: dict[int, ResourceId],
    closed: Collection[ResourceId],
) -> Iterator[LineageEdge]:
    """One edge for each stored link; of what is brought up from fields, one for each job. The
    rules of `closed` resources are not told."""
    secret = not names.secret.isdisjoint((leg.link_origin, leg.link_use))
    for edge in told.get(_key(leg, names), ()):
        said = edge.properties
        plain = leg.brought or secret or edge.origin in closed
        yield LineageEdge(
            origin=shown[leg.origin],
            use=shown[leg.use],
            type=edge.type,
            rule="" if plain else str(said.get("rule", "")),
            job=str(said.get("job", "")),
            kind="" if leg.brought else str(said.get("derivation", "")),
            source=edge.source,
            commit=edge.since,
            coarse=leg.coarse,
            brought=leg.brought,
            certainty=CERTAINTIES[leg.sure],
        )
