"""The ontology as parsed, kept from process to process: reading TTL takes a third of a second,
longer than most commands.

One file in the user's cache folder for each set of TTL files, named by a digest of their
bytes, of this package's code and of Python's version. What is damaged, or could have been
written by somebody else, is passed over and written anew; where nothing can be written, TTL
is read each time. Shapes are closures and stay out: they are compiled when first asked for.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from ontology.model import Ontology

if TYPE_CHECKING:
    from ontology.shapes import Shape

Read = Callable[[Sequence[Path]], Ontology]

KEPT = 8
"""Files that are kept; the oldest go first."""
_DIGEST = 32


def cached(files: Sequence[Path], read: Read) -> Ontology:
    """What `read` makes of these files, from the cache where it is there."""
    try:
        path = _folder() / f"ontology-{_key(files)}.pickle"
    except OSError:
        return read(files)  # which says what is wrong with the files
    kept = _load(path)
    if kept is not None:
        return replace(kept, shapes=ShapesOf(files, read))
    ontology = read(files)
    with suppress(OSError):
        _save(path, replace(ontology, shapes=()))
    return ontology


class ShapesOf(Sequence["Shape"]):
    """The shapes of these files, read when first asked for."""

    def __init__(self, files: Sequence[Path], read: Read) -> None:
        self._files, self._read = files, read

    @cached_property
    def _shapes(self) -> Sequence[Shape]:
        return self._read(self._files).shapes

    def __len__(self) -> int:
        return len(self._shapes)

    def __iter__(self) -> Iterator[Shape]:
        return iter(self._shapes)

    @overload
    def __getitem__(self, index: int) -> Shape: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Shape]: ...

    def __getitem__(self, index: int | slice) -> Shape | Sequence[Shape]:
        return self._shapes[index]


def _folder() -> Path:
    said = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(said) if said else Path("~/.cache").expanduser()) / "mulu"


def _key(files: Sequence[Path]) -> str:
    """Of all that the result depends on."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    for path in files:
        text = path.read_bytes()
        digest.update(f"{path}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()[:_DIGEST]


def _load(path: Path) -> Ontology | None:
    try:
        with path.open("rb") as file:
            if _foreign(os.fstat(file.fileno())) or _foreign(path.parent.stat()):
                return None
            digest, body = file.read(_DIGEST), file.read()
    except OSError:
        return None
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        found = pickle.loads(body)
    except Exception:  # whole, yet not readable: of a Python that says it is the same
        return None
    return found if isinstance(found, Ontology) else None


def _foreign(stat: os.stat_result) -> bool:
    """Whether others could have written it: a pickle is code."""
    mine = not hasattr(os, "getuid") or stat.st_uid == os.getuid()
    return not mine or bool(stat.st_mode & 0o022)


def _save(path: Path, ontology: Ontology) -> None:
    """Atomically, readable and writable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = pickle.dumps(ontology, protocol=5)
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(hashlib.sha256(body).digest() + body)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    by_age = sorted(path.parent.glob("ontology-*.pickle"), key=lambda p: -p.stat().st_mtime)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)
