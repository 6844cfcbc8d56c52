"""The parts of an .xlsx file: looked through before they are parsed, and for what openpyxl does
not tell when it streams."""

from __future__ import annotations

import re
from pathlib import Path
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from ingest.sheet import Area, Coordinates
from ontology.errors import InvalidInput

MAX_UNPACKED = 256 * 2**20
"""Bytes that all parts of a workbook may unpack to."""
SUSPECT = (64 * 2**20, 400)
"""A part larger than this that was packed tighter than this many times is a bomb."""
MAX_PARTS = 5_000


def refuse_unsafe(path: Path, archive: ZipFile) -> None:
    """Refuse bombs and document types before anything is parsed. Sizes are those of the
    directory: reading a part never yields more than it declares."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > SUSPECT[0] and part.file_size > SUSPECT[1] * max(part.compress_size, 1)
        for part in parts
    )
    if bomb or unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise InvalidInput(
            f"{path.name} 解开后有 {unpacked / 2**20:.0f} MB、{len(parts)} 个部件，超出上限 "
            f"{MAX_UNPACKED / 2**20:.0f} MB (zip bomb or too large)；请拆成几个较小的文件"
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _refuse_doctype(path, archive, part.filename)


def has_macros(archive: ZipFile) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())


class _Seen(Exception):
    """The root element has begun: no document type can follow."""


def _refuse_doctype(path: Path, archive: ZipFile, name: str) -> None:
    def doctype(*_: object) -> None:
        raise InvalidInput(
            f"{path.name} 的部件 {name} 声明了文档类型 (document type, entity bomb)，正常的工作簿"
            "没有；已拒绝读取"
        )

    def element(*_: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    with archive.open(name) as part:
        try:
            while chunk := part.read(65_536):
                parser.Parse(chunk, False)
        except (_Seen, expat.ExpatError):
            return  # a part that is not well-formed is the parser's to report


_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_UNSTORED = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*\bt=\"str\")[^>]*?\br=\"([A-Z]+\d+)\"[^>]*>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; one whose value is an empty text has one."""
_OVERLAP = 20_000
"""Bytes: more than any cell that is sought."""


def looked_through(
    archive: ZipFile,
) -> tuple[dict[str, tuple[Area, ...]], dict[str, Coordinates]]:
    """Sheet name → its merged areas, and its formulas without a stored value."""
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target")
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    areas: dict[str, tuple[Area, ...]] = {}
    unstored: dict[str, Coordinates] = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(tag, b"r:id"), "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in archive.NameToInfo:
            sheet = _attribute(tag, b"name")
            areas[sheet], unstored[sheet] = _found_in(archive, name)
    return areas, unstored


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    if found is None:
        return ""
    text = (found[1] or found[2] or b"").decode("utf-8", "replace")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _found_in(archive: ZipFile, name: str) -> tuple[tuple[Area, ...], Coordinates]:
    rest = b""
    areas: dict[Area, None] = {}
    unstored: set[tuple[int, int]] = set()
    with archive.open(name) as part:
        while chunk := part.read(2**20):
            text = rest + chunk
            for found in _MERGED.finditer(text):
                left, top, right, bottom = range_boundaries(found[1].decode())
                if left and top and right and bottom:
                    areas[Area(left, top, right, bottom)] = None
            for found in _UNSTORED.finditer(text):
                unstored.add(coordinate_to_tuple(found[1].decode()))
            rest = text[-_OVERLAP:]
    return tuple(areas), frozenset(unstored)
