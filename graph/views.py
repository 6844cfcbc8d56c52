"""What a store keeps of a group beside its claims: state, level, what it counts as."""

from __future__ import annotations

from ontology.merge import Merged
from ontology.resource import Resource, ResourceId

LIVING, PLACEHOLDER, RETIRED, ALIAS = range(4)
"""The state of a name: that of its group, or ALIAS where readers see another name."""

LEVEL = "securityLevel"
"""The attribute that a resource's visibility class is read from."""

PROVISIONAL = "provisional"


def state_of(merged: Merged, canonical: bool) -> int:
    """The state of one name of a group."""
    if not canonical:
        return ALIAS
    if merged.retired:
        return RETIRED
    return PLACEHOLDER if merged.placeholder else LIVING


def level_of(merged: Merged) -> str:
    return str(merged.attributes.get(LEVEL, ""))


def counted(state: int, type: str) -> str | None:
    """The name under which a name is counted; None for that of an alias."""
    if state == LIVING:
        return type
    return {PLACEHOLDER: "placeholder", RETIRED: "retired", ALIAS: None}[state]


def resource(
    id: ResourceId, merged: Merged, *, version: int, number: int, names: tuple[ResourceId, ...]
) -> Resource:
    """The merge of a group as readers see it."""
    return Resource(
        id=id,
        type=merged.type,
        attributes=merged.attributes,
        version=0 if merged.placeholder else version,
        number=number,
        names=names,
        sources=merged.sources,
        conflicts=merged.conflicts,
        placeholder=merged.placeholder,
        retired=merged.retired,
    )
