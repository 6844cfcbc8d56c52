"""The plan of 云澜市: what its offices own, as written by hand in plan/.

Tables of the plan are read into frozen values; everything that is generated starts here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from samples.city.digits import credit_code

PLAN = Path(__file__).parent / "plan"
CITY = "990100"
PROVINCE = "990000"


def rows(name: str) -> list[dict[str, str]]:
    """A CSV file of the plan, as dictionaries by header."""
    with (PLAN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Department:
    """A body that provides data; `number` is how the plan refers to it."""

    number: str
    name: str
    short: str
    kind: str
    uscc: str
    region: str
    level: str
    post: str
    phone: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class System:
    """An information system with the registered code that its owner gave it."""

    code: str
    name: str
    owner: str
    status: str
    vertical: str
    grade: str
    accepted: str
    engine: str
    short: str
    successor: str


@dataclass(frozen=True, slots=True)
class Matter:
    name: str
    kind: str
    owner: str
    code: str


@dataclass(frozen=True, slots=True)
class Element:
    """A data element; `domain` names its code set."""

    identifier: str
    name: str
    name_en: str
    data_type: str
    format: str
    domain: str
    standard: str
    standard_class: str
    synonyms: tuple[str, ...]
    level: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodeSet:
    identifier: str
    name: str
    name_en: str
    standard: str
    standard_class: str
    version: str
    note: str
    codes: tuple[tuple[str, str], ...]


@cache
def departments() -> dict[str, Department]:
    """Plan number → department, in the order of the establishment list."""
    found = {}
    for r in rows("departments.csv"):
        found[r["编号"]] = Department(
            number=r["编号"],
            name=r["部门名称"],
            short=r["简称"],
            kind=r["机构类别"],
            uscc=credit_code(r["登记部门"], r["区划"], r["机构号"]),
            region=r["区划"],
            level=r["层级"],
            post=r["数据联系岗位"],
            phone=r["联系电话"],
            duties=tuple(r["职责"].split("；")),
        )
    return found


@cache
def systems() -> dict[str, System]:
    """Name → system."""
    return {
        r["系统名称"]: System(
            code=f"YL-XT-{int(r['编码']):04d}",
            name=r["系统名称"],
            owner=r["主管部门"],
            status=r["状态"],
            vertical=r["建设层级"],
            grade=r["等保"],
            accepted=r["验收日期"],
            engine=r["数据库"],
            short=r["短名"],
            successor=r["承接系统"] or "",
        )
        for r in rows("systems.csv")
    }


_KIND_LETTER = {
    "行政许可": "A",
    "行政给付": "B",
    "行政确认": "C",
    "行政奖励": "D",
    "其他行政权力": "E",
    "公共服务": "G",
}


@cache
def matters() -> tuple[Matter, ...]:
    """All matters; the code joins kind, sequence, region and the office's credit code."""
    found: list[Matter] = []
    for r in rows("matters.csv"):
        office = departments()[r["部门"]]
        for name in r["事项"].split():
            letter = _KIND_LETTER[r["类型"]]
            code = f"990{letter}{len(found) + 1:04d}000000-990100000000-000-{office.uscc}-1-00"
            found.append(Matter(name, r["类型"], r["部门"], code))
    return tuple(found)


@cache
def elements() -> dict[str, Element]:
    """Name and synonyms → element."""
    found: dict[str, Element] = {}
    for r in rows("elements.csv"):
        element = Element(
            identifier=f"YLDE-{r['标识符']}",
            name=r["中文名称"],
            name_en=r["英文名称"],
            data_type=r["数据类型"],
            format=r["表示格式"],
            domain=r["值域"],
            standard=r["来源标准"],
            standard_class=r["标准分类"],
            synonyms=tuple(s for s in r["同义词"].split("，") if s),
            level=r["级"],
            row=r,
        )
        found[element.name] = element
        for synonym in element.synonyms:
            found.setdefault(synonym, element)
    return found


@cache
def code_sets() -> dict[str, CodeSet]:
    """Name → code set."""
    return {
        r["中文名称"]: CodeSet(
            identifier=f"YLCS-{r['标识符']}",
            name=r["中文名称"],
            name_en=r["英文名称"],
            standard=r["来源标准"],
            standard_class=r["标准分类"],
            version=r["版本"],
            note=r["说明"],
            codes=tuple((v, m) for v, _, m in (c.partition("=") for c in r["代码"].split())),
        )
        for r in rows("code_sets.csv")
    }


def owned_elements() -> Iterator[Element]:
    """Every element once."""
    seen = set()
    for element in elements().values():
        if element.identifier not in seen:
            seen.add(element.identifier)
            yield element
