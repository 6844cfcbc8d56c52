"""Names as they are stored and as their claims make them: the flaws, and what mends them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.neo4j.claim import Kept, kept, versions
from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import NOW, labels, type_text
from graph.neo4j.merged import LinkId, views
from graph.neo4j.replay import Interval, Stood, intervals, misdated
from graph.neo4j.scene import Scene
from graph.neo4j.write import create_links, link_properties, relabel
from graph.neo4j.writes import UPDATE
from graph.store import Flaw
from ontology.changes import job_in
from ontology.digest import claim_digest
from ontology.model import Ontology
from ontology.resource import Link, ResourceId


@dataclass(slots=True)
class Drift:
    """What is wrong with some names, and what to do about it."""

    flaws: list[Flaw] = field(default_factory=list)
    nodes: list[list[Any]] = field(default_factory=list)  # number, properties
    labels: dict[int, str] = field(default_factory=dict)  # number → class
    surplus: list[str] = field(default_factory=list)  # relationships
    missing: dict[Interval, Link] = field(default_factory=dict)


PIECE = """
MATCH (r:_Resource) WHERE r.number > $place RETURN r.number ORDER BY r.number LIMIT $limit
"""


async def drift(
    tx: Tx, scene: Scene, ontology: Ontology, place: int, limit: int
) -> tuple[Drift, int | None]:
    """What is wrong with the names behind a number, and with all that aliases ever joined
    them with; the number to go on from (None: done)."""
    numbers = [number for (number,) in await rows(tx, PIECE, place=place, limit=limit)]
    last = numbers[-1] if len(numbers) == limit else None
    found = Drift()
    stood = await _stood(tx, numbers)
    names = sorted({*numbers, *(n for pair in stood for n in pair)})
    claims = [
        kept(name, stored, element)
        for name, stored, element in await rows(tx, CLAIMS, numbers=names)
    ]
    _check_claims(found, claims)
    await _check_nodes(found, scene, ontology, names)
    wanted: dict[Interval, Link] = {}
    for some, joined in _components(claims, stood.values()):
        wanted |= intervals(some, joined)
    await _check_links(found, scene, ontology, names, wanted)
    return found, last


STOOD = """
UNWIND $numbers AS number
MATCH (:_Resource {number: number})-[s:_STANDS_FOR]-()
WITH DISTINCT s, startNode(s) AS a, endNode(s) AS b
RETURN a.number, b.number, a.name, b.name, s.since, s.until
"""


async def _stood(tx: Tx, numbers: Iterable[int]) -> dict[tuple[int, int], list[Stood]]:
    """What those names ever stood for, what stood for them, and so on."""
    found: dict[tuple[int, int], list[Stood]] = {}
    reached: set[int] = set()
    further = set(numbers)
    while further:
        reached |= further
        found = {}
        for a, b, *said in await rows(tx, STOOD, numbers=sorted(reached)):
            found.setdefault((a, b), []).append(Stood(*said))
        further = {n for pair in found for n in pair} - reached
    return found


def _components(
    claims: Iterable[Kept], stood: Iterable[Sequence[Stood]]
) -> list[tuple[list[Kept], list[Stood]]]:
    """The claims of names that ever had to do with one another, with what joined them."""
    root: dict[ResourceId, ResourceId] = {}

    def of(name: ResourceId) -> ResourceId:
        while (above := root.get(name, name)) != name:
            name = above
        return name

    joined = [s for several in stood for s in several]
    for s in joined:
        root[of(s.name)] = of(s.of)
    parts: dict[ResourceId, tuple[list[Kept], list[Stood]]] = defaultdict(lambda: ([], []))
    for k in claims:
        parts[of(k.held.claim.resource)][0].append(k)
    for s in joined:
        parts[of(s.name)][1].append(s)
    return list(parts.values())


CLAIMS = """
UNWIND $numbers AS number
MATCH (r:_Resource {number: number})-[:_SAID]->(c:_Claim)
RETURN r.name, properties(c), elementId(c)
"""


def _check_claims(found: Drift, claims: Sequence[Kept]) -> None:
    for k in claims:
        if not k.purged and claim_digest(k.held.claim, k.source).hex() != k.digest:
            what = f"the claim of {k.source.name} is not what commit {k.held.since} took"
            found.flaws.append(Flaw("chain", what, k.held.claim.resource))
    for k in misdated(claims):
        what = f"the claim of {k.source.name} misdates its links"
        found.flaws.append(Flaw("chain", what, k.held.claim.resource))


NODES = """
UNWIND $numbers AS number
MATCH (r:_Resource {number: number})
RETURN number, properties(r), labels(r)
"""


async def _check_nodes(
    found: Drift, scene: Scene, ontology: Ontology, numbers: Sequence[int]
) -> None:
    nodes = {n: (p, s) for n, p, s in await rows(scene.tx, NODES, numbers=list(numbers))}
    await scene.meet(properties["name"] for properties, _ in nodes.values())
    canonical = {scene.stand[number] for number in numbers}
    await scene.load(canonical)
    last = await versions(scene.tx, {of: scene.groups[of] for of in canonical}, NOW)
    for of, made in (await views(scene, ontology, last)).items():
        for name in made.names:
            stored, there = nodes[name.number]
            wanted = made.properties(name, stored["born"])
            if any(stored.get(key) != value for key, value in wanted.items()):
                found.nodes.append([name.number, wanted])
                what = "the resource" if name.number == of else "the name of an alias"
                found.flaws.append(
                    Flaw("merge", f"{what} is not kept as its claims make it", name.id)
                )
            if set(labels(ontology, wanted["type"])) != set(there) & ontology.types.keys():
                found.labels[name.number] = wanted["type"]
                found.flaws.append(Flaw("merge", "its labels are not those of its class", name.id))


async def _check_links(
    found: Drift,
    scene: Scene,
    ontology: Ontology,
    numbers: Sequence[int],
    wanted: dict[Interval, Link],
) -> None:
    jobs = {job for link in wanted.values() if (job := job_in(link.properties))}
    await scene.meet({i.id.target for i in wanted} | jobs)
    missing = dict(wanted)
    for *id, properties, element in await rows(
        scene.tx, _all_text(ontology), numbers=list(numbers)
    ):
        interval = Interval(LinkId(*id), properties["since"], properties["until"])
        link = missing.pop(interval, None)
        if link is None or properties != _stored(interval, link, scene):
            found.surplus.append(element)
            if link is not None:
                missing[interval] = link
            what = f"a link of type {interval.id.type} is not one that claims make"
            found.flaws.append(Flaw("links", what, interval.id.origin))
    found.missing = missing
    for interval in missing:
        what = f"a link of type {interval.id.type} is not there"
        found.flaws.append(Flaw("links", what, interval.id.origin))


def _all_text(ontology: Ontology) -> str:
    return f"""
UNWIND $numbers AS number
MATCH (r:_Resource {{number: number}})-[l{type_text(ontology.links)}]->(t)
RETURN r.name, type(l), t.name, l.key, l.source, l.rank, l.said, properties(l), elementId(l)
"""


def _stored(interval: Interval, link: Link, scene: Scene) -> dict[str, Any]:
    made = link_properties(interval.id, link, scene.numbers, interval.since, interval.until)
    return {name: value for name, value in made.items() if value is not None}


REMOVE = """
UNWIND $elements AS element MATCH ()-[l]->() WHERE elementId(l) = element DELETE l
"""


async def mend(scene: Scene, ontology: Ontology, found: Drift) -> None:
    """Make nodes, labels and links anew where they drifted."""
    tx = scene.tx
    if found.nodes:
        await rows(tx, UPDATE, nodes=found.nodes)
    for kind in set(found.labels.values()):
        numbers = [n for n, wanted in found.labels.items() if wanted == kind]
        right = labels(ontology, kind)
        await relabel(tx, numbers, [x for x in ontology.types if x not in right], right)
    if found.surplus:
        await rows(tx, REMOVE, elements=found.surplus)
    made = [(i.id, _stored(i, link, scene)) for i, link in found.missing.items()]
    await create_links(scene, made)
