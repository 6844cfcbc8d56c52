"""Forms in which stores keep what was said and what it comes to: JSON, keys sorted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from ontology.digest import canonical, denial_form
from ontology.merge import Merged
from ontology.resource import (
    EMPTY,
    NO_DENIAL,
    Conflict,
    Denial,
    LinkKey,
    Rank,
    Said,
    Scalar,
    Value,
)


def pack(attributes: Mapping[str, Value], where: str) -> str:
    """Attributes as they are stored."""
    return canonical(attributes, where).decode()


def unpack(body: str | None) -> dict[str, Value]:
    """Stored attributes; none left of a purged claim."""
    if body is None:
        return {}
    found: dict[str, Any] = orjson.loads(body)
    for name, value in found.items():
        if type(value) is list:
            found[name] = tuple(value)
    return found


def pack_denial(denial: Denial) -> str | None:
    return canonical(denial_form(denial)).decode() if denial else None


def unpack_denial(stored: str | None) -> Denial:
    if stored is None:
        return NO_DENIAL
    attributes, links, resource = orjson.loads(stored)
    return Denial(frozenset(attributes), frozenset(LinkKey(*k) for k in links), resource)


def unpack_properties(stored: str | None) -> Mapping[str, Scalar]:
    return orjson.loads(stored) if stored else EMPTY


def pack_merged(merged: Merged) -> str:
    """The merged view as it is stored: attributes, sources, conflicts."""
    conflicts = [
        [c.attribute, [[s.value, s.source, int(s.rank), s.commit] for s in c.said]]
        for c in merged.conflicts
    ]
    return canonical([merged.attributes, merged.sources, conflicts]).decode()


def unpack_merged(
    body: str,
) -> tuple[dict[str, Value], tuple[str, ...], tuple[Conflict, ...]]:
    attributes, sources, conflicts = orjson.loads(body)
    return (
        {name: _value(v) for name, v in attributes.items()},
        tuple(sources),
        tuple(
            Conflict(name, tuple(Said(_value(v), s, Rank(r), c) for v, s, r, c in said))
            for name, said in conflicts
        ),
    )


def _value(stored: Any) -> Value:
    value: Value = tuple(stored) if isinstance(stored, list) else stored
    return value
