"""Lineage: where data come from and where they go (G 4.6, 7.2.3)."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Self

import strawberry

from api.report.lineage import lineage_report
from api.schema.context import Info
from api.schema.describe import resolved
from api.schema.impact import Certainty
from api.schema.node import AsOf, Node
from api.schema.reports import AnswerFile, AnswerForm, report_of
from graph import lineage as answers
from graph.holders import Holders
from ontology.errors import InvalidInput, LimitExceeded
from ontology.resource import At, ResourceId
from ontology.title import known_as

MAX_RESOURCES = answers.ROOM


@strawberry.enum(description="方向：上游朝来源，下游朝使用 / toward the origin, or toward use")
class LineageDirection(Enum):
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    BOTH = "both"


@strawberry.type(description="所属 / what holds a resource, or answers for it")
class Holder:
    id: strawberry.ID
    type: str
    title: str


@strawberry.type(description="血缘上的资源 / a resource of the lineage")
class LineageNode:
    id: strawberry.ID
    type: str
    title: str
    depth: int = strawberry.field(description="距起点步数 / distance from the start")
    hidden: bool = strawberry.field(
        description="无权查看，仅计数 / the viewer may not see it: it is only counted"
    )
    at: strawberry.Private[At]

    @classmethod
    def of(cls, node: answers.LineageNode, at: At) -> Self:
        return cls(
            id=strawberry.ID(node.id),
            type=node.type,
            title=node.title,
            depth=node.depth,
            hidden=node.hidden,
            at=at,
        )

    @resolved("资源本身 / the resource itself")
    async def resource(self, info: Info) -> Node | None:
        if self.hidden:
            return None
        context = info.context
        context.budget.spend(1)
        found = await context.loaders.resources.load((ResourceId(self.id), self.at))
        return None if found is None else context.types.node(found, self.at)

    @resolved("所属数据集或目录 / the dataset or entry of a field or item")
    async def whole(self, info: Info) -> Holder | None:
        return await self._holder(info, (await self._held(info)).whole)

    @resolved("所在数据库 / the database that it lies in")
    async def database(self, info: Info) -> Holder | None:
        return await self._holder(info, (await self._held(info)).database)

    @resolved("所在系统 / the system that hosts it")
    async def system(self, info: Info) -> Holder | None:
        return await self._holder(info, (await self._held(info)).system)

    @resolved("负责部门 / the department that answers for it")
    async def department(self, info: Info) -> Holder | None:
        return await self._holder(info, (await self._held(info)).department)

    async def _held(self, info: Info) -> Holders:
        if self.hidden:
            return Holders()
        return await info.context.loaders.holders.load((ResourceId(self.id), self.at))

    async def _holder(self, info: Info, id: ResourceId) -> Holder | None:
        if not id:
            return None
        context = info.context
        found = await context.loaders.resources.load((id, self.at))
        if found is None:
            return None
        kind = context.types.ontology.types.get(found.type)
        return Holder(id=strawberry.ID(found.id), type=found.type, title=known_as(found, kind))


@strawberry.type(description="血缘关联：由来源到使用 / an edge, from origin to use")
class LineageEdge:
    origin: strawberry.ID
    use: strawberry.ID
    type: str
    rule: str = strawberry.field(description="加工规则 / the expression")
    job: str = strawberry.field(description="作业 / the acting subject")
    kind: str = strawberry.field(description="派生方式 / derivation")
    source: str
    commit: int
    coarse: bool = strawberry.field(description="仅知到数据集 / known of whole datasets only")
    brought: bool = strawberry.field(
        description="由字段血缘上推 / known of fields, brought up to their datasets"
    )
    certainty: Certainty = strawberry.field(
        description="两端之间最确定的一条 / the best of all that joins the two"
    )

    @classmethod
    def of(cls, edge: answers.LineageEdge) -> Self:
        return cls(
            origin=strawberry.ID(edge.origin),
            use=strawberry.ID(edge.use),
            type=edge.type,
            rule=edge.rule,
            job=edge.job,
            kind=edge.kind,
            source=edge.source,
            commit=edge.commit,
            coarse=edge.coarse,
            brought=edge.brought,
            certainty=Certainty(edge.certainty),
        )


@strawberry.type(description="血缘 / where data come from and where they go")
class Lineage:
    complete: bool
    nodes: list[LineageNode]
    edges: list[LineageEdge]
    cut: list[strawberry.ID] = strawberry.field(
        description="截断之处 / behind these there is more than the limits let in; ask on from them"
    )
    hidden: int = strawberry.field(description="无权查看的个数 / how many are hidden")
    upto: int = strawberry.field(description="结果所据提交 / the commit that it reflects")
    question: strawberry.Private[answers.LineageQuestion]

    @resolved("血缘报告 / the lineage as a file")
    async def report(self, info: Info, format: AnswerForm) -> AnswerFile:
        context = info.context
        parts = lineage_report(context.ledger, self.question, context.viewer)
        return await report_of(parts, format)


async def lineage(
    info: Info,
    id: strawberry.ID,
    direction: LineageDirection = LineageDirection.BOTH,
    depth: Annotated[
        int | None, strawberry.argument(description="最多几步，缺省到底 / links at most; null: all")
    ] = None,
    at: AsOf = None,
    limit: Annotated[
        int, strawberry.argument(description="每个方向最多资源数 / resources each way, at most")
    ] = MAX_RESOURCES,
) -> Lineage:
    if not 0 < limit <= MAX_RESOURCES:
        raise LimitExceeded(
            f"limit 应在 1 到 {MAX_RESOURCES} 之间 / limit must be between 1 and {MAX_RESOURCES}"
        )
    if depth is not None and depth < 0:
        raise InvalidInput(f"depth 不能为负，此处为 {depth} / depth cannot be negative")
    question = answers.LineageQuestion(
        resource=ResourceId(id),
        upstream=direction is not LineageDirection.DOWNSTREAM,
        downstream=direction is not LineageDirection.UPSTREAM,
        depth=depth,
        at=at,
        room=limit,
    )
    context = info.context
    answer = await context.ledger.lineage(question, context.viewer)
    context.budget.spend(len(answer.nodes))
    return Lineage(
        complete=answer.complete,
        nodes=[LineageNode.of(node, at) for node in answer.nodes],
        edges=[LineageEdge.of(edge) for edge in answer.edges],
        cut=[strawberry.ID(id) for id in answer.cut],
        hidden=answer.hidden,
        upto=answer.upto,
        question=question,
    )


ROOT: dict[str, tuple[Any, Any, str]] = {
    "lineage": (lineage, Lineage, "血缘 / where data come from and where they go"),
}
"""Field → resolver, type, description."""
