"""The GraphQL types of one ontology, made when it is loaded.

A class becomes an object type. One with classes below it becomes an interface, with the
fields that all of them share, and an object type `Plain…` for resources that are of it and
of nothing below (a SQL job cannot tell a table from a view). Attributes are plain fields, without
a resolver each; links are connections, under their name and, read backwards, under their
inverse name.

Types refer to each other by name within a module of their own, so that several ontologies
live in one process.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType, new_class
from typing import Annotated, Any, ForwardRef

import strawberry

from api.schema import links
from api.schema.context import Info
from api.schema.describe import describe, describe_attribute, describe_link
from api.schema.names import (
    INTERFACE,
    LinkNames,
    attribute_name,
    link_end,
    python_name,
    refuse_bad_names,
)
from api.schema.node import (
    After,
    AsOf,
    First,
    Node,
    ResourceConnection,
    ResourceEdge,
    ResourceLinkConnection,
    ResourceLinkEdge,
)
from api.schema.records import LinkEdge, PageInfo
from api.schema.scalars import listed, scalar_of
from ontology.errors import OntologyError
from ontology.model import Attribute, Direction, LinkType, Ontology, ResourceType
from ontology.resource import At, Resource
from search.document import title_of
from search.mapping import Kept, SearchMapping

_serial = itertools.count(1)

STATIC = {
    INTERFACE: Node,
    "ResourceLinkEdge": ResourceLinkEdge,
    "ResourceLinkConnection": ResourceLinkConnection,
    "ResourceEdge": ResourceEdge,
    "ResourceConnection": ResourceConnection,
}
"""Types of the interface itself, which need no ontology."""

Fields = Mapping[str, tuple[Any, Any]]
"""Python name → annotation (None: the field says it) and strawberry field."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How resources of one class become objects of its GraphQL type."""

    type: type[Node]
    kept: Kept | None
    renamed: Mapping[str, str]  # attribute → Python name, where they differ


class Types:
    """All generated types of one ontology. `module` is the name of the module they live in."""

    def __init__(self, ontology: Ontology, mapping: SearchMapping) -> None:
        refuse_bad_names(ontology)
        self.ontology, self.mapping = ontology, mapping
        self.link_names = LinkNames(ontology)
        self.module = f"{__name__}_{next(_serial)}"
        self._namespace = sys.modules[self.module] = ModuleType(self.module)
        for name, static in STATIC.items():
            setattr(self._namespace, name, static)
        self.objects: dict[str, type[Node]] = {}
        self._shapes: dict[str, Shape] = {}
        for kind in sorted(ontology.types.values(), key=lambda k: len(k.ancestors)):
            self._make(kind)
        self._make_link_connections()

    def close(self) -> None:
        """Give the module's name back; the types live on as long as someone holds them."""
        sys.modules.pop(self.module, None)

    def node(self, resource: Resource, at: At = None) -> Node:
        """The resource as an object of its GraphQL type, as of `at`."""
        shape = self._shapes[resource.type]
        node = object.__new__(shape.type)
        fields = node.__dict__
        fields.update(resource.attributes)
        for name, renamed in shape.renamed.items():
            if name in fields:
                fields[renamed] = fields.pop(name)
        fields.update(
            id=resource.id,
            type=resource.type,
            title=title_of(resource, shape.kept),
            version=resource.version,
            placeholder=resource.placeholder,
            retired=resource.retired,
            names=resource.names,
            sources=resource.sources,
            resource=resource,
            at=at,
        )
        return node

    def named(self, name: str) -> Any:
        """The generated type of that GraphQL name."""
        return getattr(self._namespace, name)

    def reference(self, name: str) -> Any:
        """An annotation that means the generated type of that name, made already or not."""
        return Annotated[ForwardRef(name), strawberry.lazy(self.module)]

    def declare(self, name: str, bases: tuple[type, ...], fields: Fields) -> type[Any]:
        """A class in the module, ready to be made a GraphQL type."""

        def body(namespace: dict[str, Any]) -> None:
            namespace["__module__"] = self.module
            namespace["__annotations__"] = {
                name: annotation for name, (annotation, _) in fields.items() if annotation
            }
            namespace.update({name: made for name, (_, made) in fields.items()})

        if hasattr(self._namespace, name):
            raise OntologyError(
                f"类名 {name} 已被接口占用，请改名 / the class name {name} is taken by the API: "
                "rename it"
            )
        made = new_class(name, bases, {}, body)
        setattr(self._namespace, name, made)
        return made

    def connection(
        self, name: str, node: str, edge: str, description: str, total: str
    ) -> type[Any]:
        """A connection of Relay's shape over these edges and nodes."""
        body = self.declare(
            name,
            (),
            {
                "edges": (listed(self.reference(edge)), strawberry.field()),
                "nodes": (listed(self.reference(node)), strawberry.field()),
                "page_info": (PageInfo, strawberry.field()),
                "total_count": (int | None, strawberry.field(description=total)),
            },
        )
        return strawberry.type(body, description=description)

    # --- one class ---------------------------------------------------------------------

    def _make(self, kind: ResourceType) -> None:
        bases = self._bases(kind)
        inherited = {field for base in bases for field in base.__dataclass_fields__}
        fields = {
            python_name(name): (annotation, made)
            for name, annotation, made in self._fields(kind)
            if python_name(name) not in inherited
        }
        body = self.declare(kind.name, bases, fields)
        text = describe(kind)
        if self._divided(kind.name):
            made = strawberry.interface(body, description=text)
            body = self.declare(f"Plain{kind.name}", (made,), {})
            text = f"{kind.label.zh}，未细分 / {kind.label.en}, and nothing more special"
        made = strawberry.type(body, description=text)
        self.objects[kind.name] = made
        kept = self.mapping.types.get(kind.name)
        self._shapes[kind.name] = Shape(made, kept, dict(_renamed(kind)))

    def _divided(self, name: str) -> bool:
        return len(self.ontology.descendants(name)) > 1

    def _bases(self, kind: ResourceType) -> tuple[Any, ...]:
        """The nearest interfaces above, more special ones first: one order for all classes,
        so that Python's own linearisation always exists."""
        types, above = self.ontology.types, kind.ancestors
        nearest = [a for a in above if not any(a in types[b].ancestors for b in above)]
        nearest.sort(key=lambda a: (-len(types[a].ancestors), a))
        return tuple(self.named(a) for a in nearest) or (Node,)

    # --- fields -------------------------------------------------------------------------

    def _fields(self, kind: ResourceType) -> Iterator[tuple[str, Any, Any]]:
        """(name, annotation or None, strawberry field) of attributes, then links."""
        for attribute in kind.attributes.values():
            name = attribute_name(kind, attribute.name)
            if name is not None:
                yield name, *self._attribute(name, attribute)
        for link in self.ontology.links_from(kind.name):
            if not link.abstract:
                yield self._link(link, Direction.FORWARD)
        for link in self.ontology.links_to(kind.name):
            if not link.abstract:
                yield self._link(link, Direction.BACKWARD)

    def _attribute(self, name: str, attribute: Attribute) -> tuple[Any, Any]:
        scalar: Any = scalar_of(attribute.datatype)
        text = describe_attribute(attribute, self.ontology)
        if attribute.many:
            return listed(scalar), strawberry.field(name=name, description=text, default=())
        return scalar | None, strawberry.field(name=name, description=text, default=None)

    def _link(self, link: LinkType, way: Direction) -> tuple[str, None, Any]:
        name = self.link_names(link.name, way)
        end = link_end(link, way, self.ontology)
        made = strawberry.field(
            resolver=self._resolver(name, link.name, way, end),
            name=name,
            description=describe_link(link, way),
            graphql_type=self.reference(f"{end}LinkConnection"),
        )
        return name, None, made

    def _resolver(self, name: str, link: str, way: Direction, end: str) -> Callable[..., Any]:
        async def resolve(
            self: Any, info: Info, first: First = 50, after: After = None, at: AsOf = None
        ) -> object:
            asked = links.Asked((link,), way, first, after)
            page = await links.load(self, info.context, asked, at)
            types = info.context.types
            edges = links.edges_of(page, types.named(f"{end}LinkEdge"), types.named(end))
            connection = types.named(f"{end}LinkConnection")
            return connection(**links.connection_of(page, edges, after))

        resolve.__name__ = resolve.__qualname__ = python_name(name)
        return resolve

    def _make_link_connections(self) -> None:
        ends = {
            link_end(link, way, self.ontology)
            for link in self.ontology.links.values()
            for way in Direction
        }
        for end in sorted(ends - {INTERFACE}):
            node = self.reference(end) | None
            edge = self.declare(f"{end}LinkEdge", (LinkEdge,), {"node": (node, strawberry.field())})
            strawberry.type(edge, description="关联及其证据 / a link with its evidence")
            self.connection(
                f"{end}LinkConnection",
                end,
                f"{end}LinkEdge",
                "一页关联 / a page of links",
                "总数，仅在不另查即知时给出 / known when all fit on this page",
            )


def _renamed(kind: ResourceType) -> Iterator[tuple[str, str]]:
    for name in kind.attributes:
        field = attribute_name(kind, name)
        if field is not None and python_name(field) != name:
            yield name, python_name(field)
