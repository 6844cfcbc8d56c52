"""What kind of change an edit is: which attributes and links, changed, mean what to others.

An edit of a note concerns nobody; one of a column's type does. What is not listed here
carries nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from ontology.model import Kind

ATTRIBUTES = {
    Kind.RENAME: ("name", "physicalName"),
    Kind.RETYPE: ("sqlType", "dataType", "length", "precision", "representationFormat", "method"),
    Kind.VALUES: ("valueRange", "value", "nullable"),
    Kind.MEANING: ("definition", "meaning", "unit", "abstract", "validTo", "replacedBy"),
    Kind.MOVE: ("namespace", "path", "host"),
    Kind.LEVEL: ("securityLevel",),
}
LINKS = {
    Kind.VALUES: ("valueDomain", "hasCode", "fieldDerivedFrom", "datasetDerivedFrom"),
    Kind.MEANING: ("conformsTo", "producedBy"),
    Kind.MOVE: ("hosts", "hasDataset", "hostedIn"),
    Kind.REORGANISE: ("hasUnit", "partOfRegion"),
}
WHOLE = frozenset(("Department", "OrgUnit", "Region", "Category"))
"""Classes whose renaming is a reorganisation (S5)."""


def kinds_of_edit(
    ancestors: Iterable[str], attributes: Iterable[str], links: Iterable[str]
) -> tuple[Kind, ...]:
    """The kinds of change of these attributes and links of a resource of a class (its name
    and its ancestors'), in the order of `Kind`."""
    attributes, links = set(attributes), set(links)
    found = {kind for kind, names in ATTRIBUTES.items() if attributes.intersection(names)}
    found |= {kind for kind, names in LINKS.items() if links.intersection(names)}
    if Kind.RENAME in found and WHOLE.intersection(ancestors):
        found = found - {Kind.RENAME} | {Kind.REORGANISE}
    return tuple(kind for kind in Kind if kind in found)
