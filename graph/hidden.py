"""What a viewer may not see of what was read, then or now.

A part is at least as secret as its whole (就高): the fields of a secret dataset, the items of a
secret entry. Levels are stored as they were said; what they mean for parts is looked up here,
a question for each step upward, and only for viewers who do not see everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from graph.links import links_whole
from graph.store import GraphStore
from graph.whole import NearStore
from ontology.model import Direction, Ontology
from ontology.resource import At, Edge, Link, Resource, ResourceId
from ontology.viewer import Viewer, rank_of

L = TypeVar("L", Edge, Link)

WHOLES = 1_000
"""Wholes of one part that are looked at."""
TELLING = frozenset({"rule", "literals"})
"""Properties of a link that may name what it does not lead to."""


async def ranks(
    store: GraphStore,
    parts: Mapping[str, Sequence[str]],
    found: Mapping[ResourceId, Resource],
    at: At = None,
) -> Mapping[ResourceId, int]:
    """The rank of the level of each, or of what it is part of where that is higher. `parts`:
    class → types of the links that make it a part (`Ontology.parts`)."""
    known = dict(found)
    ranks = {id: rank_of(r.attributes.get("securityLevel")) for id, r in found.items()}
    above: dict[ResourceId, Sequence[ResourceId]] = {}
    asked = [id for id, r in found.items() if parts.get(r.type)]
    while asked:
        types = sorted({type for id in asked for type in parts[known[id].type]})
        wholes, new = await _wholes(store, asked, types, known, at)
        above |= wholes
        known |= new
        ranks |= {id: rank_of(r.attributes.get("securityLevel")) for id, r in new.items()}
        asked = [id for id, r in new.items() if parts.get(r.type)]
    raised = True
    while raised:  # once a step upward
        raised = False
        for id, wholes_of in above.items():
            highest = max((ranks.get(whole, 0) for whole in wholes_of), default=0)
            if highest > ranks[id]:
                ranks[id], raised = highest, True
    return ranks


def telling(ontology: Ontology, levelled: Collection[str]) -> Mapping[str, Sequence[str]]:
    """`Ontology.parts` without the links that cannot raise a rank: nothing of the families at
    their other end is above the lowest level, nor part of what is. `levelled`: the classes of
    which something is above it."""
    families = {
        link.name: {ontology.types[n].family for d in link.domain for n in ontology.descendants(d)}
        for link in ontology.links.values()
        if link.part_of
    }
    secret = {kind.family for name in levelled if (kind := ontology.types.get(name)) is not None}
    while True:
        found = {
            name: tuple(link for link in links if not families[link].isdisjoint(secret))
            for name, links in ontology.parts.items()
        }
        below = {ontology.types[name].family for name, links in found.items() if links}
        if below <= secret:
            return found
        secret |= below


async def _wholes(
    store: GraphStore,
    ids: Sequence[ResourceId],
    types: Sequence[str],
    known: Mapping[ResourceId, Resource],
    at: At,
) -> tuple[Mapping[ResourceId, Sequence[ResourceId]], Mapping[ResourceId, Resource]]:
    """What each is part of, and those of the wholes that are not known yet."""
    if at is None and isinstance(store, NearStore):
        numbers = [known[id].number for id in ids]
        near = await store.near(numbers, types, Direction.BACKWARD, limit=WHOLES)
        if near is not None:
            named = {r.number: id for id, r in known.items()}
            met = {end for ends in near.values() for of in ends.values() for end in of}
            new = {r.id: r for r in (await store.read(met - named.keys())).values()}
            named |= {r.number: id for id, r in new.items()}
            return {
                named[n]: [named[e] for of in ends.values() for e in of] for n, ends in near.items()
            }, new
    links = await store.links_many(ids, types, Direction.BACKWARD, at=at, limit=WHOLES)
    above = {id: [edge.origin for edge in edges] for id, edges in links.items()}
    further = dict.fromkeys(o for of in above.values() for o in of if o not in known)
    return above, await store.get_many(further, at=at)


async def hidden(
    store: GraphStore,
    ontology: Ontology,
    found: Mapping[ResourceId, Resource],
    viewer: Viewer,
    at: At,
) -> set[ResourceId]:
    """Those above the viewer's clearance, at `at` (as they were found) or now: what was made
    secret since is not told by asking for the past."""
    if viewer.sees_all or not found:
        return set()
    unseen = _above(viewer, await ranks(store, ontology.parts, found, at)) & found.keys()
    if at is None:
        return unseen
    now = await store.get_many(found.keys() - unseen)
    return unseen | (_above(viewer, await ranks(store, ontology.parts, now)) & now.keys())


def _above(viewer: Viewer, ranks: Mapping[ResourceId, int]) -> set[ResourceId]:
    return {id for id, rank in ranks.items() if rank > viewer.rank}


async def untold(
    store: GraphStore, ontology: Ontology, origins: Iterable[ResourceId], viewer: Viewer, at: At
) -> set[ResourceId]:
    """Those of these whose rules the viewer may not read: the SQL of a link names whatever the
    resource derives from, reads or writes, and some of that is hidden."""
    origins = list(dict.fromkeys(origins))
    if viewer.sees_all or not origins:
        return set()
    links = await links_whole(store, origins, ontology.ruled, at=at)
    named = {end for edge in links.all() for end in _named(edge)}
    unseen = await hidden(store, ontology, await store.get_many(named, at=at), viewer, at)
    closed = {id for id, of in links.edges.items() for e in of if not unseen.isdisjoint(_named(e))}
    return closed | links.cut


def _named(edge: Edge) -> tuple[ResourceId, ...]:
    job = edge.properties.get("job")
    return (edge.target, ResourceId(job)) if isinstance(job, str) else (edge.target,)


def silent(link: L) -> L:
    """The link without its rule."""
    return replace(link, properties={k: v for k, v in link.properties.items() if k not in TELLING})
