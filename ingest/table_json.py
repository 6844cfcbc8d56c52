"""Lists in JSON and JSON Lines as tables: nested values become columns of their own.

    {"TITLE": …, "RAW": {"更新频率": …}, "RESOURCE": [{"RES_FILETYPE": "CSV"}, …]}
    → TITLE, RAW.更新频率, RESOURCE.RES_FILETYPE (several values, one a line)

The list may be the whole document or stand somewhere inside it: the longest list of objects
is taken. A document that breaks off is read up to there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ingest.layout import Table, TableRow
from ingest.sheet import MAX_CELL
from ingest.source import Place
from ingest.text_file import Line, encoding_of, known, lines
from ontology.errors import InvalidInput

MAX_DOCUMENT = 128 * 2**20
"""Bytes of a JSON document (not JSON Lines): it is parsed as a whole."""
DEEP = 6
"""Levels of nesting that become columns."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A part that could not be read, or (not `lost`) was no part of the list, and where."""

    number: int
    why: str
    lost: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """Records in order, each with its number (of the line, or in the list), and what was
    broken on the way."""

    records: Sequence[tuple[int, Mapping[str, Any]]]
    broken: tuple[Broken, ...] = ()


def read_document(path: Path, encoding: str = "") -> Document:
    """All records of a JSON file."""
    if path.stat().st_size > MAX_DOCUMENT:
        raise InvalidInput(
            f"{path.name} 超过 {MAX_DOCUMENT // 2**20} MB (document too large)；"
            "请改用 JSON Lines (每行一个对象)"
        )
    raw = path.read_bytes()
    encoding = known(encoding) if encoding else encoding_of(path)
    text = raw.decode(encoding, "replace").lstrip("\ufeff").replace("\x00", "")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _salvaged(text, str(error))
    lists = sorted(_lists(document, "", 0), key=lambda one: -len(one[1]))
    if not lists:
        why = "没有找到由对象组成的列表 (no list of objects)"
        return Document([], () if document in ([], {}) else (Broken(0, why),))
    found = lists[0][1]
    records = [(n, r) for n, r in enumerate(found, 1) if isinstance(r, dict)]
    broken = [
        Broken(n, "列表的这一项不是对象，未读取 (no object)")
        for n, one in enumerate(found, 1)
        if not isinstance(one, dict)
    ]
    broken += [
        Broken(0, f"另一个列表 {name}（{len(other)} 项）没有读取 (another list)", lost=False)
        for name, other in lists[1:]
    ]
    return Document(records, tuple(broken))


def read_lines(path: Path, encoding: str = "") -> Document:
    """All records of a JSON Lines file; a bad line is skipped and told."""
    records: list[tuple[int, Mapping[str, Any]]] = []
    broken: list[Broken] = []
    for line in lines(path, encoding):
        if line.flaw and not line.text:
            broken.append(Broken(line.number, line.flaw))
        elif line.text.strip():
            _take(line, records, broken)
    return Document(records, tuple(broken))


def _take(line: Line, records: list[tuple[int, Mapping[str, Any]]], broken: list[Broken]) -> None:
    try:
        value = orjson.loads(line.text)
    except orjson.JSONDecodeError as error:
        broken.append(Broken(line.number, f"不是合法的 JSON (not JSON): {error}"))
        return
    if isinstance(value, dict):
        records.append((line.number, value))
    else:
        broken.append(Broken(line.number, "一行应当是一个 JSON 对象 (each line is an object)"))


def _salvaged(text: str, why: str) -> Document:
    """The records of a list that are whole, up to where the document breaks."""
    decoder = json.JSONDecoder()
    records: list[tuple[int, Mapping[str, Any]]] = []
    at = text.find("[") + 1
    while at > 0:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        if isinstance(value, dict):
            records.append((len(records) + 1, value))
    if not records:
        raise InvalidInput(f"不是合法的 JSON (not JSON): {why}；请核对文件是否完整")
    return Document(records, (Broken(len(records) + 1, f"此后不是合法的 JSON (not JSON): {why}"),))


def _lists(value: Any, name: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """The lists with objects in them, each by its path."""
    if isinstance(value, list):
        if any(isinstance(one, dict) for one in value):
            yield name, value
    elif isinstance(value, dict) and depth < DEEP:
        for key, one in value.items():
            yield from _lists(one, f"{name}.{key}".lstrip("."), depth + 1)


def table_of(place: Place, document: Document) -> Table:
    """The records as rows under headers."""
    flat = [(number, _flat(record)) for number, record in document.records]
    headers: dict[str, None] = {}
    for _, cells in flat:
        headers |= dict.fromkeys(cells)

    def rows() -> Iterator[TableRow]:
        for number, cells in flat:
            filled = {header: text for header, text in cells.items() if text}
            cut = tuple(header for header, text in filled.items() if len(text) > MAX_CELL)
            yield TableRow(number, filled, cut)

    return Table(place, tuple(headers), rows)


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    cells: dict[str, list[str]] = {}
    _gather(record, "", 0, cells)
    return {header: "\n".join(dict.fromkeys(texts)) for header, texts in cells.items()}


_NUMBERED = re.compile(r"\w_?\d+$")


def _gather(value: Any, path: str, depth: int, cells: dict[str, list[str]]) -> None:
    if isinstance(value, dict):
        if path and value and all(_NUMBERED.search(str(key)) for key in value):
            value = list(value.values())  # {"resource_0": …, "resource_1": …} is a list
            _gather(value, path, depth, cells)
        elif depth < DEEP:
            for key, one in value.items():
                name = str(key).strip()
                _gather(one, f"{path}.{name}" if path else name, depth + 1, cells)
    elif isinstance(value, list):
        cells.setdefault(path, [])
        for one in value:
            _gather(one, path, depth + 1, cells)
    else:
        text = _text(value)
        found = cells.setdefault(path, [])
        if text:
            found.append(text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return " ".join(value.split())
    return str(value)
