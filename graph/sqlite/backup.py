"""A consistent copy of the file while others read and write."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ontology.errors import InvalidInput


def backup(db: sqlite3.Connection, path: Path, target: Path) -> None:
    """Copy everything as of this read's snapshot. The copy appears under its name only when
    it is whole and on disk; a crash leaves a `.part` behind."""
    if target.is_dir():
        target = target / path.name
    if target.exists():
        raise InvalidInput(f"{target}: 文件已存在 / is already there. Name a new file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    copy = sqlite3.connect(part)
    try:
        db.backup(copy, pages=-1)  # in one step: a writer beside it cannot restart it
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        copy.close()
    _flush(part)
    part.rename(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
