"""Reports over GraphQL: an answer as a table or a picture, within the limits of a request.
What is larger comes from /report (api/reports.py)."""

from __future__ import annotations

from base64 import b64encode
from enum import Enum

import strawberry

from api.report.format import MEDIA, Format, Parts, written


@strawberry.enum(description="报告格式 / the form of a report")
class AnswerForm(Enum):
    MD = Format.MD
    CSV = Format.CSV
    XLSX = Format.XLSX
    DOT = Format.DOT
    MERMAID = Format.MERMAID
    JGF = Format.JGF
    JSONL = Format.JSONL


@strawberry.type(description="报告 / an answer as a file")
class AnswerFile:
    media_type: str
    text: str | None = strawberry.field(description="文本格式的内容 / null for a workbook")
    base64: str | None = strawberry.field(description="Excel 的内容 / only for a workbook")


async def report_of(parts: Parts, format: AnswerForm) -> AnswerFile:
    """The report whole."""
    form = format.value
    content = b"".join([chunk async for chunk in written(parts, form)])
    if form is Format.XLSX:
        return AnswerFile(media_type=MEDIA[form], text=None, base64=b64encode(content).decode())
    return AnswerFile(media_type=MEDIA[form], text=content.decode(), base64=None)
