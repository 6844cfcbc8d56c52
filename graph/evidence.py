"""What stands behind a step: the stored link with its rule, job, source and commit.

The reach index knows ends and classes only; the record is asked for just the steps that
are shown. Links are looked up from the end that has few of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.store import GraphStore
from graph.transition import READS, WRITES, Transitions
from ontology.model import Direction
from ontology.resource import At, Edge, ResourceId

MANY = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """A link that was crossed: stored from `origin` to `target`, of one type. `through` are
    the datasets of a field whose dataset edge was crossed: the link starts or ends there."""

    type: str
    direction: Direction
    origin: ResourceId
    target: ResourceId
    through: tuple[ResourceId, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """`kind` is the derivation; `job` the acting subject's id, "" where none is told."""

    type: str
    direction: Direction
    rule: str = ""
    job: str = ""
    kind: str = ""
    source: str = ""
    commit: int = 0


async def evidence(
    store: GraphStore, transitions: Transitions, steps: Iterable[Step], at: At
) -> Mapping[Step, Evidence]:
    """What the record says of each step."""
    steps = list(dict.fromkeys(steps))
    parts = transitions.leaf_parts | transitions.containment
    onward = [s for s in steps if s.type not in parts]
    inward = [s for s in steps if s.type in parts]
    edges = await _edges(store, [s.origin for s in onward], onward, Direction.FORWARD, at)
    edges += await _edges(store, [s.target for s in inward], inward, Direction.BACKWARD, at)
    told = {(e.type, e.origin, e.target): e for e in reversed(edges)}
    found = {}
    for step in steps:
        ends = [(step.type, step.origin, target) for target in (*step.through, step.target)]
        edge = next((told[end] for end in ends if end in told), None)
        if edge is not None:
            found[step] = _evidence(step, edge)
        elif step.type == transitions.stand_in:
            found[step] = await _stand_in(store, step, at)
        else:
            found[step] = Evidence(step.type, step.direction)
    return found


async def _edges(
    store: GraphStore, ids: Sequence[ResourceId], steps: Sequence[Step], way: Direction, at: At
) -> list[Edge]:
    if not ids:
        return []
    types = sorted({step.type for step in steps})
    found = await store.links_many(list(dict.fromkeys(ids)), types, way, at=at, limit=MANY)
    return [edge for edges in found.values() for edge in edges]


async def _stand_in(store: GraphStore, step: Step, at: At) -> Evidence:
    """A job reads the one and writes the other, and says no more."""
    read = [step.target, *step.through]
    wrote = await store.links_many([step.origin], [WRITES], Direction.BACKWARD, at=at, limit=MANY)
    reads = await store.links_many(read, [READS], Direction.BACKWARD, at=at, limit=MANY)
    readers = {edge.origin: edge for edges in reads.values() for edge in edges}
    for edges in wrote.values():
        for edge in edges:
            if edge.origin in readers:
                since = max(edge.since, readers[edge.origin].since)
                return Evidence(
                    step.type, step.direction, job=edge.origin, source=edge.source, commit=since
                )
    return Evidence(step.type, step.direction)


def _evidence(step: Step, edge: Edge) -> Evidence:
    said = edge.properties
    return Evidence(
        step.type,
        step.direction,
        rule=str(said.get("rule", "")),
        job=str(said.get("job", "")),
        kind=str(said.get("derivation", "")),
        source=edge.source,
        commit=edge.since,
    )
