"""An Excel template per class, derived from the ontology.

Row 1 holds the notes, row 2 the headers (* for required, links by name or id), data begin in
row 3. Code lists are drop-down lists. A class whose resources have parts of their own (an
entry its items, a code set its codes) has a second sheet for them, joined by name. What is
filled in comes back through `mulu ingest excel`, each column as what it is here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingest.columns import Meaning, Vocabulary, fold_header
from ingest.rejected import put
from ontology.errors import InvalidInput
from ontology.model import Attribute, Code, Datatype, LinkType, Ontology, ResourceType

LAST_ROW = 1_048_576
FIRST_ROW = 3
LISTS = "代码表"
"""The hidden sheet that holds the code lists."""

HINTS = {
    Datatype.INTEGER: "填整数",
    Datatype.DECIMAL: "填数，不带单位",
    Datatype.BOOLEAN: "填“是”或“否”",
    Datatype.DATE: "填日期，如 2026-01-31",
    Datatype.DATETIME: "填时间，如 2026-01-31 08:30",
    Datatype.URI: "填网址或标识",
}


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: its header without the mark, what it means, and a note on it."""

    header: str
    meaning: Meaning
    required: bool
    note: str
    codes: tuple[Code, ...] = ()
    open: bool = False
    yes_no: bool = False
    text: bool = True


def columns(ontology: Ontology, type: str) -> tuple[TemplateColumn, ...]:
    """The columns of a class: the whole that it is a part of, its attributes, its links."""
    vocabulary = Vocabulary.of(ontology)
    kind = ontology.types[type]
    found = [*_wholes(ontology, kind), *_attributes(ontology, kind), *_links(ontology, kind)]
    return tuple(_told_apart(found, vocabulary, type))


def template(ontology: Ontology, type: str) -> Workbook:
    """The workbook to fill in. Raises InvalidInput for an unknown or an abstract class."""
    kind = ontology.types.get(type)
    if kind is None or kind.abstract:
        known = "、".join(sorted(t.name for t in ontology.types.values() if not t.abstract))
        raise InvalidInput(f"没有可填报的类别 {type} (no such class to fill in); 可用: {known}")
    book = Workbook()
    sheet = book.worksheets[0]
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    _fill(sheet, lists, kind, columns(ontology, type))
    for part in _parts(ontology, kind):
        _fill(
            book.create_sheet(index=len(book.worksheets) - 1),
            lists,
            part,
            columns(ontology, part.name),
        )
    return book


def _parts(ontology: Ontology, kind: ResourceType) -> Iterator[ResourceType]:
    """Classes whose resources are parts of this one and known by their name within it."""
    for link in ontology.links_from(kind.name):
        if link.part_of and not link.abstract:
            for name in link.range:
                part = ontology.types[name]
                scoped = any(link.name in scheme.scope for scheme in part.identifiers)
                if scoped and not part.abstract and part.name != kind.name:
                    yield part


def _wholes(ontology: Ontology, kind: ResourceType) -> Iterator[TemplateColumn]:
    scopes = {name for scheme in kind.identifiers for name in scheme.scope}
    for link in ontology.links_to(kind.name):
        if link.part_of and not link.abstract and link.name in scopes:
            header = link.inverse_label.zh
            ends = "、".join(ontology.types[name].label.zh for name in link.domain)
            note = f"填{ends}的名称，与其工作表中的名称一致"
            yield TemplateColumn(header, Meaning(link.name, True, True), True, note)


def _attributes(ontology: Ontology, kind: ResourceType) -> Iterator[TemplateColumn]:
    ordered = sorted(kind.attributes.values(), key=lambda a: (a.name != kind.title, a.order))
    for attribute in ordered:
        codes = ontology.code_lists.get(attribute.code_list or "")
        yield TemplateColumn(
            attribute.label.zh,
            Meaning(attribute.name),
            attribute.required,
            _note(attribute),
            codes.codes if codes is not None and not attribute.many else (),
            codes.open if codes is not None else False,
            attribute.datatype is Datatype.BOOLEAN and not attribute.many,
            attribute.datatype not in (Datatype.INTEGER, Datatype.DECIMAL),
        )


def _note(attribute: Attribute) -> str:
    parts = [attribute.definition.zh.rstrip("。"), HINTS.get(attribute.datatype, "")]
    if attribute.many:
        parts.append("可填多个，用“；”分隔")
    if attribute.max_length:
        parts.append(f"最多 {attribute.max_length} 字")
    return "，".join(part for part in parts if part)


def _links(ontology: Ontology, kind: ResourceType) -> Iterator[TemplateColumn]:
    outgoing = [link for link in ontology.links_from(kind.name) if _by_hand(link)]
    for link in sorted(outgoing, key=lambda link: link.order):
        ends = "、".join(ontology.types[name].label.zh for name in link.range)
        several = "，可填多个，用“；”分隔" if link.many else ""
        note = f"{link.definition.zh.rstrip('。')}，填{ends}的名称或标识{several}"
        yield TemplateColumn(link.label.zh, Meaning(link.name, True), link.required, note)


def _by_hand(link: LinkType) -> bool:
    """Links that a form asks for: not lineage (it has evidence), not parts (own sheet)."""
    return not (link.abstract or link.lineage or link.part_of or link.keyed_by)


def _told_apart(
    found: Sequence[TemplateColumn], vocabulary: Vocabulary, type: str
) -> Iterator[TemplateColumn]:
    """Headers that would be read as something else get the technical name beside them."""
    taken: set[str] = set()
    for column in found:
        header = column.header
        if vocabulary.meaning(type, header) != column.meaning or fold_header(header) in taken:
            header = f"{header}（{column.meaning.name}）"
        taken.add(fold_header(header))
        yield TemplateColumn(
            header,
            column.meaning,
            column.required,
            column.note,
            column.codes,
            column.open,
            column.yes_no,
            column.text,
        )


def _fill(
    sheet: Worksheet, lists: Worksheet, kind: ResourceType, columns: Sequence[TemplateColumn]
) -> None:
    sheet.title = kind.label.zh[:31]
    notes = [
        f"填表说明（{kind.label.zh}，{kind.name}）："
        "带 * 的必填；请勿改动第 2 行表头；从第 3 行填起。",
        *(f"{number}. 【{c.header}】{c.note}" for number, c in enumerate(columns, 1) if c.note),
    ]
    put(sheet, 1, 1, "\n".join(notes)).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(len(columns), 1))
    sheet.row_dimensions[1].height = 120
    for index, column in enumerate(columns, 1):
        cell = put(sheet, 2, index, f"*{column.header}" if column.required else column.header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFFCE4D6" if column.required else "FFDDEBF7")
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = max(14, 2 * len(column.header) + 4)
        if column.text:
            sheet.column_dimensions[letter].number_format = "@"
        _validate(sheet, lists, letter, column)
    sheet.freeze_panes = f"B{FIRST_ROW}"


def _validate(sheet: Worksheet, lists: Worksheet, letter: str, column: TemplateColumn) -> None:
    words = ("是", "否") if column.yes_no else tuple(_shown(code) for code in column.codes)
    if not words:
        return
    rule = DataValidation(
        type="list",
        formula1=_inline(words) or _listed(lists, words),
        allow_blank=True,
        showErrorMessage=not column.open,
        errorTitle="请从列表中选择",
        error="可选：" + "、".join(words)[:200],
    )
    rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


def _shown(code: Code) -> str:
    return code.label.zh or code.notation


def _inline(words: Sequence[str]) -> str:
    """The list itself, where it fits (Excel takes 255 characters, and no comma in a word)."""
    text = ",".join(words)
    return f'"{text}"' if len(text) <= 250 and not any("," in w or '"' in w for w in words) else ""


def _listed(lists: Worksheet, words: Sequence[str]) -> str:
    """A column of the hidden sheet."""
    column = lists.max_column + 1 if lists.cell(1, 1).value is not None else 1
    for row, word in enumerate(words, 1):
        put(lists, row, column, word)
    letter = get_column_letter(column)
    return f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(words)}"
