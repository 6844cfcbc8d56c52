"""The report of two impacts compared: what is reached anew, no more, or otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson

from api import answers
from api.linked import Linked
from api.report.format import Parts
from api.report.graph import Arc, Graph, Vertex
from api.report.impact import HIDDEN, step
from api.report.sheet import Row, Sheet
from api.report.words import CERTAINTIES, EFFECTS, cut_line
from graph.affected import Affected
from graph.comparison import ComparisonAnswer, Shift, Shifted
from graph.question import Question
from ontology.resource import At
from ontology.title import ending
from ontology.viewer import Viewer

COLUMNS = (
    "变化 shift",
    "部门 department",
    "联系 contact",
    "资源 resource",
    "标识 id",
    "原把握 before",
    "现把握 after",
    "原路径 path before",
    "现路径 path after",
)
SHIFTS = {
    Shift.NEW: "新受影响 new",
    Shift.VANISHED: "不再受影响 vanished",
    Shift.OTHERWISE: "影响方式改变 otherwise",
}
PICTURED = 1_000


def comparison_report(ledger: Linked, question: Question, against: At, viewer: Viewer) -> Parts:
    """Every result that differs, `first` at most, with both paths."""
    asked = replace(question, why=True)

    async def sheet() -> Sheet:
        lines = ledger.comparison_lines(asked, against, viewer)
        answer = await anext(lines)
        assert isinstance(answer, ComparisonAnswer)  # it always comes first
        counts = " · ".join(f"{name} {n}" for name, n in answer.counts.items())
        notes = (f"提交 / commits: {answer.start} → {answer.end}", f"数量 / counts: {counts}")
        return Sheet("影响对比 / impact compared", COLUMNS, _rows(lines), notes, _cut(answer))

    async def graph() -> Graph:
        few = PICTURED if asked.first is None else min(asked.first, PICTURED)
        answer = await ledger.comparison(replace(asked, first=few), against, viewer)
        return _graph(question, answer)

    async def written() -> AsyncIterator[bytes]:
        async for line in ledger.comparison_lines(question, against, viewer):
            told = (
                answers.shifted(line)
                if isinstance(line, Shifted)
                else answers.comparison_head(line)
            )
            yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)

    return Parts(sheet, graph, written)


async def _rows(lines: AsyncIterator[ComparisonAnswer | Shifted]) -> AsyncIterator[Row]:
    async for each in lines:
        assert isinstance(each, Shifted)  # the answer itself came before
        known = each.after or each.before
        assert known is not None  # a result of at least one moment
        yield (
            SHIFTS[each.shift],
            known.department_title or "无人 / nobody",
            known.contact,
            known.title,
            known.id,
            _how(each.before),
            _how(each.after),
            _path(each.before),
            _path(each.after),
        )


def _how(found: Affected | None) -> str:
    return f"{CERTAINTIES[found.certainty]} {EFFECTS[found.effect]}" if found else ""


def _path(found: Affected | None) -> str:
    return "\n".join(step(crossed) for crossed in found.path) if found else ""


def _cut(answer: ComparisonAnswer) -> tuple[str, ...]:
    cuts = [cut_line(cut) for cut in answer.cut]
    if answer.next is not None:
        cuts.append(f"未完；接着问 after {answer.next} / ask on with after {answer.next}")
    return tuple(cuts)


def _graph(question: Question, answer: ComparisonAnswer) -> Graph:
    """New paths and vanished ones; a result is marked by what became of it."""
    marks = {Shift.NEW: "exact", Shift.VANISHED: "touched", Shift.OTHERWISE: "coarse"}
    vertices = {
        str(c.resource): Vertex(c.resource, ending(c.resource), mark="start")
        for c in question.changes
    }
    arcs: dict[Arc, None] = {}
    for each in answer.shifted:
        for sign, found in (("－", each.before), ("＋", each.after)):
            if found is not None:
                mark = marks[each.shift]
                vertices.setdefault(found.id, Vertex(found.id, found.title, found.type, mark))
                for x in found.path:
                    ends = x.origin or HIDDEN, x.target or HIDDEN
                    arcs[Arc(*ends, f"{sign} {x.kind or x.type}", x.rule, x.job, x.source)] = None
    for arc in arcs:
        for end in (arc.origin, arc.target):
            vertices.setdefault(end, Vertex(end, "…" if end == HIDDEN else ending(end)))
    return Graph("影响对比 / impact", tuple(vertices.values()), tuple(arcs), _cut(answer))
