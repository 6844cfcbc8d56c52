"""What a commit writes: nodes by class, relationships by type, in batches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from graph.neo4j.claim import Kept, properties
from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import FOREVER, label_text, labels, quoted
from graph.neo4j.merged import LinkId, View, open_links
from graph.neo4j.ready import Said
from graph.neo4j.scene import Name, Scene, Stored
from graph.neo4j.writes import Writes
from graph.views import PLACEHOLDER, PROVISIONAL, counted
from ontology.changes import job_in, literals_in
from ontology.digest import canonical
from ontology.model import Ontology
from ontology.resource import Link, ResourceId, family_of


def write_claims(
    writes: Writes, ended: Sequence[Kept], made: Sequence[tuple[Name, Kept, Said]], last: int
) -> None:
    """Close what is replaced or withdrawn, add what is said; ids follow `last`."""
    writes.ended.extend(k.element for k in ended)
    for id, (name, kept, said) in enumerate(made, last + 1):
        keys = [identifier_key(i) for i in said.identifiers]
        writes.said.append([name.number, properties(kept, id, said.body), keys])


def identifier_key(identifier: tuple[str, str, str]) -> str:
    """(scheme, scope, value) as one word of bounded length."""
    return sha256(canonical(list(identifier))).hexdigest()


async def write_views(
    scene: Scene, ontology: Ontology, views: Mapping[int, View], now: int
) -> Counter[str]:
    """Bring nodes and visible links to what they should be; what this adds to the counts."""
    of_name = {name.number: view for view in views.values() for name in view.names}
    deltas: Counter[str] = Counter()
    await _write_born(scene, ontology, of_name, now, deltas)
    await _write_known(scene, ontology, views.values(), deltas)
    known = [name for view in views.values() for name in view.names if name.before]
    await _write_links(scene, views.values(), known, now)
    return deltas


async def _write_born(
    scene: Scene,
    ontology: Ontology,
    of_name: Mapping[int, View],
    now: int,
    deltas: Counter[str],
) -> None:
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name in scene.born:
        own = {"name": name.id, "number": name.number, "born": now}
        view = of_name.get(name.number)
        if view is None:
            kind = ontology.families[family_of(name.id)]
            said = _nothing_said(kind, now)
            _count(deltas, Stored(kind, PLACEHOLDER, False, 0), 1)
        else:
            kind, said = view.merged.type, view.properties(name, now)
            _count(deltas, view.stored(name), 1)
        made[kind].append(own | said)
    for kind, nodes in made.items():
        text = label_text(labels(ontology, kind))
        await rows(
            scene.tx, f"UNWIND $rows AS row CREATE (r:_Resource{text}) SET r = row", rows=nodes
        )


def _nothing_said(kind: str, now: int) -> dict[str, Any]:
    return {
        "type": kind,
        "level": "",
        "state": PLACEHOLDER,
        "weak": False,
        "placeholder": True,
        "retired": False,
        "changed": 0,
        "touched": now,
    }


async def _write_known(
    scene: Scene, ontology: Ontology, views: Iterable[View], deltas: Counter[str]
) -> None:
    """Bring nodes that are there to their views."""
    relabelled: dict[tuple[str, str], list[int]] = defaultdict(list)
    for view in views:
        for name in view.names:
            if name.stored is None:
                continue
            after = view.stored(name)
            _count(deltas, name.stored, -1)
            _count(deltas, after, 1)
            scene.writes.nodes.append([name.number, view.properties(name, 0)])
            if name.stored.type != after.type:
                relabelled[name.stored.type, after.type].append(name.number)
    for (old, new), numbers in relabelled.items():
        before, after_ = labels(ontology, old), labels(ontology, new)
        await relabel(scene.tx, numbers, [x for x in before if x not in after_], after_)


async def relabel(tx: Tx, numbers: Sequence[int], gone: Sequence[str], made: Sequence[str]) -> None:
    """Take labels off nodes and put others on."""
    remove = f"REMOVE r{label_text(gone)}" if gone else ""
    await rows(
        tx,
        f"UNWIND $numbers AS number MATCH (r:_Resource {{number: number}}) "
        f"{remove} SET r{label_text(made)}",
        numbers=list(numbers),
    )


def _count(deltas: Counter[str], stored: Stored, one: int) -> None:
    name = counted(stored.state, stored.type)
    if name is not None:
        deltas[name] += one
    deltas[PROVISIONAL] += one * stored.weak


async def _write_links(
    scene: Scene, views: Iterable[View], known: Iterable[Name], now: int
) -> None:
    """Close the visible links that are no longer so and open those that are new."""
    wanted = {id: link for view in views for id, link in view.links.items()}
    for id, element in open_links(known):
        if wanted.pop(id, None) is None:
            scene.writes.links.append(element)
    await _open_links(scene, wanted, now)


async def _open_links(scene: Scene, wanted: Mapping[LinkId, Link], now: int) -> None:
    jobs = {job for link in wanted.values() if (job := job_in(link.properties))}
    await scene.meet({id.target for id in wanted} | jobs)
    made = [(id, link_properties(id, link, scene.numbers, now)) for id, link in wanted.items()]
    await create_links(scene, made)


async def create_links(scene: Scene, made: Iterable[tuple[LinkId, dict[str, Any]]]) -> None:
    """Add relationships between names that were met, a statement a type."""
    by_type: dict[str, list[list[Any]]] = defaultdict(list)
    for id, stored in made:
        ends = [scene.numbers[id.origin], scene.numbers[id.target]]
        by_type[id.type].append([*ends, stored])
    for kind, links in by_type.items():
        await rows(
            scene.tx,
            "UNWIND $rows AS row "
            "MATCH (a:_Resource {number: row[0]}), (b:_Resource {number: row[1]}) "
            f"CREATE (a)-[l:{quoted(kind)}]->(b) SET l = row[2]",
            rows=links,
        )


def link_properties(
    id: LinkId, link: Link, numbers: Mapping[ResourceId, int], since: int, until: int = FOREVER
) -> dict[str, Any]:
    """The properties of the relationship of a visible link."""
    said, job = link.properties, job_in(link.properties)
    return {
        "key": id.key,
        "source": id.source,
        "rank": id.rank,
        "said": id.said,
        "since": since,
        "until": until,
        "properties": canonical(said).decode() if said else None,
        "derivation": str(said["derivation"]) if "derivation" in said else None,
        "complete": True if said.get("complete") is True else None,
        "job": numbers[job] if job is not None else None,
        "literals": list(literals_in(said)) or None,
    }
