"""The ledger's own form, from a file or a folder of them (ingest/jsonl.py).

A sorted file (as export writes it) is streamed and can resume at a line; any other is read
to its end first, so that several lines about one resource are combined.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingest.jsonl import LINE, BadLine, Header, read
from ingest.source import Options, Place, Progress, Record, Rejected, Yielded
from ingest.text_file import TOO_LONG, bounded
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import Alias, Rank

EVERY = 1_000
"""Lines between two words on progress."""
MAX_KEPT_LINE = 20_000
"""Bytes of a line that is kept to be handed in again; a longer one is told by its number."""


@dataclass(frozen=True, slots=True)
class Jsonl:
    """One file of JSON Lines."""

    path: Path
    name: str
    rank: Rank
    scope: str

    @property
    def streams(self) -> bool:
        header = self._header()
        return header is not None and header.sorted

    def check(self) -> None:
        if not self.path.is_file():
            raise InvalidInput(f"没有这个文件 (no such file): {self.path}")
        self._header()

    def _header(self) -> Header | None:
        try:
            with self.path.open("rb") as file:
                first = read(next(bounded(file), (b"", False))[0].removeprefix(b"\xef\xbb\xbf"))
        except OSError as error:
            raise InvalidInput(f"{self.path} 打不开 (cannot be opened): {error}") from error
        except BadLine as error:
            if "version" in str(error):
                raise InvalidInput(f"{self.path.name}: {error}") from error
            return None
        return first if isinstance(first, Header) else None

    def fits(self, cursor: str) -> bool:
        with self.path.open("rb") as file:
            return cursor.split(":")[2:] == [_mark(file)]

    def read(self, since: str = "") -> Iterator[Yielded]:
        return self.part(since, "")

    def cuts(self, count: int, since: str = "") -> Iterator[str]:
        offset, number = _place(since)
        begin = number
        with self.path.open("rb") as file:
            mark = _mark(file)
            file.seek(offset)
            for raw, long in bounded(file):
                number += 1
                offset = file.tell() if long else offset + len(raw)
                if number - begin == count:
                    yield f"{offset}:{number}:{mark}"
                    begin = number
        if number > begin:
            yield f"{offset}:{number}:{mark}"

    def part(self, since: str, until: str) -> Iterator[Yielded]:
        offset, number = _place(since)
        end = _place(until)[0]
        size = self.path.stat().st_size
        file_name = self.path.name
        with self.path.open("rb") as file:
            mark = _mark(file)
            file.seek(offset)
            for raw, long in bounded(file):
                number += 1
                place = Place(file_name, "", number)
                if number % EVERY == 0:
                    yield Progress(offset, size, file_name, f"{offset}:{number - 1}:{mark}")
                offset = file.tell() if long else offset + len(raw)
                if number == 1:
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                if long:
                    yield Rejected(place, (_problem(place, TOO_LONG),))
                elif raw.strip():
                    yield from _records(raw, place)
                if offset == end:
                    break
        yield Progress(offset, size, file_name, f"{offset}:{number}:{mark}")


def _place(cursor: str) -> tuple[int, int]:
    """Offset and line of a cursor."""
    offset, number, *_ = f"{cursor}::".split(":")
    return int(offset or 0), int(number or 0)


def _mark(file: BinaryIO) -> str:
    """What tells a file from the same one written anew."""
    stat = os.fstat(file.fileno())
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _records(raw: bytes, place: Place) -> Iterator[Yielded]:
    try:
        said = read(raw)
    except BadLine as error:
        kept = {} if len(raw) > MAX_KEPT_LINE else {LINE: raw.decode("utf-8", "replace")}
        yield Rejected(place, (_problem(place, str(error)),), kept)
        return
    if isinstance(said, Alias):
        yield said
    elif isinstance(said, list):
        # One claim of a line may be secret, and nothing of it may be kept for another's mistake.
        mixed = len(said) > 1 and any("secret" in told.claim.attributes for told in said)
        kept = {} if mixed or len(raw) > MAX_KEPT_LINE else {LINE: raw.decode()}
        for told in said:
            yield Record(told.claim, place, kept, told.teller)


def _problem(place: Place, what: str) -> Problem:
    return Problem(
        what,
        "按 mulu export 的格式改正该行后再导入 (see ingest/jsonl.py)",
        file=place.file,
        row=place.row,
    )


def open(target: str, options: Options, ontology: Ontology) -> Jsonl:
    """`mulu ingest jsonl FILE`."""
    path = Path(target)
    rank = Rank.AUTHORITATIVE if options.rank is None else options.rank
    return Jsonl(path, options.source or path.stem, rank, path.name)
