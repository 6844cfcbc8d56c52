"""A problem: something wrong with data, as a value that travels beside the good data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps its row out; a warning lets it in and is listed."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and how to mend it (Chinese first: officials read it).

    `row` counts from 1 as a person counts in the file; `column` is the header as
    written. `value` is what was found, cut short, and empty where it must not be
    kept (涉密). `rule` names the shape, code list or clause that was broken.
    `digest` tells apart SQL statements whose beginnings are alike.
    """

    what: str
    mend: str = ""
    severity: Severity = Severity.ERROR
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    rule: str = ""
    resource: str = ""
    digest: str = ""

    @property
    def where(self) -> str:
        """One line for people: 文件 › 工作表 › 第 4 行 › 列."""
        row = f"第 {self.row} 行" if self.row is not None else ""
        return " › ".join(p for p in (self.file, self.sheet, row, self.column) if p)
