"""Inputs of mutations: one type a class, with its attributes and the links it may have.

What is left out stays as it is; null takes an attribute away; a list of ids replaces the
targets of a link. A part names its whole (`itemOf`), which is then linked to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from api.schema.describe import paired
from api.schema.names import python_name
from api.schema.scalars import Value as ValueScalar
from api.schema.scalars import listed, scalar_of
from api.schema.types import Types
from ontology.model import Datatype, Direction, ResourceType
from ontology.resource import ResourceId, Value


@strawberry.input(description="关联的一个性质 / one property of a link, such as its rule")
class PropertyInput:
    name: str
    value: ValueScalar


@strawberry.input(
    description="指明一条关联 / which link: type, target, and what tells parallel ones apart"
)
class LinkInput:
    type: str
    target: strawberry.ID
    key: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What an input says: attributes to set and to take away, the targets of links, and
    what the resource is part of (link type → the whole, which holds the link)."""

    set: Mapping[str, Value]
    unset: frozenset[str]
    targets: Mapping[str, tuple[ResourceId, ...]]
    wholes: Mapping[str, ResourceId]


@dataclass(frozen=True, slots=True)
class Form:
    """The input of one class. `attributes` and `links` map Python names to the ontology's."""

    kind: ResourceType
    input: type[Any]
    attributes: Mapping[str, str]
    links: Mapping[str, str]
    wholes: Mapping[str, str]

    def read(self, asked: Any) -> Said:
        """What the caller said."""
        values: dict[str, Value] = {}
        unset: set[str] = set()
        for python, name in self.attributes.items():
            value = getattr(asked, python)
            if value is UNSET:
                continue
            if value is None or value == []:
                unset.add(name)
            else:
                values[name] = _stored(value, self.kind.attributes[name].datatype)
        targets = {
            name: _ids(value)
            for python, name in self.links.items()
            if (value := getattr(asked, python)) is not UNSET
        }
        wholes = {
            name: ResourceId(value)
            for python, name in self.wholes.items()
            if (value := getattr(asked, python))
        }
        return Said(values, frozenset(unset), targets, wholes)


def _stored(value: Any, datatype: Datatype) -> Value:
    if isinstance(value, list):
        return tuple(value)
    one: Value = value.strip() if datatype is Datatype.STRING else value
    return one


def _ids(value: Any) -> tuple[ResourceId, ...]:
    if value is None:
        return ()
    return tuple(map(ResourceId, value)) if isinstance(value, list) else (ResourceId(value),)


def make_form(kind: ResourceType, types: Types) -> Form:
    """The input of a class. Attributes and links are named as the ontology names them,
    which is as they are read, save where reading had to give way to the interface."""
    fields: dict[str, tuple[Any, Any]] = {}
    attributes: dict[str, str] = {}
    links: dict[str, str] = {}
    for attribute in kind.attributes.values():
        scalar = scalar_of(attribute.datatype)
        text = paired(attribute.label)
        annotation = listed(scalar) | None if attribute.many else scalar | None
        python = python_name(attribute.name)
        attributes[python] = attribute.name
        fields[python] = (annotation, _optional(attribute.name, text))
    for link in types.ontology.links_from(kind.name):
        if link.abstract:
            continue
        name = types.link_names(link.name, Direction.FORWARD)
        python = python_name(name)
        annotation = (listed(strawberry.ID) if link.many else strawberry.ID) | None
        links[python] = link.name
        fields[python] = (annotation, _optional(name, paired(link.label)))
    wholes: dict[str, str] = {}
    scopes = {name for scheme in kind.identifiers for name in scheme.scope}
    for link in types.ontology.links_to(kind.name):
        if link.name in scopes - set(links.values()):
            name = types.link_names(link.name, Direction.BACKWARD)
            wholes[python_name(name)] = link.name
            text = paired(link.inverse_label)
            fields[python_name(name)] = (strawberry.ID | None, _optional(name, text))
    body = types.declare(f"{kind.name}Input", (), fields)
    made = strawberry.input(body, description=f"{paired(kind.label)}: 填写 / what to set")
    return Form(kind, made, attributes, links, wholes)


def _optional(name: str, description: str) -> Any:
    return strawberry.field(default=UNSET, name=name, description=description)
