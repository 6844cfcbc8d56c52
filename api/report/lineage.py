"""The report of a lineage: its edges as a table, or the whole as a picture."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson

from api import answers
from api.linked import Linked
from api.report.format import Parts
from api.report.graph import Arc, Graph, Vertex
from api.report.sheet import Row, Sheet
from graph.lineage import LineageAnswer, LineageQuestion
from ontology.viewer import Viewer

COLUMNS = (
    "来源 origin",
    "来源标识 origin id",
    "去向资源 use",
    "去向标识 use id",
    "方式 derivation",
    "规则 rule",
    "作业 job",
    "出处 source",
    "提交 commit",
    "粗略 coarse",
)


def lineage_report(ledger: Linked, question: LineageQuestion, viewer: Viewer) -> Parts:
    """Every edge, up to `room` resources each way."""

    async def sheet() -> Sheet:
        answer = await ledger.lineage(question, viewer)
        notes = (
            f"资源 / resource: {question.resource}",
            f"{len(answer.nodes)} 个节点 / nodes · {len(answer.edges)} 条血缘 / edges",
            f"账本提交 / ledger commit: {answer.upto}",
            *((f"其中 {answer.hidden} 个无权查看 / hidden",) if answer.hidden else ()),
        )
        return Sheet("血缘 / lineage", COLUMNS, _rows(answer), notes, _cut(answer))

    async def graph() -> Graph:
        answer = await ledger.lineage(question, viewer)
        vertices = tuple(
            Vertex(n.id, n.title or "…", n.type, "start" if n.depth == 0 else "")
            for n in answer.nodes
        )
        arcs = tuple(
            Arc(e.origin, e.use, e.kind or ("粗略" if e.coarse else ""), e.rule, e.job, e.source)
            for e in answer.edges
        )
        return Graph("血缘 / lineage", vertices, arcs, _cut(answer))

    async def lines() -> AsyncIterator[bytes]:
        told = answers.lineage(await ledger.lineage(question, viewer))
        nodes, edges = told.pop("nodes"), told.pop("edges")
        for line in (told, *nodes, *edges):
            yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)

    return Parts(sheet, graph, lines)


async def _rows(answer: LineageAnswer) -> AsyncIterator[Row]:
    titles = {node.id: node.title for node in answer.nodes}
    for e in answer.edges:
        yield (
            titles[e.origin],
            e.origin,
            titles[e.use],
            e.use,
            e.kind,
            e.rule,
            e.job,
            e.source,
            e.commit,
            "是" if e.coarse else "",
        )


def _cut(answer: LineageAnswer) -> tuple[str, ...]:
    if answer.complete:
        return ()
    where = "、".join(answer.cut[:20])
    return (
        f"未完：其后还有（{len(answer.cut)} 处）/ cut, there is more behind {where}; "
        "ask on with a greater limit or depth, or from these",
    )
