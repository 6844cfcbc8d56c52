"""Several rows or files of one source about one resource make one claim.

The first word on an attribute stands; a second, different one is listed, so that a person
sees it. Values of attributes with many add up, links add up, the more special class wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ontology.merge import key_of
from ontology.model import Ontology
from ontology.resource import Claim, Denial, Link, LinkKey, Value


@dataclass(frozen=True, slots=True)
class Differs:
    """Two rows of one source say different things of one attribute."""

    attribute: str
    first: Value
    second: Value


def combine(first: Claim, second: Claim, ontology: Ontology) -> tuple[Claim, tuple[Differs, ...]]:
    """Both claims on one resource as one, and where they differ."""
    attributes, differing = _attributes(first, second)
    return (
        replace(
            first,
            type=_type(first.type, second.type, ontology),
            attributes=attributes,
            links=_links(first.links, second.links),
            denies=Denial(
                first.denies.attributes | second.denies.attributes,
                first.denies.links | second.denies.links,
                first.denies.resource or second.denies.resource,
            ),
        ),
        differing,
    )


def _type(first: str | None, second: str | None, ontology: Ontology) -> str | None:
    if first is None or (second is not None and ontology.is_a(second, first)):
        return second
    return first


def _attributes(first: Claim, second: Claim) -> tuple[Mapping[str, Value], tuple[Differs, ...]]:
    merged = dict(first.attributes)
    differing: list[Differs] = []
    for name, value in second.attributes.items():
        said = merged.get(name)
        if said is None:
            merged[name] = value
        elif isinstance(said, tuple) and isinstance(value, tuple):
            merged[name] = tuple(dict.fromkeys((*said, *value)))
        elif said != value:
            differing.append(Differs(name, said, value))
    return merged, tuple(differing)


def _links(first: tuple[Link, ...], second: tuple[Link, ...]) -> tuple[Link, ...]:
    merged: dict[LinkKey, Link] = {key_of(link): link for link in first}
    for link in second:
        known = merged.get(key_of(link))
        if known is None:
            merged[key_of(link)] = link
        elif link.properties and link.properties != known.properties:
            merged[key_of(link)] = replace(
                known, properties={**link.properties, **known.properties}
            )
    return tuple(merged.values())
