"""What can be wrong with a row of a table, as problems."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.columns import Meaning
from ingest.draft import Draft
from ingest.layout import Layout, TableRow, Target
from ontology.identity import drag_filled
from ontology.model import Ontology
from ontology.problem import Problem


def why_unread(row: TableRow, layout: Layout, *, moved: bool, dragged: str | None) -> list[Problem]:
    """What keeps the row out. `moved`: what stands beyond the last header may have moved the cells
    before it. `dragged`: the header of a name made by dragging a cell down."""
    problems = [_cut(header) for header in row.cut]
    problems += [_flawed(h, why) for h, why in row.flaws.items() if h in layout.columns]
    if row.beyond and moved:
        problems.append(beyond(row.beyond))
    if dragged is not None:
        problems.append(_drifted(dragged, row))
    return problems


def dragged_names(rows: Sequence[TableRow], layout: Layout, ontology: Ontology) -> dict[int, str]:
    """Rows with a name that was made by dragging a cell down, and the header of it. Only
    names that ids are made of: where a code tells the rows apart, they are what they say."""
    found: dict[int, str] = {}
    for header, aims in layout.columns.items():
        for aim in aims:
            if isinstance(aim, Target) and _names_by(aim, layout, ontology):
                texts = [row.cells.get(header, "") for row in rows]
                for run in drag_filled(texts):
                    if not texts[run[0]].rstrip("0123456789"):
                        continue
                    found |= dict.fromkeys(run, header)
    return found


def _names_by(aim: Target, layout: Layout, ontology: Ontology) -> bool:
    """Whether ids are made of the names in this column."""
    meaning = aim.meaning
    if meaning.link:
        link = ontology.links[meaning.name]
        ends = link.domain if meaning.inverse else link.range
        return any(scheme.weak for end in ends for scheme in ontology.types[end].identifiers)
    type = layout.whole if meaning.whole else layout.type
    kind = ontology.types[type]
    told = {
        a.meaning.name
        for aims in layout.columns.values()
        for a in aims
        if isinstance(a, Target) and not a.meaning.link and a.meaning.whole == meaning.whole
    }
    strong = any(told.issuperset(s.attributes) for s in kind.identifiers if not s.weak)
    weak = any(meaning.name in s.attributes for s in kind.identifiers if s.weak)
    return meaning.name == kind.title and weak and not strong


def no_whole(whole: Draft, layout: Layout, ontology: Ontology) -> Problem:
    kind = ontology.types[layout.whole]
    label, name = kind.label.zh, whole.attributes.get(kind.title)
    if isinstance(name, str):
        return Problem(
            f"本次导入的{label}中没有叫“{name[:80]}”的，或不止一个 (no such {layout.whole})",
            "与其工作表中的名称核对，应完全一致",
            column=_header_of(layout, kind.title, whole=True),
            value=name[:80],
        )
    return Problem(
        f"没有写明属于哪个{label} (its {layout.whole} is not named)",
        f"在该行填写{label}名称，或导入时用 --whole 指明",
    )


def no_name(layout: Layout, ontology: Ontology) -> Problem:
    kind = ontology.types[layout.type]
    title = kind.attributes[kind.title]
    header = _header_of(layout, kind.title, whole=False) or title.label.zh
    return Problem(
        f"缺少{title.label.zh}，无法识别是哪个{kind.label.zh} (nothing identifies the row)",
        f"填写“{header.lstrip('*')}”",
        column=header,
    )


def _header_of(layout: Layout, attribute: str, *, whole: bool) -> str:
    """The header under which the attribute stands."""
    for header, aims in layout.columns.items():
        for aim in aims:
            if isinstance(aim, Target) and aim.meaning == Meaning(attribute, whole=whole):
                return header
    return ""


def _cut(header: str) -> Problem:
    return Problem(
        "单元格内容过长 (cell too long)，该行未读取", "把内容缩短到 3 万字以内", column=header
    )


def _flawed(header: str, why: str) -> Problem:
    return Problem(why, "请用 Excel 打开，改正公式并保存后再导入", column=header)


def beyond(text: str) -> Problem:
    return Problem(
        "最后一个表头之后还有内容 (cells beyond the last header)，未采用",
        "内容里有分隔符的，给该格加上引号；多出的列，补上表头或删去",
        value=text[:80],
    )


def _drifted(header: str, row: TableRow) -> Problem:
    return Problem(
        "名称只有末尾数字逐行递增，像是下拉填充造成的 (drag-filled name)",
        "核对各行名称，改成真正的名称",
        column=header,
        value=row.cells.get(header, "")[:80],
        rule="ontology §8",
    )
