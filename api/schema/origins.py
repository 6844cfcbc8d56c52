"""一数一源: where a datum comes from at last, and whether that is its authoritative source."""

from __future__ import annotations

from typing import Annotated, Any, Self

import strawberry

from api.report.origins import origins_report
from api.schema.context import Info
from api.schema.describe import resolved
from api.schema.lineage import MAX_RESOURCES
from api.schema.node import AsOf
from api.schema.reports import AnswerFile, AnswerForm, report_of
from graph import origins as answers
from ontology.errors import LimitExceeded
from ontology.resource import ResourceId


@strawberry.type(description="资源及其负责部门 / a resource with who answers for it")
class Placed:
    id: strawberry.ID
    type: str
    title: str
    department: str
    department_title: str
    contact: str
    retired: bool
    hidden: bool

    @classmethod
    def of(cls, found: answers.Placed) -> Self:
        return cls(
            id=strawberry.ID(found.id),
            type=found.type,
            title=found.title,
            department=found.department,
            department_title=found.department_title,
            contact=found.contact,
            retired=found.retired,
            hidden=found.hidden,
        )


@strawberry.type(description="血缘的尽头 / where lineage ends")
class Origin:
    found: Placed
    depth: int
    standing: str = strawberry.field(description="authoritative, behind, other, undeclared")


@strawberry.type(description="数据元或主数据 / a datum with its sources and collections")
class Datum:
    found: Placed
    authorities: list[Placed] = strawberry.field(description="权威来源 / authoritative sources")
    collections: list[Placed] = strawberry.field(description="重复采集 / collected besides")


@strawberry.type(description="来源与一数一源 / origins, and one source for each datum")
class Origins:
    complete: bool
    single: bool = strawberry.field(description="一数一源是否符合 / whether there is one source")
    origins: list[Origin]
    data: list[Datum]
    circular: list[strawberry.ID] = strawberry.field(description="互为来源 / without an origin")
    cut: list[strawberry.ID]
    upto: int
    question: strawberry.Private[answers.OriginsQuestion]

    @resolved("一数一源报告 / the answer as a file")
    async def report(self, info: Info, format: AnswerForm) -> AnswerFile:
        context = info.context
        parts = origins_report(context.ledger, self.question, context.viewer)
        return await report_of(parts, format)


async def origins(
    info: Info,
    id: strawberry.ID,
    at: AsOf = None,
    limit: Annotated[
        int, strawberry.argument(description="最多经过多少资源 / resources to pass, at most")
    ] = MAX_RESOURCES,
) -> Origins:
    if not 0 < limit <= MAX_RESOURCES:
        raise LimitExceeded(
            f"limit 应在 1 到 {MAX_RESOURCES} 之间 / limit must be between 1 and {MAX_RESOURCES}"
        )
    context = info.context
    question = answers.OriginsQuestion(ResourceId(id), at, limit)
    answer = await context.ledger.origins(question, context.viewer)
    listed = sum(1 + len(d.authorities) + len(d.collections) for d in answer.data)
    context.budget.spend(len(answer.origins) + listed)
    return Origins(
        complete=answer.complete,
        single=answer.single,
        origins=[
            Origin(found=Placed.of(o.found), depth=o.depth, standing=str(o.standing))
            for o in answer.origins
        ],
        data=[
            Datum(
                found=Placed.of(d.found),
                authorities=[Placed.of(found) for found in d.authorities],
                collections=[Placed.of(found) for found in d.collections],
            )
            for d in answer.data
        ],
        circular=[strawberry.ID(id) for id in answer.circular],
        cut=[strawberry.ID(id) for id in answer.cut],
        upto=answer.upto,
        question=question,
    )


ROOT: dict[str, tuple[Any, Any, str]] = {
    "origins": (origins, Origins, "一数一源 / where it comes from at last, and by which right"),
}
"""Field → resolver, type, description."""
