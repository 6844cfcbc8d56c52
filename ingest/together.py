"""What rows say only together: blanks that mean "as above", remarks under a list, and the
region that most rows of a body speak of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ingest.columns import fold_header
from ingest.draft import as_whole
from ingest.layout import Layout, Table, TableRow, Target
from ingest.mapping import RegionOf

NOTES = re.compile(r"^(注|备注|说明|填表说明|填表人|填报人|审核人|合计|总计|示例|样例|例)[:：\d]?")
"""How a row begins that stands under a list and is none of its rows."""


SUMS = re.compile(r"(合|总|小|共)\s*计[:：]?")
NUMBER = re.compile(r"[-+]?[\d,，]*\.?\d+\s*[个项条类%]?")


def is_note(row: TableRow, table: Table) -> bool:
    """A remark under the list: one cell, where the list has several columns; or its sums."""
    filled = [text for text in row.cells.values() if text]
    if not filled:
        return not row.flaws
    if SUMS.fullmatch(filled[0]) and len(table.headers) > 1:
        return all(NUMBER.fullmatch(text) for text in filled[1:])
    if len(filled) == 1 and len(table.headers) > 2 and NOTES.match(filled[0]):
        return True
    return [row.cells.get(header, "") for header in table.headers] == list(table.headers)


def filled(rows: Iterable[TableRow], layout: Layout) -> Iterator[TableRow]:
    """Blanks that mean "as above": those that a mapping names, and all that tell of the whole
    where the row does not name it."""
    above: TableRow | None = None
    of_whole = frozenset(
        header
        for header, aims in layout.columns.items()
        if any(isinstance(aim, Target) and aim.meaning.whole for aim in aims)
    )
    for row in rows:
        if above is not None:
            if of_whole and not any(row.cells.get(header) for header in of_whole):
                row = as_whole(row, above, of_whole)
            named = frozenset(h for h in layout.columns if fold_header(h) in layout.fill)
            row = as_whole(row, above, named)
        yield row
        above = row


def regions(rows: Sequence[TableRow], layout: Layout) -> list[str]:
    """The region of each row's bodies. A body is where most of its rows say it is; one whose
    rows do not say is where most rows of the table are."""
    rule: RegionOf | None = layout.region
    if rule is None:
        return [""] * len(rows)
    told = [_region_in(row, rule) for row in rows]
    keys = [_bodies(row, layout) for row in rows]
    counts: dict[str, Counter[str]] = {}
    for key, region in zip(keys, told, strict=True):
        if region:
            counts.setdefault(key, Counter())[region] += 1
    most = Counter(region for region in told if region).most_common(1)
    rest = most[0][0] if most else ""
    return [counts[key].most_common(1)[0][0] if key in counts else rest for key in keys]


def _region_in(row: TableRow, rule: RegionOf) -> str:
    text = next((t for h, t in row.cells.items() if fold_header(h) == rule.header), "")
    found = re.search(rule.pattern, text)
    return found[1] if found else ""


def _bodies(row: TableRow, layout: Layout) -> str:
    """What the links of a row name, as one key."""
    return "\n".join(
        row.cells.get(header, "")
        for header, aims in layout.columns.items()
        if any(isinstance(aim, Target) and aim.meaning.link for aim in aims)
    )
