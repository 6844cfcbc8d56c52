"""A row read through its layout: attributes as values, links as names not yet looked up."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace

from ingest.cells import Cells, listed, several
from ingest.columns import fold_header
from ingest.layout import Aim, DependsTarget, Layout, SpanTarget, TableRow, Target
from ontology.model import Attribute, LinkType, Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Value

NOTHING = frozenset(
    {"无", "暂无", "没有", "不涉及", "不适用", "其他", "其它", "-", "—", "/", "N/A"}
)
"""Words in a column of names that name nothing."""
OPEN_ENDS = frozenset({"至今", "今", "现在", "长期", "不限", "now", ""})
"""Words for a span that has not ended."""


@dataclass(frozen=True, slots=True)
class Names:
    """A link, and the names of what it leads to (`inverse`: comes from), as in the cell."""

    link: LinkType
    inverse: bool
    texts: tuple[str, ...]
    header: str
    within: tuple[tuple[str, str], ...] = ()
    by: str = ""


@dataclass(slots=True)
class Draft:
    """One resource of a row, before it has an id."""

    type: str
    attributes: dict[str, Value] = field(default_factory=dict)
    names: list[Names] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.attributes or self.names)


@dataclass(frozen=True)
class Drafting:
    """Reads the rows of one table."""

    ontology: Ontology
    cells: Cells
    layout: Layout

    def read(self, row: TableRow, problems: list[Problem]) -> tuple[Draft, Draft]:
        """The row's own resource and its whole (empty where there is none)."""
        own, whole = Draft(self.layout.type), Draft(self.layout.whole)
        for header, aims in self.layout.columns.items():
            text = row.cells.get(header, "")
            if text:
                for aim in aims:
                    self._feed(aim, header, text, row, (own, whole), problems)
        for name, text in self.layout.constants.items():
            self._set_constant(own, name, text)
        return own, whole

    def _feed(
        self,
        aim: Aim,
        header: str,
        text: str,
        row: TableRow,
        drafts: tuple[Draft, Draft],
        problems: list[Problem],
    ) -> None:
        match aim:
            case Target():
                draft = drafts[1] if aim.meaning.whole else drafts[0]
                self._target(draft, aim, header, text)
            case SpanTarget():
                self._span(drafts[0], aim, text)
            case DependsTarget(by, cases):
                found = self._case(by, cases, row)
                if found is not None:
                    self._feed(found, header, text, row, drafts, problems)
                elif len(cases) > 1:
                    problems.append(_unplaced(header, by, row))

    def _target(self, draft: Draft, aim: Target, header: str, text: str) -> None:
        meaning = aim.meaning
        if meaning.link:
            link = self.ontology.links[meaning.name]
            texts = listed(text) if aim.listed else several(text, weak=False)
            texts = tuple(name for name in texts if name not in NOTHING)
            names = Names(link, meaning.inverse, texts, header, aim.within, aim.by)
            draft.names.append(names)
            return
        attribute = self.ontology.types[draft.type].attributes[meaning.name]
        value = self.cells.value(text, attribute)
        if value is not None:
            add(draft, attribute, value)

    def _span(self, draft: Draft, span: SpanTarget, text: str) -> None:
        """Two dates in one cell: 2025/04/27-2026/01/01, or from … 至今."""
        attributes = self.ontology.types[draft.type].attributes
        for name, part in zip((span.start, span.end), split_span(text), strict=True):
            value = self.cells.value(part, attributes[name]) if part not in OPEN_ENDS else None
            if isinstance(value, str) and len(value) == 10 and value[4] == "-":
                draft.attributes[name] = value
        if span.text:
            draft.attributes[span.text] = _plain(text)

    def _case(self, by: str, cases: tuple[tuple[str, Target], ...], row: TableRow) -> Target | None:
        header = next((h for h in row.cells if fold_header(h) == by), "")
        said = row.cells.get(header, "")
        attribute = self._attribute_of(header)
        word = self.cells.one(said, attribute) if attribute is not None and said else said
        return next((target for value, target in cases if value == word), None)

    def _attribute_of(self, header: str) -> Attribute | None:
        for aim in self.layout.columns.get(header, ()):
            if isinstance(aim, Target) and not aim.meaning.link:
                owner = self.layout.whole if aim.meaning.whole else self.layout.type
                return self.ontology.types[owner].attributes[aim.meaning.name]
        return None

    def _set_constant(self, draft: Draft, name: str, text: str) -> None:
        attribute = self.ontology.types[draft.type].attributes.get(name)
        if attribute is not None:
            value = self.cells.value(text, attribute)
            if value is not None:
                draft.attributes.setdefault(name, value)
        elif name in self.ontology.links:
            draft.names.append(Names(self.ontology.links[name], False, (text,), ""))


def add(draft: Draft, attribute: Attribute, value: Value) -> None:
    """Set an attribute, or add to it where it may have many values; the first word stands."""
    known = draft.attributes.get(attribute.name)
    if known is None:
        draft.attributes[attribute.name] = value
    elif attribute.many and isinstance(known, tuple) and isinstance(value, tuple):
        draft.attributes[attribute.name] = tuple(dict.fromkeys((*known, *value)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def split_span(text: str) -> tuple[str, str]:
    """The two ends of a span of dates; a single date is its start."""
    words = _plain(text)
    for mark in ("至今", "~", "～", "—", "–", "至", "到", " - "):
        start, found, end = words.partition(mark)
        if found:
            return start.strip(), end.strip()
    parts = [part.strip() for part in words.split("-")]
    if len(parts) == 2:  # 2025/04/27-2026/01/01
        return parts[0], parts[1]
    if len(parts) == 6:  # 2025-04-27-2026-01-01
        return "-".join(parts[:3]), "-".join(parts[3:])
    return words, ""


def _unplaced(header: str, by: str, row: TableRow) -> Problem:
    return Problem(
        f"“{header}”填了内容，但按“{by}”的取值它没有意义 (not applicable here)，未采用",
        f"核对“{by}”，或清空该格",
        Severity.WARNING,
        row=row.number,
        column=header,
        value=row.cells.get(header, "")[:80],
    )


def as_whole(row: TableRow, above: TableRow | None, headers: frozenset[str]) -> TableRow:
    """The row with blanks under these headers taken from the row above."""
    if above is None:
        return row
    taken = {h: above.cells[h] for h in headers if not row.cells.get(h) and above.cells.get(h)}
    return replace(row, cells={**row.cells, **taken}) if taken else row
