"""What stands behind a step: the stored link with its rule, job, source and commit.

The reach index knows ends and classes only; the record is asked for just the steps that
are shown. Links are looked up from the end that has few of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.links import MOST, Links, links_whole
from graph.store import GraphStore
from graph.transition import READS, WRITES, Transitions
from ontology.model import Direction
from ontology.resource import At, Edge, ResourceId


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
    """`kind` is the derivation; `job` the acting subject's id, "" where none is told. `cut`:
    the link lies among so many of one resource that it was not found."""

    type: str
    direction: Direction
    rule: str = ""
    job: str = ""
    kind: str = ""
    source: str = ""
    commit: int = 0
    cut: bool = False


async def evidence(
    store: GraphStore,
    transitions: Transitions,
    steps: Iterable[Step],
    at: At,
    *,
    most: int = MOST,
) -> Mapping[Step, Evidence]:
    """What the record says of each step, looking through `most` links of a resource."""
    steps = list(dict.fromkeys(steps))
    onward = [s for s in steps if s.type not in transitions.parts]
    inward = [s for s in steps if s.type in transitions.parts]
    out = await _links(store, [s.origin for s in onward], onward, Direction.FORWARD, at, most)
    back = await _links(store, [s.target for s in inward], inward, Direction.BACKWARD, at, most)
    told = {(e.type, e.origin, e.target): e for e in reversed([*out.all(), *back.all()])}
    found = {}
    for step in steps:
        ends = [(step.type, step.origin, target) for target in (*step.through, step.target)]
        edge = next((told[end] for end in ends if end in told), None)
        if edge is not None:
            found[step] = _evidence(step, edge)
        elif step.type == transitions.stand_in:
            found[step] = await _stand_in(store, step, at, most)
        else:
            cut = step.origin in out.cut or step.target in back.cut
            found[step] = Evidence(step.type, step.direction, cut=cut)
    return found


async def _links(
    store: GraphStore,
    ids: Sequence[ResourceId],
    steps: Sequence[Step],
    way: Direction,
    at: At,
    most: int,
) -> Links:
    types = sorted({step.type for step in steps})
    return await links_whole(store, ids, types, way, at=at, most=most)


async def _stand_in(store: GraphStore, step: Step, at: At, most: int) -> Evidence:
    """A job reads the one and writes the other, and says no more."""
    read = [step.target, *step.through]
    wrote = await links_whole(store, [step.origin], [WRITES], Direction.BACKWARD, at=at, most=most)
    reads = await links_whole(store, read, [READS], Direction.BACKWARD, at=at, most=most)
    readers = {edge.origin: edge for edge in reads.all()}
    for edge in wrote.all():
        if edge.origin in readers:
            since = max(edge.since, readers[edge.origin].since)
            return Evidence(
                step.type, step.direction, job=edge.origin, source=edge.source, commit=since
            )
    return Evidence(step.type, step.direction, cut=bool(wrote.cut or reads.cut))


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
