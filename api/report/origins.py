"""The report of 一数一源: origins, authoritative sources, second collections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson

from api import answers
from api.linked import Linked
from api.report.format import Parts
from api.report.graph import Graph
from api.report.lineage import lineage_report
from api.report.sheet import Row, Sheet
from graph.lineage import LineageQuestion
from graph.origins import OriginsAnswer, OriginsQuestion, Placed, Standing
from ontology.viewer import Viewer

COLUMNS = (
    "角色 role",
    "资源 resource",
    "标识 id",
    "数据 datum",
    "步 depth",
    "部门 department",
    "联系 contact",
)
STANDINGS = {
    Standing.AUTHORITATIVE: "来源，即权威来源 / origin, authoritative",
    Standing.BEHIND: "权威来源的来源 / origin behind the authoritative source",
    Standing.OTHER: "来源，但不是权威来源 / origin, not the authoritative source",
    Standing.UNDECLARED: "来源，未定权威来源 / origin; no authoritative source is declared",
}


def origins_report(ledger: Linked, question: OriginsQuestion, viewer: Viewer) -> Parts:
    """All that the answer says, a row each; as a picture, the lineage upstream."""

    async def sheet() -> Sheet:
        answer = await ledger.origins(question, viewer)
        notes = (f"资源 / resource: {question.resource}", verdict(answer))
        title = "一数一源 / one source for each datum"
        return Sheet(title, COLUMNS, _rows(answer), notes, cut_words(answer))

    async def graph() -> Graph:
        upward = LineageQuestion(
            question.resource, downstream=False, at=question.at, room=question.room
        )
        drawn = await lineage_report(ledger, upward, viewer).graph()
        return replace(drawn, title="来源 / origins")

    async def written() -> AsyncIterator[bytes]:
        told = answers.origins(await ledger.origins(question, viewer))
        parts = [(name, told.pop(name)) for name in ("origins", "data")]
        yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
        for _, listed in parts:
            for line in listed:
                yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)

    return Parts(sheet, graph, written)


def verdict(answer: OriginsAnswer) -> str:
    """Whether 一数一源 holds, in a sentence."""
    if answer.single:
        return "一数一源：符合 / holds"
    if not answer.data:
        return "一数一源：不知是何数据（未对应数据元或主数据）/ which datum it is is not known"
    return "一数一源：不符合或未定 / does not hold, or cannot be told"


def cut_words(answer: OriginsAnswer) -> tuple[str, ...]:
    """Where the answer stops short."""
    if answer.complete:
        return ()
    return (f"未完 / cut: {len(answer.cut)}: " + "、".join(answer.cut[:20]),)


async def _rows(answer: OriginsAnswer) -> AsyncIterator[Row]:
    for origin in answer.origins:
        yield _row(STANDINGS[origin.standing], origin.found, "", origin.depth)
    for id in answer.circular:
        yield ("循环，没有来源 / circular, no origin", "", id, "", None, "", "")
    for datum in answer.data:
        for found in datum.authorities:
            yield _row("权威来源 / authoritative source", found, datum.found.title, None)
        for found in datum.collections:
            yield _row("重复采集 / second collection", found, datum.found.title, None)


def _row(role: str, found: Placed, datum: str, depth: int | None) -> Row:
    return (
        role,
        found.title,
        found.id,
        datum,
        depth,
        found.department_title or "无人 / nobody",
        found.contact,
    )
