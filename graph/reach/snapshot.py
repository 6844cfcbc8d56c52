"""The base on disk: one file, written beside and moved into place, mapped when opened.

    magic · length of header · crc of header · header (JSON) · arrays, each on a multiple of 64

The header names the ontology's digest, the commit, and each array's type, length, offset
and crc. Whatever does not fit (another ontology, cut short, a flipped bit) is as good as
no snapshot: the reach index is built anew from the record.
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
_MAGIC = b"mulu-reach-2\n"
_HEAD = struct.Struct("<QI")
_ALIGN = 64


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


def _load(path: Path, digest: str) -> Base | None:
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return None
        length, crc = _HEAD.unpack(file.read(_HEAD.size))
        raw = file.read(length)
    if len(raw) != length or crc32(raw) != crc:
        return None
    header = json.loads(raw)
    if header["digest"] != digest:
        return None
    # mode "c": what is flagged in place stays private to this process
    whole = np.memmap(path, np.uint8, mode="c")
    begin = _begin(length)
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, (dtype, count, offset, crc) in header["arrays"].items():
        size = count * np.dtype(dtype).itemsize
        stored = np.asarray(whole[begin + offset : begin + offset + size])
        if len(stored) != size or crc32(stored.data) != crc:
            return None
        arrays[name] = stored.view(dtype)
    return _base(header, arrays)


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
