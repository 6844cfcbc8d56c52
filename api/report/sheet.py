"""A table for people, taken row by row, and made safe for the programs that will open it.

What stands in a ledger was written by others. A cell that begins like a formula would be run
by a spreadsheet, so it is written as text: with an apostrophe in CSV, with the type "text" in
Excel.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

Cell = str | int | float | None
Row = tuple[Cell, ...]

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Beginnings (full-width ones too) that spreadsheets take for a formula."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`notes` tell what the table is about; `cut` where it stops short, which every form
    of the table must show."""

    title: str
    columns: tuple[str, ...]
    rows: AsyncIterator[Row]
    notes: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return text.lstrip(" ").startswith(FORMULA)


def clean(text: str) -> str:
    """Without the control characters that no file of these kinds can hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
