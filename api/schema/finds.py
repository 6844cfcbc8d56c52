"""Search as GraphQL shows it: hits with highlights, facets, and what the answer rests on."""

from __future__ import annotations

from typing import Annotated, Self

import strawberry

from api.schema.context import Context, Info
from api.schema.describe import resolved
from api.schema.limits import page_size
from api.schema.node import After, First, Node
from api.schema.records import Count, PageInfo, counts_of
from api.schema.scalars import Spans
from ontology.errors import InvalidInput
from ontology.lookup import class_named
from ontology.resource import ResourceId
from search import index as search_index
from search.index import Order, Page, Request
from search.mapping import TYPE
from search.parse import parse
from search.query import OneOf, conjunction

MAX_SUGGESTIONS = 50
MAX_FACET_VALUES = 200


@strawberry.input(
    description="选中的分面值：其中任一 / values chosen in one facet: any of them counts"
)
class FacetChoice:
    name: str
    values: list[str]


@strawberry.input(description="排序 / order; without it the best comes first")
class SearchOrder:
    field: str = strawberry.field(description="可筛选的属性名 / name of a filterable attribute")
    descending: bool = False


@strawberry.type(description="匹配片段 / a piece of text, and where it matches")
class Highlight:
    field: str
    text: str
    spans: Spans


@strawberry.type(description="命中 / one resource found")
class Hit:
    id: strawberry.ID
    type: str
    title: str
    score: float
    highlights: list[Highlight]
    cursor: str

    @classmethod
    def of(cls, hit: search_index.Hit) -> Self:
        return cls(
            id=strawberry.ID(hit.id),
            type=hit.type,
            title=hit.title,
            score=hit.score,
            highlights=[
                Highlight(field=h.field, text=h.text, spans=Spans(h.spans)) for h in hit.highlights
            ],
            cursor=hit.cursor,
        )

    @resolved("资源本身 / the resource itself; null: gone since it was indexed")
    async def resource(self, info: Info) -> Node | None:
        context = info.context
        context.budget.spend(1)
        found = await context.loaders.resources.load((ResourceId(self.id), None))
        return None if found is None else context.types.node(found)


@strawberry.type(description="分面：各值的个数 / a facet, largest value first")
class Facet:
    name: str
    values: list[Count]
    others: int = strawberry.field(description="未列出的个数 / under values left out")


@strawberry.type(description="检索结果 / what a search found")
class SearchResult:
    total: int
    hits: list[Hit]
    facets: list[Facet]
    relaxed: bool = strawberry.field(
        description="放宽：没有全部词都有的 / nothing had all words; these have some"
    )
    suggestion: str | None = strawberry.field(description="您是不是要找 / did you mean")
    position: int = strawberry.field(description="结果所据提交 / the commit that it reflects")
    page_info: PageInfo

    @resolved("已含全部提交 / whether the answer is known to reflect every commit")
    async def complete(self, info: Info) -> bool:
        top = info.context.ledger.reaching.top
        return not await self.missing(info) and self.position >= await top()

    @resolved("未能核对的部分 / parts that do not answer now: the answer may be behind them")
    async def missing(self, info: Info) -> list[str]:
        missing = (await info.context.ledger.projections.freshness()).missing
        info.context.missing.update(missing)
        return list(missing)


async def search(
    info: Info,
    query: Annotated[
        str,
        strawberry.argument(
            description='检索词："短语" -排除 字段:值 前缀* / words, "phrase", -not, field:value'
        ),
    ] = "",
    types: Annotated[
        list[str] | None, strawberry.argument(description="限于这些类 / only these classes")
    ] = None,
    facets: Annotated[
        list[str] | None, strawberry.argument(description="要计数的分面 / facets to count")
    ] = None,
    selected: list[FacetChoice] | None = None,
    sort: SearchOrder | None = None,
    first: First = 20,
    after: After = None,
    facet_size: int = 50,
    highlights: bool = True,
) -> SearchResult:
    context = info.context
    page_size(first, context.limits.page)
    for name in types or ():
        class_named(context.types.ontology, name)
    chosen = {choice.name: tuple(choice.values) for choice in selected or ()}
    if len(chosen) < len(selected or ()):
        raise InvalidInput("selected 中每个分面只写一次，各值写在一起 / name each facet once")
    request = Request(
        query=parse(query, context.ledger.index.mapping.typed),
        where=conjunction(OneOf(TYPE, tuple(types)) if types else None),
        facets=tuple(facets or ()),
        selected=chosen,
        order=Order(sort.field, sort.descending) if sort else None,
        page=Page(first, after),
        highlights=highlights,
        facet_size=max(1, min(facet_size, MAX_FACET_VALUES)),
    )
    return await _answer(request, context)


async def _answer(request: Request, context: Context) -> SearchResult:
    page = await context.ledger.search(request, context.viewer)
    context.budget.spend(len(page.hits))
    return SearchResult(
        total=page.total,
        hits=[Hit.of(hit) for hit in page.hits],
        facets=[facet_of(facet) for facet in page.facets],
        relaxed=page.relaxed,
        suggestion=page.suggestion,
        position=page.position,
        page_info=PageInfo.of(
            [hit.cursor for hit in page.hits],
            more=page.after is not None,
            after=request.page.after,
        ),
    )


def facet_of(facet: search_index.Facet) -> Facet:
    counts = counts_of((v.value, v.count) for v in facet.values)
    return Facet(name=facet.name, values=counts, others=facet.others)


async def suggest(info: Info, prefix: str, first: First = 10) -> list[Hit]:
    page_size(first, MAX_SUGGESTIONS)
    found = await info.context.ledger.suggest(prefix, info.context.viewer, limit=first)
    return [Hit.of(hit) for hit in found]
