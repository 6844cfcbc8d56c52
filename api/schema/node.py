"""The interface of everything in the ledger: what each resource can tell of itself."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.schema import links
from api.schema.context import Info
from api.schema.describe import resolved
from api.schema.names import INTERFACE
from api.schema.records import Conflict, LinkEdge, PageInfo, Property, properties_of
from api.schema.scalars import Moment
from ontology import resource as ledger
from ontology.model import Direction

if TYPE_CHECKING:
    from api.schema.claims import Claim

First = int
"""How many of a page, at most `Limits.page`."""

After = str | None
"""The cursor to go on from: the page before's `endCursor`."""

AsOf = Moment | None
"""As of a commit or an instant; null: now, or as the resource itself was asked for."""


@strawberry.enum(description="方向 / along a link as stored, or against it")
class Way(Enum):
    FORWARD = Direction.FORWARD
    BACKWARD = Direction.BACKWARD


@strawberry.interface(name=INTERFACE, description="资源：目录中的任何事物 / anything in the ledger")
class Node:
    id: strawberry.ID = strawberry.field(description="标识 / readable id: family:key")
    type: str = strawberry.field(description="类 / name of its class")
    title: str = strawberry.field(description="名称 / what people call it")
    version: int = strawberry.field(
        description="版本 / the last commit that changed it: the precondition of an edit"
    )
    placeholder: bool = strawberry.field(description="占位 / only named by links of others, so far")
    retired: bool = strawberry.field(description="已注销 / no source holds it any more")
    names: list[strawberry.ID] = strawberry.field(description="别名标识 / further ids (aliases)")
    sources: list[str] = strawberry.field(description="来源 / who tells of it")
    resource: strawberry.Private[ledger.Resource]
    at: strawberry.Private[ledger.At]

    @resolved("全部属性，不论何类 / all its attributes, whatever its class")
    def attributes(self) -> list[Property]:
        return properties_of(self.resource.attributes)

    @resolved("多源冲突 / where sources disagree")
    def conflicts(self) -> list[Conflict]:
        return [Conflict.of(conflict) for conflict in self.resource.conflicts]

    @resolved("历史：各来源先后的主张 / what each source said, and when")
    async def history(
        self, info: Info, first: First = 100, after: int = 0
    ) -> list[Annotated[Claim, strawberry.lazy("api.schema.claims")]]:
        from api.schema import claims  # which tell of commits, which tell of nodes

        return await claims.history(self.resource.id, info.context, first, after)

    @resolved("任意类型的关联 / links of any type, in one direction")
    async def links(
        self,
        info: Info,
        types: list[str] | None = None,
        direction: Way = Way.FORWARD,
        first: First = 50,
        after: After = None,
        at: AsOf = None,
    ) -> ResourceLinkConnection:
        asked = links.Asked(tuple(types) if types else None, direction.value, first, after)
        page = await links.load(self, info.context, asked, at)
        edges = links.edges_of(page, ResourceLinkEdge, Node)
        return ResourceLinkConnection(**links.connection_of(page, edges, after))


@strawberry.type(description="关联及其证据 / a link with its evidence")
class ResourceLinkEdge(LinkEdge):
    node: Node | None


@strawberry.type(description="一页关联 / a page of links")
class ResourceLinkConnection:
    edges: list[ResourceLinkEdge]
    nodes: list[Node]
    page_info: PageInfo
    total_count: int | None = strawberry.field(
        description="总数，仅在不另查即知时给出 / known when all fit on this page"
    )


@strawberry.type
class ResourceEdge:
    cursor: str
    node: Node


@strawberry.type(description="一页资源 / a page of resources")
class ResourceConnection:
    edges: list[ResourceEdge]
    nodes: list[Node]
    page_info: PageInfo
    total_count: int | None = strawberry.field(description="总数 / how many there are in all")
