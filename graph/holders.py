"""What holds each resource, and who answers for it: for pictures that group by them.

All of a picture's resources are asked about at once: a handful of batches, however many
there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.reach.answer import answering
from graph.reach.rows import NOW
from graph.reach.sight import Reach
from graph.store import GraphStore
from ontology.model import Direction
from ontology.resource import At, ResourceId, family_of

HOSTED = ("hostedIn", "inSystem")
"""Links that name the system of a dataset or an entry without making it a part."""
HIGHEST = 5
"""Wholes above one another that are looked through."""
PARTS = ("field", "infoitem")
"""Families whose whole is worth telling."""
NOBODY = ResourceId("")


@dataclass(frozen=True, slots=True)
class Holders:
    """The whole of a field or item, then database, system and answering department; "" where
    there is none."""

    whole: ResourceId = NOBODY
    database: ResourceId = NOBODY
    system: ResourceId = NOBODY
    department: ResourceId = NOBODY


async def holders(
    store: GraphStore, index: Reach, ids: Sequence[ResourceId], at: At
) -> Mapping[ResourceId, Holders]:
    """Of each known resource, as of `at`."""
    commit = None if at is None else await store.commit_at(at)
    numbers = await store.numbers(ids)
    known = [id for id in ids if id in numbers]
    if not known:
        return {}
    above = await _above(store, index, known, at)
    hosted = await _hosted(store, index, above, at)
    party = await _parties(store, index, [numbers[id] for id in known], commit)
    found = {}
    for id, department in zip(known, party, strict=True):
        chain = above[id]
        family = {family_of(whole): whole for whole in reversed(chain[1:])}
        system = family.get("system") or next((hosted[x] for x in chain if x in hosted), NOBODY)
        found[id] = Holders(
            whole=chain[1] if len(chain) > 1 and family_of(id) in PARTS else NOBODY,
            database=family.get("database", NOBODY),
            system=system,
            department=department,
        )
    return found


async def _above(
    store: GraphStore, index: Reach, ids: Sequence[ResourceId], at: At
) -> dict[ResourceId, list[ResourceId]]:
    """Each with its wholes, the nearest first; where something has two, the first named."""
    types = [link.name for link in index.ontology.links.values() if link.part_of]
    chains = {id: [id] for id in ids}
    frontier = list(dict.fromkeys(ids))
    parents: dict[ResourceId, ResourceId] = {}
    for _ in range(HIGHEST):
        links = await store.links_many(frontier, types, Direction.BACKWARD, at=at, limit=1)
        fresh = {id: edges[0].origin for id, edges in links.items() if edges}
        parents |= fresh
        frontier = [whole for whole in dict.fromkeys(fresh.values()) if whole not in parents]
        if not frontier:
            break
    for chain in chains.values():
        while (whole := parents.get(chain[-1])) and whole not in chain:
            chain.append(whole)
    return chains


async def _hosted(
    store: GraphStore,
    index: Reach,
    above: Mapping[ResourceId, Sequence[ResourceId]],
    at: At,
) -> dict[ResourceId, ResourceId]:
    types = [name for name in HOSTED if name in index.ontology.links]
    every = list(dict.fromkeys(id for chain in above.values() for id in chain))
    links = await store.links_many(every, types, at=at, limit=1) if types else {}
    return {id: edges[0].target for id, edges in links.items() if edges}


async def _parties(
    store: GraphStore, index: Reach, numbers: Sequence[int], commit: int | None
) -> list[ResourceId]:
    """Who answers for each (R5); nobody for one that is newer than the index."""
    sight = await index.sight(commit)
    known = [number for number in numbers if sight.knows(number)]
    places = await sight.placed(known)
    at = NOW if commit is None else commit
    answers = await sight.look(lambda view: answering(view, index.transitions, places, at))
    party, number = answers.party, sight.view.places.number
    named = await store.named(number[np.unique(party[party >= 0])].tolist())
    found = {
        one: named.get(int(number[p]), NOBODY) if p >= 0 else NOBODY
        for one, p in zip(known, party.tolist(), strict=True)
    }
    return [found.get(one, NOBODY) for one in numbers]
