"""What headers alone cannot tell, in small YAML files.

    name: 数据资源目录导入表            # for people
    when: [数据资源目录名称, 共享属性]   # headers that must all be there; none: every table
    only: true                          # … and no others
    values: {code: '\\d{2}'}             # and what the first rows look like (regular expressions)
    type: DataResource                  # the class of the rows; left out: by headers
    decline: 这是评价结果               # recognised, and no catalogue: said so, not read
    columns:
      数据分级: securityLevel           # header → attribute or link
      备注:                             # empty: not read
      时间范围: {range: [temporalStart, temporalEnd], text: temporalRange}
      条件或依据: {by: 共享属性, 有条件共享: sharingCondition, 不予共享: refusalBasis}
      资源属性分类一: {link: inCategory, within: {inScheme: 资源属性分类一}}
      信息资源代码: {link: grants, by: catalogueCode}   # not its name but its code
      主要字段: {link: hasItem, list: true}   # names in a row, or prose (then none)
      属性名称: [entityAttribute, {by: 唯一标识, 是: keyAttribute}]
    set: {inCatalogue: 市目录}          # the same for every row
    fill: [业务对象名称]                # a blank means "as above"
    region: {from: item_code, pattern: '-(\\d{6})0*-'}   # region of names, by majority

`--mapping FILE` gives one or a list of them; those that ship with mulu lie in ingest/mappings/
and are chosen by `when` and `values`. A header is compared like any other (ingest/columns.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.columns import fold_header
from ontology.errors import InvalidInput


class BadMapping(InvalidInput):
    """A mapping makes no sense: the run cannot begin."""


SHIPPED = Path(__file__).with_name("mappings")
KEYS = frozenset(
    ("name", "when", "only", "values", "type", "decline", "columns", "set", "fill", "region")
)


@dataclass(frozen=True, slots=True)
class Plain:
    """The column is this attribute or link ("" = not read). `within` names what a link's
    target is unique in: link type → name. `listed`: the cell holds a list of names, or prose
    that is none. `by`: the cell holds not the target's name but this attribute of it."""

    name: str
    within: tuple[tuple[str, str], ...] = ()
    listed: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Two dates in one cell; `text` keeps the words as written."""

    start: str
    end: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Depends:
    """What the cell means depends on the value of another column."""

    by: str
    cases: tuple[tuple[str, str], ...]


Spec = Plain | Span | Depends


@dataclass(frozen=True, slots=True)
class RegionOf:
    """Where the region of a row's bodies stands: a column, and how to find it in there."""

    header: str
    pattern: str


@dataclass(frozen=True)
class ColumnMapping:
    """One mapping, read and checked; headers folded."""

    name: str = ""
    when: tuple[str, ...] = ()
    only: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    decline: str = ""
    columns: Mapping[str, tuple[Spec, ...]] = field(default_factory=dict)
    set: Mapping[str, str] = field(default_factory=dict)
    fill: frozenset[str] = frozenset()
    region: RegionOf | None = None

    def fits(self, headers: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bool:
        """Whether this mapping is meant for a table with these headers and first rows."""
        folded = {fold_header(header) for header in headers if header}
        if not folded.issuperset(self.when) or (self.only and len(folded) > len(self.when)):
            return False
        return all(self._looks(row) for row in rows)

    def _looks(self, row: Mapping[str, str]) -> bool:
        cells = {fold_header(header): text for header, text in row.items()}
        return all(
            re.fullmatch(pattern, cells.get(header, "")) for header, pattern in self.values.items()
        )


def load(path: Path) -> tuple[ColumnMapping, ...]:
    """The mappings in a file. Raises BadMapping, naming file and key, for what makes no
    sense."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else error  # whoever asks sees no path
        raise BadMapping(f"映射文件 {path.name} 读不出来 (mapping file): {why}") from error
    entries = content if isinstance(content, list) else [content]
    return tuple(_mapping(entry, path) for entry in entries)


def given_and_shipped(given: str) -> tuple[ColumnMapping, ...]:
    """Those in the file that the caller gives ("" none), before those that come with mulu."""
    return (*(load(Path(given)) if given else ()), *shipped())


@cache
def shipped() -> tuple[ColumnMapping, ...]:
    """Those that come with mulu; the longest signature first."""
    found = [one for path in sorted(SHIPPED.glob("*.yaml")) for one in load(path)]
    return tuple(sorted(found, key=lambda one: (-len(one.when), one.name)))


def _mapping(entry: Any, path: Path) -> ColumnMapping:
    if not isinstance(entry, dict):
        raise BadMapping(f"映射文件 {path.name}: 应是键值对 (a mapping of keys)")
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        known = "、".join(sorted(KEYS))
        raise BadMapping(f"映射文件 {path.name}: 不认识 {unknown[0]} (unknown key); 可用: {known}")
    region = entry.get("region")
    try:
        return ColumnMapping(
            name=str(entry.get("name", path.stem)),
            when=tuple(fold_header(str(header)) for header in entry.get("when", ())),
            only=bool(entry.get("only", False)),
            values={fold_header(str(k)): _regex(v) for k, v in entry.get("values", {}).items()},
            type=str(entry.get("type") or ""),
            decline=str(entry.get("decline") or ""),
            columns={
                fold_header(str(header)): _specs(spec)
                for header, spec in (entry.get("columns") or {}).items()
            },
            set={str(name): str(value) for name, value in (entry.get("set") or {}).items()},
            fill=frozenset(fold_header(str(header)) for header in entry.get("fill", ())),
            region=RegionOf(fold_header(region["from"]), _regex(region["pattern"]))
            if region
            else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise BadMapping(f"映射文件 {path.name}: 写法不对 (malformed): {error!r}") from error


def _regex(text: Any) -> str:
    re.compile(str(text))
    return str(text)


def _specs(spec: Any) -> tuple[Spec, ...]:
    return tuple(_spec(one) for one in (spec if isinstance(spec, list) else [spec]))


def _spec(spec: Any) -> Spec:
    match spec:
        case None:
            return Plain("")
        case str():
            return Plain(spec)
        case {"range": [start, end]}:
            return Span(str(start), str(end), str(spec.get("text", "")))
        case {"link": link}:
            within = tuple((str(k), str(v)) for k, v in spec.get("within", {}).items())
            listed, by = bool(spec.get("list", False)), str(spec.get("by", ""))
            return Plain(str(link), within, listed, by)
        case {"by": by}:
            cases = tuple((str(k), str(v)) for k, v in spec.items() if k != "by")
            return Depends(fold_header(str(by)), cases)
        case _:
            raise ValueError(spec)
