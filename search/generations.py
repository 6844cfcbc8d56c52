"""A folder with numbered generations of an index, and a file that names the one in use.

    current          "gen-3"
    gen-3/generation.json   {"format", "mapping", "words"}
    gen-3/index/     the engine's own files

Nothing in a generation but the engine's files ever changes, and `current` is replaced in
one step, so every process sees either the old generation or the new one.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from ontology.errors import CatalogError, Damaged, StorageFull, StorageReadOnly, Unavailable
from search.mapping import FORMAT, SearchMapping

_POINTER, _META, _ENGINE = "current", "generation.json", "index"


class IndexDamaged(Damaged):
    """The stored search index cannot be read. Nothing is lost: it is rebuilt from the record
    (`mulu reindex`)."""

    def __init__(self, folder: Path | str, reason: str) -> None:
        super().__init__(
            f"检索索引读不出：{folder}（{reason}）。数据未丢失：运行中的服务会自行重建，"
            f"没有服务时请运行 mulu reindex · the search index cannot be read; nothing is lost: "
            f"a running server builds it anew by itself, without one run `mulu reindex`",
            part="search",
        )


@dataclass(frozen=True, slots=True)
class GenerationFolder:
    """One generation on disk."""

    path: Path
    mapping: SearchMapping
    words: tuple[str, ...]

    @property
    def engine(self) -> Path:
        return self.path / _ENGINE


class Generations:
    """The folder. Its methods block, and raise only CatalogErrors."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pointer(self) -> str | None:
        """Name of the generation in use; None where there is no index yet."""
        try:
            name = _content(self.folder / _POINTER).decode().strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(self.folder / _POINTER, str(error)) from error
        if not name.startswith("gen-") or not name[4:].isdigit():
            raise IndexDamaged(self.folder / _POINTER, f"{name[:40]!r}")
        return name

    def read(self, name: str) -> GenerationFolder:
        path = self.folder / name
        try:
            data = orjson.loads(_content(path / _META))
            if data["format"] != FORMAT:
                raise IndexDamaged(path, f"format {data['format']}, this version reads {FORMAT}")
            mapping = SearchMapping.from_json(data["mapping"])
            return GenerationFolder(path, mapping, tuple(data["words"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(path, str(error) or type(error).__name__) from error

    def beside(self) -> list[GenerationFolder]:
        """Those that are not in use and can be read, the newest first: never published, or out
        of use because the pointer was lost."""
        if not self.folder.is_dir():
            return []
        current, found = self._pointer_or_none(), []
        for name in sorted(self._names(), key=lambda name: -int(name[4:])):
            if name != current:
                with suppress(IndexDamaged):
                    found.append(self.read(name))
        return found

    def create(self, mapping: SearchMapping, words: Sequence[str]) -> GenerationFolder:
        """A new generation after all that are there. Those left unfinished are removed, unless
        none is in use: one of them may be all that there is."""
        with written(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            names = self._names()
            current = self._pointer_or_none()
            for name in names if current in names else ():
                if name != current:
                    shutil.rmtree(self.folder / name, ignore_errors=True)
            number = max((int(name[4:]) for name in names), default=0) + 1
            made = GenerationFolder(self.folder / f"gen-{number}", mapping, tuple(words))
            made.engine.mkdir(parents=True)
            data = {"format": FORMAT, "mapping": mapping.to_json(), "words": made.words}
            _replace(made.path / _META, orjson.dumps(data))
        return made

    def use(self, made: GenerationFolder) -> None:
        """Make it the one in use; the others stay."""
        with written(self.folder):
            _replace(self.folder / _POINTER, made.path.name.encode())

    def publish(self, made: GenerationFolder) -> None:
        """Make it the one in use, and remove the others."""
        self.use(made)
        with written(self.folder):
            for name in self._names():
                if name != made.path.name:
                    shutil.rmtree(self.folder / name, ignore_errors=True)

    def discard(self, made: GenerationFolder) -> None:
        shutil.rmtree(made.path, ignore_errors=True)

    def _names(self) -> list[str]:
        return [
            p.name for p in self.folder.iterdir() if p.name[:4] == "gen-" and p.name[4:].isdigit()
        ]

    def _pointer_or_none(self) -> str | None:
        try:
            return self.pointer()
        except IndexDamaged:
            return None


PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM)
"""What keeps a file from being read without anything being wrong with it."""


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in PASSING:
            raise storage_error(error.errno or 0, path.parent) from error
        raise


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut."""
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """What the system says about writing, as our own errors."""
    try:
        yield
    except OSError as error:
        raise storage_error(error.errno or 0, folder) from error


def storage_error(number: int, folder: Path) -> CatalogError:
    if number in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(f"磁盘已满：{folder} · no space left for the search index; free some")
    if number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StorageReadOnly(
            f"检索索引目录不可写：{folder} · the search index cannot be written; check its rights"
        )
    return Unavailable(f"检索索引不可用：{folder}（{os.strerror(number)}） · index unavailable")
