"""What people call a resource, the same in lists, hits, lineage and impact."""

from __future__ import annotations

from typing import Protocol

from ontology.resource import Resource, ResourceId


class Titled(Protocol):
    """Whatever knows which attribute names the resources of a class."""

    @property
    def title(self) -> str: ...


def known_as(resource: Resource, kind: Titled | None) -> str:
    """The value of the attribute that names it, or what its id ends with where no source
    gave one."""
    value = resource.attributes.get(kind.title, "") if kind else ""
    first = next(iter(value), "") if isinstance(value, tuple) else value
    return str(first).strip() or ending(resource.id)


def ending(id: ResourceId | str) -> str:
    """The end of an id that tells most: the column of a field, the name of a table."""
    key = id.partition(":")[2]
    return key.rpartition("#")[2].rpartition("/")[2] or key
