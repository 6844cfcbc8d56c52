"""In which forms a report comes, and how each is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from api.report.graph import Graph, as_dot, as_json_graph, as_mermaid
from api.report.sheet import Sheet
from api.report.text import as_csv, as_markdown


class Format(StrEnum):
    """The form of a report, which is also the ending of its file."""

    MD = "md"
    CSV = "csv"
    XLSX = "xlsx"
    DOT = "dot"
    MERMAID = "mermaid"
    JGF = "jgf"
    JSONL = "jsonl"


PICTURES = {
    Format.DOT: as_dot,
    Format.MERMAID: as_mermaid,
    Format.JGF: as_json_graph,
}

MEDIA = {
    Format.MD: "text/markdown; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.DOT: "text/vnd.graphviz; charset=utf-8",
    Format.MERMAID: "text/plain; charset=utf-8",
    Format.JGF: "application/vnd.jgf+json",
    Format.JSONL: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """An answer in the three shapes that reports are made of; each is made when it is asked
    for, and can be taken once."""

    sheet: Callable[[], Awaitable[Sheet]]
    graph: Callable[[], Awaitable[Graph]]
    lines: Callable[[], AsyncIterator[bytes]]


async def written(parts: Parts, format: Format) -> AsyncIterator[bytes]:
    """The report in one of its forms, bit by bit."""
    if format is Format.JSONL:
        async for line in parts.lines():
            yield line
    elif format in PICTURES:
        for chunk in PICTURES[format](await parts.graph()):
            yield chunk
    else:
        async for chunk in _table(await parts.sheet(), format):
            yield chunk


def _table(sheet: Sheet, format: Format) -> AsyncIterator[bytes]:
    if format is Format.XLSX:
        from api.report.workbook import as_workbook  # openpyxl takes its time to load

        return as_workbook(sheet)
    return as_csv(sheet) if format is Format.CSV else as_markdown(sheet)
