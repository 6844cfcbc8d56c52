"""All that readers see at one commit, painted anew from all that was said.

The reference store's way: no state is carried from commit to commit, so nothing can be
kept wrongly. Slow on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.memory.words import Row, Words, held_at
from ontology.alias import stand_ins
from ontology.merge import asserts, key_of, merge, visible
from ontology.model import Ontology
from ontology.resource import (
    Held,
    LinkKey,
    Resource,
    ResourceId,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """`stand` flattens the aliases; `shown` are the visible links by name and key;
    `changed` is the last commit that touched a group, under each of its names."""

    stand: Mapping[ResourceId, ResourceId] = field(default_factory=dict)
    resources: Mapping[ResourceId, Resource] = field(default_factory=dict)
    changed: Mapping[ResourceId, int] = field(default_factory=dict)
    shown: Mapping[tuple[ResourceId, LinkKey], Row] = field(default_factory=dict)

    def name(self, id: ResourceId) -> ResourceId:
        return self.stand.get(id, id)


@dataclass(frozen=True, slots=True)
class Shown:
    """A visible link over the commits in which the same row stood for it."""

    row: Row
    since: int
    until: int | None


def paint(said: Words, before: Sequence[Picture], ontology: Ontology) -> Picture:
    """The picture at commit number `len(before)`."""
    now = len(before)
    stand = stand_ins(held_at(said.aliases, now))
    numbers = {name: n for n, name in enumerate(said.names, 1)}
    moved = _moved([*(p.stand for p in before), stand])
    groups: dict[ResourceId, list[ResourceId]] = defaultdict(list)
    for name, born in said.names.items():
        if born <= now:
            groups[stand.get(name, name)].append(name)
    claims: dict[ResourceId, list[Held]] = defaultdict(list)
    for h in said.claims:
        if h.since <= now:
            claims[stand.get(h.claim.resource, h.claim.resource)].append(h)
    rows = {(r.name, r.source.name, key_of(r.link)): r for r in held_at(said.rows, now)}
    picture = Picture(stand, resources := {}, changed := {}, shown := {})
    for id, names in groups.items():
        held = held_at(claims[id], now)
        merged = merge(id, held, ontology, gone=_gone(claims[id], held, now))
        ends = [h.until for h in claims[id] if h.until is not None and h.until <= now]
        touched = [c for name in names for c in moved.get(name, ())]
        version = max([*(h.since for h in claims[id]), *ends, *touched], default=0)
        changed.update(dict.fromkeys(names, version))
        resources[id] = Resource(
            id=id,
            type=merged.type,
            attributes=merged.attributes,
            version=0 if merged.placeholder else version,
            number=numbers[id],
            names=tuple(sorted(n for n in names if n != id)),
            sources=merged.sources,
            conflicts=merged.conflicts,
            placeholder=merged.placeholder,
            retired=merged.retired,
        )
        for (name, key), (h, _) in visible(held).items():
            shown[name, key] = rows[name, h.source.name, key]
    return picture


def _gone(claims: Sequence[Held], held: Sequence[Held], now: int) -> list[Held]:
    """What was held just before the last asserting claim ended, if none asserts now."""
    if any(asserts(h.claim) for h in held):
        return []
    ends = [h.until for h in claims if h.until and h.until <= now and asserts(h.claim)]
    return held_at(claims, max(ends) - 1) if ends else []


def _moved(
    stands: Sequence[Mapping[ResourceId, ResourceId]],
) -> dict[ResourceId, list[int]]:
    """Name → commits at which an alias from or to it began or ended."""
    moved: dict[ResourceId, list[int]] = defaultdict(list)
    for commit in range(1, len(stands)):
        before, after = stands[commit - 1], stands[commit]
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                for touched in {name, before.get(name, name), after.get(name, name)}:
                    moved[touched].append(commit)
    return moved


def intervals(pictures: Sequence[Picture]) -> list[Shown]:
    """Every interval of every visible link, in order of name, key and commit."""
    found = []
    keys = sorted({k for p in pictures for k in p.shown}, key=lambda k: (k[0], _order(k[1])))
    for key in keys:
        start, row = 0, None
        for commit, picture in enumerate(pictures):
            current = picture.shown.get(key)
            if row and (current is None or _other(current, row)):
                found.append(Shown(row, start, commit))
                row = None
            if current and row is None:
                start, row = commit, current
        if row:
            found.append(Shown(row, start, None))
    return found


def _other(one: Row, another: Row) -> bool:
    return (one.source, one.since) != (another.source, another.since)


def _order(key: LinkKey) -> tuple[str, str, str]:
    return key.type, key.target, key.key


def state_of(resource: Resource) -> str:
    """Under which name `counts` counts it."""
    if resource.retired:
        return "retired"
    return "placeholder" if resource.placeholder else resource.type
