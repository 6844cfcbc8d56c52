"""The target of a source: one file, or a folder with all that lies below it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path


def files(target: Path, kinds: Collection[str]) -> list[Path]:
    """The file itself, or the folder's files of these endings, without hidden ones and the locks
    that Office leaves beside an open file."""
    if target.is_file():
        return [target]
    return sorted(
        path
        for path in target.rglob("*")
        if path.suffix.lower() in kinds and path.is_file() and not path.name.startswith(("~$", "."))
    )


def named(path: Path, target: Path) -> str:
    """What a file of the target is called in messages and places."""
    return path.name if path == target else path.relative_to(target).as_posix()
