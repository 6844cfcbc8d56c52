"""The root of reading: words, ids, lists, history, the log, the model, the counts."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import Annotated, Any

import strawberry

from api.schema import (
    around_lineage,
    claims,
    comparison,
    diff,
    difference,
    finds,
    impact,
    lineage,
    origins,
)
from api.schema.claims import Claim
from api.schema.commits import CommitConnection, commits
from api.schema.context import Context, Info
from api.schema.describe import resolved
from api.schema.finds import Facet, Hit, SearchResult
from api.schema.limits import page_size
from api.schema.lists import list_fields
from api.schema.model import OntologyView
from api.schema.node import AsOf, First, Node, ResourceConnection, ResourceEdge
from api.schema.records import Count, PageInfo, counts_of, iso
from api.schema.scalars import DateTime
from api.schema.types import Types
from ontology.errors import OntologyError
from ontology.lookup import class_named
from ontology.resource import Resource, ResourceId
from search.index import Page, Request
from search.mapping import TYPE


async def resource(info: Info, id: strawberry.ID, at: AsOf = None) -> Node | None:
    found = await info.context.loaders.resources.load((ResourceId(id), at))
    return None if found is None else info.context.types.node(found, at)


async def resources(info: Info, ids: list[strawberry.ID], at: AsOf = None) -> list[Node | None]:
    context = info.context
    page_size(len(ids), context.limits.page)
    context.budget.spend(len(ids))
    keys: list[Any] = [(ResourceId(id), at) for id in ids]
    found = await context.loaders.resources.load_many(keys)
    return [None if r is None else context.types.node(r, at) for r in found]


async def history(info: Info, id: strawberry.ID, first: First = 100, after: int = 0) -> list[Claim]:
    return await claims.history(ResourceId(id), info.context, first, after)


async def claims_of(info: Info, id: strawberry.ID, at: AsOf = None) -> list[Claim]:
    return await claims.present(ResourceId(id), info.context, at)


async def conflicts(info: Info, first: First = 50, after: str | None = None) -> ResourceConnection:
    context = info.context
    page_size(first, context.limits.page)
    place = ResourceId(after) if after else None
    found = await context.ledger.conflicts(context.viewer, after=place, limit=first + 1)
    return _page(found, first, after, context)


@strawberry.enum(description="统计所数 / what statistics counts")
class Counted(Enum):
    PLACEHOLDER = strawberry.enum_value(
        "placeholder", description="仅被提及 / only named by others"
    )
    RETIRED = strawberry.enum_value("retired", description="已注销 / no source holds it any more")
    PROVISIONAL = strawberry.enum_value(
        "provisional", description="标识待定 / known by a weak key only"
    )
    UNDERIVED = strawberry.enum_value(
        "underived", description="没有血缘 / lineage leads neither to it nor from it"
    )


async def counted(
    info: Info,
    of: Counted,
    types: Annotated[
        list[str] | None,
        strawberry.argument(description="没有血缘的：限于这些类 / of UNDERIVED: these classes"),
    ] = None,
    first: First = 50,
    after: str | None = None,
) -> ResourceConnection:
    context = info.context
    page_size(first, context.limits.page)
    ledger, viewer, limit = context.ledger, context.viewer, first + 1
    place = ResourceId(after) if after else None
    if of is Counted.UNDERIVED:
        kinds = [class_named(ledger.ontology, name).name for name in types or ledger.ontology.types]
        found = await ledger.underived(kinds, viewer, after=place, limit=limit)
    else:
        found = await ledger.counted(of.value, viewer, after=place, limit=limit)
    return _page(found, first, after, context)


def _page(
    found: tuple[Resource, ...], first: int, after: str | None, context: Context
) -> ResourceConnection:
    """Of one resource more than asked for, which tells that there are more."""
    context.budget.spend(min(len(found), first))
    nodes = [context.types.node(r) for r in found[:first]]
    edges = [ResourceEdge(cursor=node.id, node=node) for node in nodes]
    more = len(found) > first
    return ResourceConnection(
        edges=edges,
        nodes=nodes,
        page_info=PageInfo.of([e.cursor for e in edges], more=more, after=after),
        total_count=None if more or after else len(nodes),
    )


def ontology(info: Info) -> OntologyView:
    types = info.context.types
    return OntologyView.of(types.ontology, types.link_names, types.mapping)


def zone(info: Info) -> str:
    return info.context.types.mapping.zone


@strawberry.type(description="统计 / the ledger in figures, as far as the viewer may see")
class Statistics:
    total: int = strawberry.field(description="资源总数 / living resources")
    by_type: list[Count] = strawberry.field(description="按类 / by class")
    facets: list[Facet]
    placeholders: int | None = strawberry.field(description="仅被提及 / only named by others")
    retired: int | None
    provisional: int | None = strawberry.field(description="标识待定 / known by a weak key only")
    commits: int
    behind: int = strawberry.field(description="检索与血缘落后的提交数 / commits not yet shown")
    types: strawberry.Private[Collection[str]]

    @resolved(
        "有血缘的个数 / how many of them lineage leads to or from; null: not counted, where "
        "MULU_REACH keeps no links in memory"
    )
    async def derived(self, info: Info) -> int | None:
        return await info.context.ledger.derived(self.types, info.context.viewer)


async def statistics(
    info: Info,
    facets: Annotated[
        list[str] | None, strawberry.argument(description="另计的分面 / further facets to count")
    ] = None,
    types: Annotated[
        list[str] | None, strawberry.argument(description="限于这些类 / only these classes")
    ] = None,
) -> Statistics:
    ledger, viewer = info.context.ledger, info.context.viewer
    for name in types or ():
        class_named(ledger.ontology, name)
    page = await ledger.search(
        Request(
            facets=(TYPE, *(f for f in facets or () if f != TYPE)),
            selected={TYPE: tuple(types)} if types else {},
            page=Page(1),
            highlights=False,
            facet_size=finds.MAX_FACET_VALUES,
        ),
        viewer,
    )
    fresh = await ledger.projections.freshness()
    # Counted over everything, so only for who may see everything.
    counts = await ledger.store.counts() if viewer.sees_all else None
    shown = [finds.facet_of(facet) for facet in page.facets]
    by_type = next((f.values for f in shown if f.name == TYPE), counts_of(()))
    return Statistics(
        total=page.total,
        by_type=by_type,
        facets=[f for f in shown if f.name != TYPE],
        placeholders=None if counts is None else counts.get("placeholder", 0),
        retired=None if counts is None else counts.get("retired", 0),
        provisional=None if counts is None else counts.get("provisional", 0),
        commits=await ledger.reaching.top(),
        behind=fresh.behind,
        types=types or ledger.ontology.types,
    )


@strawberry.type(description="账本有多新 / how fresh the ledger is")
class Freshness:
    commit: int = strawberry.field(description="最后的提交 / the last commit; 0: none")
    latest: DateTime | None = strawberry.field(
        description="最后一次导入或修改 / when something was last read or changed"
    )

    @resolved("现在不可用的部分 / parts that do not answer now: search")
    async def missing(self, info: Info) -> list[str]:
        return list((await info.context.ledger.projections.freshness()).missing)

    @resolved("检索落后的提交数 / commits that search does not show yet; null: it is down")
    async def behind(self, info: Info) -> int | None:
        fresh = await info.context.ledger.projections.freshness()
        return None if fresh.missing else fresh.behind


async def freshness(info: Info) -> Freshness:
    ledger = info.context.ledger
    latest = await ledger.fed()
    return Freshness(commit=await ledger.reaching.top(), latest=iso(latest) if latest else None)


ROOT: dict[str, tuple[Any, Any, str]] = {
    "search": (finds.search, SearchResult | None, "检索 / full-text search with facets"),
    "suggest": (finds.suggest, list[Hit] | None, "名称提示 / names that begin so, or are spelt so"),
    "resource": (resource, Node | None, "按标识取一个资源 / one resource; null: there is none"),
    "resources": (resources, list[Node | None], "按标识取多个 / several, in the order asked for"),
    "history": (history, list[Claim], "历史 / what each source said, in order of commit"),
    "claims": (claims_of, list[Claim], "各来源的说法 / who says what, highest precedence first"),
    "conflicts": (conflicts, ResourceConnection, "多源校核 / resources on which sources disagree"),
    "counted": (
        counted,
        ResourceConnection,
        "统计背后的清单 / the list behind a number of statistics",
    ),
    "commits": (commits, CommitConnection, "提交日志，新的在前 / the log, newest first"),
    "ontology": (ontology, OntologyView, "本体 / the model: classes, attributes, links, codes"),
    "zone": (zone, str, "账本的时区 / the zone of dates that name none: Asia/Shanghai"),
    "statistics": (statistics, Statistics | None, "统计 / counts"),
    "freshness": (freshness, Freshness, "账本有多新 / how fresh the ledger is"),
    **difference.ROOT,
    **lineage.ROOT,
    **around_lineage.ROOT,
    **impact.ROOT,
    **comparison.ROOT,
    **origins.ROOT,
    **diff.ROOT,
}
"""Field → resolver, type, description. What rests on search may be null: where search is down,
the rest of the question is answered all the same."""


def make_query(types: Types) -> type[Any]:
    """The query type: the root fields, and one typed list a class.

    Raises OntologyError where a class's list would have the name of a root field."""
    fields = {name: (None, root_field(name, *asked)) for name, asked in ROOT.items()}
    for name, field in list_fields(types).items():
        if name in fields:
            raise OntologyError(
                f"列表名 {name} 已被接口占用，请改类名 / the list name {name} is taken by the API: "
                "rename the class"
            )
        fields[name] = (None, field)
    return strawberry.type(types.declare("Query", (), fields), description="查询 / reading")


def root_field(name: str, resolver: Any, annotation: Any, description: str) -> Any:
    return strawberry.field(
        resolver=resolver, name=name, description=description, graphql_type=annotation
    )
