"""What changed in the ledger between two moments."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Self

import strawberry

from api.report.changes import diff_report
from api.schema.context import Info
from api.schema.describe import resolved
from api.schema.limits import page_size
from api.schema.node import AsOf, First
from api.schema.records import Property, properties_of
from api.schema.reports import AnswerFile, AnswerForm, report_of
from api.schema.scalars import Moment, Value
from graph import difference as answers
from ontology.resource import Edge


@strawberry.type(description="属性的变化 / an attribute before and after")
class Altered:
    name: str
    before: Value | None
    after: Value | None


@strawberry.type(description="增减的关联 / a link that came or went")
class ChangedLink:
    type: str
    target: strawberry.ID
    source: str
    properties: list[Property]

    @classmethod
    def of(cls, edge: Edge) -> Self:
        return cls(
            type=edge.type,
            target=strawberry.ID(edge.target),
            source=edge.source,
            properties=properties_of(edge.properties),
        )


@strawberry.type(description="一个资源的变化 / a resource that is not as it was")
class Difference:
    id: strawberry.ID
    type: str
    title: str
    what: str = strawberry.field(
        description="created, changed, retired, revived, aliased, unaliased"
    )
    of: str = strawberry.field(
        description="别名所指，其他为空 / what an alias stands for, else empty"
    )
    attributes: list[Altered]
    added: list[ChangedLink]
    removed: list[ChangedLink]

    @classmethod
    def shown(cls, found: answers.Difference) -> Self:
        return cls(
            id=strawberry.ID(found.id),
            type=found.type,
            title=found.title,
            what=str(found.what),
            of=found.of or "",
            attributes=[
                Altered(name=a.name, before=_value(a.before), after=_value(a.after))
                for a in found.attributes
            ],
            added=[ChangedLink.of(edge) for edge in found.added],
            removed=[ChangedLink.of(edge) for edge in found.removed],
        )


def _value(value: Any) -> Value | None:
    return None if value is None else Value(value)


@strawberry.type(description="本页各类变化的个数 / how many of each, on this page")
class DiffCounts:
    created: int
    changed: int
    retired: int
    revived: int
    aliased: int
    unaliased: int


@strawberry.type(description="账本变化 / what changed between two commits")
class Diff:
    start: int
    end: int
    touched: int = strawberry.field(description="其间提交涉及的资源 / resources the log names")
    complete: bool
    counts: DiffCounts
    cut: list[strawberry.ID] = strawberry.field(
        description="关联过多、未全部比较的 / those with more links than were compared"
    )
    next: int | None = strawberry.field(description="下一页的 after / after of the next page")
    differences: list[Difference]
    question: strawberry.Private[answers.DiffQuestion]

    @resolved("变化清单，不限于本页 / the changes as a file: not only this page")
    async def report(self, info: Info, format: AnswerForm) -> AnswerFile:
        context, most = info.context, info.context.budget.left
        context.budget.spend(min(most, self.touched))

        whole = replace(self.question, first=most)
        return await report_of(diff_report(context.ledger, whole, context.viewer), format)


async def diff(
    info: Info,
    start: Annotated[Moment, strawberry.argument(description="从 / from")],
    end: AsOf = None,
    types: Annotated[
        list[str] | None, strawberry.argument(description="只看这些类 / only these classes")
    ] = None,
    first: First = 100,
    after: int = 0,
) -> Diff:
    context = info.context
    page_size(first, context.limits.page)
    question = answers.DiffQuestion(start, end, frozenset(types or ()), first, max(after, 0))
    answer = await context.ledger.diff(question, context.viewer)
    context.budget.spend(len(answer.differences))
    return Diff(
        start=answer.start,
        end=answer.end,
        touched=answer.touched,
        complete=answer.complete,
        counts=DiffCounts(**answer.counts),
        cut=[strawberry.ID(id) for id in answer.cut],
        next=answer.next,
        differences=[Difference.shown(found) for found in answer.differences],
        question=question,
    )


ROOT: dict[str, tuple[Any, Any, str]] = {
    "diff": (diff, Diff, "账本变化 / what changed between two moments"),
}
"""Field → resolver, type, description."""
