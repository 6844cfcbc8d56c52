"""The report of an impact: who must be told of what, how surely, and why."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace

import orjson

from api import answers
from api.linked import Linked
from api.report.format import Parts
from api.report.graph import Arc, Graph, Vertex
from api.report.sheet import Row, Sheet
from api.report.words import CERTAINTIES, EFFECTS, cut_words
from graph.affected import Affected, Crossed
from graph.question import ImpactAnswer, Question
from ontology.resource import ResourceId
from ontology.title import ending
from ontology.viewer import Viewer

COLUMNS = (
    "部门 department",
    "联系 contact",
    "资源 resource",
    "标识 id",
    "类 type",
    "后果 effect",
    "把握 certainty",
    "变化 kinds",
    "步 depth",
    "时限（工作日）due",
    "路径 path",
)
PICTURED = 2_000
"""Results that are drawn; a picture of more helps nobody."""

HIDDEN = "hidden"


def impact_report(ledger: Linked, question: Question, viewer: Viewer) -> Parts:
    """The results by department, each with its path; `first` of the question bounds them."""
    asked = replace(question, why=True, grouped=True)

    async def sheet() -> Sheet:
        lines = ledger.impact_lines(asked, viewer)
        head = await _head(lines)
        return Sheet(
            "影响清单：须告知谁 / who must be told",
            COLUMNS,
            _rows(lines, ledger, {d.id: d.contact for d in head.departments}),
            _notes(ledger, question, head),
            cut_words(head),
        )

    async def graph() -> Graph:
        few = min(PICTURED, asked.first if asked.first is not None else PICTURED)
        pictured = replace(asked, first=few, grouped=False)
        lines = ledger.impact_lines(pictured, viewer)
        head = await _head(lines)
        return _graph(question, [x async for x in _results(lines)], cut_words(head))

    async def written() -> AsyncIterator[bytes]:
        async for line in ledger.impact_lines(replace(question, grouped=True), viewer):
            told = (
                answers.reached(line) if isinstance(line, Affected) else answers.impact_head(line)
            )
            yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)

    return Parts(sheet, graph, written)


async def _head(lines: AsyncIterator[ImpactAnswer | Affected]) -> ImpactAnswer:
    head = await anext(lines)
    assert isinstance(head, ImpactAnswer)  # it always comes first
    return head


async def _results(lines: AsyncIterator[ImpactAnswer | Affected]) -> AsyncIterator[Affected]:
    async for line in lines:
        if isinstance(line, Affected):
            yield line


async def _rows(
    lines: AsyncIterator[ImpactAnswer | Affected],
    ledger: Linked,
    contacts: Mapping[ResourceId, str],
) -> AsyncIterator[Row]:
    """Where a resource has no contact on its way to the department, the department's."""
    async for found in _results(lines):
        kind = ledger.ontology.types.get(found.type)
        yield (
            found.department_title or "无人 / nobody",
            found.contact or contacts.get(found.department, ""),
            found.title,
            found.id,
            kind.label.zh if kind else found.type,
            EFFECTS[found.effect],
            CERTAINTIES[found.certainty],
            "、".join(found.kinds),
            found.depth,
            found.due or None,
            "\n".join(step(crossed) for crossed in found.path),
        )


def step(crossed: Crossed) -> str:
    """One link of a path with what stands behind it."""
    said = (crossed.rule, crossed.job, f"[{crossed.source}]" if crossed.source else "")
    ends = f"{crossed.origin or HIDDEN} → {crossed.target or HIDDEN}"
    return " ".join(p for p in (ends, crossed.type, *said) if p)


def _notes(ledger: Linked, question: Question, head: ImpactAnswer) -> tuple[str, ...]:
    changes = "；".join(f"{c.kind} {c.resource}" for c in question.changes)
    counts = " · ".join(f"{name} {n}" for name, n in head.counts.items())
    hidden = sum(head.hidden.values())
    notes = (
        f"变更 / change: {changes}",
        f"数量 / counts: {counts}",
        f"账本提交 / ledger commit: {head.upto}",
        *((f"截至 / as of: {question.at}",) if question.at is not None else ()),
        *((f"另有 {hidden} 项无权查看 / more that you may not see",) if hidden else ()),
    )
    told = (
        f"{d.title or '无人 / nobody'}（{d.contact or '无联系方式 / no contact'}）：{d.total}"
        for d in head.departments
    )
    return (*notes, *told)


def _graph(question: Question, found: Iterable[Affected], cut: tuple[str, ...]) -> Graph:
    vertices = {
        str(c.resource): Vertex(c.resource, ending(c.resource), mark="start")
        for c in question.changes
    }
    arcs: dict[Arc, None] = {}
    for one in found:
        mark = "touched" if one.effect in ("stale", "notify") else str(one.certainty)
        vertices.setdefault(one.id, Vertex(one.id, one.title, one.type, mark))
        for crossed in one.path:
            arcs[_arc(crossed)] = None
    for arc in arcs:
        for end in (arc.origin, arc.target):  # on the way, but not listed
            vertices.setdefault(end, Vertex(end, "…" if end == HIDDEN else ending(end)))
    return Graph("影响 / impact", tuple(vertices.values()), tuple(arcs), cut)


def _arc(crossed: Crossed) -> Arc:
    return Arc(
        crossed.origin or HIDDEN,
        crossed.target or HIDDEN,
        crossed.kind or crossed.type,
        crossed.rule,
        crossed.job,
        crossed.source,
    )
