"""SQLite's errors in the ledger's words: the one place where they are translated.

Every result code that SQLite can give is in one of these groups; what is not named here
is `Unavailable`, with SQLite's own words. A test lists the driver's codes.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from ontology.errors import (
    Busy,
    CatalogError,
    Damaged,
    InvalidInput,
    StorageFull,
    StorageReadOnly,
    Unavailable,
)

PRIMARY = 0xFF
"""Extended result codes carry the primary one in their low byte."""

FULL = {sqlite3.SQLITE_FULL}
READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
TOO_LARGE = {sqlite3.SQLITE_TOOBIG}


def translated(error: Exception, path: str) -> CatalogError:
    """The exception to raise in place of the driver's."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY
    words = f"{path}: {error}"
    number = error.errno if isinstance(error, OSError) else None
    if code in FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(
            f"磁盘已满 / no space left ({words}). Nothing of this commit was kept; free some "
            "space and repeat it."
        )
    cannot_open = code == sqlite3.SQLITE_CANTOPEN and _is_unwritable(path)
    if code in READ_ONLY or cannot_open or number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageReadOnly(
            f"数据目录不可写 / the data folder cannot be written ({words}). Give this user the "
            "right to write to the file and to its folder."
        )
    if code in DAMAGED or isinstance(error, orjson.JSONDecodeError):
        return Damaged(
            f"数据文件已损坏 / stored bytes are damaged ({words}). Stop writing, keep the file, "
            "put the last backup in its place (made by `mulu backup`) and ingest again what "
            "came since; `mulu verify` says what is affected."
        )
    if code in BUSY:
        return Busy(
            f"数据文件被占用 / the file is locked by another program ({words}). Close it there "
            "or try again."
        )
    if code in TOO_LARGE:
        return InvalidInput(f"内容过大 / larger than one value may be ({words}).")
    return Unavailable(f"存储不可用 / the record cannot be used now ({words}).")


def _is_unwritable(path: str) -> bool:
    """Whether the folder is there and this user may not write to it: SQLite says only that
    it could not open the file."""
    folder = os.path.dirname(path) or "."
    return os.path.isdir(folder) and not os.access(folder, os.W_OK)


@contextmanager
def translating(path: str) -> Iterator[None]:
    """Run a block; whatever the driver or the file system raises comes out translated."""
    try:
        yield
    except CatalogError:
        raise
    except (sqlite3.Error, OSError, orjson.JSONDecodeError) as error:
        raise translated(error, path) from error
