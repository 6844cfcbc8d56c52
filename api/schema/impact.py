"""Impact: what a change reaches, how surely, by which path, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Annotated, Any, Self

import strawberry

from api.report.impact import impact_report
from api.schema.context import Context, Info
from api.schema.describe import resolved
from api.schema.limits import page_size
from api.schema.node import AsOf, Node
from api.schema.reports import AnswerFile, AnswerForm, report_of
from graph import affected, answerable
from graph import question as answers
from ontology.errors import InvalidInput, LimitExceeded
from ontology.model import Certainty as ModelCertainty
from ontology.model import Kind
from ontology.resource import At, ResourceId

MAX_STARTS = 1_000
MAX_DEPTH = 1_000_000
FAR = answers.Limits().depth
TOLD = 200


@strawberry.enum(description="变化的性质 / what happens to the resource")
class ChangeKind(Enum):
    REMOVE = Kind.REMOVE
    RENAME = Kind.RENAME
    RETYPE = Kind.RETYPE
    VALUES = Kind.VALUES
    MEANING = Kind.MEANING
    MOVE = Kind.MOVE
    LEVEL = Kind.LEVEL
    REORGANISE = Kind.REORGANISE


@strawberry.enum(description="确定程度 / how sure a result is")
class Certainty(Enum):
    EXACT = ModelCertainty.EXACT
    INDIRECT = ModelCertainty.INDIRECT
    COARSE = ModelCertainty.COARSE


@strawberry.type(description="路径上的一条关联 / one link of a path, as the change travels")
class Crossed:
    origin: strawberry.ID
    target: strawberry.ID
    type: str
    rule: str
    job: str
    kind: str = strawberry.field(description="派生方式 / derivation")
    source: str
    commit: int


@strawberry.type(description="受影响或须知会的资源 / a resource that the change reaches")
class Reached:
    id: strawberry.ID
    type: str
    title: str
    depth: int
    effect: str = strawberry.field(description="breaks, must adapt; stale, notify")
    certainty: Certainty
    kinds: list[str]
    via: str = strawberry.field(description="最后一条关联 / type of the last link")
    due: int = strawberry.field(
        description="时限（工作日），0 为无 / working days to act in; 0: none"
    )
    department: str = strawberry.field(description="负责部门 / who answers for it; empty: nobody")
    department_title: str
    contact: str
    path: list[Crossed] = strawberry.field(description="路径，why 时给出 / only when asked why")
    at: strawberry.Private[At]

    @classmethod
    def of(cls, found: affected.Affected, at: At) -> Self:
        return cls(
            id=strawberry.ID(found.id),
            type=found.type,
            title=found.title,
            depth=found.depth,
            effect=found.effect,
            certainty=Certainty(found.certainty),
            kinds=[kind.value for kind in found.kinds],
            via=found.via,
            due=found.due,
            department=found.department,
            department_title=found.department_title,
            contact=found.contact,
            path=[
                Crossed(
                    origin=strawberry.ID(step.origin),
                    target=strawberry.ID(step.target),
                    type=step.type,
                    rule=step.rule,
                    job=step.job,
                    kind=step.kind,
                    source=step.source,
                    commit=step.commit,
                )
                for step in found.path
            ],
            at=at,
        )

    @resolved("资源本身 / the resource itself")
    async def resource(self, info: Info) -> Node | None:
        context = info.context
        context.budget.spend(1)
        found = await context.loaders.resources.load((ResourceId(self.id), self.at))
        return None if found is None else context.types.node(found, self.at)


@strawberry.type(description="按确定程度计数 / counts, over all pages")
class ReachCounts:
    exact: int
    indirect: int
    coarse: int
    touched: int

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Self:
        return cls(**{name: counts.get(name, 0) for name in _AMONG})


_AMONG = ("exact", "indirect", "coarse", "touched")


@strawberry.type(description="截断之处 / where an answer stops short, and by which limit")
class Cut:
    limit: str = strawberry.field(description="depth, size, time, links")
    among: str
    count: int
    resources: list[strawberry.ID] = strawberry.field(description="其中若干 / the first of them")
    ask: str = strawberry.field(
        description="如何接着问 / the argument to ask on with, empty: none: depth: 20"
    )


@strawberry.type(description="须告知的部门 / a department to tell, with how much of its is reached")
class Answerable:
    department: str = strawberry.field(description="空为无人 / empty: nobody")
    title: str
    contact: str
    counts: ReachCounts

    @classmethod
    def of(cls, found: answerable.Answerable) -> Self:
        return cls(
            department=found.id,
            title=found.title,
            contact=found.contact,
            counts=ReachCounts.of(found.counts),
        )


@strawberry.type(description="影响 / what a change reaches")
class Impact:
    complete: bool
    counts: ReachCounts
    hidden: ReachCounts = strawberry.field(
        description="其中无权查看的 / among them, those that the viewer may not see"
    )
    cut: list[Cut]
    affected: list[Reached]
    touched: list[Reached]
    next: int | None = strawberry.field(description="下一页的 after / after of the next page")
    upto: int = strawberry.field(description="结果所据提交 / the commit that it reflects")
    departments: list[Answerable] = strawberry.field(
        description="按负责部门，grouped 时给出 / by who answers, only when asked grouped"
    )
    to_tell: int = strawberry.field(
        description="须告知的部门总数 / how many departments are to be told in all"
    )
    question: strawberry.Private[answers.Question]

    @resolved("须告知谁的报告，不限于本页 / who must be told, as a file: not only this page")
    async def report(self, info: Info, format: AnswerForm) -> AnswerFile:
        context, after = info.context, self.question.after
        first = context.budget.left
        listed = sum(vars(self.counts).values()) - sum(vars(self.hidden).values())
        context.budget.spend(min(first, max(0, listed - after)))
        whole = replace(self.question, first=first, tell=None)
        return await report_of(impact_report(context.ledger, whole, context.viewer), format)

    @classmethod
    def of(cls, answer: answers.ImpactAnswer, question: answers.Question) -> Self:
        return cls(
            complete=answer.complete,
            counts=ReachCounts.of(answer.counts),
            hidden=ReachCounts.of(answer.hidden),
            cut=cuts_of(answer.cut),
            affected=[Reached.of(found, question.at) for found in answer.affected],
            touched=[Reached.of(found, question.at) for found in answer.touched],
            next=answer.next,
            upto=answer.upto,
            departments=[Answerable.of(found) for found in answer.departments],
            to_tell=answer.to_tell,
            question=question,
        )


def cuts_of(cuts: Iterable[answers.Cut]) -> list[Cut]:
    return [
        Cut(
            limit=cut.limit,
            among=cut.among,
            count=cut.count,
            resources=[strawberry.ID(id) for id in cut.resources],
            ask=onward(cut),
        )
        for cut in cuts
    ]


def onward(cut: answers.Cut) -> str:
    """The argument that asks for more where this cut stopped, "" where none does."""
    if cut.ask in ("", "depth"):
        return f"depth: {cut.to}" if cut.ask else ""
    return f"limits: {{{cut.ask}: {cut.to}}}"


@strawberry.input(description="各档最多多少 / how many at most of each certainty")
class ImpactLimits:
    exact: int = 1_000_000
    indirect: int = 1_000_000
    coarse: int = 1_000_000
    touched: int = 1_000_000


@strawberry.input(description="一处变化 / one resource with what happens to it")
class ImpactChange:
    id: strawberry.ID
    change: ChangeKind = ChangeKind.REMOVE


IDS = Annotated[list[strawberry.ID] | None, strawberry.argument(description="改变的资源 / starts")]
CHANGES = Annotated[
    list[ImpactChange] | None,
    strawberry.argument(description="各有性质的变化 / starts, each with its own kind of change"),
]
DEPTH = Annotated[int, strawberry.argument(description="最多几步 / links at most")]
CERTAINTY = Annotated[
    list[Certainty] | None, strawberry.argument(description="只跟随这些 / follow only these")
]
TYPES = Annotated[
    list[str] | None, strawberry.argument(description="只列这些类 / list only these classes")
]
DEPARTMENTS = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="只列这些部门负责的 / list only what these answer for"),
]
LEVELS = Annotated[
    list[str] | None,
    strawberry.argument(description="只列这些安全等级 / list only these security levels"),
]


async def impact(
    info: Info,
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
    first: Annotated[
        int, strawberry.argument(description="本页条数，先受影响后知会 / affected, then touched")
    ] = 100,
    after: int = 0,
    why: Annotated[bool, strawberry.argument(description="给出路径 / give the paths")] = False,
    grouped: Annotated[
        bool, strawberry.argument(description="按部门汇总 / count by who answers")
    ] = False,
    tell: Annotated[
        int | None,
        strawberry.argument(
            description="最多列出几个部门，默认 200 / departments to list at most, 200 unless said"
        ),
    ] = None,
) -> Impact:
    context = info.context
    page_size(first, context.limits.page)
    most = min(TOLD, context.limits.page) if tell is None else tell
    page_size(most, context.limits.page)
    question = question_of(
        ids, change, changes, at, depth, certainty, types, departments, levels, limits,
        first=first, after=after, why=why, grouped=grouped, tell=most,
    )  # fmt: skip
    return await reached(context, question)


async def reached(context: Context, question: answers.Question) -> Impact:
    """The answer, counted against what the request may load."""
    answer = await context.ledger.impact(question, context.viewer)
    context.budget.spend(len(answer.affected) + len(answer.touched) + len(answer.departments))
    return Impact.of(answer, question)


def question_of(
    ids: list[strawberry.ID] | None,
    change: ChangeKind,
    changes: list[ImpactChange] | None,
    at: At,
    depth: int,
    certainty: list[Certainty] | None,
    types: list[str] | None,
    departments: list[strawberry.ID] | None,
    levels: list[str] | None,
    limits: ImpactLimits | None,
    *,
    first: int,
    after: int,
    why: bool,
    grouped: bool = False,
    tell: int | None = None,
) -> answers.Question:
    """The question that the arguments ask. Raises LimitExceeded, InvalidInput."""
    most = limits or ImpactLimits()
    return answers.Question(
        changes=changed(ids, change, changes),
        at=at,
        limits=answers.Limits(
            max(0, min(depth, MAX_DEPTH)), most.exact, most.indirect, most.coarse, most.touched
        ),
        only=frozenset(c.value for c in certainty) if certainty else frozenset(ModelCertainty),
        types=frozenset(types or ()),
        departments=frozenset(ResourceId(id) for id in departments or ()),
        levels=frozenset(levels or ()),
        first=first,
        after=max(0, after),
        why=why,
        grouped=grouped,
        tell=tell,
    )


def changed(
    ids: list[strawberry.ID] | None, change: ChangeKind, changes: list[ImpactChange] | None
) -> tuple[answers.Change, ...]:
    """What is asked about. Raises LimitExceeded, InvalidInput where nothing is."""
    found = (
        *(answers.Change(ResourceId(id), change.value) for id in ids or ()),
        *(answers.Change(ResourceId(each.id), each.change.value) for each in changes or ()),
    )
    if not found:
        raise InvalidInput("要有 ids 或 changes / give ids or changes")
    if len(found) > MAX_STARTS:
        raise LimitExceeded(
            f"一次最多 {MAX_STARTS} 个资源 / at most {MAX_STARTS} resources at once"
        )
    return found


ROOT: dict[str, tuple[Any, Any, str]] = {
    "impact": (impact, Impact, "影响 / what a change of these resources reaches"),
}
"""Field → resolver, type, description."""
