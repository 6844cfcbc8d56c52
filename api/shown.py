"""What a viewer sees of a resource and of the claims on it: nothing above the clearance,
no personal data without the right to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from graph.hidden import silent
from ontology.model import Ontology
from ontology.resource import Claim, Held, LinkKey, Resource, ResourceId
from ontology.viewer import Viewer


def personal(ontology: Ontology, type: str | None = None) -> frozenset[str]:
    """The attributes that are personal data, of a class or of any."""
    known = ontology.types.get(type) if type else None
    types = [known] if known else ontology.types.values()
    return frozenset(a.name for t in types for a in t.attributes.values() if a.personal)


def resource(found: Resource, viewer: Viewer, ontology: Ontology) -> Resource:
    """The resource without the attributes that this viewer may not see."""
    if viewer.personal:
        return found
    hidden = personal(ontology, found.type)
    if hidden.isdisjoint(found.attributes):
        return found
    return replace(
        found,
        attributes={k: v for k, v in found.attributes.items() if k not in hidden},
        conflicts=tuple(c for c in found.conflicts if c.attribute not in hidden),
    )


def ends(held: Iterable[Held]) -> set[ResourceId]:
    """All that the claims name as the end of a link."""
    links: list[LinkKey] = []
    for one in held:
        links += [LinkKey(x.type, x.target, x.key) for x in one.claim.links]
        links += one.claim.denies.links
    return {key.target for key in links}


def claims(
    held: Sequence[Held],
    seen: Set[ResourceId],
    closed: Set[ResourceId],
    viewer: Viewer,
    ontology: Ontology,
) -> tuple[Held, ...]:
    """The claims without personal data, without links to what is not `seen`, and without rules
    where one claim links to such, or is on a resource that is `closed`."""
    hidden = frozenset[str]() if viewer.personal else personal(ontology)
    return tuple(replace(one, claim=_claim(one.claim, seen, closed, hidden)) for one in held)


def _claim(
    claim: Claim, seen: Set[ResourceId], closed: Set[ResourceId], hidden: frozenset[str]
) -> Claim:
    denies = claim.denies
    links = tuple(link for link in claim.links if link.target in seen)
    if claim.resource in closed or len(links) < len(claim.links):
        links = tuple(silent(link) for link in links)
    return replace(
        claim,
        attributes={k: v for k, v in claim.attributes.items() if k not in hidden},
        links=links,
        denies=replace(
            denies,
            attributes=denies.attributes - hidden,
            links=frozenset(key for key in denies.links if key.target in seen),
        ),
    )
