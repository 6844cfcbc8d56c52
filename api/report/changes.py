"""The report of what changed in the ledger between two moments: one row a change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import orjson

from api import answers
from api.linked import Linked
from api.report.format import Parts
from api.report.graph import Arc, Graph, Vertex
from api.report.sheet import Row, Sheet
from graph.difference import DiffAnswer, Difference, DiffQuestion, What
from ontology.resource import Edge
from ontology.title import ending
from ontology.viewer import Viewer

COLUMNS = (
    "资源 resource",
    "标识 id",
    "类 type",
    "变化 what",
    "内容 attribute or link",
    "原 before",
    "现 after",
    "出处 source",
)
WHATS = {
    What.CREATED: "新增 created",
    What.CHANGED: "改变 changed",
    What.RETIRED: "停用 retired",
    What.REVIVED: "恢复 revived",
    What.ALIASED: "成为别名 aliased",
    What.UNALIASED: "不再是别名 unaliased",
}
PICTURED = 500


def diff_report(ledger: Linked, question: DiffQuestion, viewer: Viewer) -> Parts:
    """Everything that changed, `first` resources at most."""

    async def sheet() -> Sheet:
        lines = ledger.diff_lines(question, viewer)
        head = await anext(lines)
        assert isinstance(head, DiffAnswer)  # it always comes first
        notes = (
            f"提交 / commits: {head.start} → {head.end}",
            f"涉及资源 / resources touched: {head.touched}",
        )
        return Sheet("账本变化 / changes of the ledger", COLUMNS, _rows(lines, question), notes)

    async def graph() -> Graph:
        most = PICTURED if question.first is None else min(PICTURED, question.first)
        answer = await ledger.diff(replace(question, first=most), viewer)
        cut = [] if answer.next is None else [f"未完 / cut: after {answer.next}"]
        if answer.cut:
            cut.append(f"关联过多 / too many links: {'、'.join(answer.cut)}")
        return _graph(answer.differences, tuple(cut))

    async def written() -> AsyncIterator[bytes]:
        left = question.first
        async for line in ledger.diff_lines(question, viewer):
            if isinstance(line, DiffAnswer):
                yield orjson.dumps(answers.diff_head(line), option=orjson.OPT_APPEND_NEWLINE)
                continue
            if left == 0:
                yield orjson.dumps({"next": _before(line)}, option=orjson.OPT_APPEND_NEWLINE)
                return
            left = None if left is None else left - 1
            yield orjson.dumps(answers.difference(line), option=orjson.OPT_APPEND_NEWLINE)

    return Parts(sheet, graph, written)


def _before(difference: Difference) -> int:
    """The `after` with which this one comes first."""
    return difference.number - 1


async def _differences(
    lines: AsyncIterator[DiffAnswer | Difference],
) -> AsyncIterator[Difference]:
    async for line in lines:
        if isinstance(line, Difference):
            yield line


async def _rows(
    lines: AsyncIterator[DiffAnswer | Difference], question: DiffQuestion
) -> AsyncIterator[Row]:
    """How many there are is known at the end only, so that is where a cut is told."""
    left = question.first
    async for d in _differences(lines):
        if left == 0:
            yield (f"未完 / cut: after {_before(d)}",)
            return
        left = None if left is None else left - 1
        said = (d.title, d.id, d.type, WHATS[d.what])
        of = [(*said, "别名 alias", None, d.of, None)] if d.of else []
        rows: list[Row] = [
            *of,
            *((*said, a.name, answers.flat(a.before), answers.flat(a.after), None)
              for a in d.attributes),
            *((*said, e.type, e.target, None, e.source) for e in d.removed),
            *((*said, e.type, None, _end(e), e.source) for e in d.added),
        ]  # fmt: skip
        for row in rows or [(*said, None, None, None, None)]:
            yield row
        if d.cut:
            yield (*said, "未完：关联过多 / cut: too many links", None, None, None)


def _end(edge: Edge) -> str:
    rule = edge.properties.get("rule")
    return f"{edge.target} {rule}" if rule else edge.target


def _graph(found: Sequence[Difference], cut: tuple[str, ...]) -> Graph:
    marks = {What.CREATED: "touched", What.RETIRED: "start"}
    vertices = {str(d.id): Vertex(d.id, d.title, d.type, marks.get(d.what, "")) for d in found}
    arcs = [
        Arc(d.id, e.target, f"{sign} {e.type}", source=e.source)
        for d in found
        for sign, edges in (("＋", d.added), ("－", d.removed))
        for e in edges
    ]
    for arc in arcs:
        vertices.setdefault(arc.target, Vertex(arc.target, ending(arc.target)))
    return Graph("账本变化 / changes", tuple(vertices.values()), tuple(arcs), cut)
