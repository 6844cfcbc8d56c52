"""The merge: what readers see of all that the sources say. Pure; every store calls it.

Precedence: curated before authoritative before scanned before inferred, then the newest.
A denial beats claims of lower or equal rank. Claims of all names of a group (aliases)
are merged as one; a link keeps the names under which it was claimed.

    asserts    the claim says something is (a claim that only denies does not)
    standing   asserting claims that no denial of the whole resource beats
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ontology.model import Ontology
from ontology.resource import (
    Claim,
    Conflict,
    Held,
    Link,
    LinkKey,
    ResourceId,
    Said,
    Value,
    family_of,
)

TYPE = "type"
"""Name under which a conflict of classes is listed."""

Shown = Mapping[tuple[ResourceId, LinkKey], tuple[Held, Link]]
"""(name that claims it, key) → the winning claim and its link."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A group of claims as one resource; see `Resource` for the words."""

    type: str
    attributes: Mapping[str, Value]
    sources: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    placeholder: bool
    retired: bool


def key_of(link: Link) -> LinkKey:
    return LinkKey(link.type, link.target, link.key)


def asserts(claim: Claim) -> bool:
    """Whether the claim says that something is. A wholly empty one says: it exists."""
    return bool(claim.type or claim.attributes or claim.links) or not claim.denies


def by_precedence(held: Iterable[Held]) -> list[Held]:
    """Highest first: rank, then the newest, then by name so that the order is total."""
    return sorted(held, key=lambda h: (-h.source.rank, -h.since, h.source.name, h.claim.resource))


def _bar(held: Iterable[Held]) -> int:
    """The highest rank that denies the whole resource; -1 for none."""
    return max((h.source.rank for h in held if h.claim.denies.resource), default=-1)


def standing(held: Iterable[Held]) -> list[Held]:
    """Asserting claims above every denial of the resource, highest precedence first."""
    held = tuple(held)
    bar = _bar(held)
    return [h for h in by_precedence(held) if h.source.rank > bar and asserts(h.claim)]


def merge(
    id: ResourceId, held: Sequence[Held], ontology: Ontology, *, gone: Sequence[Held] = ()
) -> Merged:
    """The resource `id` that the claims held on its group make.

    `gone` are the claims that held last before nobody asserted the resource any more;
    they give a retired resource the attributes it had. Asked only then.
    """
    said = [h for h in by_precedence(held) if asserts(h.claim)]
    alive = standing(held)
    basis = alive or said or [h for h in by_precedence(gone) if asserts(h.claim)]
    deniers = _deniers(held, alive) if said else gone
    kind, rivals = _type(basis, ontology)
    attributes, conflicts = _attributes(basis, deniers)
    return Merged(
        type=kind or ontology.families.get(family_of(id), ""),
        attributes=attributes,
        sources=tuple(dict.fromkeys(h.source.name for h in said)),
        conflicts=(*rivals, *conflicts),
        placeholder=not basis,
        retired=not alive and (bool(basis) or _bar(held) >= 0),
    )


def _deniers(held: Sequence[Held], alive: Sequence[Held]) -> Sequence[Held]:
    """Claims whose denials count: a claim that is itself beaten denies nothing more."""
    bar = _bar(held) if alive else -1
    return [h for h in held if h.claim.denies and h.source.rank > bar]


def _type(basis: Sequence[Held], ontology: Ontology) -> tuple[str | None, tuple[Conflict, ...]]:
    """The first class said, refined by every later one below it; others are rivals."""
    claimed = [(h, h.claim.type) for h in basis if h.claim.type is not None]
    kind: str | None = None
    for _, said in claimed:
        if kind is None or ontology.is_a(said, kind):
            kind = said
    if kind is None or all(ontology.is_a(kind, said) for _, said in claimed):
        return kind, ()
    # Winner first: those that the chosen class fulfils, then the rivals.
    agreed = [(h, t) for h, t in claimed if ontology.is_a(kind, t)]
    agreed.sort(key=lambda pair: pair[1] != kind)
    rivals = [(h, t) for h, t in claimed if not ontology.is_a(kind, t)]
    return kind, (Conflict(TYPE, tuple(_said(h, t) for h, t in (*agreed, *rivals))),)


def _attributes(
    basis: Sequence[Held], deniers: Sequence[Held]
) -> tuple[dict[str, Value], list[Conflict]]:
    denied: dict[str, int] = {}
    for h in deniers:
        for name in h.claim.denies.attributes:
            denied[name] = max(denied.get(name, -1), h.source.rank)
    if len(basis) == 1 and not denied:
        return dict(basis[0].claim.attributes), []
    offers: dict[str, list[tuple[Held, Value]]] = {}
    for h in basis:
        for name, value in h.claim.attributes.items():
            if h.source.rank > denied.get(name, -1):
                offers.setdefault(name, []).append((h, value))
    attributes = {name: said[0][1] for name, said in offers.items()}
    conflicts = [
        Conflict(name, tuple(_said(h, value) for h, value in said))
        for name, said in sorted(offers.items())
        if len(said) > 1 and any(not same(value, said[0][1]) for _, value in said[1:])
    ]
    return attributes, conflicts


def same(one: Value, other: Value) -> bool:
    """Whether two values agree; the order of many does not matter."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return frozenset(one) == frozenset(other)
    return one == other


def _said(held: Held, value: Value) -> Said:
    return Said(value, held.source.name, held.source.rank, held.since)


def visible(held: Sequence[Held]) -> Shown:
    """The links that a group shows: claimed by a standing claim, denied by none of equal
    or higher rank anywhere in the group. Per name and key the first by precedence wins.

    Denials match the target as it was claimed; an edit that removes a link denies every
    name under which the target is claimed (ontology/changes.py).
    """
    alive = standing(held)
    denied: dict[LinkKey, int] = {}
    for h in _deniers(held, alive):
        for key in h.claim.denies.links:
            denied[key] = max(denied.get(key, -1), h.source.rank)
    shown: dict[tuple[ResourceId, LinkKey], tuple[Held, Link]] = {}
    for h in alive:
        for link in h.claim.links:
            key = key_of(link)
            if h.source.rank > denied.get(key, -1):
                shown.setdefault((h.claim.resource, key), (h, link))
    return shown
