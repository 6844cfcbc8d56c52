"""A table and how it is understood: headers found, each column given what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ingest.columns import Meaning, Reading, Vocabulary, fold_header
from ingest.mapping import BadMapping, ColumnMapping, Depends, Plain, RegionOf, Span, Spec
from ingest.source import Place, Understood, Unread, Yielded
from ontology.model import Ontology
from ontology.problem import Problem

LOOKED_AT = 15
"""Rows among which the headers are sought."""
TASTED = 20
"""Data rows shown to a mapping that recognises its table by what is in it."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number as a person counts, header → text, headers of cut cells, header →
    what is wrong with a cell, and the first text that stands beyond the last header."""

    number: int
    cells: Mapping[str, str]
    cut: tuple[str, ...] = ()
    flaws: Mapping[str, str] = field(default_factory=dict)
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers, whatever file they come from. `rows()` begins anew each time."""

    place: Place
    headers: tuple[str, ...]
    rows: Callable[[], Iterator[TableRow]]


@dataclass(frozen=True, slots=True)
class Target:
    """What a column feeds: an attribute, or a link (`inverse`: from the resource it names),
    of the row's resource or of its whole. `listed`: the cell is a list of names, or prose.
    `by`: the attribute of the target that the cell holds ("" its name)."""

    meaning: Meaning
    within: tuple[tuple[str, str], ...] = ()
    listed: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class SpanTarget:
    start: str
    end: str
    text: str


@dataclass(frozen=True, slots=True)
class DependsTarget:
    by: str  # a header, folded
    cases: tuple[tuple[str, Target], ...]


Aim = Target | SpanTarget | DependsTarget


@dataclass(frozen=True)
class Layout:
    """How the rows of one table become resources of `type`; parts of a `whole` by the link
    `part` where the rows name it ("" where not)."""

    type: str
    columns: Mapping[str, tuple[Aim, ...]]
    whole: str = ""
    part: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    fill: frozenset[str] = frozenset()
    region: RegionOf | None = None
    mapping: str = ""

    def understood(self, table: Table) -> Understood:
        """For people: header → what it was taken for."""
        told = {header: " + ".join(map(_told, aims)) for header, aims in self.columns.items()}
        names = {header: told.get(header, "") for header in table.headers if header}
        secret = [header for header, name in names.items() if name.endswith("secret")]
        return Understood(table.place, self.type, names, samples(table, secret))


SAMPLES = 3
"""Values shown of a column."""
OPEN = frozenset(("", "否", "不涉密", "非涉密", "0", "n", "no", "false"))
"""What stands in the column 涉密 of a row that is not."""


def samples(table: Table, secret: Sequence[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """Header → the first values under it; a row marked in one of the `secret` columns tells
    nothing, nor one of an unknown table that says 涉密 anywhere."""
    found: dict[str, list[str]] = {}
    for row in islice(table.rows(), TASTED):
        marks = [row.cells.get(header, "") for header in secret] or [
            text for text in row.cells.values() if text.strip() == "涉密"
        ]
        if any(mark.strip().lower() not in OPEN for mark in marks):
            continue
        for header, text in row.cells.items():
            values = found.setdefault(header, [])
            if len(values) < SAMPLES and text[:SHOWN] not in values:
                values.append(text[:SHOWN])
    return {header: tuple(values) for header, values in found.items()}


SHOWN = 60
"""Characters of a sample."""


def unknown(table: Table) -> Understood:
    """For people: the headers of a table that is none of ours, to be mapped by hand."""
    columns = dict.fromkeys((header for header in table.headers if header), "")
    return Understood(table.place, "", columns, samples(table))


def headless(place: Place) -> Iterator[Yielded]:
    """What is told of rows under no headers: they are not read, so nothing is withdrawn."""
    what = "没有找到表头，未读取 (no row of headers found)"
    mend = "核对表头与分隔符；只有一列的清单，请用 --type 指明类别"
    yield Problem(what, mend, file=place.file, sheet=place.sheet)
    yield Unread(place, what)


@dataclass(frozen=True, slots=True)
class Declined:
    """The table is no list of anything in the ontology; `known` where a mapping knows what
    it is instead."""

    why: str
    known: bool


def _told(aim: Aim) -> str:
    match aim:
        case Target(Meaning(name, _, inverse, whole)):
            return ("whole." if whole else "") + ("^" if inverse else "") + name
        case SpanTarget(start, end):
            return f"{start}…{end}"
        case DependsTarget(_, cases):
            return "|".join(_told(target) for _, target in cases)


def lay_out(
    vocabulary: Vocabulary,
    table: Table,
    *,
    type: str = "",
    mappings: Sequence[ColumnMapping] = (),
) -> Layout | Declined:
    """Understand a table: by the first mapping that fits, else by its headers alone."""
    taste = [row.cells for row in islice(table.rows(), TASTED)] if mappings else []
    mapping = next((m for m in mappings if m.fits(table.headers, taste)), None)
    if mapping is not None and mapping.decline:
        return Declined(mapping.decline, True)
    names = (table.place.sheet, table.place.file.rpartition(".")[0] or table.place.file)
    told = mapping.type if mapping is not None else ""
    reading = _read_as(vocabulary, table, told or type, sure=bool(told), names=names)
    if reading is None:
        return Declined(_unknown(vocabulary, table), False)
    columns: dict[str, tuple[Aim, ...]] = {
        header: (Target(meaning),)
        for header, meaning in zip(table.headers, reading.meanings, strict=True)
        if meaning is not None
    }
    whole, part = reading.whole, reading.part
    if not whole:
        whole, part = _kept_in(vocabulary.ontology, reading.type)
    if mapping is None:
        return Layout(reading.type, columns, whole, part)
    for header in table.headers:
        specs = mapping.columns.get(fold_header(header))
        if specs is not None:
            aims = tuple(
                _aim(spec, vocabulary.ontology, reading.type, reading.whole) for spec in specs
            )
            columns[header] = tuple(aim for aim in aims if aim is not None)
    return Layout(
        reading.type,
        columns,
        whole,
        part,
        mapping.set,
        mapping.fill,
        mapping.region,
        mapping.name,
    )


def _read_as(
    vocabulary: Vocabulary, table: Table, type: str, *, sure: bool, names: Sequence[str]
) -> Reading | None:
    """The headers as those of the class that was told, or of the class that they fit best.
    What the caller tells of a workbook (not `sure`) holds for the sheet that it fits: a sheet
    of items beside the one of entries is one of items."""
    if type and type not in vocabulary.words:
        raise BadMapping(f"本体中没有可填报的类别 {type} (no such class)")
    if sure:
        return vocabulary.read(table.headers, type)
    best = vocabulary.best(table.headers, names)
    if not type:
        return best
    told = vocabulary.read(table.headers, type)
    types = vocabulary.ontology.types
    parts = best is not None and best.whole and types[best.whole].family == types[type].family
    return best if parts and best is not None and best.score > 2 * told.score else told


def _kept_in(ontology: Ontology, type: str) -> tuple[str, str]:
    """The class and link of the whole that resources of this class are only known within."""
    kind = ontology.types[type]
    if all(scheme.scope for scheme in kind.identifiers):
        for scheme in kind.identifiers:
            for name in scheme.scope:
                link = ontology.links.get(name)
                if link is not None and link.part_of:
                    return link.domain[0], name
    return "", ""


def _unknown(vocabulary: Vocabulary, table: Table) -> str:
    """Why no class was found, with the nearest."""
    readings = [vocabulary.read(table.headers, name) for name in vocabulary.words]
    nearest = max(readings, key=lambda reading: reading.score)
    label = vocabulary.ontology.types[nearest.type].label.zh
    count = sum(bool(header) for header in table.headers)
    return (
        f"{count} 列中只认得 {nearest.understood} 列 (最接近“{label}”)，不像目录清单 "
        "(not recognised as a catalogue list)"
    )


def _aim(spec: Spec, ontology: Ontology, type: str, whole: str) -> Aim | None:
    match spec:
        case Plain(""):
            return None
        case Plain(name, within, listed, by):
            return Target(_meaning(name, ontology, type, whole), within, listed, by)
        case Span(start, end, text):
            return SpanTarget(start, end, text)
        case Depends(by, cases):
            found = ((value, _meaning(name, ontology, type, whole)) for value, name in cases)
            return DependsTarget(by, tuple((value, Target(m)) for value, m in found))


def _meaning(name: str, ontology: Ontology, type: str, whole: str) -> Meaning:
    """The attribute or link of this name, of the row's class or ("whole.x") of its whole."""
    prefix, _, bare = name.rpartition("whole.")
    owner = whole if prefix or name.startswith("whole.") else type
    of_whole = owner != type
    if bare.startswith("^"):
        incoming = {link.name for link in ontology.links_to(owner)}
        if bare[1:] in incoming:
            return Meaning(bare[1:], True, True, of_whole)
    if owner and bare in ontology.types[owner].attributes:
        return Meaning(bare, whole=of_whole)
    if owner and bare in {link.name for link in ontology.links_from(owner)}:
        return Meaning(bare, True, whole=of_whole)
    raise BadMapping(
        f"映射中的 {name} 不是类别 {owner or type} 的属性或关联 (no such attribute or link)"
    )
