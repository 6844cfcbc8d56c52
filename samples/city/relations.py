"""What offices declared once about their standards, laws, duties and licences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from samples.city import names
from samples.city.entries import Entry, information
from samples.city.lines import Line, link, save
from samples.city.plan import CITY, PROVINCE, code_sets, owned_elements, rows


def write(root: Path) -> None:
    """Two exports below `root`/lists: of standards at the start, of entries at the end."""
    save(root / "lists" / "2024-01" / "目录节点与标准关系.jsonl", (*_nodes(), *_standards()))
    save(root / "lists" / "2026-01" / "应编尽编对照.jsonl", (*_duties(), *_licences()))


def _nodes() -> Iterator[Line]:
    for code, name, level in ((PROVINCE, "云岭省目录", "省级"), (CITY, "云澜市目录", "市级")):
        attributes = {"code": code, "name": name, "level": level, "kind": "基础目录"}
        yield {"id": f"node:{code}", "type": "CatalogueNode", "attributes": attributes}


def _standards() -> Iterator[Line]:
    """Which standard an element or a code set is governed by."""
    for element in owned_elements():
        links = [link("governedBy", names.standard(element.standard))]
        yield {"id": names.element(element), "links": links}
    for codes in code_sets().values():
        links = [link("governedBy", names.standard(codes.standard))]
        yield {"id": names.code_set(codes), "links": links}


def _duties() -> Iterator[Line]:
    """The duty that an entry fulfils, and the law that a refusal to share is based on."""
    laws = {r["法规名称"] for r in rows("laws.csv")}
    for e in information():
        relied_on = [title for title in re.findall("《(.+?)》", e.refusal) if title in laws]
        links = [
            link("fulfils", f"duty:{_duty(e)}"),
            *(link("basedOn", names.law(title)) for title in relied_on),
        ]
        yield {"id": names.entry(e), "links": links}


def _duty(e: Entry) -> str:
    """The office's duty that shares most with the entry's title and keywords."""
    said = e.title + "".join(e.keywords)
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    duties = e.department.duties
    best = max(duties, key=lambda d: sum(d[i : i + 2] in pairs for i in range(len(d) - 1)))
    return f"YL-ZZ-{e.department.number}-{duties.index(best) + 1:02d}"


def _licences() -> Iterator[Line]:
    """Which matter issues which licence."""
    for number, r in enumerate(rows("licences.csv"), 1):
        links = [link("issues", names.licence(number))]
        yield {"id": names.matter(r["颁发事项"]), "links": links}
