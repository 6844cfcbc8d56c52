"""Rows → records: a row's resource, its whole, and what it names, each with an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ingest.cells import Cells
from ingest.columns import Meaning
from ingest.draft import Draft, Drafting, Names
from ingest.known import Known
from ingest.layout import Layout, Table, TableRow, Target
from ingest.refer import BODY, Referring
from ingest.source import Options, Place, Record, Rejected, Yielded
from ingest.together import filled, is_note, regions
from ontology.errors import InvalidInput
from ontology.identity import drag_filled, field_id, resource_id
from ontology.model import Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Claim, Link, LinkKey, ResourceId

MAX_ROWS = 300_000
"""Rows of one table; they are held together, to see what neighbouring rows say."""


FORM_WORDS = re.compile(r"信息项|数据项|字段|清单|模板|导入|表$|template", re.IGNORECASE)
"""Words in a file's name that tell of the form and not of what is in it."""


@dataclass
class Rows:
    """Makes records of the rows of many tables; what one table names, the next may use."""

    ontology: Ontology
    options: Options
    source: str
    known: Known = field(default_factory=Known)
    cells: Cells = field(init=False)
    refer: Referring = field(init=False)

    def __post_init__(self) -> None:
        self.cells = Cells(self.ontology)
        self.refer = Referring(self.ontology, self.options, self.source, self.known)

    def records(self, table: Table, layout: Layout) -> Iterator[Yielded]:
        """All that the table says. Where it breaks off, what came before is yielded first and
        then InvalidInput is raised."""
        rows: list[TableRow] = []
        broken: InvalidInput | None = None
        try:
            kept = (row for row in filled(table.rows(), layout) if not is_note(row, table))
            rows.extend(islice(kept, MAX_ROWS + 1))
        except InvalidInput as error:
            broken = error
        if len(rows) > MAX_ROWS:
            rows.pop()
            broken = InvalidInput(
                f"{table.place.file} 超过 {MAX_ROWS} 行 (too many rows)，此后未读取；请拆成几个文件"
            )
        dragged = self._dragged(rows, layout)
        where = regions(rows, layout)
        drafting = Drafting(self.ontology, self.cells, layout)
        if rows and not layout.whole:
            self.known.tells(self.ontology.types[layout.type].family)
        for index, row in enumerate(rows):
            place = replace(table.place, row=row.number)
            problems = [_cut(header) for header in row.cut]
            problems += [_flawed(h, why) for h, why in row.flaws.items() if h in layout.columns]
            if row.beyond and not place.sheet:  # in a text file the cells before it have moved
                problems.append(_beyond(row.beyond))
            if index in dragged:
                problems.append(_drifted(dragged[index], row))
            if problems:
                told = tuple(_at(problem, place) for problem in problems)
                yield Rejected(place, told, {} if row.cut else dict(row.cells))
                continue
            if row.beyond:
                yield _at(replace(_beyond(row.beyond), severity=Severity.WARNING), place)
            yield from self._row(drafting, row, place, where[index])
        if broken is not None:
            raise broken

    def _row(
        self, drafting: Drafting, row: TableRow, place: Place, region: str
    ) -> Iterator[Yielded]:
        layout = drafting.layout
        problems: list[Problem] = []
        own, whole = drafting.read(row, problems)
        yield from (_at(problem, place) for problem in problems)
        out: list[Record] = []
        scopes = self._base(region, place, out)
        if layout.whole:
            whole_id = self._whole(whole, layout, scopes, out, place)
            if whole_id is None:
                problem = self._no_whole(whole, layout)
                yield Rejected(place, (_at(problem, place),), dict(row.cells))
                return
            scopes[layout.part] = whole_id
        if own.attributes or not layout.whole:
            id = self._resource(own, scopes, out, place, row)
            if id is None:
                yield Rejected(place, (_at(self._no_name(layout), place),), dict(row.cells))
                return
            if layout.whole:
                link = Link(layout.part, id)
                out.append(Record(Claim(scopes[layout.part], None, {}, (link,)), place))
        yield from out

    def _base(self, region: str, place: Place, out: list[Record]) -> dict[str, ResourceId]:
        """What holds for every row: the region of bodies, the node of entries."""
        base: dict[str, ResourceId] = {}
        for name, text in (
            ("inRegion", region or self.options.region),
            ("inCatalogue", self.options.node),
        ):
            link = self.ontology.links.get(name)
            if text and link is not None:
                code = (
                    text
                    if self.refer.literal(text)
                    else f"{_family(self.ontology, link.range)}:{text}"
                )
                base[name] = ResourceId(code)
        return base

    def _whole(
        self,
        draft: Draft,
        layout: Layout,
        scopes: Mapping[str, ResourceId],
        out: list[Record],
        place: Place,
    ) -> ResourceId | None:
        """The id of what the row is a part of: given by the caller, met in this run, or made
        of the row's columns."""
        kind = self.ontology.types[layout.whole]
        name = draft.attributes.get(kind.title)
        text = name if isinstance(name, str) else self._given(place)
        if not text and not draft:
            return None
        literal = self.refer.literal(text, layout.whole)
        if literal is not None:
            return literal
        if len(draft.attributes) <= 1 and not draft.names:
            known = self.known.one(kind.family, text)
            if known is not None or self.known.is_told(kind.family):
                return known
            draft.attributes.setdefault(kind.title, text)
        return self._resource(draft, scopes, out, place, None)

    def _given(self, place: Place) -> str:
        """The whole of a sheet that does not name it: told by the caller, else what the file
        is called after (人口信息-信息项.xlsx)."""
        given = self.options.extra.get("whole", "")
        return given or FORM_WORDS.sub("", Path(place.file).stem).strip(" -_—（）()")

    def _resource(
        self,
        draft: Draft,
        base: Mapping[str, ResourceId],
        out: list[Record],
        place: Place,
        row: TableRow | None,
    ) -> ResourceId | None:
        """The id of a draft; its claim, and mentions of what it names, go into `out`."""
        kind = self.ontology.types[draft.type]
        scoping = {name for scheme in kind.identifiers for name in scheme.scope}
        scopes = dict(base)
        links: dict[LinkKey, Link] = {}
        for name in ("inCatalogue", "inRegion"):
            if name in base and any(
                link.name == name for link in self.ontology.links_from(kind.name)
            ):
                add_link(links, Link(name, base[name]))
        first = [n for n in draft.names if n.link.name in scoping and not n.inverse]
        for names in first:
            for target in self._targets(names, scopes, out, place, draft.type):
                scopes[names.link.name] = target
                add_link(links, Link(names.link.name, target))
        found = resource_id(self.ontology, draft.type, draft.attributes, scopes)
        if found is None:
            return None
        id = found[0]
        for scheme in kind.identifiers:  # 11 and 110000 are one division: its code is the key
            if scheme.fold == "division" and scheme.attributes[0] in draft.attributes:
                draft.attributes[scheme.attributes[0]] = id.partition(":")[2]
        for names in draft.names:
            if names in first:
                continue
            inner = {**scopes, names.link.name: id} if names.link.part_of else scopes
            for target in self._targets(names, inner, out, place, draft.type):
                if names.inverse:
                    out.append(Record(Claim(target, None, {}, (Link(names.link.name, id),)), place))
                else:
                    add_link(links, Link(names.link.name, target))
        for link in self._fields(draft, base):
            add_link(links, link)
        self._note(id, draft, links.values())
        leaf = None if kind.abstract else draft.type
        claim = Claim(id, leaf, draft.attributes if leaf else {}, tuple(links.values()))
        if leaf or links:
            named = row is None and draft.attributes.keys() <= {kind.title}
            raw = dict(row.cells) if row is not None else {}
            out.append(Record(claim, place, raw, mention=named))
        return id

    def _targets(
        self, names: Names, scopes: Mapping[str, str], out: list[Record], place: Place, own: str
    ) -> Iterator[ResourceId]:
        ends = names.link.domain if names.inverse else names.link.range
        near = {**scopes, **self._within(names, out, place)}
        above: ResourceId | None = None
        for number, text in enumerate(names.texts, 1):
            for part in _steps(text, ends[0], self.ontology):
                type = self._leaf(ends, names, part, own)
                if above is not None:
                    near["broader"] = above
                id, mention = self.refer.to(
                    type, part, near, place, link=names.link.name, by=names.by
                )
                if mention is not None:
                    out.append(self._placed(mention, above, number if names.link.part_of else 0))
                above = id
            if above is not None:
                yield above
            near.pop("broader", None)
            above = None

    def _placed(self, mention: Record, above: ResourceId | None, number: int) -> Record:
        """A mention with its place: below another in a tree, or the n-th part of a whole."""
        claim = mention.claim
        if above is not None:
            claim = replace(claim, links=(*claim.links, Link("broader", above)))
        if number and claim.type and "order" in self.ontology.types[claim.type].attributes:
            claim = replace(claim, attributes={**claim.attributes, "order": number})
        return replace(mention, claim=claim)

    def _within(self, names: Names, out: list[Record], place: Place) -> dict[str, ResourceId]:
        """What a mapping says that the targets are unique in."""
        found: dict[str, ResourceId] = {}
        for link, text in names.within:
            id, mention = self.refer.to(self.ontology.links[link].range[0], text, {}, place)
            if mention is not None:
                out.append(mention)
            if id is not None:
                found[link] = id
        return found

    def _leaf(self, ends: Sequence[str], names: Names, text: str, own: str) -> str:
        """Which of the classes a link may lead to: the row's own, for what succeeds or stands
        above it; the one that the id or a known name is of; the one that the header or the
        name sounds like (使用部门, …平台系统); else a body, else the first."""
        if len(ends) == 1 or own in ends:
            return own if own in ends else ends[0]
        types = self.ontology.types
        for end in ends:
            if self.refer.literal(text, end) is not None:
                return end
        for end in ends:
            if self.known.one(types[end].family, text) is not None:
                return end
        for told in (names.header, text):
            for end in ends:
                if types[end].label.zh[-2:] in told:
                    return end
        return BODY if BODY in ends else ends[0]

    def _fields(self, draft: Draft, base: Mapping[str, ResourceId]) -> Iterator[Link]:
        """The field that an item's technical name means, where its entry mounts one dataset."""
        entry = base.get("hasItem")
        name = draft.attributes.get("nameEn")
        dataset = self.known.mounted(entry) if entry is not None else None
        if isinstance(name, str) and dataset is not None:
            yield Link("mapsTo", field_id(dataset, name))

    def _note(self, id: ResourceId, draft: Draft, links: Iterable[Link]) -> None:
        for name in (self.ontology.types[draft.type].title, "altTitle", "shortName", "nameEn"):
            self.known.add(id, draft.attributes.get(name))
        for link in links:
            if link.type == "mounts":
                self.known.mount(id, link.target)

    # --- what can be wrong with a row ------------------------------------------------------

    def _dragged(self, rows: Sequence[TableRow], layout: Layout) -> dict[int, str]:
        """Rows with a name that was made by dragging a cell down, and the header of it. Only
        names that ids are made of: where a code tells the rows apart, they are what they say."""
        found: dict[int, str] = {}
        for header, aims in layout.columns.items():
            for aim in aims:
                if isinstance(aim, Target) and self._names_by(aim, layout):
                    texts = [row.cells.get(header, "") for row in rows]
                    for run in drag_filled(texts):
                        if not texts[run[0]].rstrip("0123456789"):
                            continue
                        found |= dict.fromkeys(run, header)
        return found

    def _names_by(self, aim: Target, layout: Layout) -> bool:
        """Whether ids are made of the names in this column."""
        meaning = aim.meaning
        if meaning.link:
            link = self.ontology.links[meaning.name]
            ends = link.domain if meaning.inverse else link.range
            return any(
                scheme.weak for end in ends for scheme in self.ontology.types[end].identifiers
            )
        type = layout.whole if meaning.whole else layout.type
        kind = self.ontology.types[type]
        told = {
            a.meaning.name
            for aims in layout.columns.values()
            for a in aims
            if isinstance(a, Target) and not a.meaning.link and a.meaning.whole == meaning.whole
        }
        strong = any(told.issuperset(s.attributes) for s in kind.identifiers if not s.weak)
        weak = any(meaning.name in s.attributes for s in kind.identifiers if s.weak)
        return meaning.name == kind.title and weak and not strong

    def _no_whole(self, whole: Draft, layout: Layout) -> Problem:
        kind = self.ontology.types[layout.whole]
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

    def _no_name(self, layout: Layout) -> Problem:
        kind = self.ontology.types[layout.type]
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


def add_link(links: dict[LinkKey, Link], link: Link) -> None:
    links.setdefault(LinkKey(link.type, link.target, link.key), link)


def _at(problem: Problem, place: Place) -> Problem:
    return replace(problem, file=place.file, sheet=place.sheet, row=place.row)


def _cut(header: str) -> Problem:
    return Problem(
        "单元格内容过长 (cell too long)，该行未读取", "把内容缩短到 3 万字以内", column=header
    )


def _flawed(header: str, why: str) -> Problem:
    return Problem(why, "请用 Excel 打开，改正公式并保存后再导入", column=header)


def _beyond(text: str) -> Problem:
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


def _family(ontology: Ontology, ends: Sequence[str]) -> str:
    return ontology.types[ends[0]].family


def _steps(text: str, end: str, ontology: Ontology) -> tuple[str, ...]:
    """A path in a tree (A/B) as its steps, for classes that have a class above them."""
    scoped = any("broader" in scheme.scope for scheme in ontology.types[end].identifiers)
    return tuple(p for part in text.split("/") if (p := part.strip())) if scoped else (text,)
