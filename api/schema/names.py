"""What things of the ontology are called in GraphQL.

Names are the ontology's own (camelCase). Where two would meet in one type the later kind
gives way: the interface's fields stand, then attributes (`versionValue`), then links
(`categoryLink`), then links read backwards (`hasItemInverse`).
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from ontology.errors import OntologyError
from ontology.model import Direction, LinkType, Ontology, ResourceType

INTERFACE = "Resource"

COMMON = (
    "id",
    "type",
    "title",
    "version",
    "placeholder",
    "retired",
    "names",
    "sources",
    "attributes",
    "conflicts",
    "links",
    "history",
)
"""Fields that every resource has."""


def lowered(name: str) -> str:
    """`InformationResource` → `informationResource`."""
    return name[:1].lower() + name[1:]


def plural(name: str) -> str:
    """`CatalogEntry` → `catalogEntries`: the typed list of a class."""
    stem = lowered(name)
    if stem.endswith("y") and stem[-2:-1] not in "aeiou":
        return stem[:-1] + "ies"
    if stem.endswith("is"):
        return stem[:-2] + "es"
    if stem.endswith(("s", "x", "ch", "sh")):
        return stem + "es"
    return stem + "s"


def attribute_name(kind: ResourceType, name: str) -> str | None:
    """The field of an attribute; None where `title` already says it."""
    if name == "title" and kind.title == "title":
        return None
    return f"{name}Value" if name in COMMON else name


def python_name(name: str) -> str:
    """The name inside Python, where `from` and `class` mean something else."""
    return f"{name}_" if keyword.iskeyword(name) else name


class LinkNames:
    """Field names of all link types, in both directions."""

    def __init__(self, ontology: Ontology) -> None:
        self._names: dict[tuple[str, Direction], str] = {}
        taken = {name: set(COMMON) | set(t.attributes) for name, t in ontology.types.items()}
        for link in ontology.links.values():
            ends = _classes(link.domain, ontology)
            self._take(link, Direction.FORWARD, link.name, f"{link.name}Link", ends, taken)
        for link in ontology.links.values():
            ends = _classes(link.range, ontology)
            wanted, other = link.inverse_name, f"{link.name}Inverse"
            self._take(link, Direction.BACKWARD, wanted, other, ends, taken)

    def _take(
        self,
        link: LinkType,
        way: Direction,
        wanted: str,
        other: str,
        classes: set[str],
        taken: dict[str, set[str]],
    ) -> None:
        clash = not wanted or any(wanted in taken[name] for name in classes)
        chosen = other if clash else wanted
        for name in classes:
            taken[name].add(chosen)
        self._names[link.name, way] = chosen

    def __call__(self, link: str, way: Direction) -> str:
        return self._names[link, way]


def _classes(ends: Iterable[str], ontology: Ontology) -> set[str]:
    return {below for end in ends for below in ontology.descendants(end)}


def link_end(link: LinkType, way: Direction, ontology: Ontology) -> str:
    """The declared type of a link's far end: that of the root of its family, since a
    placeholder is no more than that; the interface of all where families differ."""
    ends = link.range if way is Direction.FORWARD else link.domain
    roots = {ontology.families[ontology.types[end].family] for end in ends}
    return roots.pop() if len(roots) == 1 else INTERFACE


_NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")


def refuse_bad_names(ontology: Ontology) -> None:
    """Raise OntologyError for names that GraphQL cannot have: it knows Latin letters,
    digits and _ only (the labels beside them may be in any script)."""
    names = [*ontology.types, *ontology.links]
    names += [a for kind in ontology.types.values() for a in kind.attributes]
    names += [link.inverse_name for link in ontology.links.values() if link.inverse_name]
    for name in names:
        if not _NAME.fullmatch(name):
            raise OntologyError(
                f"名称 {name!r} 不能用于接口，请用拉丁字母、数字和 _ / the name cannot be used "
                "in the API: use Latin letters, digits and _ (labels may be Chinese)"
            )
