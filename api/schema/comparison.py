"""Impact at one moment against another: what a change reaches anew, no more, or otherwise."""

from __future__ import annotations

from typing import Annotated, Any, Self

import strawberry

from api.report.comparison import comparison_report
from api.schema.context import Info
from api.schema.describe import resolved
from api.schema.impact import (
    CERTAINTY,
    CHANGES,
    DEPARTMENTS,
    DEPTH,
    FAR,
    IDS,
    LEVELS,
    TYPES,
    ChangeKind,
    Cut,
    ImpactLimits,
    ReachCounts,
    Reached,
    cuts_of,
    question_of,
)
from api.schema.limits import page_size
from api.schema.node import AsOf, First
from api.schema.reports import AnswerFile, AnswerForm, report_of
from api.schema.scalars import Moment
from graph import comparison as answers
from graph.question import Question
from ontology.resource import At


@strawberry.type(description="一项变化 / a result that differs, as it was and as it is")
class Shifted:
    id: strawberry.ID
    shift: str = strawberry.field(description="new, vanished, otherwise")
    before: Reached | None
    after: Reached | None

    @classmethod
    def of(cls, found: answers.Shifted, start: int, end: int) -> Self:
        return cls(
            id=strawberry.ID(found.id),
            shift=str(found.shift),
            before=None if found.before is None else Reached.of(found.before, start),
            after=None if found.after is None else Reached.of(found.after, end),
        )


@strawberry.type(description="各有多少 / how many of each, over all pages")
class ShiftCounts:
    new: int
    vanished: int
    otherwise: int
    same: int


@strawberry.type(description="两个时点的影响对比 / two impacts compared, the earlier first")
class Comparison:
    start: int
    end: int
    complete: bool
    counts: ShiftCounts
    before: ReachCounts
    after: ReachCounts
    cut: list[Cut]
    next: int | None
    shifted: list[Shifted]
    question: strawberry.Private[Question]
    against: strawberry.Private[At]

    @resolved("对比报告 / the comparison as a file")
    async def report(self, info: Info, format: AnswerForm) -> AnswerFile:
        context = info.context
        parts = comparison_report(context.ledger, self.question, self.against, context.viewer)
        return await report_of(parts, format)


async def comparison(
    info: Info,
    against: Annotated[Moment, strawberry.argument(description="与何时相比 / compared with")],
    ids: IDS = None,
    change: ChangeKind = ChangeKind.REMOVE,
    changes: CHANGES = None,
    at: AsOf = None,
    depth: DEPTH = FAR,
    certainty: CERTAINTY = None,
    types: TYPES = None,
    departments: DEPARTMENTS = None,
    levels: LEVELS = None,
    limits: ImpactLimits | None = None,
    first: First = 100,
    after: int = 0,
    why: Annotated[bool, strawberry.argument(description="给出路径 / give the paths")] = False,
) -> Comparison:
    context = info.context
    page_size(first, context.limits.page)
    question = question_of(
        ids, change, changes, at, depth, certainty, types, departments, levels, limits,
        first=first, after=after, why=why,
    )  # fmt: skip
    answer = await context.ledger.comparison(question, against, context.viewer)
    context.budget.spend(2 * len(answer.shifted))
    return Comparison(
        start=answer.start,
        end=answer.end,
        complete=answer.complete,
        counts=ShiftCounts(**answer.counts),
        before=ReachCounts.of(answer.before),
        after=ReachCounts.of(answer.after),
        cut=cuts_of(answer.cut),
        next=answer.next,
        shifted=[Shifted.of(found, answer.start, answer.end) for found in answer.shifted],
        question=question,
        against=against,
    )


ROOT: dict[str, tuple[Any, Any, str]] = {
    "comparison": (
        comparison,
        Comparison,
        "影响对比 / what a change reaches at one moment and not at another",
    ),
}
"""Field → resolver, type, description."""
