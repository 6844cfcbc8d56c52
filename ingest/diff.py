"""What a claim changes against the one that the same source held before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ontology.resource import Claim, Link, LinkKey, ResourceId, Value


@dataclass(frozen=True, slots=True)
class Changed:
    """One attribute, before → after; None where it was or becomes absent."""

    attribute: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one resource in this source's eyes.

    `what` is new, changed or withdrawn; for a new one only its class, for a withdrawn one
    nothing more is listed.
    """

    resource: ResourceId
    what: str
    type: str = ""
    attributes: tuple[Changed, ...] = ()
    linked: tuple[LinkKey, ...] = ()
    unlinked: tuple[LinkKey, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values: attribute → [before, after], links as type and target."""
        return {
            "id": self.resource,
            "what": self.what,
            "type": self.type,
            "attributes": {c.attribute: [c.before, c.after] for c in self.attributes},
            "linked": [[key.type, key.target] for key in self.linked],
            "unlinked": [[key.type, key.target] for key in self.unlinked],
        }


def key_of(link: Link) -> LinkKey:
    return LinkKey(link.type, link.target, link.key)


def same(before: Claim, after: Claim) -> bool:
    """Whether both say the same; the order of links and of attributes says nothing."""
    return (
        before.type == after.type
        and before.attributes == after.attributes
        and before.denies == after.denies
        and (before.links == after.links or _by_key(before) == _by_key(after))
    )


def difference(before: Claim | None, after: Claim) -> Difference | None:
    """What `after` changes; None when nothing."""
    if before is None:
        return Difference(after.resource, "new", after.type or "", links_of(after))
    if same(before, after):
        return None
    old, new = _by_key(before), _by_key(after)
    return Difference(
        after.resource,
        "changed",
        after.type or "",
        _attributes(before.attributes, after.attributes),
        tuple(key for key, properties in new.items() if old.get(key) != properties),
        tuple(key for key in old if key not in new),
    )


def links_of(claim: Claim) -> tuple[Changed, ...]:
    """A new claim's attributes, as changes from nothing."""
    return tuple(Changed(name, None, value) for name, value in claim.attributes.items())


def _attributes(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Changed, ...]:
    names = sorted({*before, *after})
    return tuple(
        Changed(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _by_key(claim: Claim) -> dict[LinkKey, dict[str, Any]]:
    return {key_of(link): dict(link.properties) for link in claim.links}
