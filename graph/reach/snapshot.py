"""The base on disk: one file, written beside and moved into place, mapped when opened.

    magic · length of header · crc of header · header (JSON) · arrays, each on a multiple of 64

The header names the ontology's digest, the commit, and each array's type, length, offset
and crc. Whatever does not fit (another ontology, cut short, a flipped bit) is as good as
no snapshot: the reach index is built anew from the record. A large one is not read through
when it is opened, which would take longer than the first answers; `intact` does that, beside
them.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from graph.reach.aliases import Aliases
from graph.reach.base import Base
from graph.reach.layout import Layer, Layout, Live, Parts, Places
from graph.reach.literals import Literals
from graph.reach.nodes import Nodes
from graph.reach.rows import Rows

FILE = "reach.bin"
_MAGIC = b"mulu-reach-4\n"
_HEAD = struct.Struct("<QI")
_ALIGN = 64
EAGER = 64 << 20
"""Bytes up to which a snapshot is read through when it is opened."""


def save(base: Base, folder: Path, digest: str) -> None:
    """Write the base, atomically and durably. Raises OSError where the folder refuses."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in _arrays(base)}
    listed, offset = {}, 0
    for name, array in arrays.items():
        crc = crc32(array.view(np.uint8).data)
        listed[name] = [array.dtype.str, len(array), offset, crc]
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    header = json.dumps(
        {"digest": digest, "upto": base.upto, "sources": base.sources, "arrays": listed}
    ).encode()
    temporary = folder / f"{FILE}.{os.getpid()}"
    try:
        with temporary.open("wb") as file:
            file.write(_MAGIC + _HEAD.pack(len(header), crc32(header)) + header)
            file.write(b"\0" * (_begin(len(header)) - file.tell()))
            for array in arrays.values():
                file.write(array.view(np.uint8).data)
                file.write(b"\0" * (-array.nbytes % _ALIGN))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / FILE)
    finally:
        temporary.unlink(missing_ok=True)


def load(folder: Path, digest: str) -> Base | None:
    """The base as saved, its arrays mapped from the file; None where it is of no use."""
    with contextlib.suppress(OSError, ValueError, KeyError, struct.error):
        return _load(folder / FILE, digest)
    return None


def intact(folder: Path) -> bool:
    """Whether every byte is what was saved. Reads all of it: call it in a thread."""
    with contextlib.suppress(OSError, ValueError, KeyError, struct.error):
        path = folder / FILE
        header, begin = _header(path)
        whole = np.memmap(path, np.uint8, mode="r")
        return all(_sound(part, crc) for _, part, _, crc in _parts(header, whole, begin))
    return False


def _load(path: Path, digest: str) -> Base | None:
    header, begin = _header(path)
    if header["digest"] != digest:
        return None
    # mode "c": what is flagged in place stays private to this process
    whole = np.memmap(path, np.uint8, mode="c")
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, part, dtype, crc in _parts(header, whole, begin):
        if len(whole) <= EAGER and not _sound(part, crc):
            return None
        arrays[name] = part.view(dtype)
    return _base(header, arrays)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The header, and where the arrays begin. Raises ValueError where it is damaged."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("no snapshot")
        length, crc = _HEAD.unpack(file.read(_HEAD.size))
        raw = file.read(length)
    if len(raw) != length or crc32(raw) != crc:
        raise ValueError("damaged header")
    header: dict[str, Any] = json.loads(raw)
    return header, _begin(length)


def _parts(
    header: dict[str, Any], whole: npt.NDArray[np.uint8], begin: int
) -> Iterator[tuple[str, npt.NDArray[np.uint8], str, int]]:
    """Name, bytes, type and crc of each array. Raises ValueError where the file is cut short."""
    for name, (dtype, count, offset, crc) in header["arrays"].items():
        size = count * np.dtype(dtype).itemsize
        part = np.asarray(whole[begin + offset : begin + offset + size])
        if len(part) != size:
            raise ValueError("cut short")
        yield name, part, dtype, crc


def _sound(part: npt.NDArray[np.uint8], crc: int) -> bool:
    return crc32(part.data) == crc


def _begin(length: int) -> int:
    return -(-(len(_MAGIC) + _HEAD.size + length) // _ALIGN) * _ALIGN


def _arrays(base: Base) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Every array of the base by a name that tells where it belongs."""
    layout = base.layout
    for part, value in (
        ("nodes", base.nodes),
        ("rows", base.rows),
        ("places", layout.places),
        ("parts", layout.parts),
        ("live", layout.live),
        ("closed", layout.closed),
        ("literals", base.literals),
    ):
        names = [f.name for f in fields(value)] if is_dataclass(value) else value._fields
        for name in names:
            yield f"{part}.{name}", getattr(value, name)
    yield "whole", base.whole
    yield "knotted", base.knotted
    yield "knot", base.knot
    yield "aliases", base.aliases.array()


def _base(header: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> Base:
    def of(part: str) -> dict[str, Any]:
        prefix = f"{part}."
        return {n[len(prefix) :]: a for n, a in arrays.items() if n.startswith(prefix)}

    return Base(
        upto=header["upto"],
        nodes=Nodes(**of("nodes")),
        rows=Rows(**of("rows")),
        whole=arrays["whole"],
        knotted=arrays["knotted"],
        knot=arrays["knot"],
        layout=Layout(
            Places(**of("places")), Parts(**of("parts")), Live(**of("live")), Layer(**of("closed"))
        ),
        literals=Literals(**of("literals")),
        aliases=Aliases.of(arrays["aliases"]),
        sources=header["sources"],
    )
