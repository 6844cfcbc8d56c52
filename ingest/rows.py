"""Rows → records: a row's resource, its whole, and what it names, each with an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ingest.cells import Cells
from ingest.draft import Draft, Drafting, Names
from ingest.known import Known
from ingest.layout import Layout, Table, TableRow
from ingest.refer import BODY, Referring
from ingest.row_problems import beyond, dragged_names, no_name, no_whole, why_unread
from ingest.source import Options, Place, Record, Rejected, Yielded
from ingest.together import filled, is_note, regions
from ontology.errors import InvalidInput
from ontology.identity import field_id, resource_id
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
        dragged = dragged_names(rows, layout, self.ontology)
        where = regions(rows, layout)
        drafting = Drafting(self.ontology, self.cells, layout)
        if rows and not layout.whole:
            self.known.tells(self.ontology.types[layout.type].family)
        for index, row in enumerate(rows):
            place = replace(table.place, row=row.number)
            moved = not place.sheet  # in a text file cells before one too many have moved
            problems = why_unread(row, layout, moved=moved, dragged=dragged.get(index))
            if problems:
                told = tuple(_at(problem, place) for problem in problems)
                yield Rejected(place, told, {} if row.cut else dict(row.cells))
                continue
            if row.beyond:
                yield _at(replace(beyond(row.beyond), severity=Severity.WARNING), place)
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
                problem = no_whole(whole, layout, self.ontology)
                yield Rejected(place, (_at(problem, place),), dict(row.cells))
                return
            scopes[layout.part] = whole_id
        if own.attributes or not layout.whole:
            id = self._resource(own, scopes, out, place, row)
            if id is None:
                problem = no_name(layout, self.ontology)
                yield Rejected(place, (_at(problem, place),), dict(row.cells))
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
                _add_link(links, Link(name, base[name]))
        first = [n for n in draft.names if n.link.name in scoping and not n.inverse]
        for names in first:
            for target in self._targets(names, scopes, out, place, draft.type):
                scopes[names.link.name] = target
                _add_link(links, Link(names.link.name, target))
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
                    _add_link(links, Link(names.link.name, target))
        for link in self._fields(draft, base):
            _add_link(links, link)
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


def _add_link(links: dict[LinkKey, Link], link: Link) -> None:
    links.setdefault(LinkKey(link.type, link.target, link.key), link)


def _at(problem: Problem, place: Place) -> Problem:
    return replace(problem, file=place.file, sheet=place.sheet, row=place.row)


def _family(ontology: Ontology, ends: Sequence[str]) -> str:
    return ontology.types[ends[0]].family


def _steps(text: str, end: str, ontology: Ontology) -> tuple[str, ...]:
    """A path in a tree (A/B) as its steps, for classes that have a class above them."""
    scoped = any("broader" in scheme.scope for scheme in ontology.types[end].identifiers)
    return tuple(p for part in text.split("/") if (p := part.strip())) if scoped else (text,)
