"""CSV as offices save it, and the days of the deliveries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

DELIVERED = {
    "2024-01": date(2024, 1, 15),
    "2025-01": date(2025, 1, 15),
    "2026-01": date(2026, 1, 15),
}
Cells = Sequence[str | int | float | None]


def save(path: Path, head: Sequence[str], body: Iterable[Cells]) -> None:
    """A CSV file as spreadsheets save it: BOM, CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(body)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
